"""A point in time as somebody types it: a clock time, a date, a distance."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

from hallucino_tui.logs.moment import NANOSECONDS

_CLOCK: Final = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?")
_DISTANCE: Final = re.compile(r"([+-])((?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+)")
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def parse_when(text: str, at: int, newest: int, zone: tzinfo) -> int:
    """Return the point in time that a text names, in nanoseconds since the epoch.

    Args:
        text: ``12:06``, ``12:06:01.5``, ``2026-11-25 12:06``, RFC 3339, ``-5m`` (before the newest line) or ``+30s``
            (after the line under the cursor).
        at: Time of the line under the cursor: a clock time is on its day.
        newest: Time of the newest line.
        zone: The zone of times that name none.

    Raises:
        ValueError: It names none; ``str(error)`` is the sentence for the user.
    """
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        day = datetime.fromtimestamp(at // NANOSECONDS, zone)
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if hour < 24 and minute < 60 and second < 60:
            moment = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
            return _nanoseconds(moment) + int((match[4] or "0").ljust(9, "0"))
    if match := _DISTANCE.fullmatch(text):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(match[2]))
        return newest - int(seconds * NANOSECONDS) if match[1] == "-" else at + int(seconds * NANOSECONDS)
    try:
        moment = datetime.fromisoformat(text)
        return _nanoseconds(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{text!r} is no time: write 12:06, 12:06:01, 2026-11-25 12:06, -5m or +30s.")


def _nanoseconds(moment: datetime) -> int:
    epoch = datetime.fromtimestamp(0, moment.tzinfo)
    return (moment - epoch) // timedelta(microseconds=1) * 1000
