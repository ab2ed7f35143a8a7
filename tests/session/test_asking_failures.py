"""The six tasks against model servers that misbehave: one sentence each, nothing lost, and what is shown is sent."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from session_world import NOON, SECOND, FakeLogs, hub_of, unlike_any_other

from hallucino_tui.assistant.tasks import Task
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.answer import Grounded
from hallucino_tui.session.asking import Asking, Prepared, Repacked
from hallucino_tui.session.chat import Delta, Done, End, Failed, Failure, Told
from tests.models.fake_server import DONE, USAGE, FakeServer, Handler, chunk, pieces, refusal, serving

PAGE = "<html>Welcome to the proxy</html>"


async def page(request: web.Request) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


async def no_json(request: web.Request) -> web.StreamResponse:
    return web.Response(text="{half of", content_type="application/json")


@dataclass(frozen=True)
class Case:
    """A failure: what the server does, what kind of failure it is, and what of the answer had come."""

    handler: Handler
    failure: Failure
    came: str = ""


FAILURES = {
    "wrong key": Case(refusal(401, {"message": "no"}), Failure.REFUSED),
    "no rights": Case(refusal(403, {"message": "no"}), Failure.REFUSED),
    "no such model": Case(refusal(404, {"message": "no m here"}), Failure.NOT_FOUND),
    "too many questions": Case(refusal(429, {"message": "slow"}, **{"Retry-After": "7"}), Failure.BUSY),
    "no money": Case(refusal(429, {"message": "quota", "code": "insufficient_quota"}), Failure.REFUSED),
    "full context": Case(refusal(400, {"message": "x", "code": "context_length_exceeded"}), Failure.TOO_LONG),
    "a broken server": Case(refusal(500, "oh"), Failure.SERVER),
    "still loading": Case(refusal(503, {"message": "Loading model"}), Failure.BUSY),
    "cut in the middle": Case(pieces(chunk("half an"), cut=True), Failure.CUT, "half an"),
    "stalled": Case(pieces(chunk("half an"), stall=True), Failure.STALLED, "half an"),
    "silent from the start": Case(pieces(stall=True), Failure.STALLED),
    "a web page": Case(page, Failure.NOT_A_MODEL),
    "no json": Case(no_json, Failure.NOT_A_MODEL),
    "no json in the stream": Case(pieces(b"data: {not json\n\n"), Failure.NOT_A_MODEL),
    "no finish reason": Case(pieces(chunk("half an"), DONE), Failure.INCOMPLETE, "half an"),
    "an empty answer": Case(pieces(chunk(reason="stop"), DONE), Failure.INCOMPLETE),
    "an answer that is too long": Case(pieces(chunk("half an"), chunk(reason="length")), Failure.INCOMPLETE, "half an"),
    "an error in the stream": Case(
        pieces(chunk("half an"), b'data: {"error": {"message": "out of memory"}}\n\n'), Failure.SERVER, "half an"
    ),
}


@dataclass
class World:
    """Lines, a server, and somebody who asks."""

    asking: Asking
    view: ViewSnapshot
    server: FakeServer
    events: list[Any]

    async def prepare(self, task: Task) -> Prepared:
        rows = self.view.rows(0, len(self.view))
        if task is Task.COMPARE:
            return await self.asking.begin(self.view.store, rows[:10], task, other_rows=rows[10:])
        return await self.asking.begin(
            self.view.store, rows[3:4] if task is Task.EXPLAIN else rows, task, "Why?" if task is Task.ASK else ""
        )

    async def send(self, prepared: Prepared) -> tuple[End, str]:
        self.events.clear()
        return await self.asking.send(prepared.question, self.events.append)

    @property
    def heard(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))


@asynccontextmanager
async def world(handler: Handler, lines: int = 20, patience: float = 5.0, **more: Any) -> AsyncIterator[World]:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    written = [f"ERROR pool is empty {unlike_any_other(n)}" for n in range(lines)]
    logs.write("web-1", *written, times=[NOON + n * SECOND for n in range(lines)])
    await hub.tick()
    async with serving(handler) as server:
        model = OpenAIChat(Endpoint("openai", server.url, "m", "k" * 8, patience=patience, **more))
        asking = Asking(lambda: model, logs.table, set(), "never")  # type: ignore[arg-type]
        try:
            yield World(asking, heard.last.view, server, [])
        finally:
            await asking.close()


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_of_each_task_is_one_sentence_and_nothing_is_lost(name: str, task: Task) -> None:
    case = FAILURES[name]
    async with world(case.handler, patience=0.2 if case.failure is Failure.STALLED else 5.0) as here:
        prepared = await here.prepare(task)
        end, answer = await here.send(prepared)
        assert isinstance(end, Failed)
        assert end.failure is case.failure
        assert re.fullmatch(r"[^\n]{10,400}[.?)]", end.sentence), end.sentence
        assert "Traceback" not in end.sentence
        assert answer == here.heard == case.came
        assert here.events[-1] == end
        assert sum(isinstance(event, Grounded) for event in here.events) == (1 if case.came else 0)
        assert "20 lines" in prepared.counted or task in {Task.COMPARE, Task.EXPLAIN}
        again = await here.asking.follow_up("And now?")
        assert again is not None
        assert again.question.packing.entries == prepared.question.packing.entries


@pytest.mark.parametrize("task", Task)
async def test_what_is_shown_before_is_what_is_sent_byte_for_byte(task: Task) -> None:
    answer = pieces(chunk("The pool is empty [L1]."), chunk(reason="stop"), USAGE, DONE)
    async with world(answer) as here:
        prepared = await here.prepare(task)
        shown = prepared.question.text
        assert here.server.requests == []
        assert (await here.send(prepared))[0] == Done()
        assert_same(shown, here.server.requests[-1])
        second = await here.asking.follow_up("Since when, and is [L2] part of it?")
        assert second is not None
        shown = second.question.text
        await here.send(second)
        assert_same(shown, here.server.requests[-1])
        assert [one["role"] for one in here.server.requests[-1]["messages"]] == ["system", "user", "assistant", "user"]
        third = await here.asking.update()
        assert third is not None
        shown = third.question.text
        await here.send(third)
        assert_same(shown, here.server.requests[-1])


def assert_same(shown: str, sent: dict[str, Any]) -> None:
    blocks = [f"── {one['role']} ──\n{one['content']}" for one in sent["messages"]]
    rest = {name: value for name, value in sent.items() if name != "messages"}
    fields = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
    assert shown == "\n\n".join([*blocks, f"── request ──\n{fields}"])


async def test_what_was_sent_after_it_was_too_long_is_shown_byte_for_byte_too() -> None:
    whole = pieces(chunk("The pool is empty [L1]."), chunk(reason="stop"), USAGE, DONE)
    full = refusal(400, {"message": "the request exceeds the available context size"})

    async def refuse_once(request: web.Request) -> web.StreamResponse:
        return await (full if len(here.server.requests) == 1 else whole)(request)

    async with world(refuse_once, lines=3000, context=2500, answer=300) as here:
        prepared = await here.prepare(Task.SUMMARISE)
        before = prepared.question.text
        assert_same(before, {**prepared.question.body})
        assert (await here.send(prepared))[0] == Done()
        first, second = here.server.requests
        assert_same(before, first)
        assert_same(prepared.question.text, second)
        assert len(second["messages"][1]["content"]) < len(first["messages"][1]["content"])
        kinds = [type(event) for event in here.events]
        assert kinds.index(Told) < kinds.index(Repacked) < kinds.index(Delta)


async def test_a_server_that_knows_no_schema_is_asked_without_and_what_was_sent_is_shown() -> None:
    whole = pieces(chunk("The pool is empty [L1]."), chunk(reason="stop"), USAGE, DONE)
    no_schema = refusal(400, {"message": "response_format json_schema is not supported"})

    async def pick(request: web.Request) -> web.StreamResponse:
        return await (no_schema if "response_format" in here.server.requests[-1] else whole)(request)

    async with world(pick) as here:
        prepared = await here.prepare(Task.SUMMARISE)
        assert "json_schema" in prepared.question.text
        assert await here.send(prepared) == (Done(), "The pool is empty [L1].")
        assert any(isinstance(event, Told) for event in here.events)
        assert_same(prepared.question.text, here.server.requests[-1])
        again = await here.asking.follow_up("Why?")
        assert again is not None
        assert "json_schema" not in again.question.text


@pytest.mark.parametrize("task", Task)
async def test_a_server_that_holds_to_the_schema_gives_markdown_in_the_end(task: Task) -> None:
    async def fitting(request: web.Request) -> web.StreamResponse:
        schema = here.server.requests[-1]["response_format"]["json_schema"]["schema"]
        item = {"text": "The pool is empty.", "lines": ["L1"], "command": "", "query": '{pod="web-1"}'}
        answer = json.dumps({name: "normal" if name == "category" else [item] for name in schema["properties"]})
        parts = [chunk(answer[start : start + 40]) for start in range(0, len(answer), 40)]
        return await pieces(*parts, chunk(reason="stop"), USAGE, DONE)(request)

    async with world(fitting) as here:
        end, answer = await here.send(await here.prepare(task))
        assert end == Done()
        assert "- The pool is empty [L1].\n" in answer
        assert "{" not in answer.replace('{pod="web-1"}', "")


async def test_a_server_that_does_not_stream_gives_the_whole_answer() -> None:
    async def whole(request: web.Request) -> web.StreamResponse:
        message = {"role": "assistant", "content": "The pool is empty [L1]."}
        return web.json_response({"id": "1", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    async with world(whole) as here:
        assert await here.send(await here.prepare(Task.CAUSE)) == (Done(), "The pool is empty [L1].")


async def test_a_slow_first_word_is_waited_for() -> None:
    asked, ready = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await ready.wait()
        return await pieces(chunk("The pool is empty [L1]."), chunk(reason="stop"), DONE)(request)

    async with world(slow, patience=30) as here:
        run = asyncio.create_task(here.send(await here.prepare(Task.ASK)))
        await asked.wait()
        ready.set()
        assert (await run)[0] == Done()


async def test_a_very_long_answer_is_taken_whole_and_checked() -> None:
    sentences = "- The pool is empty [L1].\n" * 100
    parts = [chunk(sentences), chunk("```text\n"), *[chunk("x" * 1000 + "\n")] * 300, chunk("```\n")]
    async with world(pieces(*parts, chunk(reason="stop"), DONE)) as here:
        end, answer = await here.send(await here.prepare(Task.SUMMARISE))
        assert end == Done()
        assert answer.startswith(sentences)
        assert len(answer) > 300_000
        grounded = next(event for event in here.events if isinstance(event, Grounded))
        assert len(grounded.checked.claims) > 1


@pytest.mark.parametrize("words", ["Der Pool ist leer, `pool` [L1].", "プールが空です [L1]。", "Пул пуст [L1]."])
async def test_an_answer_in_another_language_is_taken_as_it_is_and_checked(words: str) -> None:
    async with world(pieces(chunk(words), chunk(reason="stop"), DONE)) as here:
        assert await here.send(await here.prepare(Task.ASK)) == (Done(), words)
        assert any(isinstance(event, Grounded) for event in here.events)
