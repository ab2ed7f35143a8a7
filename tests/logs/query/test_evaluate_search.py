import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.logs.query import line_match
from hallucino_tui.logs.query.find_lines import find_lines, lines_at
from hallucino_tui.logs.query.line_match import LineMatch
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.probe import Probe, reach_of
from hallucino_tui.logs.query.regex import for_engine
from tests.logs.query.evaluating import LINE_FILTERS, columns_of

WORDS = ["error", "err", "or", "E", "a", "b", "10.0.0.7", "é", " ", "=", "ab", "x"]
lines = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map("".join), min_size=1, max_size=40)
patterns = st.sampled_from(
    [
        "error",
        "(?i)ERROR",
        "a.*b",
        "e(r|rr)or",
        "^a",
        "b$",
        r"\bor\b",
        "[ab]{2}",
        "a+b",
        "(a|é)x",
        "x?",
        "(err|é) ?=",
        "(?i:É)",
    ]
)


@given(lines, patterns, st.integers(1, 30))
def test_what_is_looked_for_first_finds_every_line_that_matches(texts: list[str], pattern: str, piece: int) -> None:
    columns = columns_of(texts)
    expected = {row for row, found in enumerate(pl.Series(texts).str.contains(for_engine(pattern))) if found}
    reach = reach_of(pattern)
    if reach.matches_all:
        assert len(expected) == len(texts)
    elif reach.probe is not None:
        found = find_lines(columns, 0, columns.count, reach.probe, piece)
        assert expected <= set(found.tolist())
        assert found.tolist() == sorted(set(found.tolist()))


@pytest.mark.parametrize(
    ("pattern", "probe"),
    [
        ("error", Probe("error", literal=True)),
        ("(?i)error", Probe("(?i:error)", literal=False)),
        (r"\berror\b", Probe("error", literal=True)),
        (r"[0-9]+ timeout.*x", Probe(" timeout", literal=True)),
        ("(?i)error|warn", Probe("(?i:error)|(?i:warn)", literal=False)),
        ("(foo|bar)+", Probe("foo|bar", literal=False)),
        ("[0-9]{3}", Probe("[0-9]{3}", literal=False)),
        ("[0-9]+x", None),
        ("^.$", None),
    ],
)
def test_what_is_looked_for_first_is_a_text_that_each_match_has(pattern: str, probe: Probe | None) -> None:
    assert reach_of(pattern).probe == probe


def test_expressions_that_match_everything_are_known() -> None:
    assert reach_of("").matches_all
    assert reach_of("a*|b").matches_all
    assert not reach_of("^$").matches_all
    assert not reach_of(r"\B").matches_all


@given(lines, st.data())
def test_lines_are_found_where_they_are(texts: list[str], data: st.DataObject) -> None:
    rows = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1))))
    assert lines_at(columns_of(texts), np.array(rows, np.int64)).to_list() == [texts[row] for row in rows]


@given(LINE_FILTERS, st.integers(0, 40), st.sampled_from([1, 5, 60]), st.sampled_from([1, 3]), st.data())
@settings(max_examples=100, deadline=None)
def test_a_search_in_pieces_says_what_a_look_at_each_line_says(
    text: str, seed: int, share: int, step: int, data: st.DataObject
) -> None:
    random = np.random.default_rng(seed)
    filler, rare = "some words of no interest", ["error a=1", "10.0.0.7", "aéb error", '{"a":500}', "", "x"]
    texts = [rare[random.integers(len(rare))] if random.integers(100) < share else filler for _ in range(600)]
    columns = columns_of(texts)
    match = LineMatch(parse(text).stages[0])
    rows = np.arange(0, 600, step, dtype=np.int64)
    expected = rows[match.test(columns.series().gather(rows))].tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_match, "_LARGE", 200)
        patch.setattr(line_match, "_SMALL", 60)
        match._piece = data.draw(st.sampled_from([60, 200]))
        for _ in range(4):
            assert match.select(columns, 0, 600, rows).tolist() == expected
