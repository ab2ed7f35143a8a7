"""The display order: all rows by time, in frozen chunks and a short tail.

New rows nearly always belong to the end, so a tick sorts only the end of the tail again. A row that is later than the
tail goes into the chunk that its time belongs to. Nothing is changed under a reader: each change makes a new chunk.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK_ROWS: Final = 1 << 16
BYTES_A_ROW: Final = 4

_serials = itertools.count()


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Rows that are neighbours on the screen.

    Attributes:
        base: The smallest row number in the chunk.
        deltas: Row numbers over `base`, in display order (uint32).
        first_time: What the first row is sorted by, its time as a rule.
        last_time: The same of the last row.
        serial: Differs for any two chunks of a process.
        top: The largest row number in the chunk.
        ascends: Whether row numbers only grow from each row to the next.
    """

    base: int
    deltas: NDArray[np.uint32]
    first_time: int
    last_time: int
    serial: int
    top: int
    ascends: bool

    def __len__(self) -> int:
        return len(self.deltas)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row numbers in display order (int64)."""
        return self.deltas.astype(np.int64) + self.base

    def part(self, passed: NDArray[np.bool_]) -> Chunk | None:
        """Return those of its rows that `passed` names, one value a row in display order; None if these are none.

        What the first and the last row are sorted by stays that of the whole chunk: closer bounds may cost a look at
        a file.
        """
        deltas = self.deltas[passed]
        if len(deltas) in {0, len(self)}:
            return self if len(deltas) else None
        low, high = (deltas[0], deltas[-1]) if self.ascends else (deltas.min(), deltas.max())
        base, top = self.base + int(low), self.base + int(high)
        return Chunk(base, deltas - low, self.first_time, self.last_time, next(_serials), top, self.ascends)

    @property
    def is_run(self) -> bool:
        """Whether these are all rows between its smallest and its largest number, in their order."""
        return self.ascends and self.top - self.base + 1 == len(self)

    def index(self, row: int) -> int:
        """Return where `row` stands in the chunk, or -1."""
        if not self.base <= row <= self.top:
            return -1
        delta = np.uint32(row - self.base)
        if self.ascends:
            place = int(self.deltas.searchsorted(delta))
            return place if self.deltas[place] == delta else -1
        found = np.flatnonzero(self.deltas == delta)
        return int(found[0]) if len(found) else -1

    def behind(self, row: int) -> int:
        """Return where the first row of a larger or equal number stands; only for a chunk that ascends."""
        return int(self.deltas.searchsorted(np.uint32(max(row - self.base, 0)))) if row <= self.top else len(self)


class Times(Protocol):
    """Looks up what rows are sorted by."""

    def __call__(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return one time in nanoseconds for each row."""
        ...


def chunk_of(rows: NDArray[np.int64], first_time: int, last_time: int) -> Chunk:
    """Return a chunk of rows that are in display order already."""
    base, top = (int(rows.min()), int(rows.max())) if len(rows) else (0, 0)
    ascends = bool((rows[1:] > rows[:-1]).all())
    return Chunk(base, (rows - base).astype(np.uint32), first_time, last_time, next(_serials), top, ascends)


def _by_time(times: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.argsort(times, kind="stable")


class Order:
    """Keeps rows sorted by (time, row number)."""

    def __init__(self, times: Times, chunk_rows: int = CHUNK_ROWS) -> None:
        """Start empty.

        Args:
            times: Looks up the times of rows that were added before.
            chunk_rows: How many rows a frozen chunk holds when it is made.
        """
        self._times = times
        self._chunk_rows = chunk_rows
        self._frozen: list[Chunk] = []
        self._tail_rows = np.empty(0, np.int64)
        self._tail_times = np.empty(0, np.int64)

    def __len__(self) -> int:
        return sum(map(len, self._frozen)) + len(self._tail_rows)

    def add(self, rows: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        """Add new rows.

        Args:
            rows: Their numbers, ascending.
            times: Their times.
        """
        by_time = _by_time(times)
        rows, times = rows[by_time], times[by_time]
        if self._frozen:
            late = int(np.searchsorted(times, self._frozen[-1].last_time, side="left"))
            if late:
                self._insert_late(rows[:late], times[:late])
                rows, times = rows[late:], times[late:]
        if len(rows):
            self._merge_into_tail(rows, times)
        while len(self._tail_rows) >= 2 * self._chunk_rows:
            self._freeze(self._chunk_rows)

    def add_run(self, rows: NDArray[np.int64], first_time: int, last_time: int) -> bool:
        """Add rows that belong together behind all others, without looking at their times.

        Args:
            rows: Their numbers, in display order.
            first_time: What the first of them is sorted by.
            last_time: The same of the last one.

        Returns:
            False if they do not belong there; then nothing was done.
        """
        last = self._tail_times[-1] if len(self._tail_times) else self._frozen[-1].last_time if self._frozen else None
        if last is not None and first_time < last:
            return False
        if len(self._tail_rows):
            self._freeze(len(self._tail_rows))
        self._frozen.append(chunk_of(rows, first_time, last_time))
        return True

    def drop(self, segments: set[int], shift: int, first_time: int, last_time: int) -> None:
        """Forget the rows of evicted segments.

        Args:
            segments: Their numbers.
            shift: How many low bits of a row number are the index in a segment.
            first_time: Smallest time in those segments.
            last_time: Largest time in those segments.
        """
        gone = np.array(sorted(segments), np.int64)
        kept: list[Chunk] = []
        for chunk in self._frozen:
            if chunk.last_time < first_time or chunk.first_time > last_time:
                kept.append(chunk)
                continue
            rows = chunk.rows
            stay = ~np.isin(rows >> shift, gone)
            if bool(stay.all()):
                kept.append(chunk)
            elif bool(stay.any()):
                kept.append(self._chunk(rows[stay]))
        self._frozen = self._joined(kept)
        stay = ~np.isin(self._tail_rows >> shift, gone)
        self._tail_rows, self._tail_times = self._tail_rows[stay], self._tail_times[stay]

    def snapshot(self) -> tuple[Chunk, ...]:
        """Return all rows as chunks in display order, none of them empty."""
        if not len(self._tail_rows):
            return tuple(self._frozen)
        tail = chunk_of(self._tail_rows, int(self._tail_times[0]), int(self._tail_times[-1]))
        return (*self._frozen, tail)

    def _chunk(self, rows: NDArray[np.int64]) -> Chunk:
        first, last = self._times(rows[[0, -1]]).tolist()
        return chunk_of(rows, first, last)

    def _merge_into_tail(self, rows: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        # Rows that came earlier stay in front of later ones with the same time.
        unchanged = int(np.searchsorted(self._tail_times, times[:1], side="right")[0])
        rows = np.concatenate((self._tail_rows[unchanged:], rows))
        times = np.concatenate((self._tail_times[unchanged:], times))
        by_time = _by_time(times)
        self._tail_rows = np.concatenate((self._tail_rows[:unchanged], rows[by_time]))
        self._tail_times = np.concatenate((self._tail_times[:unchanged], times[by_time]))

    def _freeze(self, size: int) -> None:
        rows, times = self._tail_rows[:size], self._tail_times[:size]
        self._frozen.append(chunk_of(rows, int(times[0]), int(times[-1])))
        self._tail_rows, self._tail_times = self._tail_rows[size:].copy(), self._tail_times[size:].copy()

    def _insert_late(self, rows: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        """Put rows into the first chunk that ends later than they do; `times` ascend."""
        last_times = np.array([chunk.last_time for chunk in self._frozen], np.int64)
        places: NDArray[np.int64] = np.searchsorted(last_times, times, side="right")
        touched: list[int] = np.unique(places).tolist()
        replaced: dict[int, list[Chunk]] = {}
        for place in touched:
            here = places == place
            replaced[place] = self._merged(self._frozen[place], rows[here], times[here])
        self._frozen = [chunk for place, old in enumerate(self._frozen) for chunk in replaced.get(place, [old])]

    def _merged(self, chunk: Chunk, rows: NDArray[np.int64], times: NDArray[np.int64]) -> list[Chunk]:
        old = chunk.rows
        rows = np.concatenate((old, rows))
        times = np.concatenate((self._times(old), times))
        by_time = _by_time(times)
        rows, times = rows[by_time], times[by_time]
        size = len(rows) if len(rows) <= 2 * self._chunk_rows else self._chunk_rows
        return [
            chunk_of(rows[start : start + size], int(times[start]), int(times[min(start + size, len(rows)) - 1]))
            for start in range(0, len(rows), size)
        ]

    def _joined(self, chunks: list[Chunk]) -> list[Chunk]:
        """Join neighbours that eviction has made small, so that their number stays proportional to the rows."""
        joined: list[Chunk] = []
        for chunk in chunks:
            if joined and len(joined[-1]) + len(chunk) <= self._chunk_rows // 2:
                last = joined.pop()
                rows = np.concatenate((last.rows, chunk.rows))
                joined.append(chunk_of(rows, last.first_time, chunk.last_time))
            else:
                joined.append(chunk)
        return joined
