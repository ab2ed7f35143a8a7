"""A real store with given lines in it, and what the engine finds there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.query.evaluate import Matching
from hallucino_tui.logs.query.pipeline import Pipeline
from hallucino_tui.logs.severity import LEVEL_BITS, Level
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from tests.logs.query.obvious import evaluate
from tests.logs.query.obvious_labels import DETAILS, compares

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hallucino_tui.logs.query import ast


class Stored(NamedTuple):
    """A line as the store has it. Two lines are the same only if they stand in the same place."""

    place: tuple[int, int]
    text: str
    time: int
    labels: Mapping[str, str]
    level: Level


class Filled:
    """A store that lines were put into in the order in which they are given."""

    def __init__(self, streams: Iterable[Mapping[str, str]]) -> None:
        self.table = StreamTable()
        for number, labels in enumerate(streams):
            self.table.number(Stream((str(number),), labels))
        self.store, self.intake = Store(), Intake()

    def add(self, stream: int, lines: list[bytes], times: list[int]) -> None:
        self.store.append(self.intake.prepare(batch_of(lines, times, stream), 0))

    def lines(self) -> list[Stored]:
        """Return all lines."""
        return [
            Stored(
                (number, index),
                columns.line(index).decode(),
                int(columns.times[index]),
                self.table[int(columns.streams[index])].labels,
                Level(columns.levels[index] & LEVEL_BITS),
            )
            for number, columns in self.store.snapshot().segments.items()
            for index in range(columns.count)
        ]

    def found(self, query: ast.Query, pieces: int = 1) -> set[tuple[int, int]]:
        """Return the places of the lines that the engine lets through.

        Args:
            query: What is asked for.
            pieces: In how many steps each segment is looked through, as it is while lines come in.
        """
        matching = Matching(query, self.table)
        allowed = np.array([matching.allows(stream) for stream in self.table], np.bool_)
        places: set[tuple[int, int]] = set()
        for number, columns in self.store.snapshot().segments.items():
            for candidates in np.array_split(np.arange(columns.count), pieces):
                if not len(candidates):
                    continue
                start, stop = int(candidates[0]), int(candidates[-1]) + 1
                rows = matching.match(columns, start, stop, candidates[allowed[columns.streams[start:stop]]])
                places |= {(number, int(row)) for row in rows}
        return places


def check(filled: Filled, query: ast.Query, pieces: int = 1) -> None:
    """Hold the engine's verdicts, and what its pipeline of one line shows, against the evaluator."""
    found = filled.found(query, pieces)
    pipeline = Pipeline(query)
    for line in filled.lines():
        wanted = evaluate(query, line.text, dict(line.labels), line.level)
        about = f"{query}\non {line.text!r}\nof {dict(line.labels)}, {line.level.name}"
        assert (line.place in found) is (wanted is not None), f"verdict of {about}"
        if all(compares(matcher, line.labels.get(matcher.name, "")) for matcher in query.matchers):
            assert shown(pipeline, line) == without_details(wanted), f"pipeline of {about}"


def shown(pipeline: Pipeline, line: Stored) -> tuple[str, dict[str, str]] | None:
    made = pipeline.run(line.text, line.labels, line.time, line.level)
    return None if made is None else without_details((made.line, dict(made.labels)))


def without_details(made: tuple[str, dict[str, str]] | None) -> tuple[str, dict[str, str]] | None:
    return made and (made[0], {name: value for name, value in made[1].items() if name != DETAILS})
