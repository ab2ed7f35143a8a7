import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.insight.counting import (
    WINDOWS,
    dispersions,
    log_chance_of_fewer,
    log_chance_of_more,
    share_of,
    shrunk,
    threshold,
    typical,
)


def exact_tail(now: int, total: int, share: float) -> float:
    return sum(math.comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(now, total + 1))


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.01, 0.99))
def test_the_bound_is_never_under_the_exact_tail(before: int, now: int, share: float) -> None:
    left, right = np.array([float(before)]), np.array([float(now)])
    more = math.exp(log_chance_of_more(left, right, share)[0])
    fewer = math.exp(log_chance_of_fewer(left, right, share)[0])
    assert more >= exact_tail(now, before + now, share) - 1e-9
    assert fewer >= exact_tail(before, before + now, 1 - share) - 1e-9


def test_it_is_exact_where_a_template_is_in_one_of_both_spans_only() -> None:
    zero, ten = np.array([0.0]), np.array([10.0])
    assert log_chance_of_more(zero, ten, 0.25)[0] == pytest.approx(10 * math.log(0.25))
    assert log_chance_of_fewer(ten, zero, 0.25)[0] == pytest.approx(10 * math.log(0.75))


def test_nothing_is_no_surprise() -> None:
    zero = np.array([0.0])
    assert log_chance_of_more(zero, zero, 0.5)[0] == 0
    assert log_chance_of_fewer(zero, zero, 0.5)[0] == 0


def test_a_million_lines_do_not_underflow() -> None:
    log = log_chance_of_more(np.array([0.0]), np.array([1e6]), 0.5)[0]
    assert log == pytest.approx(1e6 * math.log(0.5))


def test_the_share_of_the_present_grows_with_the_change_that_is_let_pass() -> None:
    assert share_of(600, 60, 1) == pytest.approx(1 / 11)
    assert share_of(600, 60, 2) == pytest.approx(1 / 6)
    assert share_of(0, 0, 1) == 0.5


def test_lines_that_come_one_by_one_have_no_dispersion_and_bursts_have() -> None:
    rng = np.random.default_rng(5)
    single = rng.poisson(4, (200, WINDOWS)).astype(float)
    bursts = 20 * rng.poisson(0.2, (200, WINDOWS)).astype(float)
    assert np.median(dispersions(single)) < 1.5
    assert np.median(dispersions(bursts)) > 15


def test_a_burst_over_many_windows_shows_in_wide_windows() -> None:
    counts = np.zeros((1, WINDOWS))
    counts[0, 16:24] = 5
    assert dispersions(counts)[0] > dispersions(counts[:, np.argsort(np.arange(WINDOWS) % 8)])[0]


def test_few_lines_say_little_of_bursts() -> None:
    measured, counts = np.array([1.0, 1.0]), np.array([1.0, 60.0])
    few, many = shrunk(measured, counts, 10)
    assert few == pytest.approx(10)
    assert many < 2


def test_without_templates_to_learn_from_lines_come_one_by_one() -> None:
    assert typical(np.array([9.0]), np.array([100.0])) == 1


def test_the_bar_is_shared_out_among_tests_that_can_reach_it_only() -> None:
    able, unable = np.full(5, -50.0), np.full(10_000, -1.0)
    assert threshold(able, 0.01) == pytest.approx(math.log(0.01 / 5))
    assert threshold(np.concatenate([able, unable]), 0.01) == pytest.approx(math.log(0.01 / 5))


@given(st.lists(st.floats(-100, 0), min_size=1, max_size=50))
def test_the_bar_is_never_under_that_for_all_and_never_over_the_rate(least: list[float]) -> None:
    bar = threshold(np.array(least), 0.01)
    assert math.log(0.01 / len(least)) - 1e-9 <= bar <= math.log(0.01)
    assert (np.array(least) <= bar).sum() * math.exp(bar) <= 0.01 + 1e-12
