"""Causes over several lines: whether anything ties the line of a cause to that of its effect."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.rules.evidence import is_literal, marks_of
from hallucino_tui.assistant.grounding.rules.story import belong, processes_of, share_process, source_of, workloads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit
    from hallucino_tui.assistant.grounding.rules.evidence import Mark
    from hallucino_tui.assistant.grounding.rules.order import Halves

# Who says that something may be the cause does not say that lines tell so.
HEDGE: Final = re.compile(
    r"\b(?:probably|(?:un)?likely|possibly|perhaps|presumably|apparently|maybe|may|might|could have|seems?|appears?|"
    r"suggests?|suspected?|plausibl[ey]|hints?|points? to|consistent with|assum\w+)\b",
    re.IGNORECASE,
)
_NEAR_BEST: Final = 0.75
_LINES: Final = 2
_MOST: Final = 24


class Found(NamedTuple):
    """What is wrong: hard evidence against the claim, or only nothing for it."""

    reason: str
    is_hard: bool


def untied(statement: Statement, lines: Sequence[Line], halves: Halves) -> Found | None:
    """Say that nothing ties the lines of a cause to those of its effect; None if something does."""
    if HEDGE.search(statement.text):
        return None
    marks = marks_of(statement, lines)
    causes, effects = (_best(statement, lines, half, marks) for half in halves)
    if not causes or not effects or causes & effects:
        return None
    if (
        any(
            one in causes and other in effects and _tells_of(statement, lines, marks, halves, one, other)
            for one, other in itertools.product(range(len(lines)), repeat=2)
        )
        or reach(lines, causes) & effects
    ):
        return None
    cause, effect = lines[min(causes)].number, lines[min(effects)].number
    return Found(f"nothing ties the cause in L{cause} to L{effect}", is_hard=False)


def one_tells_both(statement: Statement, lines: Sequence[Line], halves: Halves) -> bool:
    """Say whether one line tells all of a cause and what it led to, so that others only add whom it happened to."""
    (begin, stop), (start, end) = halves
    marks = marks_of(statement, lines)
    effect = [unit for unit in statement.units if start <= unit.start < end]
    whom = [unit for unit in effect if unit.is_name and any(map(str.isdigit, unit.text))]
    needed = [mark.borne for mark in marks if begin <= mark.start < stop or start <= mark.start < end]
    told = [unit for unit in statement.units if begin <= unit.start < stop or (unit in effect and unit not in whom)]
    needed += [_literal(unit, lines) for unit in told if unit.borne]
    others = frozenset[int]().union(*(unit.borne for unit in whom))
    return len(whom) < len(effect) and any(
        all(place in firm for firm in needed) for place in range(len(lines)) if others and place not in others
    )


def _best(statement: Statement, lines: Sequence[Line], span: tuple[int, int], marks: Sequence[Mark]) -> frozenset[int]:
    """Return the places of the lines that tell most of a part of a claim."""
    own = [unit for unit in statement.units if span[0] <= unit.start < span[1]]
    told = [
        sum(place in mark.borne for mark in marks if span[0] <= mark.start < span[1])
        + sum(
            unit.weight * (1.0 if is_literal(unit, line) else 0.7) * (1.0 if place in unit.firm else 0.5)
            for unit in own
            if place in unit.borne
        )
        for place, line in enumerate(lines)
    ]
    best = max(told)
    return frozenset(place for place, score in enumerate(told) if best > 0 and score >= best * _NEAR_BEST)


def _tells_of(
    statement: Statement, lines: Sequence[Line], marks: Sequence[Mark], halves: Halves, one: int, other: int
) -> bool:
    """Say whether the line of an effect tells of the cause itself, or the other way round."""
    return any(
        bool(firms) and all(place in firm for firm in firms)
        for half, place in ((halves.first, other), (halves.second, one))
        if (firms := _firms(statement, lines, marks, half))
    )


def _firms(
    statement: Statement, lines: Sequence[Line], marks: Sequence[Mark], span: tuple[int, int]
) -> list[frozenset[int]]:
    """Return which lines have each part of a part of a claim."""
    return [mark.borne for mark in marks if span[0] <= mark.start < span[1]] + [
        _literal(unit, lines) for unit in statement.units if span[0] <= unit.start < span[1]
    ]


def reach(lines: Sequence[Line], places: frozenset[int]) -> frozenset[int]:
    """Return the places of all lines that are tied to some lines, by way of others that are cited as well."""
    found, new = set(places), set(places)
    while new:
        new = {
            other
            for other in range(min(len(lines), _MOST))
            if other not in found and any(_are_tied(lines[one], lines[other]) for one in new)
        }
        found |= new
    return frozenset(found)


def _are_tied(one: Line, other: Line) -> bool:
    if belong(one, other) or _names(one, other) or _names(other, one):
        return True
    if share_process(one, other) or workloads_of(one.text) & workloads_of(other.text):
        return True
    # Lines that name no source are those of one file; what follows at once may be the same trouble.
    is_bare = not any(source_of(line.text) or processes_of(line.text) - {"1"} for line in (one, other))
    is_soon = one.when is None or other.when is None or abs(one.when - other.when) <= 1
    return is_bare and is_soon and abs(one.number - other.number) <= _LINES


def _names(line: Line, other: Line) -> bool:
    """Say whether a line speaks of the workload of another."""
    body = line.flat[len(line.text.split(" ", 1)[0]) :]
    own = workloads_of(line.text)
    return any(
        name not in own and name in body and re.search(rf"(?<![\w/]){re.escape(name)}(?![\w/])", body) is not None
        for name in workloads_of(other.text)
    )


def _literal(unit: Unit, lines: Sequence[Line]) -> frozenset[int]:
    """Return which lines have the very word of a part of a claim; if none, those which say the same."""
    return frozenset(place for place in unit.firm if is_literal(unit, lines[place])) or unit.firm
