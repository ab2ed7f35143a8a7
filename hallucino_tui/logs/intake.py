"""What happens to a batch between a source and the store: valid text, a time for each line, a level for each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.records import LevelReader, carried, last_by_stream
from hallucino_tui.logs.utf8 import make_valid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


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
        self._levels = LevelReader()

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
        levels = self._levels.read(text_series(batch.text, batch.offsets.astype(np.int32)), batch.streams)
        return Prepared(batch, levels, raw)

    def _with_times(self, batch: Batch, now: int) -> Batch:
        missing = batch.times == NO_TIME
        if bool(missing.any()):
            times = batch.times.copy()
            for stream in np.unique(batch.streams[missing]).tolist():
                own = np.flatnonzero(batch.streams == stream)
                times[own] = carried(times[own], missing[own], self._last_times.get(stream, now))
            batch = Batch(batch.text, batch.offsets, times, batch.streams)
        for stream, last in last_by_stream(batch.streams).items():
            self._last_times[stream] = int(batch.times[last])
        return batch
