"""Values that were replaced once are found again wherever the user writes them."""

from hypothesis import given
from hypothesis import strategies as st
from secrets_made_up import WORDS

from hallucino_tui.assistant.redact import PSEUDONYM, Redactor

SECRET = "hunter" + "Two99"


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    for secret in secrets:
        redactor.redact(f"login password={secret} failed")
    return redactor


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True), st.text("abc .,", max_size=10))
def test_no_value_that_was_replaced_is_left_and_all_turn_back(secrets: list[str], between: str) -> None:
    redactor = knowing(*secrets)
    text = between.join([f"is {secret}, " for secret in secrets])
    made = redactor.known(text)
    assert not [secret for secret in secrets if secret in made]
    assert redactor.restore(made) == text
    assert redactor.redact(made) == made, "it is known as its own"


def test_a_value_has_the_pseudonym_that_it_had() -> None:
    redactor = knowing("q7other" + "one", SECRET)
    assert redactor.known(f"where else is {SECRET} used?") == "where else is <secret:password:2> used?"


def test_the_longest_value_is_taken_where_one_holds_another() -> None:
    redactor = knowing(SECRET, f"{SECRET}-and-more")
    assert redactor.known(f"{SECRET}-and-more {SECRET}") == "<secret:password:2> <secret:password:1>"


def test_a_pseudonym_stays_even_if_a_value_stands_in_it() -> None:
    redactor = knowing("passw" + "ord")
    assert redactor.known("is <secret:password:1> a password?") == "is <secret:password:1> a <secret:password:1>?"


def test_what_is_short_or_was_never_replaced_stays() -> None:
    redactor = knowing("q7" + "abc")
    assert redactor.known(f"q7abc and {SECRET}") == f"q7abc and {SECRET}"


def test_a_value_that_holds_another_one_is_found_as_it_shows() -> None:
    redactor = Redactor()
    made = redactor.redact(f'authorization: Digest username="bob", response="{SECRET}", mail=bob@shop.example')
    shown = redactor.restore(PSEUDONYM.findall(made)[0])
    assert "bob" in shown
    assert SECRET not in redactor.known(f"saw {shown} there")


def test_values_that_another_one_found_get_pseudonyms_of_this_one() -> None:
    redactor, other = knowing("q7mine" + "one"), knowing(SECRET)
    assert redactor.known(f'{{app="x"}} |= "{SECRET}"', other) == '{app="x"} |= "<secret:password:2>"'
    assert redactor.restore("<secret:password:2>") == SECRET
    assert redactor.known(SECRET) == "<secret:password:2>"


def test_many_values_are_looked_for_at_once() -> None:
    secrets = [f"q7value{number}" for number in range(3000)]
    redactor = knowing(*secrets)
    assert redactor.known("q7value77 " * 500).count("<secret:password:78>") == 500
