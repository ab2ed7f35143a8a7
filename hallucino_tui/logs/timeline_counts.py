"""Lines by time and severity, counted with arrays: only buckets that hold lines take room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.severity import LEVEL_BITS, NOT_A_LINE, Level
from hallucino_tui.logs.timeline_ladder import FEW, base_for
from hallucino_tui.logs.timeline_snapshot import CLASSES, ERROR, FATAL, MARKED, REST, WARN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.snapshot import StoreSnapshot

MOST_MARKS: Final = 256
"""Marks that are kept of one chunk: its newest."""

_BY_LEVEL: Final = {Level.WARN: WARN, Level.ERROR: ERROR, Level.FATAL: FATAL}
_CLASS_OF: Final = np.array([_BY_LEVEL.get(Level(code & LEVEL_BITS), REST) for code in range(NOT_A_LINE)], np.uint8)
_IS_MARK: Final = np.isin(np.arange(256), [NOT_A_LINE | kind for kind in MARKED])


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Lines by bucket and severity.

    Attributes:
        width: Nanoseconds of a bucket.
        numbers: The n buckets that hold lines, ascending: time since the epoch // width (int64).
        counts: Their lines by severity class, n × `CLASSES` (int32).
    """

    width: int
    numbers: NDArray[np.int64]
    counts: NDArray[np.int32]

    def folded(self, width: int) -> Counts:
        """Return the same lines in wider buckets; `width` must be a multiple of the width here."""
        return self if width == self.width else _grouped(width, self.numbers // (width // self.width), self.counts)

    def changed(self, gone: Counts, come: Counts) -> Counts:
        """Return this with some lines less and others more, all at the same width."""
        numbers = np.concatenate((self.numbers, gone.numbers, come.numbers))
        counts = np.concatenate((self.counts, -gone.counts, come.counts))
        by_number = np.argsort(numbers, kind="stable")
        return _grouped(self.width, numbers[by_number], counts[by_number])

    def add_to(self, dense: NDArray[np.int64], first: int) -> None:
        """Add the lines to n × `CLASSES` counts of buckets from `first` on; lines outside of them are left out."""
        start, stop = np.searchsorted(self.numbers, (first, first + len(dense))).tolist()
        dense[self.numbers[start:stop] - first] += self.counts[start:stop]


def _begins(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each of n sorted numbers, n > 0, whether it is the first of its kind."""
    begins = np.empty(len(numbers), np.bool_)
    begins[0] = True
    np.not_equal(numbers[1:], numbers[:-1], out=begins[1:])
    return begins


def _grouped(width: int, numbers: NDArray[np.int64], counts: NDArray[np.int32]) -> Counts:
    """Join entries of the same bucket; `numbers` ascend."""
    if not len(numbers):
        return Counts(width, numbers, counts)
    starts = _begins(numbers).nonzero()[0]
    summed = np.add.reduceat(counts, starts, axis=0)
    numbers = numbers[starts]
    filled = summed.any(axis=1)
    return Counts(width, numbers, summed) if filled.all() else Counts(width, numbers[filled], summed[filled])


def count_lines(times: NDArray[np.int64], levels: NDArray[np.uint8], width: int) -> Counts:
    """Count lines; dividers and rows without a time do not count.

    Args:
        times: Their times; `NO_TIME` for rows that are gone.
        levels: Their level codes.
        width: Nanoseconds of a bucket.
    """
    lines = (levels < NOT_A_LINE) & (times != NO_TIME)
    if not lines.all():
        times, levels = times[lines], levels[lines]
    if not len(times):
        return Counts(width, np.empty(0, np.int64), np.empty((0, CLASSES), np.int32))
    numbers, classes = times // width, _CLASS_OF[levels]
    if bool((numbers[1:] < numbers[:-1]).any()):
        # Lines of one file keep their order, whatever times they carry.
        by_number = np.argsort(numbers, kind="stable")
        numbers, classes = numbers[by_number], classes[by_number]
    begins = _begins(numbers)
    places = np.cumsum(begins) - 1
    flat = np.bincount(places * CLASSES + classes, minlength=(int(places[-1]) + 1) * CLASSES)
    return Counts(width, numbers[begins], flat.reshape(-1, CLASSES).astype(np.int32))


class PlacedMark(NamedTuple):
    """A divider that is marked, and where in its chunk it stands."""

    place: int
    time: int
    kind: NoticeKind


def _marks(times: NDArray[np.int64], levels: NDArray[np.uint8], first: int) -> tuple[PlacedMark, ...]:
    places = np.flatnonzero(_IS_MARK[levels] & (times != NO_TIME))[-MOST_MARKS:]
    found = zip(places.tolist(), times[places].tolist(), levels[places].tolist(), strict=True)
    return tuple(PlacedMark(first + place, time, NoticeKind(level - NOT_A_LINE)) for place, time, level in found)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of a chunk.

    Attributes:
        counts: All of its lines.
        marks: Its newest dividers.
        span: Time of its earliest and of its latest row, dividers too; None if every row is gone.
        most: Where its rows begin without the `FEW` oldest ones.
        looked_at: How many rows it had when all of them were looked at.
    """

    counts: Counts
    marks: tuple[PlacedMark, ...]
    span: tuple[int, int] | None
    most: int = 0
    looked_at: int = 0


def _span(times: NDArray[np.int64]) -> tuple[int, int] | None:
    there = times[times != NO_TIME]
    return (int(there.min()), int(there.max())) if len(there) else None


def _begin_of_most(times: NDArray[np.int64]) -> int:
    """Return where rows begin without the `FEW` oldest ones."""
    there = times[times != NO_TIME]
    few = len(there) // FEW
    return int(np.partition(there, few)[few]) if len(there) else 0


def count_chunk(chunk: Chunk, store: StoreSnapshot) -> Known:
    """Count all rows of a chunk. Rows that were evicted count nothing.

    A few old rows do not make the buckets wide: only those that hold lines take room.
    """
    rows = chunk.rows
    times, levels = store.times(rows), store.levels(rows)
    span, most = _span(times), _begin_of_most(times)
    base = base_for(0 if span is None else span[1] - most)
    return Known(count_lines(times, levels, base), _marks(times, levels, 0), span, most, len(rows))


def _same_rows(one: Chunk, other: Chunk) -> int:
    """Return how many rows two chunks have in common at their beginnings."""
    size = min(len(one), len(other))
    if one.base == other.base:
        differs = (one.deltas[:size] != other.deltas[:size]).nonzero()[0]
    else:
        differs = (one.rows[:size] != other.rows[:size]).nonzero()[0]
    return int(differs[0]) if len(differs) else size


def count_grown(before: Chunk, known: Known, chunk: Chunk, store: StoreSnapshot) -> Known | None:
    """Count a chunk that has all rows of an older one, most of them at the same place; return None if it has not.

    Neither is one that has twice as many rows as when all were looked at: what was the most of them may be the few now.

    Args:
        before: The older one.
        known: What is known of it.
        chunk: The newer one.
        store: Holds the rows of the newer one.
    """
    if len(chunk) >= 2 * known.looked_at and known.span is not None and base_for(0) < known.counts.width:
        return None
    same = _same_rows(before, chunk)
    gone, come = (part.deltas[same:].astype(np.int64) + part.base for part in (before, chunk))
    if len(gone) > same or (len(gone) and not np.isin(gone, come).all()):
        return None
    gone_times, times = store.times(gone), store.times(come)
    more = _span(times)
    if known.span is None or more is None or bool((gone_times == NO_TIME).any()):
        return None if len(come) else known
    span = min(known.span[0], more[0]), max(known.span[1], more[1])
    width, levels = max(known.counts.width, base_for(span[1] - known.most)), store.levels(come)
    counts = known.counts.folded(width).changed(
        count_lines(gone_times, store.levels(gone), width), count_lines(times, levels, width)
    )
    kept = tuple(mark for mark in known.marks if mark.place < same)
    return Known(counts, (*kept, *_marks(times, levels, same))[-MOST_MARKS:], span, known.most, known.looked_at)


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """Lines of a chunk in a part of its time, in buckets that are too many for all of it.

    Attributes:
        counts: The lines.
        start: Where the part begins, in nanoseconds since the epoch.
        stop: Where it ends.
    """

    counts: Counts
    start: int
    stop: int


def count_close(chunk: Chunk, store: StoreSnapshot, width: int, start: int, stop: int) -> Close:
    """Count the rows of a chunk with times in [`start`, `stop`)."""
    rows = chunk.rows
    times = store.times(rows)
    near = (times >= start) & (times < stop)
    return Close(count_lines(times[near], store.levels(rows[near]), width), start, stop)
