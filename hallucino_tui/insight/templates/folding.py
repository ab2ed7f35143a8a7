"""What makes lines alike before any of them is looked at: their numbers are folded by columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from hallucino_tui.insight.templates.marks import EPOCH, SERVER_ERROR, VARIABLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST: Final = 2048
"""So many characters of a line decide. What is behind them is a variable."""

_EPOCH: Final = r"(?-u:\b)1[0-9]{9}(?:[0-9]{3}){0,3}(?-u:\b)"
# Of all numbers this one changes what a line says.
_SERVER_ERROR: Final = r'(HTTP/[0-9.]+" |status(?:_code)?"?[=:] ?"?|-> )5[0-9][0-9](?-u:\b)'
# Words that are hexadecimal numbers, then digits wherever they are: everything that is left of them is a zero.
# Word boundaries are those of ASCII: they keep the search in its quick automaton.
_NUMBER: Final = r"(?-u:\b)(?:0[xX][0-9a-fA-F]+|[a-fA-F]*[0-9][0-9a-fA-F]*)(?-u:\b)|[0-9]+"
_NULL: Final = pl.Series([""], dtype=pl.String)


def fold(lines: pl.Series) -> pl.Series:
    """Return n lines with each number written as ``0``. Lines that are equal then are of the same kind.

    Args:
        lines: n strings; a null counts as an empty line.
    """
    if lines.null_count():
        lines = lines.fill_null(_NULL)
    longest = lines.str.len_bytes().max()
    if isinstance(longest, int) and longest > LONGEST:
        short = lines.str.slice(0, LONGEST) + VARIABLE
        lines = pl.select(pl.when(lines.str.len_bytes() > LONGEST).then(short).otherwise(lines)).to_series()
    marked = lines.str.replace_all(_SERVER_ERROR, "${1}" + SERVER_ERROR).str.replace_all(_EPOCH, EPOCH)
    return marked.str.replace_all(_NUMBER, "0")


def keys_of(folded: pl.Series) -> NDArray[np.uint64]:
    """Return 64 bits for each of n folded lines: the same ones for equal lines, in this run."""
    return folded.hash(seed=1).to_numpy()
