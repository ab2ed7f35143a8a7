"""One container followed over answers that are scripted to the byte, many of them recorded from a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import kube_golden
import pytest
from kube_script import FOLLOW, REST, Script, at, run, scripted
from kube_server import held, reply, stream, until

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes import instance_log

AGAIN = "RESTART: main started again (restart 1) after exit code 1, Error"
ENDED = "END: main ended: exit code 1, Error"


@pytest.fixture
async def script(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Script]:
    monkeypatch.setattr(instance_log, "_DECIDE_SECONDS", 0.1)
    async with scripted() as entered:
        yield entered


def lines_of(name: str) -> list[bytes]:
    return kube_golden.body(name).splitlines(keepends=True)


async def test_the_first_request_asks_for_times_and_for_what_is_wanted_of_the_past(script: Script) -> None:
    script.follow()
    assert await script.follows(1) == {"container": "main", "timestamps": "true", "follow": "true"}


async def test_a_recorded_end_by_a_restarting_kubelet(script: Script) -> None:
    ticks = lines_of("log-follow-kubelet-restart")
    later = b"2026-11-22T21:25:04.540000000Z tick 1309\n"
    script.follow(kube_golden.raw("log-follow-kubelet-restart"), held(*ticks[-2:], later))
    await script.until(
        *(f"tick {number}" for number in range(1304, 1309)),
        "RECONNECT: reconnected after a while, nothing lost, 2 repeated lines dropped",
        "tick 1309",
    )
    assert (await script.follows(2))["sinceTime"] == "2026-11-22T21:25:02Z"
    assert script.receipt.state is StreamState.LIVE


async def test_a_recorded_end_by_a_server_that_died(script: Script) -> None:
    ticks = lines_of("log-follow-apiserver-sigkill")
    later = b"2026-11-22T21:15:32.360000000Z tick 739\n"
    script.follow(kube_golden.raw("log-follow-apiserver-sigkill"), held(*ticks, later))
    await script.until_line("tick 739")
    assert [line.split()[-1] for line in script.raw] == [b"735", b"736", b"737", b"738", b"739"]
    assert script.receipt.gaps == 0


async def test_times_of_a_node_that_runs_on_local_time(script: Script) -> None:
    first = b"2026-11-22T23:03:11.000000001+02:00 one\n"
    second = b"2026-11-22T23:03:12.5+02:00 two\n"
    third = b"2026-11-22T22:03:13.000000001+01:00 three\n"
    script.follow(stream(first, second), held(first, second, third))
    await script.until_line("three")
    assert (await script.follows(2))["sinceTime"] == "2026-11-22T21:03:11Z"
    assert script.raw == [b"one", b"two", b"three"]
    assert [time % 10**9 for time in script.times] == [1, 500_000_000, 1]
    assert script.times == sorted(script.times)
    assert script.receipt.gaps == 0


async def test_recorded_lines_whose_two_outputs_are_glued_together_come_as_they_are(script: Script) -> None:
    lines = lines_of("log-interleaved-partial")
    script.follow(stream(*lines), held(*lines, at(0, "after")))
    await script.until_line("after")
    assert len(script.raw) == len(lines) + 1
    assert script.receipt.gaps == 0


async def test_an_answer_that_comes_byte_by_byte(script: Script) -> None:
    data = at(1, "one") + at(2, "") + at(3, "three")
    script.follow(held(*(data[index : index + 1] for index in range(len(data)))))
    await script.until("one", "", "three")


async def test_lines_before_the_last_one_that_stop_half_way_are_settled_without_following(script: Script) -> None:
    first, second, third = at(1, "one"), at(1.5, "two"), at(1.7, "three")
    script.server.on(REST, stream(first, second, third))
    script.follow(stream(first, second), held(first), held())
    await script.until(
        "one", "two", "RECONNECT: reconnected after a while, nothing lost, 2 repeated lines dropped", "three"
    )
    assert script.server.asked(REST)[0].query["sinceTime"].endswith(":00Z")


WORDS = "failed to create fsnotify watcher: too many open files"


async def test_a_node_without_watchers_is_read_again_and_again_until_it_can_follow(script: Script) -> None:
    first, second, third = at(1, "one"), at(3, "two"), at(5, "three")
    script.server.on(REST, stream(first), stream(first, second))
    script.follow(stream(first, WORDS.encode()), held(second, third))
    await script.until_line("three")
    assert script.items[:2] == ["one", f"ERROR: the node cannot follow ({WORDS}): read every 2 s instead"]
    assert script.raw == [b"one", b"two", b"three"]
    assert script.clock.waits.count(2.0) == 30
    assert script.receipt.state is StreamState.LIVE
    assert script.receipt.gaps == 0


async def test_a_node_without_watchers_is_said_to_be_polled() -> None:
    async with scripted(patience=1.0) as script:
        script.server.on(REST, stream(at(1, "one")), stream(at(1, "one"), at(2, "two")))
        script.follow(stream(at(1, "one"), WORDS.encode()))
        assert await script.reaches(StreamState.POLLING) == "the node has no watcher left"
        await script.clock.skip(2)
        await script.until_line("two")
        script.state("a", run("a", exit_code=1))
        script.observe()
        await script.until_line(ENDED)
        assert script.receipt.state is StreamState.WAITING


async def test_words_of_the_server_at_the_end_of_an_ended_log_are_a_notice_and_no_line(script: Script) -> None:
    words = "unable to retrieve container logs for containerd://897a47f4"
    script.state("a", run("a", exit_code=1))
    script.server.on(REST, stream(at(1, "one"), words.encode()))
    script.follow()
    await script.until("one", f"ERROR: {words}", ENDED)
    assert script.receipt.lines == 1


async def test_words_of_the_server_between_lines_are_a_notice_and_no_line(script: Script) -> None:
    script.follow(stream(at(1, "one"), b"Error: something odd\n", at(2, "two")), held(at(2, "two"), at(3, "three")))
    await script.until_line("three")
    assert script.raw == [b"one", b"two", b"three"]
    assert script.of(NoticeKind.ERROR) == ["the server said: Error: something odd"]
    assert (script.receipt.lines, script.receipt.gaps) == (3, 0)


async def test_a_log_that_its_node_has_lost_is_said_while_the_container_runs() -> None:
    async with scripted(patience=0.0) as script:
        script.follow(kube_golden.raw("log-previous-gced-inband-error"), held(at(1, "one")))
        detail = await script.reaches(StreamState.RECONNECTING)
        assert detail.startswith("unable to retrieve container logs for containerd://")
        await script.clock.skip()
        await script.until_line("one")
        assert script.receipt.lines == 1


@pytest.mark.parametrize("name", ["log-kubelet-down", "log-kubelet-starting"])
async def test_a_recorded_refusal_by_a_node_that_is_away_is_said_and_tried_again(name: str) -> None:
    async with scripted(patience=0.0) as script:
        script.follow(
            stream(at(1, "one")), kube_golden.raw(name), kube_golden.raw(name), held(at(1, "one"), at(9, "two"))
        )
        await script.clock.skip()
        for _ in range(2):
            await until(script.clock.is_waiting)
            detail = await script.reaches(StreamState.RECONNECTING)
            assert "connection refused" in detail or "could not find the requested resource" in detail
            script.clock.advance(30)
            await until(lambda: not script.clock.is_waiting())
        await script.until_line("two")
        assert script.raw == [b"one", b"two"]
        assert (script.receipt.state, script.receipt.reconnects) == (StreamState.LIVE, 1)


async def test_a_recorded_refusal_because_the_container_waits_is_said_and_tried_again() -> None:
    async with scripted(patience=0.0) as script:
        script.follow(kube_golden.raw("log-creating"), held(at(1, "one")))
        await until(script.clock.is_waiting)
        assert script.receipt.detail == 'container "main" in pod "creating" is waiting to start: ContainerCreating'
        assert script.receipt.state is StreamState.WAITING
        await script.clock.skip()
        await script.until("one")
        assert script.receipt.state is StreamState.LIVE


async def test_a_pod_that_is_not_placed_has_no_content_and_no_line(script: Script) -> None:
    script.follow(kube_golden.raw("log-unscheduled"), held(at(1, "one")))
    await script.until_line("one")
    assert script.raw == [b"one"]


async def test_a_log_of_a_pod_that_is_gone_ends(script: Script) -> None:
    script.server.on("/pods/web$", kube_golden.raw("pod-get-404"))
    script.follow(kube_golden.raw("log-pod-notfound"))
    assert await script.reaches(StreamState.ENDED) == "the pod is gone"


async def test_a_server_that_asks_for_patience_gets_it() -> None:
    async with scripted(patience=6.0) as script:
        script.follow(reply(429, "later", "text/plain", Retry_After="9"), held(at(1, "one")))
        assert await script.reaches(StreamState.RECONNECTING) == "later"
        await script.clock.skip(9)
        await script.until("one")


async def test_a_page_instead_of_a_log_is_said_and_tried_again(script: Script) -> None:
    script.follow(reply(200, "<html>", "text/html"), held(at(1, "one")))
    await script.until("one")
    assert script.receipt.state is StreamState.LIVE


async def test_how_many_follows_there_are_does_not_grow(script: Script) -> None:
    script.follow(held(at(1, "one")))
    await script.until("one")
    script.observe()
    script.observe()
    script.follow(held())
    assert script.server.count(FOLLOW) == 1
