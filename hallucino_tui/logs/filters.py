"""What a view shows: which streams, from which level on, with and without which words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.severity import LEVEL_BITS, NOT_A_LINE, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import Stream, StreamTable
    from hallucino_tui.logs.words import Word


@dataclass(frozen=True, slots=True)
class Filter:
    """A test that each line passes or not.

    Attributes:
        streams: Says of a stream whether its lines may show; None lets all through.
        level: Lines below this level do not show; `Level.UNKNOWN` shows all, also those without a level.
        words: All of them have to hold.
    """

    streams: Callable[[Stream], bool] | None = None
    level: Level = Level.UNKNOWN
    words: tuple[Word, ...] = ()

    @property
    def shows_all(self) -> bool:
        """Whether every line passes."""
        return self.streams is None and self.level is Level.UNKNOWN and not self.words


class Evaluator:
    """Applies one filter to rows of the store. Remembers which streams it lets through."""

    def __init__(self, filter_: Filter, table: StreamTable) -> None:
        self._filter = filter_
        self._table = table
        self._allowed = np.empty(0, np.bool_)

    def evaluate(self, columns: Columns, start: int, stop: int) -> NDArray[np.bool_]:
        """Say of each row in [`start`, `stop`) of a segment whether it shows. Dividers show with their stream."""
        wanted = self._filter
        streams = columns.streams[start:stop]
        levels = columns.levels[start:stop]
        mask = np.ones(stop - start, np.bool_) if wanted.streams is None else self._allow(streams)
        lines = levels < NOT_A_LINE
        if wanted.level is not Level.UNKNOWN:
            mask &= ~lines | (levels & LEVEL_BITS >= wanted.level)
        if wanted.words:
            self._match_words(columns, start, mask, lines)
        return mask

    def _allow(self, streams: NDArray[np.uint32]) -> NDArray[np.bool_]:
        wanted = self._filter.streams
        if wanted is not None and len(self._allowed) < len(self._table):
            # Streams are only ever added, so what is known of the first ones stays true.
            added = [wanted(self._table[number]) for number in range(len(self._allowed), len(self._table))]
            self._allowed = np.concatenate((self._allowed, np.array(added, np.bool_)))
        return self._allowed[streams]

    def _match_words(self, columns: Columns, start: int, mask: NDArray[np.bool_], lines: NDArray[np.bool_]) -> None:
        candidates = np.flatnonzero(mask & lines)
        if not len(candidates):
            return
        series = columns.series(start, start + len(mask))
        for word in self._filter.words:
            text = series if len(candidates) == len(mask) else series.gather(candidates)
            passed = word.matches(text)
            mask[candidates[~passed]] = False
            candidates = candidates[passed]
            if not len(candidates):
                return
