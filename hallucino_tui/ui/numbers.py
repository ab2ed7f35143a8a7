"""Numbers as a status line shows them."""

from __future__ import annotations


def short(number: float) -> str:
    """Return a count in few characters: 999, 4.2k, 1.2M."""
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")):
        if number >= size:
            scaled = number / size
            return f"{scaled:.1f}{unit}" if scaled < 100 else f"{scaled:.0f}{unit}"
    return f"{number:.0f}"


def size(count: int) -> str:
    """Return a number of bytes: 312 MB, 1.4 GB."""
    for unit_size, unit in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if count >= unit_size:
            scaled = count / unit_size
            return f"{scaled:.1f} {unit}" if scaled < 10 else f"{scaled:.0f} {unit}"
    return f"{count} B"


def plural(count: int, word: str) -> str:
    """Return a count with its word."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
