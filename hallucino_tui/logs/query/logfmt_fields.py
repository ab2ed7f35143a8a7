"""Reading single values out of many lines of ``key=value`` pairs at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.query.json_fields import Found, nothing
from hallucino_tui.logs.query.label_names import REPLACEMENT
from hallucino_tui.logs.query.logfmt_line import unquote

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLANK: Final = r"[\x00-\x20]"
_PLAIN: Final = r'[^\x00-\x20="]'
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_TOKEN: Final = (
    rf"(?:{_BLANK}|{_PLAIN}+={_QUOTED}"
    # Whatever else stands between two spaces is a pair, a key alone, or wrong and skipped.
    rf'|(?:{_PLAIN}+(?:=(?:[^\x00-\x20"][^\x00-\x20]*)?|"[^\x00-\x20]*)?|[="][^\x00-\x20]*){_BLANK})'
)
_GOOD_TOKEN: Final = rf"(?:{_BLANK}|{_PLAIN}+={_QUOTED}|{_PLAIN}+(?:={_PLAIN}*)?{_BLANK})"
_VALUE: Final = rf'(?:"(?:[^"\\]|\\.)+"|{_PLAIN}+(?:{_BLANK}|$))'
_GROUPS: Final = rf'(?:("(?:[^"\\]|\\.)+")|({_PLAIN}+)(?:{_BLANK}|$))'
_SPACE: Final = "[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*"
_SIMPLE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


class LogfmtField:
    """Finds the first value of a key that is not empty."""

    def __init__(self, name: str, *, strict: bool = False) -> None:
        """Prepare a search.

        Args:
            name: The name of the label, a simple one: see `is_simple`.
            strict: Whether nothing counts that stands behind something wrong.
        """
        self._strict = strict
        key = _SPACE + r'[^A-Za-z0-9\x00-\x20="]'.join(name.split("_")) + _SPACE
        self._hint = f"{name.rpartition('_')[2]}{_SPACE}="
        begin = rf"(?s)^{_GOOD_TOKEN if strict else _TOKEN}*?{key}="
        self._exact = begin + _VALUE
        self._exact_groups = begin + _GROUPS
        self._anywhere = rf"(?s)(?:^|[\x00-\x20\"]){key}={_GROUPS}"
        self._places = (self._hint, rf'(?:^|[\x00-\x20"]){key}=')

    def read(self, lines: pl.Series) -> Found:
        """Return the value of each of n lines."""
        hinted = np.flatnonzero(lines.str.contains(self._hint).to_numpy())
        unsure = np.zeros(len(lines), np.bool_)
        if not len(hinted):
            return Found(nothing(len(lines)), unsure)
        some = lines.gather(hinted)
        line = pl.col("line")
        odd = line.str.contains(REPLACEMENT, literal=True)
        if self._strict:
            odd |= line.str.contains("\\", literal=True)
        table = some.to_frame("line").select(there=line.str.contains(self._exact), odd=odd)
        odd_ones = table["odd"].to_numpy()
        unsure[hinted[odd_ones]] = True
        left = np.flatnonzero(table["there"].to_numpy() & ~odd_ones)
        found = nothing(len(some))
        for place in self._places:
            left, found = self._read_single(some, left, found, place)
        if len(left):
            found = found.scatter(left, _text(some.gather(left).str.extract_groups(self._exact_groups)))
        values, wrong = _decoded(found)
        unsure[hinted[wrong]] = True
        return Found(nothing(len(lines)).scatter(hinted, values), unsure)

    def count(self, lines: pl.Series) -> NDArray[np.uint32]:
        """Return how often each of n lines may have the key."""
        return lines.str.count_matches(self._hint).to_numpy()

    def _read_single(
        self, lines: pl.Series, rows: NDArray[np.intp], found: pl.Series, place: str
    ) -> tuple[NDArray[np.intp], pl.Series]:
        """Read the values of lines that have one place only where it can be; return the others, and all values."""
        if not len(rows):
            return rows, found
        some = lines.gather(rows)
        once = some.str.count_matches(place) == 1
        single = rows[once.to_numpy()]
        if len(single):
            found = found.scatter(single, _text(some.filter(once).str.extract_groups(self._anywhere)))
        return rows[~once.to_numpy()], found


def is_simple(name: str) -> bool:
    """Say whether the name of a label says what its key is."""
    return _SIMPLE_NAME.fullmatch(name) is not None


def _text(groups: pl.Series) -> pl.Series:
    return groups.struct.unnest().select(pl.coalesce(pl.all())).to_series()


def _decoded(raw: pl.Series) -> tuple[pl.Series, NDArray[np.intp]]:
    """Take quotes away and resolve the escapes between them; return where there are wrong ones."""
    quoted = raw.str.starts_with('"')
    values = raw.str.strip_prefix('"').str.strip_suffix('"')
    signed = np.flatnonzero((quoted & raw.str.contains("\\", literal=True)).fill_null(value=False).to_numpy())
    if not len(signed):
        return values, signed
    texts = [unquote(text) for text in values.gather(signed).to_list()]
    wrong = signed[[index for index, text in enumerate(texts) if not text]]
    shown = [text and text.replace(REPLACEMENT, " ") for text in texts]
    return values.scatter(signed, pl.Series(shown, dtype=pl.String)), wrong
