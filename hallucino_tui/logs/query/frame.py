"""Many lines on their way through a pipeline: their texts and labels as columns.

A line of which columns cannot say exactly what becomes is set aside, and goes its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.query.find_lines import lines_at
from hallucino_tui.logs.query.label_names import (
    FILTER_ERROR,
    JSON_ERROR,
    LEVEL,
    LOGFMT_ERROR,
    SUFFIX,
)
from hallucino_tui.logs.severity import LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.stream import StreamTable

ERRORS: Final = ("", JSON_ERROR, LOGFMT_ERROR, FILTER_ERROR)
_LEVELS: Final = pl.Series([level.name.lower() for level in Level])


class Frame:
    """Lines of one segment.

    Attributes:
        rows: Their indices in the segment, ascending.
        aside: Indices of lines that were set aside.
        errors: What went wrong with each line: an index into `ERRORS`. Only kept if some stage reads it.
    """

    def __init__(self, columns: Columns, table: StreamTable, rows: NDArray[np.int64], *, errors: bool) -> None:
        self.rows = rows
        self.aside: list[NDArray[np.int64]] = []
        self.errors = np.zeros(len(rows), np.uint8) if errors else None
        self._columns = columns
        self._table = table
        self._lines: pl.Series | None = None
        self._labels: dict[str, pl.Series] = {}
        self._taken: dict[str, NDArray[np.bool_]] = {}
        self._came: dict[str, NDArray[np.bool_]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lines(self) -> pl.Series:
        """The texts as they are now."""
        if self._lines is None:
            self._lines = lines_at(self._columns, self.rows)
        return self._lines

    @lines.setter
    def lines(self, lines: pl.Series) -> None:
        self._lines = lines

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The severities."""
        return self._columns.levels[self.rows] & np.uint8(LEVEL_BITS)

    def keep(self, mask: NDArray[np.bool_]) -> None:
        """Go on with some of the lines only."""
        if mask.all():
            return
        self.rows = self.rows[mask]
        chosen = pl.Series(mask)
        self._lines = None if self._lines is None else self._lines.filter(chosen)
        self._labels = {name: values.filter(chosen) for name, values in self._labels.items()}
        self._taken = {name: taken[mask] for name, taken in self._taken.items()}
        self._came = {name: came[mask] for name, came in self._came.items()}
        self.errors = None if self.errors is None else self.errors[mask]

    def set_aside(self, mask: NDArray[np.bool_]) -> None:
        """Let some of the lines go their own way."""
        if mask.any():
            self.aside.append(self.rows[mask])
            self.keep(~mask)

    def get(self, name: str) -> pl.Series:
        """Return the values of a label, null where it is missing."""
        if name not in self._labels:
            self._labels[name] = self._came_values(name)
        return self._labels[name]

    def came_with(self, name: str) -> NDArray[np.bool_]:
        """Say of each line whether its stream has a label, whatever became of it since."""
        if name not in self._came:
            self._came[name] = self._came_values(name).is_not_null().to_numpy()
        return self._came[name]

    def put(self, name: str, values: pl.Series, *, may_replace: bool = True) -> None:
        """Give lines a label.

        Args:
            name: Its name.
            values: Its values, null for lines that stay as they are.
            may_replace: Whether a label that was set by a stage may be set again.
        """
        taken = self._taken.get(name)
        if taken is not None and not may_replace:
            values = _where(~taken, values)
        given = values.is_not_null().to_numpy()
        old = self.get(name)
        self._labels[name] = values if old.null_count() == len(old) else _either(values, old)
        self._taken[name] = given if taken is None else taken | given

    def remove(self, name: str, mask: NDArray[np.bool_]) -> None:
        """Take a label away from some lines."""
        self._labels[name] = _where(~mask, self.get(name))

    def offer(self, name: str, values: pl.Series, wanted: Iterable[str]) -> None:
        """Give lines a label that was found in them, under another name where their stream has one of that name.

        Args:
            name: The name.
            values: What was found, null for nothing.
            wanted: The labels that matter.
        """
        came = self.came_with(name)
        if name in wanted and not came.all():
            self.put(name, _where(~came, values) if came.any() else values, may_replace=False)
        if name + SUFFIX in wanted and came.any():
            self.put(name + SUFFIX, _where(came, values), may_replace=False)

    def fail(self, error: str, mask: NDArray[np.bool_]) -> None:
        """Note that something went wrong with some lines."""
        if self.errors is not None:
            self.errors[mask] = ERRORS.index(error)

    def _came_values(self, name: str) -> pl.Series:
        if name == LEVEL:
            return _LEVELS.gather(self.levels)
        streams = self._columns.streams[self.rows]
        present = np.flatnonzero(np.bincount(streams)) if len(streams) else streams
        values = pl.Series([self._table[int(number)].labels.get(name) for number in present], dtype=pl.String)
        if len(values) == 1:
            return values.new_from_index(0, len(streams))
        return values.gather(np.searchsorted(present, streams))


def texts(values: pl.Series) -> pl.Series:
    """Return values with "" for those that are missing."""
    return values.fill_null("") if values.null_count() else values


def _where(mask: NDArray[np.bool_], values: pl.Series) -> pl.Series:
    """Return values with null where the mask is not set."""
    return values.zip_with(pl.Series(mask), pl.Series([None], dtype=pl.String).new_from_index(0, len(values)))


def _either(first: pl.Series, second: pl.Series) -> pl.Series:
    """Return the first values, and the second ones where those are null."""
    return first.zip_with(first.is_not_null(), second)
