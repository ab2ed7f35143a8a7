"""From what a source brought or a store holds to lines as insight sees them, and from each of them to where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from hallucino_tui.insight.lines import Lines
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.sieve import Picked


class Gathered(NamedTuple):
    """Lines for insight.

    Attributes:
        lines: n lines in the order of time.
        numbers: Where each of them is (int64): its row in the store, or which line of its stream it is, from 1.
    """

    lines: Lines
    numbers: NDArray[np.int64]


class LineNumbers:
    """Counts the lines of each stream, in the order in which they came."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def of(self, columns: Columns) -> NDArray[np.int64]:
        """Return for each of the next lines which line of its stream it is, from 1 (int64)."""
        streams = columns.streams[: columns.count]
        numbers = np.empty(columns.count, np.int64)
        for stream in np.unique(streams).tolist():
            own = streams == stream
            before, more = self._counts.get(stream, 0), int(np.count_nonzero(own))
            numbers[own] = np.arange(before + 1, before + more + 1)
            self._counts[stream] = before + more
        return numbers


class _Part(NamedTuple):
    """Some lines of one segment, columns side by side."""

    text: pl.Series
    times: NDArray[np.int64]
    keys: NDArray[np.int64]
    levels: NDArray[np.uint8]
    streams: NDArray[np.uint32]
    numbers: NDArray[np.int64]


def gather(picked: Iterable[Picked], table: StreamTable, untimed: Collection[int] = ()) -> Gathered:
    """Return lines that a source brought, merged by time; those of one stream keep the order that they have.

    Reads what lies in files. Their numbers say which line of their stream they are.

    Args:
        picked: Whole pieces in the order in which they came, and which of their lines are wanted.
        table: Names the streams.
        untimed: Streams whose lines carry no times: what stands in their place is no time of anything.
    """
    counts = LineNumbers()
    parts: list[_Part] = []
    for columns, rows in picked:
        numbers = counts.of(columns)
        if len(rows):
            parts.append(_part(columns, rows, numbers[rows]))
    if not parts:
        return _empty(table)
    keys = np.concatenate([part.keys for part in parts])
    order = None if bool((keys[1:] >= keys[:-1]).all()) else np.argsort(keys, kind="stable")
    return _joined(parts, order, table, untimed)


def rows_of(view: ViewSnapshot) -> NDArray[np.int64]:
    """Return all rows of a view, in display order."""
    return np.concatenate([np.empty(0, np.int64), *(chunk.rows for chunk in view.chunks)])


def lines_of(store: StoreSnapshot, table: StreamTable, rows: NDArray[np.int64]) -> Gathered:
    """Return rows of the store as lines; dividers and evicted rows are left out. Reads what lies in files.

    Args:
        store: What the store holds.
        table: Names the streams.
        rows: Row numbers, in the order in which the lines are wanted. They are the numbers of what is returned.
    """
    places = np.argsort(rows >> INDEX_BITS, kind="stable")
    sorted_rows = rows[places]
    cuts = np.flatnonzero(np.diff(sorted_rows >> INDEX_BITS)) + 1
    parts: list[_Part] = []
    taken: list[NDArray[np.int64]] = []
    for here, own in zip(np.split(places, cuts), np.split(sorted_rows, cuts), strict=True):
        columns = store.segments.get(int(own[0]) >> INDEX_BITS) if len(own) else None
        if columns is None:
            continue
        index = own & INDEX_MASK
        there = index < columns.count
        if columns.has_dividers:
            there[there] = columns.levels[index[there]] < NOT_A_LINE
        if bool(there.any()):
            parts.append(_part(columns, index[there], own[there]))
            taken.append(here[there])
    if not parts:
        return _empty(table)
    where = np.concatenate(taken)
    order = None if bool((where[1:] > where[:-1]).all()) else np.argsort(where)
    return _joined(parts, order, table, ())


def _part(columns: Columns, rows: NDArray[np.int64], numbers: NDArray[np.int64]) -> _Part:
    text, body = columns.series(), columns.body
    if len(rows) == columns.count and bool((rows == np.arange(len(rows))).all()):
        count = columns.count
        return _Part(text, body.times[:count], body.keys[:count], body.levels[:count], body.streams[:count], numbers)
    return _Part(text.gather(rows), body.times[rows], body.keys[rows], body.levels[rows], body.streams[rows], numbers)


def _joined(
    parts: list[_Part], order: NDArray[np.int64] | None, table: StreamTable, untimed: Collection[int]
) -> Gathered:
    """Return parts as one, in an order that is given by indices; None for the order that they have."""
    text = pl.concat([part.text for part in parts], rechunk=False)
    times = np.concatenate([part.times for part in parts])
    levels = np.concatenate([part.levels for part in parts])
    streams = np.concatenate([part.streams for part in parts])
    numbers = np.concatenate([part.numbers for part in parts])
    if untimed:
        times[np.isin(streams, np.fromiter(untimed, np.uint32))] = NO_TIME
    if order is not None:
        text, times, levels = text.gather(order), times[order], levels[order]
        streams, numbers = streams[order], numbers[order]
    return Gathered(Lines(text, times, levels, streams, tuple(table)), numbers)


def _empty(table: StreamTable) -> Gathered:
    lines = Lines(
        pl.Series([], dtype=pl.String),
        np.empty(0, np.int64),
        np.empty(0, np.uint8),
        np.empty(0, np.uint32),
        tuple(table),
    )
    return Gathered(lines, np.empty(0, np.int64))
