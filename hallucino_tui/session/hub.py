"""The hub: on a fixed tick it takes what sources brought, stores it, and tells one listener what shows now."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds, Store
from hallucino_tui.logs.timeline import Timeline
from hallucino_tui.logs.timeline_snapshot import TimelineSnapshot
from hallucino_tui.logs.view import View
from hallucino_tui.session.receipts import Totals, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.spilled import Spill
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.logs.view import Work
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.receipts import Receipt
    from hallucino_tui.session.source import Item, LogSource

TICK: Final = 0.025
"""Seconds between two ticks: under a thirtieth, for work comes on top, and the screen paints at a beat of its own."""

_LEAST_PAUSE: Final = 0.005
_SLICE: Final = 0.05
"""Seconds of work after which the listener hears of what is done so far."""

_FIRST_SLICE: Final = 0.008
"""The same after a change of the filter: somebody waits for the first lines."""

_QUIET_TICKS: Final = 4
"""Ticks without new lines of files before their text is brought into memory: sooner, it would hold up the reading."""

_RATE_WINDOW: Final = 2.0
_TRIM_SECONDS: Final = 0.5
_INLINE_BYTES: Final = 128 << 10
_THREADS: Final = max(min(os.cpu_count() or 1, 4), 1)


@dataclass(frozen=True, slots=True)
class HubSnapshot:
    """What there is to see at one moment.

    Attributes:
        view: The rows that show.
        totals: The sums of all receipts.
        rate: Lines a second that came in lately.
        timeline: The rows that show, by time and severity.
        unsettled: Lines of files of which time and severity are not known yet.
        spill_problem: One sentence if lines cannot be kept on disk any more, "" otherwise.
    """

    view: ViewSnapshot = field(default_factory=ViewSnapshot)
    totals: Totals = field(default_factory=Totals)
    rate: float = 0.0
    timeline: TimelineSnapshot = field(default_factory=TimelineSnapshot)
    unsettled: int = 0
    spill_problem: str = ""


class Hub:
    """Joins sources, store and view. Everything here happens on one loop."""

    def __init__(
        self,
        table: StreamTable,
        clock: Clock,
        listener: Callable[[HubSnapshot], None],
        bounds: Bounds | None = None,
        spill: Spill | None = None,
    ) -> None:
        """Start empty.

        Args:
            table: Numbers the streams.
            clock: Tells the time.
            listener: Called on the hub's loop after each tick that changed something.
            bounds: How much to keep.
            spill: Keeps on a disk what leaves memory; None to give it up.
        """
        self.table = table
        self.store = Store(bounds, spill=spill)
        self.timeline = Timeline()
        self.view = View(table)
        self._intake = Intake()
        self._clock = clock
        self._listener = listener
        self._sources: list[LogSource] = []
        self._older: list[Item] = []
        self._rest: list[Item] = []
        self._arrivals: deque[tuple[float, int]] = deque()
        self._changed = True
        self._totals: Totals = Totals()
        self._last_rate = 0.0
        self._wake = asyncio.Event()
        self._shown = ViewSnapshot()
        self._wanted: set[int] = set()
        self._left = False
        self._fresh = False
        self._trimmed = 0.0
        self._quiet_ticks = _QUIET_TICKS

    def add(self, source: LogSource) -> None:
        """Take lines from a source from the next tick on."""
        self._sources.append(source)

    def remove(self, source: LogSource) -> None:
        """Take what a source still has, and nothing later."""
        self._rest.extend(source.take())
        self._sources.remove(source)

    def add_older(self, items: Sequence[Item]) -> None:
        """Take lines that were read backwards on request."""
        self._older.extend(items)
        self._wake.set()

    def show(self, filter_: Filter) -> None:
        """Change what the view shows. Lines that are here already are tested newest first."""
        if filter_ == self.view.filter:
            return
        self.view.change(filter_)
        self._changed = self._fresh = True
        self._wake.set()

    def bring(self, numbers: Iterable[int]) -> None:
        """Bring segments into memory that somebody wants to see, before all else."""
        self._wanted.update(numbers)
        self._wake.set()

    def want_timeline(self, buckets: int, *, whole: bool = False) -> None:
        """Say how many buckets of time there is room for; 0 for no timeline.

        Args:
            buckets: How many.
            whole: Whether a few lines that are much older than all others are shown, too.
        """
        self.timeline.want(buckets, most=not whole)
        self._changed = True
        self._wake.set()

    def receipts(self) -> list[Receipt]:
        """Return a copy of every stream's receipt."""
        return [receipt.copy() for source in self._sources for receipt in source.receipts()]

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            due = self._clock.monotonic() + TICK
            if await self.tick():
                await asyncio.sleep(0)  # sockets first, then the rest of the work
            else:
                # A tick's own work counts, so that there are as many a second under load; sockets have their turn.
                pause = max(due - self._clock.monotonic(), _LEAST_PAUSE)
                # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with what it waits for.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._wake.wait()
            self._wake.clear()

    async def tick(self) -> bool:
        """Take what came, test what has to be tested, tell the listener; return whether work is left."""
        until = self._clock.monotonic() + (_FIRST_SLICE if self._fresh else _SLICE)
        self._fresh = False
        older, self._older = self._older, []
        await self._store_all(older, older=True)
        rest, self._rest = self._rest, []
        await self._store_all(rest, older=False)
        for source in self._sources:
            await self._store_all(source.take(), older=False)
        if self.store.evict() is not None:
            self._changed = True
        await self._bring_wanted()
        self._let_go()
        if self._changed or self._left or self._quiet_ticks < _QUIET_TICKS:
            left = await self._test_pending(until) or await self._settle(until)
            self._shown = self.view.snapshot(self.store.snapshot())
            self._left = await self._count(self._shown, until) or left
        self._publish(self._shown)
        return self._left

    async def _bring_wanted(self) -> None:
        wanted, self._wanted = self._wanted, set()
        if bodies := self.store.stored(wanted):
            await asyncio.gather(*(asyncio.to_thread(body.settle) for body in bodies))
            self._changed = True

    def _let_go(self) -> None:
        """Now and then, let go of text of files that somebody looked at and that there is no room for."""
        now = self._clock.monotonic()
        if now - self._trimmed > _TRIM_SECONDS:
            self._trimmed = now
            self.store.trim()

    async def _store_all(self, items: Sequence[Item], *, older: bool) -> None:
        for item in items:
            self._changed = True
            if isinstance(item, Notice):
                self.store.add_notice(item, older=older)
            elif isinstance(item, Part):
                self.store.add_part(item)
                self._quiet_ticks = 0
                self._arrivals.append((self._clock.monotonic(), item.count))
            elif len(item.text) < _INLINE_BYTES:
                self._store_batch(item, older=older)
            else:
                # Long enough for sockets to fill up meanwhile; the thread lets go of the interpreter most of the time.
                await asyncio.to_thread(self._store_batch, item, older=older)

    def _store_batch(self, batch: Batch, *, older: bool) -> None:
        prepared = self._intake.prepare(batch, self._clock.now())
        self.store.append(prepared, older=older)
        self._arrivals.append((self._clock.monotonic(), len(batch)))

    async def _test_pending(self, until: float) -> bool:
        """Test rows for the current filter until the time is up; return whether there are more."""
        if self.view.filter.shows_all:
            return False
        store = self.store.snapshot()
        while (work := self.view.pending(store)) is not None:
            if work.is_long:
                await self._test_together(work, store, until)
            else:
                self.view.accept(work, work.run())
            self._changed = True
            if self._clock.monotonic() > until:
                return True
        return False

    async def _test_together(self, first: Work, store: StoreSnapshot, until: float) -> None:
        """Test on several threads at once until the time is up, beginning with some work."""

        async def test(work: Work | None) -> None:
            while work is not None:
                self.view.accept(work, await asyncio.to_thread(work.run))
                late = self._clock.monotonic() > until or work.generation != self.view.generation
                work = None if late else self.view.pending(store)

        others = [self.view.pending(store) for _ in range(_THREADS - 1)]
        await asyncio.gather(test(first), *map(test, others))

    async def _settle(self, until: float) -> bool:
        """Bring lines of files into memory while there is nothing else to do; return whether there are more."""
        self._quiet_ticks = min(self._quiet_ticks + 1, _QUIET_TICKS)
        if self._quiet_ticks < _QUIET_TICKS:
            return False
        while bodies := self.store.unsettled(_THREADS):
            await asyncio.gather(*(asyncio.to_thread(body.settle) for body in bodies))
            self._changed = True
            if self._clock.monotonic() > until or self._wake.is_set():
                return True
        return False

    async def _count(self, view: ViewSnapshot, until: float) -> bool:
        """Count rows for the timeline until the time is up; return whether there are more."""
        while (work := self.timeline.pending(view)) is not None and self.store.is_known(work.chunk):
            self.timeline.accept(work, await asyncio.to_thread(work.run) if work.is_long else work.run())
            self._changed = True
            if self._clock.monotonic() > until:
                return True
        return False

    def _publish(self, view: ViewSnapshot) -> None:
        now = self._clock.monotonic()
        while self._arrivals and self._arrivals[0][0] < now - _RATE_WINDOW:
            self._arrivals.popleft()
        totals = total(receipt for source in self._sources for receipt in source.receipts())
        rate = sum(count for _, count in self._arrivals) / _RATE_WINDOW
        if not self._changed and totals == self._totals and not (self._last_rate and not rate):
            return
        self._changed, self._totals, self._last_rate = False, totals, rate
        timeline = self.timeline.snapshot(view)
        self._listener(HubSnapshot(view, totals, rate, timeline, self.store.unknown, self.store.spill_problem))
