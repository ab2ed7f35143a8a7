"""The model adapter against a real HTTP server that misbehaves in every way that was seen."""

import asyncio
import socket

import pytest
from aiohttp import web
from fake_server import DONE, SERVER, USAGE, Handler, chunk, forever, pieces, refusal, serving
from model_world import ASKED, KEY, asked, chat, events_of, failure_of

from hallucino_tui.models.endpoint import Endpoint
from hallucino_tui.models.openai_chat import OpenAIChat
from hallucino_tui.session.chat import Delta, Done, Failed, Failure, Started, Told, Usage

STOP = chunk(reason="stop")


def delta(**fields: object) -> bytes:
    return chunk(choices=[{"index": 0, "delta": fields, "finish_reason": None}])


def whole(choice: object = None, **body: object) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {"id": "c", "object": "chat.completion", "choices": [choice] if choice else [], **body}
        )

    return handle


async def test_a_whole_answer_comes_in_pieces_and_ends_with_done() -> None:
    found = await events_of(pieces(chunk("Hello "), chunk("there"), STOP, USAGE, DONE))
    assert found == [Started(), Delta("Hello "), Delta("there"), Usage(12, 3), Done()]


TOO_BIG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 10016 tokens."
LLAMA_CPP = {
    "code": 400,
    "message": "request (9031 tokens) exceeds the available context size (4096 tokens), try increasing it",
    "type": "exceed_context_size_error",
    "n_prompt_tokens": 9031,
    "n_ctx": 4096,
}


@pytest.mark.parametrize(
    ("handler", "failure", "said"),
    [
        (refusal(401, {"message": f"Incorrect API key provided: {KEY}"}), Failure.REFUSED, "does not accept the key"),
        (refusal(403, {"message": "no access"}), Failure.REFUSED, "no access"),
        (refusal(404, {"message": "The model `m` does not exist"}), Failure.NOT_FOUND, "does not know m"),
        (refusal(402, {"message": "pay"}), Failure.REFUSED, "no money left"),
        (refusal(429, {"message": "slow down"}, **{"Retry-After": "7"}), Failure.BUSY, "ask again in 7 s"),
        (refusal(429, "slow down"), Failure.BUSY, "ask again in a while"),
        (refusal(429, {"message": "quota", "code": "insufficient_quota"}), Failure.REFUSED, "no money left"),
        (refusal(400, {"message": "too big", "code": "context_length_exceeded"}), Failure.TOO_LONG, "fewer lines"),
        (refusal(400, LLAMA_CPP), Failure.TOO_LONG, "fewer lines"),
        (refusal(413, "<html>nginx</html>"), Failure.TOO_LONG, "it does not say why"),
        (refusal(400, {"message": "bad parameter"}), Failure.REFUSED, "bad parameter"),
        (refusal(400, {"message": "filtered", "code": "content_filter"}), Failure.REFUSED, "A content filter"),
        (refusal(307, "", Location="https://user:pass@elsewhere.example/v1"), Failure.NOT_FOUND, " to elsewhere."),
        (refusal(503, {"message": "Loading model"}), Failure.BUSY, "Loading model"),
        (refusal(500, "boom"), Failure.SERVER, "500"),
        (refusal(502, "<html>Bad gateway</html>"), Failure.SERVER, "it does not say why"),
        (pieces(chunk("half an"), cut=True), Failure.CUT, "broke in the middle"),
        (pieces(cut=True), Failure.UNREACHABLE, "before it answered"),
        (pieces(chunk("half an"), DONE), Failure.INCOMPLETE, "without saying that it was finished"),
        (pieces(chunk("half an")), Failure.INCOMPLETE, "without saying that it was finished"),
        (pieces(chunk("half an"), chunk(reason="length"), DONE), Failure.INCOMPLETE, "most tokens allowed (1,024"),
        (pieces(chunk("half an"), chunk(reason="content_filter"), DONE), Failure.INCOMPLETE, "content_filter"),
        (pieces(chunk(reason="content_filter"), DONE), Failure.INCOMPLETE, "content_filter"),
        (pieces(chunk("half an"), chunk(reason="\x1b[31m"), DONE), Failure.INCOMPLETE, "stopped because of '␛[31m'"),
        (pieces(STOP, DONE), Failure.INCOMPLETE, "without a word"),
        (pieces(chunk(" \n "), STOP, DONE), Failure.INCOMPLETE, "without a word"),
        (pieces(DONE), Failure.INCOMPLETE, "without a word"),
        (pieces(), Failure.INCOMPLETE, "without a word"),
        (pieces(delta(reasoning_content="hm"), chunk(reason="length"), DONE), Failure.INCOMPLETE, "model thought"),
        (pieces(chunk("<think>hm"), chunk(reason="length"), DONE), Failure.INCOMPLETE, "model thought until"),
        (pieces(delta(tool_calls=[{"index": 0}]), chunk(reason="tool_calls"), DONE), Failure.INCOMPLETE, "a tool"),
        (pieces(delta(refusal="I can"), delta(refusal="not."), STOP, DONE), Failure.REFUSED, "to answer: I cannot."),
        (pieces(chunk("x"), b'data: {"error": {"message": "out of memory"}}\n\n'), Failure.SERVER, "out of memory"),
        (pieces(b'data: {"error": {"message": "slow", "code": 429}}\n\n'), Failure.BUSY, "too many questions"),
        (pieces(b'data: {"error": "plain words"}\n\n'), Failure.SERVER, "broke the answer off"),
        (pieces(chunk("x"), b"data: {not json\n\n"), Failure.NOT_A_MODEL, "no answer of a model in the middle"),
        (pieces(b"data: {not json\n\n"), Failure.NOT_A_MODEL, "check its address"),
        (pieces(b"data: [1, 2]\n\n"), Failure.NOT_A_MODEL, "no answer of a model"),
        (pieces(b'data: {"choices": "none"}\n\n'), Failure.NOT_A_MODEL, "no answer of a model"),
        (pieces(delta(content=5)), Failure.NOT_A_MODEL, "no answer of a model"),
        (pieces(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n'), Failure.NOT_A_MODEL, "no answer"),
        (whole(error={"message": "no such model", "code": 404}), Failure.NOT_FOUND, "no such model"),
        (whole({"message": {"content": ""}, "finish_reason": "stop"}), Failure.INCOMPLETE, "without a word"),
        (whole({"message": {"content": "half"}, "finish_reason": "length"}), Failure.INCOMPLETE, "is cut"),
        (whole({"message": {"refusal": "No"}, "finish_reason": "stop"}), Failure.REFUSED, "declines to answer: No"),
        (whole(choices="none"), Failure.NOT_A_MODEL, "no answer of a model"),
    ],
)  # fmt: skip
async def test_every_failure_is_one_sentence(handler: Handler, failure: Failure, said: str) -> None:
    found = await failure_of(handler)
    assert said in found.sentence
    assert found.failure is failure


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (refusal(404, {"message": "no such model"}), "does not know fast (m): no such model"),
        (refusal(413, ""), "too much for fast (m)"),
    ],
)
async def test_a_sentence_names_the_model_as_the_user_does(handler: Handler, said: str) -> None:
    assert said in (await failure_of(handler, label="fast")).sentence


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        (LLAMA_CPP, 4096),
        ({"message": TOO_BIG, "code": "context_length_exceeded"}, 8192),
        ({"message": "This model's maximum context length is 1,024 tokens."}, 1024),
        ({"message": "too much", "code": "context_length_exceeded"}, 0),
    ],
)
async def test_how_much_fits_is_learned_from_a_refusal(body: dict[str, object], fits: int) -> None:
    async with serving(refusal(400, body)) as server:
        model = chat(server, context=32768)
        (last,) = await asked(model)
        assert isinstance(last, Failed)
        assert last.most_tokens == fits
        assert (await model.capabilities()).context == (fits or 32768)
        await model.close()


async def test_a_web_page_is_no_model() -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Welcome to the proxy</html>", content_type="text/html")

    assert (await failure_of(page)).failure is Failure.NOT_A_MODEL


async def test_a_server_that_cannot_stream_answers_in_one_piece() -> None:
    handler = whole({"message": {"role": "assistant", "content": "All at once."}, "finish_reason": "stop"})
    assert await events_of(handler) == [Started(), Delta("All at once."), Done()]


@pytest.mark.parametrize("text", ["x" * 300_000, "wörd " * 60_000], ids=["letters", "words"])
async def test_a_large_answer_comes_whole_also_in_one_piece_of_a_stream(text: str) -> None:
    assert await events_of(pieces(chunk(text), STOP, DONE)) == [Started(), Delta(text), Done()]


async def test_a_server_that_does_not_stop_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hallucino_tui.models.answer.MOST_CHARACTERS", 1000)
    found = await failure_of(forever("again and "))
    assert (found.failure, "does not stop" in found.sentence) == (Failure.INCOMPLETE, True)


async def test_what_is_thought_aloud_is_no_part_of_the_answer() -> None:
    thoughts = [delta(reasoning_content="first "), delta(reasoning="then"), delta(role="assistant", content="")]
    found = await events_of(pieces(*thoughts, chunk("So."), STOP, DONE))
    assert found == [Started(), Delta("So."), Done()]
    found = await events_of(pieces(chunk("<th"), chunk("ink>first"), chunk("</think>\n\nSo"), chunk("."), STOP, DONE))
    assert found == [Started(), Delta("So"), Delta("."), Done()]


async def test_a_few_letters_that_look_like_a_thought_are_an_answer() -> None:
    assert await events_of(pieces(chunk("<thi"), STOP, DONE)) == [Started(), Delta("<thi"), Done()]


async def test_text_may_come_as_a_list_of_parts() -> None:
    parts = [{"type": "text", "text": "So"}, {"type": "image", "text": "no"}, {"type": "text", "text": 5}, "odd"]
    assert await events_of(pieces(delta(content=parts), STOP, DONE)) == [Started(), Delta("So"), Done()]


async def test_what_servers_put_between_the_pieces_is_passed_over() -> None:
    filtered = chunk(choices=[], prompt_filter_results=[{"prompt_index": 0}])
    odd_usage = chunk(choices=[], usage={"prompt_tokens": "many"})
    empty = b'data: {"choices": null}\n\n'
    handler = pieces(b": ping\n\n", filtered, b"event: message\n", chunk("So."), b":\n\n", empty, odd_usage, STOP, DONE)
    assert await events_of(handler) == [Started(), Delta("So."), Done()]


async def test_tokens_that_are_counted_on_every_piece_are_told_once() -> None:
    counted = [{"prompt_tokens": 12, "completion_tokens": count} for count in (1, 2)]
    found = await events_of(pieces(chunk("a", usage=counted[0]), chunk("b", "stop", usage=counted[1]), DONE))
    assert found == [Started(), Delta("a"), Delta("b"), Usage(12, 2), Done()]


async def test_more_tokens_than_were_counted_on_are_told() -> None:
    counted = chunk(choices=[], usage={"prompt_tokens": 9000, "completion_tokens": 3})
    found = await events_of(pieces(chunk("x"), STOP, counted, DONE))
    assert found[2] == Usage(9000, 3)
    assert isinstance(found[3], Told)
    assert "counts 9,000 tokens" in found[3].sentence
    assert found[4] == Done()


async def test_a_server_that_falls_silent_is_given_up() -> None:
    for handler in (pieces(chunk("half an"), stall=True), pieces(stall=True)):
        assert (await failure_of(handler, patience=0.2)).failure is Failure.STALLED


@pytest.mark.parametrize("after", [{"stall": True}, {"cut": True}])
async def test_what_happens_after_the_end_of_an_answer_does_not_matter(
    after: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hallucino_tui.models.openai_chat._TAIL_SECONDS", 0.1)
    assert await events_of(pieces(chunk("So."), STOP, **after)) == [Started(), Delta("So."), Done()]


async def unreachable(address: str) -> Failed:
    model = OpenAIChat(Endpoint("openai", address, "m", ""))
    last = (await asked(model))[-1]
    await model.close()
    assert isinstance(last, Failed)
    assert last.failure is Failure.UNREACHABLE
    return last


async def test_no_server_at_all_may_pass() -> None:
    found = await unreachable("http://127.0.0.1:1/v1")
    assert "127.0.0.1:1 cannot be reached" in found.sentence
    assert not found.lasting


async def test_a_name_that_nobody_knows_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody_knows(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nobody_knows)
    found = await unreachable("http://model.example/v1")
    assert "model.example cannot be reached" in found.sentence
    assert "not known" in found.sentence
    assert found.lasting


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


async def test_who_stops_reading_closes_the_socket() -> None:
    async with serving(forever("again and ")) as server:
        model = chat(server)
        events = model.stream(ASKED)
        while not isinstance(await anext(events), Delta):
            pass
        await events.aclose()
        await asyncio.wait_for(server.closed.wait(), 5)
        await model.close()


async def test_a_redirect_is_not_followed_because_lines_would_go_where_nobody_agreed_to() -> None:
    async with serving(pieces(chunk("x"), STOP, DONE)) as elsewhere:
        found = await failure_of(refusal(307, "", Location=f"{elsewhere.url}/chat/completions"))
    assert found.failure is Failure.NOT_FOUND
    assert elsewhere.requests == []


async def test_control_bytes_in_an_answer_are_shown_and_not_obeyed() -> None:
    found = await events_of(pieces(chunk("a\x1b]52;c;x\x07b\r\nc"), STOP, DONE))
    assert found[1] == Delta("a␛]52;c;x␇b\n\nc")
    found = await events_of(pieces(chunk("half an emoji \ud83d"), STOP, DONE))
    assert found[1] == Delta("half an emoji <U+D83D>")


@pytest.mark.parametrize(("sent", "answered", "cost"), [(0.0, 0.0, None), (2.0, 8.0, 1.04), (0.0, 10.0, 0.05)])
def test_what_a_question_cost_comes_from_the_prices_of_the_settings(
    sent: float, answered: float, cost: float | None
) -> None:
    model = OpenAIChat(Endpoint("openai", "http://127.0.0.1:1/v1", "m", "", price_sent=sent, price_answered=answered))
    assert model.cost(Usage(500_000, 5_000)) == cost


async def test_a_model_that_does_not_stream_is_known_as_one() -> None:
    at_once = whole({"message": {"content": "So."}, "finish_reason": "stop"})
    for handler, streams in ((at_once, False), (pieces(chunk("So."), STOP, DONE), True)):
        async with serving(handler) as server:
            model = chat(server)
            assert (await model.capabilities()).streams is None
            await asked(model)
            assert (await model.capabilities()).streams is streams
            await model.close()


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({"data": [{"id": "m"}]}, None),
        ({"data": []}, None),
        ({"data": [{"id": "other"}]}, "does not list m, but other"),
        ({"nonsense": 1}, "no answer of a model"),
    ],
)
async def test_a_server_is_checked_without_a_question(listed: dict[str, object], said: str | None) -> None:
    async with serving(pieces()) as server:
        server.models = listed
        model = chat(server)
        wrong = await model.check()
        await model.close()
    assert server.requests == []
    assert wrong is None if said is None else wrong is not None and said in wrong.sentence


async def test_a_question_after_a_failure_is_answered() -> None:
    handlers = [refusal(500, "boom"), pieces(chunk("So."), STOP, DONE)]

    async def one_after_the_other(request: web.Request) -> web.StreamResponse:
        return await handlers[len(request.app[SERVER].requests) - 1](request)

    async with serving(one_after_the_other) as server:
        model = chat(server)
        assert isinstance((await asked(model))[-1], Failed)
        assert (await asked(model))[-1] == Done()
        await model.close()


@pytest.mark.parametrize("before", [0, 200, 230, 5000])
async def test_a_key_that_looks_like_none_is_not_repeated_either(before: int) -> None:
    key = "open-sesame-and-be-quick"
    words = "x" * before + f" {key} has no access"
    for handler in (refusal(403, {"message": words}), pieces(b'data: {"error": "' + words.encode() + b'"}\n\n')):
        async with serving(handler) as server:
            model = OpenAIChat(Endpoint("openai", server.url, "m", key))
            last = (await asked(model))[-1]
            await model.close()
        assert isinstance(last, Failed)
        assert "sesame" not in last.sentence
        assert before > 0 or "<key> has no access" in last.sentence
