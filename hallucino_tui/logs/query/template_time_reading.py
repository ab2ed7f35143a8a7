"""Reading a time that is written in one of Go's layouts."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.template_time import (
    DAY,
    DAYS,
    MONTHS,
    SECOND,
    FixedZone,
    GoTime,
    chunks,
    days_since_epoch,
    zone_at,
)

if TYPE_CHECKING:
    from datetime import tzinfo

_NUMBER: Final = r"\d\d?"
_TWO: Final = r"\d\d"
_ZONE: Final = (
    r"UTC|ChST|MeST|GMT(?:[+-](?:2[0-3]|[01]?\d)(?!\d))?|[+-](?:2[0-3]|[01]?\d)(?!\d)"
    r"|(?:[A-Z]{4}T|[A-Z]{3}T|WITA|[A-Z]{3})(?![A-Z])"
)
_FORMS: Final = {
    "2006": ("year", r"\d{4}"),
    "06": ("short_year", _TWO),
    "January": ("month_name", "|".join(MONTHS)),
    "Jan": ("month_name", "|".join(month[:3] for month in MONTHS)),
    "01": ("month", _TWO),
    "1": ("month", _NUMBER),
    "Monday": ("weekday", "|".join(DAYS)),
    "Mon": ("weekday", "|".join(day[:3] for day in DAYS)),
    "02": ("day", _TWO),
    "_2": ("day", rf" ?{_NUMBER}"),
    "2": ("day", _NUMBER),
    "002": ("year_day", r"\d{3}"),
    "__2": ("year_day", r" {0,2}\d{1,3}"),
    "15": ("hour", _NUMBER),
    "03": ("hour_of_half", _TWO),
    "3": ("hour_of_half", _NUMBER),
    "04": ("minute", _TWO),
    "4": ("minute", _NUMBER),
    "05": ("second", _TWO),
    "5": ("second", _NUMBER),
    "PM": ("half", "[AP]M"),
    "pm": ("half", "[ap]m"),
    "MST": ("zone", _ZONE),
}
_LARGEST: Final = {"hour": 23, "hour_of_half": 12, "minute": 59, "second": 59}
_NAMES: Final = frozenset({"month_name", "weekday", "half", "zone", "offset", "fraction"})


def parse_time(layout: str, text: str, zone: tzinfo | None) -> GoTime | None:
    """Read a time.

    Args:
        layout: How it is written.
        text: The time.
        zone: Where it is, if the text does not say; None for UTC.

    Returns:
        None if the text is not written so, or there is no such time.
    """
    names, form = _compile(layout)
    match = form.fullmatch(text)
    if match is None:
        return None
    found = {name: value for name, value in zip(names, match.groups(), strict=True) if value is not None}
    numbers = {name: int(value) for name, value in found.items() if name not in _NAMES}
    if any(numbers.get(name, 0) > most for name, most in _LARGEST.items()):
        return None
    days = _days(found, numbers)
    if days is None:
        return None
    seconds = days * DAY + _hour(found, numbers) * 3600 + numbers.get("minute", 0) * 60 + numbers.get("second", 0)
    fraction = int(found.get("fraction", ".0")[1:10].ljust(9, "0"))
    placed = _placed(seconds, found, zone)
    return None if placed is None else GoTime(placed[0] * SECOND + fraction, placed[1])


@functools.lru_cache(maxsize=64)
def _compile(layout: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    # Go never goes back to try a shorter match; the atomic groups do the same.
    names: list[str] = []
    form: list[str] = []
    pieces = chunks(layout)
    for index, (piece, is_chunk) in enumerate(pieces):
        if not is_chunk:
            form += ["(?> +|\\Z)" if part.startswith(" ") else re.escape(part) for part in re.split("( +)", piece)]
        elif piece[0] in ".,":
            names.append("fraction")
            form.append(f"([.,]\\d{{{len(piece) - 1}}})" if piece[1] == "0" else "(?>([.,]\\d+)?)")
        elif piece[0] in "-Z":
            names.append("offset")
            form.append(
                f"(?>({'Z|' if piece[0] == 'Z' else ''}[+-]{piece[1:].replace('07', _TWO).replace('00', _TWO)}))"
            )
        else:
            name, pattern = _FORMS[piece]
            names.append(name)
            form.append(f"(?>({pattern}))" if name == "zone" or name not in _NAMES else f"(?>((?i:{pattern})))")
            if name == "second" and not _is_fraction(pieces, index):
                names.append("fraction")
                form.append("(?>([.,]\\d+)?)")
    return tuple(names), re.compile("".join(form), re.ASCII)


def _is_fraction(pieces: tuple[tuple[str, bool], ...], index: int) -> bool:
    """Say whether the next element after one is a fraction of a second."""
    following = (piece for piece, is_chunk in pieces[index + 1 :] if is_chunk)
    return next(following, " ")[0] in ".,"


def _hour(found: dict[str, str], numbers: dict[str, int]) -> int:
    hour = numbers.get("hour", numbers.get("hour_of_half", 0))
    half = found.get("half", "").upper()
    if half == "PM" and hour < 12:
        return hour + 12
    return 0 if half == "AM" and hour == 12 else hour


def _days(found: dict[str, str], numbers: dict[str, int]) -> int | None:
    year = numbers.get("year", 0)
    if "short_year" in numbers:
        short = numbers["short_year"]
        year = short + (1900 if short >= 69 else 2000)
    month = numbers.get("month", 1)
    if "month_name" in found:
        month = next(
            index for index, name in enumerate(MONTHS, 1) if name[:3].lower() == found["month_name"][:3].lower()
        )
    if "year_day" in numbers:
        days = days_since_epoch(year, 1, 1) + numbers["year_day"] - 1
        return days if numbers["year_day"] and days < days_since_epoch(year + 1, 1, 1) else None
    day = numbers.get("day", 1)
    if not 1 <= month <= 12 or not day:
        return None
    days = days_since_epoch(year, month, day)
    return days if days < days_since_epoch(year + month // 12, month % 12 + 1, 1) else None


def _placed(seconds: int, found: dict[str, str], zone: tzinfo | None) -> tuple[int, tzinfo | FixedZone | None] | None:
    """Return seconds since the epoch and the zone, for what a clock shows (`seconds` as if it were in UTC)."""
    offset, name = found.get("offset"), found.get("zone")
    if offset == "Z" or name == "UTC":
        return seconds, None
    if offset is not None:
        sign, digits = offset[0], offset[1:].replace(":", "").ljust(6, "0")
        hours, minutes, rest = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        if hours > 24 or minutes > 60 or rest > 60:
            return None
        apart = (hours * 3600 + minutes * 60 + rest) * (-1 if sign == "-" else 1)
        seconds -= apart
        return seconds, zone if zone_at(seconds, zone)[1] == apart else FixedZone(name or "", apart)
    if name is not None:
        apart = _offset_of_name(name, seconds, zone)
        if apart is not None:
            return seconds - apart, zone
        return seconds, FixedZone(name, int(name[3:]) * 3600 if name.startswith("GMT") and len(name) > 3 else 0)
    return seconds - _offset_of_clock(seconds, zone), zone


def _offset_of_clock(seconds: int, zone: tzinfo | None) -> int:
    guess = seconds - zone_at(seconds, zone)[1]
    return seconds - guess if zone is None else zone_at(guess, zone)[1]


def _offset_of_name(name: str, seconds: int, zone: tzinfo | None) -> int | None:
    """Return the offset that a zone has under a name such as CEST, at a time or half a year off."""
    for distance in (0, 182 * DAY, -182 * DAY):
        known, offset = zone_at(seconds + distance, zone)
        if known == name:
            return offset
    return None
