"""Lines turned into templates as they are read: what is counted of each, and the template of every line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.assistant.redact_keys import lines_in_keys
from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.assistant.redact_keys import KeyLines
    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.logs.segment import Columns

NO_TEMPLATE: Final = -1
_MOST_HIDDEN: Final = 10_000
_NEVER: Final = np.iinfo(np.int64).max
_STREAM_BITS: Final = 32
_STREAM_MASK: Final = (1 << _STREAM_BITS) - 1
_NAMES: Final = [level.name.lower() for level in Level]


class Part(NamedTuple):
    """Lines of the input that came from one place.

    Attributes:
        name: The file as it was named, ``-``, or the container.
        first_line: The number of its first line in the whole input, from 1.
        lines: How many lines it has.
    """

    name: str
    first_line: int
    lines: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is known of a template.

    Attributes:
        template: The template.
        count: How many lines of it there are.
        levels: How many of each level, by name, the worst first.
        level: The level that most of them have.
        streams: How many streams wrote it.
        first_line: The number of its first line in the whole input, from 1.
        last_line: The number of its last line.
        first_time: The earliest time, in nanoseconds since the epoch; None if its lines have none.
        last_time: The latest time.
    """

    template: Template
    count: int
    levels: dict[str, int]
    level: Level
    streams: int
    first_line: int
    last_line: int
    first_time: int | None
    last_time: int | None


class Mined:
    """Takes lines in the order of the input. Only with `keep` does it remember anything of each line.

    Attributes:
        lines: How many lines there were, also those that were not wanted.
        count: How many were wanted.
        parts: Where they came from.
        hidden: Lines of private keys, which nothing but the lines in front of them gives away.
    """

    def __init__(self, *, keep: bool) -> None:
        """Start empty.

        Args:
            keep: Whether to remember the template of every line.
        """
        self.lines = 0
        self.count = 0
        self.parts: list[Part] = []
        self.hidden: dict[str, None] = {}
        self._keys: dict[int, KeyLines] = {}
        self._miner = Miner()
        self._known = _Known.none(0)
        self._pairs = np.empty(0, np.int64)
        self._kept: list[NDArray[np.int32]] | None = [] if keep else None

    def add(self, columns: Columns, rows: NDArray[np.int64], untimed: Collection[int] = ()) -> None:
        """Take the next lines.

        Args:
            columns: Lines that follow on those before.
            rows: Which of them are wanted, ascending.
            untimed: Streams whose times are none.
        """
        numbers = np.empty(0, np.int32)
        read = columns.series()
        self._take_hidden(read, columns.streams[: columns.count])
        if len(rows):
            text = read if len(rows) == columns.count else read.gather(rows)
            levels, streams, times = columns.levels[rows], columns.streams[rows], columns.times[rows]
            if untimed:
                times = np.where(np.isin(streams, np.fromiter(untimed, np.uint32)), NO_TIME, times)
            numbers = self._miner.add(text, levels & CONTINUED > 0)
            self._known = self._known.with_room(len(self._miner.templates))
            self._known.take(numbers, levels & np.uint8(LEVEL_BITS), rows + self.lines + 1, times)
            pairs = np.unique((numbers.astype(np.int64) << _STREAM_BITS) | streams)
            self._pairs = np.union1d(self._pairs, pairs)
        if self._kept is not None:
            own = np.full(columns.count, NO_TEMPLATE, np.int32)
            own[rows] = numbers
            self._kept.append(own)
        self.lines += columns.count
        self.count += len(rows)

    def end_part(self, name: str) -> None:
        """Say where the lines came from that were taken since the last part ended."""
        begun = self.parts[-1].first_line + self.parts[-1].lines if self.parts else 1
        self.parts.append(Part(name, begun, self.lines - begun + 1))

    def patterns(self) -> list[Pattern]:
        """Return all templates that lines have, in the order in which they came up."""
        means = self._means()
        known = self._known.merged(means)
        pairs = (means[self._pairs >> _STREAM_BITS].astype(np.int64) << _STREAM_BITS) | (self._pairs & _STREAM_MASK)
        streams = np.bincount(np.unique(pairs) >> _STREAM_BITS, minlength=len(means))
        counts = known.levels.sum(axis=1)
        found: list[Pattern] = []
        for number in np.flatnonzero(counts).tolist():
            levels: list[int] = known.levels[number].tolist()
            timed = int(known.last_time[number]) != NO_TIME
            found.append(
                Pattern(
                    self._miner.templates[number],
                    int(counts[number]),
                    {_NAMES[level]: levels[level] for level in reversed(Level) if levels[level]},
                    Level(max(range(len(levels)), key=lambda level, levels=levels: (levels[level], level))),
                    int(streams[number]),
                    int(known.first_line[number]),
                    int(known.last_line[number]),
                    int(known.first_time[number]) if timed else None,
                    int(known.last_time[number]) if timed else None,
                )
            )
        found.sort(key=lambda one: one.first_line)
        return found

    def ids(self) -> list[str | None]:
        """Return the id of the template of every line; None for lines that were not wanted."""
        templates = self._miner.templates
        means: list[int] = self._means().tolist()
        names: list[str | None] = [templates[number].id for number in means]
        names.append(None)  # where `NO_TEMPLATE` leads
        return [names[number] for own in self._kept or () for number in own.tolist()]

    def _take_hidden(self, text: pl.Series, streams: NDArray[np.uint32]) -> None:
        for row in lines_in_keys(text, streams, self._keys):
            if len(self.hidden) < _MOST_HIDDEN:
                self.hidden[text[row] or ""] = None

    def _means(self) -> NDArray[np.int32]:
        """Return for each number that a line was given the number of the template that it means by now."""
        templates = self._miner.templates
        means = self._miner.resolve(np.arange(len(templates), dtype=np.int32))
        distinct: list[int] = np.unique(means).tolist()
        first: dict[str, int] = {}
        same = np.arange(len(templates), dtype=np.int32)
        for number in distinct:  # two that have become the same are one
            same[number] = first.setdefault(templates[number].id, number)
        return same[means]


class _Known(NamedTuple):
    """What was counted of n templates.

    Attributes:
        levels: Lines of each level (n times 8).
        first_line: The smallest line number.
        last_line: The largest line number.
        first_time: The earliest time.
        last_time: The latest time, `NO_TIME` for none.
    """

    levels: NDArray[np.int64]
    first_line: NDArray[np.int64]
    last_line: NDArray[np.int64]
    first_time: NDArray[np.int64]
    last_time: NDArray[np.int64]

    @classmethod
    def none(cls, size: int) -> _Known:
        """Return counts of nothing."""
        never, before = np.full(size, _NEVER), np.zeros(size, np.int64)
        return cls(np.zeros((size, len(Level)), np.int64), never, before, never.copy(), np.full(size, NO_TIME))

    def with_room(self, size: int) -> _Known:
        """Return the same with room for more templates."""
        have = len(self.levels)
        if size <= have:
            return self
        more = self.none(max(size, 2 * have) - have)
        return _Known(*(np.concatenate(pair) for pair in zip(self, more, strict=True)))

    def take(
        self,
        numbers: NDArray[np.int32],
        levels: NDArray[np.uint8],
        places: NDArray[np.int64],
        times: NDArray[np.int64],
    ) -> None:
        """Count m lines: their templates, levels, line numbers and times."""
        size = len(self.levels)
        flat = numbers.astype(np.int64) * len(Level) + levels
        self.levels[:] += np.bincount(flat, minlength=size * len(Level)).reshape(size, len(Level))
        np.minimum.at(self.first_line, numbers, places)
        np.maximum.at(self.last_line, numbers, places)
        np.minimum.at(self.first_time, numbers, np.where(times == NO_TIME, _NEVER, times))
        np.maximum.at(self.last_time, numbers, times)

    def merged(self, means: NDArray[np.int32]) -> _Known:
        """Return the counts of each template with those of all that it means, too."""
        have, into = len(means), self.none(len(means))
        np.add.at(into.levels, means, self.levels[:have])
        np.minimum.at(into.first_line, means, self.first_line[:have])
        np.maximum.at(into.last_line, means, self.last_line[:have])
        np.minimum.at(into.first_time, means, self.first_time[:have])
        np.maximum.at(into.last_time, means, self.last_time[:have])
        return into


SORTS: Final[dict[str, Callable[[Pattern], tuple[int, ...]]]] = {
    "count": lambda one: (-one.count, one.first_line),
    "new": lambda one: (-one.first_line,),
    "first": lambda one: (one.first_line,),
    "level": lambda one: (-one.level, -one.count, one.first_line),
}
