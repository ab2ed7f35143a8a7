"""Which buckets a picture of the timeline has, and how one picture becomes the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.timeline_snapshot import MARKED, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.timeline_counts import Counts

_MUCH: Final = 20
"""A picture that begins late has to be so many times shorter than the whole one: else it says too little more."""


def joined(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the span that holds both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def oldest(chunks: Iterable[Counts], few: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the buckets of the oldest lines begin, ascending, and how many lines each of them has.

    Args:
        chunks: The counts of chunks, the oldest first.
        few: How many lines it has to be more than.
    """
    times = [np.empty(0, np.int64)]
    lines = [np.empty(0, np.int64)]
    seen = 0
    for counts in chunks:
        times.append(counts.numbers * counts.width)
        lines.append(counts.counts.sum(axis=1))
        seen += int(lines[-1].sum())
        if seen > few:
            break
    every = np.concatenate(times)
    by_time = np.argsort(every, kind="stable")
    return every[by_time], np.concatenate(lines)[by_time]


def begin_of_most(times: NDArray[np.int64], lines: NDArray[np.int64], few: int, span: tuple[int, int]) -> int | None:
    """Return where nearly all lines begin, if a few are so much older that all others would share a bucket or two.

    Such are the lines of containers that ran once when their pod was new. None if there are none.

    Args:
        times: Where buckets with lines begin, ascending; at least those of the oldest lines.
        lines: How many lines are in each.
        few: How many lines may be left out.
        span: Time of the earliest and of the latest row.
    """
    before = np.cumsum(lines) - lines
    most = int(np.searchsorted(before, few, "right")) - 1
    if most < 0:
        return None
    # Back to the last gap that is longer than all that comes after it: what began slowly is not cut off.
    gaps = np.flatnonzero(np.diff(times[: most + 1]) > span[1] - times[1 : most + 1])
    begin = int(times[gaps[-1] + 1 if len(gaps) else 0])
    return begin if span[1] - span[0] >= _MUCH * max(span[1] - begin, 1) else None


class Plan(NamedTuple):
    """Which buckets a picture has: from number `first` to number `last`, counted from the epoch."""

    width: int
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where the first bucket begins, in nanoseconds since the epoch."""
        return self.first * self.width

    @property
    def stop(self) -> int:
        """Where the last bucket ends."""
        return (self.last + 1) * self.width

    def part(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return where the buckets and a span (both ends are part of it) have time in common; maybe nothing."""
        return max(self.start, span[0]), min(self.stop, span[1] + 1)

    def slots(self, span: tuple[int, int]) -> slice:
        """Return which buckets a span lies in."""
        stop = min(span[1] // self.width, self.last) - self.first + 1
        return slice(max(span[0] // self.width - self.first, 0), max(stop, 0))


class Picture(NamedTuple):
    """What the last snapshot showed."""

    plan: Plan
    dense: NDArray[np.int64]
    marks: tuple[Mark, ...]
    generation: int


def show_as_before(old: Picture, missing: Iterable[Chunk], plan: Plan, dense: NDArray[np.int64]) -> None:
    """Fill the buckets of chunks that are not counted yet with what an older picture shows there."""
    if old.plan.width > plan.width:
        return  # nothing says where in its buckets the lines are
    numbers = (np.arange(len(old.dense)) + old.plan.first) * old.plan.width // plan.width - plan.first
    inside = (numbers >= 0) & (numbers < len(dense))
    scaled = np.zeros_like(dense)
    np.add.at(scaled, numbers[inside], old.dense[inside])
    for chunk in missing:
        slots = plan.slots((chunk.first_time, chunk.last_time))
        np.maximum(dense[slots], scaled[slots], out=dense[slots])


def one_of_a_kind(marks: Iterable[Mark], plan: Plan) -> tuple[Mark, ...]:
    """Return the first mark of each kind in each bucket, the oldest bucket first, and in it the weightiest last."""
    found: dict[tuple[int, int], Mark] = {}
    for mark in sorted(marks, key=lambda mark: -mark.time):
        found[mark.time // plan.width, MARKED[mark.kind]] = mark
    return tuple(found[key] for key in sorted(found))
