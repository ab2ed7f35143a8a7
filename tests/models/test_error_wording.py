"""What servers say when they refuse: how much fits, how long to wait, and in which words."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.text import shown
from hallucino_tui.models.thoughts import Thoughts
from hallucino_tui.models.wording import most_tokens_in, retry_after, said, says_too_long

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("message", "fits"),
    [
        ("request (24538 tokens) exceeds the available context size (8192 tokens), try increasing it", 8192),
        ("This model's maximum context length is 8192 tokens. However, you requested 10016 tokens", 8192),
        ("This model's maximum context length is 128,000 tokens. However, your messages resulted in", 128_000),
        ("Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000", 272_000),
        ("'max_tokens' is too large: 1024. This model's maximum context length is 4096 tokens and", 4096),
        ("The decoder prompt (length 5000) is longer than the maximum model length of 4096.", 4096),
        ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
        ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1_048_576),
        ("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000.", 30_000),
        ("the request exceeds the available context size", 0),
        ("too many tokens", 0),
        ("maximum context length is 99999999999999999999", 0),
    ],
)
def test_how_much_fits_in_the_words_of_many_servers(message: str, fits: int) -> None:
    assert says_too_long({"message": message})
    assert most_tokens_in({"message": message}) == fits


def test_llama_cpp_says_it_in_a_field() -> None:
    assert most_tokens_in({"message": "too much", "n_ctx": 4096}) == 4096
    assert most_tokens_in({"message": "context size (8192 tokens)", "n_ctx": -1}) == 8192


def response(**headers: str) -> Any:
    return SimpleNamespace(headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "0"}, 0.0),
        ({"retry_after_ms": "1500", "retry_after": "2"}, 1.5),
        ({"retry_after": "-1"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": ""}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(response(**headers)) == seconds


@pytest.mark.parametrize("seconds", [-5, 0, 90, 86_400])
def test_a_date_to_wait_for_is_measured_with_the_servers_own_clock(seconds: int) -> None:
    then = format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)
    assert retry_after(response(retry_after=then, date=format_datetime(NOON, usegmt=True))) == max(0, seconds)


def test_a_date_in_the_past_without_the_servers_clock_means_now() -> None:
    assert retry_after(response(retry_after="Mon, 01 Jan 2001 00:00:00 GMT")) == 0.0


def test_no_response_says_nothing() -> None:
    assert retry_after(None) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "error", "detail", "code", "type", "n_ctx", "loc", "msg", "param"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(ANYTHING)
def test_whatever_a_server_sends_is_one_short_line(body: object) -> None:
    words = said(body)
    assert words
    assert len(words) < 400
    assert "\n" not in words
    assert shown(words) == words
    assert most_tokens_in(body) >= 0
    says_too_long(body)


@given(st.text("<think>/ ab\n", max_size=30), st.lists(st.integers(1, 5)))
def test_thoughts_are_taken_off_wherever_the_pieces_are_cut(text: str, cuts: list[int]) -> None:
    def read(pieces: list[str]) -> str:
        thoughts = Thoughts()
        return "".join([thoughts.feed(piece) for piece in pieces] + [thoughts.flush()])

    pieces, rest = [], text
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    assert read([*pieces, rest]) == read([text])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>no</think>yes", "yes"),
        ("\n<think>no</think>\n\nyes", "yes"),
        ("<think>no <think> no</think>yes", "yes"),
        ("<think>never ends", ""),
        ("<think></think>", ""),
        ("yes <think>yes</think>", "yes <think>yes</think>"),
        ("  yes", "  yes"),
        ("<", "<"),
    ],
)
def test_only_thoughts_at_the_beginning_are_thoughts(text: str, answer: str) -> None:
    thoughts = Thoughts()
    assert "".join([*map(thoughts.feed, text), thoughts.flush()]) == answer
