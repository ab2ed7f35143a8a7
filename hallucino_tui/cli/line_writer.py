"""Lines that a query lets through, to standard output: as they are, as JSON, or only counted."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.logs.query import ast
from hallucino_tui.logs.severity import LEVEL_BITS, Level
from hallucino_tui.logs.text import shown_lines
from hallucino_tui.session.collect import source_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.query.pipeline import Pipeline
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import StreamTable

_CHANGES: Final = (ast.LineFormat, ast.Unpack, ast.Decolorize)
_NEWLINE: Final = 10


class LineWriter:
    """Writes lines until it has written as many as were asked for.

    Attributes:
        count: Lines that were let through so far.
    """

    def __init__(
        self, table: StreamTable, query: ast.Query | None, arguments: argparse.Namespace, *, several: bool
    ) -> None:
        """Prepare.

        Args:
            table: Names the streams.
            query: What the lines have passed; it may change what is printed of them.
            arguments: The command line: ``count``, ``limit``, ``output``, ``timestamps`` and ``prefix``.
            several: Whether lines of more than one stream come.
        """
        self.count = 0
        self._table = table
        self._limit: int | None = arguments.limit
        self._json: bool = arguments.output == "json"
        self._only_count: bool = arguments.count
        self._timestamps: bool = arguments.timestamps
        self._prefix: bool = several if arguments.prefix is None else arguments.prefix
        self._changes_line = query is not None and any(isinstance(stage, _CHANGES) for stage in query.stages)
        self._pipeline = _pipeline(query) if self._changes_line or self._json else None
        self._out = sys.stdout.buffer
        self._harmless = sys.stdout.isatty()
        self._encode = msgspec.json.Encoder().encode

    @property
    def is_full(self) -> bool:
        """Whether as many lines were let through as were asked for."""
        return self._limit is not None and self.count >= self._limit

    def write(self, columns: Columns, rows: NDArray[np.int64] | Sequence[int]) -> None:
        """Write some lines of a segment.

        Args:
            columns: The segment.
            rows: Indices of lines that the query lets through, in the order in which they are written.
        """
        if self._limit is not None:
            rows = rows[: max(self._limit - self.count, 0)]
        self.count += len(rows)
        if self._only_count or not len(rows):
            return
        plain = not (self._json or self._pipeline or self._timestamps or self._prefix or columns.raw)
        lines = _joined(columns, np.asarray(rows)) if plain else b"".join([self._line(columns, row) for row in rows])
        self._out.write(shown_lines(lines.decode("utf-8", "replace")).encode() if self._harmless else lines)

    def flush(self) -> None:
        """Let what was written be seen."""
        self._out.flush()

    def finish(self) -> None:
        """Write what is left to be said."""
        if self._only_count:
            self._out.write(b"%d\n" % self.count)
        self._out.flush()

    def _line(self, columns: Columns, row: int) -> bytes:
        stream, time = self._table[int(columns.streams[row])], int(columns.times[row])
        text, labels = columns.original(row), stream.labels
        level = Level(int(columns.levels[row]) & LEVEL_BITS) if self._json or self._pipeline else Level.UNKNOWN
        if self._pipeline is not None:
            processed = self._pipeline.run(columns.line(row).decode(), labels, time, level)
            if processed is not None:
                labels = processed.labels
                text = processed.line.encode() if self._changes_line else text
        if self._json:
            found = {"time": format_prefix(time), "level": level.name.lower(), "labels": dict(labels)}
            return self._encode({**found, "line": text.decode("utf-8", "replace")}) + b"\n"
        name = f"{source_of(stream)} ".encode() if self._prefix else b""
        stamp = f"{format_prefix(time)} ".encode() if self._timestamps else b""
        return b"%s%s%s\n" % (name, stamp, text)


def _pipeline(query: ast.Query | None) -> Pipeline | None:
    """Return what makes of each line what is printed; None for nothing."""
    if query is None or not query.stages:
        return None
    from hallucino_tui.logs.query.pipeline import Pipeline

    return Pipeline(query)


def _joined(columns: Columns, rows: NDArray[np.int64]) -> bytes:
    """Return lines with their newlines, all in one go."""
    offsets = columns.offsets.astype(np.int64)
    starts, ends = offsets[rows], offsets[rows + 1]
    widths = ends - starts + 1
    stops = np.cumsum(widths)
    out = np.full(int(stops[-1]), _NEWLINE, np.uint8)
    taken = np.arange(len(out)) - np.repeat(stops - widths, widths) + np.repeat(starts, widths)
    is_text = np.ones(len(out), np.bool_)
    is_text[stops - 1] = False
    out[is_text] = columns.text[taken[is_text]]
    return out.tobytes()
