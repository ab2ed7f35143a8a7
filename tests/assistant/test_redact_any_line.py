"""Properties of redaction: nothing planted comes through, a second time changes nothing, keys over many lines go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import BEGIN_KEY, BY_THEIR_LOOK, BY_THEIR_PLACE, END_KEY, WORD, WORDS, made_of

from hallucino_tui.assistant.redact import Redactor

PIECES = [
    "password", "passwd=", "secret:", "token", "api_key", "Authorization: ", "Bearer ", "basic ", "Cookie: ", "sid=",
    "://", "user:", "@host", "eyJ", "=", ":", '"', "'", "\\", '\\"', " ", ", ", "{", "}", "<", ">", "\n", "é",
    "<secret:password:1>", "<secret:jwt:2>", "abcdefgh1234", "null", "?sig=", "aaaaaaaaaaaaaaaaaaaaaaaa",
    BEGIN_KEY, END_KEY,
]  # fmt: skip
lines = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60)
noise = st.text("abc .,:/[]()-", max_size=20)
# A quote that nothing closes ends at the next one of the line, so such a line has nothing behind it.
WHOLE = sorted(set(BY_THEIR_PLACE) - {"a line that was cut off"})
LABELS = ["EC ", "RSA ", "OPENSSH ", "ENCRYPTED ", ""]
bodies = st.lists(made_of(WORD + "+/", 12, 64).map(lambda text: f"q7{text}"), min_size=1, max_size=6)


@given(lines)
def test_a_second_time_changes_nothing(line: str) -> None:
    redactor = Redactor()
    once = redactor.redact(line)
    count = redactor.count
    assert redactor.redact(once) == once
    assert redactor.count == count


@given(lines)
def test_what_was_replaced_turns_back(line: str) -> None:
    redactor = Redactor()
    if "<secret:" not in line:  # a line may hold words that look like ours
        assert redactor.restore(redactor.redact(line)) == line


@given(noise, st.sampled_from(sorted(BY_THEIR_LOOK)).flatmap(lambda kind: BY_THEIR_LOOK[kind]), noise)
def test_no_secret_that_has_a_look_survives_in_any_line(before: str, secret: str, behind: str) -> None:
    assert secret not in Redactor().redact(f"{before} {secret} {behind}")


@given(st.lists(st.tuples(st.sampled_from(WHOLE), WORDS), min_size=1, max_size=4), noise)
def test_no_secret_survives_beside_others_in_one_line(planted: list[tuple[str, str]], between: str) -> None:
    line = f" {between} ".join(BY_THEIR_PLACE[place][1](secret) for place, secret in planted)
    redacted = Redactor().redact(line)
    assert not [secret for _, secret in planted if secret in redacted]


def pem(label: str, body: list[str], kind: str = "PRIVATE KEY") -> list[str]:
    return [f"-----BEGIN {label}{kind}-----", *body, f"-----END {label}{kind}-----"]


@given(st.sampled_from(LABELS), bodies)
def test_a_private_key_over_many_lines_goes_and_its_ends_stay(label: str, body: list[str]) -> None:
    redactor = Redactor()
    key = pem(label, body)
    redacted = redactor.redact_all(["before", *key, "behind"])
    assert (redacted[0], redacted[1], redacted[-2], redacted[-1]) == ("before", key[0], key[-1], "behind")
    assert all(line.startswith("<secret:private-key:") for line in redacted[2:-2])
    assert [redactor.restore(line) for line in redacted] == ["before", *key, "behind"]


@given(st.sampled_from(LABELS), bodies, st.sampled_from(["\n", "\\n", " "]))
def test_a_private_key_in_one_line_goes(label: str, body: list[str], between: str) -> None:
    redacted = Redactor().redact(f'{{"key":"{between.join(pem(label, body))}"}}')
    assert not [part for part in body if part in redacted]


@pytest.mark.parametrize(
    "key",
    [
        [*pem("", ["q7one"])[:-1], f"{END_KEY} then password=q7two"],
        [f"{BEGIN_KEY} q7one", "q7two"],
        [*pem("", ["q7one"])[:-1], END_KEY + pem("EC ", [])[0], "q7two", "q7three"],
        [f"{BEGIN_KEY}q7one{END_KEY}{BEGIN_KEY}", "q7two"],
        pem("PGP ", ["q7one", "q7two"], "PRIVATE KEY BLOCK"),
        [f"2026 app {BEGIN_KEY}", "2026 app q7one", "2026 app q7two"],
    ],
)
def test_no_part_of_a_key_comes_through_at_its_edges(key: list[str]) -> None:
    assert "q7" not in "\n".join(Redactor().redact_all(key))


def test_lines_behind_a_key_are_read_again() -> None:
    redacted = Redactor().redact_all([*pem("RSA ", ["q7one"]), "ready", "password=q7two"])
    assert redacted[-2:] == ["ready", "password=<secret:password:1>"]
