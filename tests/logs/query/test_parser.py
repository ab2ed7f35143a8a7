import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.ast import (
    And,
    BytesTest,
    CompareOp,
    Drop,
    DurationTest,
    Extraction,
    IpTest,
    Json,
    LabelFilter,
    LevelTest,
    LineFilter,
    LineOp,
    LineTerm,
    Logfmt,
    Matcher,
    MatchOp,
    Named,
    NumberTest,
    Or,
    Query,
)
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.severity import Level

A = '{a="b"} '


def label_test(text: str):
    (stage,) = parse(A + "| " + text).stages
    assert isinstance(stage, LabelFilter)
    return stage.test


def error_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.query == text
    assert str(caught.value).endswith(".")
    assert "\n" not in caught.value.what
    return caught.value


def test_a_selector_and_stages_are_read() -> None:
    query = parse('{app="cart", pod!~"x.*"} |= "a" or `b\\d` | json id, who="user.name" | drop x, y="z"')
    assert query.matchers == (Matcher("app", MatchOp.EQUAL, "cart"), Matcher("pod", MatchOp.NOT_MATCHES, "x.*"))
    assert query.stages == (
        LineFilter(LineOp.CONTAINS, (LineTerm("a"), LineTerm("b\\d"))),
        Json((Extraction("id", "id"), Extraction("who", "user.name"))),
        Drop((Named("x"), Named("y", Matcher("y", MatchOp.EQUAL, "z")))),
    )


@pytest.mark.parametrize("text", ['|= "timeout" | json', '  != "x"', "|json", '!> "<_> x"', '!~ "a.c"'])
def test_the_selector_may_be_left_out(text: str) -> None:
    assert not parse(text).matchers


@pytest.mark.parametrize(
    ("text", "op", "level"),
    [
        ("level >= warn", CompareOp.GREATER_EQUAL, Level.WARN),
        ("level=ERR", CompareOp.EQUAL, Level.ERROR),
        ("level == warning", CompareOp.EQUAL, Level.WARN),
        ("level != unknown", CompareOp.NOT_EQUAL, Level.UNKNOWN),
        ("level<info", CompareOp.LESS, Level.INFO),
    ],
)
def test_levels_are_compared_by_their_severity(text: str, op: CompareOp, level: Level) -> None:
    assert label_test(text) == LevelTest(op, level)


def test_a_level_in_quotes_is_text_and_a_level_that_is_none_is_an_error() -> None:
    assert label_test('level="warn"') == Matcher("level", MatchOp.EQUAL, "warn")
    error = error_of("| level >= wran")
    assert error.column == 12
    assert "warn" in error.expected


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("n>5", NumberTest("n", CompareOp.GREATER, 5)),
        ("n = -1e3", NumberTest("n", CompareOp.EQUAL, -1000)),
        ("n<=- .5", NumberTest("n", CompareOp.LESS_EQUAL, -0.5)),
        ("n==+1_000", NumberTest("n", CompareOp.EQUAL, 1000)),
        ("n!=010", NumberTest("n", CompareOp.NOT_EQUAL, 10)),
        ("n>0x1p4", NumberTest("n", CompareOp.GREATER, 16)),
        ("d>1w", DurationTest("d", CompareOp.GREATER, 7 * 86_400 * 10**9)),
        ("d>=1.5h", DurationTest("d", CompareOp.GREATER_EQUAL, 5_400 * 10**9)),
        ("d<-5m30s", DurationTest("d", CompareOp.LESS, -330 * 10**9)),
        ("d=100µs", DurationTest("d", CompareOp.EQUAL, 100_000)),
        ("b>20MB", BytesTest("b", CompareOp.GREATER, 20_000_000, "20MB")),
        ("b=1KiB", BytesTest("b", CompareOp.EQUAL, 1024, "1KiB")),
        ("b>1.5GB", BytesTest("b", CompareOp.GREATER, 1_500_000_000, "1.5GB")),
        ('x=ip("10.0.0.0/8")', IpTest("x", negated=False, pattern="10.0.0.0/8")),
        ('ip != ip("::1")', IpTest("ip", negated=True, pattern="::1")),
        ('sum="x"', Matcher("sum", MatchOp.EQUAL, "x")),
    ],
)
def test_labels_are_compared_with_what_the_value_looks_like(text: str, test: object) -> None:
    assert label_test(text) == test


def test_and_binds_more_than_or_and_commas_less_than_all() -> None:
    a, b, c = (Matcher(name, MatchOp.EQUAL, "1") for name in "abc")
    assert label_test('a="1" or b="1" and c="1"') == Or(a, And(b, c))
    assert label_test('a="1" and b="1" or c="1"') == Or(And(a, b), c)
    assert label_test('a="1" and b="1" and c="1"') == And(And(a, b), c)
    assert label_test('a="1" or b="1" or c="1"') == Or(Or(a, b), c)
    assert label_test('a="1" , b="1" or c="1"') == And(a, Or(b, c))
    assert label_test('a="1" or b="1" , c="1"') == Or(a, And(b, c))
    assert label_test('a="1" b="1" c="1"') == And(a, And(b, c))
    assert label_test('(a="1" or b="1") c="1"') == And(Or(a, b), c)


def test_a_negative_filter_with_alternatives_becomes_several() -> None:
    stages = parse(A + '!= "x" or "y"').stages
    assert stages == tuple(LineFilter(LineOp.NOT_CONTAINS, (LineTerm(text),)) for text in "xy")


def test_flags_of_logfmt_come_in_any_order_and_number() -> None:
    (stage,) = parse(A + "| logfmt --keep-empty --strict --strict x").stages
    assert stage == Logfmt(strict=True, keep_empty=True, extractions=(Extraction("x", "x"),))


@pytest.mark.parametrize(
    "text",
    [
        A + "# comment",
        "# before\n" + A + "// Go's\n| json /* ones, too */ | x = # here\n 5",
        f"({A})",
        f"(({A}))",
        "\ufeff" + A,
        A + "| JSON | Drop x",
        "{\n\ta = `b`\r\n}",
    ],
)
def test_comments_parentheses_and_blanks_do_not_matter(text: str) -> None:
    assert parse(text).matchers == (Matcher("a", MatchOp.EQUAL, "b"),)


def test_strings_have_the_escapes_of_go() -> None:
    (stage,) = parse(A + r'|= "\x41\u00e9\n\"\\\101\U0001F984\xc3\xa9\xff\ud800"').stages
    assert isinstance(stage, LineFilter)
    assert stage.terms[0].text == 'Aé\n"\\A🦄é\ufffd\ufffd'


@pytest.mark.parametrize(
    ("text", "column", "what", "expected"),
    [
        ('{a="b"} |= "x', 14, "the text ends inside of a string", "closing quote"),
        ('{a="b"} |= "x\n', 14, "the line ends inside of a string", "closing quote"),
        ('{a="b" c="d"}', 8, '"c" does not belong here', "comma"),
        ('{a="b"} |~ "a(b"', 14, "not closed", ""),
        ('{a="b"} |~ "é(?=b)"', 14, "look-around is not supported", ""),
        ('{a="b"} | jsn', 11, '"jsn" is no stage', "one of"),
        ('{a="b"} | x>1kb', 13, '"1kb" is no number', "KB"),
        ('{a="b"} | json.x="y"', 15, '"." does not belong', ""),
        ('{a.b="c"}', 3, "no dots", ""),
        ("{a='b'}", 4, "the character ' has no meaning", "double quotes"),
        ('{by="x"}', 2, "a word of the language", ""),
        ('{a="b"} | logfmt --srict', 18, "", "--strict"),
        ('{a=~".*"}', 1, "also matches streams without the label", "no selector at all"),
        ("{}", 1, "empty", "no selector at all"),
        ('{a="b"} or {c="d"}', 9, "cannot be joined", ""),
        ('{a="b"} | unwrap x', 11, "metric queries are not computed here", '{a="b"}'),
        ('{a="b"} |= "x" [5m]', 16, "metric queries are not computed here", '{a="b"} |= "x"'),
        ("", 1, "the text ends here", "a selector"),
        ('{a="b"} |= "\\q"', 13, "escape", ""),
        ('{a="b"} | label_format x=y,x=z', 28, "set twice", ""),
        ('{a="b"} | regexp "(.*)"', 18, "no named group", ""),
    ],
)
def test_an_error_says_what_where_and_what_was_expected(text: str, column: int, what: str, expected: str) -> None:
    error = error_of(text)
    assert error.column == column
    assert what in error.what
    assert expected in error.expected


PIECES = st.sampled_from(
    [
        "{",
        "}",
        "(",
        ")",
        ",",
        "|",
        "|=",
        "|~",
        "|>",
        "!=",
        "!~",
        "!>",
        "=",
        "=~",
        "==",
        "<",
        "<=",
        ">",
        ">=",
        'a="b"',
        '{a="b"}',
        '"x"',
        "`x`",
        '"(',
        "5",
        "-5",
        "1h",
        "20MB",
        "1e",
        "0x",
        ".",
        "..",
        "[5m]",
        "json",
        "logfmt\n",
        "",
        "",
        "",
        "--strict",
        "drop",
        "keep",
        "label_format",
        "line_format",
        "regexp",
        "pattern",
        "unpack",
        "or",
        "and",
        "by",
        "ip(",
        'ip("1.1.1.1")',
        "level",
        "warn",
        "x",
        "y",
        "sum(",
        '"a"\n',
        "",
        "",
        "",
        "#",
        "//",
        "/*",
        "*/",
        "\\",
        "'",
        "é",
        "\x00",
        "+",
        "-",
        "*",
        "/",
        "^",
        "%",
        '"(?P<x>y)"',
        '"<x>"',
        "",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=25).map(" ".join) | st.text(max_size=40))
def test_garbage_gives_nothing_but_query_errors(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        found = error
    else:
        assert isinstance(query, Query)
        return
    assert 1 <= found.column <= len(text) + 1
    assert str(found)


@pytest.mark.parametrize(
    "piece",
    [
        '|= "x"',
        '{a="b"} ',
        "1.1",
        "1m",
        "(",
        "|",
        "/* ",
        "# x\n",
        '"',
        "`",
        "--",
        "-",
        "é",
        "sum ",
        "| x=1 or ",
        "| x=1,",
    ],
)
@pytest.mark.parametrize("frame", ["%s", '{a="b"} | x=1 %s', '{a="b"} |~ "%s"', '{a="b"} | pattern "<a>%s"', "|= %s"])
def test_long_garbage_ends_soon(piece: str, frame: str) -> None:
    text = frame % (piece * ((5_000 if "~" in frame else 100_000) // len(piece)))
    with contextlib.suppress(QueryError):
        parse(text)


@pytest.mark.parametrize(
    "pattern", ["[[:", "(?P<x>", "a|", "\\\\Q", "(", "a{2}", "a{1000}", "\\\\x{", "[^", "ab|", "(?i)", "x*", "\\\\pL"]
)
def test_long_regular_expressions_end_soon(pattern: str) -> None:
    text = f'{{a="b"}} | x=~"{pattern * (5_000 // len(pattern))}"'
    with contextlib.suppress(QueryError):
        str(parse(text))


def test_alternatives_that_share_ever_longer_beginnings_do_not_go_too_deep() -> None:
    pattern = "|".join("a" * length for length in range(200))
    assert str(parse(f'| x=~"{pattern}"'))


def test_a_query_has_an_upper_size() -> None:
    assert "too long" in error_of("|= `" + "x" * 140_000 + "`").what
