"""What is counted of each template while lines come in: how many, of which levels and streams, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STREAM_BITS: Final = 32
_STREAM_MASK: Final = (1 << _STREAM_BITS) - 1
_BUCKET_BITS: Final = 40
_BUCKET_BIAS: Final = 1 << (_BUCKET_BITS - 1)
_BUCKET_MASK: Final = (1 << _BUCKET_BITS) - 1
_MOST_MOMENTS: Final = 1 << 18
_MOST_WAITING: Final = 1 << 16
_EDGE: Final = 0.001
"""Which part of the lines may lie outside of a trend on either side: one wrong clock must not flatten all others."""


class Trend(NamedTuple):
    """Counts by time.

    Attributes:
        start: Where the first bucket begins, in nanoseconds since the epoch.
        stop: Where the last one ends.
        counts: T rows of so many buckets as were asked for (int64).
    """

    start: int
    stop: int
    counts: NDArray[np.int64]


class CountTable(NamedTuple):
    """What was counted of T templates.

    Attributes:
        levels: How many lines of each level (T times 8, int64).
        goes_on: How many lines go on with the record before them, such as frames of stack traces (T, int64).
        streams: How many streams wrote it (T, int64).
        first: Its earliest time in nanoseconds since the epoch (T, int64); the largest number where there is none.
        last: Its latest time (T, int64); `NO_TIME` where there is none.
        trend: How many lines by time.
    """

    levels: NDArray[np.int64]
    goes_on: NDArray[np.int64]
    streams: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    trend: Trend


class Moments:
    """How many lines of each template there were in each span of time, as far as there were any.

    The spans are a second long, and twice as long whenever there are too many of them.
    """

    __slots__ = ("_counts", "_keys", "_step", "_waiting", "_waiting_rows")

    def __init__(self) -> None:
        self._keys = np.empty(0, np.int64)
        self._counts = np.empty(0, np.int64)
        self._waiting: list[NDArray[np.int64]] = []
        self._waiting_rows = 0
        self._step = 0

    @property
    def width(self) -> int:
        """The length of a span in nanoseconds."""
        return NANOSECONDS << self._step

    def add(self, numbers: NDArray[np.int32], times: NDArray[np.int64]) -> None:
        """Count n lines by the numbers of their templates and their times."""
        if not len(numbers):
            return
        buckets = (times // self.width) + _BUCKET_BIAS
        keys = (numbers.astype(np.int64) << _BUCKET_BITS) | buckets
        self._waiting.append(keys)
        self._waiting_rows += len(keys)
        if self._waiting_rows > _MOST_WAITING:
            self._merge()

    def all(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return for each span with lines: template, start in nanoseconds, how many lines."""
        self._merge()
        buckets = (self._keys & _BUCKET_MASK) - _BUCKET_BIAS
        return self._keys >> _BUCKET_BITS, buckets * self.width, self._counts

    def _merge(self) -> None:
        if self._waiting:
            ones = np.ones(self._waiting_rows, np.int64)
            self._keys, self._counts = _summed(
                np.concatenate((self._keys, *self._waiting)), np.concatenate((self._counts, ones))
            )
            self._waiting, self._waiting_rows = [], 0
        while len(self._keys) > _MOST_MOMENTS:
            numbers, buckets = self._keys >> _BUCKET_BITS, (self._keys & _BUCKET_MASK) - _BUCKET_BIAS
            merged = (numbers << _BUCKET_BITS) | ((buckets >> 1) + _BUCKET_BIAS)
            before = len(self._keys)
            self._keys, self._counts = _summed(merged, self._counts)
            self._step += 1
            if len(self._keys) > before * 0.99 and self.width > NANOSECONDS << 30:
                return  # so many templates that no width would help


class TemplateCounts:
    """Counts lines by template. T is the highest number that was added, and one."""

    def __init__(self) -> None:
        self.lines = 0
        self._size = 0
        self._levels = np.zeros((256, len(Level)), np.int64)
        self._goes_on = np.zeros(256, np.int64)
        self._first = np.full(256, np.iinfo(np.int64).max)
        self._last = np.full(256, NO_TIME)
        self._pairs = np.empty(0, np.int64)
        self._moments = Moments()

    def __len__(self) -> int:
        return self._size

    def add(
        self,
        numbers: NDArray[np.int32],
        levels: NDArray[np.uint8],
        streams: NDArray[np.uint32],
        times: NDArray[np.int64],
    ) -> None:
        """Count n lines.

        Args:
            numbers: Their templates.
            levels: Their level codes.
            streams: Their stream numbers.
            times: Their times in nanoseconds since the epoch; `NO_TIME` for none.
        """
        if not len(numbers):
            return
        self._make_room(int(numbers.max()) + 1)
        self.lines += len(numbers)
        width = len(Level)
        flat = numbers.astype(np.int64) * width + (levels & LEVEL_BITS)
        self._levels[: self._size] += np.bincount(flat, minlength=self._size * width).reshape(self._size, width)
        frames = numbers[levels & CONTINUED > 0]
        if len(frames):
            self._goes_on[: self._size] += np.bincount(frames, minlength=self._size)
        pairs = np.unique((numbers.astype(np.int64) << _STREAM_BITS) | streams)
        if not np.isin(pairs, self._pairs, assume_unique=True).all():
            self._pairs = np.union1d(self._pairs, pairs)
        timed = times != NO_TIME
        if not timed.all():
            numbers, times = numbers[timed], times[timed]
        np.minimum.at(self._first, numbers, times)
        np.maximum.at(self._last, numbers, times)
        self._moments.add(numbers, times)

    def table(self, buckets: int, into: NDArray[np.int32] | None = None) -> CountTable:
        """Return what was counted.

        Args:
            buckets: How many buckets of time.
            into: For each template the one that it turned out to be a part of (its own number for most of them).
        """
        size = self._size
        into = np.arange(size, dtype=np.int32) if into is None else into[:size]
        levels = np.zeros((size, len(Level)), np.int64)
        np.add.at(levels, into, self._levels[:size])
        goes_on = np.zeros(size, np.int64)
        np.add.at(goes_on, into, self._goes_on[:size])
        first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, NO_TIME)
        np.minimum.at(first, into, self._first[:size])
        np.maximum.at(last, into, self._last[:size])
        owners = into[self._pairs >> _STREAM_BITS].astype(np.int64)
        pairs = np.unique((owners << _STREAM_BITS) | (self._pairs & _STREAM_MASK))
        streams = np.bincount(pairs >> _STREAM_BITS, minlength=size)
        return CountTable(levels, goes_on, streams, first, last, self._trend(buckets, into))

    def moments(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return for each span of time with lines of a template: the template, the start, how many lines."""
        return self._moments.all()

    @property
    def moment_width(self) -> int:
        """The length of those spans in nanoseconds."""
        return self._moments.width

    def _trend(self, buckets: int, into: NDArray[np.int32]) -> Trend:
        """Return counts by time, over the time that nearly all lines are of."""
        numbers, starts, counts = self._moments.all()
        if not len(numbers):
            return Trend(0, 0, np.zeros((self._size, buckets), np.int64))
        start, stop = _span(starts, counts, self._moments.width)
        inside = (starts >= start) & (starts < stop)
        place = ((starts[inside] - start) / max(stop - start, 1) * buckets).astype(np.int64)
        flat = into[numbers[inside]].astype(np.int64) * buckets + np.minimum(place, buckets - 1)
        summed = np.bincount(flat, counts[inside], minlength=self._size * buckets).astype(np.int64)
        return Trend(start, stop, summed.reshape(self._size, buckets))

    def _make_room(self, size: int) -> None:
        if size <= self._size:
            return
        self._size = size
        room = len(self._levels)
        if size <= room:
            return
        more = max(size, 2 * room) - room
        self._levels = np.concatenate((self._levels, np.zeros((more, len(Level)), np.int64)))
        self._goes_on = np.concatenate((self._goes_on, np.zeros(more, np.int64)))
        self._first = np.concatenate((self._first, np.full(more, np.iinfo(np.int64).max)))
        self._last = np.concatenate((self._last, np.full(more, NO_TIME)))


def _summed(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each key once, ascending, with the sum of its counts."""
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    heads = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[heads], np.add.reduceat(counts, heads)


def _span(starts: NDArray[np.int64], counts: NDArray[np.int64], width: int) -> tuple[int, int]:
    """Return the span of time without the few lines at either edge that lie far from all others."""
    order = np.argsort(starts, kind="stable")
    summed = np.cumsum(counts[order], dtype=np.int64)
    total = int(counts.sum())
    first = int(np.searchsorted(summed, total * _EDGE, side="right"))
    last = int(np.searchsorted(summed, total * (1 - _EDGE), side="left"))
    ordered = starts[order]
    return int(ordered[first]), int(ordered[last]) + width
