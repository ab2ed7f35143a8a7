"""Reads label filters: comparisons of labels, joined by and, or, commas, or just standing side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from hallucino_tui.logs.query.ast import (
    And,
    BytesTest,
    CompareOp,
    DurationTest,
    IpTest,
    LevelTest,
    MatchOp,
    NumberTest,
    Or,
    Test,
)
from hallucino_tui.logs.query.ip import parse_ip_pattern
from hallucino_tui.logs.query.numerals import parse_number
from hallucino_tui.logs.severity import Level, level_named

if TYPE_CHECKING:
    from hallucino_tui.logs.query.reader import Reader
    from hallucino_tui.logs.query.tokens import Token

_MATCHES: Final = frozenset(MatchOp)
_COMPARES: Final = {"==": CompareOp.EQUAL, **{op.value: op for op in CompareOp}}
_DEEPEST: Final = 60
_MOST_TESTS: Final = 200
_LARGEST_SIZE: Final = 10**15
_LEVELS: Final = ", ".join(level.name.lower() for level in Level)
_OPERATORS: Final = "one of = != =~ !~ < <= > >= after it"
_UNITS: Final = "a unit such as ms, s, m, h, d, or B, KB, KiB, MB, GB"


def read_label_filter(reader: Reader) -> Test:
    """Read a whole label filter.

    What binds how tightly is as in Loki: ``and`` more than ``or``, from left to right; but after a comma, or where two
    tests just stand side by side, everything that follows belongs to the right one.
    """
    return _LabelFilterReader(reader).read(0)


class _LabelFilterReader:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._count = 0

    def read(self, depth: int) -> Test:
        """Read tests up to the end, or up to a parenthesis that closes."""
        tests = [self._operand(depth)]
        joins: list[str] = []
        while (join := _join_ahead(self._reader)) is not None:
            while joins and _ends_before(joins[-1], join):
                _reduce(tests, joins)
            if join:
                self._reader.take()
            joins.append(join)
            tests.append(self._operand(depth))
        while joins:
            _reduce(tests, joins)
        return tests[0]

    def _operand(self, depth: int) -> Test:
        self._count += 1
        if self._count > _MOST_TESTS or depth > _DEEPEST:
            what = "too many tests in one label filter" if depth <= _DEEPEST else "too many parentheses in each other"
            raise self._reader.error(f"there are {what}", self._reader.ahead)
        if self._reader.ahead.kind != "(":
            return _comparison(self._reader)
        self._reader.take()
        test = self.read(depth + 1)
        self._reader.expect(")", 'a closing parenthesis, "and" or "or"')
        return test


def _join_ahead(reader: Reader) -> str | None:
    kind = reader.ahead.kind
    if kind in {"and", "or", ","}:
        return kind
    return "" if kind in {"word", "("} else None


def _ends_before(left: str, right: str) -> bool:
    return left == "and" if right == "and" else left in {"and", "or"} and right == "or"


def _reduce(tests: list[Test], joins: list[str]) -> None:
    right, left = tests.pop(), tests.pop()
    tests.append(Or(left, right) if joins.pop() == "or" else And(left, right))


def _comparison(reader: Reader) -> Test:
    before = reader.last
    name = reader.name("the name of a label, or an opening parenthesis")
    op = reader.take()
    value = reader.ahead
    if op.kind in _MATCHES and value.kind == "string":
        return reader.matcher(name, op, as_filter=True)
    if op.kind in {"=", "!="} and value.kind == "ip":
        return IpTest(name.text, op.kind == "!=", ip_argument(reader))
    if op.kind in _COMPARES:
        return _compared(reader, name, _COMPARES[op.kind])
    if op.kind in _MATCHES:
        raise reader.error("there is no text to compare with", value, "a regular expression in quotes")
    if before.kind in {"number", "duration", "size"} and before.end == name.start:
        raise reader.error(f'"{before.text}{name.text}" is no number, duration or size', before, _UNITS)
    if op.kind == ".":
        raise reader.error("names of labels have no dots", op, "letters, digits and _ only")
    raise reader.error(f'"{name.text}" is no stage, and as a label it has to be compared', name, _OPERATORS)


def _compared(reader: Reader, name: Token, op: CompareOp) -> Test:
    token = reader.take()
    if token.kind == "duration":
        return DurationTest(name.text, op, cast("int", token.value))
    if token.kind == "size":
        size = cast("int", token.value)
        if size >= _LARGEST_SIZE:
            raise reader.error("sizes of 1 PB and more are not taken", token, "a smaller size")
        return BytesTest(name.text, op, size, token.text)
    if name.text == "level" and token.kind == "word":
        level = level_named(token.text)
        if level is None:
            raise reader.error(f"{token.text} is no level", token, f"one of {_LEVELS}")
        return LevelTest(op, level)
    return NumberTest(name.text, op, _number(reader, token, _wanted(name, op)))


def _wanted(name: Token, op: CompareOp) -> str:
    text = "text in quotes, ip(...), " if op in {CompareOp.EQUAL, CompareOp.NOT_EQUAL} else ""
    level = "a level such as warn, " if name.text == "level" else ""
    return f"{text}{level}a number, a duration such as 1h30m, or a size such as 20MB"


def _number(reader: Reader, token: Token, wanted: str) -> float:
    sign = token
    if sign.kind in {"+", "-"}:
        token = reader.take()
    if token.kind != "number":
        raise reader.unexpected(token, "a number" if sign is not token else wanted)
    try:
        number = parse_number(token.text)
    except ValueError as error:
        raise reader.error(str(error), token) from None
    # Minus nought would be written -0, which reads as a duration, in Loki as well.
    return -number if sign.kind == "-" and number else number


def ip_argument(reader: Reader) -> str:
    """Take ``ip("...")`` and return what stands between the quotes, checked."""
    reader.take()
    reader.expect("(", "an opening parenthesis")
    token = reader.expect("string", 'an address, a range or a network in quotes, as in ip("10.0.0.0/8")')
    try:
        parse_ip_pattern(str(token.value))
    except ValueError as error:
        raise reader.error(str(error), token) from None
    reader.expect(")", "a closing parenthesis")
    return str(token.value)
