"""The filter of a template keeps its lines."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.insight.templates.query import can_filter, hiding_query_of, query_of
from hallucino_tui.logs.query.ast import LineFilter
from hallucino_tui.logs.query.line_match import LineMatch
from hallucino_tui.logs.query.parser import parse
from tests.insight.templates.line_strategies import lines


def kept(query: str, found: list[str]) -> list[str]:
    """Return the lines that a query lets through."""
    (stage,) = parse(query).stages
    assert isinstance(stage, LineFilter)
    series = pl.Series(found, dtype=pl.String)
    return series.filter(pl.Series(LineMatch(stage).test(series))).to_list()


def mined(found: list[str]) -> tuple[Miner, list[int]]:
    miner = Miner()
    return miner, miner.add(pl.Series(found, dtype=pl.String)).tolist()


@given(st.lists(lines, min_size=1, max_size=40))
@example(["rhost= user=root", "rhost=1.2.3.4 user=root"])
@example(["\x1f", " ", "\v", "\r¹", "  0 0"])
@example(["a <ok> 1", "a <ok> 2"])
@example(["x () at 5", "x (y.z.com) at 5"])
def test_every_line_passes_the_filter_of_its_template_and_none_passes_the_hiding_one(found: list[str]) -> None:
    miner, numbers = mined(found)
    for number in set(numbers):
        own = [line for line, its in zip(found, numbers, strict=True) if its == number]
        assert kept(query_of(miner.templates[number]), own) == own
        assert kept(hiding_query_of(miner.templates[number]), own) == []


@pytest.mark.parametrize(
    ("lines_", "query"),
    [
        (["sent 5 bytes to 10.0.0.1:80", "sent 17 bytes to 10.0.0.2:81"], '|> "sent <_> bytes to <_>"'),
        (["database system is shut down"], '|= "database system is shut down"'),
        (["took 5 turns"], '|~ "^took .+ turns$"'),
        (["2026-01-02T03:04:05Z INFO ready"], r'|~ "\\bready$"'),
        (["got <ok> from 5"], '|~ "^got <ok> from .+$"'),
        ([""], r'|~ "^\\s*$"'),
        (['{"msg": "order paid", "n": 5}'], r'|= "\"msg\": \"order paid\""'),
    ],
)
def test_a_filter_is_the_simplest_that_says_it(lines_: list[str], query: str) -> None:
    miner, (number, *_) = mined(lines_)
    assert query_of(miner.templates[number]) == query


def test_the_hiding_filter_is_the_same_one_negated() -> None:
    miner, _ = mined(["sent 5 bytes to 10.0.0.1"])
    assert hiding_query_of(miner.templates[0]) == '!> "sent <_> bytes to <_>"'


def test_a_line_that_has_nothing_but_variables_cannot_be_filtered_by_its_template() -> None:
    miner, numbers = mined(["17", "a 17"])
    assert [can_filter(miner.templates[number]) for number in numbers] == [False, True]
