"""All followers together: batches and notices in order, receipts, and follows that fell silent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from kube_clock import FakeClock
from kube_follow import ALL, Following, following, write
from kube_script import FOLLOW, REST, at, scripted
from kube_server import held, stream, until

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.notice import Notice
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.receipts import StreamState, total
from hallucino_tui.sources.kubernetes.instance_log import InstanceLog
from hallucino_tui.sources.kubernetes.log_request import Start
from hallucino_tui.sources.kubernetes.log_source import KubernetesLogs, parse_pieces
from hallucino_tui.sources.kubernetes.outlet import Piece
from hallucino_tui.sources.kubernetes.shared import Shared

PROBE = REST + r"\S*tailLines=1\b"


@pytest.fixture
async def world() -> AsyncIterator[Following]:
    async with following() as entered:
        yield entered


async def test_lines_of_many_containers_come_in_one_batch(world: Following) -> None:
    pods = [world.pod(f"web-{number}", "main", "side") for number in range(5)]
    for pod in pods:
        for name in ("main", "side"):
            write(pod.container(name), f"{pod.name} {name}")
            await world.live(pod, name)
    await until(lambda: all(receipt.last_line for receipt in world.logs.receipts()))
    (batch,) = world.logs.take()
    assert isinstance(batch, Batch)
    titles = [world.table[number] for number in batch.streams.tolist()]
    assert [batch.line(index).decode() for index in range(10)] == [f"{one.title} {one.part}" for one in titles]
    assert world.logs.take() == []
    assert total(world.logs.receipts()).lines == 10


async def test_a_notice_stands_behind_the_lines_before_it_and_before_those_after_it(world: Following) -> None:
    first, second = world.pod("one").container(), world.pod("two").container()
    for container in (first, second):
        write(container, "before")
        await world.live(container.pod)
    await until(lambda: all(receipt.last_line for receipt in world.logs.receipts()))
    first.restart(1)
    write(first, "after")
    write(second, "meanwhile")
    readers = [world.logs.follower(world.slot(container.pod)) for container in (first, second)]
    waiting = [reader.outlet.items for reader in readers if reader is not None]

    def have_come() -> bool:
        newest = [queue[-1] for queue in waiting]
        return all(isinstance(one, Piece) and one.lines.endswith((b" after\n", b" meanwhile\n")) for one in newest)

    await until(have_come)
    kinds = ["lines" if isinstance(item, Batch) else item.text for item in world.logs.take()]
    assert kinds == [
        "lines",
        "main ended: exit code 1, Error",
        "main started again (restart 1) after exit code 1, Error",
        "lines",
    ]


async def test_reading_twice_is_reading_once_and_leaving_ends_it(world: Following) -> None:
    container = await world.read("one")
    await world.follow(container.pod)
    assert len(world.cluster.faults.follows()) == 1
    await world.leave_behind(container.pod)
    async with asyncio.timeout(10):
        await world.cluster.streams.until(follows=0)
    write(container, "two")
    await world.until("one")
    assert world.receipt.lines == 1
    assert world.logs.follower(world.slot(container.pod)) is None
    await world.leave_behind(container.pod)


async def test_closing_ends_all_reading(world: Following) -> None:
    for number in range(3):
        await world.live(world.pod(f"web-{number}"))
    await world.logs.close()
    async with asyncio.timeout(10):
        await world.cluster.streams.until(follows=0)


async def test_only_so_many_logs_are_opened_at_once() -> None:
    """Hundreds of follows at once would be hundreds of logs read from their beginning."""
    async with scripted() as script:
        opened = asyncio.Event()

        async def slow(exchange: Any) -> None:
            await opened.wait()
            await held(at(1, "one"))(exchange)

        script.server.on(FOLLOW, slow)
        for number in range(30):
            script.pod["metadata"] |= {"uid": f"u{number}", "name": "web"}
            script.logs.follow(script.seen(), "main", ALL)
        await until(lambda: script.server.count(FOLLOW) == 20)
        opened.set()
        await until(lambda: script.server.count(FOLLOW) == 30)


async def test_a_follow_that_froze_is_found_by_a_look_at_the_newest_line() -> None:
    async with following(quiet=0.05) as world:
        container = await world.read("one")
        world.cluster.faults.freeze_follows()
        write(container, "two", "three")
        await world.until(
            "one", "RECONNECT: reconnected after a while, nothing lost, 1 repeated lines dropped", "two", "three"
        )
        assert (world.receipt.reconnects, world.receipt.gaps) == (1, 0)


async def test_a_follow_that_froze_before_its_first_line_is_found_too() -> None:
    async with following(quiet=0.05) as world:
        container = await world.live(world.pod())
        world.cluster.faults.freeze_follows()
        write(container, "one")
        await world.until("RECONNECT: reconnected after a while", "one")


async def test_a_follow_whose_node_does_not_answer_the_look_is_opened_anew() -> None:
    async with following(quiet=0.05) as world:
        container = await world.read("one")
        world.cluster.faults.freeze_follows()
        world.cluster.faults.nodes_down.add(container.pod.node)
        await until(lambda: "connection refused" in world.receipt.detail)
        world.cluster.faults.nodes_down.clear()
        write(container, "two")
        await world.until_line("two")
        assert world.receipt.gaps == 0


@pytest.mark.parametrize("lines", [[at(1, "one")], []])
async def test_a_container_that_says_nothing_is_looked_at_and_left_alone(lines: list[bytes]) -> None:
    async with scripted(quiet=0.02) as script:
        script.server.on(PROBE, stream(*lines))
        script.follow(held(*lines))
        await until(lambda: script.server.count(PROBE) >= 3)
        assert (script.server.count(FOLLOW), script.receipt.state) == (1, StreamState.LIVE)
        assert (script.receipt.reconnects, len(script.take())) == (0, len(lines))


async def test_a_line_that_is_on_its_way_while_somebody_looks_is_not_late() -> None:
    async with scripted(quiet=0.05) as script:
        follow: list[Any] = []

        async def begin(exchange: Any) -> None:
            follow.append(exchange)
            await held(at(1, "one"))(exchange)

        async def probe(exchange: Any) -> None:
            if script.server.count(PROBE) == 1:
                await follow[0].chunk(at(2, "two"))
            await stream(at(2, "two"))(exchange)

        script.server.on(PROBE, probe)
        script.follow(begin)
        await script.until("one", "two")
        await until(lambda: script.server.count(PROBE) >= 3)
        assert (script.server.count(FOLLOW), script.receipt.reconnects) == (1, 0)


async def test_the_rest_of_a_long_line_does_not_look_new_more_than_once() -> None:
    async with scripted(quiet=0.02) as script:
        script.server.on(PROBE, stream(at(1.5, "the rest")))
        script.follow(held(at(1, "a long line and the rest")))
        await until(lambda: script.server.count(PROBE) >= 4)
        assert script.server.count(FOLLOW) <= 2
        assert len(script.take()) - len(script.notices) == 1


async def test_after_a_sleep_every_follow_is_looked_at_at_once(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.freeze_follows()
    write(container, "two")
    world.logs.hurry()
    await world.until_line("two")
    assert world.receipt.reconnects == 1


async def test_after_a_sleep_nobody_waits_any_longer() -> None:
    async with following(patience=0.0) as world:
        container = world.pod().container()
        write(container, "one")
        world.cluster.faults.nodes_down.add(container.pod.node)
        await world.follow(container.pod)
        await until(world.clock.is_waiting)
        assert "connection refused" in await world.reaches(StreamState.RECONNECTING)
        world.cluster.faults.nodes_down.clear()
        world.logs.hurry()
        await world.until_line("one")


@pytest.mark.parametrize(("passed", "woke"), [(2.0, False), (9.0, False), (11.0, True), (3600.0, True)])
async def test_a_beat_that_comes_much_too_late_means_a_sleep(passed: float, woke: bool, client: Any) -> None:
    clock = FakeClock()
    heard: list[float] = []
    logs = KubernetesLogs(Shared(client, clock, StreamTable(), "test"))
    task = asyncio.create_task(logs.watch_for_sleep(lambda: heard.append(clock.monotonic())))
    await until(clock.is_waiting)
    clock.advance(passed)
    await until(lambda: len(clock.waits) == 2)
    assert heard == ([passed] if woke else [])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_defect_in_one_stream_is_said_and_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    working = InstanceLog.follow

    async def follow(log: InstanceLog) -> Any:
        if log.container == "side":
            raise RuntimeError("a mistake")
        return await working(log)

    monkeypatch.setattr(InstanceLog, "follow", follow)
    async with scripted() as script:
        statuses = script.pod["status"]["containerStatuses"]
        statuses.append(statuses[0] | {"name": "side"})
        script.pod["spec"]["containers"].append({"name": "side"})
        script.follow(held(at(1, "one")))
        script.logs.follow(script.seen(), "side", Start())
        await script.until("one")
        broken = next(one for one in script.logs.receipts() if one.stream.part == "side")
        await until(lambda: broken.state is StreamState.FAILED)
        assert "a mistake" in broken.detail
        assert "please report it" in broken.detail


async def test_bytes_without_a_time_between_lines_of_other_streams_go_to_their_own(world: Following) -> None:
    pieces = [Piece(3, at(1, "a")), Piece(5, b"words of the server\n" + at(2, "b")), Piece(3, at(3, "c"))]
    batch, notice = parse_pieces(pieces, world.clock.now())
    assert isinstance(batch, Batch)
    assert isinstance(notice, Notice)
    assert (batch.streams.tolist(), [batch.line(index) for index in range(3)]) == ([3, 5, 3], [b"a", b"b", b"c"])
    assert (notice.stream, notice.text) == (5, "the server said: words of the server")
