"""Label filters on single lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from hallucino_tui.logs.query.ast import And, IpTest, LevelTest, Matcher, Or
from hallucino_tui.logs.query.ip import parse_ip_pattern
from hallucino_tui.logs.query.label_names import FILTER_ERROR, LEVEL
from hallucino_tui.logs.query.label_value import Comparison, parser_of
from hallucino_tui.logs.query.text_match import TextMatch, compare, level_mask, level_test_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Test
    from hallucino_tui.logs.query.line_state import LineState


class LineTest(Protocol):
    """Tests the labels of lines. A value that cannot be read is noted as an error of its line, which then passes."""

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        """Say of each of n lines whether it passes."""
        ...


def line_test(test: Test) -> LineTest:
    """Return what applies a label filter to single lines."""
    if isinstance(test, And | Or):
        return _Both(test)
    if isinstance(test, Matcher):
        return _LevelText(test) if test.name == LEVEL else _Text(test)
    if isinstance(test, LevelTest):
        return _Level(test)
    return _Ip(test) if isinstance(test, IpTest) else _Compared(test)


class _Both:
    """Two tests. The right one sees what the left one noted, and with `or` only the lines that the left one stops."""

    def __init__(self, test: And | Or) -> None:
        self._is_and = isinstance(test, And)
        self._left = line_test(test.left)
        self._right = line_test(test.right)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        passed = self._left.test(lines)
        if self._is_and:
            return passed & self._right.test(lines)
        rest = [line for line, done in zip(lines, passed.tolist(), strict=True) if not done]
        passed[~passed] = self._right.test(rest)
        return passed


class _Text:
    def __init__(self, matcher: Matcher) -> None:
        self._name = matcher.name
        self._match = TextMatch(matcher)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        return self._match.test(_texts([line.text(self._name) for line in lines]))


class _LevelText:
    """A matcher on the label for the severity; if some stage wrote to it, it is a text like any other."""

    def __init__(self, matcher: Matcher) -> None:
        self._mask = level_mask(matcher)
        self._match = TextMatch(matcher)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        passed = self._match.test(_texts([line.text(LEVEL) for line in lines]))
        own = np.array([line.has_own_level for line in lines], np.bool_)
        return np.where(own, self._mask[[line.level for line in lines]], passed)


class _Level:
    def __init__(self, test: LevelTest) -> None:
        self._mask = level_test_mask(test)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        return self._mask[np.array([line.level for line in lines], np.int64)]


class _Ip:
    def __init__(self, test: IpTest) -> None:
        self._name = test.name
        self._negated = test.negated
        self._pattern = parse_ip_pattern(test.pattern)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        return np.array([self._passes(line) for line in lines], np.bool_)

    def _passes(self, line: LineState) -> bool:
        if line.error:
            return True  # only tests of a text stop a line that has an error
        value = line.get(self._name)
        return value is not None and self._pattern.find_in(value) != self._negated


class _Compared:
    def __init__(self, test: Comparison) -> None:
        self._test = test
        self._parse = parser_of(test)

    def test(self, lines: Sequence[LineState]) -> NDArray[np.bool_]:
        return np.array([self._passes(line) for line in lines], np.bool_)

    def _passes(self, line: LineState) -> bool:
        value = line.get(self._test.name)
        if value is None:
            return False
        try:
            number = self._parse(value)
        except ValueError as error:
            if not line.error:
                line.fail(FILTER_ERROR, str(error))
            return True
        return bool(compare(np.asarray(number), self._test.op, self._test.value))


def _texts(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)
