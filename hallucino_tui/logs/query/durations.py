"""Durations as Go writes them, and the wider form that a query may use."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "\N{MICRO SIGN}s": 1_000,
    "\N{GREEK SMALL LETTER MU}s": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60 * 1_000_000_000,
    "h": 3_600 * 1_000_000_000,
}
_DAY: Final = 24 * _UNITS["h"]
_LONG_UNITS: Final = (365 * _DAY, 7 * _DAY, _DAY, _UNITS["h"], _UNITS["m"], _UNITS["s"], _UNITS["ms"])
_LONG_FORM: Final = re.compile("".join(f"(?:([0-9]+){unit})?" for unit in ("y", "w", "d", "h", "m", "s", "ms")))
_PART: Final = re.compile(r"(\d*)(?:(\.)(\d*))?([^.\d]+)", re.ASCII)
_LONGEST: Final = 2**63 - 1


def parse_duration(text: str) -> int:
    """Read a duration as Go does: ``1h30m``, ``1.5s``, ``-250ms``, ``0``. That is how values of labels are read.

    Returns:
        Nanoseconds.

    Raises:
        ValueError: It is none.
    """
    unsigned = text[1:] if text[:1] in {"-", "+"} else text
    if unsigned == "0":
        return 0
    total = position = 0
    while position < len(unsigned):
        match = _PART.match(unsigned, position)
        if match is None or not (match[1] or match[3]) or match[4] not in _UNITS:
            raise ValueError(_no_duration(text))
        unit = _UNITS[match[4]]
        total += int(match[1] or "0") * unit
        if match[3]:
            total += _fraction(match[3], unit)
        position = match.end()
    if not unsigned or total > _LONGEST:
        raise ValueError(_no_duration(text))
    return -total if text[0] == "-" else total


def parse_literal(text: str) -> int:
    """Read a duration that is written in a query: Prometheus' form (``1w2d``, ``1y``) or else Go's.

    Returns:
        Nanoseconds.

    Raises:
        ValueError: It is none.
    """
    match = _LONG_FORM.fullmatch(text)
    if text and match is not None:
        total = sum(int(count or "0") * unit for count, unit in zip(match.groups(), _LONG_UNITS, strict=True))
        if total <= _LONGEST:
            return total
    return parse_duration(text)


def format_duration(nanoseconds: int) -> str:
    """Write a duration as Go does: ``1h30m0s``, ``1.5ms``, ``0s``."""
    if not nanoseconds:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if rest < 1_000_000_000:
        name = "ns" if rest < 1_000 else "\N{MICRO SIGN}s" if rest < 1_000_000 else "ms"
        return f"{sign}{_decimal(rest, _UNITS[name])}{name}"
    minutes, rest = divmod(rest, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{_decimal(rest, _UNITS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else sign + seconds


def _fraction(digits: str, unit: int) -> int:
    """Compute a part of a unit as Go does: in floating point, from as many digits as fit into 63 bits."""
    count = 0
    for used, digit in enumerate(digits):
        if count > _LONGEST // 10 or count * 10 + int(digit) > _LONGEST + 1:
            digits = digits[:used]
            break
        count = count * 10 + int(digit)
    return int(float(count) * (unit / 10.0 ** len(digits)))


def _decimal(count: int, unit: int) -> str:
    whole, fraction = divmod(count, unit)
    digits = f"{fraction:0{len(str(unit)) - 1}d}".rstrip("0") if fraction else ""
    return f"{whole}.{digits}" if digits else str(whole)


def _no_duration(text: str) -> str:
    return f'"{text}" is no duration such as 1h30m or 250ms'
