"""Spans of time: whether those of a claim lie between its lines."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon.units import MERE_WORDS, WORDS
from hallucino_tui.assistant.grounding.reading import times
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.reading.templates import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_MOST = 40
_ABOUT: Final = 0.15
_MILLI: Final = 0.001
_SHORT: Final = 120.0
_LEAN: Final = 0.35
_EVERY: Final = re.compile(r"\b(?:every|each|intervals of|once (?:every|per)|at)\s+$", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r" (?:later|apart|afterwards?|earlier|after|before|between|passed?|elapsed?|lies?|separates?|from|went by)\b",
    re.IGNORECASE,
)
_TO_CLOCK: Final = re.compile(r" (?:before|after|past|to|until) ", re.IGNORECASE)
_UNITS: Final = {"millisecond": _MILLI, "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": times.DAY}
_SAME: Final = re.compile(
    r"\b(?:the|that|this|one) (?:very |exact |exactly )?same (?P<unit>millisecond|second|minute|hour|day)\b",
    re.IGNORECASE,
)
_FEW: Final = re.compile(
    r"\b(?:(?P<in>within )|(?P<many>(?:a few|few|several|a couple of|a handful of|some) )|)"
    r"(?P<unit>millisecond|second|minute|hour|day)s(?(in)\b| (?:later|apart|afterwards?|earlier|after|before)\b)",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"(?:\d|\b(?:" + "|".join((*WORDS, *MERE_WORDS)) + r"))[ -]$", re.IGNORECASE)
# `seconds later` may be as much as this, in the unit; a few hardly are more than a dozen.
_MOST_OF: Final = {"millisecond": 1000, "second": 100, "minute": 90, "hour": 36, "day": 1000}
_MOST_FEW: Final = 15
_NEXT_DAY: Final = re.compile(
    r"(?<!to )(?<!with )(?<!for )\b(?:the (?:next|following|previous) (?:day|morning|night)|a day (?:later|earlier)|"
    r"the day (?:before|after))\b",
    re.IGNORECASE,
)


def is_elapsed(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a span of time lies between two lines, or between two times of one."""
    moments = moments_of(lines)
    if _EVERY.search(statement.text[: number.start]) and len(moments) > 2:
        return _is_interval(number, lines)
    if number.bound == "<" and len(moments) > 2 and len(groups_of(lines)) == 1 and _has_one_span(statement):
        # Of many alike it is said of all: `five failures within ten seconds`.
        return moments[-1] - moments[0] <= number.value
    if number.step % times.DAY == 0 and not is_between(number, statement) and _is_days(number, lines):
        return True
    gaps = itertools.chain(
        (other - one for one, other in itertools.combinations(moments, 2)), *(_gaps(line) for line in lines[:_MOST])
    )
    gaps = itertools.chain(gaps, _to_clock(number, statement, lines))
    whole = all(moment == int(moment) for moment in moments)
    return any(_is_gap(number, gap, is_whole=whole) for gap in gaps) or (not whole and _is_cut(number, moments))


def _to_clock(number: Number, statement: Statement, lines: Sequence[Line]) -> Iterator[float]:
    """Give the spans between lines and a time of day of the claim: `ten seconds before noon`."""
    for clock in statement.clocks:
        if _TO_CLOCK.fullmatch(statement.text, number.end, clock.start):
            for there in (there for line in lines[:_MOST] for there in line.clocks[:1]):
                gap = abs(there.seconds - clock.seconds) % times.DAY
                yield min(gap, abs(gap - times.DAY / 2)) if clock.is_either else gap


def moments_of(lines: Sequence[Line]) -> list[float]:
    """Return the times of lines in order."""
    return sorted({moment for line in lines[:_MOST] for moment in (line.when, line.until) if moment is not None})


def is_between(number: Number, statement: Statement) -> bool:
    """Say whether a span of time is said to lie between events, as `later` and `apart` do."""
    return _BETWEEN.match(statement.text, number.end) is not None


def _is_gap(number: Number, gap: float, *, is_whole: bool) -> bool:
    value, step = number.value, number.step
    if number.bound == "<":
        # `within half a minute` is not meant to the second.
        low, high = -math.inf, 0.25 * step if number.is_word else 0.001
    elif number.bound == ">":
        low, high = 0.0, 2 * value
    elif number.lean:
        # The unit itself is the least that `just over` may hide; times in whole seconds are off by up to one.
        slack = max(_LEAN * value, 0.99 * step)
        exact = 0.05 * value + (0.51 if is_whole and value > 1 else 0.0)
        # `almost a minute` is more than half of one, `just over a minute` may be nearly two.
        low, high = (-exact, slack) if number.lean > 0 else (-_LEAN * value if value <= step else -slack, exact)
    elif number.bound == "~":
        low, high = -max(_ABOUT * value, 0.5 * step), max(_ABOUT * value, 0.99 * step)
    elif step <= _MILLI and round(value / step) % 10 == 0:
        # `90 ms` may be any from 85 to 95.
        low, high = -5 * step, 5 * step
    elif is_whole and step == 1.0 and value < _SHORT:
        low, high = 0.0, 0.0
    else:
        # Rounded, or cut to the unit.
        low, high = -0.51 * step, 0.99 * step
    return bool(value or not gap) and low <= gap - value <= high


def _is_cut(number: Number, moments: Sequence[float]) -> bool:
    """Say whether the times give a span once their fractions are left out."""
    whole = [int(moment) for moment in moments]
    return (
        number.step == 1.0
        and number.bound == "="
        and any(other - one == number.value for one, other in itertools.combinations(whole, 2))
    )


def _is_days(number: Number, lines: Sequence[Line]) -> bool:
    """Say whether it is on so many days that something happened."""
    days = {line.day for line in lines if line.day}
    named = {(date.month, date.day) for line in lines for date in line.dates}
    return number.value / times.DAY in {len(days), len(named), len(lines)}


def _is_interval(number: Number, lines: Sequence[Line]) -> bool:
    """Say whether most lines of a kind, or all, follow each other at a distance."""
    for group in (*groups_of(lines), list(lines)):
        moments = moments_of(group)
        steps = [other - one for one, other in itertools.pairwise(moments)]
        near = sum(abs(step - number.value) <= max(_ABOUT * number.value, number.step / 2) for step in steps)
        if steps and near * 2 >= len(steps):
            return True
    return False


def _has_one_span(statement: Statement) -> bool:
    return sum(number.kind == "time" for number in statement.numbers) == 1


def _gaps(line: Line) -> Iterator[float]:
    """Give the spans between the times of one line, as between `startedAt` and when it was written."""
    for one, other in itertools.combinations(sorted({clock.seconds for clock in line.clocks[:6]}), 2):
        if other - one >= 1:
            yield other - one


def wrong_span(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which `few minutes later`, `same hour` or `next day` the times of lines do not allow; "" if none."""
    moments = moments_of(lines)
    if len(moments) < 2 and len([line for line in lines if line.when is not None]) < 2:
        return ""
    spans = [abs(other - one) for one, other in itertools.combinations(_times(lines), 2)]
    for match in _SAME.finditer(statement.bare):
        unit = _UNITS[match["unit"].lower()]
        whole = [int(moment / unit) for moment in _times(lines)]
        if len(set(whole)) == len(whole) and min(spans) >= unit:
            return f"{label(lines)} are not of `{match[0].strip()}`"
    for match in _FEW.finditer(statement.bare):
        if not match["in"] and not match["many"] and _COUNT.search(statement.bare[: match.start()]):
            continue
        name = match["unit"].lower()
        most = _MOST_FEW if match["many"] and name != "millisecond" else _MOST_OF[name]
        least = 0.0 if match["in"] else _UNITS[name] * 0.99
        if not any(least <= span <= most * _UNITS[name] for span in spans):
            return f"{label(lines)} are not `{match[0].strip()}`"
    if match := _NEXT_DAY.search(statement.bare):
        days = sorted({line.day for line in lines if line.day})
        if days and not any(other - one == 1 for one, other in itertools.pairwise(days)):
            return f"{label(lines)} are not of one day and `{match[0].strip()}`"
    return ""


def _times(lines: Sequence[Line]) -> list[float]:
    return [line.when for line in lines[:_MOST] if line.when is not None]
