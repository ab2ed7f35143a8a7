"""Offsets from UTC behind a time: ``Z``, ``+02:00``, ``+0200``, ``+02``, ``UTC``, also after a blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.time_formats.window import ZERO, column_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST: Final = 8  # a blank, an offset with its colon, and one byte more
_BLANK, _PLUS, _MINUS, _COLON = b" +-:"
_LONGEST_SHORT: Final = 14  # hours of an offset without minutes: more are something else


def read_offsets(
    window: NDArray[np.uint8], behind: NDArray[np.int64], mark: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read what stands behind each time.

    Args:
        window: The bytes, (width, n), with `LONGEST` bytes behind every time.
        behind: n indices of the first byte behind the time.
        mark: That byte.

    Returns:
        n offsets in seconds east of UTC, whether there is one, and whether it is one that cannot be.
    """
    offsets = np.zeros(len(mark), np.int32)
    found = (mark == ord("Z")) | (mark == ord("z"))
    bad = np.zeros(len(mark), np.bool_)
    if bool(found.all()):
        return offsets, found, bad
    apart = mark == _BLANK
    sign = np.where(apart, column_at(window, behind + 1), mark) if bool(apart.any()) else mark
    rows = np.flatnonzero((sign == _PLUS) | (sign == _MINUS))
    if len(rows):
        digits = behind[rows] + 1 + apart[rows]
        east, given, wrong = _read_digits(window[:, rows] if len(rows) < len(mark) else window, digits, ~apart[rows])
        offsets[rows] = np.where(sign[rows] == _MINUS, -east, east)
        found[rows] = given
        bad[rows] = wrong
    rows = np.flatnonzero((sign == ord("U")) | (sign == ord("G")))
    if len(rows):
        found[rows] = _is_utc(window[:, rows], behind[rows] + apart[rows])
    return offsets, found, bad


def _read_digits(
    window: NDArray[np.uint8], index: NDArray[np.int64], close: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Read ``hh:mm``, ``hhmm`` and ``hh``, the last one only where nothing lies between it and the time."""
    first, second, third, fourth, fifth, sixth = (column_at(window, index + place) for place in range(6))
    colon = third == _COLON
    tens, ones = np.where(colon, fourth, third) - ZERO, np.where(colon, fifth, fourth) - ZERO
    behind = np.where(colon, sixth, fifth) - ZERO
    first, second = first - ZERO, second - ZERO
    hours, minutes = first * np.uint8(10) + second, tens * np.uint8(10) + ones
    two = (first <= 9) & (second <= 9)
    four = two & (tens <= 9) & (ones <= 9) & (behind > 9)
    real = (hours < 24) & (minutes < 60)
    short = two & close & (third - ZERO > 9) & ~colon & (hours <= _LONGEST_SHORT)
    seconds = hours.astype(np.int32) * 3600 + np.where(four, minutes, 0).astype(np.int32) * 60
    given = (four & real) | short
    return np.where(given, seconds, 0).astype(np.int32), given, four & ~real & close


def _is_utc(window: NDArray[np.uint8], index: NDArray[np.int64]) -> NDArray[np.bool_]:
    letters = [column_at(window, index + place) for place in range(3)]
    found = np.zeros(len(index), np.bool_)
    for name in (b"UTC", b"GMT"):
        found |= (letters[0] == name[0]) & (letters[1] == name[1]) & (letters[2] == name[2])
    return found
