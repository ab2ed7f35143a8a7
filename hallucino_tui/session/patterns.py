"""Templates of all lines that come in, found behind the hub's back: what is not mined yet is counted, never lost."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK, StoreSnapshot
from hallucino_tui.session.pattern_list import PatternLister, PatternListing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.store import Store
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.mine import Mine, PatternFilters
    from hallucino_tui.session.pattern_list import PatternNews

P = ParamSpec("P")
T = TypeVar("T")

NO_TEMPLATE: Final = -1
"""Stands for rows that are no lines, or that were not mined."""

_PIECE_ROWS: Final = 8192
"""Rows that are mined at once: who wants to read what is known waits for one piece."""

_NEWS_SECONDS: Final = 2.0

_NEARLY: Final = 20
"""What is new is looked for only while less than this part of the lines is not mined yet: the rest would seem gone."""

_MOST_WAITING_BYTES: Final = 256 << 20
"""Memory of lines that left the store and still wait to be mined."""


class Patterns:
    """Mines the lines of a store from the moment that somebody needs it. Belongs to the hub's loop.

    All lines are counted that are in the store at that moment or come later, also those that leave it before their turn
    comes, as long as these take less than 256 MiB; `PatternListing.missed` says how many were not counted.
    """

    def __init__(self, store: Store, table: StreamTable, clock: Clock) -> None:
        """Wait for somebody to need it.

        Args:
            store: Tells of segments that are full.
            table: Names the streams.
            clock: Tells how long ago something was looked for.
        """
        store.on_sealed = self._seal
        self.begun = False
        self._lister = PatternLister()
        self._table = table
        self._clock = clock
        self._compared = -math.inf
        self._mine: Mine | None = None
        self._snapshot = StoreSnapshot()
        self._sealed: deque[Columns] = deque()
        self._waiting: dict[int, Columns] = {}
        self._done: dict[int, int] = {}
        self._missed = 0
        self._evicted = 0
        self._urgent: int | None = None
        self._current: int | None = None
        self._look_at_all = self._forget = False
        self._wake = asyncio.Event()
        self._busy = asyncio.Lock()
        self._stepped = asyncio.Condition()

    def sort_by(self, categories: Categories) -> None:
        """Sort patterns by other rules than those that are built in."""
        self._lister = PatternLister(categories)

    def hear(self, snapshot: StoreSnapshot) -> None:
        """Take what the store holds now; a later one holds all of an earlier one."""
        self._snapshot = snapshot
        if not self.begun:
            return
        self._collect()
        for number in sorted(snapshot.segments) if self._look_at_all else snapshot.growing:
            if (columns := snapshot.segments.get(number)) is not None:
                self._add(columns)
        self._look_at_all = False
        if snapshot.evicted != self._evicted:
            self._evicted = snapshot.evicted
            self._leave_behind()
        if self._waiting:
            self._wake.set()

    def begin(self) -> None:
        """Begin with the lines that are here, and go on with those that come; nothing if it has begun."""
        if self.begun:
            return
        # A segment may have been filled since the last snapshot, so the next one is looked at as a whole.
        self.begun = self._look_at_all = True
        self._missed = self._evicted = self._snapshot.evicted
        for number in sorted(self._snapshot.segments):
            self._add(self._snapshot.segments[number])
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._wake.wait()
            self._collect()
            piece = self._next_piece()
            if piece is None:
                self._wake.clear()
                continue
            columns, start, stop = piece
            async with self._busy:
                self._current = columns.number
                if self._forget and self._mine is not None:
                    self._forget = False
                    self._mine.forget(self._snapshot.segments.keys() | self._waiting.keys())
                await _in_thread(self._take, columns, start, stop)
                self._current = None
            self._done[columns.number] = stop
            if stop >= self._waiting[columns.number].count:
                del self._waiting[columns.number]
            async with self._stepped:
                self._stepped.notify_all()

    @property
    def waiting(self) -> int:
        """Rows that are not mined yet."""
        return sum(columns.count - self._done.get(number, 0) for number, columns in self._waiting.items())

    async def read(self) -> PatternListing:
        """Return what is known now; beginning if nobody has begun. What is new is looked for every other second."""
        self.begin()
        async with self._busy:
            mine, waiting, missed = self._mine, self.waiting, self._missed
            if mine is None:
                return PatternListing(waiting=waiting, missed=missed)
            now = self._clock.monotonic()
            if now - self._compared >= _NEWS_SECONDS and waiting * _NEARLY <= mine.counts.lines:
                self._compared = now
                self._lister.news = await _in_thread(self._news, mine, self._snapshot)
            return await _in_thread(self._lister.read, mine, waiting, missed)

    async def filters_of_row(self, row: int) -> PatternFilters | None:
        """Return the filters for lines like a row's, mining its segment first if that is still to come.

        None if the row is no line, has left, or has no words to tell lines like it from others by.
        """
        self.begin()
        self._urgent = row >> INDEX_BITS
        if not await self._reach(row):
            return None
        async with self._busy:
            number = NO_TEMPLATE if self._mine is None else self._mine.number(row)
        return None if number == NO_TEMPLATE else await self.filters_of(number)

    async def filters_of(self, number: int) -> PatternFilters | None:
        """Return the filters for lines of a template; None if it has no words to tell its lines from others by."""
        async with self._busy:
            return None if self._mine is None else await _in_thread(self._mine.filters_of, number)

    async def numbers(self, rows: NDArray[np.int64]) -> tuple[tuple[Template, ...], NDArray[np.int32]] | None:
        """Return all templates and the numbers of those of rows (int32); None while some rows are not mined."""
        self.begin()
        async with self._busy:
            mine = self._mine
            if mine is None:
                return None
            numbers = await _in_thread(mine.numbers, rows)
            return (tuple(mine.miner.templates), numbers) if (numbers >= 0).all() else None

    async def catch_up(self) -> None:
        """Wait until all rows are mined that are here now."""
        self.begin()
        self._collect()
        wanted = {number: columns.count for number, columns in self._waiting.items()}
        async with self._stepped:
            await self._stepped.wait_for(
                lambda: all(
                    self._done.get(number, 0) >= count or number not in self._waiting
                    for number, count in wanted.items()
                )
            )

    async def _reach(self, row: int) -> bool:
        """Wait until a row is mined; return False if there is no such line."""
        number, index = row >> INDEX_BITS, row & INDEX_MASK
        place = self._snapshot.find(row)
        if place is None or (place[0].at_hand and place[0].levels[index] >= NOT_A_LINE):
            return False
        async with self._stepped:
            await self._stepped.wait_for(lambda: self._done.get(number, 0) > index or number not in self._waiting)
        return self._done.get(number, 0) > index

    def _seal(self, columns: Columns) -> None:
        """Note a segment that is full. May be called in any thread."""
        if self.begun:
            self._sealed.append(columns)

    def _collect(self) -> None:
        while self._sealed:
            self._add(self._sealed.popleft())

    def _add(self, columns: Columns) -> None:
        number = columns.number
        known = self._waiting.get(number)
        if columns.count > max(self._done.get(number, 0), 0 if known is None else known.count):
            self._waiting[number] = columns

    def _leave_behind(self) -> None:
        """Forget rows that have left, and give up those for which there is no room until their turn comes."""
        segments = self._snapshot.segments
        gone = [
            columns for number, columns in self._waiting.items() if number not in segments and number != self._current
        ]
        size = sum(columns.size for columns in gone)
        for columns in gone:
            if size <= _MOST_WAITING_BYTES:
                break
            size -= columns.size
            self._missed += columns.count - self._done.get(columns.number, 0)
            del self._waiting[columns.number]
        alive = segments.keys() | self._waiting.keys()
        self._done = {number: rows for number, rows in self._done.items() if number in alive}
        self._forget = True

    def _next_piece(self) -> tuple[Columns, int, int] | None:
        if not self._waiting:
            return None
        number = self._urgent if self._urgent in self._waiting else next(iter(self._waiting))
        # What has left memory meanwhile is read again from the disk, so that it is not kept here.
        columns = self._waiting[number]
        stored = self._snapshot.segments.get(number)
        if stored is not None and stored.count >= columns.count:
            columns = self._waiting[number] = stored
        start = self._done.get(number, 0)
        return columns, start, min(start + _PIECE_ROWS, columns.count)

    def _news(self, mine: Mine, snapshot: StoreSnapshot) -> Mapping[int, PatternNews]:
        from hallucino_tui.session.pattern_news import find_news, newest_rows  # noqa: PLC0415 - brings Polars

        rows = newest_rows(snapshot)
        return find_news(snapshot, self._table, rows, mine.numbers(rows))

    def _take(self, columns: Columns, start: int, stop: int) -> None:
        if self._mine is None:
            self._mine = _make_mine()
        self._mine.take(columns, start, stop)


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something in a thread, and wait for its end even if nobody wants it any more: the next one waits for that."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


def _make_mine() -> Mine:
    from hallucino_tui.insight.templates.miner import Miner  # noqa: PLC0415 - brings Polars
    from hallucino_tui.session.mine import Mine  # noqa: PLC0415

    return Mine(Miner())
