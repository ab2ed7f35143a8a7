"""What is mined of the store's lines: the template of each, and what is counted. Used by one thread at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.template_counts import TemplateCounts
from hallucino_tui.logs.body import Held
from hallucino_tui.logs.segment import segments_in
from hallucino_tui.logs.severity import CONTINUED, NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK
from hallucino_tui.session.patterns import NO_TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from hallucino_tui.insight.templates.miner import Miner
    from hallucino_tui.logs.segment import Columns

_SMALL: Final = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class PatternFilters:
    """Filters for the lines of one template, as they can be typed.

    Attributes:
        number: The template's number.
        text: The template.
        keep: Lets only its lines through.
        hide: Lets all others through.
    """

    number: int
    text: str
    keep: str
    hide: str


class Mine:
    """Gives lines to the miner and remembers the template of each row, in two bytes where that is enough."""

    def __init__(self, miner: Miner) -> None:
        """Start empty.

        Args:
            miner: Finds the templates.
        """
        self.miner = miner
        self.counts = TemplateCounts()
        self._numbers: dict[int, NDArray[np.unsignedinteger]] = {}

    def take(self, columns: Columns, start: int, stop: int) -> None:
        """Mine the rows [`start`, `stop`) of a segment. Reads them from their file if they are not in memory."""
        was_there = columns.at_hand
        levels = columns.levels[start:stop]
        text = columns.series(start, stop)
        streams, times = columns.streams[start:stop], columns.times[start:stop]
        lines = np.flatnonzero(levels < NOT_A_LINE) if columns.has_dividers else None
        if lines is not None and len(lines) < len(levels):
            text = text.gather(lines)
            levels, streams, times = levels[lines], streams[lines], times[lines]
        else:
            lines = None
        numbers = self.miner.add(text, levels & CONTINUED > 0)
        self.counts.add(numbers, levels, streams, times)
        self._remember(columns, start, stop, numbers, lines)
        if not was_there and stop == columns.count and not isinstance(columns.body, Held):
            columns.body.release()  # nobody looks at it, and there may be far more of it than memory

    def _remember(
        self,
        columns: Columns,
        start: int,
        stop: int,
        numbers: NDArray[np.int32],
        lines: NDArray[np.int64] | None,
    ) -> None:
        """Keep the numbers one higher than they are: 0 stands for none."""
        kind = np.uint16 if len(self.miner.templates) < _SMALL else np.uint32
        kept = self._numbers.get(columns.number)
        if kept is None or len(kept) < stop or kept.dtype.itemsize < np.dtype(kind).itemsize:
            grown = np.zeros(max(stop, columns.count), kind)
            if kept is not None:
                grown[: len(kept)] = kept
            kept = self._numbers[columns.number] = grown
        part = kept[start:stop]
        if lines is None:
            part[:] = numbers + 1
        else:
            part[lines] = numbers + 1

    def owners(self) -> NDArray[np.int32]:
        """Return for each template the one that it is a part of by now; its own number for most of them."""
        templates = self.miner.templates
        owners = self.miner.resolve(np.arange(len(templates), dtype=np.int32))
        same = np.arange(len(templates), dtype=np.int32)
        first: dict[str, int] = {}
        alone: list[int] = np.unique(owners).tolist()
        for number in alone:
            same[number] = first.setdefault(templates[number].id, number)  # two that have become the same are one
        return same[owners]

    def number(self, row: int) -> int:
        """Return the number of a row's template, `NO_TEMPLATE` if it has none."""
        kept = self._numbers.get(row >> INDEX_BITS)
        index = row & INDEX_MASK
        return NO_TEMPLATE if kept is None or index >= len(kept) else int(kept[index]) - 1

    def numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the numbers of rows' templates as they are now (int32), `NO_TEMPLATE` for those that have none."""
        out = np.full(len(rows), NO_TEMPLATE, np.int32)
        segments, index = rows >> INDEX_BITS, rows & INDEX_MASK
        for segment in segments_in(rows):
            kept = self._numbers.get(segment)
            if kept is not None:
                here = (segments == segment) & (index < len(kept))
                out[here] = kept[index[here]].astype(np.int32) - 1
        known = out >= 0
        out[known] = self.owners()[out[known]]
        return out

    def filters_of(self, number: int) -> PatternFilters | None:
        """Return the filters for the lines of a template; None if it has no words to tell its lines from others by."""
        from hallucino_tui.insight.templates import query  # noqa: PLC0415 - only when asked for

        template = self.miner.templates[int(self.owners()[number])]
        if not query.can_filter(template):
            return None
        keep, hide = query.query_of(template), query.hiding_query_of(template)
        return PatternFilters(template.number, template.text, keep, hide)

    def forget(self, alive: Container[int]) -> None:
        """Forget the rows of segments that are no longer there; what was counted stays."""
        for number in [number for number in self._numbers if number not in alive]:
            del self._numbers[number]
