"""Pseudonyms that stand in a log already: they never turn back into a secret, and never stand for another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import WORDS

from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.redact import PSEUDONYM, Redactor

KINDS = [
    "secret:password",
    "secret:private-key",
    "secret:jwt",
    "secret:aws-key",
    "secret:my-rule",
    "email",
    "ip",
    "host",
]
fakes = st.builds("<{}:{}>".format, st.sampled_from(KINDS), st.integers(0, 3))
pieces = st.lists(
    st.sampled_from(
        [
            "password=q7one",
            " ",
            "token: 'q7two'",
            '{"pwd":"',
            '"}',
            "authorization: ",
            "://a:",
            "@b.example",
            "x@y.example",
            ",",
        ]
    )
    | fakes,
    max_size=8,
).map("".join)


def test_a_fake_that_came_first_stays_and_its_name_is_not_given() -> None:
    redactor = Redactor()
    assert redactor.redact("saw <secret:password:1>") == "saw <secret:password:1>"
    assert redactor.redact("password=q7one") == "password=<secret:password:2>"
    assert redactor.restore("<secret:password:1> <secret:password:2>") == "<secret:password:1> q7one"


def test_a_fake_that_comes_later_is_written_in_another_way() -> None:
    redactor = Redactor()
    assert redactor.redact("password=q7one") == "password=<secret:password:1>"
    made = redactor.redact("saw <secret:password:1>, and token=q7two")
    assert made == "saw (secret password 1), and token=<secret:password:2>"
    assert redactor.restore(made) == "saw (secret password 1), and token=q7two"


def test_a_fake_in_front_of_a_secret_of_the_same_line_is_told_apart() -> None:
    redactor = Redactor()
    made = redactor.redact("<secret:password:1> password=q7one")
    assert redactor.restore(made) == "<secret:password:1> password=q7one"


def test_a_fake_in_a_secret_does_not_turn_back_into_another_secret() -> None:
    redactor = Redactor()
    redactor.redact("password=q7one")
    made = redactor.redact('token="<secret:password:1> and more"')
    assert "q7one" not in redactor.restore(made)


@pytest.mark.parametrize("hidden", ["\u200b", "\x1b[1m", "\x00", "\u2060"])
def test_a_fake_is_not_put_together_by_taking_away_what_is_invisible(hidden: str) -> None:
    redactor = Redactor()
    redactor.redact("password=q7one")
    made = neutralise(redactor.redact(f"saw <sec{hidden}ret:password:1>"))
    assert "q7one" not in redactor.restore(made)


@given(pieces)
def test_another_redactor_leaves_what_was_redacted(line: str) -> None:
    once = Redactor().redact(line)
    assert Redactor().redact(once) == once


@given(st.lists(pieces, max_size=4))
def test_nothing_but_what_we_replaced_turns_back(lines: list[str]) -> None:
    redactor = Redactor()
    for line in lines:
        made = redactor.redact(line)
        restored = redactor.restore(made)
        told_apart = PSEUDONYM.sub(lambda match: f"({match[0][1:-1].replace(':', ' ')})", line)
        alike = PSEUDONYM.sub(lambda match: f"({match[0][1:-1].replace(':', ' ')})", restored)
        assert alike == told_apart, "a fake is a fake before and behind"


@given(WORDS, st.sampled_from(["\u200b", "\x1b[31m", "\x00", "\u00ad", "\u2066"]))
def test_what_is_invisible_does_not_hide_a_secret(secret: str, hidden: str) -> None:
    middle = len(secret) // 2
    for line in (
        f"pass{hidden}word={secret}",
        f"password{hidden}={hidden}{secret}",
        f"token={secret[:middle]}{hidden}{secret[middle:]}",
    ):
        made = neutralise(Redactor().redact(line))
        assert secret not in made
        assert secret[middle:] not in made


@pytest.mark.parametrize("line", ["\x1b[31mERROR\x1b[0m no route", "a\u200bb", "tab\there", "one\ntwo"])
def test_a_line_without_secrets_keeps_what_is_invisible(line: str) -> None:
    assert Redactor().redact(line) == line
