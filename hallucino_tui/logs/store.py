"""The columnar store: append-only segments in the order of arrival, and the display order over them.

One thread writes. Any thread may read a snapshot: nothing that a snapshot shows is ever changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hallucino_tui.logs import order as display_order
from hallucino_tui.logs.segment import SEGMENT_BYTES, Columns, SegmentWriter, gather_keys
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, StoreSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from hallucino_tui.logs.body import StoredBody
    from hallucino_tui.logs.file_body import Part
    from hallucino_tui.logs.intake import Prepared
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.logs.spilled import Spill


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
    """Takes prepared batches, keeps them within bounds, and gives snapshots.

    Attributes:
        bounds: How much it keeps.
        spill_problem: One sentence if lines cannot be kept on disk any more, "" otherwise.
        on_sealed: Told of each segment that nothing is added to any more, before it can be evicted.
    """

    def __init__(
        self,
        bounds: Bounds | None = None,
        chunk_rows: int = display_order.CHUNK_ROWS,
        spill: Spill | None = None,
    ) -> None:
        """Start empty.

        Args:
            bounds: How much to keep.
            chunk_rows: Size of a chunk of the display order.
            spill: Keeps what leaves memory; None to give it up.
        """
        self._spill = spill
        self.spill_problem = ""
        self.on_sealed: Callable[[Columns], None] = lambda _columns: None
        self.bounds = bounds or Bounds()
        self._sealed: dict[int, Columns] = {}
        self._open = {False: SegmentWriter(0), True: SegmentWriter(1, older=True)}
        self._next_number = 2
        self._order = display_order.Order(self._times, chunk_rows)
        self._stored: dict[int, StoredBody] = {}
        self._stored_lines = 0
        self._stored_size = 0
        self._has_room = True
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

    def add_part(self, part: Part) -> None:
        """Add lines of a file that stay there until somebody looks at them."""
        number = self._next_number
        self._next_number += 1
        columns = self._sealed[number] = Columns(number, part.count, part.body, part.first_key, part.last_key)
        self._stored[number] = part.body
        self.on_sealed(columns)
        rows = np.arange(part.count, dtype=np.int64) + (number << INDEX_BITS)
        if not self._order.add_run(rows, part.first_key, part.last_key):
            self._order.add(rows, part.body.keys)
        self._received += part.count
        self._stored_lines += part.count

    def unsettled(self, most: int) -> list[StoredBody]:
        """Return the newest bodies of files that are not in memory yet, as far as there is room for their text.

        Args:
            most: How many.
        """
        found: list[StoredBody] = []
        for number in reversed(self._stored):
            body = self._stored[number]
            if not body.settled and (self._has_room or not body.known):
                found.append(body)
                if len(found) == most:
                    break
        return found

    @property
    def unknown(self) -> int:
        """Lines of files of which time and severity are not known yet."""
        return sum(self._sealed[number].count for number, body in self._stored.items() if not body.known)

    def is_known(self, chunk: display_order.Chunk) -> bool:
        """Say whether times and severities of all rows of a chunk are in memory."""
        numbers = range(chunk.base >> INDEX_BITS, (chunk.top >> INDEX_BITS) + 1)
        return all(body.known for number in numbers if (body := self._stored.get(number)) is not None)

    def stored(self, numbers: Iterable[int]) -> list[StoredBody]:
        """Return the bodies of some segments that are not in memory."""
        bodies = [self._stored.get(number) for number in numbers]
        return [body for body in bodies if body is not None and not body.at_hand]

    def trim(self) -> None:
        """Let go of the text of files that was looked at longest ago, until the rest is within the bound."""
        room = self.bounds.bytes - self._size(older=False)
        sizes = {number: self._sealed[number].size for number in self._stored}
        self._stored_size = sum(sizes.values())
        if self._stored_size <= room:
            # Text that had to be let go comes back only when somebody looks, or it would come and go for ever.
            self._has_room = self._has_room or self._stored_size < room // 2
            return
        self._has_room = False
        for number in sorted(self._stored, key=lambda number: self._stored[number].used):
            body, before = self._stored[number], sizes[number]
            body.release()
            self._stored_size += self._sealed[number].size - before
            if self._stored_size <= room * 0.9:
                return

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
            if not columns.older and columns.number not in self._stored:
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
        if self._spilled(victims):
            self._stored_lines += gone
            return None
        self._evicted += gone
        numbers = frozenset(columns.number for columns in victims)
        first = min(columns.first_time for columns in victims)
        last = max(columns.last_time for columns in victims)
        self._order.drop(set(numbers), INDEX_BITS, first, last)
        return Eviction(gone, numbers)

    def _spilled(self, victims: list[Columns]) -> bool:
        """Put segments on the disk; return False if they have to be given up."""
        if self._spill is None:
            return False
        try:
            bodies = [self._spill.keep(columns) for columns in victims]
        except OSError as error:
            self._spill = None
            self.spill_problem = f"Older lines cannot be kept on disk any more: {error.strerror or error}."
            return False
        for columns, body in zip(victims, bodies, strict=True):
            self._sealed[columns.number] = replace(columns, body=body)
            self._stored[columns.number] = body
        return True

    def snapshot(self) -> StoreSnapshot:
        """Return what can be read now. Costs little: no line is copied."""
        segments = self._sealed | {
            writer.number: writer.columns for writer in self._open.values() if writer.columns.count
        }
        size = self._size(older=False) + self._size(older=True) + self._stored_size
        size += len(self._order) * display_order.BYTES_A_ROW
        lines = sum(self._lines.values()) + self._stored_lines
        growing = frozenset(writer.number for writer in self._open.values())
        return StoreSnapshot(segments, self._order.snapshot(), lines, self._received, self._evicted, size, growing)

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
            self.on_sealed(writer.columns)
        writer = SegmentWriter(self._next_number, max(SEGMENT_BYTES, length), older)
        self._next_number += 1
        self._open[older] = writer
        return writer

    def _size(self, *, older: bool) -> int:
        return self._sizes[older] + self._open[older].columns.size

    def _count_lines(self, columns: Columns) -> int:
        return int(np.count_nonzero(columns.levels[: columns.count] < NOT_A_LINE))

    def _times(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        segments = self._sealed | {writer.number: writer.columns for writer in self._open.values()}
        return gather_keys(rows, segments)
