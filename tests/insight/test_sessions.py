import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hallucino_tui.insight.sessions import SessionCounts, guess_key, keys_in
from hallucino_tui.logs.query.regex_tree import RegexSyntaxError

HDFS = Path(__file__).parents[3] / "shared/data/loghub/sessions/hdfs100k_sessions.jsonl"


def sessions(*events: list[int]) -> SessionCounts:
    keys = pl.Series([f"s{number}" for number, some in enumerate(events) for _ in some], dtype=pl.String)
    return SessionCounts.of(keys, np.array([event for some in events for event in some], np.int32))


def odd(*events: list[int]) -> list[str]:
    counts = sessions(*events)
    return [counts.keys[oddity.session] for oddity in counts.odd()]


def test_sessions_that_are_all_alike_have_no_odd_one() -> None:
    assert odd(*[[1, 2, 3]] * 200) == []


def test_a_template_that_next_to_none_have_is_odd() -> None:
    assert odd(*[[1, 2, 3]] * 200, [1, 2, 3, 9]) == ["s200"]


def test_a_template_that_is_missing_is_odd() -> None:
    (oddity,) = sessions(*[[1, 2, 3]] * 200, [1, 3]).odd()
    assert (oddity.template, oddity.count, oddity.usual) == (2, 0, 1)
    assert oddity.text == "0 lines where 1 is usual: such a count is in 1 of 201 sessions"


def test_a_count_far_out_is_odd_and_one_that_many_have_is_not() -> None:
    assert odd(*[[1, 1]] * 100, *[[1, 1, 1]] * 100, [1] * 9) == ["s200"]


def test_few_sessions_have_no_odd_one_whatever_they_hold() -> None:
    assert odd([1], [2], [3, 3]) == []


def test_the_order_of_lines_does_not_matter_and_lines_without_a_key_count_nowhere() -> None:
    keys = pl.Series(["a", None, "b", "a"])
    counts = SessionCounts.of(keys, np.array([5, 5, 6, 5]))
    assert list(counts.keys) == ["a", "b"]
    assert list(zip(counts.sessions, counts.templates, counts.counts, strict=True)) == [(0, 5, 2), (1, 6, 1)]


def test_no_lines_have_no_sessions() -> None:
    assert sessions().odd() == []


def test_keys_are_found_by_an_expression_with_or_without_a_group() -> None:
    lines = pl.Series(["take blk_-12 now", "none", "req=ab-1 done"])
    assert keys_in(lines, r"blk_-?\d+").to_list() == ["blk_-12", None, None]
    assert keys_in(lines, r"req=(\S+)").to_list() == [None, None, "ab-1"]
    with pytest.raises(RegexSyntaxError):
        keys_in(lines, "(")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Received block blk_-160899 of size 9", "blk_-160899"),
        ('{"msg": "paid", "request_id": "9f3c2a11"}', "9f3c2a11"),
        ("GET / 200 (request_id=9f3c2a11)", "9f3c2a11"),
        ("level=info X-Request-Id: 9f3c2a11", "9f3c2a11"),
        ("[instance: bfde6bd3-7ef1-4179-a0da-ae6a12bb6fb9] Claim", "bfde6bd3-7ef1-4179-a0da-ae6a12bb6fb9"),
    ],
)
def test_usual_keys_are_guessed(line: str, key: str) -> None:
    lines = pl.Series([line] * 3 + ["nothing here"])
    pattern = guess_key(lines)
    assert pattern is not None
    assert keys_in(lines, pattern).to_list() == [key] * 3 + [None]


def test_where_no_line_has_a_key_none_is_guessed() -> None:
    assert guess_key(pl.Series(["GET / 200", "tick"])) is None


@pytest.mark.corpora
@pytest.mark.skipif(not HDFS.is_file(), reason="the log corpora are not there")
def test_sessions_of_a_file_system_are_told_apart() -> None:
    rows = [json.loads(line) for line in HDFS.read_text().splitlines()]
    counts = SessionCounts.of(
        pl.Series([row["block"] for row in rows for _ in row["events"]]),
        np.array([event for row in rows for event in row["events"]]),
    )
    bad = {row["block"] for row in rows if row["label"]}
    alarms = {counts.keys[oddity.session] for oddity in counts.odd()}
    precision, recall = len(alarms & bad) / len(alarms), len(alarms & bad) / len(bad)
    assert precision >= 0.96
    assert 2 * precision * recall / (precision + recall) >= 0.65
