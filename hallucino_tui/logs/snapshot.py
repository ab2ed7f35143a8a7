"""What can be read of the store and of a view at one moment. Knows arrays only by what they can do themselves.

A row's number says where it is: the segment's number in the high bits, the index inside of the segment in the low 16.
So a number leads to its line without a search, stays valid for ever, and numbers of evicted rows never come back.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.segment import Columns

INDEX_BITS: Final = 16
INDEX_MASK: Final = (1 << INDEX_BITS) - 1


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """What the store holds at one moment.

    Attributes:
        segments: Readable columns by segment number.
        chunks: All rows in display order.
        lines: Lines in the store (dividers do not count).
        received: Lines that ever came in.
        evicted: Lines that have left.
        size: Bytes of memory in use: text, columns and order.
        growing: Numbers of the segments that lines are still added to.
    """

    segments: Mapping[int, Columns] = field(default_factory=dict[int, Any])
    chunks: tuple[Chunk, ...] = ()
    lines: int = 0
    received: int = 0
    evicted: int = 0
    size: int = 0
    growing: frozenset[int] = frozenset()

    def is_sealed(self, number: int) -> bool:
        """Say whether nothing is added to a segment any more."""
        return number not in self.growing

    def find(self, row: int) -> tuple[Columns, int] | None:
        """Return the segment and index of a row, or None if it was evicted (or never was)."""
        columns = self.segments.get(row >> INDEX_BITS)
        index = row & INDEX_MASK
        return (columns, index) if columns is not None and index < columns.count else None

    def time(self, row: int) -> int | None:
        """Return the time of a row, or None if it was evicted.

        A screen may ask: of a row that would have to be read from a file first, the time of a row near it is returned.
        """
        found = self.find(row)
        if found is None:
            return None
        columns, index = found
        return int(columns.times[index]) if columns.at_hand else columns.first_time

    def missing(self, rows: Iterable[int]) -> frozenset[int]:
        """Return the segments of rows that would have to be read from a file first."""
        numbers = {row >> INDEX_BITS for row in rows}
        return frozenset(
            number for number in numbers if (one := self.segments.get(number)) is not None and not one.at_hand
        )

    def times(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the times of rows; `NO_TIME` for those that were evicted."""
        from hallucino_tui.logs.segment import gather_times  # noqa: PLC0415 - brings the arrays' library

        return gather_times(rows, self.segments)

    def key(self, row: int) -> int | None:
        """Return what a row is sorted by, or None if it was evicted."""
        found = self.find(row)
        return None if found is None else int(found[0].body.keys[found[1]])

    def keys(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what rows are sorted by; `NO_TIME` for those that were evicted."""
        from hallucino_tui.logs.segment import gather_keys  # noqa: PLC0415 - brings the arrays' library

        return gather_keys(rows, self.segments)

    def levels(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the level codes of rows; 0 for those that were evicted."""
        from hallucino_tui.logs.segment import gather_levels  # noqa: PLC0415 - brings the arrays' library

        return gather_levels(rows, self.segments)


@dataclass(frozen=True, slots=True)
class ViewSnapshot:
    """What a view shows at one moment. Positions count from 0 at the oldest row.

    Attributes:
        store: The store at that moment.
        chunks: The rows that show, in display order.
        starts: Position of the first row of each chunk, and the number of rows at the end.
        matched: Lines that show (dividers do not count).
        scanned: Lines that were tested so far; less than ``store.lines`` while a new filter works through the past.
        generation: Counts the filters that this view has had.
        ascends: Whether row numbers only grow from the first row to the last.
    """

    store: StoreSnapshot = field(default_factory=StoreSnapshot)
    chunks: tuple[Chunk, ...] = ()
    starts: tuple[int, ...] = (0,)
    matched: int = 0
    scanned: int = 0
    generation: int = 0
    ascends: bool = False

    def __len__(self) -> int:
        return self.starts[-1]

    @property
    def complete(self) -> bool:
        """Whether every line in the store was tested."""
        return self.scanned >= self.store.lines

    def rows(self, start: int, stop: int) -> list[int]:
        """Return the row numbers at positions [`start`, `stop`), as far as there are any."""
        start, stop = max(start, 0), min(stop, len(self))
        found: list[int] = []
        place = bisect.bisect_right(self.starts, start) - 1
        while start < stop:
            chunk, first = self.chunks[place], self.starts[place]
            last = min(stop, self.starts[place + 1])
            found.extend((chunk.deltas[start - first : last - first].astype("int64") + chunk.base).tolist())
            start, place = last, place + 1
        return found

    def row(self, position: int) -> int | None:
        """Return the row number at a position, or None if there is none."""
        found = self.rows(position, position + 1)
        return found[0] if found else None

    def position(self, row: int) -> int | None:
        """Return where a row stands, or None if it does not show."""
        if self.store.find(row) is None:
            return None
        for place in self._places(row):
            index = self.chunks[place].index(row)
            if index >= 0:
                return self.starts[place] + index
        return None

    def nearest(self, row: int) -> int:
        """Return where a row stands, or where the next later one stands if it does not show."""
        position = self.position(row)
        if position is not None:
            return position
        if self.ascends:
            place = bisect.bisect_left(self.chunks, row, key=lambda chunk: chunk.top)
            behind = len(self) if place == len(self.chunks) else self.starts[place] + self.chunks[place].behind(row)
        else:
            key = self.store.key(row)
            behind = 0 if key is None else self.position_of_time(key)
        return min(behind, max(len(self) - 1, 0))

    def position_of_time(self, time: int) -> int:
        """Return the position of the first row at or after a time; the length of the view if there is none."""
        place = bisect.bisect_left(self.chunks, time, key=lambda chunk: chunk.last_time)
        if place == len(self.chunks):
            return len(self)
        keys = self.store.keys(self.chunks[place].rows)
        return self.starts[place] + int(keys.searchsorted(time, side="left"))

    def _places(self, row: int) -> range:
        """Return the chunks that may hold a row."""
        if self.ascends:
            first = bisect.bisect_left(self.chunks, row, key=lambda chunk: chunk.top)
            return range(first, min(first + 1, len(self.chunks)))
        key = self.store.key(row)
        if key is None:
            return range(0)
        first = bisect.bisect_left(self.chunks, key, key=lambda chunk: chunk.last_time)
        last = bisect.bisect_right(self.chunks, key, key=lambda chunk: chunk.first_time)
        return range(first, last)
