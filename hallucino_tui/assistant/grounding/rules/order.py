"""Order: which of two things came first."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE
from hallucino_tui.assistant.grounding.rules.evidence import marks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.citations import Citation
    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement
    from hallucino_tui.assistant.grounding.rules.evidence import Mark

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
            r"after (?:which|that|it)\b(?! (?:was|were|is|had|has|\w+ed|came|went|began|ran|got|took|lost|"
            r"found)\b)|whereupon|(?:\w+ed|came|went|began|happened|ran|was|were|"
            r"did so) first,? (?:and|then|with)|(?<!at )first, (?:and|then)|"
            r"first,? (?:and then|then|and only then))\b",
            re.IGNORECASE,
        ),
        True,
    ),
    (
        re.compile(
            r"\b(?:then|and later|later(?! than)|subsequently|afterwards?|and only then|until)\b", re.IGNORECASE
        ),
        True,
    ),
    (
        re.compile(
            r"\b(?:after(?! which| that\b| (?:an)?other\b)|following|"
            r"(?<!: )(?<!at )(?<!and )once(?= (?:the|an?|its?|they|all|no|"
            r"\S+ (?:was|were|had|is|has)|\S+ \w+ed)\b)|as soon as|"
            r"later than)\b(?! \d)(?!" + _SPAN + r")",
            re.IGNORECASE,
        ),
        False,
    ),
)
# `A did not start until B had ended`: A is the later one, unless its line is that of its not having started.
_NOT_UNTIL: Final = re.compile(r"\b(?:not|never|n't|no|nothing|nobody|cannot)\b[^,;:.]*$", re.IGNORECASE)
# `B had already been answered when A was tried`.
_ALREADY: Final = re.compile(
    r"\b(?:had|was|were) (?:already|long|just|long since|only just)\b[^;:]*?\b(?P<turn>when|by the time)\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"[;:](?=\s)|, (?:and |but )?(?:once|twice|(?:the )?(?:one|another|other|second|third|"
    r"fourth|fifth|last|latter))\b(?! (?:before|after|later|earlier))"
)
# `5 ms later, under the same id`: what stands behind the comma is told of both.
_ADVERBS: Final = frozenset({"later", "then", "and later", "afterwards", "afterward", "subsequently"})
_AFTER_THAT: Final = re.compile(r"after (?:which|that|it)", re.IGNORECASE)
_HEAD: Final = re.compile(
    r"\W*(?:(?:right|just|shortly|soon|only|immediately|directly|some time|and|but|\w+ \w+) )?", re.IGNORECASE
)
_ENDS_HERE: Final = re.compile(r"\s*(?:[,;.)]|$)")
_AND_THEN: Final = re.compile(r"; |, (?:and|but) | and ")
# `pod a was the first of the two to stop`
_FIRST: Final = re.compile(
    r"\b(?:is|was|were|came|are) (?:the )?(?P<which>first|last)\b(?= (?:of|one|pod|\w+)? ?(?:[\w ]{0,30} )?to\b)",
    re.IGNORECASE,
)
_PLAIN: Final = 0.8
_NEAR: Final = 12


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
            is_not_until = (
                match[0].lower() == "until" and _NOT_UNTIL.search(statement.bare, 0, match.start()) is not None
            )
            halves = _sides(statement, match, is_left_first=is_left_first and not is_not_until)
            if is_not_until and any(0 <= clock.start - match.end() < _NEAR for clock in statement.clocks):
                # `not until noon` says when, not after what.
                continue
            if halves is None or not all(any(map(str.isalpha, statement.text[slice(*half)])) for half in halves):
                continue
            placed = places_of(statement, lines, halves)
            if placed is None or (is_not_until and _is_bad(lines[placed[1]])):
                continue
            if is_later(lines[placed[0]], lines[placed[1]]):
                return f"L{lines[placed[0]].number} comes after L{lines[placed[1]].number}, not before it"
    return _wrong_first(statement, lines)


def _is_bad(line: Line) -> bool:
    """Say whether a line tells of something that did not come about."""
    return bool(line.denied or line.ideas & NEGATIVE)


def _sides(statement: Statement, match: re.Match[str], *, is_left_first: bool) -> Halves | None:
    """Return the two sides of a word of order; None if it stands in no relation that this claim tells of."""
    is_adverb = match[0].lower() in _ADVERBS
    if is_adverb and not statement.text[: match.start()].strip(' *_-,`"('):
        # `Later the backlog shrank`: later than what the sentence before told.
        return None
    if _AFTER_THAT.fullmatch(match[0]) and _HEAD.fullmatch(statement.text, 0, match.start()):
        return None
    if is_adverb and _ENDS_HERE.match(statement.text, match.end()):
        # `A failed; B came four hours later`
        parts = list(_AND_THEN.finditer(statement.bare, 0, match.start()))
        return Halves((0, parts[-1].start()), (parts[-1].end(), match.start())) if parts else None
    halves = halves_at(statement, match, is_left_first=is_left_first)
    if halves is None:
        return None
    halves = bounded(halves, statement.bare, match)
    if match[0].lower().endswith(" than") and (stop := _AND_THEN.search(statement.bare, match.end())) is not None:
        # `A was later than B and yet finished`: what is said behind the `and` is said of A again.
        halves = Halves(
            *((side[0], min(side[1], stop.start()) if side[0] == match.end() else side[1]) for side in halves)
        )
    return halves


def _wrong_first(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which line was before the one of what a claim calls the first to do something; "" if none was."""
    match = _FIRST.search(statement.bare)
    if match is None:
        return ""
    marks = marks_of(statement, lines)
    named = [one.borne for one in (*statement.units, *marks) if one.start < match.start() and len(one.borne) == 1]
    deeds = [unit for unit in statement.units if unit.start >= match.end() and not unit.is_name and unit.firm]
    if not named or not deeds or frozenset[int]().union(*named) != named[0]:
        return ""
    own = lines[min(named[0])]
    is_last = match["which"].lower() != "first"
    for place, line in enumerate(lines):
        if place in named[0] or not all(place in unit.firm for unit in deeds):
            continue
        if is_later(line, own) if is_last else is_later(own, line):
            return f"L{own.number} comes {'before' if is_last else 'after'} L{line.number}"
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
    if one.when is not None and other.when is not None and bool(one.day) == bool(other.day):
        # `22:15:45` may be any moment of that second.
        unit = max(_unit_of(one), _unit_of(other))
        if one.when // unit != other.when // unit:
            return one.when > other.when
    return one.number > other.number


def _unit_of(line: Line) -> float:
    return max(line.clocks[0].unit, 1e-6) if line.clocks and line.clocks[0].unit <= 1 else 1e-6
