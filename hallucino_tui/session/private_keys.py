"""Which lines of the store lie within a private key, wherever it begins: who picks lines may pick its middle alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.assistant.redact_keys import KeyLines, lines_in_keys, without_concealed
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot

_FAR: Final = 16
"""Segments before one that are thought of."""


def rows_in_keys(store: StoreSnapshot, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of some rows that begin within a private key (int64). May read from a disk.

    All lines of their segments are looked at, and those of the segment before each: the lines of a key come together,
    so it begins there if it does not in the same one.

    Args:
        store: Holds them.
        rows: The rows.
    """
    ordered = np.sort(rows)
    cuts = np.flatnonzero(np.diff(ordered >> INDEX_BITS)) + 1
    found = [np.empty(0, np.int64)]
    before: Columns | None = None
    left_open: dict[int, KeyLines] = {}
    for own in np.split(ordered, cuts):
        columns = store.segments.get(int(own[0]) >> INDEX_BITS) if len(own) else None
        if columns is None:
            continue
        last = _segment_before(store, columns)
        if last is None or before is None or last.number != before.number:
            left_open = {}
            if last is not None:
                _read(last, left_open)
        inside = _read(columns, left_open)
        found.append(own[np.isin(own & INDEX_MASK, inside)])
        before = columns
    return np.concatenate(found)


def _read(columns: Columns, left_open: dict[int, KeyLines]) -> NDArray[np.int64]:
    """Return the lines of a segment that begin within a key (int64).

    Args:
        columns: The segment.
        left_open: The streams that were within a key before it; afterwards those that are at its end.
    """
    found = lines_in_keys(without_concealed(columns.series()), _streams(columns), left_open)
    return np.array(sorted(found), np.int64)


def _streams(columns: Columns) -> NDArray[np.uint32]:
    return columns.streams[: columns.count]


def _segment_before(store: StoreSnapshot, columns: Columns) -> Columns | None:
    """Return the segment that has lines of the same streams and came before; None if there is none any more."""
    # Those of several files that were opened together may stand between each other.
    numbers = sorted(number for number in store.segments if number < columns.number)
    own = np.unique(_streams(columns))
    others = (store.segments[number] for number in reversed(numbers[-_FAR:]))
    return next((one for one in others if one.older == columns.older and np.isin(own, _streams(one)).any()), None)
