"""How surprising counts are: tail probabilities that cope with bursts, and a bound on false alarms over many tests.

A template that had `before` lines in a span of the past and `now` lines in the present has, if nothing changed, each of
its lines in the present with the same probability: the share of the present in both spans. So `now` follows a binomial
distribution, whatever the template's rate is, and nothing has to be learned first: a past of one minute is enough.

Its tail is bounded by Chernoff and Hoeffding's ``exp(-n KL(now / n, share))``. That is a bound and no approximation, it
is exact where a template is only in the past or only in the present, it does not underflow (logarithms are kept), and
it holds for counts that are no whole numbers, which bursts need: lines seldom come one by one. A template's dispersion
says how many times the variance of its counts over windows of the past is larger than that of lines that come one by
one; counts are divided by it, so that a burst counts about as one.

Many templates are tested at once. `threshold` shares the stated rate out among those that could be an alarm at all
(Tarone's correction of Bonferroni's): the rate is the probability that a quiet report holds any false alarm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOWS: Final = 64
"""Windows that a span is cut into to see how its counts vary."""

_SCALES: Final = (1, 2, 4, 8)
_PRIOR: Final = 4.0
"""Windows' worth of belief that a template comes in bursts as the other templates do."""

_TYPICAL: Final = 0.75
"""Templates of which nothing is known are taken to come in bursts as this share of the known ones does at most."""


def log_chance_of_more(
    before: NDArray[np.float64],
    now: NDArray[np.float64],
    share: NDArray[np.float64] | float,
) -> NDArray[np.float64]:
    """Bound the probability of so many lines in the present or more.

    Args:
        before: n counts of the past, each divided by its dispersion.
        now: n counts of the present, divided as well.
        share: Probability that a line is in the present if nothing changed, between 0 and 1.

    Returns:
        n natural logarithms of probabilities.
    """
    total = before + now
    seen = np.divide(now, total, out=np.zeros_like(total), where=total > 0)
    return np.where((seen > share) & (total > 0), -total * _divergence(seen, share), 0.0)


def log_chance_of_fewer(
    before: NDArray[np.float64],
    now: NDArray[np.float64],
    share: NDArray[np.float64] | float,
) -> NDArray[np.float64]:
    """Bound the probability of so few lines in the present or fewer; see `log_chance_of_more`."""
    total = before + now
    seen = np.divide(now, total, out=np.zeros_like(total), where=total > 0)
    return np.where((seen < share) & (total > 0), -total * _divergence(seen, share), 0.0)


def share_of(
    before: NDArray[np.float64] | float, now: NDArray[np.float64] | float, ratio: float
) -> NDArray[np.float64]:
    """Return the probability that a line is in the present, if its rate there is `ratio` times that of the past.

    Args:
        before: Length of the past, in any unit: seconds, or lines that could have been errors.
        now: Length of the present.
        ratio: A change up to this is none. Over 1 to look for more, under 1 to look for fewer.
    """
    past, present = np.asarray(before, np.float64), ratio * np.asarray(now, np.float64)
    both = past + present
    return np.divide(present, both, out=np.full_like(both, 0.5), where=both > 0)


def dispersions(counts: NDArray[np.float64], expected: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Measure how many times larger than that of single lines the variance of counts is.

    The largest of several widths of windows counts: what is slow shows in wide windows only.

    Args:
        counts: Lines in each of `WINDOWS` windows, shape (n, WINDOWS).
        expected: What to expect of each; None for the same in each.

    Returns:
        n dispersions, not below 1, from the counts alone.
    """
    if expected is None:
        expected = np.broadcast_to(counts.mean(axis=1, keepdims=True), counts.shape)
    most = np.ones(len(counts))
    for scale in _SCALES:
        shape = (len(counts), WINDOWS // scale, scale)
        seen = counts.reshape(shape).sum(axis=2)
        mean = expected.reshape(shape).sum(axis=2)
        terms = np.divide((seen - mean) ** 2, mean, out=np.zeros_like(mean), where=mean > 0)
        freedom = np.maximum((mean > 0).sum(axis=1) - 1, 1)
        np.maximum(most, terms.sum(axis=1) / freedom, out=most)
    return most


def typical(measured: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Return how bursty a template is of which nothing is known, from those that have lines enough to tell."""
    known = measured[counts >= _PRIOR]
    return float(np.quantile(known, _TYPICAL)) if len(known) >= _PRIOR else 1.0


def shrunk(measured: NDArray[np.float64], counts: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """Draw measured dispersions towards the usual one, the more the fewer lines they were measured with."""
    weight = np.clip(counts - 1, 0, WINDOWS - 1)
    return np.maximum((_PRIOR * usual + weight * measured) / (_PRIOR + weight), 1.0)


def threshold(least: NDArray[np.float64], rate: float) -> float:
    """Return the logarithm that a tail must be under to be an alarm, so that a quiet report has none.

    Args:
        least: The smallest logarithm that each of n tests could reach, whatever it sees. It must not depend on when
            the lines came.
        rate: Probability of any false alarm among all n.
    """
    ordered = np.sort(least)
    tests = np.arange(1, len(ordered) + 1)
    # With a bar for k tests, tests that cannot reach it do not count: find the smallest k that is enough.
    bars = np.log(rate) - np.log(tests)
    reaching = np.asarray(ordered.searchsorted(bars, side="right"), np.int64)
    enough = np.flatnonzero(reaching <= tests)
    return float(bars[enough[0]]) if len(enough) else float(np.log(rate) - np.log(max(len(least), 1)))


def _divergence(seen: NDArray[np.float64], share: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the divergence of two coins."""
    share = np.broadcast_to(np.asarray(share, np.float64), seen.shape)
    return _term(seen, share) + _term(1 - seen, 1 - share)


def _term(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(left > 0, np.nan_to_num(left * np.log(left / right), posinf=1e300), 0.0)
