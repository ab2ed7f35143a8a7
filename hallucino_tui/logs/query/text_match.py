"""Tests of a text as a whole: the matchers of selectors, label filters, ``drop`` and ``keep``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.query.ast import CompareOp, MatchOp
from hallucino_tui.logs.query.regex import for_engine
from hallucino_tui.logs.severity import Level, level_named

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import LevelTest, Matcher

_NEGATED: Final = frozenset({MatchOp.NOT_EQUAL, MatchOp.NOT_MATCHES})
_SINGLE: Final = 16
"""So few texts are compared before Polars has begun."""
_NAMES: Final = [level.name.lower() for level in Level]


class TextMatch:
    """Says whether a text equals another one, or matches a regular expression from end to end."""

    def __init__(self, matcher: Matcher) -> None:
        """Prepare a matcher. A dot stands for a newline, too: values of labels may have many lines."""
        self._negated = matcher.op in _NEGATED
        self._value = matcher.value
        self._pattern: str | None = None
        if matcher.op in {MatchOp.MATCHES, MatchOp.NOT_MATCHES}:
            self._pattern = f"^(?s:{for_engine(matcher.value)})$"

    def test(self, texts: pl.Series) -> NDArray[np.bool_]:
        """Say of each of n texts whether it passes. There are no nulls among them."""
        if self._pattern is None and len(texts) <= _SINGLE:
            return np.array([(text == self._value) != self._negated for text in texts.to_list()], np.bool_)
        found = (texts == self._value if self._pattern is None else texts.str.contains(self._pattern)).to_numpy()
        return ~found if self._negated else found

    def test_one(self, text: str) -> bool:
        """Say whether one text passes."""
        if self._pattern is None:
            return (text == self._value) != self._negated
        return bool(self.test(pl.Series([text]))[0])


def level_mask(matcher: Matcher) -> NDArray[np.bool_]:
    """Say of each severity whether a matcher on the label `level` lets it through: eight truth values.

    Names of severities are compared by what they mean, so that ``level="ERR"`` finds errors.
    """
    level = level_named(matcher.value) if matcher.op in {MatchOp.EQUAL, MatchOp.NOT_EQUAL} else None
    if level is None:
        return TextMatch(matcher).test(pl.Series(_NAMES))
    mask = np.zeros(len(Level), np.bool_)
    mask[level] = True
    return ~mask if matcher.op is MatchOp.NOT_EQUAL else mask


def level_test_mask(test: LevelTest) -> NDArray[np.bool_]:
    """Say of each severity whether it passes a comparison: eight truth values."""
    mask = compare(np.arange(len(Level)), test.op, int(test.level))
    if test.op not in {CompareOp.EQUAL, CompareOp.NOT_EQUAL}:
        mask[Level.UNKNOWN] = False
    return mask


def compare(values: NDArray[np.generic], op: CompareOp, limit: float) -> NDArray[np.bool_]:
    """Compare each of n numbers with a limit."""
    return _COMPARE[op](values, limit)


_COMPARE: Final = {
    CompareOp.EQUAL: np.equal,
    CompareOp.NOT_EQUAL: np.not_equal,
    CompareOp.LESS: np.less,
    CompareOp.LESS_EQUAL: np.less_equal,
    CompareOp.GREATER: np.greater,
    CompareOp.GREATER_EQUAL: np.greater_equal,
}
