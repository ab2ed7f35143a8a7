"""How long the next try waits."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.session.backoff import Backoff

bounds = st.floats(0.01, 10)


@given(bounds, st.floats(10, 100), st.integers(0, 40), st.integers())
def test_waits_grow_to_a_bound_and_keep_to_its_upper_half(first: float, longest: float, tries: int, seed: int) -> None:
    backoff = Backoff(first, longest, random.Random(seed))
    for number in range(tries):
        bound = min(longest, first * 2.0**number)
        assert bound / 2 <= backoff.next() <= bound


@given(st.integers(0, 30), st.floats(0, 500), st.integers())
def test_no_wait_is_shorter_than_what_the_server_asks_for(failures: int, retry_after: float, seed: int) -> None:
    backoff = Backoff(generator=random.Random(seed), failures=failures)
    wait = backoff.next(retry_after)
    assert wait >= retry_after
    assert wait <= max(30.0, retry_after + 0.25)


def test_clients_that_failed_together_do_not_come_back_together() -> None:
    waits = {Backoff(generator=random.Random(seed)).next(5.0) for seed in range(20)}
    assert len(waits) == 20


def test_what_works_again_starts_with_short_waits() -> None:
    backoff = Backoff()
    for _ in range(10):
        backoff.next()
    assert backoff.next() > 1
    backoff.reset()
    assert backoff.next() <= 0.25


def test_a_thousand_failures_are_no_number_that_overflows() -> None:
    assert Backoff(failures=5000).next() <= 30
