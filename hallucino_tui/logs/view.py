"""A view: the rows that pass a filter, in display order, kept up to date as lines come and go."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.filters import Evaluator, Filter
from hallucino_tui.logs.segment import gather, segments_in
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK, StoreSnapshot, ViewSnapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import StreamTable

_LONG_ROWS: Final = 2048
_GROUP_ROWS: Final = 1 << 17


class Piece(NamedTuple):
    """Rows of one segment, from `start` on, that a view's filter has not seen."""

    columns: Columns
    start: int


class Work(NamedTuple):
    """Rows of some segments that a view's filter has not seen. It can be done in any thread.

    Attributes:
        pieces: The rows.
        evaluator: Tests them.
        generation: The filter that this belongs to.
    """

    pieces: tuple[Piece, ...]
    evaluator: Evaluator
    generation: int

    @property
    def is_long(self) -> bool:
        """Whether this takes so long that a loop should not wait for it."""
        return sum(columns.count - start for columns, start in self.pieces) > _LONG_ROWS

    def run(self) -> list[NDArray[np.bool_]]:
        """Say of each row whether it shows, piece by piece."""
        return [self.evaluator.evaluate(columns, start, columns.count) for columns, start in self.pieces]


@dataclass(slots=True)
class _Tested:
    """What is known of one segment's rows."""

    mask: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(1024, np.bool_))
    rows: int = 0
    lines: int = 0
    matched: int = 0

    def take(self, columns: Columns, mask: NDArray[np.bool_]) -> None:
        """Add what is known of the next rows."""
        start, stop = self.rows, columns.count
        if stop > len(self.mask):
            grown = np.zeros(stop if not start else max(stop, 2 * len(self.mask)), np.bool_)
            grown[:start] = self.mask[:start]
            self.mask = grown
        self.mask[start:stop] = mask
        lines = columns.levels[start:stop] < NOT_A_LINE if columns.has_dividers else None
        self.lines += stop - start if lines is None else int(np.count_nonzero(lines))
        self.matched += int(np.count_nonzero(mask if lines is None else mask & lines))
        self.rows = stop


class View:
    """Keeps one filter's result. Only one thread changes it; its snapshots can be read by any."""

    def __init__(self, table: StreamTable) -> None:
        self._table = table
        self._generation = 0
        self._tested: dict[int, _Tested] = {}
        self._todo: list[int] = []
        self._seen: tuple[int, int] = (0, 0)
        self._running: set[int] = set()
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
        """Show what passes another filter. Rows that are in the store already are tested step by step."""
        self._filter = filter_
        self._evaluator = Evaluator(filter_, self._table)
        self._generation += 1
        self._tested.clear()
        self._shown.clear()
        self._running.clear()
        self._seen = (0, 0)

    def pending(self, store: StoreSnapshot) -> Work | None:
        """Return the newest rows that were not tested yet and that nobody is testing, or None if there are none.

        The first work after a change is one segment, so that the newest lines show at once; later ones are more.
        """
        if self._filter.shows_all:
            return None
        self._look_for_segments(store)
        pieces: list[Piece] = []
        rows = 0
        most = _GROUP_ROWS if self._tested else 1
        kept: list[int] = []
        while self._todo and rows < most:
            number = self._todo.pop()
            columns = store.segments.get(number)
            if columns is None:
                continue
            done = self._tested[number].rows if number in self._tested else 0
            if number in self._running or not store.is_sealed(number):
                kept.append(number)
            if done < columns.count and number not in self._running:
                pieces.append(Piece(columns, done))
                rows += columns.count - done
                self._running.add(number)
        self._todo.extend(reversed(kept))
        return Work(tuple(pieces), self._evaluator, self._generation) if pieces else None

    def accept(self, work: Work, masks: Sequence[NDArray[np.bool_]]) -> None:
        """Take the result of some work. A result that is out of date is dropped.

        Args:
            work: What `pending` returned.
            masks: What ``work.run()`` returned.
        """
        if work.generation != self._generation:
            return
        for (columns, start), mask in zip(work.pieces, masks, strict=True):
            self._running.discard(columns.number)
            tested = self._tested.setdefault(columns.number, _Tested())
            if tested.rows == start:
                tested.take(columns, mask)

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

    def _look_for_segments(self, store: StoreSnapshot) -> None:
        """Note which segments have rows to test; the newest one stands last."""
        seen = (len(store.segments), max(store.segments, default=0))
        if seen != self._seen:
            self._seen = seen
            self._todo = [
                number
                for number in sorted(store.segments)
                if number not in self._tested
                or self._tested[number].rows < store.segments[number].count
                or not store.is_sealed(number)
            ]

    def _snapshot(self, store: StoreSnapshot, chunks: tuple[Chunk, ...], matched: int, scanned: int) -> ViewSnapshot:
        starts = (0, *itertools.accumulate(map(len, chunks)))
        return ViewSnapshot(store, chunks, starts, matched, scanned, self._generation, _ascends(store.chunks))

    def _show(self, chunk: Chunk, store: StoreSnapshot) -> Chunk | None:
        """Return the rows of a chunk that pass, or None if none of them does (yet)."""
        if chunk.serial in self._shown:
            return self._shown[chunk.serial]
        segments = self._segments_of.get(chunk.serial)
        if segments is None:
            segments = self._segments_of[chunk.serial] = _segments_of(chunk)
        if not any(number in self._tested for number in segments):
            return None
        shown = chunk.part(self._passed(chunk, segments, store))
        if all(
            number in self._tested and self._tested[number].rows >= store.segments[number].count for number in segments
        ):
            self._shown[chunk.serial] = shown
        return shown

    def _mask(self, number: int, store: StoreSnapshot) -> NDArray[np.bool_]:
        """Return what is known of a segment's rows, as long as all of it; what is not known does not show."""
        mask, count = self._tested[number].mask, store.segments[number].count
        if len(mask) >= count:
            return mask
        grown = np.zeros(count, np.bool_)
        grown[: len(mask)] = mask
        return grown

    def _passed(self, chunk: Chunk, segments: list[int], store: StoreSnapshot) -> NDArray[np.bool_]:
        """Say of each row of a chunk whether it shows, as far as that is known."""
        if chunk.is_run and len(segments) == 1:
            first = chunk.base & INDEX_MASK
            return self._mask(segments[0], store)[first : first + len(chunk)]
        passed = np.zeros(len(chunk), np.bool_)
        gather(chunk.rows, {number: self._mask(number, store) for number in segments if number in self._tested}, passed)
        return passed

    def _forget(self, store: StoreSnapshot) -> None:
        """Drop what is known of chunks that no longer exist."""
        if len(self._segments_of) > 2 * len(store.chunks) + 16:
            alive = {chunk.serial for chunk in store.chunks}
            self._segments_of = {key: value for key, value in self._segments_of.items() if key in alive}
            self._shown = {key: value for key, value in self._shown.items() if key in alive}


def _ascends(chunks: tuple[Chunk, ...]) -> bool:
    """Say whether row numbers only grow over all of the store's rows, and so over those of any view."""
    return all(chunk.ascends for chunk in chunks) and all(
        one.top < other.base for one, other in itertools.pairwise(chunks)
    )


def _segments_of(chunk: Chunk) -> list[int]:
    """Return the segments that a chunk's rows lie in."""
    first, last = chunk.base >> INDEX_BITS, chunk.top >> INDEX_BITS
    return [first] if first == last else segments_in(chunk.rows)
