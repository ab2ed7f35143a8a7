"""Facts that a claim stitches together from lines which tell of different things."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.lexicon.meaning import MEDIUM, WEAK
from hallucino_tui.assistant.grounding.rules.evidence import told
from hallucino_tui.assistant.grounding.rules.mixed import VERB, is_of_many, mixed
from hallucino_tui.assistant.grounding.rules.story import belong, share_request, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit
    from hallucino_tui.assistant.grounding.rules.evidence import Mark

_CLAUSE: Final = re.compile(
    r";|, (?=(?:row|order|block|worker|process|pid|line|request|pod|task|job|session|thread|port|client)s? \S*\d)|"
    r", (?:and|but|so|which|who|then)\b|\b(?:while|whereas|and then|before|because|"
    r"after(?! (?:about |roughly |only |just |some |around |nearly |almost )*(?:\d|an? \w*(?:second|"
    r"minute|hour|day)|half an? "
    r"|\w+ (?:milli|micro)?(?:second|minute|hour|day|attempt|tr(?:y|ie))s?\b))|due to|caused by|led to|"
    r"leading to|until|and (?=[a-z]{3,}s (?:the|an?|its|it)\b)|"
    r"once|since|when|resulted in|triggered|(?:consequence|result|effect) of)\b"
)
_LIST: Final = re.compile(
    r"\b(?:and|or|nor|as well as|than|then|but|while|like|too|(?:up|down) to|through|instead of|"
    r"rather than)\b|[,;:&]|(?<=\w)/(?=\w)"
)
# Words by which a clause speaks of two things and not of one.
_MANY: Final = re.compile(
    r"\b(?:and|both|(?:two|three|four|\d+) (?:\w+ )?(?:rows|orders|requests|charges|blocks|sessions|attempts|"
    r"processes|workers|"
    r"connections|lines|users|pods|nodes|days|jobs|tasks|containers|alerts|logins|tries|of)|others?|another|each|"
    r"all|as well|later|earlier|apart|difference|between|more|faster|"
    r"slower|longer|than|first|second|last|same|again|next|then|followed|after|before|while|from|until|respectively|"
    r"neither|nor|or|either|every|different|in a row)\b|[,:;\u2192]",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"\b(?:shares?|shared|sharing|coincid\w+|in common|simultaneous\w*|(?:in|at|within|during) the (?:very )?same "
    r"(?:\w+ )?(?:\w*second|minute|hour|moment|time|day|instant)|between\b[^,;]*\band|each other|one another|apart|"
    r"(?:went|goes|go|rose|fell|grew|climbed|dropped|changed|jumped|switched|shrank|increased|decreased|moved) from)\b",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"\d+(?::\d\d)+")
_SAME_TIME: Final = 2.0
_COMMA: Final = re.compile(r", (?=[A-Za-z])")
_IS_ONE: Final = re.compile(r"\b(?:is|was) (?:also )?the (?:very )?(?:one|same(?: \w+)?) (?:that|which|who|as)\b")
_BOTH: Final = re.compile(r"\band\b")


def stitched(statement: Statement, lines: Sequence[Line], known: frozenset[str], marks: Sequence[Mark]) -> str:
    """Say which name a claim joins with what another line tells; "" if it joins nothing that is apart.

    Args:
        statement: The claim.
        lines: What it cites.
        known: Plain words that are names somewhere in what was sent.
        marks: What of it stands in lines letter by letter.
    """
    if len(lines) < 2 or not statement.is_english:
        return ""
    for start, end in _sentences_of(statement):
        own = [mark for mark in marks if start <= mark.start < end and mark.kind in {"quote", "number"}]
        if apart := _apart(statement, lines, known, (start, end), own):
            return apart
        if apart := _time_apart(statement, lines, (start, end), marks):
            return apart
    return _taken_for_one(statement, lines, marks) or mixed(statement, lines, marks)


def _taken_for_one(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> str:
    """Say which lines of two sources a claim takes for those of one: `A is the one which B`."""
    match = _IS_ONE.search(statement.bare)
    if match is None:
        return ""
    told = [
        [
            min(one.borne)
            for one in (*(unit for unit in statement.units if unit.is_name or not unit.ideas), *marks)
            if len(one.borne) == 1 and side[0] <= one.start < side[1]
        ]
        for side in ((0, match.start()), (match.end(), len(statement.bare)))
    ]
    for one, other in itertools.product(*told):
        sources = {source_of(lines[place].text) for place in (one, other)}
        if len(sources) > 1 and "" not in sources and not share_request(lines[one], lines[other]):
            return f"L{lines[one].number} and L{lines[other].number} are not of one source"
    return ""


def _time_apart(statement: Statement, lines: Sequence[Line], span: tuple[int, int], marks: Sequence[Mark]) -> str:
    """Say of which line a time is to which a clause puts what another line tells."""
    start, end = span
    own = [mark for mark in marks if start <= mark.start < end]
    times = [mark for mark in own if mark.kind == "time"]
    if len(times) != 1 or len(times[0].borne) != 1 or _MANY.search(_CLOCK.sub(" ", statement.text[start:end])):
        return ""
    place = min(times[0].borne)
    told_of = [unit.firm for unit in statement.units if start <= unit.start < end and unit.weight >= 1]
    told_of += [mark.borne for mark in own if mark is not times[0]]
    apart = [min(firm) for firm in told_of if len(firm) == 1 and place not in firm]
    if apart and not any(firm == frozenset({place}) for firm in told_of):
        one, other = lines[place], lines[apart[0]]
        if one.when is not None and other.when is not None and abs(one.when - other.when) > _SAME_TIME:
            return f"its time is that of L{one.number}, but what is said of it is in L{other.number}"
    return ""


def _apart(
    statement: Statement, lines: Sequence[Line], known: frozenset[str], span: tuple[int, int], marks: Sequence[Mark]
) -> str:
    start, end = span
    if _TOGETHER.search(statement.bare, start, end):
        # What two things have in common is told of both.
        return ""
    units = [unit for unit in statement.units if start <= unit.start < end and unit.borne]
    subject = _subject(statement, units, start, end)
    names = [unit for unit in units if unit.is_name or unit.text in known]
    says = [
        unit
        for unit in units
        if unit not in names
        and unit not in subject
        and unit.weight >= 1
        and (unit.is_strong or not unit.ideas or unit.ideas & MEDIUM)
    ]
    tells = [
        sum(told(unit, lines, place) for unit in says) + sum(place in mark.borne for mark in marks)
        for place in range(len(lines))
    ]
    if apart := _keyed_apart(marks, statement, says, lines, (start, end)):
        return apart
    best = max(tells)
    for name in [*names, *(unit for unit in subject if unit not in names)] if best >= 1 else ():
        telling = [place for place in range(len(lines)) if tells[place] == best]
        borne = _having(name, lines) if name in names and not name.ideas & WEAK else name.borne
        if max(tells[place] for place in borne) * 2 > best or any(
            belong(lines[one], lines[other], name.text) for one in borne for other in telling
        ):
            continue
        where = lines[min(borne)].number
        return f"`{name.text}` is in L{where}, but what is said of it is in L{lines[telling[0]].number}"
    return _names_apart(names, marks, statement, lines) or _numbers_apart(marks, [*subject, *says], lines)


def _having(name: Unit, lines: Sequence[Line]) -> frozenset[int]:
    """Return which lines have a name itself; those that only have another word for it if none does."""
    own = frozenset(place for place in name.borne if name.text.lower() in lines[place].flat)
    return own or name.borne


def _subject(statement: Statement, units: list[Unit], start: int, end: int) -> list[Unit]:
    """Return what a clause speaks of, if it says so in words that no idea stands for."""
    verb = VERB.search(statement.bare, start, end)
    return [unit for unit in units if verb and unit.start < verb.start() and not unit.ideas and not unit.is_name][-1:]


def _names_apart(names: list[Unit], marks: Sequence[Mark], statement: Statement, lines: Sequence[Line]) -> str:
    """Say which two names, quotations or numbers a clause joins, though no line has both and nothing ties them."""
    anchors = sorted(
        [
            *((name.start, name.end, name.text, name.borne) for name in names),
            *((mark.start, mark.end, mark.text, mark.borne) for mark in marks if _is_telling(mark)),
        ]
    )
    for one, other in itertools.pairwise(anchors):
        if one[3] & other[3] or one[2] == other[2] or _LIST.search(statement.bare[one[1] : other[0]]):
            continue
        if not any(belong(lines[first], lines[second], one[2]) for first in one[3] for second in other[3]):
            return f"no line has both `{one[2].strip('`')}` and `{other[2].strip('`')}`"
    return ""


def _keyed_apart(
    marks: Sequence[Mark], statement: Statement, says: list[Unit], lines: Sequence[Line], span: tuple[int, int]
) -> str:
    """Say which number of a thing, as `row 12`, a clause joins with what a line tells of another, as of `row 58`."""
    for number in statement.numbers:
        own = next((mark for mark in marks if mark.start == number.start and mark.kind == "number"), None)
        if own is None or number.kind or not number.before:
            continue
        others = [
            place
            for place, line in enumerate(lines)
            if place not in own.borne
            and not any(share_request(lines[place], lines[one]) for one in own.borne)
            and any(other.before == number.before and other.value != number.value for other in line.numbers)
        ]
        # `variable 0 took 21 ms, 2 ms longer than variable 8` speaks of both.
        is_of_both = is_of_many(statement.bare[slice(*span)]) or any(
            one.before == number.before and one.value != number.value for one in statement.numbers
        )
        if not others or is_of_both or _LIST.search(statement.bare[number.end : number.end + 6]):
            continue
        rest = [mark for mark in marks if mark is not own]
        tells = [
            sum(told(unit, lines, place) for unit in says) + sum(place in mark.borne for mark in rest)
            for place in range(len(lines))
        ]
        best = max(tells[place] for place in others)
        if best >= 1 and max(tells[place] for place in own.borne) < best:
            where, there = lines[min(own.borne)].number, lines[others[0]].number
            return f"`{own.text}` is in L{where}, but what is said of it is in L{there}"
    return ""


def _is_telling(mark: Mark) -> bool:
    return mark.kind == "quote" or sum(letter.isdigit() for letter in mark.text) >= 3


def _numbers_apart(marks: Sequence[Mark], says: list[Unit], lines: Sequence[Line]) -> str:
    """Say whether all numbers of a clause come from lines that say nothing of what it says."""
    if not marks or len(says) < 2:
        return ""
    having = frozenset[int]().union(*(mark.borne for mark in marks))
    tells = [sum(told(unit, lines, place) for unit in says) for place in range(len(lines))]
    best = max(tells)
    if best < 2 or max(tells[place] for place in having) * 2 >= best:
        return ""
    telling = [place for place, told_here in enumerate(tells) if told_here == best]
    if any(belong(lines[one], lines[other]) for one in having for other in telling):
        return ""
    one, other = lines[min(having)].number, lines[telling[0]].number
    return f"its numbers are in L{one}, but what is said of them is in L{other}"


def clauses_of(statement: Statement) -> list[tuple[int, int]]:
    """Return where the parts of a claim begin and end that each say something of their own."""
    ends: list[int] = []
    for match in _CLAUSE.finditer(statement.bare):
        ends.append(match.start())
        # What begins with `after` or `six seconds after` and the like ends with its comma.
        before = statement.bare[: match.start()]
        if not before.strip() or before.rstrip().endswith(",") or not VERB.search(before):
            ends += [comma for comma in (statement.bare.find(", ", match.end()),) if comma > 0]
    ends += [one.end for one in find_loosely(statement.cited) if statement.bare[one.end :].strip(" .,;:)|*_")]
    for match in _BOTH.finditer(statement.bare):
        left = [unit for unit in statement.units if unit.end <= match.start() and unit.is_name]
        right = [unit for unit in statement.units if unit.start >= match.end() and unit.is_name]
        if left and right and _says(statement.units, match.start(), left) and _says(statement.units, -1, right):
            ends.append(match.start())
    cuts = [0, *sorted(ends), len(statement.bare)]
    return list(itertools.pairwise(cuts))


def _sentences_of(statement: Statement) -> list[tuple[int, int]]:
    """Return the clauses of a claim, also those that only a comma parts: `A failed, B ran (2 s), and C came up`."""
    found: list[tuple[int, int]] = []
    for start, end in clauses_of(statement):
        commas = [match.start() for match in _COMMA.finditer(statement.bare, start, end)]
        parts = list(itertools.pairwise([start, *commas, end]))
        if all(VERB.search(statement.bare, *part) for part in parts):
            found += parts
        else:
            found.append((start, end))
    return found


def _says(units: list[Unit], before: int, names: list[Unit]) -> bool:
    """Say whether one side of an ``and`` has something to say of its names."""
    if before >= 0:
        return any(not unit.is_name and unit.start < before for unit in units)
    return any(not unit.is_name and unit.start >= names[0].end for unit in units)
