"""How much of a claim, or of a part of it, its lines bear: names, quotations, times and numbers weigh most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.reading import anchors, times
from hallucino_tui.assistant.grounding.rules.figures import borne_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_NAME: Final = 1.5
_STRONG: Final = 1.5
_DIGITS: Final = 3
_BY_IDEA: Final = 0.5
_BY_GROUP: Final = 0.25


class Mark(NamedTuple):
    """A quotation, time, date or number of a claim: where it stands, and which lines, by their place, have it."""

    text: str
    start: int
    end: int
    borne: frozenset[int]
    kind: str


def marks_of(statement: Statement, lines: Sequence[Line]) -> list[Mark]:
    """Return what a claim has in common with some of its lines letter by letter, beside names."""
    found = [
        _mark(quote.text, quote.start, quote.end, "quote", [anchors.is_quoted_in(quote.text, line) for line in lines])
        for quote in statement.quotes
    ]
    for clock in statement.clocks:
        near = [any(times.is_near(clock, there.seconds) for there in line.clocks) for line in lines]
        found.append(_mark("", clock.start, clock.end, "time", near))
    for date in statement.dates:
        same = [any((date.month, date.day) == (one.month, one.day) for one in line.dates) for line in lines]
        found.append(_mark("", date.start, date.end, "date", same))
    found += [
        Mark(statement.text[number.start : number.end].strip(), number.start, number.end, frozenset(places), "number")
        for number, places in borne_numbers(statement, lines)
    ]
    return [mark for mark in (*found, *_within_ids(statement, lines, found)) if mark.borne]


def _within_ids(statement: Statement, lines: Sequence[Line], found: Sequence[Mark]) -> Iterator[Mark]:
    """Give the numbers of a claim by which it calls what lines have a longer id for: `attempt 970` of `..._970`."""
    known = {mark.start for mark in found}
    for number in statement.numbers:
        written = statement.text[number.start : number.end].strip()
        if number.start not in known and len(written) >= _DIGITS and written.isdigit():
            yield _mark(written, number.start, number.end, "number", [written in line.digits for line in lines])


def _mark(text: str, start: int, end: int, kind: str, borne: list[bool]) -> Mark:
    return Mark(text, start, end, frozenset(place for place, is_borne in enumerate(borne) if is_borne), kind)


def support(units: Sequence[Unit], marks: Sequence[Mark]) -> float:
    """Return the share of what units and marks say that some line bears: 0 to 1; 1 if they say nothing."""
    earned = float(len(marks))
    missing = 0.0
    for unit in units:
        if unit.borne:
            earned += _NAME if unit.is_name else unit.weight
        else:
            missing += _STRONG if unit.is_strong else unit.weight
    return earned / (earned + missing) if earned + missing else 1.0


def is_literal(unit: Unit, line: Line) -> bool:
    """Say whether a line has the very word of a unit, not only one that means the same."""
    return unit.is_name or not unit.stem or unit.stem in line.stems


def told(unit: Unit, lines: Sequence[Line], place: int) -> float:
    """Return how much a line tells of a unit: 1 by its word, less by another word, 0 if nothing."""
    if place not in unit.borne:
        return 0.0
    if place not in unit.firm:
        return _BY_GROUP
    return 1.0 if is_literal(unit, lines[place]) else _BY_IDEA
