"""Filters on what is there already: newest first, piece by piece, and never a line too many or too few."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, FakeClock, FakeLogs, hub_of, running_hub, texts, until

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.query.plain import parse_filter
from hallucino_tui.logs.severity import Level
from hallucino_tui.session.hub import Hub

SEGMENT = 65_536
WORDS = (parse_filter("needle"),)


def haystack(logs: FakeLogs, segments: int) -> None:
    """Write some segments of lines, each with one needle at its end."""
    for number in range(segments):
        lines = [b"hay"] * (SEGMENT - 1) + [f"needle {number}".encode()]
        first = NOON + number * SEGMENT
        logs.items.append(batch_of(lines, list(range(first, first + SEGMENT)), logs.stream("web-1")))


async def settle(hub: Hub) -> int:
    """Tick until nothing is left to do; return how often."""
    ticks = 1
    while await hub.tick():
        ticks += 1
    return ticks


async def test_the_past_is_tested_newest_first_and_every_step_is_told() -> None:
    logs, clock = FakeLogs(), FakeClock()
    hub, heard = hub_of(logs, clock=clock)
    haystack(logs, 3)
    await hub.tick()
    clock.step = 1.0  # from now on each look at the clock says that the time is up
    heard.clear()
    hub.show(Filter(queries=WORDS))
    await settle(hub)
    everything = ["needle 0", "needle 1", "needle 2"]
    seen = [texts(one.view) for one in heard]
    assert all(found == everything[len(everything) - len(found) :] for found in seen)
    assert 1 <= len(seen[0]) < len(seen[-1]) == 3
    assert [one.view.scanned for one in heard] == [len(found) * SEGMENT for found in seen]
    assert [one.view.complete for one in heard] == [len(found) == 3 for found in seen]


async def test_new_lines_are_tested_before_the_rest_of_the_past() -> None:
    logs, clock = FakeLogs(), FakeClock()
    hub, heard = hub_of(logs, clock=clock)
    haystack(logs, 8)
    await hub.tick()
    clock.step = 1.0
    hub.show(Filter(queries=WORDS))
    await hub.tick()
    logs.write("web-1", "needle new", times=[NOON + SECOND])
    await hub.tick()
    shown = texts(heard.last.view)
    assert shown[-2:] == ["needle 7", "needle new"]
    assert "needle 0" not in shown
    await settle(hub)
    assert texts(heard.last.view) == [*(f"needle {number}" for number in range(8)), "needle new"]


async def test_a_filter_that_is_replaced_half_way_leaves_nothing_behind() -> None:
    logs, clock = FakeLogs(), FakeClock()
    hub, heard = hub_of(logs, clock=clock)
    haystack(logs, 2)
    await hub.tick()
    clock.step = 1.0
    hub.show(Filter(queries=(parse_filter("hay"),)))
    await hub.tick()
    hub.show(Filter(queries=WORDS))
    await settle(hub)
    assert texts(heard.last.view) == ["needle 0", "needle 1"]
    hub.show(Filter())
    assert await settle(hub) == 1
    assert len(heard.last.view) == 2 * SEGMENT


async def test_a_filter_is_at_work_at_once_and_not_with_the_next_lines() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", "needle", "hay")
    async with running_hub(hub):
        await until(lambda: heard and heard.last.view.matched == 2)
        hub.show(Filter(queries=WORDS))
        await until(lambda: heard.last.view.matched == 1)
    assert texts(heard.last.view) == ["needle"]


filters = st.sampled_from([
    Filter(),
    Filter(queries=WORDS),
    Filter(queries=(parse_filter("!needle"),)),
    Filter(level=Level.ERROR),
    Filter(lambda stream: stream.title == "web-1"),
    Filter(lambda stream: stream.title == "web-2", Level.ERROR, WORDS),
])  # fmt: skip
steps = st.lists(
    st.tuples(st.sampled_from(["web-1", "web-2"]), st.sampled_from(["ERROR needle", "needle", "hay", "ERROR hay"]))
    | filters,
    max_size=20,
)


def passes(pod: str, text: str, wanted: Filter, logs: FakeLogs) -> bool:
    stream = next(receipt.stream for receipt in logs.known if receipt.stream.title == pod)
    return (
        (wanted.streams is None or wanted.streams(stream))
        and (wanted.level is Level.UNKNOWN or text.startswith("ERROR"))
        and all(("needle" in text) is (query == WORDS[0]) for query in wanted.queries)
    )


@given(steps)
def test_however_lines_and_filters_alternate_the_right_lines_show(changes: list) -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    written: list[tuple[str, str]] = []

    async def play() -> None:
        wanted = Filter()
        for change in changes:
            if isinstance(change, Filter):
                wanted = change
                hub.show(change)
            else:
                written.append(change)
                logs.write(change[0], change[1], times=[NOON + len(written)])
            await settle(hub)
            assert texts(heard.last.view) == [text for pod, text in written if passes(pod, text, wanted, logs)]

    asyncio.run(play())
