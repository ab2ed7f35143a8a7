"""Finding the few lines of a text that may match, without a look at each line.

Pieces of some KiB are searched as if they were one line. Only where something is found, lines are worth a look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.arrow import text_series

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.logs.query.probe import Probe
    from hallucino_tui.logs.segment import Columns


def find_lines(columns: Columns, start: int, stop: int, probe: Probe, piece: int) -> NDArray[np.int64]:
    """Return the rows in [`start`, `stop`) that may match, in ascending order. All others do not match.

    Args:
        columns: The segment.
        start: First row.
        stop: Behind the last row.
        probe: What to look for; it never matches an empty text.
        piece: How many bytes are searched at once.
    """
    offsets = columns.offsets[start : stop + 1]
    edges = _edges(offsets, piece)
    # One call for all of it: each step in Polars costs a tenth of a millisecond before it begins.
    places = text_series(columns.text, offsets[edges]).str.find(probe.text, literal=probe.literal).to_numpy()
    hits = np.flatnonzero(~np.isnan(places))
    if not len(hits):
        return np.empty(0, np.int64)
    # Lines of the piece in front of the first match are done with.
    found = offsets[edges[hits]] + places[hits].astype(np.int64)
    return _ranges(np.searchsorted(offsets, found, side="right") - 1, edges[hits + 1]) + start


def lines_at(columns: Columns, rows: NDArray[np.int64]) -> pl.Series:
    """Return the lines of some rows as a series that shares the segment's text.

    Args:
        columns: The segment.
        rows: Ascending indices.
    """
    count = len(rows)
    if not count:
        return columns.series(0, 0)
    first, last = int(rows[0]), int(rows[-1])
    if last - first + 1 == count:
        return columns.series(first, last + 1)
    if count * 3 < last - first:
        return _parts(columns.text, columns.offsets[rows], columns.offsets[rows + 1])
    return columns.series(first, last + 1).gather(rows - first)


def _edges(offsets: NDArray[np.int32], piece: int) -> NDArray[np.int64]:
    """Return the lines where pieces of text begin, and behind them the number of lines."""
    first, last = int(offsets[0]), int(offsets[-1])
    cuts = np.searchsorted(offsets, np.arange(first + piece, last, piece))
    edges = np.concatenate(([0], cuts, [len(offsets) - 1])).astype(np.int64)
    return edges[np.append(edges[1:] > edges[:-1], True)]


def _parts(text: NDArray[np.uint8], begins: NDArray[np.int32], ends: NDArray[np.int32]) -> pl.Series:
    """Return parts of a text that follow one another: every second of the strings that their edges cut it into."""
    edges = np.empty(2 * len(begins), np.int32)
    edges[0::2] = begins
    edges[1::2] = ends
    return text_series(text, edges).gather_every(2)


def _ranges(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all numbers of the ranges [begin, end)."""
    lengths = ends - begins
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(begins - before, lengths)
