"""Logs whose lines people have put into groups, and how well other groups agree with those."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hallucino_tui.insight.templates.miner import Miner

if TYPE_CHECKING:
    from collections.abc import Sequence

SETS = Path(__file__).parents[2] / "shared" / "data" / "loghub" / "loghub_2k"


@dataclass(frozen=True)
class LogSet:
    """A log with the truth.

    Attributes:
        name: The system that wrote it.
        raw: n lines as they are in the file.
        content: n messages without their heads.
        events: Which group each line belongs to.
    """

    name: str
    raw: list[str]
    content: list[str]
    events: list[str]


@dataclass(frozen=True)
class Agreement:
    """How well groups agree with the truth. A group counts if it has exactly the lines of one of the true groups.

    Attributes:
        accuracy: The share of lines that are in such groups (GA).
        f1: The harmonic mean of the shares of such groups among the found and among the true ones (FGA).
        found: How many groups were found.
        true: How many there are.
    """

    accuracy: float
    f1: float
    found: int
    true: int


def log_sets() -> list[LogSet]:
    """Return all logs that there are, none where the folder is missing."""
    return [read_set(folder) for folder in sorted(SETS.glob("*")) if folder.is_dir()]


def read_set(folder: Path) -> LogSet:
    """Read one log."""
    text = (folder / f"{folder.name}_2k.log").read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    with (folder / f"{folder.name}_2k.log_structured.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file))
    return LogSet(
        folder.name,
        text.removesuffix("\n").split("\n"),
        [row["Content"] for row in rows],
        [row["EventId"] for row in rows],
    )


def mine(lines: list[str]) -> list[int]:
    """Return the number of each line's template."""
    return Miner().add(pl.Series(lines, dtype=pl.String)).tolist()


def agreement(found: Sequence[object], true: Sequence[object]) -> Agreement:
    """Compare groups of the same n lines."""
    own, theirs = _groups(found), _groups(true)
    right = own & theirs
    both = len(own) + len(theirs)
    return Agreement(sum(map(len, right)) / len(true), 2 * len(right) / both, len(own), len(theirs))


def _groups(labels: Sequence[object]) -> set[frozenset[int]]:
    groups: dict[object, set[int]] = defaultdict(set)
    for line, label in enumerate(labels):
        groups[label].add(line)
    return {frozenset(group) for group in groups.values()}
