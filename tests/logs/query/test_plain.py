import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm, Query
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.plain import Needle, is_query, needles, parse_filter
from hallucino_tui.logs.query.regex import escape, for_engine


@pytest.mark.parametrize("text", ['{a="b"}', "  |= `x`", "| json", '!= "x"', "!~x", "!>", "{"])
def test_a_query_is_told_by_its_beginning(text: str) -> None:
    assert is_query(text)


@pytest.mark.parametrize("text", ["", "  ", "word", "!word", '"a b"', "a | b", "(x)", "rate({a})", "# x", "-"])
def test_all_else_is_plain_words(text: str) -> None:
    assert not is_query(text)
    assert parse_filter(text).matchers == ()


def test_words_become_line_filters_that_ignore_case() -> None:
    assert parse_filter('Time.out !"a b" x') == Query(
        (),
        (
            LineFilter(LineOp.MATCHES, (LineTerm(r"(?i)Time\.out"),)),
            LineFilter(LineOp.NOT_MATCHES, (LineTerm("(?i)a b"),)),
            LineFilter(LineOp.MATCHES, (LineTerm("(?i)x"),)),
        ),
    )


def test_an_empty_text_lets_all_lines_through() -> None:
    assert parse_filter("") == parse_filter('  "" ') == Query()


def test_a_query_is_parsed_as_one() -> None:
    assert parse_filter(' {a="b"}') == parse('{a="b"}')
    with pytest.raises(QueryError):
        parse_filter("{a=")


@given(st.text(min_size=1).filter(lambda text: "\n" not in text))
def test_escaped_text_matches_just_itself_everywhere(text: str) -> None:
    pattern = escape(text)
    assert re.fullmatch(pattern, text)
    assert pl.Series([text]).str.contains(f"^{for_engine(pattern)}$").item()
    assert str(parse(str(Query((), (LineFilter(LineOp.MATCHES, (LineTerm(pattern),)),)))))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Time.out !b", [Needle("Time.out", ignore_case=True)]),
        ('|= "a" or "b" != "c" |= ip("10.0.0.1")', [Needle("a"), Needle("b")]),
        ('|~ "a+[0-9]"', [Needle("a+[0-9]", is_regex=True)]),
        ('|~ "(?i)a+"', [Needle("a+", is_regex=True, ignore_case=True)]),
        ('|~ "(x+)+y|abc"', [Needle("abc")]),
        ("|~ `\\pLend\\z`", [Needle("end")]),
        ("|~ `[[:alpha:]]x`", []),
        ('|> "<_> took <_>ms"', [Needle(" took "), Needle("ms")]),
        ('{a="b"} | json | x="y"', []),
        ('|= "a" | json |= "a"', [Needle("a")]),
    ],
)
def test_needles_are_what_the_lines_contain(text: str, found: list[Needle]) -> None:
    assert list(needles(parse_filter(text))) == found


PIECES = [
    "a",
    "b",
    "(",
    ")",
    "+",
    "*",
    "?",
    "|",
    ".",
    r"\d",
    r"\pL",
    "[",
    "]",
    "[a-c]",
    "(?i)",
    "(?:",
    "(?P<n>",
    "^",
    "$",
]


@given(st.lists(st.sampled_from([*PIECES, "{2}", r"\z", "&", "-", "~"]), max_size=8))
def test_needles_that_are_regular_expressions_compile(pieces: list[str]) -> None:
    try:
        query = parse(f"|~ `{''.join(pieces)}`")
    except QueryError:
        return
    for needle in needles(query):
        assert re.compile(needle.text if needle.is_regex else re.escape(needle.text))


@pytest.mark.parametrize(
    "text",
    [
        'rate({a="b"}[5m])',
        'sum(rate({a="b"} |= "x" [5m]))',
        'sum by (pod) (count_over_time({a="b"}[1h]))',
        '(sum(rate({a="b"}[5m])))',
    ],
)
def test_a_metric_query_is_refused_and_not_taken_for_words(text: str) -> None:
    with pytest.raises(QueryError, match="metric queries are not computed here"):
        parse_filter(text)


@pytest.mark.parametrize("text", ["call({x}) failed", "main() {", "rate limit [5m]"])
def test_words_with_brackets_stay_words(text: str) -> None:
    assert parse_filter(text).stages
