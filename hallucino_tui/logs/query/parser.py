"""The query language: the log-line part of LogQL as Loki reads it, and a little more.

More is: the selector may be left out, and ``level >= warn`` compares severities. Less is: numbers are not computed from
lines, and sizes from 1 PB, deeper nesting than anybody writes, and names of labels made of one odd sign are not taken.
"""

from __future__ import annotations

from typing import Final

from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm, Matcher, MatchOp, Query, Stage
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.label_filter import ip_argument
from hallucino_tui.logs.query.metric import log_query_inside
from hallucino_tui.logs.query.patterns import check_filter, parse_pattern
from hallucino_tui.logs.query.reader import Reader
from hallucino_tui.logs.query.regex import can_match_nothing
from hallucino_tui.logs.query.stages import read_stage

LINE_OPS: Final = frozenset(LineOp)
_LONGEST: Final = 131_072
_MOST_PARENTHESES: Final = 60
_NUMBERS: Final = frozenset({"function", "number", "duration", "size", "+", "-", "variants"})
_JOINS: Final = frozenset({"or", "and", "unless", "+", "-", "*", "/", "%", "^", "==", "<", "<=", ">", ">="})
_BEGINS: Final = 'a selector such as {app="cart"}, or a filter such as |= "timeout"'
_MATCH_NOTHING: Final = "each part of this selector also matches streams without the label, so that it would select all"


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: The text is none.
    """
    if len(text.encode("utf-8", "surrogatepass")) >= _LONGEST:
        raise QueryError("the query is too long", 1, f"less than {_LONGEST} bytes", text)
    try:
        return _query(Reader(text))
    except QueryError as error:
        error.query = text
        raise


def _query(reader: Reader) -> Query:
    opened = 0
    while reader.ahead.kind == "(":
        opening = reader.take()
        opened += 1
        if opened > _MOST_PARENTHESES:
            raise reader.error("there are too many parentheses in each other", opening)
    if reader.ahead.kind in _NUMBERS:
        raise _metric_error(reader)
    matchers: tuple[Matcher, ...] = ()
    if reader.ahead.kind == "{":
        matchers = _selector(reader)
    elif opened or reader.ahead.kind not in {"|", *LINE_OPS}:
        raise reader.unexpected(reader.ahead, _BEGINS)
    stages = _stages(reader)
    for _ in range(opened):
        _refuse_numbers(reader)
        reader.expect(")", "a closing parenthesis, | or a line filter such as |=")
    _refuse_numbers(reader)
    if reader.ahead.kind != "end":
        raise reader.unexpected(reader.ahead, "| and a stage, a line filter such as |=, or the end")
    return Query(matchers, stages)


def _refuse_numbers(reader: Reader) -> None:
    """Refuse what would make a number of the log query that has just ended."""
    if reader.ahead.kind == "range":
        raise _metric_error(reader)
    if reader.ahead.kind in _JOINS:
        raise reader.error("a log query cannot be joined with another one or with a number", reader.ahead, "the end")


def _metric_error(reader: Reader) -> QueryError:
    inside = log_query_inside(reader.text)
    return reader.error(
        "metric queries are not computed here, only lines are filtered",
        reader.ahead,
        f"the log query inside of it: {inside}" if inside else "a log query",
    )


def _selector(reader: Reader) -> tuple[Matcher, ...]:
    opening = reader.take()
    found: list[Matcher] = []
    if reader.ahead.kind != "}":
        while not found or (reader.ahead.kind == "," and reader.take()):
            name = reader.name("the name of a label")
            op = reader.take()
            if op.kind == ".":
                raise reader.error("names of labels have no dots", op, "letters, digits and _ only")
            if op.kind not in set(MatchOp):
                raise reader.unexpected(op, "one of = != =~ !~")
            found.append(reader.matcher(name, op))
    reader.expect("}", "a comma or the closing }")
    if all(map(_matches_nothing, found)):
        raise reader.error(
            _MATCH_NOTHING if found else "this selector is empty",
            opening,
            'at least one such as app="cart" or app=~".+", or no selector at all',
        )
    return tuple(found)


def _matches_nothing(matcher: Matcher) -> bool:
    """Say whether a matcher matches a label that is missing."""
    if matcher.op in {MatchOp.EQUAL, MatchOp.NOT_EQUAL}:
        return (matcher.value == "") is (matcher.op is MatchOp.EQUAL)
    return can_match_nothing(matcher.value) is (matcher.op is MatchOp.MATCHES)


def _stages(reader: Reader) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    while True:
        if reader.ahead.kind in LINE_OPS:
            stages.extend(_line_filters(reader))
        elif reader.ahead.kind == "|":
            stages.append(_stage(reader))
        else:
            return tuple(stages)


def _stage(reader: Reader) -> Stage:
    reader.take()
    if reader.ahead.kind == "unwrap":
        raise _metric_error(reader)
    return read_stage(reader)


def _line_filters(reader: Reader) -> list[LineFilter]:
    """Read a line filter with all its alternatives.

    A negative one wants none of its texts, and becomes as many filters.
    """
    op = LineOp(reader.take().kind)
    terms = [_term(reader, op)]
    while reader.ahead.kind == "or":
        reader.take()
        terms.append(_term(reader, op))
    if op in {LineOp.CONTAINS, LineOp.MATCHES, LineOp.LIKE}:
        return [LineFilter(op, tuple(terms))]
    return [LineFilter(op, (term,)) for term in terms]


def _term(reader: Reader, op: LineOp) -> LineTerm:
    if reader.ahead.kind == "ip":
        if op not in {LineOp.CONTAINS, LineOp.NOT_CONTAINS}:
            raise reader.error(f"ip(...) cannot stand after {op.value}", reader.ahead, "it after |= or !=")
        return LineTerm(ip_argument(reader), ip=True)
    token = reader.expect("string", 'text in quotes, or ip("...")')
    text = str(token.value)
    if op in {LineOp.MATCHES, LineOp.NOT_MATCHES}:
        reader.check_regex(token)
    elif op in {LineOp.LIKE, LineOp.NOT_LIKE}:
        try:
            check_filter(parse_pattern(text))
        except ValueError as error:
            raise reader.error(str(error), token) from None
    return LineTerm(text)
