"""List and watch: one collection is kept up to date, whatever way its watch ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import kube_golden
import pytest
from kube_clock import FakeClock
from kube_reflector import LIST, PATH, WATCH, NotingSink, Reflected, event, failure, page, watch
from kube_server import ScriptedServer, reply, until

from hallucino_tui.session.inventory import Watching
from hallucino_tui.sources.kubernetes import reflector as module
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.objects import PodObject
from hallucino_tui.sources.kubernetes.reflector import PAGE, Reflector


@pytest.fixture
async def pods(server: ScriptedServer, client: Client) -> AsyncIterator[Reflected]:
    """A reflector of pods that begins when a test has said what the server answers, at the first wait."""
    clock, sink = FakeClock(), NotingSink()
    reflector = Reflector(client, PATH, PodObject, sink, clock)
    task = asyncio.create_task(reflector.run())
    yield Reflected(server, sink, clock, reflector)
    assert not task.done() or task.exception() is None
    assert not task.done(), "it never gives up"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_list_is_read_page_by_page_and_watched_from_its_version(pods: Reflected) -> None:
    pods.server.on(LIST, kube_golden.raw("pods-list-page1"), page(1800, "last"))
    pods.server.on(WATCH, watch())
    await pods.hears("list binary cfgerr last")
    assert await pods.reaches(Watching.WATCHED) == ""
    first, second = pods.server.asked(LIST)
    assert first.query == {"limit": str(PAGE)}
    assert second.query["continue"].startswith("eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6")
    await pods.watches_from("1800")
    query = pods.server.asked(WATCH)[0].query
    assert query["allowWatchBookmarks"] == "true"
    assert int(query["timeoutSeconds"]) < 300


async def test_a_token_that_expired_between_pages_starts_the_list_anew_in_one_piece(pods: Reflected) -> None:
    pods.server.on("GET", page(7, "one", "two"))
    pods.server.on(LIST, page(5, "one", more="token"), kube_golden.raw("pods-list-continue-expired-410"))
    pods.server.on(WATCH, watch())
    await pods.hears("list one two")
    await pods.watches_from("7")
    assert [sorted(request.query) for request in pods.server.requests[:3]] == [["limit"], ["continue", "limit"], []]


async def test_a_list_that_is_refused_as_too_old_again_and_again_is_not_asked_for_without_a_pause(
    pods: Reflected,
) -> None:
    pods.server.on("GET", kube_golden.raw("pods-list-exact-rv1-410"))
    await until(lambda: pods.clock.is_waiting() or pods.server.count() > 5)
    assert pods.server.count() == 1
    pods.server.on("GET", page(5, "one"))
    pods.server.on(WATCH, watch())
    pods.clock.advance(60)
    await pods.hears("list one")


async def test_a_selector_goes_with_the_list_and_the_watch(server: ScriptedServer, client: Client) -> None:
    server.on(LIST, page(1, more="token"), page(1))
    server.on(WATCH, watch())
    task = asyncio.create_task(Reflector(client, PATH, PodObject, NotingSink(), FakeClock(), "app=web").run())
    await until(lambda: server.count() == 3)
    assert [request.query["labelSelector"] for request in server.requests] == ["app=web"] * 3
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_events_are_applied_however_they_are_cut_into_pieces(pods: Reflected) -> None:
    data = event("ADDED", "two", 2) + event("MODIFIED", "one", 3) + event("DELETED", "two", 4)
    pods.server.on(LIST, page(1, "one"))
    pods.server.on(WATCH, watch(data[:1], data[1:150], data[150:151], data[151:]))
    await pods.hears("list one", "put two", "put one", "remove two")
    assert pods.sink.there == {"one": "3"}


async def test_a_recorded_life_of_a_pod_is_seen_and_the_next_watch_goes_on_from_its_last_event(
    pods: Reflected,
) -> None:
    pods.server.on(LIST, page(1872))
    pods.server.on(WATCH, kube_golden.raw("watch-timeoutseconds"), watch())
    await pods.hears("list ", "put w2", *["put w2"] * 6, "remove w2")
    await pods.clock.skip()  # it ended after less than a second
    await pods.watches_from("1872", "1897")
    assert pods.server.count(LIST) == 1


async def test_a_bookmark_moves_the_version_on(pods: Reflected) -> None:
    pods.server.on(LIST, page(2181, "one"))
    pods.server.on(WATCH, kube_golden.raw("watch-bookmark-idle-70s"), watch())
    await pods.clock.skip()
    await pods.watches_from("2181", "2222")
    assert pods.sink.heard == ["list one"]


async def test_a_recorded_watch_that_is_too_old_makes_it_list_again(pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "old"), page(9, "new"))
    pods.server.on(WATCH, kube_golden.raw("watch-rv-1-tooold"), watch())
    await pods.clock.skip()
    await pods.hears("list old", "list new")
    await pods.watches_from("1", "9")
    assert pods.sink.reports == [(Watching.WATCHED, "")] * 2


async def test_a_watch_that_is_refused_as_too_old_makes_it_list_again(pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "old"), page(9, "new"))
    pods.server.on(WATCH, kube_golden.raw("pods-list-exact-rv1-410"), watch())
    await pods.clock.skip()
    await pods.watches_from("1", "9")
    assert pods.sink.heard == ["list old", "list new"]


async def test_any_other_error_inside_of_a_watch_is_said_and_then_it_lists_again(pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "one"), page(9, "one", "two"))
    pods.server.on(WATCH, watch(failure(500, "etcd leader changed")), watch())
    note = await pods.reaches(Watching.RETRYING)
    assert note == "The cluster answered 500: etcd leader changed; it is tried again."
    await pods.clock.skip()
    await pods.hears("list one", "list one two")
    assert await pods.reaches(Watching.WATCHED) == ""


@pytest.mark.parametrize("end", [True, False])
async def test_a_watch_that_ends_is_begun_again_from_the_last_event(end: bool, pods: Reflected) -> None:
    """A server that ends each watch at once is not overrun."""
    pods.server.on(LIST, page(1, "one"))
    pods.server.on(WATCH, watch(event("ADDED", "two", 5), end=end), watch(end=end), watch(event("ADDED", "three", 6)))
    await until(pods.clock.is_waiting)
    assert pods.server.count(WATCH) == 1
    pods.clock.advance(60)
    await until(lambda: pods.server.count(WATCH) == 2)
    await pods.clock.skip()
    await pods.hears("list one", "put two", "put three")
    await pods.watches_from("1", "5", "5")
    assert pods.server.count(LIST) == 1


async def test_an_event_that_is_cut_in_its_middle_comes_whole_with_the_next_watch(pods: Reflected) -> None:
    whole = event("ADDED", "three", 6)
    pods.server.on(LIST, page(1, "one"))
    pods.server.on(WATCH, watch(event("ADDED", "two", 5), whole[:40], end=False), watch(whole))
    await pods.clock.skip()
    await pods.hears("list one", "put two", "put three")
    await pods.watches_from("1", "5")


async def test_a_recorded_watch_that_breaks_off_is_taken_up_from_its_last_event(pods: Reflected) -> None:
    pods.server.on(LIST, page(1872))
    pods.server.on(WATCH, kube_golden.raw("watch-pods-lifecycle"), watch())
    await pods.clock.skip()
    await pods.watches_from("1872", "1897")
    assert pods.sink.heard[-1] == "remove w2"


async def test_a_watch_that_says_nothing_for_too_long_is_begun_again(
    pods: Reflected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SILENCE", 0.05)
    pods.server.on(LIST, page(1, "one"))
    pods.server.on(WATCH, watch(event("ADDED", "two", 5)), watch(event("ADDED", "three", 6)))
    await pods.clock.skip()
    await until(lambda: "put three" in pods.sink.heard)
    assert [request.query["resourceVersion"] for request in pods.server.asked(WATCH)[:2]] == ["1", "5"]


@pytest.mark.parametrize("line", [b"no JSON\n", b'{"type": "ADDED"}\n', b'{"type":"ADDED","object":{"metadata":5}}\n'])
async def test_an_event_that_is_none_is_said_and_then_it_lists_again(line: bytes, pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "one"), page(9, "one", "two"))
    pods.server.on(WATCH, watch(line), watch())
    assert "a watch event that is no JSON of its kind" in await pods.reaches(Watching.RETRYING)
    await pods.clock.skip()
    await pods.hears("list one", "list one two")


async def test_without_the_right_to_watch_the_list_is_read_again_and_again(pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "one"), page(2, "two"), kube_golden.raw("forbidden-list-403"))
    pods.server.on(WATCH, kube_golden.raw("forbidden-watch-403"))
    note = await pods.reaches(Watching.POLLED)
    assert note.startswith("no right to watch, so this is read every 5 s (pods is forbidden: User")
    await pods.clock.skip(5)
    await pods.hears("list one", "list two")
    assert await pods.reaches(Watching.POLLED) == note
    await pods.clock.skip(5)
    await pods.reaches(Watching.FORBIDDEN)
    assert pods.server.count(WATCH) == 1


async def test_without_the_right_to_list_that_is_said_and_asked_again_after_a_minute(pods: Reflected) -> None:
    pods.server.on(LIST, kube_golden.raw("forbidden-list-403"), page(1, "one"))
    pods.server.on(WATCH, watch())
    note = await pods.reaches(Watching.FORBIDDEN)
    assert "cannot list resource" in note
    assert "ask for the role in the README" in note
    await pods.clock.skip(60)
    await pods.hears("list one")
    assert pods.sink.last == (Watching.WATCHED, "")


async def test_too_many_requests_are_waited_for_as_long_as_the_server_asks(pods: Reflected) -> None:
    patient = reply(429, "later\n", "text/plain", Retry_After="7")
    pods.server.on(LIST, kube_golden.raw("list-429-maxinflight"), patient, page(1, "one"))
    pods.server.on(WATCH, patient, watch())
    assert "Too many requests, please try again later" in await pods.reaches(Watching.RETRYING)
    await until(pods.clock.is_waiting)
    assert 1 <= pods.clock.waits[-1] < 7
    pods.clock.advance(pods.clock.waits[-1])
    await pods.clock.skip(7)
    await pods.hears("list one")
    await pods.clock.skip(7)
    await pods.watches_from("1", "1")


async def test_a_server_that_is_away_is_tried_again_with_longer_and_longer_pauses(pods: Reflected) -> None:
    async def away(exchange: Any) -> None:
        exchange.cut()

    pods.server.on("GET", away)
    for times in range(1, 8):
        await until(lambda: pods.clock.is_waiting() and len(pods.clock.waits) == times)  # noqa: B023 - it is awaited
        assert "cannot be reached" in await pods.reaches(Watching.RETRYING)
        if times == 7:
            pods.server.on(LIST, page(1, "one"))
            pods.server.on(WATCH, watch())
        pods.clock.advance(60)
    assert pods.clock.waits[0] < 1 < 4 < pods.clock.waits[-1] <= 30
    await pods.hears("list one")
    assert await pods.reaches(Watching.WATCHED) == ""


async def test_after_a_sleep_it_watches_anew_at_once(pods: Reflected) -> None:
    pods.server.on(LIST, page(1, "one"))
    pods.server.on(WATCH, watch(event("ADDED", "two", 5)), watch(event("ADDED", "three", 6)))
    await pods.hears("list one", "put two")
    pods.reflector.hurry()
    await pods.clock.skip()
    await pods.hears("list one", "put two", "put three")
    await pods.watches_from("1", "5")


async def test_after_a_sleep_no_pause_is_waited_for(pods: Reflected) -> None:
    pods.server.on(LIST, kube_golden.raw("forbidden-list-403"), page(1, "one"))
    pods.server.on(WATCH, watch())
    await until(pods.clock.is_waiting)
    pods.reflector.hurry()
    await pods.hears("list one")
