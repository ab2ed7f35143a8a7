"""What a view shows: which streams, from which level on, with and without which words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.levels import LEVEL_BITS, NOT_A_LINE, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import Stream, StreamTable

_WORD: Final = re.compile(r'(!?)(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Word:
    """A word that lines must contain, or must not. Case does not matter.

    Attributes:
        text: The word, or a phrase that stood between quotes.
        exclude: Whether lines with it go.
    """

    text: str
    exclude: bool = False

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if " " in self.text or not self.text or self.text.startswith("!") else self.text
        return f"!{quoted}" if self.exclude else quoted

    def matches(self, lines: pl.Series) -> NDArray[np.bool_]:
        """Say of each of n strings whether it passes."""
        import polars as pl  # noqa: PLC0415 - it takes long to import, and drawing lines never needs it

        found = lines.str.contains("(?i)" + pl.escape_regex(self.text)).to_numpy()
        return ~found if self.exclude else found


def parse_words(text: str) -> tuple[Word, ...]:
    """Read what a user typed as plain words: ``word`` keeps, ``!word`` excludes, quotes hold a phrase together."""
    return tuple(
        Word(match[2] if match[2] is not None else match[3], exclude=bool(match[1]))
        for match in _WORD.finditer(text)
        if match[2] or match[3]
    )


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
