"""Finds templates in lines, in the order in which the lines come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.insight.templates.folding import fold, keys_of
from hallucino_tui.insight.templates.groups import Groups
from hallucino_tui.insight.templates.reading import Reading, read
from hallucino_tui.insight.templates.template import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BATCH: Final = 1 << 16
_REMEMBERED: Final = 1 << 17
_MOST: Final = 20_000
_WORTHWHILE: Final = 0.7
"""Equal lines are folded once if there are no more different ones among all lines than this."""
_EXAMPLE: Final = 4096


class Miner:
    """Finds templates, and keeps what it has found. It has no setting that depends on the system that wrote the lines.

    The same lines in any pieces give the same templates. A template may turn out to be part of an earlier one: `add`
    returns what was known when its lines were in, and `resolve` says of numbers handed out earlier what they are now.
    """

    def __init__(self, *, most: int = _MOST, remembered: int = _REMEMBERED) -> None:
        """Make one.

        Args:
            most: How many templates there may be. New lines that then fit none of them are put together by their first
                word, and the last of them into one template for all the rest (`Template.is_rest`).
            remembered: How many different lines, but for their numbers, are recognised without reading them again.
        """
        self._groups = Groups(most)
        self._remembered = remembered
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._lines = 0
        self._record: set[int] = set()

    @property
    def templates(self) -> Sequence[Template]:
        """All templates by number, with those that are part of an earlier one (`Template.merged`)."""
        return self._groups.templates

    @property
    def lines(self) -> int:
        """How many lines there were."""
        return self._lines

    def add(self, lines: pl.Series, goes_on: NDArray[np.bool_] | None = None) -> NDArray[np.int32]:
        """Take further lines, and return the number of the template of each.

        Args:
            lines: n strings.
            goes_on: n truth values: which lines go on with the record in front of them, such as frames of stack traces.
                They have templates as well, but of those of one record each counts once in `Template.count`.

        Returns:
            n numbers, none of them of a template that is part of another one now; see `resolve` for later.
        """
        parts = [
            self._add(lines.slice(start, _BATCH), None if goes_on is None else goes_on[start : start + _BATCH])
            for start in range(0, len(lines), _BATCH)
        ]
        return self.resolve(np.concatenate(parts)) if parts else np.zeros(0, np.int32)

    def resolve(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return for each of n numbers that `add` returned earlier the template that it stands for now."""
        return self._groups.resolve_all(numbers)

    def find(self, line: str) -> Template | None:
        """Return the template of a line that was seen before, None for one that no template is known for."""
        folded: str = fold(pl.Series([line], dtype=pl.String))[0]
        number = self._groups.find(read(folded).tokens)
        return None if number is None else self.templates[self._groups.resolve(number)]

    def _add(self, lines: pl.Series, goes_on: NDArray[np.bool_] | None) -> NDArray[np.int32]:
        _, firsts, places = np.unique(keys_of(lines), return_index=True, return_inverse=True)
        if len(firsts) > _WORTHWHILE * len(lines):
            found = self._number(lines, np.arange(len(lines)))
        else:
            order = np.sort(firsts)
            found = self._number(lines.gather(order), order)[order.searchsorted(firsts)][places]
        self._count(found, goes_on)
        self._lines += len(found)
        return found

    def _number(self, lines: pl.Series, rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """Return the numbers of n lines that stand in some rows of what is being added."""
        folded = fold(lines)
        keys, firsts, places = np.unique(keys_of(folded), return_index=True, return_inverse=True)
        numbers = np.empty(len(keys), np.int32)
        order = np.argsort(firsts)
        listed: list[int] = firsts[order].tolist()
        for place, key, first in zip(order.tolist(), keys[order].tolist(), listed, strict=True):
            number = self._recall(key)
            if number is None:
                number = self._remember(key, self._learn(folded[first], lines, first, int(rows[first])))
            numbers[place] = number
        return numbers[places]

    def _recall(self, key: int) -> int | None:
        number = self._young.get(key)
        if number is None and (number := self._old.get(key)) is not None:
            self._remember(key, number)
        return number

    def _remember(self, key: int, number: int) -> int:
        """Keep the lines that came last: of two dictionaries the old one is forgotten when the young one is full."""
        if len(self._young) >= self._remembered // 2:
            self._old, self._young = self._young, {}
        self._young[key] = number
        return number

    def _learn(self, folded: str, lines: pl.Series, place: int, row: int) -> int:
        def make(number: int, reading: Reading) -> Template:
            first = self._lines + row
            example: str = lines[place] or ""
            return Template(
                number, reading.tokens, reading.words, example[:_EXAMPLE], first, first,
                is_line=reading.is_line, is_end=reading.is_end,
            )  # fmt: skip

        return self._groups.add(read(folded), make)

    def _count(self, numbers: NDArray[np.int32], goes_on: NDArray[np.bool_] | None) -> None:
        lasts = np.full(len(self.templates), -1, np.int64)
        lasts[numbers] = np.arange(self._lines, self._lines + len(numbers))
        counted = numbers
        if goes_on is not None:
            counted = np.concatenate((numbers[~goes_on], self._once(numbers, goes_on)))
        counts = np.bincount(counted, minlength=len(lasts))
        for number in np.flatnonzero(lasts >= 0).tolist():
            template = self.templates[self._groups.resolve(number)]
            template.count += int(counts[number])
            template.last = max(template.last, int(lasts[number]))

    def _once(self, numbers: NDArray[np.int32], goes_on: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the templates of lines that go on with a record, each once for a record."""
        records = np.cumsum(~goes_on)
        pairs = np.unique(np.stack((records[goes_on], numbers[goes_on])), axis=1)
        of_before = (pairs[0] == 0) & np.isin(pairs[1], list(self._record))
        if records[-1]:
            self._record.clear()
        self._record.update(pairs[1][pairs[0] == records[-1]].tolist())
        return pairs[1][~of_before].astype(np.int32)
