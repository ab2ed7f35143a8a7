"""RFC 3339 time prefixes, as the Kubernetes log API writes them, read for a whole block at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.moment import LONGEST_PREFIX, NANOSECONDS, NO_TIME, parse_prefix
from hallucino_tui.logs.time_formats.civil import days_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ZULU_WIDTH: Final = 31  # "2026-11-22T21:03:11.407207202Z " with its space
_OFFSET_WIDTH: Final = 36  # the same with "+02:00" for "Z"
_DIGITS: Final = np.array([0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, *range(20, 29)])
_FIELDS: Final = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14), (14, 23))  # year .. second, nanoseconds
_MARKS: Final = ((4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."))


def parse_prefixes(
    block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Read the time in front of each line of a block.

    Args:
        block: The bytes.
        starts: Where each line begins.
        ends: Where each line ends (its newline, or the end of the block).

    Returns:
        Two columns of the length of `starts`: the times in nanoseconds since the epoch, `NO_TIME` where there is no
        valid prefix, and the widths of the prefixes in bytes with their space, 0 where there is none.
    """
    times = np.full(len(starts), NO_TIME, np.int64)
    widths = np.zeros(len(starts), np.int64)
    if not len(starts) or not len(block):
        return times, widths
    head = block.take(starts[:, None] + np.arange(_ZULU_WIDTH), mode="clip")
    digits = head[:, _DIGITS] - np.uint8(ord("0"))
    good = (ends - starts >= _ZULU_WIDTH) & (digits <= 9).all(axis=1)
    for column, mark in _MARKS:
        good &= head[:, column] == ord(mark)
    zulu = good & (head[:, 29] == ord("Z")) & (head[:, 30] == ord(" "))
    if bool(zulu.all()):
        times, valid = _to_nanoseconds(digits)
        times[~valid] = NO_TIME
        widths[valid] = _ZULU_WIDTH
        return times, widths
    _fill(times, widths, zulu, digits, _ZULU_WIDTH)
    _parse_offsets(block, starts, ends, good & ~zulu, digits, times, widths)
    for row in np.flatnonzero(widths == 0).tolist():
        times[row], widths[row] = parse_prefix(
            block[starts[row] : min(ends[row], starts[row] + LONGEST_PREFIX)].tobytes()
        )
    return times, widths


def _fill(
    times: NDArray[np.int64],
    widths: NDArray[np.int64],
    rows: NDArray[np.bool_],
    digits: NDArray[np.uint8],
    width: int,
) -> None:
    if bool(rows.any()):
        found, valid = _to_nanoseconds(digits[rows])
        times[rows] = np.where(valid, found, NO_TIME)
        widths[rows] = np.where(valid, width, 0)


def _parse_offsets(
    block: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    candidates: NDArray[np.bool_],
    digits: NDArray[np.uint8],
    times: NDArray[np.int64],
    widths: NDArray[np.int64],
) -> None:
    """Read prefixes that end in ``+hh:mm`` (nodes that run on local time)."""
    rows = np.flatnonzero(candidates & (ends - starts >= _OFFSET_WIDTH))
    if not len(rows):
        return
    tail = block.take(starts[rows, None] + np.arange(29, _OFFSET_WIDTH), mode="clip")
    zone = tail[:, [1, 2, 4, 5]] - np.uint8(ord("0"))
    good = (zone <= 9).all(axis=1) & (tail[:, 3] == ord(":")) & (tail[:, 6] == ord(" "))
    good &= (tail[:, 0] == ord("+")) | (tail[:, 0] == ord("-"))
    found, valid = _to_nanoseconds(digits[rows])
    minutes = zone.astype(np.int64) @ np.array([600, 60, 10, 1])
    sign = np.where(tail[:, 0] == ord("+"), -1, 1)
    good &= valid & (minutes < 24 * 60)
    times[rows[good]] = (found + sign * minutes * (60 * NANOSECONDS))[good]
    widths[rows[good]] = _OFFSET_WIDTH


def _to_nanoseconds(digits: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Turn n rows of 23 digits into times, and say which of them are real dates."""
    wide = digits.astype(np.int64)
    year, month, day, hour, minute, second, fraction = (
        wide[:, first:last] @ (10 ** np.arange(last - first - 1, -1, -1)) for first, last in _FIELDS
    )
    days, valid = days_of(year, month, day)
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    valid &= (hour < 24) & (minute < 60) & (second < 60)
    return seconds * NANOSECONDS + fraction, valid
