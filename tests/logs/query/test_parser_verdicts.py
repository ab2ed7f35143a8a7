"""Verdicts of a real Loki on queries: what it takes, and how it writes it."""

import json
from pathlib import Path

import pytest

from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.parser import parse

CASES = json.loads((Path(__file__).parents[2] / "golden" / "loki" / "logql-verdicts.json").read_text())["cases"]
TAKEN = [case for case in CASES if case["query_range_status"] == 200]
REFUSED = [case["query"] for case in CASES if case["query_range_status"] != 200]
LOG_QUERIES = [(case["query"], case["formatted"]) for case in TAKEN if case["formatted"].startswith("{")]
METRIC_QUERIES = [case["query"] for case in TAKEN if not case["formatted"].startswith("{")]

A = '{a="b"} '

# More that was not asked of a real Loki, but follows from its grammar; parts of a line are divided by ¦.
SHOULD_BE_REFUSED = """
{a="b",} ¦ {a="b" ¦ {json="x"} ¦ {a==b} ¦ {a>5} ¦ {a=5} ¦ {a} ¦ { ¦ } ¦ x ¦ ( ¦ () ¦ {a=""b"} ¦ {ö="b"}
{a=~"["} ¦ {a=~"b|"} ¦ {a!="b"} ¦ {a!~".+"} ¦ ({a="b"} ¦ ({a="b"}) |= "x" ¦ {a="b"}{c="d"} ¦ (|= "x")
vector(1) ¦ 1+1 ¦ -5m
"""
STAGES_THAT_SHOULD_BE_REFUSED = """
| json by="a" ¦ | by="a" ¦ | of="a" ¦ | x ¦ | x= ¦ | ¦ || json ¦ | | json ¦ | n>0x10 ¦ | n>Inf ¦ | n>--5
| n>5x ¦ | n>08 ¦ | n>1e ¦ | n>1e400 ¦ | n>1__0 ¦ | n>1_ ¦ | n>0b1 ¦ | n>0o7 ¦ | n>1p3 ¦ | d>-1d ¦ | d>+5m
| d>- 5m ¦ | d>5m5 ¦ | d>300y ¦ | b>1kb ¦ | b>1kib ¦ | b>1PB ¦ | b>1EB ¦ | b>1000TB ¦ | b>-1KB ¦ | x=="y"
| x>"5" ¦ | x=y ¦ | x=~5 ¦ | x=~"(" ¦ | x="y", ¦ | keep ¦ | drop ¦ | drop x, ¦ | drop x>5 ¦ | logfmt --Strict
| logfmt x --strict ¦ | json --strict ¦ | json "x" ¦ | json x=y ¦ | json x="a.b[0" ¦ | json x="" ¦ | json x="a."
| json x="[-1]" ¦ | json é ¦ | logfmt x="a.b" ¦ | logfmt x="" ¦ | regexp x ¦ | regexp ""
| regexp "(?P<x>a)(?P<x>b)" ¦ | regexp "(?P<a.b>x)" ¦ | pattern "" ¦ | pattern "<_>" ¦ | pattern "<x><y>"
| pattern "<a> <_><b>" ¦ | pattern "x" ¦ |> "<x>" ¦ |> "<_><_>" ¦ |~ ip("1.1.1.1") ¦ |= ip(1.1.1.1)
|> ip("1.1.1.1") ¦ |= ip("10.0.0.1 - 10.0.0.9") ¦ |= ip("10.0.0.0/33") ¦ | x=ip("z") ¦ | x=~ip("1.1.1.1")
| label_format x=y,x=z ¦ | label_format __error__=x ¦ | label_format x ¦ | label_format x=json ¦ offset 5m ¦ @ 5
|= "x" or ¦ |= or "x" ¦ |= x ¦ |= "\\'" ¦ |= 'x' ¦ |= `x ¦ |== "x" ¦ | a.b="c" ¦ | distinct x ¦ | sum(x)
| ö="x" ¦ | level >= foo ¦ | (x="y" ¦ | x="y") ¦ | json json ¦ | line_format ¦ | line_format x ¦ & x ¦ + 1
| unpack x ¦ | decolorize "x" ¦ /* x ¦ | x="\\400" ¦ | x=`a` or ¦ |~ "a**" ¦ |~ "\\\\C" ¦ |~ "x{1001}"
|~ "(a{100}){100}" ¦ |~ "[z-a]" ¦ |~ "\\\\8" ¦ |~ "*a" ¦ | n>5days
"""


@pytest.mark.parametrize(
    "text",
    [text.strip() for line in SHOULD_BE_REFUSED.strip().splitlines() for text in line.split("¦")]
    + [A + text.strip() for line in STAGES_THAT_SHOULD_BE_REFUSED.strip().splitlines() for text in line.split("¦")],
)
def test_what_loki_would_refuse_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


STAGES_THAT_SHOULD_BE_TAKEN = """
| sum="x" ¦ | rate > 5 ¦ | bytes > 20MB ¦ | duration >= 5s ¦ | count != 5 ¦ | ip="x" ¦ | ö > 5 ¦ | drop ö
| drop __error__, __error_details__ ¦ | label_format x=x ¦ |~ "{" ¦ |~ "a{,5}" ¦ |~ "\\\\Qa.b\\\\E"
|~ "[[:alpha:]]" ¦ |~ "\\\\pL" ¦ |~ "(?i)x(?s:.)" ¦ |~ "(?<n>x)" ¦ |> "" ¦ |> "<_>" ¦ |= ""
| json x="a", x="b" ¦ | json x="[\\"a b\\"].c[0]" ¦ | logfmt x="\\"a.b\\"" ¦ | n>5 x="y" ¦ | n>5x="y"
| json x != "y" ¦ | keep x ¦ | decolorize | unpack ¦ | x=`` ¦ | n<=08.5 ¦ | d>1m1h ¦ | d>.5s ¦ | b>1Ki ¦ | x=~""
| x!~"a|b" ¦ != ip("::1") or "x" ¦ |= ip("2001:db8::/32") ¦ | pattern "<a1> <_> <_b>" ¦ | regexp `(?P<a>.)(.)`
"""


@pytest.mark.parametrize(
    "text", [text.strip() for line in STAGES_THAT_SHOULD_BE_TAKEN.strip().splitlines() for text in line.split("¦")]
)
def test_what_loki_would_take_is_taken(text: str) -> None:
    parse(A + text)


# What Loki takes and we do not.
DEVIATIONS = {
    '{a="b"} | drop ;': "a sign is the name of a label to Loki's scanner; it is a slip of the keyboard to us",
    "{a=\"b\"} | drop 'x'": "the same: single quotes and all are the name of a label to Loki",
    '{a="b"} | x=ip("nope") or y="z"': "Loki checks such a pattern only where it stands alone, and then finds nothing",
    '{a="b"} |= ip("nope") or "x"': "Loki forgets the ip() of alternatives and looks for the text nope",
    '{a="b"} |~ ip("10.0.0.1") or "x"': "the same",
    '{a="b"} |~ "(?P<1x>y)"': "the engine's groups cannot begin with a digit",
    '{a="b"} | '
    + " or ".join(["x=1"] * 300): "more than 200 tests in one label filter are refused, not to go too deep",
}


@pytest.mark.parametrize(("query", "formatted"), LOG_QUERIES)
def test_what_loki_takes_is_taken_and_written_the_same(query: str, formatted: str) -> None:
    assert str(parse(query)) == formatted


@pytest.mark.parametrize("query", REFUSED)
def test_what_loki_refuses_is_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)


@pytest.mark.parametrize("query", METRIC_QUERIES)
def test_a_metric_query_is_refused_with_the_log_query_to_ask_instead(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert "metric queries are not computed here" in str(caught.value)
    assert '{a="b"}' in caught.value.expected
    assert parse(caught.value.expected.partition(": ")[2])


@pytest.mark.parametrize("query", DEVIATIONS)
def test_these_deviate_from_loki(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)
