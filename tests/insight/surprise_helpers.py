"""Lines as a test needs them: when, who, what, how bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.tally import Span
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SECOND = 1_000_000_000
START = 1_795_000_000 * SECOND


def at(seconds: float) -> int:
    return START + int(seconds * SECOND)


def span(start: float, stop: float) -> Span:
    return Span(at(start), at(stop))


class Log:
    """Collects lines of any order."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, str, str, int]] = []
        self.names: list[str] = []
        self.streams: list[str] = []
        self.labels: dict[str, dict[str, str]] = {}

    def say(self, text: str, seconds: Iterable[float], level: int = Level.INFO, stream: str = "web-1") -> Log:
        """Add a line at each of some seconds; its text is its template."""
        for values, value in ((self.names, text), (self.streams, stream)):
            if value not in values:
                values.append(value)
        self.rows += [(at(second), text, stream, int(level)) for second in seconds]
        return self

    def number(self, text: str) -> int:
        return self.names.index(text)

    def made(self) -> tuple[Lines, NDArray[np.int32]]:
        rows = sorted(self.rows, key=lambda row: row[0])
        table = [Stream((name,), self.labels.get(name, {}), name) for name in self.streams]
        lines = Lines(
            pl.Series([text for _, text, _, _ in rows], dtype=pl.String),
            np.array([time for time, *_ in rows], np.int64),
            np.array([level for *_, level in rows], np.uint8),
            np.array([self.streams.index(stream) for _, _, stream, _ in rows], np.uint32),
            table,
        )
        return lines, np.array([self.number(text) for _, text, _, _ in rows], np.int32)


def every(pause: float, start: float, stop: float) -> list[float]:
    return [float(second) for second in np.arange(start, stop, pause)]
