"""Times as a number: seconds since the epoch, with decimals, or milli-, micro- and nanoseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.time_formats.window import ZERO, column_at, columns, read_decimals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.time_formats.clock import Clock

_SECONDS: Final = 10  # digits
_WIDTH: Final = _SECONDS + 11  # a point, nine decimals, and one byte more
_ENDS: Final = np.isin(np.arange(256, dtype=np.uint8), np.frombuffer(b"\0\t\r\n \"'),:;>]|}", np.uint8))


class Epoch:
    """Ten digits, from 2001 to 2065; 13, 16 or 19 are parts of a second. The number of digits tells the unit.

    Other numbers, that begin with other digits or go on with letters, are no times.
    """

    name: str = "epoch"
    zoned_name: str = "epoch"
    marks: bytes = b""

    def read(
        self,
        block: NDArray[np.uint8],
        positions: NDArray[np.int64],
        limits: NDArray[np.int64],
        clock: Clock,  # noqa: ARG002 - an epoch leaves nothing out
    ) -> NDArray[np.int64]:
        """Read n times.

        Args:
            block: The bytes.
            positions: Where each time begins.
            limits: Where its line ends.
            clock: Not asked.

        Returns:
            Nanoseconds since the epoch, `NO_TIME` where there is none.
        """
        times = np.full(len(positions), NO_TIME, np.int64)
        window = columns(block, positions, limits, _WIDTH)
        digits = window[:_SECONDS] - ZERO
        good = (digits <= 9).all(axis=0) & ((digits[0] == 1) | (digits[0] == 2))
        rows = np.flatnonzero(good)
        if not len(rows):
            return times
        if len(rows) < len(good):
            window, digits = window[:, rows], digits[:, rows]
        pairs = (digits[0::2] * np.uint8(10) + digits[1::2]).astype(np.int64)
        seconds = (((pairs[0] * 100 + pairs[1]) * 100 + pairs[2]) * 100 + pairs[3]) * 100 + pairs[4]
        parts, valid = _read_parts(window)
        times[rows] = np.where(valid, seconds * NANOSECONDS + parts, NO_TIME)
        return times


def _read_parts(window: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Read what follows the seconds; return nanoseconds, and whether the number ends well."""
    point = window[_SECONDS] == ord(".")
    if bool(point.any()):
        decimals = np.where(point, window[_SECONDS + 1 : _WIDTH - 1], window[_SECONDS : _WIDTH - 2])
    else:
        decimals = window[_SECONDS : _WIDTH - 2]
    parts, lengths = read_decimals(decimals - ZERO)
    whole = (lengths == 0) | (lengths == 3) | (lengths == 6) | (lengths == 9)
    mark = column_at(window, lengths + (_SECONDS + point))
    return parts, np.where(point, lengths > 0, whole) & _ENDS[mark]
