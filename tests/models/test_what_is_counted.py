"""What a server gets to see to count its tokens: nothing but what it is asked, and only if it may see that unasked."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fake_server import DONE, FakeServer, chunk, pieces, refusal, serving
from hypothesis import given
from hypothesis import strategies as st
from model_world import ASKED, MESSAGES, asked, chat

from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.models.local import LocalChat
from hallucino_tui.session.ask import ask
from hallucino_tui.session.chat import Delta, Done, Event, Failed, Failure, Request, Started
from hallucino_tui.session.conversation import Conversation
from hallucino_tui.session.counting import count_aside, in_pieces
from tests.session.session_world import material_of

WHOLE = pieces(chunk("It is empty [L1]."), chunk(reason="stop"), DONE)
COUNTABLE = Request(MESSAGES, may_count=True)


def llama_cpp(body: dict) -> dict:
    """As llama.cpp counts: a question that it does not understand has no tokens."""
    return {"tokens": list(range(len(body.get("content", "").split())))}


def vllm(body: dict) -> dict:
    words = body["prompt"].split()
    return {"count": len(words), "max_model_len": 4096, "tokens": list(range(len(words)))}


def host_of(server: FakeServer) -> str:
    return server.url.removesuffix("/v1")


def seen(server: FakeServer) -> list[str]:
    """Texts that the server was to count, without those that look whether it does."""
    texts = [str(body.get("content", body.get("prompt"))) for body in server.counted]
    return [text for text in texts if not text.startswith("one two three")]


@pytest.mark.parametrize("agrees", [False, True])
@pytest.mark.parametrize("tokenize", [llama_cpp, vllm])
async def test_nothing_is_counted_by_a_server_while_a_question_is_prepared(tokenize: Any, agrees: bool) -> None:
    async with serving(WHOLE) as server:
        server.tokenize = tokenize
        model = chat(server, agreed={host_of(server)} if agrees else ())
        lines = [f"the pool {number} is empty {'x' * (number % 60)}" for number in range(500)]
        question = await Conversation(model).begin(material_of(*lines))
        assert seen(server) == []
        assert await model.count_tokens("another line") == most_tokens("another line")
        assert seen(server) == []
        assert (await model.capabilities()).counts_tokens is agrees
        assert question.counted_at == (f"{host_of(server)}/tokenize" if agrees else "")
        await model.close()


@pytest.mark.parametrize("tokenize", [llama_cpp, vllm])
async def test_a_server_that_needs_no_word_counts_what_it_is_asked_and_that_is_said(tokenize: Any) -> None:
    async with serving(WHOLE) as server:
        server.tokenize = tokenize
        server.models = {"data": [{"id": "m", "max_model_len": 4096}]}
        model = chat(server, agreed={host_of(server)})
        conversation = Conversation(model)
        question = await conversation.begin(material_of("pool is empty"))
        assert f"The messages also go to {host_of(server)}/tokenize" in question.text
        await ask(conversation, question, lambda _: None)
        assert seen(server) == [message.text for message in question.messages]
        await model.close()


@pytest.mark.parametrize(("agrees", "request_"), [(False, COUNTABLE), (True, ASKED)])
async def test_who_was_not_agreed_to_or_not_told_of_counts_nothing(agrees: bool, request_: Request) -> None:
    async with serving(WHOLE) as server:
        server.tokenize = llama_cpp
        server.models = {"data": [{"id": "m", "max_model_len": 4096}]}
        model = chat(server, agreed={host_of(server)} if agrees else ())
        await model.capabilities()
        assert (await asked(model, request_))[-1] == Done()
        assert seen(server) == []
        await model.close()


async def test_a_question_that_the_server_would_have_to_cut_is_not_asked() -> None:
    async with serving(WHOLE) as server:
        server.tokenize = lambda body: {"tokens": list(range(3 * len(body.get("content", ""))))}
        server.models = {"data": [{"id": "m", "max_model_len": 1030}]}
        model = chat(server, agreed={host_of(server)})
        await model.capabilities()
        (failed,) = await asked(model, COUNTABLE)
        assert isinstance(failed, Failed)
        assert (failed.failure, failed.most_tokens) == (Failure.TOO_LONG, 1030)
        assert "counts 41 tokens" in failed.sentence
        assert server.requests == []
        await model.close()


async def test_a_server_that_stops_counting_is_asked_all_the_same() -> None:
    async with serving(WHOLE) as server:
        server.tokenize = llama_cpp
        server.models = {"data": [{"id": "m", "max_model_len": 4096}]}
        model = chat(server, agreed={host_of(server)})
        await model.capabilities()
        server.tokenize = None
        assert (await asked(model, COUNTABLE))[-1] == Done()
        await model.close()


async def test_what_is_meant_for_this_machine_goes_to_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(refusal(502, "I am a proxy")) as proxy, serving(WHOLE) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, host_of(proxy))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        model = chat(server)
        assert (await asked(model))[-1] == Done()
        await model.close()
    assert len(server.requests) == 1
    assert proxy.requests == []


async def test_who_stops_listening_to_a_model_on_this_machine_has_closed_its_answer() -> None:
    closed: list[bool] = []

    class Inner:
        async def stream(self, request: Request) -> AsyncIterator[Event]:
            try:
                yield Started()
                yield Delta("half")
            finally:
                closed.append(True)

    class Ready(LocalChat):
        def __init__(self) -> None:
            self._server = type("Running", (), {"is_ready": True})()  # type: ignore[assignment]

        async def _running(self) -> Any:
            return Inner()

    events = Ready().stream(ASKED)
    assert await anext(events) == Started()
    await events.aclose()
    assert closed == [True]


@given(st.lists(st.text(st.sampled_from(list("ab 12\t.-ü\n")), max_size=40), max_size=30), st.integers(3, 50))
def test_counting_in_pieces_is_a_bound_too_and_hardly_a_larger_one(parts: list[str], size: int) -> None:
    text = "\n".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hallucino_tui.session.counting._PIECE", size)
        sizes: list[int] = []
        tokens = in_pieces(text, lambda piece: sizes.append(len(piece)) or most_tokens(piece))
    assert sum(sizes) == len(text)
    assert all(length <= size for length in sizes)
    assert most_tokens(text) <= tokens


async def test_a_large_text_is_counted_in_another_thread_and_some_lines_at_a_time() -> None:
    where: set[threading.Thread] = set()
    sizes: list[int] = []

    def bound(piece: str) -> int:
        where.add(threading.current_thread())
        sizes.append(len(piece))
        return 1

    assert await count_aside("a short line\n", bound) == 1
    assert where == {threading.current_thread()}
    where.clear()
    assert await count_aside("a line of many\n" * 50_000, bound) == len(sizes) - 1 > 5
    assert threading.current_thread() not in where
    assert max(sizes) <= 1 << 14
