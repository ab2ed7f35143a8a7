"""One container followed through everything that can happen to its connection, over the demo cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from kube_follow import Following, following, write
from kube_server import until

from hallucino_tui.demo.streams import Cut
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes import instance_log
from hallucino_tui.sources.kubernetes.log_request import Start

LOST = "GAP: lines may be missing here: the log was rotated while the connection was gone"


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Following]:
    monkeypatch.setattr(instance_log, "_DECIDE_SECONDS", 0.1)
    async with following() as entered:
        yield entered


def nothing_lost(dropped: int) -> str:
    return f"RECONNECT: reconnected after a while, nothing lost, {dropped} repeated lines dropped"


async def test_what_was_written_before_and_what_is_written_now(world: Following) -> None:
    container = await world.read("one", "two")
    write(container, "three")
    await world.until("one", "two", "three")
    assert (world.receipt.state, world.receipt.lines, world.receipt.bytes) == (StreamState.LIVE, 3, 11)
    assert (world.receipt.reconnects, world.receipt.gaps, world.receipt.replays) == (0, 0, 0)
    labels = world.table[world.streams[0]].labels
    assert (labels["namespace"], labels["pod"], labels["container"], labels["cluster"]) == (
        "shop",
        "web",
        "main",
        "demo",
    )


@pytest.mark.parametrize("how", [Cut.CLEAN, Cut.ABRUPT])
async def test_a_connection_that_ends_while_the_container_runs_is_opened_again_and_nothing_is_lost(
    how: Cut, world: Following
) -> None:
    container = await world.read("one", "two")
    world.cluster.faults.cut_follows(how)
    write(container, "three")
    await world.until("one", "two", nothing_lost(2), "three")
    write(container, "four")
    await world.until_line("four")
    assert (world.receipt.state, world.receipt.reconnects) == (StreamState.LIVE, 1)
    assert (world.receipt.lines, world.receipt.replays, world.receipt.gaps) == (4, 2, 0)


async def test_a_line_that_is_cut_in_its_middle_comes_whole_and_once(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows(Cut.MID_LINE)
    write(container, "a line that does not come to its end")
    await world.until("one", nothing_lost(1), "a line that does not come to its end")


async def test_nothing_is_said_of_a_cut_before_there_was_a_line_but_that_it_was(world: Following) -> None:
    container = await world.read()
    world.cluster.faults.cut_follows()
    write(container, "one")
    await world.until("RECONNECT: reconnected after a while", "one")
    assert world.receipt.gaps == 0


async def test_a_reconnection_is_told_with_the_next_line_and_stands_behind_the_last(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows()
    await until(lambda: world.receipt.reconnects == 1)
    write(container, "two")
    await world.until_line("two")
    (notice,) = world.notices
    assert world.times[0] <= notice.time < world.times[1]


async def test_many_cuts_one_after_the_other(world: Following) -> None:
    container = await world.read("0")
    for number in range(1, 12):
        world.cluster.faults.cut_follows((Cut.CLEAN, Cut.ABRUPT, Cut.MID_LINE)[number % 3])
        write(container, str(number))
        await world.until_line(str(number))
    assert [line.decode() for line in world.raw] == [str(number) for number in range(12)]
    assert (world.receipt.reconnects, world.receipt.gaps) == (11, 0)


async def test_equal_lines_with_equal_times_are_counted_through_a_cut(world: Following) -> None:
    container = world.pod().container()
    now = world.clock.now()
    for _ in range(3):
        container.write(b"same\n", time_ns=now)
    await world.live(container.pod)
    await world.until("same", "same", "same")
    world.cluster.faults.cut_follows()
    for _ in range(2):
        container.write(b"same\n", time_ns=now)
    await world.until("same", "same", "same", nothing_lost(3), "same", "same")


async def test_a_rotation_while_nobody_reads_is_a_gap_that_is_announced_once(world: Following) -> None:
    container = await world.read("one", "two")
    world.cluster.faults.cut_follows()
    write(container, "gone for ever")
    container.rotate()
    write(container, "four")
    await world.until_line("four")
    # To settle the question the log was read without following; the follow that comes after it is one more reconnect.
    assert world.items[:5] == ["one", "two", LOST, "RECONNECT: reconnected after a while", "four"]
    for number in ("five", "six"):
        world.cluster.faults.cut_follows()
        write(container, number)
        await world.until_line(number)
    assert world.items.count(LOST) == world.receipt.gaps == 1


async def test_an_empty_log_after_a_rotation_leaves_the_question_open_until_the_next_line(world: Following) -> None:
    container = await world.read("one", "two")
    world.cluster.faults.cut_follows()
    container.rotate()
    await until(lambda: world.receipt.state is StreamState.LIVE and world.cluster.faults.follows())
    world.cluster.faults.cut_follows()
    await until(world.cluster.faults.follows)
    await world.until("one", "two")
    write(container, "three")
    await world.until_line("three")
    # The second cut may come to the client after the line, which is then one more reconnect, and no loss.
    assert world.items[:5] == ["one", "two", LOST, "RECONNECT: reconnected after a while", "three"]
    assert world.receipt.gaps == 1


async def test_a_rotation_while_somebody_reads_is_no_gap(world: Following) -> None:
    container = await world.read("one")
    container.rotate()
    write(container, "two")
    await world.until("one", "two")
    assert world.receipt.gaps == 0


async def test_bytes_come_as_they_were_written(world: Following) -> None:
    container = await world.read("one")
    odd = [
        b"\xff\xfe invalid",
        b"nul \x00 inside",
        b"\x1b[31mred\x1b[0m",
        b"cr\r",
        "\u2028 separator".encode(),
        b"",
        b" ",
    ]
    write(container, *odd)
    await until(lambda: world.take() and len(world.raw) == 8)
    world.cluster.faults.cut_follows()
    write(container, *odd)
    await until(lambda: world.take() and len(world.raw) == 15)
    assert world.raw == [b"one", *odd, *odd]
    assert world.receipt.gaps == 0


async def test_a_line_longer_than_the_node_keeps_together_is_one_line(world: Following) -> None:
    container = await world.read("one")
    long = "x" * 40_000
    write(container, long)
    await world.until("one", long)
    world.cluster.faults.cut_follows()
    write(container, "two")
    await world.until("one", long, nothing_lost(2), "two")


async def test_a_last_line_without_a_newline_comes_when_the_container_ends(world: Following) -> None:
    container = await world.read("one")
    container.write(b"the end")
    container.end(0)
    await world.until("one", "the end", "END: main ended: exit code 0, Completed")
    assert await world.reaches(StreamState.ENDED) == "exit code 0, Completed"


async def test_only_so_many_lines_of_the_past_are_read(world: Following) -> None:
    container = world.pod().container()
    write(container, "one", "two", "three")
    await world.live(container.pod, start=Start(tail=2))
    await world.until("two", "three")


async def test_only_what_is_new_is_read_also_after_a_cut_before_the_first_line(world: Following) -> None:
    container = world.pod().container()
    container.write(b"old\n", time_ns=world.clock.now() - 60 * 10**9)
    await world.live(container.pod, start=Start(tail=0))
    world.cluster.faults.cut_follows()
    write(container, "new")
    await world.until("RECONNECT: reconnected after a while", "new")


async def test_nothing_older_than_a_moment_is_read(world: Following) -> None:
    container = world.pod().container()
    now = world.clock.now()
    container.write(b"old\n", time_ns=now - 60 * 10**9)
    container.write(b"new\n", time_ns=now - 5 * 10**9)
    await world.live(container.pod, start=Start(tail=None, since=now // 10**9 - 10))
    await world.until("new")


async def test_without_the_right_to_read_logs_that_is_said_and_tried_again_after_a_minute(world: Following) -> None:
    container = world.pod().container()
    write(container, "one")
    world.cluster.faults.deny("get", "pods/log")
    await world.follow(container.pod)
    assert 'cannot get resource "pods/log"' in await world.reaches(StreamState.FORBIDDEN)
    world.cluster.faults.allow_all()
    await world.clock.skip(60)
    await world.until("one")
    assert await world.reaches(StreamState.LIVE) == ""


async def test_without_the_right_to_get_a_pod_what_the_watch_says_has_to_do(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.deny("get", "pods")
    world.cluster.faults.cut_follows()
    write(container, "two")
    await world.until("one", nothing_lost(1), "two")
    container.restart(1)
    write(container, "three")
    await world.until_line("three")
    assert world.of(NoticeKind.RESTART) == ["main started again (restart 1) after exit code 1, Error"]
