"""Which lines belong together, and how severe they are: frames of a stack trace have the level of their record."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hallucino_tui.logs.levels import detect_continuations, detect_levels, detect_traces
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int64, np.uint8)


class LevelReader:
    """Finds the level of each line. Remembers the last one of each stream, for lines that go on with its record."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def read(self, lines: pl.Series, streams: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """Return the level code of each of n lines, with flags (uint8).

        Args:
            lines: n strings in the order in which they were written.
            streams: n stream numbers.
        """
        levels = detect_levels(lines)
        traces = np.flatnonzero(levels == Level.ERROR)
        traces = traces[detect_traces(lines.gather(traces))] if len(traces) else traces
        if len(traces):
            self._join_traces(streams, levels, traces)
        unknown = np.flatnonzero(levels == Level.UNKNOWN)
        continued = unknown[detect_continuations(lines.gather(unknown))] if len(unknown) else unknown
        if len(continued):
            levels[continued] = self._levels_before(streams, levels, continued) | CONTINUED
        for stream, last in last_by_stream(streams).items():
            self._last[stream] = int(levels[last]) & ~CONTINUED
        return levels

    def _join_traces(self, streams: NDArray[np.uint32], levels: NDArray[np.uint8], traces: NDArray[np.int64]) -> None:
        """Let a trace-back go on with the error in front of it; without one it is an error of its own."""
        before = self._levels_before(streams, levels, traces)
        joined = traces[before >= Level.ERROR]
        levels[joined] = before[before >= Level.ERROR] | CONTINUED

    def _levels_before(
        self, streams: NDArray[np.uint32], levels: NDArray[np.uint8], rows: NDArray[np.int64]
    ) -> NDArray[np.uint8]:
        """Return for some rows the level of the last other row of their stream in front of them."""
        missing = np.zeros(len(levels), np.bool_)
        missing[rows] = True
        found = np.bitwise_and(levels, np.uint8(LEVEL_BITS))
        for stream in np.unique(streams[rows]).tolist():
            own = np.flatnonzero(streams == stream)
            found[own] = carried(found[own], missing[own], self._last.get(stream, Level.UNKNOWN))
        return found[rows]


def carried(values: NDArray[_Number], missing: NDArray[np.bool_], before: int) -> NDArray[_Number]:
    """Return `values` with each missing one replaced by the last one in front of it, or by `before`."""
    index = np.where(missing, -1, np.arange(len(values)))
    np.maximum.accumulate(index, out=index)
    return np.where(index >= 0, values[np.maximum(index, 0)], np.array(before, values.dtype))


def last_by_stream(streams: NDArray[np.uint32]) -> dict[int, int]:
    """Return the index of the last line of each stream in a batch."""
    numbers, from_the_end = np.unique(streams[::-1], return_index=True)
    return dict(zip(numbers.tolist(), (len(streams) - 1 - from_the_end).tolist(), strict=True))
