"""Reading single values out of many JSON lines at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from hallucino_tui.logs.query.json_line import label_text
from hallucino_tui.logs.query.json_shape import SIMPLE_NAME, WHOLE, anywhere, at_keys, label_key, label_ways
from hallucino_tui.logs.query.label_names import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_ESCAPED: Final = r"\\u"
"""Lines with such an escape may have any key."""
_MOST_PIECES: Final = 3
"""Names with more pieces than that have too many ways to their value for one expression."""
_LONGEST_PATH: Final = 500
_PIECE: Final = re.compile(r"[A-Za-z0-9]+")


class Found(NamedTuple):
    """What was found in n lines.

    Attributes:
        values: n values, null where there is none.
        unsure: Of which lines that is not known.
    """

    values: pl.Series
    unsure: NDArray[np.bool_]


class JsonField:
    """Finds one value in many lines that may be objects."""

    def __init__(self, hint: str, ways: list[list[str]], *, any_value: bool) -> None:
        """Prepare a search.

        Args:
            hint: An expression for the end of the last key. Lines without a match do not have the value.
            ways: All ways to the value, see `json_shape`.
            any_value: Whether null, arrays and objects are values, too.
        """
        self._hint = hint
        self._any_value = any_value
        self._exact = at_keys(ways, any_value=any_value)
        # The end of a key is found quickly, but may be that of another key, too; whole keys take longer.
        whole = "|".join(dict.fromkeys(way[-1] for way in ways))
        self._places = [(place, anywhere(place, any_value=any_value)) for place in dict.fromkeys((hint, whole))]

    def read(self, lines: pl.Series) -> Found:
        """Return the value of each of n lines."""
        hinted = np.flatnonzero(lines.str.contains(f"{self._hint}|{_ESCAPED}").to_numpy())
        raw = nothing(len(lines))
        unsure = np.zeros(len(lines), np.bool_)
        if not len(hinted):
            return Found(raw, unsure)
        some = lines.gather(hinted)
        there = some.str.contains(self._exact).to_numpy()
        found = nothing(len(some))
        left = np.flatnonzero(there)
        for place, value in self._places:
            left, found = self._read_single(some, left, found, place, value)
        if len(left):
            found = found.scatter(left, self._read_exactly(some.gather(left)))
        others = np.flatnonzero(~there)
        if len(others):
            unsure[hinted[others]] = ~some.gather(others).str.contains(WHOLE).to_numpy()
        return Found(raw.scatter(hinted, self._shown(found)), unsure)

    def _read_single(
        self, lines: pl.Series, rows: NDArray[np.intp], found: pl.Series, place: str, value: str
    ) -> tuple[NDArray[np.intp], pl.Series]:
        """Read the values of lines that have one place only where it can be; return the others, and all values."""
        if not len(rows):
            return rows, found
        some = lines if len(rows) == len(lines) else lines.gather(rows)
        line = pl.col("line")
        # Captures are quick only where the search for them may begin anywhere.
        table = some.to_frame("line").select(
            once=line.str.count_matches(place) == 1,
            value=line.str.extract(value),
        )
        once = table["once"].to_numpy()
        if once.all() and some is lines:
            return rows[:0], table["value"]
        return rows[~once], found.scatter(rows[once], table["value"].filter(table["once"]))

    def _read_exactly(self, lines: pl.Series) -> pl.Series:
        groups = lines.str.extract_groups(self._exact).struct.unnest()
        return groups.select(pl.coalesce(pl.all())).to_series()

    def _shown(self, raw: pl.Series) -> pl.Series:
        """Return values as labels have them."""
        text = raw.str.strip_prefix('"').str.strip_suffix('"')
        if not self._any_value:
            return _decoded(text)
        objects = raw.str.starts_with("{").fill_null(value=False)
        text = text.zip_with((raw != "null").fill_null(value=True), pl.Series([""]).new_from_index(0, len(raw)))
        return text.zip_with(objects, _decoded(text)) if objects.any() else _decoded(text)


class LabelField:
    """Finds the value of a label that ``json`` makes of a property, or of a property of a property."""

    def __init__(self, name: str) -> None:
        """Prepare a search for a label with a simple name, see `json_shape`."""
        pieces = name.split("_")
        whole = label_key(pieces)
        self._top = JsonField(whole, [[rf'"\s*{whole}']], any_value=False)
        self._nested = None
        if 1 < len(pieces) <= _MOST_PIECES:
            self._nested = JsonField(label_key(pieces[-1:]), label_ways(pieces), any_value=False)
        # Hardly any line has a key that is the beginning of a longer name.
        self._outer = "|".join(label_key(pieces[:count]) for count in range(1, len(pieces)))

    def read(self, lines: pl.Series) -> Found:
        """Return the value of each of n lines."""
        if not self._outer:
            return self._top.read(lines)
        may_be_nested = lines.str.contains(f"{self._outer}|{_ESCAPED}").to_numpy()
        rows, others = np.flatnonzero(may_be_nested), np.flatnonzero(~may_be_nested)
        if not len(rows):
            return self._top.read(lines)
        values = nothing(len(lines))
        unsure = may_be_nested.copy()
        if self._nested is not None:
            nested = self._nested.read(lines.gather(rows))
            values = values.scatter(rows, nested.values)
            unsure[rows] = nested.unsure
        flat = self._top.read(lines.gather(others))
        unsure[others] = flat.unsure
        return Found(values.scatter(others, flat.values), unsure)


def label_field(name: str) -> LabelField | None:
    """Return what finds the value of a label that ``json`` makes; None if its name does not say what its keys are."""
    return LabelField(name) if len(name) <= _LONGEST_PATH and SIMPLE_NAME.fullmatch(name) else None


def path_field(path: tuple[str | int, ...]) -> JsonField | None:
    """Return what finds the value at a path, or None if that leads through an array or keys are no plain text."""
    keys: list[str] = []
    if sum(len(str(step)) for step in path) > _LONGEST_PATH:
        return None
    for step in path:
        if isinstance(step, int) or not step.strip() or '"' in step or "\\" in step:
            return None
        keys.append(f'"{pl.escape_regex(step)}"')
    return JsonField(keys[-1], [keys], any_value=True)


def may_hold(name: str, lines: pl.Series) -> NDArray[np.bool_]:
    """Say of each of n lines whether it may have a label of any name."""
    pieces = _PIECE.findall(name)
    if not pieces:
        return np.ones(len(lines), np.bool_)
    return lines.str.contains(f"{pieces[-1]}|{_ESCAPED}").to_numpy()


def nothing(count: int) -> pl.Series:
    """Return so many nulls."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)


def _decoded(text: pl.Series) -> pl.Series:
    """Resolve the escapes of strings."""
    return replaced(text, "\\", label_text).str.replace_all(REPLACEMENT, " ", literal=True)


def replaced(text: pl.Series, sign: str, replace: Callable[[str], str | None]) -> pl.Series:
    """Return texts with another one in the place of each that contains a sign."""
    signed = np.flatnonzero(text.str.contains(sign, literal=True).fill_null(value=False).to_numpy())
    if not len(signed):
        return text
    # Polars writes into a series in place; this one may be in use elsewhere.
    return text.clone().scatter(signed, pl.Series(list(map(replace, text.gather(signed).to_list())), dtype=pl.String))
