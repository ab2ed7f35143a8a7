"""Whether the times and dates of a claim are those of its lines."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading import times
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.spans import wrong_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(r"\b(?:" + "|".join(_WEEKDAYS) + r")\b", re.IGNORECASE)
_ON_DAY: Final = re.compile(r"\bon the (?P<day>\d\d?)(?:st|nd|rd|th)\b(?! (?:attempt|try|time|row|line|of|re))")
_PART_OF_DAY: Final = re.compile(
    r"\b(?:in the (?:early |late )?(?P<part>morning|afternoon|evening)|(?:at|during the|in the) (?P<night>night))\b",
    re.IGNORECASE,
)
# Generous: where evening begins nobody agrees.
_HOURS_OF: Final = {"morning": (0.0, 12.0), "afternoon": (12.0, 19.0), "evening": (16.0, 24.0), "night": (19.0, 31.0)}

_WORD: Final = re.compile(r"(?<![\w\-])[a-z]{2,}(?![\w\-])")
_PLAIN: Final = frozenset(
    {
        "the",
        "at",
        "on",
        "of",
        "in",
        "was",
        "were",
        "had",
        "been",
        "is",
        "are",
        "has",
        "it",
        "that",
        "to",
        "and",
        "for",
        "by",
    }
)
_BEGINNING: Final = re.compile(
    r"\b(?:start(?:s|ed|ing)?|beg[aiu]n\w*|onset|since|set in|from)\b[^,;:.]{0,30}$", re.IGNORECASE
)
_LONG: Final = 5.0
_REACH: Final = 5
_ALIKE: Final = 2


def wrong_time(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which time or date is not that of the lines; "" if all are."""
    there = [clock.seconds for line in lines for clock in line.clocks]
    inside = {clock for pair in _intervals(statement.clocks) for clock in pair if _are_inside(pair, lines)}
    for clock in statement.clocks:
        if clock in inside or any(times.is_near(clock, seconds) for seconds in there):
            continue
        if clock.relation == "before" and any(seconds <= (_end_of_day(clock) or clock.seconds) for seconds in there):
            continue
        if clock.relation == "after" and any(seconds >= clock.seconds for seconds in there):
            continue
        if _is_beginning(clock, statement, lines):
            continue
        return f"`{statement.text[clock.start : clock.end].strip()}` is not the time of {label(lines)}"
    return (
        _of_another_time(statement, lines)
        or _wrong_date(statement, lines)
        or _wrong_part_of_day(statement, lines)
        or wrong_span(statement, lines)
    )


def _end_of_day(clock: times.Clock) -> float:
    """Return the end of the day if `before midnight` means it; 0 if a time is another one."""
    return times.DAY if clock.is_word and not clock.seconds else 0.0


def _is_beginning(clock: times.Clock, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a time is reckoned back: it began at 18:04:58 if at 18:06:26 it had lasted 88 seconds."""
    return _BEGINNING.search(statement.text[: clock.start]) is not None and any(
        abs(line.clocks[0].seconds - number.value - clock.seconds) <= max(clock.unit, number.step, 1.0)
        for line in lines
        if line.clocks
        for number in line.numbers
        if number.kind == "time" and number.value >= _LONG
    )


def is_reckoned(unit: Unit, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a word is the `started` of a time that is reckoned back."""
    return "START" in unit.ideas and any(_is_beginning(clock, statement, lines) for clock in statement.clocks)


def _of_another_time(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which time of a claim a line has for something else than what stands in front of it: `last up at 22:15`."""
    for clock in statement.clocks:
        near = _words_before(statement.text, clock.start) if clock.relation == "at" else frozenset[str]()
        if len(near) < _ALIKE:
            continue
        inner = [
            (line, there)
            for line in lines
            for there in line.clocks[1:]
            if len(near & _words_before(line.text, there.start)) >= _ALIKE
        ]
        if inner and not any(times.is_near(clock, there.seconds) for _, there in inner):
            line, there = inner[0]
            said = line.text[there.start : there.end].strip()
            return f"what {label([line])} has so is `{said}`, not `{statement.text[clock.start : clock.end].strip()}`"
    return ""


def _words_before(text: str, place: int) -> frozenset[str]:
    """Return the last words before a place, but for those that any time may follow."""
    return frozenset(_WORD.findall(text[max(0, place - 40) : place].lower())[-_REACH:]) - _PLAIN


def _wrong_date(statement: Statement, lines: Sequence[Line]) -> str:
    there = [date for line in lines for date in line.dates]
    for date in statement.dates:
        if not any(
            (date.month, date.day) == (other.month, other.day)
            and (not date.year or not other.year or date.year == other.year)
            for other in there
        ):
            return f"`{statement.text[date.start : date.end].strip()}` is not the date of {label(lines)}"
    for match in _ON_DAY.finditer(statement.bare):
        if there and not any(date.day == int(match["day"]) for date in there):
            return f"`{match[0].strip()}` is not the day of {label(lines)}"
    for match in _WEEKDAY.finditer(statement.bare):
        name = match[0].lower()
        days = {_WEEKDAYS[(line.day - 1) % 7] for line in lines if line.day and line.dates and line.dates[0].year}
        if not any(re.search(rf"\b{name[:3]}", line.text, re.IGNORECASE) for line in lines) and name not in days:
            return f"`{match[0]}` is not the day of {label(lines)}"
    return ""


def _wrong_part_of_day(statement: Statement, lines: Sequence[Line]) -> str:
    hours = [line.clocks[0].seconds / 3600 for line in lines if line.clocks]
    for match in _PART_OF_DAY.finditer(statement.bare):
        first, last = _HOURS_OF[(match["part"] or match["night"]).lower()]
        if hours and not any(first <= hour < last or first <= hour + 24 < last for hour in hours):
            return f"{label(lines)} is not `{match[0]}`" if len(lines) == 1 else f"{label(lines)} are not `{match[0]}`"
    return ""


def _intervals(clocks: list[times.Clock]) -> list[tuple[times.Clock, times.Clock]]:
    return [pair for pair in itertools.pairwise(clocks) if pair[0].relation == "from" and pair[1].relation == "to"]


def _are_inside(pair: tuple[times.Clock, times.Clock], lines: Sequence[Line]) -> bool:
    first, last = pair
    own = [line.clocks[0].seconds for line in lines if line.clocks]
    return bool(own) and all(first.seconds <= seconds < last.seconds + last.unit for seconds in own)
