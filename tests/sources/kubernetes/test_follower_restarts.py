"""Containers that end and start again, pods that go away, and what was not read in time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from kube_clock import SECONDS
from kube_follow import Following, following, write
from kube_server import until

from hallucino_tui.demo.pods import ContainerSpec
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState

ENDED = "END: main ended: exit code 1, Error"
AGAIN = "RESTART: main started again (restart 1) after exit code 1, Error"


@pytest.fixture
async def world() -> AsyncIterator[Following]:
    async with following() as entered:
        yield entered


async def test_a_container_that_ended_for_good(world: Following) -> None:
    container = await world.read("one")
    write(container, "two")
    container.end(0)
    await world.until("one", "two", "END: main ended: exit code 0, Completed")
    assert await world.reaches(StreamState.ENDED) == "exit code 0, Completed"
    assert world.receipt.reconnects == 0


async def test_a_container_that_is_restarted_goes_on_below_a_divider_in_a_stream_of_its_own(world: Following) -> None:
    container = await world.read("one")
    container.restart(1, "Error")
    write(container, "two")
    await world.until("one", ENDED, AGAIN, "two")
    first, second = world.streams
    assert [notice.stream for notice in world.notices] == [first, second]
    assert world.table[first].identity[:-1] == world.table[second].identity[:-1]
    assert (world.receipt.state, world.receipt.lines, world.receipt.gaps) == (StreamState.LIVE, 2, 0)
    assert (world.receipt.stream, world.receipt.reconnects) == (world.table[second], 0)


async def test_dividers_stand_between_the_lines_that_they_divide(world: Following) -> None:
    container = await world.read("one")
    world.clock.advance(90)
    container.restart(137, "OOMKilled")
    write(container, "two")
    await world.until_line("two")
    assert world.of(NoticeKind.OOM) == ["main ended: exit code 137, OOMKilled after 90 s"]
    assert world.of(NoticeKind.RESTART) == ["main started again (restart 1) after exit code 137, OOMKilled"]
    times = [world.times[0], *(notice.time for notice in world.notices), world.times[1]]
    assert times == sorted(times)


async def test_what_the_run_before_wrote_last_is_read_from_where_the_cut_was(world: Following) -> None:
    container = await world.read("one", "two")
    world.cluster.faults.cut_follows()
    write(container, "three", "four")
    container.write(b"and no newline")
    container.restart(1)
    write(container, "five")
    await world.until(
        "one",
        "two",
        "RECONNECT: reconnected after a while, nothing lost, 2 repeated lines dropped",
        "three",
        "four",
        "and no newline",
        ENDED,
        AGAIN,
        "five",
    )
    assert world.receipt.gaps == 0


async def test_a_run_before_whose_log_was_rotated_in_between_has_a_gap(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows()
    write(container, "gone for ever")
    container.rotate()
    write(container, "three")
    container.restart(1)
    write(container, "four")
    await world.until_line("four")
    assert world.items[:2] == [
        "one",
        "GAP: lines may be missing here: the log was rotated while the connection was gone",
    ]
    assert world.items[-4:] == ["three", ENDED, AGAIN, "four"]
    assert world.receipt.gaps == 1


async def test_a_run_that_nobody_saw_is_read_as_far_as_the_node_has_it_and_the_gap_is_announced(
    world: Following,
) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows()
    write(container, "gone for ever")
    with world.cluster.world.batch():
        container.restart(1)
        write(container, "two")
        container.restart(2)
        write(container, "three")
    await world.until(
        "one",
        "GAP: lines may be missing here: main was started again 2 times meanwhile",
        "RESTART: main started again (restart 1)",
        "two",
        "END: main ended: exit code 2, Error",
        "RESTART: main started again (restart 2) after exit code 2, Error",
        "three",
    )
    assert (world.receipt.gaps, world.receipt.lines) == (1, 3)
    assert len(set(world.streams)) == 3


async def test_more_runs_than_the_node_remembers_are_one_gap(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows()
    with world.cluster.world.batch():
        for number in range(1, 5):
            container.restart(number)
            write(container, f"run {number}")
    await world.until_line("run 4")
    assert world.items[1:] == [
        "GAP: lines may be missing here: main was started again 4 times meanwhile",
        "RESTART: main started again (restart 3)",
        "run 3",
        "END: main ended: exit code 4, Error",
        "RESTART: main started again (restart 4) after exit code 4, Error",
        "run 4",
    ]


async def test_a_container_in_a_crash_loop_is_read_to_its_end_each_time(world: Following) -> None:
    container = await world.read("one")
    for number in range(1, 4):
        container.end(1)
        container.wait("CrashLoopBackOff", "back-off")
        assert await world.reaches(StreamState.WAITING) == "CrashLoopBackOff"
        container.start()
        write(container, f"run {number}")
        await world.until_line(f"run {number}")
    assert world.of(NoticeKind.END) == ["main ended: exit code 1, Error"] * 3
    assert world.of(NoticeKind.RESTART) == [
        f"main started again (restart {number}) after exit code 1, Error" for number in (1, 2, 3)
    ]
    assert (world.receipt.gaps, world.receipt.lines) == (0, 4)


async def test_a_container_that_is_in_a_crash_loop_from_the_start(world: Following) -> None:
    container = world.pod().container()
    write(container, "why it fails")
    container.end(3)
    container.wait("CrashLoopBackOff")
    await world.follow(container.pod)
    await world.until("why it fails", "END: main ended: exit code 3, Error")
    assert await world.reaches(StreamState.WAITING) == "CrashLoopBackOff"


async def test_a_pod_that_is_deleted_ends_its_streams(world: Following) -> None:
    container = await world.read("one")
    write(container, "two")
    container.pod.delete()
    await world.until("one", "two")
    assert await world.reaches(StreamState.ENDED) == "the pod is gone"
    assert world.receipt.gaps == 0


async def test_a_pod_that_is_deleted_while_nobody_reads_may_have_said_more(world: Following) -> None:
    container = await world.read("one")
    world.cluster.faults.cut_follows()
    write(container, "last words")
    container.pod.delete()
    await world.until("one", "GAP: lines may be missing here: the pod went away while the connection was gone")
    assert await world.reaches(StreamState.ENDED) == "the pod is gone"


async def test_a_pod_of_the_same_name_is_another_one() -> None:
    async with following(watched=False) as world:
        container = await world.read("one")
        world.cluster.faults.cut_follows()
        container.pod.delete()
        write(world.pod().container(), "of another pod")
        assert await world.reaches(StreamState.ENDED) == "the pod is gone"
        assert "of another pod" not in world.take()


async def test_a_job_that_is_done_is_read_to_its_end_and_then_never_again(world: Following) -> None:
    pod = world.pod(restart_policy="Never")
    write(pod.container(), "one")
    pod.container().end(0)
    await world.follow(pod)
    await world.until("one", "END: main ended: exit code 0, Completed")
    await world.reaches(StreamState.ENDED)
    follower = world.logs.follower(world.slot(pod))
    assert follower is not None
    await until(lambda: follower.over)


async def test_an_init_container_that_is_done_is_read_to_its_end(world: Following) -> None:
    pod = world.pod("web", ContainerSpec("setup", kind="init"), "main", running=False)
    setup = pod.container("setup")
    setup.start()
    write(setup, "preparing")
    setup.end(0)
    await world.follow(pod, "setup")
    await world.until("preparing", "END: setup ended: exit code 0, Completed")
    assert await world.reaches(StreamState.ENDED) == "exit code 0, Completed"


async def test_a_container_that_has_not_started_is_waited_for(world: Following) -> None:
    pod = world.pod(running=False)
    await world.follow(pod)
    await until(lambda: world.receipt.detail == "ContainerCreating")
    assert world.receipt.state is StreamState.WAITING
    pod.container().start()
    write(pod.container(), "one")
    await world.until("one")
    assert world.receipt.state is StreamState.LIVE


async def test_a_pod_without_a_node_is_waited_for(world: Following) -> None:
    pod = world.pod(running=False, node="")
    await world.follow(pod)
    await until(lambda: world.clock.is_waiting(60))
    assert world.receipt.state is StreamState.WAITING
    pod.node = world.cluster.world.choose_node()
    pod.run()
    write(pod.container(), "one")
    await world.until("one")


async def test_without_a_watch_a_follower_looks_for_itself_once_a_minute() -> None:
    async with following(watched=False) as world:
        pod = world.pod(running=False)
        await world.follow(pod)
        await until(lambda: world.clock.is_waiting(60))
        pod.container().start()
        write(pod.container(), "one")
        await world.clock.skip(60)
        await world.until("one")
        pod.container().end(0)
        await world.reaches(StreamState.ENDED)
        pod.container().start()
        write(pod.container(), "two")
        await world.clock.skip(60)
        await world.until_line("two")
        assert world.clock.now() >= 120 * SECONDS


async def test_a_pod_that_goes_away_before_its_container_ever_started(world: Following) -> None:
    pod = world.pod(running=False)
    await world.follow(pod)
    await world.reaches(StreamState.WAITING)
    pod.delete()
    assert await world.reaches(StreamState.ENDED) == "the pod is gone"
    assert world.take() == []
