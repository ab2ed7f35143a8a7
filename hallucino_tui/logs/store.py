"""The columnar store: append-only segments in the order of arrival, and the display order over them.

One thread writes. Any thread may read a snapshot: nothing that a snapshot shows is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hallucino_tui.logs import order as display_order
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.segment import SEGMENT_BYTES, Columns, SegmentWriter, gather
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, StoreSnapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.intake import Prepared
    from hallucino_tui.logs.notice import Notice


class Span(NamedTuple):
    """Rows that stand next to each other in one segment."""

    segment: int
    start: int
    stop: int


class Eviction(NamedTuple):
    """What left the store to keep it within its bounds."""

    lines: int
    segments: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much the store may hold.

    Attributes:
        lines: Lines that came live.
        bytes: Memory for them: text and columns.
        older_bytes: Memory for lines that were read backwards on request.
    """

    lines: int = 5_000_000
    bytes: int = 1 << 30
    older_bytes: int = 256 << 20


class Store:
    """Takes prepared batches, keeps them within bounds, and gives snapshots."""

    def __init__(self, bounds: Bounds | None = None, chunk_rows: int = display_order.CHUNK_ROWS) -> None:
        """Start empty.

        Args:
            bounds: How much to keep.
            chunk_rows: Size of a chunk of the display order.
        """
        self.bounds = bounds or Bounds()
        self._sealed: dict[int, Columns] = {}
        self._open = {False: SegmentWriter(0), True: SegmentWriter(1, older=True)}
        self._next_number = 2
        self._order = display_order.Order(self._times, chunk_rows)
        self._lines = {False: 0, True: 0}
        self._sizes = {False: 0, True: 0}
        self._received = 0
        self._evicted = 0

    def append(self, prepared: Prepared, *, older: bool = False) -> list[Span]:
        """Add lines in the order of their arrival; return where they are now.

        Args:
            prepared: The lines with valid text, a time for each, and levels.
            older: Whether these lines were read backwards on request.
        """
        batch = prepared.batch
        spans: list[Span] = []
        done = 0
        while done < len(batch):
            writer = self._writer_for(int(batch.offsets[done + 1] - batch.offsets[done]), older=older)
            room = int(batch.offsets[done]) + writer.free_bytes
            stop = int(np.searchsorted(batch.offsets, room, side="right")) - 1
            stop = min(stop, done + writer.free_rows)
            spans.append(self._write(writer, prepared, done, stop))
            done = stop
        self._received += len(batch)
        self._lines[older] += len(batch)
        return spans

    def add_notice(self, notice: Notice, *, older: bool = False) -> Span:
        """Add a divider as a row of its own; return where it is."""
        text = np.frombuffer(notice.text.encode("utf-8", "replace"), np.uint8)
        writer = self._writer_for(len(text), older=older)
        start, stop = writer.append(
            text,
            np.array([len(text)], np.int64),
            np.array([notice.time], np.int64),
            np.array([notice.stream], np.uint32),
            np.array([NOT_A_LINE | notice.kind], np.uint8),
        )
        self._into_order(writer.number, start, stop, np.array([notice.time], np.int64))
        return Span(writer.number, start, stop)

    @property
    def older_is_full(self) -> bool:
        """Whether the budget for lines that are read backwards is used up."""
        return self._size(older=True) >= self.bounds.older_bytes

    def evict(self) -> Eviction | None:
        """Let the oldest live segments go until the rest is within the bounds; return what left, if anything did."""
        victims: list[Columns] = []
        lines, size = self._lines[False], self._size(older=False)
        for columns in self._sealed.values():
            if lines <= self.bounds.lines and size <= self.bounds.bytes:
                break
            if not columns.older:
                victims.append(columns)
                lines -= self._count_lines(columns)
                size -= columns.size
        if not victims:
            return None
        gone = self._lines[False] - lines
        for columns in victims:
            del self._sealed[columns.number]
            self._sizes[False] -= columns.size
        self._lines[False] = lines
        self._evicted += gone
        numbers = frozenset(columns.number for columns in victims)
        first = min(columns.first_time for columns in victims)
        last = max(columns.last_time for columns in victims)
        self._order.drop(set(numbers), INDEX_BITS, first, last)
        return Eviction(gone, numbers)

    def snapshot(self) -> StoreSnapshot:
        """Return what can be read now. Costs little: no line is copied."""
        segments = self._sealed | {
            writer.number: writer.columns for writer in self._open.values() if writer.columns.count
        }
        size = self._size(older=False) + self._size(older=True) + len(self._order) * display_order.BYTES_A_ROW
        return StoreSnapshot(
            segments, self._order.snapshot(), sum(self._lines.values()), self._received, self._evicted, size
        )

    def _write(self, writer: SegmentWriter, prepared: Prepared, first: int, last: int) -> Span:
        batch = prepared.batch
        base = int(batch.offsets[first])
        times = batch.times[first:last]
        start, stop = writer.append(
            batch.text[base : int(batch.offsets[last])],
            batch.offsets[first + 1 : last + 1] - base,
            times,
            batch.streams[first:last],
            prepared.levels[first:last],
        )
        for index, line in prepared.raw.items():
            if first <= index < last:
                writer.keep_raw(start + index - first, line)
        self._into_order(writer.number, start, stop, times)
        return Span(writer.number, start, stop)

    def _into_order(self, segment: int, start: int, stop: int, times: NDArray[np.int64]) -> None:
        rows = np.arange(start, stop, dtype=np.int64) + (segment << INDEX_BITS)
        self._order.add(rows, times)

    def _writer_for(self, length: int, *, older: bool) -> SegmentWriter:
        """Return a segment with room for a line of `length` bytes, sealing the open one if it has none."""
        writer = self._open[older]
        if length <= writer.free_bytes and writer.free_rows:
            return writer
        if writer.columns.count:
            self._sealed[writer.number] = writer.columns
            self._sizes[older] += writer.columns.size
        writer = SegmentWriter(self._next_number, max(SEGMENT_BYTES, length), older)
        self._next_number += 1
        self._open[older] = writer
        return writer

    def _size(self, *, older: bool) -> int:
        return self._sizes[older] + self._open[older].columns.size

    def _count_lines(self, columns: Columns) -> int:
        return int(np.count_nonzero(columns.levels[: columns.count] < NOT_A_LINE))

    def _times(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        out = np.full(len(rows), NO_TIME, np.int64)
        columns = {number: sealed.times for number, sealed in self._sealed.items()}
        columns |= {writer.number: writer.columns.times for writer in self._open.values()}
        gather(rows, columns, out)
        return out
