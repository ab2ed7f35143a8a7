"""Sizes in bytes: 20MB, 1KiB, 512."""

from __future__ import annotations

import math
import re
from typing import Final

_LETTERS: Final = "kmgtpe"
_UNITS: Final = {
    **dict.fromkeys(("", "b"), 1),
    **{letter + end: 1000**power for power, letter in enumerate(_LETTERS, 1) for end in ("", "b")},
    **{letter + end: 1024**power for power, letter in enumerate(_LETTERS, 1) for end in ("i", "ib")},
}
_FORM: Final = re.compile(r"([0-9.,]*)(.*)", re.DOTALL)
_NUMBER: Final = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_SHOWN: Final = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def parse_size(text: str) -> int:
    """Read a size as Loki does: a number, maybe with commas, and a unit in any case; a bare number is bytes.

    Raises:
        ValueError: It is none, or it is 16 EiB or more.
    """
    match = _FORM.fullmatch(text)
    number = match[1].replace(",", "") if match else ""
    unit = _UNITS.get(match[2].strip().lower()) if match else None
    if unit is None or not _NUMBER.fullmatch(number):
        raise ValueError(f'"{text}" is no size such as 20MB or 1KiB')
    size = float(number) * float(unit)
    if size >= 2.0**64:
        raise ValueError(f'the size "{text}" is too large')
    return int(size)


def format_size(size: int) -> str:
    """Write a size as Loki does: in powers of 1000, with two digits where there would be one (``1.0kB``)."""
    if size < 10:
        return f"{size}B"
    power = int(math.log(size) / math.log(1000))
    value = math.floor(size / 1000.0**power * 10 + 0.5) / 10
    return f"{value:.1f}{_SHOWN[power]}" if value < 10 else f"{value:.0f}{_SHOWN[power]}"
