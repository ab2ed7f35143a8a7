"""What label filters mean: a line with its labels, and the tests of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hallucino_tui.logs.query import ast
from hallucino_tui.logs.severity import Level, level_named
from tests.logs.query import obvious_text

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR = "__error__"
DETAILS = "__error_details__"


class Line:
    """What a line is while it runs through the stages."""

    def __init__(self, text: str, labels: dict[str, str], level: Level) -> None:
        self.line = text
        self.level = level
        self.own = {**labels, "level": level.name.lower()}
        self.labels = dict(self.own)
        self.taken: set[str] = set()
        self.error = ""

    def free(self, name: str) -> str:
        """Return how a label that is found in the line is called: the labels of the stream keep their names."""
        return f"{name}_extracted" if name in self.own else name

    def extract(self, name: str, value: str) -> None:
        """Give the line a label that was found in it, unless it was given one of that name before."""
        if name and self.free(name) not in self.taken:
            self.put(self.free(name), value)

    def put(self, name: str, value: str) -> None:
        """Give the line a label, whatever there is."""
        self.labels[name] = value
        self.taken.add(name)

    def fail(self, error: str) -> None:
        self.error = error

    @property
    def has_own_level(self) -> bool:
        """Whether the label ``level`` is still the severity of the line."""
        return "level" in self.labels and "level" not in self.taken

    def text(self, name: str) -> str:
        """Return the value of a label, "" if it is missing. Only tests of texts see the error as a label."""
        return self.error if name == ERROR else self.labels.get(name, "")

    def shown_labels(self) -> dict[str, str]:
        """Return the labels as they are shown."""
        return {**self.labels, ERROR: self.error} if self.error else dict(self.labels)


def compares(matcher: ast.Matcher, value: str) -> bool:
    """Compare a text as a whole: a dot stands for a newline too, as a label may hold a whole stack trace."""
    match matcher.op:
        case ast.MatchOp.EQUAL:
            return value == matcher.value
        case ast.MatchOp.NOT_EQUAL:
            return value != matcher.value
        case ast.MatchOp.MATCHES:
            return re.fullmatch(matcher.value, value, re.DOTALL) is not None
        case ast.MatchOp.NOT_MATCHES:
            return re.fullmatch(matcher.value, value, re.DOTALL) is None


def passes(test: ast.Test, state: Line) -> bool:
    match test:
        case ast.And(left, right):
            # Both sides run, as a side may leave an error behind.
            first = passes(left, state)
            return passes(right, state) and first
        case ast.Or(left, right):
            return passes(left, state) or passes(right, state)
        case ast.LevelTest(op, level):
            return level_passes(op, level, state.level)
        case ast.Matcher("level", ast.MatchOp.EQUAL | ast.MatchOp.NOT_EQUAL as op, value) if state.has_own_level:
            named = level_named(value)
            same = state.labels["level"] == value if named is None else state.level is named
            return same == (op is ast.MatchOp.EQUAL)
        case ast.Matcher():
            return compares(test, state.text(test.name))
        case ast.IpTest(name, negated, pattern):
            if state.error:
                return True
            return name in state.labels and obvious_text.has_address(state.labels[name], pattern) != negated
        case ast.NumberTest():
            return amount_passes(test, obvious_text.number, state)
        case ast.DurationTest():
            return amount_passes(test, obvious_text.duration, state)
        case ast.BytesTest():
            return amount_passes(test, obvious_text.size, state)


def amount_passes(
    test: ast.NumberTest | ast.DurationTest | ast.BytesTest, read: Callable[[str], float | None], state: Line
) -> bool:
    """Compare a label as an amount. Without the label nothing passes; what is no amount passes with an error."""
    text = state.labels.get(test.name)
    if text is None:
        return False
    value = read(text)
    if value is None:
        state.error = state.error or "LabelFilterErr"
        return True
    return holds(test.op, value, test.value)


def level_passes(op: ast.CompareOp, wanted: Level, level: Level) -> bool:
    ordered = op not in {ast.CompareOp.EQUAL, ast.CompareOp.NOT_EQUAL}
    return not (ordered and level is Level.UNKNOWN) and holds(op, level, wanted)


def holds(op: ast.CompareOp, left: float, right: float) -> bool:
    match op:
        case ast.CompareOp.EQUAL:
            return left == right
        case ast.CompareOp.NOT_EQUAL:
            return left != right
        case ast.CompareOp.LESS:
            return left < right
        case ast.CompareOp.LESS_EQUAL:
            return left <= right
        case ast.CompareOp.GREATER:
            return left > right
        case ast.CompareOp.GREATER_EQUAL:
            return left >= right
