"""Label filters on many lines at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from hallucino_tui.logs.query.ast import And, IpTest, LevelTest, Matcher, Or
from hallucino_tui.logs.query.frame import ERRORS, texts
from hallucino_tui.logs.query.ip import parse_ip_pattern
from hallucino_tui.logs.query.label_names import ERROR, FILTER_ERROR, LEVEL
from hallucino_tui.logs.query.label_value import Comparison, read_values
from hallucino_tui.logs.query.text_match import TextMatch, compare, level_mask, level_test_mask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.query.ast import Test
    from hallucino_tui.logs.query.frame import Frame


class FrameTest(Protocol):
    """Tests the labels of many lines."""

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of each of n lines whether it passes; what goes wrong is noted for those that are asked for only."""
        ...


def frame_test(test: Test) -> FrameTest:
    """Return what applies a label filter to many lines. It does not know details of errors."""
    if isinstance(test, And | Or):
        return _Both(test)
    if isinstance(test, Matcher):
        if test.name == ERROR:
            return _Error(test)
        return _LevelText(test) if test.name == LEVEL else _Text(test)
    if isinstance(test, LevelTest):
        return _Levels(level_test_mask(test))
    return _Ip(test) if isinstance(test, IpTest) else _Compared(test)


class _Both:
    def __init__(self, test: And | Or) -> None:
        self._is_and = isinstance(test, And)
        self._left = frame_test(test.left)
        self._right = frame_test(test.right)

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        left = self._left.test(frame, asked)
        if self._is_and:
            return left & self._right.test(frame, asked)
        return left | self._right.test(frame, asked & ~left)


class _Text:
    def __init__(self, matcher: Matcher) -> None:
        self._name = matcher.name
        self._match = TextMatch(matcher)

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:  # noqa: ARG002
        return self._match.test(texts(frame.get(self._name)))


class _Error:
    def __init__(self, matcher: Matcher) -> None:
        self._table = TextMatch(matcher).test(pl.Series(ERRORS))

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.full(len(asked), self._table[0]) if frame.errors is None else self._table[frame.errors]


class _Levels:
    def __init__(self, mask: NDArray[np.bool_]) -> None:
        self._mask = mask

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:  # noqa: ARG002
        return self._mask[frame.levels]


class _LevelText(_Levels):
    def __init__(self, matcher: Matcher) -> None:
        super().__init__(level_mask(matcher))


class _Ip:
    def __init__(self, test: IpTest) -> None:
        self._name = test.name
        self._negated = test.negated
        self._pattern = parse_ip_pattern(test.pattern)

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        values = frame.get(self._name)
        passed = np.zeros(len(asked), np.bool_)
        there = np.flatnonzero(values.is_not_null().to_numpy())
        distinct = values.unique().drop_nulls().to_list()
        found = [text for text in distinct if self._pattern.find_in(text)]
        passed[there] = values.gather(there).is_in(found).to_numpy() != self._negated
        return passed if frame.errors is None else passed | (frame.errors > 0)


class _Compared:
    def __init__(self, test: Comparison) -> None:
        self._test = test

    def test(self, frame: Frame, asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        values = frame.get(self._test.name)
        passed = np.zeros(len(asked), np.bool_)
        there = np.flatnonzero(values.is_not_null().to_numpy())
        if not len(there):
            return passed
        numbers, readable = read_values(self._test, values if len(there) == len(values) else values.gather(there))
        passed[there] = compare(numbers, self._test.op, self._test.value) | ~readable
        if frame.errors is not None:
            unreadable = np.zeros(len(asked), np.bool_)
            unreadable[there] = ~readable
            frame.fail(FILTER_ERROR, unreadable & asked & (frame.errors == 0))
        return passed
