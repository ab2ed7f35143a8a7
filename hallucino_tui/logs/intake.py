"""What happens to a batch between a source and the store: valid text, a time for each line, a level for each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.levels import detect_continuations, detect_levels, detect_traces
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.logs.utf8 import make_valid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int64, np.uint8)


class Prepared(NamedTuple):
    """A batch that the store can take.

    Attributes:
        batch: Lines with valid text and a time each.
        levels: n level codes with flags (uint8).
        raw: Original bytes of the lines whose text was repaired, by index.
    """

    batch: Batch
    levels: NDArray[np.uint8]
    raw: Mapping[int, bytes]


class Intake:
    """Prepares batches. Remembers of each stream its last time and level, for lines that have none of their own."""

    def __init__(self) -> None:
        self._last_times: dict[int, int] = {}
        self._last_levels: dict[int, int] = {}

    def prepare(self, batch: Batch, now: int) -> Prepared:
        """Make text valid, fill in missing times, and find levels.

        Args:
            batch: Lines as they came.
            now: The time for lines of a stream that has told none yet, in nanoseconds.
        """
        # Both the text buffer and the numbers in it go to Polars, which trusts them.
        from hallucino_tui.logs.arrow import text_series  # noqa: PLC0415 - Polars takes long to import

        batch, raw = make_valid(batch)
        batch = self._with_times(batch, now)
        lines = text_series(batch.text, batch.offsets.astype(np.int32))
        levels = detect_levels(lines)
        traces = np.flatnonzero(levels == Level.ERROR)
        traces = traces[detect_traces(lines.gather(traces))] if len(traces) else traces
        if len(traces):
            self._join_traces(batch.streams, levels, traces)
        unknown = np.flatnonzero(levels == Level.UNKNOWN)
        continued = unknown[detect_continuations(lines.gather(unknown))] if len(unknown) else unknown
        if len(continued):
            levels[continued] = self._levels_before(batch.streams, levels, continued) | CONTINUED
        self._remember(batch.streams, levels)
        return Prepared(batch, levels, raw)

    def _with_times(self, batch: Batch, now: int) -> Batch:
        missing = batch.times == NO_TIME
        if bool(missing.any()):
            times = batch.times.copy()
            for stream in np.unique(batch.streams[missing]).tolist():
                own = np.flatnonzero(batch.streams == stream)
                times[own] = _carried(times[own], missing[own], self._last_times.get(stream, now))
            batch = Batch(batch.text, batch.offsets, times, batch.streams)
        for stream, last in _last_by_stream(batch.streams).items():
            self._last_times[stream] = int(batch.times[last])
        return batch

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
            found[own] = _carried(found[own], missing[own], self._last_levels.get(stream, Level.UNKNOWN))
        return found[rows]

    def _remember(self, streams: NDArray[np.uint32], levels: NDArray[np.uint8]) -> None:
        for stream, last in _last_by_stream(streams).items():
            self._last_levels[stream] = int(levels[last]) & ~CONTINUED


def _carried(values: NDArray[_Number], missing: NDArray[np.bool_], before: int) -> NDArray[_Number]:
    """Return `values` with each missing one replaced by the last one in front of it, or by `before`."""
    index = np.where(missing, -1, np.arange(len(values)))
    np.maximum.accumulate(index, out=index)
    return np.where(index >= 0, values[np.maximum(index, 0)], np.array(before, values.dtype))


def _last_by_stream(streams: NDArray[np.uint32]) -> dict[int, int]:
    """Return the index of the last line of each stream in a batch."""
    numbers, from_the_end = np.unique(streams[::-1], return_index=True)
    return dict(zip(numbers.tolist(), (len(streams) - 1 - from_the_end).tolist(), strict=True))
