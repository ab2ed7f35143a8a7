"""A view: the rows that pass a filter, in display order, kept up to date as lines come and go."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hallucino_tui.logs.filters import Evaluator, Filter
from hallucino_tui.logs.order import Chunk, chunk_of
from hallucino_tui.logs.segment import SEGMENT_ROWS, gather, segments_in
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import StreamTable


class Work(NamedTuple):
    """Rows of one segment that a view's filter has not seen. It can be done in any thread.

    Attributes:
        columns: The segment.
        start: The first row to test; all from there on are to be tested.
        evaluator: Tests them.
        generation: The filter that this belongs to.
    """

    columns: Columns
    start: int
    evaluator: Evaluator
    generation: int

    @property
    def is_long(self) -> bool:
        """Whether this takes so long that a loop should not wait for it."""
        return self.columns.count - self.start > 2048

    def run(self) -> NDArray[np.bool_]:
        """Say of each row whether it shows."""
        return self.evaluator.evaluate(self.columns, self.start, self.columns.count)


@dataclass(slots=True)
class _Tested:
    """What is known of one segment's rows."""

    mask: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(SEGMENT_ROWS, np.bool_))
    rows: int = 0
    lines: int = 0
    matched: int = 0


class View:
    """Keeps one filter's result. Only one thread changes it; its snapshots can be read by any."""

    def __init__(self, table: StreamTable) -> None:
        self._table = table
        self._generation = 0
        self._tested: dict[int, _Tested] = {}
        self._shown: dict[int, Chunk | None] = {}
        self._segments_of: dict[int, list[int]] = {}
        self._filter = Filter()
        self._evaluator = Evaluator(self._filter, table)

    @property
    def filter(self) -> Filter:
        """What decides which lines show."""
        return self._filter

    @property
    def generation(self) -> int:
        """Counts the filters that this view has had."""
        return self._generation

    def change(self, filter_: Filter) -> None:
        """Show what passes another filter. Rows that are in the store already are tested by `test`, step by step."""
        self._filter = filter_
        self._evaluator = Evaluator(filter_, self._table)
        self._generation += 1
        self._tested.clear()
        self._shown.clear()

    def pending(self, store: StoreSnapshot) -> Work | None:
        """Return the newest rows of one segment that were not tested yet, or None if all are."""
        if self._filter.shows_all:
            return None
        for number in sorted(store.segments, reverse=True):
            columns = store.segments[number]
            done = self._tested[number].rows if number in self._tested else 0
            if done < columns.count:
                return Work(columns, done, self._evaluator, self._generation)
        return None

    def accept(self, work: Work, mask: NDArray[np.bool_]) -> None:
        """Take the result of some work. A result that is out of date is dropped.

        Args:
            work: What `pending` returned.
            mask: What ``work.run()`` returned.
        """
        if work.generation != self._generation:
            return
        number = work.columns.number
        tested = self._tested.setdefault(number, _Tested())
        if tested.rows == work.start:
            lines = work.columns.levels[work.start : work.columns.count] < NOT_A_LINE
            tested.mask[work.start : work.columns.count] = mask
            tested.rows = work.columns.count
            tested.lines += int(np.count_nonzero(lines))
            tested.matched += int(np.count_nonzero(mask & lines))

    def snapshot(self, store: StoreSnapshot) -> ViewSnapshot:
        """Return what shows now."""
        if self._filter.shows_all:
            return self._snapshot(store, store.chunks, store.lines, store.lines)
        for number in [number for number in self._tested if number not in store.segments]:
            del self._tested[number]
        chunks = [shown for chunk in store.chunks if (shown := self._show(chunk, store)) is not None]
        self._forget(store)
        matched = sum(tested.matched for tested in self._tested.values())
        scanned = sum(tested.lines for tested in self._tested.values())
        return self._snapshot(store, tuple(chunks), matched, scanned)

    def _snapshot(self, store: StoreSnapshot, chunks: tuple[Chunk, ...], matched: int, scanned: int) -> ViewSnapshot:
        starts = (0, *itertools.accumulate(map(len, chunks)))
        return ViewSnapshot(store, chunks, starts, matched, scanned, self._generation)

    def _show(self, chunk: Chunk, store: StoreSnapshot) -> Chunk | None:
        """Return the rows of a chunk that pass, or None if none of them does (yet)."""
        if chunk.serial in self._shown:
            return self._shown[chunk.serial]
        segments = self._segments_of.get(chunk.serial)
        if segments is None:
            segments = self._segments_of[chunk.serial] = segments_in(chunk.rows)
        if not any(number in self._tested for number in segments):
            return None
        rows = chunk.rows
        passed = np.zeros(len(rows), np.bool_)
        gather(rows, {number: tested.mask for number, tested in self._tested.items()}, passed)
        shown = self._part(rows[passed], store)
        if all(
            number in self._tested and self._tested[number].rows >= store.segments[number].count for number in segments
        ):
            self._shown[chunk.serial] = shown
        return shown

    def _part(self, rows: NDArray[np.int64], store: StoreSnapshot) -> Chunk | None:
        if not len(rows):
            return None
        return chunk_of(rows, store.time(int(rows[0])) or 0, store.time(int(rows[-1])) or 0)

    def _forget(self, store: StoreSnapshot) -> None:
        """Drop what is known of chunks that no longer exist."""
        if len(self._segments_of) > 2 * len(store.chunks) + 16:
            alive = {chunk.serial for chunk in store.chunks}
            self._segments_of = {key: value for key, value in self._segments_of.items() if key in alive}
            self._shown = {key: value for key, value in self._shown.items() if key in alive}
