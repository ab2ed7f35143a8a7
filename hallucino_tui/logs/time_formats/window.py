"""The same few bytes of many lines, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ZERO: Final = np.uint8(ord("0"))


def heads(
    block: NDArray[np.uint8], positions: NDArray[np.int64], limits: NDArray[np.int64], width: int
) -> NDArray[np.uint8]:
    """Gather the bytes from each position on.

    Args:
        block: The bytes, contiguous and at least one.
        positions: n positions, none of them negative.
        limits: n positions at which the lines end.
        width: How many bytes of each line.

    Returns:
        An array of shape (n, width); 0 behind a line's end.
    """
    last = len(block) - width
    if last < 0:
        block, last = np.concatenate([block, np.zeros(-last, np.uint8)]), 0
    # Items of `width` bytes that begin at every byte: numpy copies one for each line, far faster than byte by byte.
    items = np.ndarray((last + 1,), np.dtype((np.void, width)), block, strides=(1,))
    found: NDArray[np.uint8] = items[np.minimum(positions, last)].view(np.uint8).reshape(len(positions), width)
    reach = np.arange(width)
    over = np.flatnonzero(positions > last)
    if len(over):
        found[over] = block.take(positions[over, None] + reach, mode="clip")
    room = limits - positions
    short = np.flatnonzero(room < width)
    if len(short):
        found[short] *= reach < room[short, None]
    return found


def columns(
    block: NDArray[np.uint8], positions: NDArray[np.int64], limits: NDArray[np.int64], width: int
) -> NDArray[np.uint8]:
    """Do as `heads` does, but return shape (width, n): a column of the lines lies in one piece."""
    return np.ascontiguousarray(heads(block, positions, limits, width).T)


def column_at(window: NDArray[np.uint8], index: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Pick from each line the byte at an index of its own; `index` has n numbers below the window's width."""
    count = len(index)
    return window.reshape(-1).take(index * count + np.arange(count))


def read_decimals(digits: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Read up to nine digits as the decimals of a second.

    Args:
        digits: An array of shape (9, n) of bytes less "0": a number above 9 ends the decimals.

    Returns:
        n times in nanoseconds, and how many digits each of them has.
    """
    nanoseconds = np.zeros(digits.shape[1], np.int32)
    lengths = np.zeros(digits.shape[1], np.int64)
    going = np.ones(digits.shape[1], np.bool_)
    for place, column in enumerate(digits):
        going &= column <= 9
        if not bool(going.any()):
            break
        lengths += going
        nanoseconds += (column * going).astype(np.int32) * np.int32(10 ** (8 - place))
    return nanoseconds, lengths
