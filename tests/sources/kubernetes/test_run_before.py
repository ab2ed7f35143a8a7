"""A container that was started again shortly before it is read for the first time: its end is there, too."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from kube_clock import NOON, SECONDS
from kube_follow import Following, following, write
from kube_script import PREVIOUS, Script, at, run, scripted
from kube_server import held, stream, until

from hallucino_tui.demo.pods import Container
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes.log_request import Start

KILLED = "OOM: main ended: exit code 137, OOMKilled"
AGAIN = "RESTART: main started again (restart 1) after exit code 137, OOMKilled"


@pytest.fixture
async def world() -> AsyncIterator[Following]:
    async with following(runs_before=True) as entered:
        yield entered


@pytest.fixture
async def script() -> AsyncIterator[Script]:
    async with scripted(runs_before=True) as entered:
        yield entered


def restarted(world: Following) -> Container:
    """A container that was killed and runs again."""
    container = world.pod().container()
    write(container, "one", "two")
    container.restart(137, "OOMKilled")
    write(container, "three")
    return container


async def test_its_tail_its_end_and_its_new_head_stand_below_each_other(world: Following) -> None:
    container = restarted(world)
    await world.live(container.pod)
    await world.until("one", "two", KILLED, AGAIN, "three")
    assert len(set(world.streams)) == 2
    assert (world.receipt.state, world.receipt.lines, world.receipt.gaps) == (StreamState.LIVE, 3, 0)
    # What comes after that is as ever.
    container.restart(1)
    write(container, "four")
    await world.until_line("four")
    assert world.items[5:] == [
        "END: main ended: exit code 1, Error",
        "RESTART: main started again (restart 2) after exit code 1, Error",
        "four",
    ]


@pytest.mark.parametrize(
    "start", [Start(tail=0), Start(tail=None, since=NOON // SECONDS + 60)], ids=["no old lines", "since"]
)
async def test_what_was_not_asked_for_is_not_read(world: Following, start: Start) -> None:
    container = restarted(world)
    world.clock.advance(120)
    await world.live(container.pod, start=start)
    write(container, "new")
    await world.until("new")


async def test_where_few_lines_are_asked_for_the_reader_can_still_ask_for_the_run_before(world: Following) -> None:
    container = restarted(world)
    await world.live(container.pod, start=Start(tail=10))
    await world.until("three")


async def test_a_run_that_ended_long_ago_is_not_read(world: Following) -> None:
    container = restarted(world)
    world.clock.advance(3700)
    await world.live(container.pod)
    await world.until("three")


async def test_a_log_that_is_no_longer_there_leaves_its_dividers_and_no_gap(world: Following) -> None:
    container = restarted(world)
    world.cluster.faults.lose_log(container, previous=True)
    await world.live(container.pod)
    await world.until(KILLED, AGAIN, "three")
    assert world.receipt.gaps == 0


async def test_a_run_that_wrote_nothing(world: Following) -> None:
    container = world.pod().container()
    container.restart(137, "OOMKilled")
    write(container, "three")
    await world.live(container.pod)
    await world.until(KILLED, AGAIN, "three")
    assert world.receipt.gaps == 0


async def test_a_container_that_waits_for_its_next_start_has_only_the_run_that_ended(world: Following) -> None:
    container = world.pod().container()
    write(container, "one")
    container.end(1)
    container.wait("CrashLoopBackOff", "back-off")
    await world.follow(container.pod)
    await world.until("one", "END: main ended: exit code 1, Error")
    container.start()
    write(container, "two")
    await world.until_line("two")
    assert world.of(NoticeKind.RESTART) == ["main started again (restart 1) after exit code 1, Error"]


async def test_a_cluster_that_does_not_answer_is_asked_again(world: Following) -> None:
    container = restarted(world)
    world.cluster.faults.answer_next("500", path="log")
    await world.follow(container.pod)
    await until(lambda: "three" in world.take(), "it is read")
    assert world.items == ["one", "two", KILLED, AGAIN, "three"]


async def test_an_answer_that_is_cut_goes_on_where_it_was(script: Script) -> None:
    lines = [at(1, "one"), at(2, "two"), at(3, "three")]
    script.server.on(PREVIOUS, stream(*lines[:2], end=False), stream(*lines))
    script.state("b", run("b", started=8), restarts=1, last=run("a", started=5, exit_code=1))
    script.follow(held(at(9, "four")))
    await script.until_line("four")
    assert script.raw == [b"one", b"two", b"three", b"four"]
    assert script.receipt.gaps == 0


async def test_an_answer_that_is_cut_again_and_again_is_said(script: Script) -> None:
    script.server.on(PREVIOUS, stream(at(1, "one"), end=False))
    script.state("b", run("b", started=8), restarts=1, last=run("a", started=5, exit_code=1))
    script.follow(held(at(9, "four")))
    await script.until_line("four")
    assert "GAP: lines may be missing here: the connection was cut again and again" in script.items
    assert script.receipt.gaps == 1
