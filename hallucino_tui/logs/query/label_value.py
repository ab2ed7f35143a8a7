"""Reading the values of labels as numbers, durations and sizes, as Loki reads them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.query.ast import BytesTest, DurationTest, NumberTest
from hallucino_tui.logs.query.durations import parse_duration
from hallucino_tui.logs.query.sizes import parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Comparison = NumberTest | DurationTest | BytesTest

_PLAIN: Final = r"^-?[0-9]{1,15}(?:\.[0-9]{1,15})?$"
_FLOAT: Final = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)", re.IGNORECASE)
_HEX: Final = re.compile(
    r"[+-]?0[xX](?:_?[0-9a-fA-F])+(?:_?[0-9a-fA-F])*\.?[0-9a-fA-F]*[pP][+-]?[0-9]+|[+-]?0[xX]\.[0-9a-fA-F]+[pP][+-]?[0-9]+"
)
_ONE_UNIT: Final = r"^([0-9]{1,9})(?:\.([0-9]{1,15}))?(ns|us|µs|ms|s|m|h)$"
_UNITS: Final = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}


def parse_number(text: str) -> float:
    """Read a number as Go does.

    Raises:
        ValueError: It is none, or too large.
    """
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number) and any(char.isdigit() for char in text):
            raise ValueError(f"{text} is too large")
        return number
    if _HEX.fullmatch(text):
        try:
            return float.fromhex(text.replace("_", ""))
        except OverflowError:
            raise ValueError(f"{text} is too large") from None
    raise ValueError(f'"{text}" is no number')


def parser_of(test: Comparison) -> Callable[[str], float]:
    """Return what reads one value for a test; it raises ValueError for a text that it cannot read."""
    if isinstance(test, NumberTest):
        return parse_number
    return parse_duration if isinstance(test, DurationTest) else parse_size


def read_values(test: Comparison, texts: pl.Series) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Read many values for a test.

    Args:
        test: Says how to read.
        texts: n texts, none of them null.

    Returns:
        n numbers, and whether each of them could be read; what could not is 0.
    """
    if isinstance(test, NumberTest):
        plain = texts.str.contains(_PLAIN).to_numpy()
        values = texts.cast(pl.Float64, strict=False).fill_null(0.0).to_numpy(writable=True)
        return _read_rest(test, texts, values, plain)
    if isinstance(test, DurationTest):
        values, plain = _one_unit(texts)
        return _read_rest(test, texts, values, plain)
    return _read_rest(test, texts, np.zeros(len(texts), np.float64), np.zeros(len(texts), np.bool_))


def _read_rest(
    test: Comparison, texts: pl.Series, values: NDArray[np.generic], known: NDArray[np.bool_]
) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Read what the quick way could not, each different text once."""
    rest = np.flatnonzero(~known)
    if not len(rest):
        return values, known
    parse = parser_of(test)
    readable = known.copy()
    codes, distinct = _distinct(texts.gather(rest))
    numbers: list[float] = []
    good: list[bool] = []
    for text in distinct:
        try:
            numbers.append(parse(text))
            good.append(True)
        except ValueError:
            numbers.append(0)
            good.append(False)
    # Sizes go up to 2**64, durations are exact to the nanosecond: neither fits into the type of the other.
    table = np.array(numbers, np.uint64 if isinstance(test, BytesTest) else values.dtype)
    if isinstance(test, BytesTest):
        values = values.astype(np.uint64)
    values[rest] = table[codes]
    readable[rest] = np.array(good, np.bool_)[codes]
    return values, readable


def _distinct(texts: pl.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Return the different texts, and for each of n texts which one it is."""
    ranks = texts.rank("dense").to_numpy().astype(np.int64) - 1
    return ranks, texts.unique().sort().to_list()


def _one_unit(texts: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read durations that are a number and a unit: nearly all that are ever logged."""
    parts = texts.str.extract_groups(_ONE_UNIT).struct.unnest()
    unit = parts["3"].replace_strict(_UNITS, default=None, return_dtype=pl.Int64)
    known = unit.is_not_null().to_numpy()
    units = unit.fill_null(0).to_numpy()
    whole = parts["1"].cast(pl.Int64).fill_null(0).to_numpy()
    known &= (whole < 10**6) | (units <= 10**9)  # so that nothing overflows
    values = whole * units
    fraction = parts["2"].fill_null("")
    digits = fraction.str.len_bytes().to_numpy().astype(np.float64)
    # The same arithmetic in floating point as Go does.
    part = fraction.cast(pl.Int64, strict=False).fill_null(0).to_numpy().astype(np.float64)
    return values + (part * (units / np.power(10.0, digits))).astype(np.int64), known
