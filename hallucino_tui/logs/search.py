"""Finding the next row in a view, chunk by chunk from where the reader is."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hallucino_tui.logs.filters import Evaluator, Filter
from hallucino_tui.logs.segment import segments_in
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, NOT_A_LINE, Level
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable


class Test(Protocol):
    """Says of rows of a snapshot whether they are what is looked for."""

    def __call__(self, store: StoreSnapshot, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return one answer for each row."""
        ...


def passes(filter_: Filter, table: StreamTable) -> Test:
    """Return a test for lines that a filter lets through."""
    evaluator = Evaluator(filter_, table)

    def test(store: StoreSnapshot, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        found = np.zeros(len(rows), np.bool_)
        segments = rows >> INDEX_BITS
        for number in segments_in(rows):
            columns = store.segments.get(number)
            if columns is None:
                continue
            here = np.flatnonzero(segments == number)
            index = rows[here] & INDEX_MASK
            first = int(index.min())
            passed = evaluator.evaluate(columns, first, int(index.max()) + 1)[index - first]
            found[here] = passed & (columns.levels[index] < NOT_A_LINE) if columns.has_dividers else passed
        return found

    return test


def at_least(level: Level) -> Test:
    """Return a test for lines of a level or worse that begin a record (a stack trace's frames are not found again)."""

    def test(store: StoreSnapshot, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        codes = store.levels(rows)
        return (codes < NOT_A_LINE) & (codes & LEVEL_BITS >= level) & (codes & CONTINUED == 0)

    return test


def find(
    view: ViewSnapshot,
    test: Test,
    position: int,
    *,
    backwards: bool = False,
) -> int | None:
    """Return the position of the next row after (or before) `position` that passes a test, or None.

    Args:
        view: Where to look.
        test: What to look for.
        position: Where to start; this row itself is not tested. -1 or ``len(view)`` to start outside.
        backwards: Look towards older rows.
    """
    for start, stop in _ranges(view, position, backwards=backwards):
        place = bisect.bisect_right(view.starts, start) - 1
        chunk, first = view.chunks[place], view.starts[place]
        passed = np.flatnonzero(test(view.store, chunk.rows[start - first : stop - first]))
        if len(passed):
            return start + int(passed[-1 if backwards else 0])
    return None


def _ranges(view: ViewSnapshot, position: int, *, backwards: bool) -> list[tuple[int, int]]:
    """Return the ranges of positions to test, nearest first, none of them across two chunks."""
    edges = zip(view.starts[:-1], view.starts[1:], strict=True)
    if backwards:
        return [(start, min(stop, position)) for start, stop in reversed(list(edges)) if start < position]
    return [(max(start, position + 1), stop) for start, stop in edges if stop > position + 1]
