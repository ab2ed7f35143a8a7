"""Evidence in one phrase."""

from __future__ import annotations


def how_many(count: int, word: str) -> str:
    """Write a count with its word: ``1 line``, ``1,204 lines``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def in_seconds(seconds: float) -> str:
    """Write how long something takes: ``45 s``, ``2 min``, ``1.5 h``, ``3 days``."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size or (seconds >= size and unit != "days"):
            return f"{_short(seconds / size)} {unit}"
    return f"{_short(seconds)} s"


def of_rates(now: float, present: float, before: float, past: float) -> str:
    """Compare two counts in spans of so many seconds: ``37 in 2 min against 1 in 10 min before``."""
    if not past:
        return f"{_whole(now)} in {in_seconds(present)}, nothing was heard before"
    if not before:
        return f"{_whole(now)} in {in_seconds(present)}, none in {in_seconds(past)} before"
    return f"{_whole(now)} in {in_seconds(present)} against {_whole(before)} in {in_seconds(past)} before"


def of_silence(name: str, silent: float, lines: float, past: float) -> str:
    """Say that somebody says nothing: ``payments has been silent for 45 s, 120 lines in 1 min before``."""
    return f"{name} has been silent for {in_seconds(silent)}, {_lines(lines)} in {in_seconds(past)} before"


def of_errors(name: str, now: tuple[float, float], before: tuple[float, float]) -> str:
    """Compare two shares, each of (errors, lines): ``34 % errors in 1,200 lines of payments against 2 % before``."""
    present = f"{_percent(*now)} errors in {_lines(now[1])} of {name}"
    return f"{present} against {_percent(*before)} in {_lines(before[1])} before"


def _percent(part: float, whole: float) -> str:
    share = 100 * part / whole if whole else 0.0
    return f"{_short(share)} %"


def _lines(count: float) -> str:
    return f"{_whole(count)} line{'' if count == 1 else 's'}"


def _whole(count: float) -> str:
    return f"{count:,.0f}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
