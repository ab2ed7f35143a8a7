"""Order and roles: which came first, who did it to whom."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.evidence import marks_of
from hallucino_tui.assistant.grounding.statement import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.citations import Citation
    from hallucino_tui.assistant.grounding.evidence import Mark
    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

# `after two attempts`, `after about five seconds`: how long or how often, not what came first.
_SPAN: Final = (
    r" (?:(?:another|further|about|roughly|only|just|some|around|nearly|almost|all|its|the|a total of) )*"
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:tenth|quarter|third|fraction) of an?|"
    r"several|a few|few|many|both|half an?|repeated) (?:\w+ )?"
    r"(?:\w*seconds?|minutes?|hours?|days?|attempts?|tr(?:y|ies)|times|retries|requests?|failures)\b"
)
# (pattern, whether the left side is the earlier one)
_ORDER: Final = (
    (
        re.compile(
            r"\b(?:before(?! that\b(?! of))|prior to|preced(?:ed|ing)|ahead of|followed by|(?:earlier|sooner) than|"
            r"after (?:which|that|it)|whereupon|(?:\w+ed|came|went|began|happened|ran|was|were|"
            r"did so) first,? (?:and|then|with)|(?<!at )first, (?:and|then)|"
            r"first,? (?:and then|then|and only then))\b",
            re.IGNORECASE,
        ),
        True,
    ),
    (re.compile(r"\b(?:then|and later|later|subsequently|afterwards?|and only then|until)\b", re.IGNORECASE), True),
    (
        re.compile(
            r"\b(?:after(?! which| that\b)|following|(?<!: )(?<!at )(?<!and )once(?= (?:the|an?|its?|they|all|no|"
            r"\S+ (?:was|were|had|is|has)|\S+ \w+ed)\b)|as soon as|"
            r"later than)\b(?! \d)(?!" + _SPAN + r")",
            re.IGNORECASE,
        ),
        False,
    ),
)
# `B had already been answered when A was tried`.
_ALREADY: Final = re.compile(
    r"\b(?:had|was|were) (?:already|long|just|long since|only just)\b[^;:]*?\b(?P<turn>when|by the time)\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[;:](?=\s)|, (?:and )?(?:once|twice|one|another|the other)\b")
_ROLE_WORDS: Final = {
    "from": "from", "src": "from", "source": "from", "rhost": "from", "client": "from", "sender": "from",
    "to": "to", "dest": "to", "destination": "to", "target": "to", "into": "to", "toward": "to", "towards": "to",
    "upstream": "to", "old": "old", "previous": "old", "former": "old", "new": "new",
}  # fmt: skip
_AGAINST: Final = {"from": "to", "to": "from", "old": "new", "new": "old"}
_ROLE_BEFORE: Final = re.compile(r"([A-Za-z]+)[\s:=\"/]*(?:the |address |node |host |server |port |of )*[\s\"/`(]*$")
# `denied to 10.0.0.1`: whom something is given or refused to is where the request came from.
_GIVEN: Final = re.compile(
    r"\b(?:denied|refused|forbidden|closed|granted|shown|served|barred|returned|given|available|allowed|open|replied|"
    r"answered|blocked|off limits|responded|gave \w+|send back|sent back)(?: (?:entry|access|a?n? ?\w+))?\s*$",
    re.IGNORECASE,
)
# `5 ms later, under the same id`: what stands behind the comma is told of both.
_ADVERBS: Final = frozenset({"later", "and later", "afterwards", "afterward", "subsequently"})
_ENDS_HERE: Final = re.compile(r"\s*[,;.)]")
_PLAIN: Final = 0.8
_ACTS: Final = frozenset(
    {
        "KILL",
        "CONNECT",
        "REFUSE",
        "SEND",
        "CHANGE",
        "EVICT",
        "DELETE",
        "INTERRUPT",
        "REQUEST",
        "LOCK",
        "DISCONNECT",
        "WAIT",
        "STOP",
    }
)


class Halves(NamedTuple):
    """The two sides of a claim about order or cause, the earlier one first, as spans."""

    first: tuple[int, int]
    second: tuple[int, int]


def halves_at(statement: Statement, match: re.Match[str], *, is_left_first: bool) -> Halves | None:
    """Return the two sides of a word of order or cause in a claim's ``bare`` text; None if it has only one."""
    text, before = statement.bare, statement.text[: match.start()]
    left, right = (0, match.start()), (match.end(), len(text))
    if not before.strip(' *_-,`"(') or re.fullmatch(
        r"\W*(?:only|shortly|right|just|immediately|soon|\d+ \w+)\s*", before, re.IGNORECASE
    ):
        comma = text.find(",", match.end())
        if comma < 0:
            return None
        left, right = (comma + 1, len(text)), (match.end(), comma)
    return Halves(left, right) if is_left_first else Halves(right, left)


def bounded(halves: Halves, text: str, match: re.Match[str]) -> Halves:
    """Return the two sides without what a colon, semicolon or a list's next item parts from them."""
    begin = max((stop.end() for stop in _STOP.finditer(text, 0, match.start())), default=0)
    stop = _STOP.search(text, match.end())
    end = stop.start() if stop else len(text)
    first, second = ((max(side[0], begin), min(side[1], end)) for side in halves)
    return Halves(first, second) if first[0] < first[1] and second[0] < second[1] else halves


def wrong_order(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim has in another order than its lines; "" if nothing."""
    if len(lines) < 2:
        return ""
    if (already := _ALREADY.search(statement.bare)) is not None:
        halves = Halves((0, already.start("turn")), (already.end("turn"), len(statement.bare)))
        placed = places_of(statement, lines, halves)
        if placed is not None and is_later(lines[placed[0]], lines[placed[1]]):
            return f"L{lines[placed[0]].number} comes after L{lines[placed[1]].number}, not before it"
    for pattern, is_left_first in _ORDER:
        for match in pattern.finditer(statement.bare):
            halves = halves_at(statement, match, is_left_first=is_left_first)
            halves = bounded(halves, statement.bare, match) if halves is not None else None
            if _ENDS_HERE.match(statement.text, match.end()) and match[0].lower() in _ADVERBS:
                continue
            if halves is not None and not all(any(map(str.isalpha, statement.text[slice(*half)])) for half in halves):
                continue
            placed = places_of(statement, lines, halves) if halves is not None else None
            if placed is not None and is_later(lines[placed[0]], lines[placed[1]]):
                return f"L{lines[placed[0]].number} comes after L{lines[placed[1]].number}, not before it"
    return ""


def places_of(statement: Statement, lines: Sequence[Line], halves: Halves) -> tuple[int, int] | None:
    """Return which lines the two sides of a claim speak of, the earlier side first; None if it is not plain.

    All ways to give the sides to lines are weighed: the best with the claim's order against the best with the other.
    """
    if len(lines) < 2:
        return None
    if placed := _cited_places(statement, lines, halves):
        return placed
    marks = marks_of(statement, lines)
    early, late = (_scores(statement, lines, half, marks) for half in halves)
    if not any(early) or not any(late):
        return None
    ways = [
        (early[one] + late[other], one, other)
        for one in range(len(lines))
        for other in range(len(lines))
        if one != other and early[one] and late[other]
    ]
    as_told = max((way for way in ways if not is_later(lines[way[1]], lines[way[2]])), default=(0.0, 0, 0))
    turned = max((way for way in ways if is_later(lines[way[1]], lines[way[2]])), default=(0.0, 0, 0))
    if abs(as_told[0] - turned[0]) < _PLAIN:
        return None
    best = max(as_told, turned)
    return best[1], best[2]


def _cited_places(statement: Statement, lines: Sequence[Line], halves: Halves) -> tuple[int, int] | None:
    """Return the lines that are cited nearest to the word between two sides; None if a side cites none of its own."""
    places = {line.number: place for place, line in enumerate(lines)}
    cited: list[list[int]] = []
    for half in halves:
        groups = [list(one.numbers) for one in _groups_of(statement.cited, *half)]
        cited.append(groups[-1 if half[0] == min(halves)[0] else 0] if groups else [])
    if not all(cited) or set(cited[0]) & set(cited[1]):
        return None
    pairs = [(places[one], places[other]) for one in cited[0] for other in cited[1] if {one, other} <= places.keys()]
    return next((pair for pair in pairs if not is_later(lines[pair[0]], lines[pair[1]])), pairs[0] if pairs else None)


def _groups_of(text: str, start: int, end: int) -> list[Citation]:
    """Return the citations of a part of a text; those with nothing between them are one."""
    found: list[Citation] = []
    for one in find_loosely(text[start:end]):
        if found and not text[start + found[-1].end : start + one.start].strip(" ,"):
            found[-1] = dataclasses.replace(one, start=found[-1].start, numbers=found[-1].numbers + one.numbers)
        else:
            found.append(one)
    return found


def _scores(statement: Statement, lines: Sequence[Line], span: tuple[int, int], marks: Sequence[Mark]) -> list[float]:
    own = [unit for unit in statement.units if span[0] <= unit.start < span[1]]
    counted = [mark.borne for mark in marks if span[0] <= mark.start < span[1]]
    return [
        sum(2.0 / len(places) for places in counted if place in places)
        + sum(
            unit.weight * (2.0 if unit.is_name or (unit.stem and unit.stem in line.stems) else 1.0) / len(unit.firm)
            for unit in own
            if place in unit.firm
        )
        for place, line in enumerate(lines)
    ]


def is_later(one: Line, other: Line) -> bool:
    """Say whether a line came after another; by its number if times do not tell."""
    if one.when is not None and other.when is not None and bool(one.day) == bool(other.day) and one.when != other.when:
        return one.when > other.when
    return one.number > other.number


def wrong_role(statement: Statement, lines: Sequence[Line]) -> str:
    """Say who or what a claim gives the part of another; "" if nobody."""
    for unit in statement.units:
        if not unit.is_name or not unit.borne:
            continue
        role = _role_before(statement.text[: unit.start])
        against = _AGAINST.get(role or "")
        if not against:
            continue
        roles = set[str]().union(*(_roles_there(unit.text, lines[place]) for place in unit.borne))
        if against in roles and role not in roles:
            where = label([lines[place] for place in sorted(unit.borne)])
            return f"`{unit.text}` is not `{role}` but `{against}` in {where}"
    return _swapped(statement, lines)


def _role_before(text: str) -> str | None:
    found = _ROLE_BEFORE.search(text[-40:])
    if found and found[1].lower() == "to" and _GIVEN.search(text[: len(text[:-40]) + found.start()]):
        return None
    return _ROLE_WORDS.get(found[1].lower()) if found else None


def _roles_there(name: str, line: Line) -> set[str]:
    return {
        role
        for match in re.finditer(rf"(?<![\w.]){re.escape(name)}(?![\w])", line.text, re.IGNORECASE)
        if (role := _role_before(line.text[: match.start()]))
    }


def _swapped(statement: Statement, lines: Sequence[Line]) -> str:
    """Say whether somebody did to another what in the line the other did to them."""
    for verb in statement.units:
        if not verb.stem or not verb.ideas & _ACTS:
            continue
        before = [unit for unit in statement.units if unit.end <= verb.start and unit.borne]
        after = [unit for unit in statement.units if unit.start >= verb.end and unit.borne]
        if not before or not after:
            continue
        actor, patient = before[-1], after[0]
        if actor.ideas or patient.ideas:
            continue
        if re.match(r"\s*by\b", statement.text[verb.end :]):
            actor, patient = patient, actor
        for line in lines:
            if _acts_reversed(actor, verb, patient, line):
                return f"in L{line.number} it is the other way round"
    return ""


def _acts_reversed(actor: Unit, verb: Unit, patient: Unit, line: Line) -> bool:
    verbs = [token for token in line.words if token.stem == verb.stem]
    if len(verbs) != 1:
        return False
    low = line.text.lower()
    one, two = low.find(actor.text.lower()), low.find(patient.text.lower())
    if one < 0 or two < 0 or low.count(actor.text.lower()) > 1 or low.count(patient.text.lower()) > 1:
        return False
    is_passive = re.match(r"\s*by\b", line.text[verbs[0].end :]) is not None
    is_reversed = two < verbs[0].start < one
    return (one < verbs[0].start < two) if is_passive else is_reversed
