"""What a server can do is asked once, at the same time, and what it does not tell stays unknown."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from fake_server import DONE, FakeServer, chunk, pieces, refusal, serving
from model_world import ASKED, KEY, asked, chat

from hallucino_tui.assistant.tokens import Vocabulary, bound_for, most_tokens
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.known import known_context
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.chat import Capabilities, Done
from hallucino_tui.session.conversation import Conversation
from tests.session.session_world import material_of


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """An app that answers as it likes, at this address."""
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("listed", "context", "name"),
    [
        ({"data": [{"id": "smol", "meta": {"n_ctx": 8192}}]}, 8192, "smol"),
        ({"data": [{"id": "v", "max_model_len": 4096}]}, 4096, "v"),
        ({"data": [{"id": "g", "context_length": 2048}, {"id": "h"}]}, 2048, "g"),
        ({"data": [{"id": "plain"}]}, 0, "plain"),
        ({"data": []}, 0, "the server's first model"),
        ({"nonsense": 1}, 0, "the server's first model"),
        ({"data": [{"id": 5}]}, 0, "the server's first model"),
    ],
)
async def test_the_size_of_the_context_comes_from_the_server(listed: dict, context: int, name: str) -> None:
    async with serving(pieces()) as server:
        server.models = listed
        model = chat(server, model="")
        assert (await model.capabilities()).context == context
        assert model.name == name
        assert model.body(ASKED)["model"] == (name if " " not in name else "")
        await model.close()


async def test_the_model_that_is_asked_is_looked_for_in_the_list() -> None:
    async with serving(pieces()) as server:
        server.models = {"data": [{"id": "a", "max_model_len": 1}, {"id": "m", "max_model_len": 2}]}
        model = chat(server)
        assert (await model.capabilities()).context == 2
        await model.close()


async def test_the_settings_know_better_than_the_server() -> None:
    async with serving(pieces()) as server:
        server.models = {"data": [{"id": "m", "max_model_len": 2}]}
        model = chat(server, context=999)
        assert (await model.capabilities()).context == 999
        await model.close()


async def test_a_server_is_asked_once() -> None:
    async with serving(pieces(chunk("x"), chunk(reason="stop"), DONE)) as server:
        model = chat(server, model="")
        await asyncio.gather(*(model.capabilities() for _ in range(3)), model.count_tokens("x"))
        await asked(model)
        await model.close()
    assert server.listed == 1


async def test_a_server_that_is_not_ready_is_asked_again() -> None:
    model = chat(FakeServer("http://127.0.0.1:1/v1"))
    assert await model.capabilities() == Capabilities()
    await model.close()
    ready = False

    async def models(request: web.Request) -> web.StreamResponse:
        if not ready:
            return web.json_response({"error": {"message": "Loading model"}}, status=503)
        return web.json_response({"data": [{"id": "smol", "meta": {"n_ctx": 8192}}]})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", models)
    async with listening(app) as url:
        model = chat(FakeServer(url), model="")
        assert (await model.capabilities()).context == 0
        ready = True
        assert (await model.capabilities()).context == 8192
        await model.close()


async def test_where_nobody_counts_there_is_a_bound() -> None:
    async with serving(pieces()) as server:
        model = chat(server, agreed={server.url.removesuffix("/v1")})
        can = await model.capabilities()
        assert (can.counts_tokens, can.counts_at) == (False, "")
        assert await model.count_tokens("some text") == most_tokens("some text")
        await model.close()


@pytest.mark.parametrize(
    ("digits", "vocabulary"), [(1, Vocabulary.DIGITS), (3, Vocabulary.LARGE)], ids=["each digit", "three digits"]
)
async def test_how_a_server_counts_digits_tells_what_bound_holds(digits: int, vocabulary: Vocabulary) -> None:
    def tokenize(body: dict) -> dict:
        return {"tokens": re.findall(rf"\d{{1,{digits}}}|\D", body.get("content", "").replace("one two three", ""))}

    text = "at 2026-11-23T12:00:01.123456Z after 1234567 ms"
    async with serving(pieces()) as server:
        server.tokenize = tokenize
        model = chat(server, model="of-no-known-name")
        await model.capabilities()
        assert await model.count_tokens(text) == bound_for(vocabulary)(text)
        await model.close()


async def test_a_server_that_says_nothing_is_asked_once_for_each_question_that_is_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hallucino_tui.models.probe._PROBE_SECONDS", 0.05)
    asked_for: list[str] = []

    async def silent(request: web.Request) -> web.StreamResponse:
        asked_for.append(request.path)
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", silent)
    async with listening(app) as url:
        model = chat(FakeServer(url))
        for times in (1, 2):
            await Conversation(model).begin(material_of(*[f"error {number} of many" for number in range(300)]))
            assert asked_for.count("/v1/models") == times
        await model.close()


async def test_a_name_that_was_not_known_when_the_question_was_shown_is_not_put_in_afterwards() -> None:
    ready = False
    sent: list[dict] = []

    async def late(request: web.Request) -> web.StreamResponse:
        if not ready:
            return web.json_response({"error": {"message": "Loading model"}}, status=503)
        if request.path.endswith("completions"):
            sent.append(await request.json())
            return web.json_response({"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]})
        return web.json_response({"data": [{"id": "smol"}]})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", late)
    async with listening(app) as url:
        model = chat(FakeServer(url), model="")
        first = await Conversation(model).begin(material_of("pool is empty"))
        shown, ready = first.body, True
        assert [event async for event in model.stream(first.request)][-1] == Done()
        assert sent == [shown]
        second = await Conversation(model).begin(material_of("pool is empty"))
        assert second.body["model"] == "smol"
        await model.close()


@pytest.mark.parametrize(
    ("name", "context"),
    [("gpt-4.1-mini", 1_047_576), ("gpt-4", 8192), ("GPT-4o-2024-08-06", 128_000), ("o3", 200_000), ("my-own", 0)],
)
async def test_openais_models_are_known_by_name(name: str, context: int) -> None:
    assert known_context(name) == context
    model = OpenAIChat(Endpoint("openai", "https://api.openai.com/v1", name, KEY))
    assert await model.capabilities() == Capabilities(context, takes_schema=True)
    assert await model.count_tokens("x" * 160) == most_tokens("x" * 160)


async def test_other_servers_models_are_not_known_by_name() -> None:
    async with serving(refusal(404, "no list")) as server:
        server.models = {}
        model = chat(server, model="gpt-4")
        assert (await model.capabilities()).context == 0
        await model.close()


async def test_a_server_that_answers_without_end_does_not_hold_up_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallucino_tui.models.probe._PROBE_SECONDS", 0.2)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", endless)
    async with listening(app) as url:
        model = chat(FakeServer(url))
        assert await model.capabilities() == Capabilities()
        await model.close()
