"""Templates of lines that come in any pieces."""

from __future__ import annotations

import random
from dataclasses import astuple
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.insight.templates.miner import Miner
from tests.insight.templates.line_strategies import lines

NAMES = [first + last for first in "bcdfghklmn" for last in ("alo", "iro", "umo", "eno")]


def series(found: list[str]) -> pl.Series:
    return pl.Series(found, dtype=pl.String)


def texts(found: list[str], **settings: int) -> list[str]:
    """Return the text of each line's template."""
    miner = Miner(**settings)
    return [miner.templates[number].text for number in miner.add(series(found)).tolist()]


@given(st.lists(st.tuples(lines, st.booleans()), max_size=60), st.lists(st.integers(0, 60), max_size=6), st.booleans())
def test_the_same_lines_in_any_pieces_give_the_same_templates(
    found: list[tuple[str, bool]], cuts: list[int], forgetful: bool
) -> None:
    all_lines = series([line for line, _ in found])
    goes_on = np.array([flag for _, flag in found], np.bool_)
    whole, pieces = Miner(most=20), Miner(most=20, remembered=4 if forgetful else 1000)
    at_once = whole.add(all_lines, goes_on)
    places = sorted({0, len(found), *(min(cut, len(found)) for cut in cuts)})
    parts = [pieces.add(all_lines[start:stop], goes_on[start:stop]) for start, stop in pairwise(places)]
    one_by_one = pieces.resolve(np.concatenate([*parts, np.zeros(0, np.int32)]))
    assert one_by_one.tolist() == at_once.tolist()
    assert [astuple(template) for template in pieces.templates] == [astuple(template) for template in whole.templates]


@given(st.lists(lines, max_size=60))
def test_templates_say_how_many_lines_they_have_and_which_are_the_first_and_the_last(found: list[str]) -> None:
    miner = Miner()
    numbers = miner.add(series(found))
    assert miner.lines == len(found)
    for template in miner.templates:
        own = np.flatnonzero(numbers == template.number).tolist()
        if template.merged is not None:
            assert not own
            continue
        assert (template.count, template.first, template.last) == (len(own), own[0], own[-1])
        assert template.example == found[own[0]]


@given(st.lists(lines, max_size=40))
def test_a_line_that_was_seen_is_found_again(found: list[str]) -> None:
    miner = Miner()
    numbers = miner.add(series(found)).tolist()
    assert [template and template.number for template in map(miner.find, found)] == numbers


def test_a_line_that_was_not_seen_is_not_found() -> None:
    miner = Miner()
    miner.add(series(["job 5 done"]))
    assert miner.find("job 6 failed") is None
    assert miner.find("job 6 done") is miner.templates[0]


def test_numbers_are_variables_and_words_are_not() -> None:
    assert texts(["job 5 done", "job 17 done", "job 5 failed"]) == ["job <*> done", "job <*> done", "job <*> failed"]


def test_a_word_is_a_variable_where_many_different_ones_were_seen() -> None:
    assert set(texts([f"mail for customer {name} was sent" for name in NAMES])) == {"mail for customer <*> was sent"}


def test_two_words_at_a_place_are_two_templates() -> None:
    assert len(set(texts(["session opened for user root", "session closed for user root"]))) == 2


def test_many_lines_that_differ_in_two_words_at_once_are_one_template() -> None:
    generator = random.Random(5)
    pairs = [tuple(generator.sample(NAMES, 2)) for _ in range(300)]
    assert len(set(texts([f"parcel of {one} was handed to {other} at the door" for one, other in pairs]))) < 5


def test_numbers_that_were_handed_out_stay_good_when_templates_turn_out_to_be_one() -> None:
    miner = Miner()
    numbers = np.concatenate([miner.add(series([f"mail for customer {name} was sent"])) for name in NAMES])
    assert len(set(numbers.tolist())) > 1
    assert set(miner.resolve(numbers).tolist()) == {0}
    assert (miner.templates[0].count, miner.templates[1].merged) == (len(NAMES), 0)


def test_the_id_of_a_template_depends_on_what_it_says_only() -> None:
    one, other = Miner(), Miner()
    one.add(series(["a start", "job 5 done"]))
    other.add(series(["job 7 done"]))
    assert one.templates[1].id == other.templates[0].id
    assert one.templates[0].id != one.templates[1].id
    assert len(one.templates[0].id) == 10


def test_the_head_of_a_line_is_not_a_part_of_its_template() -> None:
    found = ["2026-01-02T03:04:05Z INFO a.b.Shop: 5 orders", "Jan  2 03:04:05 web-1 shop[17]: 7 orders", "9 orders"]
    assert set(texts(found)) == {"<*> orders"}


def test_of_json_the_message_and_the_error_are_the_template() -> None:
    found = [
        '{"ts":"2026-01-02T03:04:05Z","msg":"paid","order":5,"error":"late by 5s"}',
        '{"msg":"paid","x":true,"error":"late by 17s","tags":["a"]}',
        '{"msg":"shipped"}',
    ]
    assert texts(found) == ['"msg":"paid"<*>"error":"late by <*>s"'] * 2 + ['"msg":"shipped"']


def test_an_answer_of_a_broken_server_is_not_like_others() -> None:
    found = [
        f'1.2.3.4 - - [02/Jan/2026:03:04:05 +0000] "GET /a HTTP/1.1" {status} 17' for status in (200, 404, 503, 504)
    ]
    assert texts(found) == ['"GET /a HTTP/<*>" <*> <*>'] * 2 + ['"GET /a HTTP/<*>" 5xx <*>'] * 2


def test_what_is_missing_is_a_variable_too() -> None:
    assert len(set(texts(["rhost= tty=ssh x", "rhost=1.2.3.4 tty=ssh x"]))) == 1


def test_a_stack_trace_counts_once() -> None:
    frames = ["\tat a.B.c(B.java:5)", "\tat a.B.d(B.java:17)"] * 3
    found = ["it failed", *frames, "it failed", *frames]
    goes_on = np.array([line.startswith("\t") for line in found], np.bool_)
    for pieces in ([found], [found[:4], found[4:]], [[line] for line in found]):
        miner, start = Miner(), 0
        for piece in pieces:
            miner.add(series(piece), goes_on[start : start + len(piece)])
            start += len(piece)
        assert [(template.text, template.count) for template in miner.templates] == [("it failed", 2), ("at <*>", 2)]


def test_there_are_no_more_templates_than_allowed() -> None:
    generator = random.Random(7)
    letters = "bcdghijk"
    found = [" ".join("".join(generator.choices(letters, k=9)) for _ in range(2)) for _ in range(2000)]
    miner = Miner(most=100)
    numbers = miner.add(series(found))
    assert len(miner.templates) <= 100 + 100 // 8 + 1
    rest = [template for template in miner.templates if template.is_rest]
    assert len(rest) == 1
    assert rest[0].text == "<*> (more kinds of lines than can be told apart)"
    assert rest[0].count == int((numbers == rest[0].number).sum()) > 1000


@pytest.mark.parametrize(
    "found",
    [
        [], [""], ["", " ", "\t"], ["x" * 1_000_000], ["a 1 " * 250_000], ["\0\1\2\3\4\5\6" * 9], ["(" * 3000],
        ["[" * 3000], ['"' * 3000], ['{"a":' * 500], ["=" * 3000], ["a=" * 1500], [". " * 1500], ["1 " * 1500],
        ["\ufffd" * 3000],
    ],
)  # fmt: skip
def test_odd_lines_have_templates_like_all_others(found: list[str]) -> None:
    miner = Miner()
    assert len(miner.add(series(found))) == len(found)


def test_long_lines_are_known_by_how_they_begin() -> None:
    assert len(set(texts([f"got {'x' * 3000} {number}" for number in ("a", "b")]))) == 1


def test_a_null_is_an_empty_line() -> None:
    miner = Miner()
    assert miner.add(pl.Series([None, ""], dtype=pl.String)).tolist() == [0, 0]
