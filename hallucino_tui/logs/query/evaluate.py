"""Which lines of a segment a query lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.query.ast import Query
from hallucino_tui.logs.query.by_need import by_need
from hallucino_tui.logs.query.find_lines import lines_at
from hallucino_tui.logs.query.frame import Frame
from hallucino_tui.logs.query.frame_steps import frame_step
from hallucino_tui.logs.query.line_match import LineMatch
from hallucino_tui.logs.query.line_state import Item, LineState
from hallucino_tui.logs.query.pipeline import Pipeline
from hallucino_tui.logs.query.plan import plan
from hallucino_tui.logs.query.selector import stream_matches
from hallucino_tui.logs.severity import LEVEL_BITS, Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import Stream, StreamTable

_BATCH = 2048


class Matching:
    """Applies one query to rows of the store. Several threads may use it at once."""

    def __init__(self, query: Query, table: StreamTable) -> None:
        """Prepare a query.

        Args:
            query: What is looked for.
            table: The streams that rows name.
        """
        self._table = table
        self._streams = stream_matches(query)
        planned = plan(query)
        matches = [LineMatch(line_filter) for line_filter in planned.line_filters]
        self._lines = [match for match in matches if not match.keeps_all]
        self._implied = [(name, LineMatch(line_filter)) for name, line_filter in planned.implied]
        self._holding: tuple[int, list[LineMatch]] = (-1, [])
        self._levels = planned.levels
        self._steps = [frame_step(stage) for stage in by_need(planned.stages)]
        self._errors = planned.reads_errors
        self._reads_level = planned.reads_level
        self._reads_time = planned.reads_time
        self._alone = Pipeline(Query(stages=planned.query_stages))

    @property
    def passes_all(self) -> bool:
        """Whether every line of the streams that it allows passes."""
        return not self._lines and not self._steps and bool(self._levels.all())

    def allows(self, stream: Stream) -> bool:
        """Say whether lines of a stream may pass."""
        return all(match.test_one(stream.labels.get(name, "")) for name, match in self._streams)

    def match(self, columns: Columns, start: int, stop: int, candidates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some rows that pass.

        Args:
            columns: The segment.
            start: The first row.
            stop: Behind the last row.
            candidates: Ascending indices of rows within [`start`, `stop`): lines of streams that are allowed.
        """
        rows = candidates
        for match in (*self._lines, *self._implications()):
            rows = match.select(columns, start, stop, rows)
        if len(rows) and not self._levels.all():
            rows = rows[self._levels[columns.levels[rows] & LEVEL_BITS]]
        return self._match_stages(columns, rows) if len(rows) and self._steps else rows

    def _implications(self) -> list[LineMatch]:
        """Return what label filters say about the text of lines, if no stream has those labels itself."""
        count, matches = self._holding
        if self._implied and count != len(self._table):
            count = len(self._table)
            named = {name for stream in self._table for name in stream.labels}
            matches = [match for name, match in self._implied if name not in named]
            self._holding = (count, matches)
        return matches

    def _match_stages(self, columns: Columns, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        frame = Frame(columns, self._table, rows, errors=self._errors)
        for step in self._steps:
            if step is None:
                frame.set_aside(np.ones(len(frame), np.bool_))
            if not len(frame):
                break
            if step is not None:
                step.run(frame)
        if not frame.aside:
            return frame.rows
        alone = np.sort(np.concatenate(frame.aside))
        return np.sort(np.concatenate((frame.rows, *self._match_alone(columns, alone))))

    def _match_alone(self, columns: Columns, rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Return those of some rows that pass, each looked at alone."""
        passed: list[NDArray[np.int64]] = []
        for first in range(0, len(rows), _BATCH):
            some = rows[first : first + _BATCH]
            lines = lines_at(columns, some).to_list()
            streams = columns.streams[some].tolist()
            times = columns.times[some].tolist() if self._reads_time else [0] * len(some)
            levels = (columns.levels[some] & LEVEL_BITS).tolist() if self._reads_level else [0] * len(some)
            states = [
                LineState(Item(line, self._table[stream].labels, time, Level(level)))
                for line, stream, time, level in zip(lines, streams, times, levels, strict=True)
            ]
            survivors = {id(state) for state in self._alone.survivors(states)}
            passed.append(some[[id(state) in survivors for state in states]])
        return passed
