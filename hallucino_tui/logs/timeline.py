"""The timeline: how many lines of a view there are by time and severity, kept up to date chunk by chunk.

A chunk never changes, so it is counted once, in buckets that are fine for its own span; wider buckets are folded from
those, and no row is looked at again. Only the last chunk is a new one after each tick, and most of it is known.

Lines count at the time that they carry. What the display order sorts by may be later, where a file is out of order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from hallucino_tui.logs.timeline_counts import Close, Counts, Known
from hallucino_tui.logs.timeline_ladder import FEW, width_for
from hallucino_tui.logs.timeline_plan import Picture, Plan, begin_of_most, joined, oldest, one_of_a_kind, show_as_before
from hallucino_tui.logs.timeline_snapshot import CLASSES, Bucket, Mark, TimelineSnapshot
from hallucino_tui.logs.timeline_work import Newest, TimelineResult, TimelineWork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.snapshot import ViewSnapshot

_MOST_MARKS: Final = 512
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class _Survey:
    """What is known of some chunks together.

    Attributes:
        chunks: The chunks.
        complete: Whether all of them are counted.
        span: Time of the earliest and the latest row; of a chunk that is not counted its bounds.
        widest: The widest buckets that one was counted in.
        lines: How many lines they hold, as far as they are counted.
        marks: The newest dividers, in no order.
    """

    chunks: Sequence[Chunk] = ()
    complete: bool = True
    span: tuple[int, int] | None = None
    widest: int = 0
    lines: int = 0
    marks: list[Mark] = field(default_factory=list[Mark])


class Timeline:
    """Keeps the counts of one view. Only one thread changes it; its snapshots can be read by any."""

    def __init__(self) -> None:
        self._wanted: tuple[int, int | None, int | None] = (0, None, None)
        self._wants_most = False
        self._most: tuple[int, int | None] = (-1, None)
        self._known: dict[int, Known] = {}
        self._close: dict[int, Close] = {}
        self._newest: Newest | None = None
        self._settled = _Survey()
        self._width = 0
        self._folded: dict[int, Counts] = {}
        self._sum: tuple[_Survey, Plan, NDArray[np.int64]] | None = None
        self._picture: Picture | None = None

    def want(self, buckets: int, start: int | None = None, stop: int | None = None, *, most: bool = False) -> None:
        """Say what the next snapshots are to show.

        Args:
            buckets: How many buckets at most; 0 for no picture. A few are made at least.
            start: Where the picture begins, in nanoseconds since the epoch; None for the view's earliest row.
            stop: Where it ends; None for the view's latest row. The span is widened to whole buckets.
            most: Whether it may begin where nearly all lines do, if `start` says nothing.
        """
        self._wanted = (buckets, start, stop)
        self._wants_most = most

    def pending(self, view: ViewSnapshot) -> TimelineWork | None:
        """Return the newest chunk that has to be counted for the picture, or None if all are."""
        plan = self._plan(view)
        if plan is None:
            return None
        chunk = next(reversed(self._missing(view, plan)), None)
        if chunk is None:
            return None
        is_last = chunk is view.chunks[-1]
        known = self._known.get(chunk.serial)
        if known is not None:
            close = None if known.span is None else (plan.width, *plan.part(known.span))
            return TimelineWork(chunk, view.store, close, None, is_last, None)
        newest = self._newest if is_last else None
        replaces: int | None = None
        if newest is not None and all(other.serial != newest.chunk.serial for other in view.chunks):
            replaces = newest.chunk.serial
        return TimelineWork(chunk, view.store, None, newest, is_last, replaces)

    def accept(self, work: TimelineWork, result: TimelineResult) -> None:
        """Take the result of some work.

        Args:
            work: What `pending` returned.
            result: What ``work.run()`` returned.
        """
        if result.known is not None:
            self._known[work.chunk.serial] = result.known
            if work.is_last:
                self._newest = Newest(work.chunk, result.known)
        if result.close is not None:
            self._close[work.chunk.serial] = result.close
        if work.replaces is not None:
            for memory in (self._known, self._close, self._folded):
                memory.pop(work.replaces, None)

    def snapshot(self, view: ViewSnapshot) -> TimelineSnapshot:
        """Return the picture as far as it is known; what is not yet counted shows as it did before."""
        plan = self._plan(view)
        if plan is None:
            self._picture = None
            return TimelineSnapshot()
        self._forget(view)
        settled, newest = self._survey(view.chunks[:-1]), self._look(view.chunks[-1:])
        dense = np.zeros((plan.last - plan.first + 1, CLASSES), np.int64)
        self._add_settled(settled, plan, dense)
        self._add(newest, plan, dense)
        marks = [mark for mark in (*settled.marks, *newest.marks) if plan.start <= mark.time < plan.stop]
        missing = self._missing(view, plan)
        if missing and (old := self._picture) is not None and old.generation == view.generation:
            show_as_before(old, missing, plan, dense)
            marks += [mark for mark in old.marks if any(c.first_time <= mark.time <= c.last_time for c in missing)]
        self._picture = Picture(plan, dense, one_of_a_kind(marks, plan), view.generation)
        counts: list[Bucket] = list(map(tuple, dense.tolist()))  # pyright: ignore[reportAssignmentType] - four each
        first, last = joined(settled.span, newest.span) or (0, 0)
        return TimelineSnapshot(
            plan.start,
            plan.width,
            tuple(counts),
            not missing,
            first,
            last,
            self._picture.marks,
            leaves_out=first < plan.start,
            # What the buckets do not hold is older: a picture that leaves newer lines out was asked for.
            older=0 if missing or first >= plan.start else settled.lines + newest.lines - int(dense.sum()),
        )

    def _plan(self, view: ViewSnapshot) -> Plan | None:
        buckets, start, stop = self._wanted
        if start is None or stop is None:
            span = joined(self._survey(view.chunks[:-1]).span, self._look(view.chunks[-1:]).span)
            if span is None:
                return None
            if start is None:
                begin = self._begin_of_most(view, span) if self._wants_most else None
                start = span[0] if begin is None else begin
            stop = span[1] + 1 if stop is None else stop
        if start >= stop or buckets < 1:
            return None
        width = width_for(start, stop, buckets)
        if width != self._width:
            self._width = width
            self._folded.clear()
            self._close.clear()
        return Plan(width, start // width, (stop - 1) // width)

    def _begin_of_most(self, view: ViewSnapshot, span: tuple[int, int]) -> int | None:
        """Return where nearly all lines begin, or None; it stays as it was while a chunk is not counted."""
        settled, newest = self._survey(view.chunks[:-1]), self._look(view.chunks[-1:])
        if settled.complete and newest.complete:
            few = (settled.lines + newest.lines) // FEW
            counts = (self._known[chunk.serial].counts for chunk in view.chunks)
            self._most = (view.generation, begin_of_most(*oldest(counts, few), few, span))
        generation, begin = self._most
        is_good = generation == view.generation and begin is not None and begin <= span[1]
        return max(begin, span[0]) if is_good and begin is not None else None

    def _survey(self, chunks: tuple[Chunk, ...]) -> _Survey:
        """Look at all chunks of a view but the last: they rarely change, and what was seen is kept."""
        if not self._settled.complete or self._settled.chunks != chunks:
            self._settled = self._look(chunks)
        return self._settled

    def _look(self, chunks: tuple[Chunk, ...]) -> _Survey:
        complete, span, widest, lines = True, None, 0, 0
        marks: list[Mark] = []
        for chunk in reversed(chunks):
            known = self._known.get(chunk.serial)
            if known is None:
                complete, span = False, joined(span, (chunk.first_time, chunk.last_time))
                continue
            span, widest = joined(span, known.span), max(widest, known.counts.width)
            lines += int(known.counts.counts.sum())
            if known.marks and len(marks) < _MOST_MARKS:
                marks += [Mark(time, kind) for _, time, kind in known.marks]
        return _Survey(chunks, complete, span, widest, lines, marks)

    def _missing(self, view: ViewSnapshot, plan: Plan) -> list[Chunk]:
        """Return the chunks of which the picture's counts are not known, the newest last."""
        settled = self._survey(view.chunks[:-1])
        good = settled.complete and settled.widest <= plan.width
        return [chunk for chunk in view.chunks[-1 if good else 0 :] if self._counts(chunk, plan) is None]

    def _counts(self, chunk: Chunk, plan: Plan) -> Counts | None:
        """Return the lines of a chunk at the picture's width, or None if they are not known."""
        counts = self._folded.get(chunk.serial)
        if counts is not None:
            return counts
        known = self._known.get(chunk.serial)
        if known is None:
            return None
        if known.counts.width <= plan.width:
            counts = self._folded[chunk.serial] = known.counts.folded(plan.width)
            return counts
        start, stop = (0, 0) if known.span is None else plan.part(known.span)
        if start >= stop:
            return _NOTHING
        close = self._close.get(chunk.serial)
        return close.counts if close is not None and close.start <= start and close.stop >= stop else None

    def _add_settled(self, settled: _Survey, plan: Plan, dense: NDArray[np.int64]) -> None:
        """Add all chunks but the last; their sum is kept for as long as they are the same."""
        if settled.span is None:
            return
        # The buckets that are only the last chunk's come one after the other; the others stay.
        slots = plan.slots(settled.span)
        part = plan._replace(last=plan.first + slots.stop - 1)
        if self._sum is None or self._sum[0] is not settled or self._sum[1] != part or settled.widest > plan.width:
            summed = np.zeros((slots.stop, CLASSES), np.int64)
            self._add(settled, plan, summed)
            self._sum = (settled, part, summed)
        dense[: slots.stop] += self._sum[2]

    def _add(self, survey: _Survey, plan: Plan, dense: NDArray[np.int64]) -> None:
        for chunk in survey.chunks:
            counts = self._counts(chunk, plan)
            if counts is not None:
                counts.add_to(dense, plan.first)

    def _forget(self, view: ViewSnapshot) -> None:
        """Drop what is known of chunks that no longer exist."""
        # What is known of the store's own chunks is kept, too: without a filter they show again.
        if len(self._known) > len(view.chunks) + len(view.store.chunks) + 16:
            alive = {chunk.serial for chunks in (view.chunks, view.store.chunks) for chunk in chunks}
            self._known = _kept(self._known, alive)
            self._close = _kept(self._close, alive)
            self._folded = _kept(self._folded, alive)


_NOTHING: Final = Counts(1, np.empty(0, np.int64), np.empty((0, CLASSES), np.int32))


def _kept(memory: dict[int, _T], alive: set[int]) -> dict[int, _T]:
    return {serial: value for serial, value in memory.items() if serial in alive}
