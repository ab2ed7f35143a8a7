"""The model adapter against a real HTTP server that misbehaves in every way that was seen."""

import asyncio
import json

import pytest
from aiohttp import web
from fake_server import DONE, USAGE, FakeServer, Handler, chunk, forever, pieces, refusal, serving

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.chat import Delta, Done, Event, Failed, Failure, Started, Usage

ASKED = [Message("system", "be short"), Message("user", "what?")]
KEY = "sk-" + "t" * 24


def chat(server: FakeServer, model: str = "m", patience: float = 5.0, **more: object) -> OpenAIChat:
    return OpenAIChat(Endpoint("openai", server.url, model, KEY, patience=patience, **more))  # type: ignore[arg-type]


async def events_of(handler: Handler, **more: object) -> list[Event]:
    async with serving(handler) as server:
        model = chat(server, **more)  # type: ignore[arg-type]
        found = [event async for event in model.stream(ASKED)]
        await model.close()
    return found


async def failure_of(handler: Handler, **more: object) -> Failed:
    last = (await events_of(handler, **more))[-1]
    assert isinstance(last, Failed)
    assert KEY not in last.sentence
    assert "Traceback" not in last.sentence
    assert "\n" not in last.sentence
    return last


async def test_a_whole_answer_comes_in_pieces_and_ends_with_done() -> None:
    found = await events_of(pieces(chunk("Hello "), chunk("there"), chunk(reason="stop"), USAGE, DONE))
    assert found == [Started(), Delta("Hello "), Delta("there"), Usage(12, 3), Done()]


async def test_what_is_sent_is_what_was_asked() -> None:
    async with serving(pieces(chunk("x"), chunk(reason="stop"), DONE)) as server:
        model = chat(server, answer=77)
        assert isinstance([event async for event in model.stream(ASKED)][-1], Done)
        await model.close()
    sent = server.requests[0]
    assert sent["messages"] == [{"role": "system", "content": "be short"}, {"role": "user", "content": "what?"}]
    assert (sent["model"], sent["stream"], sent["max_tokens"]) == ("m", True, 77)
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["User-Agent"].startswith("hallucino/")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("handler", "failure", "said"),
    [
        (refusal(401, {"message": f"Incorrect API key provided: {KEY}"}), Failure.REFUSED, "does not accept the key"),
        (refusal(403, {"message": "no access"}), Failure.REFUSED, "no access"),
        (refusal(404, {"message": "The model `m` does not exist"}), Failure.NOT_FOUND, "does not know m"),
        (refusal(429, {"message": "slow down"}, **{"Retry-After": "7"}), Failure.BUSY, "ask again in 7 s"),
        (refusal(429, {"message": "quota", "code": "insufficient_quota"}), Failure.REFUSED, "no money left"),
        (refusal(400, {"message": "too big", "code": "context_length_exceeded"}), Failure.TOO_LONG, "fewer lines"),
        (refusal(400, {"message": "request exceeds the available context size"}), Failure.TOO_LONG, "fewer lines"),
        (refusal(400, {"message": "bad parameter"}), Failure.REFUSED, "bad parameter"),
        (refusal(503, {"message": "Loading model"}), Failure.BUSY, "Loading model"),
        (refusal(500, "boom"), Failure.SERVER, "500"),
        (pieces(chunk("half an"), cut=True), Failure.CUT, "broke in the middle"),
        (pieces(chunk("half an"), DONE), Failure.INCOMPLETE, "without saying that it was finished"),
        (pieces(chunk("half an")), Failure.INCOMPLETE, "without saying that it was finished"),
        (pieces(chunk("half an"), chunk(reason="length"), DONE), Failure.INCOMPLETE, "most tokens allowed"),
        (pieces(chunk("half an"), chunk(reason="content_filter"), DONE), Failure.INCOMPLETE, "content_filter"),
        (pieces(chunk(reason="stop"), DONE), Failure.INCOMPLETE, "without a word"),
        (pieces(DONE), Failure.INCOMPLETE, "without a word"),
        (pieces(chunk("x"), b'data: {"error": {"message": "out of memory"}}\n\n'), Failure.SERVER, "out of memory"),
        (pieces(chunk("x"), b"data: {not json\n\n"), Failure.NOT_A_MODEL, "no answer of a model"),
    ],
)  # fmt: skip
async def test_every_failure_is_one_sentence(handler: Handler, failure: Failure, said: str) -> None:
    found = await failure_of(handler)
    assert found.failure is failure
    assert said in found.sentence


async def test_a_web_page_is_no_model() -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Welcome to the proxy</html>", content_type="text/html")

    assert (await failure_of(page)).failure is Failure.NOT_A_MODEL


async def test_a_server_that_cannot_stream_answers_in_one_piece() -> None:
    async def whole(request: web.Request) -> web.StreamResponse:
        choice = {"index": 0, "message": {"role": "assistant", "content": "All at once."}, "finish_reason": "stop"}
        return web.json_response(
            {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        )

    assert await events_of(whole) == [Started(), Delta("All at once."), Done()]


async def test_a_server_that_falls_silent_is_given_up() -> None:
    found = await failure_of(pieces(chunk("half an"), stall=True), patience=0.2)
    assert found.failure is Failure.STALLED


async def test_no_server_at_all() -> None:
    model = OpenAIChat(Endpoint("openai", "http://127.0.0.1:1/v1", "m", ""))
    last = [event async for event in model.stream(ASKED)][-1]
    await model.close()
    assert isinstance(last, Failed)
    assert last.failure is Failure.UNREACHABLE
    assert "127.0.0.1:1" in last.sentence


async def test_cancelling_closes_the_socket() -> None:
    async with serving(forever("again and ")) as server:
        model = chat(server)

        async def read() -> None:
            async for _ in model.stream(ASKED):
                pass

        task = asyncio.create_task(read())
        await server.sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(server.closed.wait(), 5)
        await model.close()


async def test_control_bytes_in_an_answer_are_shown_and_not_obeyed() -> None:
    found = await events_of(pieces(chunk("a\x1b]52;c;x\x07b\r\nc"), chunk(reason="stop"), DONE))
    assert found[1] == Delta("a␛]52;c;x␇b\n\nc")


@pytest.mark.parametrize(
    ("listed", "context", "name"),
    [
        ({"data": [{"id": "smol", "meta": {"n_ctx": 8192}}]}, 8192, "smol"),
        ({"data": [{"id": "v", "max_model_len": 4096}]}, 4096, "v"),
        ({"data": [{"id": "plain"}]}, 0, "plain"),
        ({"data": []}, 0, "the server's first model"),
        ({"nonsense": 1}, 0, "the server's first model"),
    ],
)
async def test_the_size_of_the_context_comes_from_the_server(listed: dict, context: int, name: str) -> None:
    async with serving(pieces()) as server:
        server.models = listed
        model = chat(server, model="")
        assert await model.context() == context
        assert model.name == name
        await model.close()


async def test_azure_gets_the_deployment_in_the_path_and_its_own_header() -> None:
    async with serving(pieces(chunk("x"), chunk(reason="stop"), DONE)) as server:
        endpoint = Endpoint("azure", server.url.removesuffix("/v1"), "dep", KEY, api_version="2024-10-21")
        model = OpenAIChat(endpoint)
        assert isinstance([event async for event in model.stream(ASKED)][-1], Done)
        await model.close()
    assert server.headers[0]["api-key"] == KEY
    assert json.dumps(server.requests[0]).count("max_completion_tokens") == 1
