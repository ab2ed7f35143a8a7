"""The hub: what sources brought is stored on a tick, in the order of time, and the listener hears what shows."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, FakeClock, FakeLogs, hub_of, running_hub, texts, until

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.store import Bounds


async def test_lines_show_with_the_tick_after_they_came() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    await hub.tick()
    logs.write("web-1", "one", "two")
    assert texts(heard.last.view) == []
    await hub.tick()
    assert texts(heard.last.view) == ["one", "two"]
    assert heard.last.view.store.received == 2


async def test_a_tick_without_news_tells_nobody() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "one")
    for _ in range(5):
        await hub.tick()
    assert len(heard) == 1


async def test_a_snapshot_that_was_told_never_changes() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "one")
    await hub.tick()
    first = heard.last
    logs.write("web-1", "two")
    await hub.tick()
    assert (texts(first.view), texts(heard.last.view)) == (["one"], ["one", "two"])


lines = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=15)


@given(st.lists(lines, max_size=4))
def test_lines_of_all_streams_stand_in_the_order_of_time_however_late_they_come(ticks: list) -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    written: list[tuple[int, int, str]] = []

    async def write() -> None:
        for lines in ticks:
            for stream, second in lines:
                text = f"line {len(written)}"
                written.append((second, len(written), text))
                logs.write(f"web-{stream}", text, times=[NOON + second * SECOND])
            await hub.tick()

    asyncio.run(write())
    if heard:
        assert texts(heard.last.view) == [text for _, _, text in sorted(written)]


async def test_a_line_without_a_time_gets_that_of_the_line_before_it() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "one", "no time", times=[NOON + SECOND, -(2**63)])
    logs.write("web-2", "two", "none at all", times=[NOON + 2 * SECOND, NOON + 3 * SECOND])
    await hub.tick()
    assert texts(heard.last.view) == ["one", "no time", "two", "none at all"]


async def test_dividers_stand_between_the_lines_and_do_not_count_as_such() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "one", times=[NOON])
    logs.divide("web-1", "lines may be missing", NOON + SECOND)
    logs.write("web-1", "two", times=[NOON + 2 * SECOND])
    await hub.tick()
    assert texts(heard.last.view) == ["one", "lines may be missing", "two"]
    assert (heard.last.view.matched, heard.last.view.store.lines, len(heard.last.view)) == (2, 2, 3)


async def test_older_lines_that_were_asked_for_come_before_the_rest() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "now", times=[NOON])
    await hub.tick()
    hub.add_older([
        batch_of([b"long ago"], [NOON - SECOND], 0),
        Notice(0, NOON - SECOND // 2, NoticeKind.END, "ended"),
    ])  # fmt: skip
    await hub.tick()
    assert texts(heard.last.view) == ["long ago", "ended", "now"]


async def test_a_source_that_is_left_hands_over_what_it_still_has_and_nothing_later() -> None:
    logs = FakeLogs()
    other = FakeLogs(logs.table)
    hub, heard = hub_of(logs, other)
    logs.write("web-1", "the last")
    hub.remove(logs)
    logs.write("web-1", "too late")
    other.write("db-1", "goes on")
    await hub.tick()
    assert sorted(texts(heard.last.view)) == ["goes on", "the last"]
    assert [receipt.stream.title for receipt in hub.receipts()] == ["db-1"]


async def test_what_leaves_to_make_room_is_announced() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs, bounds=Bounds(lines=70_000))
    logs.items.append(batch_of([b"x"] * 131_073, list(range(NOON, NOON + 131_073)), logs.stream("web-1")))
    await hub.tick()
    store = heard.last.view.store
    assert (store.received, store.evicted, store.lines) == (131_073, 65_536, 65_537)
    assert len(heard.last.view) == 65_537
    assert store.find(heard.last.view.rows(0, 1)[0]) is not None


async def test_an_eviction_by_itself_is_news() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.items.append(batch_of([b"x"] * 131_073, [NOON] * 131_073, logs.stream("web-1")))
    await hub.tick()
    hub.store.bounds = Bounds(lines=1)
    await hub.tick()
    assert heard.last.view.store.evicted == 131_072


async def test_the_rate_is_that_of_the_last_seconds_and_falls_back_to_nothing() -> None:
    logs, clock = FakeLogs(), FakeClock()
    hub, heard = hub_of(logs, clock=clock)
    logs.write("web-1", *["x"] * 10)
    await hub.tick()
    clock.seconds += 1
    logs.write("web-1", *["x"] * 30)
    await hub.tick()
    assert heard.last.rate == 20
    clock.seconds += 1.5
    logs.divide("web-1", "news")
    await hub.tick()
    assert heard.last.rate == 15
    told = len(heard)
    clock.seconds += 60
    await hub.tick()
    assert (heard.last.rate, len(heard)) == (0, told + 1)
    await hub.tick()
    assert len(heard) == told + 1


async def test_receipts_are_summed_up_and_handed_out_as_copies() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    for pod, gaps in (("web-1", 1), ("web-2", 2)):
        logs.stream(pod)
        logs.known[-1].gaps = gaps
    await hub.tick()
    assert heard.last.totals.gaps == 3
    copies = hub.receipts()
    logs.known[0].gaps = 7
    assert [copy.gaps for copy in copies] == [1, 2]
    await hub.tick()
    assert heard.last.totals.gaps == 9


async def test_a_change_of_a_receipt_alone_is_news() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.stream("web-1")
    await hub.tick()
    told = len(heard)
    logs.known[0].reconnects += 1
    await hub.tick()
    assert (len(heard), heard.last.totals.reconnects) == (told + 1, 1)


async def test_a_running_hub_goes_on_until_it_is_cancelled() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    async with running_hub(hub):
        for number in range(3):
            logs.write("web-1", f"line {number}", times=[NOON + number])
            await until(lambda number=number: heard and heard.last.view.matched == number + 1)
    assert texts(heard.last.view) == ["line 0", "line 1", "line 2"]


@pytest.mark.parametrize("size", [10, 200_000])
async def test_text_arrives_whole_whether_it_is_short_or_long(size: int) -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "y" * size, b"broken \xff text", times=[NOON, NOON + 1])
    await hub.tick()
    view = heard.last.view
    places: list[Callable[[], bytes]] = []
    for row in view.rows(0, 2):
        found = view.store.find(row)
        assert found is not None
        places.append(lambda found=found: found[0].original(found[1]))
    assert [place() for place in places] == [b"y" * size, b"broken \xff text"]
