"""Templates found behind the hub: all lines are counted, whatever leaves, and the lag is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import numpy as np
from session_world import NOON, SECOND, FakeClock, FakeLogs, hub_of, until

from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.store import Bounds
from hallucino_tui.session.hub import Hub
from hallucino_tui.session.pattern_list import PatternListing, ordered
from hallucino_tui.session.patterns import Patterns


class World:
    """A hub that a test ticks, and patterns behind it."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.logs = FakeLogs()
        self.hub, self.heard = hub_of(self.logs, bounds=bounds)
        self.patterns = Patterns(self.hub.store, self.logs.table, FakeClock(step=1))

    async def tick(self) -> None:
        await tick(self.hub)
        if self.heard:
            self.patterns.hear(self.heard.last.view.store)

    async def listing(self) -> PatternListing:
        await self.patterns.catch_up()
        return await self.patterns.read()


async def tick(hub: Hub) -> None:
    while await hub.tick():
        pass


@contextlib.asynccontextmanager
async def world(bounds: Bounds | None = None) -> AsyncIterator[World]:
    made = World(bounds)
    task = asyncio.create_task(made.patterns.run())
    try:
        yield made
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def counts(listing: PatternListing) -> dict[str, int]:
    return {one.text: one.count for one in listing.patterns}


async def test_history_comes_first_and_new_lines_are_counted_on() -> None:
    async with world() as w:
        w.logs.write("web-1", "order 1 done", "order 2 done", "pool is empty")
        await w.tick()
        assert not w.patterns.begun
        assert counts(await w.listing()) == {"order <*> done": 2, "pool is empty": 1}
        w.logs.write("web-1", "order 3 done")
        await w.tick()
        listing = await w.listing()
        assert counts(listing) == {"order <*> done": 3, "pool is empty": 1}
        assert (listing.lines, listing.waiting, listing.missed) == (4, 0, 0)


async def test_a_pattern_knows_its_streams_level_and_times() -> None:
    async with world() as w:
        w.logs.write("web-1", "ERROR order 1 failed", "INFO fine", times=[NOON, NOON + SECOND])
        w.logs.write("web-2", "ERROR order 2 failed", times=[NOON + 5 * SECOND])
        w.logs.divide("web-1", "lines may be missing")
        await w.tick()
        failed = next(one for one in (await w.listing()).patterns if "failed" in one.text)
        assert (failed.count, failed.streams, failed.level) == (2, 2, Level.ERROR)
        assert (failed.first, failed.last) == (NOON, NOON + 5 * SECOND)
        assert (failed.trend[0], failed.trend[20], sum(failed.trend)) == (1, 1, 2)
        assert failed.category == "incident"


async def test_dividers_are_no_lines_and_frames_are_not_listed() -> None:
    async with world() as w:
        w.logs.write("web-1", "ERROR boom", "\tat a.B.c(B.java:1)", "\tat a.B.d(B.java:2)")
        w.logs.divide("web-1", "lines may be missing")
        await w.tick()
        listing = await w.listing()
        assert [one.text for one in listing.patterns] == ["ERROR boom"]
        assert (listing.lines, listing.frames) == (3, 2)


async def test_lines_that_leave_the_store_are_counted() -> None:
    async with world(Bounds(lines=70_000)) as w:
        w.patterns.begin()
        for start in range(0, 400_000, 100_000):
            w.logs.write("web-1", *(f"order {number} done" for number in range(start, start + 100_000)))
            await w.tick()
        listing = await w.listing()
        assert w.heard.last.view.store.evicted > 0
        assert counts(listing) == {"order <*> done": 400_000}
        assert listing.missed == 0


async def test_lines_that_had_left_before_are_told_of() -> None:
    async with world(Bounds(lines=70_000)) as w:
        for _ in range(3):
            w.logs.write("web-1", *(f"order {number} done" for number in range(100_000)))
            await w.tick()
        listing = await w.listing()
        evicted = w.heard.last.view.store.evicted
        assert evicted > 0
        assert (listing.lines, listing.missed) == (300_000 - evicted, evicted)


async def test_a_segment_that_is_filled_while_mining_begins_is_counted_whole() -> None:
    async with world() as w:
        w.logs.write("web-1", *["one line"] * 10)
        await w.tick()
        w.logs.write("web-1", *["one line"] * 100_000)
        await tick(w.hub)  # the segment is full by now, and nobody has told the patterns
        w.patterns.begin()
        w.patterns.hear(w.heard.last.view.store)
        assert counts(await w.listing()) == {"one line": 100_010}


async def test_what_is_not_mined_yet_is_told() -> None:
    made = World()  # and nobody works
    made.logs.write("web-1", "a", "b", "c")
    await made.tick()
    listing = await made.patterns.read()
    assert (listing.lines, listing.waiting) == (0, 3)


async def test_the_filters_of_a_row_keep_and_hide_its_kind() -> None:
    async with world() as w:
        w.logs.write("web-1", "order 1 done", "order 2 done", "pool is empty")
        w.logs.divide("web-1", "lines may be missing", NOON + SECOND)
        await w.tick()
        view = w.heard.last.view
        filters = await w.patterns.filters_of_row(view.rows(0, 1)[0])
        assert filters is not None
        assert filters.text == "order <*> done"
        assert filters.keep.startswith("|")
        assert filters.hide.startswith("!")
        assert await w.patterns.filters_of_row(view.rows(3, 4)[0]) is None
        assert await w.patterns.filters_of_row(1 << 40) is None


async def test_the_row_that_somebody_asks_about_is_mined_before_its_turn() -> None:
    async with world() as w:
        w.logs.write("web-1", *(f"order {number} done" for number in range(200_000)))
        w.logs.write("web-1", "pool is empty")
        await w.tick()
        view = w.heard.last.view
        filters = await w.patterns.filters_of_row(view.rows(len(view) - 1, len(view))[0])
        assert filters is not None
        assert filters.text == "pool is empty"
        assert w.patterns.waiting > 0
        assert counts(await w.listing()) == {"order <*> done": 200_000, "pool is empty": 1}


async def test_numbers_of_rows_are_there_when_all_of_them_are_mined() -> None:
    async with world() as w:
        w.logs.write("web-1", "order 1 done", "pool is empty", "order 2 done")
        await w.tick()
        rows = np.array(w.heard.last.view.rows(0, 3))
        assert await w.patterns.numbers(rows) is None
        await w.patterns.catch_up()
        found = await w.patterns.numbers(rows)
        assert found is not None
        templates, numbers = found
        assert [templates[number].text for number in numbers] == [
            "order <*> done", "pool is empty", "order <*> done",
        ]  # fmt: skip


async def test_patterns_are_sorted_and_found() -> None:
    async with world() as w:
        w.logs.write("web-1", "a fine thing", "a fine thing", "WARN a slow thing", times=[NOON, NOON, NOON + SECOND])
        w.logs.write("web-1", "ERROR a bad thing", times=[NOON + SECOND // 2])
        await w.tick()
        patterns = (await w.listing()).patterns

        def words(sort: str, text: str = "") -> list[str]:
            return [one.text.split()[-2] for one in ordered(patterns, sort, text)]

        assert words("count")[0] == "fine"
        assert words("newest") == ["slow", "bad", "fine"]
        assert words("level") == ["bad", "slow", "fine"]
        assert words("level", "SLOW") == ["slow"]


async def test_who_waits_for_a_row_that_leaves_is_told() -> None:
    made = World(Bounds(lines=10))
    made.logs.write("web-1", *["x"] * 70_000)
    await made.tick()
    made.patterns.begin()
    row = made.heard.last.view.rows(0, 1)[0]
    asked = asyncio.create_task(made.patterns.filters_of_row(row))
    task = asyncio.create_task(made.patterns.run())
    await until(asked.done)
    task.cancel()
    found = await asked
    assert found is None or found.text == "x"


async def test_a_listing_that_nobody_wants_any_more_disturbs_no_count() -> None:
    async with world() as w:
        w.patterns.begin()
        for start in range(0, 100_000, 10_000):
            w.logs.write("web-1", *(f"order {number} done" for number in range(start, start + 10_000)))
            await w.tick()
            asked = asyncio.create_task(w.patterns.read())
            await asyncio.sleep(0)
            asked.cancel()
        listing = await w.listing()
        assert counts(listing) == {"order <*> done": 100_000}
        assert sum(listing.patterns[0].trend) == 100_000
