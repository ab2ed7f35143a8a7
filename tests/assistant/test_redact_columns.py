"""Columns of lines: the same as line by line, keys over lines of streams that are mixed, piece by piece."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import BY_THEIR_LOOK, BY_THEIR_PLACE, KEY, WORD, WORDS, made_of

from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.redact_keys import MOST_LINES, MOST_OTHER_LINES, KeyLines

PIECES = [
    "password=", "q7hunter7q", " ", "token: ", "<secret:password:1>", "<email:1>", "bob@shop.example", "\u017fecret=",
    "to\u212aen=", "\x1b[1m", "\u200b", "\n", "KEY", "plain", "'", '"', "://u:", "@h",
]  # fmt: skip
any_line = st.lists(st.sampled_from(PIECES), max_size=7).map("".join) | st.text(max_size=30)
secret_lines = st.sampled_from(sorted(BY_THEIR_PLACE)).flatmap(lambda place: WORDS.map(BY_THEIR_PLACE[place][1]))
BEGIN, END = f"-----BEGIN RSA {KEY}-----", f"-----END RSA {KEY}-----"
bodies = st.lists(made_of(WORD + "+/", 64), min_size=1, max_size=5)


def column(lines: list[str | None]) -> pl.Series:
    return pl.Series("text", lines, dtype=pl.String)


def of_one_stream(count: int) -> np.ndarray:
    return np.zeros(count, np.uint32)


@given(st.lists(any_line | secret_lines, max_size=8))
def test_columns_are_redacted_as_lines_are(lines: list[str]) -> None:
    # What looks like a pseudonym is known before the first line of a column, so it has to be for single lines too.
    by_column, by_line = Redactor(), Redactor()
    made = by_column.redact_series(column(lines), of_one_stream(len(lines))).to_list()
    if not any("<secret:" in line or "<email:" in line for line in lines):
        assert made == [by_line.redact(line) for line in lines]
        assert (by_column.count, by_column.replaced) == (by_line.count, by_line.replaced)


@given(st.lists(any_line | secret_lines, max_size=8))
def test_a_column_that_is_redacted_stays(lines: list[str]) -> None:
    redactor, streams = Redactor(), of_one_stream(len(lines))
    once = redactor.redact_series(column(lines), streams)
    count = redactor.count
    assert redactor.redact_series(once, streams).to_list() == once.to_list()
    assert redactor.count == count


def test_a_column_keeps_its_name_its_gaps_and_lines_without_secrets() -> None:
    text = column(["plain", None, "password=q7one", "", None])
    made = Redactor().redact_series(text, of_one_stream(5))
    assert made.name == "text"
    assert made.to_list() == ["plain", None, "password=<secret:password:1>", "", None]
    assert text.to_list()[2] == "password=q7one", "what was given stays as it is"
    assert Redactor().redact_series(column([]), of_one_stream(0)).to_list() == []


def test_numbers_follow_the_first_appearance() -> None:
    lines = ["x token=q7b", "y", "password=q7a", "TOKEN=q7b pwd=q7c"]
    assert Redactor().redact_series(column(lines), of_one_stream(4)).to_list() == [
        "x token=<secret:password:1>", "y", "password=<secret:password:2>",
        "TOKEN=<secret:password:1> pwd=<secret:password:3>",
    ]  # fmt: skip


@given(st.data(), bodies, bodies)
def test_keys_of_streams_that_are_mixed_go_and_others_stay(
    data: st.DataObject, one: list[str], other: list[str]
) -> None:
    own = {
        0: ["before 0", BEGIN, *one, END, "behind 0"],
        1: ["before 1", f"{BEGIN}{other[0]}", *other[1:], f"{END} behind 1"],
        2: ["quiet line of words"] * 4,
    }
    left = {stream: list(lines) for stream, lines in own.items()}
    streams: list[int] = []
    lines: list[str | None] = []
    while any(left.values()):
        stream = data.draw(st.sampled_from([stream for stream, some in left.items() if some]))
        streams.append(stream)
        lines.append(left[stream].pop(0))
    redactor = Redactor()
    made = redactor.redact_series(column(lines), np.array(streams, np.uint32)).to_list()
    assert not [body for body in (*one, *other) if any(body in line for line in made)]
    assert [line for line, stream in zip(made, streams, strict=True) if stream == 2] == own[2]
    assert made.count("before 0") == made.count("behind 0") == made.count("before 1") == 1
    assert [line for line in made if line.endswith(f"{END} behind 1")]
    assert [redactor.restore(line) for line in made] == lines
    for stream, some in own.items():
        expected = Redactor().redact_all(some)
        found = Redactor().redact_series(column(list(some)), np.full(len(some), stream, np.uint32)).to_list()
        assert found == expected


@given(bodies)
def test_a_key_that_is_redacted_stays(body: list[str]) -> None:
    redactor, lines = Redactor(), ["before", BEGIN, *body, f"{END} behind"]
    once = redactor.redact_all(lines)
    streams = of_one_stream(len(lines))
    for other in (redactor, Redactor()):
        assert other.redact_all(once) == once
        assert other.redact_series(column(list(once)), streams).to_list() == once
    assert redactor.count == len(set(body))


def test_a_fake_within_a_key_does_not_turn_back() -> None:
    redactor = Redactor()
    redactor.redact("password=q7one")
    made = redactor.redact_all([BEGIN, "<secret:password:1>", END])
    assert "q7one" not in redactor.restore("".join(made))


def test_many_keys_one_behind_the_other_in_many_streams() -> None:
    lines, streams = [], []
    for row in range(6000):
        lines.append((BEGIN, "q7" + "A" * 62, END, "ready")[row // 20 % 4])
        streams.append(row % 20)
    made = Redactor().redact_series(column(lines), np.array(streams, np.uint32))
    assert not made.str.contains("q7").any()
    assert made.to_list().count("ready") == 1500


def test_a_beginning_alone_does_not_hide_the_whole_log() -> None:
    lines = [f"cannot read {BEGIN}", *(f"line {number} of ordinary words" for number in range(100))]
    for made in (Redactor().redact_all(lines), Redactor().redact_series(column(lines), of_one_stream(101)).to_list()):
        assert made[MOST_OTHER_LINES + 1 :] == lines[MOST_OTHER_LINES + 1 :]
        assert made[1].startswith("<secret:private-key:")
    endless = [BEGIN, *(["A" * 64] * 2 * MOST_LINES)]
    assert Redactor().redact_all(endless)[MOST_LINES + 1 :] == endless[MOST_LINES + 1 :]


@given(bodies, st.integers(0, 9))
def test_pieces_of_a_stream_are_redacted_as_the_whole(body: list[str], cut: int) -> None:
    lines = ["before", BEGIN, *body, END, "password=q7one", "behind"]
    whole, pieces, keys = Redactor(), Redactor(), KeyLines()
    assert whole.redact_all(lines) == [
        *pieces.redact_all(lines[:cut], keys), *pieces.redact_all(lines[cut:], keys)
    ]  # fmt: skip


@pytest.mark.parametrize("between", ["\n", "\\n"])
@given(body=bodies)
def test_the_rest_of_a_key_whose_beginning_was_cut_off_goes(between: str, body: list[str]) -> None:
    made = Redactor().redact(between.join([*body, END]) + " behind")
    assert not [part for part in body if part in made]
    assert made.endswith(f"{END} behind")


LONG_ENOUGH = 25
"""A token that was cut off after fewer characters is not known; what is left of it opens nothing."""


# Nothing tells a user that is a token before the @ behind it comes.
@pytest.mark.parametrize("place", sorted(set(BY_THEIR_PLACE) - {"a user that is a token"}))
@given(data=st.data())
def test_a_line_that_was_cut_off_gives_nothing_away(place: str, data: st.DataObject) -> None:
    secret = data.draw(made_of(WORD, 20).map(lambda text: f"q7{text}7q"))
    line = BY_THEIR_PLACE[place][1](secret)
    first = line.index(secret) + 16
    cut = data.draw(st.integers(first, max(len(line), first)))
    assert secret[:12] not in Redactor().redact(line[:cut])


@pytest.mark.parametrize(
    "kind", sorted(set(BY_THEIR_LOOK) - {"jwt", "newrelic-key", "azure-secret", "twilio-key", "telegram-token"})
)
@given(data=st.data())
def test_most_of_a_token_is_a_token(kind: str, data: st.DataObject) -> None:
    secret = data.draw(BY_THEIR_LOOK[kind])
    part = secret[: max(LONG_ENOUGH + 6, len(secret) - 9)]
    if kind not in {"stripe-key", "slack-token", "aws-key"}:
        assert part not in Redactor().redact(f"used {part}")
