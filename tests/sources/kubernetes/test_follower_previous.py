"""The end of the run before, read when the next one has begun: over answers that are scripted to the byte."""

from __future__ import annotations

from collections.abc import AsyncIterator

import kube_golden
import pytest
from kube_script import PREVIOUS, REST, Script, at, run, scripted
from kube_server import Tap, held, reply, stream

from hallucino_tui.sources.kubernetes import instance_log, log_request

AGAIN = "RESTART: main started again (restart 1) after exit code 1, Error"
ENDED = "END: main ended: exit code 1, Error"


@pytest.fixture
async def script(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    monkeypatch.setattr(instance_log, "_DECIDE_SECONDS", 0.1)
    async with scripted() as entered:
        yield entered


async def test_the_rest_of_the_run_before_may_be_gone(script: Script) -> None:
    script.server.on(PREVIOUS, kube_golden.raw("log-previous-gced-inband-error"))
    tap = Tap(at(1, "one"))
    script.follow(tap, held(at(9, "two")))
    await script.until("one")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    tap.close()
    await script.until_line("two")
    assert script.items[1].startswith("GAP: lines may be missing here: unable to retrieve container logs for")
    assert script.items[2:] == [ENDED, AGAIN, "two"]
    assert script.receipt.gaps == 1


async def test_the_run_before_may_be_forgotten(script: Script) -> None:
    script.server.on(PREVIOUS, kube_golden.raw("log-previous-none"))
    tap = Tap(at(1, "one"))
    script.follow(tap, held(at(9, "two")))
    await script.until("one")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    tap.close()
    await script.until_line("two")
    assert script.items[1].startswith('GAP: lines may be missing here: previous terminated container "main"')
    assert script.receipt.gaps == 1


async def test_reading_the_run_before_is_cut_and_goes_on(script: Script) -> None:
    script.server.on(
        PREVIOUS, stream(at(1, "one"), at(2, "two"), end=False), stream(at(1, "one"), at(2, "two"), at(3, "three"))
    )
    tap = Tap(at(1, "one"))
    script.follow(tap, held(at(9, "four")))
    await script.until("one")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    tap.close()
    await script.until_line("four")
    assert script.raw == [b"one", b"two", b"three", b"four"]
    assert script.receipt.gaps == 0


async def test_reading_the_end_of_a_run_is_cut_and_goes_on(script: Script) -> None:
    script.state("a", run("a", exit_code=1))
    script.server.on(REST, stream(at(1, "one"), end=False), stream(at(1, "one"), at(2, "two")))
    script.follow()
    await script.until_line(ENDED)
    assert script.raw == [b"one", b"two"]
    assert script.receipt.gaps == 0


async def test_a_node_that_freezes_while_the_end_of_a_run_is_read_is_not_waited_for(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_request, "_STALLED_SECONDS", 0.05)
    script.state("a", run("a", exit_code=1))
    script.server.on(REST, held(at(1, "one")), stream(at(1, "one"), at(2, "two")))
    script.follow()
    await script.until_line(ENDED)
    assert script.raw == [b"one", b"two"]


async def test_lines_of_the_next_run_that_came_before_the_cluster_knew_of_it(script: Script) -> None:
    """The node knows of a restart a little before the cluster does."""
    taps = [Tap(at(1, "one")), Tap(at(9, "two"), at(10, "three"))]
    script.server.on(PREVIOUS, stream(at(1, "one"), at(2, "last words")))
    script.follow(*taps, held(at(10, "three"), at(11, "four")))
    await script.until("one")
    taps[0].close()
    await script.until_line("three")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    taps[1].close()
    await script.until_line("four")
    assert sorted(script.raw) == sorted([b"one", b"last words", b"two", b"three", b"four"])
    assert [one.query["sinceTime"][-4:] for one in script.server.asked(PREVIOUS)] == [":00Z"]


async def test_what_the_run_before_said_last_is_asked_for_until_it_came(script: Script) -> None:
    taps = [Tap(at(1, "one")), Tap(at(9, "two"))]
    script.server.on(PREVIOUS, reply(500, "away", "text/plain"), stream(at(1, "one"), at(2, "last words")))
    script.follow(*taps, held(at(9, "two"), at(10, "three")))
    await script.until("one")
    taps[0].close()
    await script.until_line("two")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    taps[1].close()
    await script.until_line("three")
    assert sorted(script.raw) == [b"last words", b"one", b"three", b"two"]


async def test_the_first_answer_was_of_the_next_run_before_the_cluster_knew_of_it(script: Script) -> None:
    tap = Tap(at(9, "two"))
    script.server.on(PREVIOUS, stream(at(1, "one")))
    script.follow(tap, held(at(9, "two"), at(10, "three")))
    await script.until("two")
    script.state("b", run("b", started=8), restarts=1, last=run("a", exit_code=1))
    tap.close()
    await script.until_line("three")
    assert sorted(script.raw) == [b"one", b"three", b"two"]
    assert script.receipt.gaps == 0
