"""Does something that happens now and then begin to happen more often? A test over the bins of a grid of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene

_MOST: Final = 128
"""From so many bins on, only rises that last are looked for: a burst among so many would be seen as one, too."""
_QUIET_SHARE: Final = 0.04
_QUIET_BINS: Final = 5


@dataclass(frozen=True, slots=True)
class Rise:
    """Where something begins to happen more often.

    Attributes:
        at: The bin.
        log_probability: Logarithm of a bound on the probability of such a rise by chance, over all places and lengths
            that were tried.
    """

    at: int
    log_probability: float


def find_rise(occupied: NDArray[np.int64], bins: int, *, bursts: bool = True) -> Rise | None:
    """Return the least probable rise, or None if there is nothing to compare with.

    What counts is not how often something happens but in how many bins: a burst of a thousand lines in a second is one
    thing that happened. If all bins were alike, the number of occupied bins in a part of the time would be binomial;
    Chernoff's bound on its tail is an upper bound of the probability, and it is multiplied by the number of parts that
    were tried. Each part begins with something that happens, which therefore does not count as evidence.

    Args:
        occupied: The n bins in which it happens, ascending, each once.
        bins: How many bins there are.
        bursts: Whether something that never happened before may end again; else it has to last to the end.
    """
    n = len(occupied)
    quiet = max(_QUIET_BINS, int(bins * _QUIET_SHARE))
    starts = np.flatnonzero(occupied >= quiet)
    if not len(starts):
        return None
    inside = n - starts
    bounds = _bound(inside - 1, n - 1, (bins - occupied[starts]) / bins) + np.log(n)
    best = int(np.argmin(bounds))
    rise = Rise(int(occupied[starts[best]]), float(bounds[best]))
    if bursts and starts[0] == 0 and n <= _MOST:
        first = int(occupied[0])
        ends = np.arange(n)
        short = _bound(ends, n - 1, (occupied - first + 1) / bins) + 2 * np.log(n)
        if float(short.min()) < rise.log_probability:
            return Rise(first, float(short.min()))
    return rise


def _bound(inside: NDArray[np.int64], n: int, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of Chernoff's bound on P(at least `inside` of n fall into a part of this share)."""
    rate = inside / max(n, 1)
    share = np.clip(share, 1e-12, 1 - 1e-12)
    rest = 1 - rate
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = rate * np.log(rate / share) + np.where(rest > 0, rest * np.log(rest / (1 - share)), 0.0)
    return np.where(rate > share, -n * distance, 0.0)


def rise_of(scene: Scene, workload: int, occupied: NDArray[np.int64], *, bursts: bool = True) -> Rise | None:
    """Return the rise of something that a workload writes, within the time that it was heard in; see `find_rise`."""
    heard = int(scene.heard[workload])
    rise = find_rise(occupied - heard, scene.grid.count - heard, bursts=bursts)
    return None if rise is None else replace(rise, at=rise.at + heard)
