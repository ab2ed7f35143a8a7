import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.query.patterns import (
    Capture,
    check_extraction,
    check_filter,
    matches_lines,
    parse_pattern,
    to_regex,
)

texts = st.text("ab ", min_size=1, max_size=3)


@st.composite
def patterns(draw: st.DrawFn, *, named: bool) -> tuple[str | Capture, ...]:
    count = draw(st.integers(1, 3))
    parts: list[str | Capture] = [draw(texts)] if draw(st.booleans()) else []
    for index in range(count):
        parts.append(Capture(f"c{index}" if named and draw(st.booleans()) else ""))
        parts.append(draw(texts))
    return tuple(parts if draw(st.booleans()) else parts[:-1])


def extracted(parts: tuple[str | Capture, ...], line: str) -> dict[str, str]:
    """What Loki takes out of a line, said step by step."""
    found: dict[str, str] = {}
    rest, parts = line, tuple(parts)
    if isinstance(parts[0], str):
        if not line.startswith(parts[0]):
            return {}
        rest, parts = line[len(parts[0]) :], parts[1:]
    while parts:
        capture, *following = parts
        literal = following[0] if following else ""
        place = rest.find(literal) if following else -1
        taken = rest[:place] if place >= 0 else rest
        if capture.name:
            found[capture.name] = taken
        if place < 0:
            return found
        rest, parts = rest[place + len(literal) :], tuple(following[1:])
    return found


def fits(parts: tuple[str | Capture, ...], line: str) -> bool:
    """Whether a line passes a filter in Loki, said step by step."""
    if not line or not parts:
        return not line and not parts
    rest = line
    for index, part in enumerate(parts):
        if isinstance(part, str):
            place = rest.find(part)
            if place < 0 or (index and place == 0):
                return False
            rest = rest[place + len(part) :]
    return bool(rest) is isinstance(parts[-1], Capture)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("abc", ("abc",)),
        ("<a> - <_>[<b1>", (Capture("a"), " - ", Capture(""), "[", Capture("b1"))),
        ("<1a> < b> <a-b> <> <é> <__>", ("<1a> < b> <a-b> <> <é> ", Capture("__"))),
        ("<<a>>", ("<", Capture("a"), ">")),
    ],
)
def test_a_pattern_is_cut_into_text_and_captures(text: str, parts: tuple[str | Capture, ...]) -> None:
    assert parse_pattern(text) == parts


@pytest.mark.parametrize("text", ["<a>", "<a> <b>", "x<a>y", "<_> <a>", "<a> <_> <_>"])
def test_these_patterns_extract_labels(text: str) -> None:
    check_extraction(parse_pattern(text))


@pytest.mark.parametrize(
    "text", ["", "x", "<_>", "<_> x <_>", "<a><b>", "<a> <_><b>", "<a> x <a>", "<__> <__>", "<_><a>"]
)
def test_these_do_not(text: str) -> None:
    with pytest.raises(ValueError):
        check_extraction(parse_pattern(text))


def test_a_filter_has_no_named_captures_and_none_side_by_side() -> None:
    for good in ("", "x", "<_>", "<_> x <_>"):
        check_filter(parse_pattern(good))
    for bad in ("<a>", "x <_><_>", "<_> <a>"):
        with pytest.raises(ValueError):
            check_filter(parse_pattern(bad))


@given(
    patterns(named=True).filter(lambda parts: any(isinstance(part, Capture) and part.name for part in parts)),
    st.text("ab x", min_size=1, max_size=12),
)
def test_the_regular_expression_extracts_what_loki_does(parts: tuple[str | Capture, ...], line: str) -> None:
    groups = pl.Series([line]).str.extract_groups(to_regex(parts, whole_line=True)).item()
    assert {name: value for name, value in groups.items() if value is not None} == extracted(parts, line)


def test_a_real_pattern_extracts_from_a_real_line() -> None:
    parts = parse_pattern('<ip> - <_> [<_>] "<method> <path> <_>" <status> <rest>')
    line = '10.0.0.7 - bob [10/Oct/2000:13:55:36 -0700] "GET /a?b=(c) HTTP/1.0" 200 2326 "x" "y"'
    groups = pl.Series([line]).str.extract_groups(to_regex(parts, whole_line=True)).item()
    assert groups == {"ip": "10.0.0.7", "method": "GET", "path": "/a?b=(c)", "status": "200", "rest": '2326 "x" "y"'}


@given(patterns(named=False), st.lists(st.text("ab x", max_size=12), max_size=8))
def test_lines_are_filtered_as_loki_filters_them(parts: tuple[str | Capture, ...], lines: list[str]) -> None:
    column = pl.Series("line", lines, dtype=pl.String)
    wanted = [fits(parts, line) for line in lines]
    assert matches_lines(parts, column).to_list() == wanted
    could = column.str.contains(to_regex(parts, whole_line=False)).to_list()
    assert all(could[index] for index, wants in enumerate(wanted) if wants)


@pytest.mark.parametrize(
    ("text", "line", "fit"),
    [
        ("<_> x <_>", "a x b", True),
        ("<_> x <_>", " x ", False),
        ("<_>x<_>", "axb", True),
        ("<_> bar", "foo bar baz", False),
        ("<_> baz", "foo bar baz", True),
        ("foo <_>", "foo bar baz", True),
        ("bar <_>", "foo bar baz", True),
        ("", "", True),
        ("", "x", False),
        ("<_>", "x", True),
        ("<_>", "", False),
        ("foo", "foo", True),
        ("foo", "a foo", True),
        ("foo", "foo a", False),
        ("<_>a", "xaya", False),
    ],
)
def test_a_filter_fits_whole_lines(text: str, line: str, fit: bool) -> None:
    assert fits(parse_pattern(text), line) is fit
    assert matches_lines(parse_pattern(text), pl.Series([line])).to_list() == [fit]
