"""The times that lines of a file are sorted by: their own, and never one that makes lines of a file change places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    from hallucino_tui.logs.time_formats.time_format import TimeFormat

SAMPLE_LINES: Final = 1000
_DAY: Final = 86_400 * NANOSECONDS
_LAST_LOOK: Final = 4096
"""Lines after which no format is looked for any more. A live log may begin with words that carry no time, so there is a
look at the first line, the second, the fourth and so on: each costs some milliseconds."""


class Detect(Protocol):
    """Finds out how lines write their times."""

    def __call__(
        self,
        block: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        *,
        latest: int,
        zone: tzinfo,
    ) -> TimeFormat | None:
        """Return the format of a few lines, or None.

        Args:
            block: The bytes.
            starts: Where each line begins.
            ends: Where each line ends.
            latest: No line is later than that, in nanoseconds since the epoch: formats without a year go by it.
            zone: What times without a zone mean.
        """
        ...


class LineTimes:
    """Reads the times of one file's lines, block after block.

    Attributes:
        format: How lines write their times; None while that is not known, or if they carry none.
        carry: The time of the last line, `NO_TIME` before the first one.
        told: Whether any line told a time; if not, all of them have a time that stands for none.
    """

    __slots__ = ("_detect", "_first", "_latest", "_next_look", "_seen", "_zone", "carry", "format", "told")

    def __init__(self, detect: Detect, zone: tzinfo, latest: int) -> None:
        """Know no format yet.

        Args:
            detect: Finds the format.
            zone: What times without a zone mean.
            latest: When the file was last written, in nanoseconds: the time of all lines of a file without times, so
                that several of them stand one after the other and each keeps its order.
        """
        self._detect = detect
        self._zone = zone
        self._latest = latest
        self._first = latest
        self._seen = 0
        self._next_look = 1
        self.format: TimeFormat | None = None
        self.carry = NO_TIME
        self.told = False

    def learn(self, sample: bytes) -> bool:
        """Look for the format in some whole lines, wherever in the file they stand; return whether it is known now."""
        block = np.frombuffer(sample, np.uint8)
        starts, ends = cut(block)
        self._next_look = max(2 * len(starts), 1)  # the sample is read later, and was looked at
        return self._learn(block, starts, ends, self._latest)

    def find_first(self, sample: bytes) -> bool:
        """Look for the first time of the file in its next whole lines; return whether there is one.

        Lines in front of the first time stand with it: any later one would push the lines behind it away.
        """
        block = np.frombuffer(sample, np.uint8)
        starts, ends = cut(block)
        return self.format is not None and self._take_first(self.format.parse(block, starts, ends))

    @property
    def start(self) -> int:
        """The time of lines without one, for those that come next, in nanoseconds."""
        return self._first if self.carry == NO_TIME else self.carry

    def read(
        self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], arrival: int | None
    ) -> NDArray[np.int64]:
        """Return a time for each line of the next block, none of them smaller than one before.

        Args:
            block: The bytes.
            starts: Where each line begins.
            ends: Where each line ends.
            arrival: When lines that are written just now came; None for those that were there before.
        """
        if not len(starts):
            return np.empty(0, np.int64)
        self._seen += len(starts)
        if self.format is None and self._seen >= self._next_look <= _LAST_LOOK:
            self._next_look = 2 * self._seen
            self._learn(block, starts, ends, self._latest if arrival is None else arrival)
        if self.format is None:
            self.carry = max(self.carry, self.start if arrival is None else arrival)
            return np.full(len(starts), self.carry, np.int64)
        if arrival is not None and arrival - self._latest > _DAY // 2:
            # Times without a year are near to now, and that moves on.
            self._latest = arrival
            self.format = self.format.with_latest(arrival, self._zone)
        return self.keep(self.format.parse(block, starts, ends))

    def keep(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a time for each of the next lines, none of them smaller than one before.

        Args:
            times: Those that were read, at least one; `NO_TIME` for lines that have none.
        """
        # Lines in front of the first time stand with it, others without a time with the one before.
        if self.carry == NO_TIME:
            self._take_first(times)
        times = np.maximum(np.maximum.accumulate(times), self.start)
        self.carry = int(times[-1])
        return times

    def _learn(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], latest: int) -> bool:
        starts, ends = starts[:SAMPLE_LINES], ends[:SAMPLE_LINES]
        self.format = self._detect(block, starts, ends, latest=latest, zone=self._zone) if len(starts) else None
        if self.format is None:
            return False
        if not self._take_first(self.format.parse(block, starts, ends)):
            self._first = latest
        return True

    def _take_first(self, times: NDArray[np.int64]) -> bool:
        told = times[times != NO_TIME]
        if len(told):
            self._first = int(told[0])
            self.told = True
        return len(told) > 0
