"""The bound of tokens: never under what the vocabularies make of a text, and not far over it on logs."""

import base64
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.tokens import Vocabulary, _bound, bound_for, most_tokens, vocabulary_of

ASCII = string.printable
LETTERS = string.ascii_letters
ANYTHING = (
    st.text(max_size=60)
    | st.text(ASCII, max_size=60)
    | st.text(string.ascii_lowercase, max_size=40)
    | st.text(LETTERS + string.digits + "+/", max_size=60)
    | st.text(" \t\r\n1a", max_size=40)
    | st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20)
    | st.text(st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF), max_size=20)
)
LOGS = [
    '10.0.0.7 - - [23/Nov/2026:12:06:01 +0000] "GET /orders/17?page=2 HTTP/1.1" 503 187 "-" "curl/8.5.0"',
    "2026-11-23 12:06:01.123 ERROR [pool-1-thread-7] c.e.shop.OrderService - could not get a connection in 30000 ms",
    '{"level":"error","ts":"2026-11-23T12:06:01.123Z","msg":"dial tcp 10.96.0.10:5432: i/o timeout","attempt":3}',
    "E1123 12:06:01.123456       1 reflector.go:147] failed to list *v1.Pod: Unauthorized",
    'ts=2026-11-23T12:06:01Z level=warn component=scrape msg="context deadline exceeded" target=http://a:9090/metrics',
    "\tat com.example.shop.Pool.get(Pool.java:112) ~[shop-1.4.2.jar:1.4.2]",
    "Nov 23 12:06:01 node-7 kernel: Memory cgroup out of memory: Killed process 4121 (java) total-vm:8123456kB",
]


def larger_count(text: str) -> int:
    """What OpenAI's vocabularies make of a text, the larger of both numbers."""
    toktok = pytest.importorskip("toktok", reason="toktok-rs, which counts exactly, is not installed")
    return max(toktok.batch_count([text], name, 1)[0] for name in ("o200k_base", "cl100k_base"))


@given(ANYTHING)
def test_no_text_has_more_tokens_than_its_bound(text: str) -> None:
    assert larger_count(text) <= most_tokens(text)


@given(st.lists(st.sampled_from([*LOGS, "naïve 接続", "    ", "\n", "x-7f9c6d5b8-qzxjv", "####"]), max_size=12))
def test_no_mixture_of_lines_has_more_tokens_than_its_bound(parts: list[str]) -> None:
    assert larger_count("\n".join(parts)) <= most_tokens("\n".join(parts))


@pytest.mark.parametrize("words", ["base64", "hexadecimal", "lower", "upper", "mixed"])
def test_random_letters_have_no_more_tokens_than_their_bound(words: str) -> None:
    made = random.Random(words)
    alphabets = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "mixed": LETTERS + " -"}
    for _ in range(500):
        data = made.randbytes(made.randint(1, 40))
        text = {"base64": base64.b64encode(data).decode(), "hexadecimal": data.hex()}.get(words)
        text = text or "".join(made.choices(alphabets[words], k=made.randint(1, 40)))
        assert larger_count(text) <= most_tokens(text), text


def test_the_bound_of_logs_is_not_far_over_the_truth() -> None:
    text = "\n".join(LOGS)
    assert most_tokens(text) <= 1.3 * larger_count(text)


def test_all_words_that_are_listed_as_one_token_are_one() -> None:
    toktok = pytest.importorskip("toktok", reason="toktok-rs, which counts exactly, is not installed")
    words = sorted(_bound(Vocabulary.LARGE).words)
    assert len(words) > 5000
    for name in ("o200k_base", "cl100k_base"):
        for form in ("{}", " {}"):
            texts = [form.format(word) for word in words]
            counts = toktok.batch_count(texts, name, 1)
            assert not [text for text, count in zip(texts, counts, strict=True) if count != 1]


@pytest.mark.parametrize("vocabulary", Vocabulary)
def test_nothing_costs_nothing(vocabulary: Vocabulary) -> None:
    assert bound_for(vocabulary)("") == 0
    assert bound_for(vocabulary)("x") >= 1


@given(ANYTHING)
def test_a_digit_by_itself_costs_at_least_as_much_and_bytes_cost_most(text: str) -> None:
    large, digits, most = (bound_for(vocabulary)(text) for vocabulary in Vocabulary)
    assert large <= digits
    # A bound in fifty over what all bytes would cost is the slack of the others.
    assert digits <= most + most // 50 + 1


@pytest.mark.parametrize(("digits", "large", "each"), [(1, 1, 1), (3, 1, 3), (4, 2, 4), (9, 3, 9)])
def test_digits_cost_three_by_three_or_each_by_itself(digits: int, large: int, each: int) -> None:
    assert most_tokens("1" * digits) == large + 1
    assert bound_for(Vocabulary.DIGITS)("1" * digits) == each + 1


@given(st.text(st.characters(min_codepoint=0x80), min_size=1))
def test_what_is_not_ascii_may_be_a_token_for_each_byte(text: str) -> None:
    assert most_tokens(text) >= len(text.encode("utf-8", "replace"))


@given(st.text(), st.text())
def test_more_text_never_costs_less_than_each_of_its_parts_but_for_what_one_token_takes(one: str, other: str) -> None:
    assert most_tokens(f"{one}\n{other}") >= max(most_tokens(one), most_tokens(other))


@pytest.mark.parametrize(
    ("name", "vocabulary"),
    [
        ("gpt-4.1-mini", Vocabulary.LARGE),
        ("openai/gpt-oss-20b", Vocabulary.LARGE),
        ("o3", Vocabulary.LARGE),
        ("o4-mini", Vocabulary.LARGE),
        ("Qwen/Qwen3-8B", Vocabulary.DIGITS),
        ("SmolLM2-135M-Instruct", Vocabulary.DIGITS),
        ("olmo-2", Vocabulary.DIGITS),
        ("", Vocabulary.DIGITS),
    ],
)
def test_models_that_are_not_known_are_taken_to_split_digits(name: str, vocabulary: Vocabulary) -> None:
    assert vocabulary_of(name) is vocabulary
