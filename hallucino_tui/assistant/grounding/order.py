"""Order, cause and roles: which came first, what led to what, who did it to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding import meaning
from hallucino_tui.assistant.grounding.facts import borne_numbers
from hallucino_tui.assistant.grounding.statement import label
from hallucino_tui.assistant.grounding.words import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

# (pattern, whether the left side is the earlier one)
_ORDER: Final = (
    (re.compile(r"\b(?:before|prior to|preced(?:ed|ing)|ahead of|followed by)\b", re.IGNORECASE), True),
    (re.compile(r"\b(?:then|and later|later|subsequently|afterwards?|and only then|until)\b", re.IGNORECASE), True),
    (re.compile(r"\b(?:after|following|once|as soon as)\b(?! \d)", re.IGNORECASE), False),
)
_CAUSE: Final = (
    (
        re.compile(
            r"\b(?:because(?: of)?|due to|(?:was|were|is|are|been)? ?caused by|triggered by|as a (?:result|"
            r"consequence) of|owing to|"
            r"resulting from|resulted from|thanks to|brought on by)\b",
            re.IGNORECASE,
        ),
        False,
    ),
    (
        re.compile(
            r"\b(?:led to|leads to|leading to|caused|causing|causes|triggered|triggering|triggers|resulted in|"
            r"resulting in|"
            r"results in|therefore|which made|so that|as a result|forced|forcing|consequently)\b(?! by)|, so\b",
            re.IGNORECASE,
        ),
        True,
    ),
)
_SAYS_CAUSE: Final = re.compile(
    r"because|due to|caused|reason|result|: |\bas\b|since|\bby\b| - |->|\bfor\b|error|err=", re.IGNORECASE
)
_TURN: Final = re.compile(
    r"(?<=[\w\"')\]]): |because|due to|caused by| - |\b(?:err|error|reason)=|\"error\":", re.IGNORECASE
)
_ROLE_WORDS: Final = {
    "from": "from", "src": "from", "source": "from", "rhost": "from", "client": "from", "sender": "from",
    "to": "to", "dest": "to", "destination": "to", "target": "to", "into": "to", "toward": "to", "towards": "to",
    "upstream": "to", "old": "old", "previous": "old", "former": "old", "new": "new",
}  # fmt: skip
_AGAINST: Final = {"from": "to", "to": "from", "old": "new", "new": "old"}
_ROLE_BEFORE: Final = re.compile(r"([A-Za-z]+)[\s:=\"/]*(?:the |address |node |host |server |port |of )*[\s\"/`(]*$")
_PLAIN: Final = 0.8
_LEAST: Final = 0.61
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


class Found(NamedTuple):
    """What is wrong: hard evidence against the claim, or only nothing for it."""

    reason: str
    is_hard: bool


class _Halves(NamedTuple):
    """The two sides of a claim about order or cause, the earlier one first, as spans."""

    first: tuple[int, int]
    second: tuple[int, int]


def _halves(text: str, match: re.Match[str], *, is_left_first: bool) -> _Halves | None:
    left, right = (0, match.start()), (match.end(), len(text))
    if not text[: match.start()].strip(' *_-,`"(') or re.fullmatch(
        r"\W*(?:only|shortly|right|just|immediately|soon|\d+ \w+)\s*", text[: match.start()], re.IGNORECASE
    ):
        comma = text.find(",", match.end())
        if comma < 0:
            return None
        left, right = (comma + 1, len(text)), (match.end(), comma)
    return _Halves(left, right) if is_left_first else _Halves(right, left)


def wrong_order(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim has in another order than its lines; "" if nothing."""
    if len(lines) < 2:
        return ""
    for pattern, is_left_first in _ORDER:
        for match in pattern.finditer(statement.bare):
            halves = _halves(statement.bare, match, is_left_first=is_left_first)
            placed = _places(statement, lines, halves) if halves is not None else None
            if placed is not None and _is_later(lines[placed[0]], lines[placed[1]]):
                return f"L{lines[placed[0]].number} comes after L{lines[placed[1]].number}, not before it"
    return ""


def _places(statement: Statement, lines: Sequence[Line], halves: _Halves) -> tuple[int, int] | None:
    """Return which lines the two sides of a claim speak of, the earlier side first; None if it is not plain.

    All ways to give the sides to lines are weighed: the best with the claim's order against the best with the other.
    """
    if len(lines) < 2:
        return None
    cited = [
        {number for one in find_loosely(statement.cited[slice(*half)]) for number in one.numbers} for half in halves
    ]
    if all(cited) and not cited[0] & cited[1]:
        first, second = (next(i for i, line in enumerate(lines) if line.number in numbers) for numbers in cited)
        return first, second
    early, late = (_scores(statement, lines, half) for half in halves)
    if not any(early) or not any(late):
        return None
    ways = [
        (early[one] + late[other], one, other)
        for one in range(len(lines))
        for other in range(len(lines))
        if one != other and early[one] and late[other]
    ]
    as_told = max((way for way in ways if not _is_later(lines[way[1]], lines[way[2]])), default=(0.0, 0, 0))
    turned = max((way for way in ways if _is_later(lines[way[1]], lines[way[2]])), default=(0.0, 0, 0))
    if abs(as_told[0] - turned[0]) < _PLAIN:
        return None
    best = max(as_told, turned)
    return best[1], best[2]


def _scores(statement: Statement, lines: Sequence[Line], span: tuple[int, int]) -> list[float]:
    own = [unit for unit in statement.units if span[0] <= unit.start < span[1]]
    counted = [
        set(places)
        for number, places in borne_numbers(statement, lines)
        if number.kind != "time" and span[0] <= number.start < span[1]
    ]
    return [
        sum(2.0 / len(places) for places in counted if place in places)
        + sum(
            unit.weight * (2.0 if unit.is_name or (unit.stem and unit.stem in line.stems) else 1.0) / len(unit.borne)
            for unit in own
            if place in unit.borne
        )
        for place, line in enumerate(lines)
    ]


def _is_later(one: Line, other: Line) -> bool:
    """Say whether a line came after another; by its number if times do not tell."""
    if one.when is not None and other.when is not None and bool(one.day) == bool(other.day) and one.when != other.when:
        return one.when > other.when
    return one.number > other.number


def wrong_cause(statement: Statement, lines: Sequence[Line]) -> Found | None:
    """Say why what a claim calls a cause is none by its lines; None if it may be one."""
    for pattern, is_left_first in _CAUSE:
        match = pattern.search(statement.bare)
        if match is None:
            continue
        halves = _halves(statement.bare, match, is_left_first=is_left_first)
        if halves is None:
            continue
        if (found := _doubt(statement, lines, halves)) is not None:
            return found
    return None


def _doubt(statement: Statement, lines: Sequence[Line], halves: _Halves) -> Found | None:
    cause, effect = halves
    for half, what, least in ((cause, "that cause", _LEAST), (effect, "what it led to", 0.5)):
        share = _share(statement, half)
        if share is not None and share < least:
            return Found(f"{what} is not told in {label(lines)}", is_hard=False)
    if placed := _places(statement, lines, halves):
        early, late = lines[placed[0]], lines[placed[1]]
        if _is_later(early, late):
            return Found(f"the cause in L{early.number} comes after its effect in L{late.number}", is_hard=True)
        return None
    for line in lines:
        if _is_turned(statement, line, cause, effect):
            return Found(f"L{line.number} says it the other way round", is_hard=True)
    if not any(_SAYS_CAUSE.search(line.text) for line in lines):
        return Found(f"what caused it is not said in {label(lines)}", is_hard=False)
    return None


def _share(statement: Statement, span: tuple[int, int]) -> float | None:
    own = [unit for unit in statement.units if span[0] <= unit.start < span[1]]
    quoted = any(span[0] <= quote.start < span[1] for quote in statement.quotes)
    total = sum(unit.weight for unit in own)
    return None if not total or quoted else sum(unit.weight for unit in own if unit.borne) / total


def _is_turned(statement: Statement, line: Line, cause: tuple[int, int], effect: tuple[int, int]) -> bool:
    """Say whether a line has the cause of a claim in front of a colon or a ``because``, and its effect behind it."""
    for turn in _TURN.finditer(line.text):
        front, back = _ideas(line.text[: turn.start()]), _ideas(line.text[turn.end() :])
        sides = [
            [unit for unit in statement.units if span[0] <= unit.start < span[1] and unit.borne]
            for span in (cause, effect)
        ]
        told = [(sum(_is_in(unit, front) for unit in side), sum(_is_in(unit, back) for unit in side)) for side in sides]
        if told[0][0] > told[0][1] and told[1][1] > told[1][0] and told[0][1] == 0 and told[1][0] == 0:
            return True
    return False


def _ideas(text: str) -> tuple[frozenset[str], frozenset[str]]:
    stems = frozenset(token.stem for token in tokens(text))
    found = frozenset[str]().union(*(meaning.concepts_of(one) for one in stems))
    return stems, found.union(*(names for _, _, names in meaning.phrases_in(text.lower())))


def _is_in(unit: Unit, part: tuple[frozenset[str], frozenset[str]]) -> bool:
    return unit.stem in part[0] or bool(unit.ideas & part[1]) or unit.text.lower() in part[0]


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
