"""What a view shows: which streams, from which level on, in which span of time, and what queries let through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.records import carried
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, NOT_A_LINE, Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.logs.query.evaluate import Matching
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import Stream, StreamTable


@dataclass(frozen=True, slots=True)
class Filter:
    """A test that each line passes or not.

    Attributes:
        streams: Says of a stream whether its lines may show; None lets all through.
        level: Lines below this level do not show; `Level.UNKNOWN` shows all, also those without a level.
        queries: All of them have to let a line through.
        since: Lines before this time do not show, in nanoseconds; None for no bound.
        until: Lines from this time on do not show; None for no bound.
        whole_records: Whether a line that shows brings the other lines of its record, such as a stack trace.
    """

    streams: Callable[[Stream], bool] | None = None
    level: Level = Level.UNKNOWN
    queries: tuple[Query, ...] = ()
    since: int | None = None
    until: int | None = None
    whole_records: bool = False

    @property
    def shows_all(self) -> bool:
        """Whether every line passes."""
        bounded = self.since is not None or self.until is not None
        return self.streams is None and self.level is Level.UNKNOWN and not self.queries and not bounded


class Evaluator:
    """Applies one filter to rows of the store. Remembers which streams it lets through.

    Several threads may evaluate different segments at once.
    """

    def __init__(self, filter_: Filter, table: StreamTable) -> None:
        self._filter = filter_
        self._table = table
        self._allowed = np.empty(0, np.bool_)
        self._matchings: tuple[Matching, ...] | None = None

    def evaluate(self, columns: Columns, start: int, stop: int) -> NDArray[np.bool_]:
        """Say of each row in [`start`, `stop`) of a segment whether it shows. Dividers show with their stream."""
        wanted = self._filter
        mask = self._allow(columns.streams[start:stop])
        if (wanted.since is not None or wanted.until is not None) and mask.any():
            mask &= self._in_time(columns, start, stop)
        narrows = bool(wanted.queries) or wanted.level is not Level.UNKNOWN
        if not narrows or not mask.any():
            return mask
        if not wanted.queries:
            levels = columns.levels[start:stop]
            passed = mask & (levels & LEVEL_BITS >= wanted.level)
        else:
            passed = self._match(columns, start, mask)
            levels = columns.levels[start:stop] if passed.any() or columns.has_dividers else None
            if levels is not None and wanted.level is not Level.UNKNOWN:
                passed &= levels & LEVEL_BITS >= wanted.level
        if levels is None:
            return passed
        if wanted.whole_records and wanted.queries:
            passed = _with_records(passed, levels, columns.streams[start:stop])
        return (passed & (levels < NOT_A_LINE)) | (mask & (levels >= NOT_A_LINE))

    def _match(self, columns: Columns, start: int, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which of the rows in `mask` all queries let through."""
        candidates = np.flatnonzero(mask) + start
        if columns.has_dividers:
            candidates = candidates[columns.levels[candidates] < NOT_A_LINE]
        for matching in self._compiled():
            if not len(candidates):
                break
            candidates = matching.match(columns, start, start + len(mask), candidates)
        passed = np.zeros(len(mask), np.bool_)
        passed[candidates - start] = True
        return passed

    def _allow(self, streams: NDArray[np.uint32]) -> NDArray[np.bool_]:
        if self._filter.streams is None and not any(query.matchers for query in self._filter.queries):
            return np.ones(len(streams), np.bool_)
        allowed = self._allowed
        if len(allowed) < len(self._table):
            # Streams are only ever added, so what is known of the first ones stays true.
            added = [self._allows(self._table[number]) for number in range(len(allowed), len(self._table))]
            allowed = self._allowed = np.concatenate((allowed, np.array(added, np.bool_)))
        return allowed[streams]

    def _allows(self, stream: Stream) -> bool:
        wanted = self._filter.streams
        return (wanted is None or wanted(stream)) and all(matching.allows(stream) for matching in self._compiled())

    def _compiled(self) -> tuple[Matching, ...]:
        if self._matchings is None:
            # It brings Polars, which takes long to import.
            from hallucino_tui.logs.query.evaluate import Matching  # noqa: PLC0415

            self._matchings = tuple(Matching(query, self._table) for query in self._filter.queries)
        return self._matchings

    def _in_time(self, columns: Columns, start: int, stop: int) -> NDArray[np.bool_] | bool:
        since = np.iinfo(np.int64).min if self._filter.since is None else self._filter.since
        until = np.iinfo(np.int64).max if self._filter.until is None else self._filter.until
        if (span := columns.span) is not None:
            if span[1] < since or span[0] >= until:
                return False
            if span[0] >= since and span[1] < until:
                return True
        times = columns.times[start:stop]
        return (times >= since) & (times < until)


def _with_records(
    passed: NDArray[np.bool_], levels: NDArray[np.uint8], streams: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Return `passed` with all lines of each record of which one passed, as far as they are in this segment."""
    whole = passed.copy()
    for stream in np.unique(streams[passed]).tolist():
        own = np.flatnonzero((streams == stream) & (levels < NOT_A_LINE))
        goes_on = levels[own] & CONTINUED > 0
        record = carried(np.arange(len(own)), goes_on, 0)
        hit = np.zeros(len(own), np.bool_)
        hit[record[passed[own]]] = True
        whole[own] = hit[record]
    return whole
