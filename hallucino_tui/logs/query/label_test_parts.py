"""What the test of a label filter consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.logs.query.ast import And, IpTest, LevelTest, Matcher, Or
from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.logs.query.ast import Test


def parts_of(test: Test) -> Iterator[Test]:
    """Give the tests that all have to pass for a test to pass."""
    if isinstance(test, And):
        yield from parts_of(test.left)
        yield from parts_of(test.right)
    else:
        yield test


def names_in(test: Test) -> set[str]:
    """Return the labels whose values a test reads."""
    if isinstance(test, And | Or):
        return names_in(test.left) | names_in(test.right)
    return set() if isinstance(test, LevelTest) else {test.name}


def reads_errors(test: Test) -> bool:
    """Say whether a test goes by whether something went wrong before."""
    if isinstance(test, And | Or):
        return reads_errors(test.left) or reads_errors(test.right)
    return isinstance(test, IpTest) or (isinstance(test, Matcher) and test.name in {ERROR, ERROR_DETAILS})


def tests_level(test: Test) -> bool:
    """Say whether a test compares the severity."""
    if isinstance(test, And | Or):
        return tests_level(test.left) or tests_level(test.right)
    return isinstance(test, LevelTest)
