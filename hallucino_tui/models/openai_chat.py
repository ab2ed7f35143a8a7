"""Any server that speaks OpenAI's chat completions: OpenAI, Azure, llama.cpp, Ollama, vLLM, Gemini's address."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hallucino_tui.assistant.tokens import Vocabulary, bound_for, vocabulary_of
from hallucino_tui.models.answer import MOST_CHARACTERS, Answer
from hallucino_tui.models.client import make_client
from hallucino_tui.models.dialect import Dialect
from hallucino_tui.models.failures import explain, refusal, web_page
from hallucino_tui.models.known import known_context
from hallucino_tui.models.probe import Counts, Facts, count, count_address, list_models, probe
from hallucino_tui.session.chat import Capabilities, Delta, Event, Failed, Failure, Started, Told, Usage
from hallucino_tui.session.counting import count_aside

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Container, Mapping

    from hallucino_tui.models.endpoint import Endpoint
    from hallucino_tui.session.chat import Request

_TAIL_SECONDS: Final = 2.0
"""How long to wait for what may come after the end of an answer, which is only how many tokens it took."""
_TEMPLATE_TOKENS: Final = 64
"""Tokens that a chat template may add to a question, and to each of its messages a few of them."""
_END: Final = object()


class OpenAIChat:
    """A model at an OpenAI-compatible server. Belongs to the loop that it is used on."""

    def __init__(self, endpoint: Endpoint, agreed: Container[str] = (), *, is_own: bool = False) -> None:
        """Prepare; nothing is imported or sent yet.

        Args:
            endpoint: Who is asked.
            agreed: Hosts that need no word of the user for each question: they may count what they are asked before
                they are asked it, and nothing else.
            is_own: Whether this program started the server itself, so that it may count whatever it likes.
        """
        self._endpoint = endpoint
        self._agreed = agreed
        self._is_own = is_own
        self._client: Any = None
        self._dialect = Dialect(endpoint)
        self._known = Facts(endpoint.model, context=endpoint.context, is_settled=False)
        self._was_probed = False
        self._probing = asyncio.Lock()
        self._counts = Counts()
        self._most = 0
        self._streams: bool | None = None

    @property
    def name(self) -> str:
        """What the user knows the model by."""
        return self._known.model or "the server's first model"

    @property
    def host(self) -> str:
        """Where what is sent goes."""
        return self._endpoint.host

    @property
    def answer_tokens(self) -> int:
        """Most tokens of an answer."""
        return self._endpoint.answer

    @property
    def caveat(self) -> str:
        """What a reader has to know of its answers: nothing is known."""
        return ""

    @property
    def prompts(self) -> Mapping[str, str]:
        """Prompts that it follows better than the built-in ones: none are known."""
        return {}

    async def warm_up(self) -> None:
        """Import the client library and make a client, in a thread: together they take half a second."""
        if self._client is None:
            self._client = await asyncio.to_thread(make_client, self._endpoint)

    async def capabilities(self) -> Capabilities:
        """Return what the server can do; it is asked once, or again if it was not ready."""
        facts = await self._facts()
        context = self._endpoint.context or facts.context
        if self._most:
            context = min(context or self._most, self._most)
        counts = self._may_count and facts.counter is not None
        counts_at = count_address(self._endpoint) if counts and not self._is_own else ""
        return Capabilities(context, counts, self._dialect.takes_schema, self._streams, counts_at)

    async def count_tokens(self, text: str) -> int:
        """Return how many tokens a text is at most; exactly only if the server is this program's own."""
        if not self._was_probed:
            # Not again and again: a server that says nothing would hold up each count.
            await self._facts()
        tokens = await self._counted(text) if self._is_own else None
        return await self._bound(text) if tokens is None else tokens

    def body(self, request: Request) -> dict[str, Any]:
        """Return exactly what `stream` sends; if the server does not tell what its models are, without a name."""
        return self._dialect.body(request, self._known.model)

    def cost(self, usage: Usage) -> float | None:
        """Return what a question cost; None if the settings give no price."""
        sent, answered = self._endpoint.price_sent, self._endpoint.price_answered
        if not sent and not answered:
            return None
        return (usage.prompt_tokens * sent + usage.answer_tokens * answered) / 1_000_000

    async def stream(self, request: Request) -> AsyncGenerator[Event]:
        """Ask. Yields `Started`, `Delta`s, maybe `Usage` and `Told`, and in the end one of `Done` and `Failed`."""
        answer = Answer(self.host, request.answer or self._endpoint.answer)
        try:
            await self.warm_up()
            if not self._known.model and not self._was_probed:
                await self._facts()
            if (refused := await self._too_much(request)) is not None:
                yield refused
                return
            reply: Any = None
            while reply is None:
                body = self.body(request)
                try:
                    reply = await self._post(body)
                except Exception as error:
                    told = self._leave_out(error, body)
                    if not told:
                        raise
                    yield Told(told)
            async with aclosing(self._read(reply, answer, request)) as events:
                async for event in events:
                    yield event
        except Exception as error:  # noqa: BLE001 - whatever a library raises ends in one sentence, and none of it hides
            yield self._failed(error, begun=answer.has_text)

    async def check(self) -> Failed | None:
        """Ask the server for its models, which costs nothing; return what is wrong, or None."""
        try:
            await self.warm_up()
            models = await list_models(self._client)
        except Exception as error:  # noqa: BLE001 - whatever a library raises ends in one sentence
            return explain(error, self._endpoint, begun=False)
        asked = self._endpoint.model
        if asked and models and asked not in models and not self._endpoint.is_openai:
            listed = ", ".join(models[:5]) + (" …" if len(models) > 5 else "")
            called = self._endpoint.called
            return Failed(
                Failure.NOT_FOUND, f"{self.host} does not list {called}, but {listed}: check the model's name."
            )
        return None

    async def close(self) -> None:
        """End all connections."""
        if self._client is not None:
            await self._client.close()

    @property
    def _may_count(self) -> bool:
        return self._is_own or self.host in self._agreed

    async def _facts(self) -> Facts:
        async with self._probing:
            if not self._known.is_settled:
                self._known = await self._ask_facts()
                self._was_probed = True
        return self._known

    async def _counted(self, text: str) -> int | None:
        """Return how many tokens a text is as the server counts, which gets to see it; None if it does not say."""
        tokens = self._counts.get(text)
        if tokens is None and self._known.counter is not None:
            tokens = await count(self._client, self._endpoint, self._known, text)
            if tokens is not None:
                self._counts.put(text, tokens)
        return tokens

    async def _too_much(self, request: Request) -> Failed | None:
        """Return what to say if a question does not fit as the server counts; some would cut it and say nothing."""
        context = self._known.context
        if not (request.may_count and self._may_count and self._known.counter and context):
            return None
        counted = [await self._counted(message.text) for message in request.messages]
        tokens = sum(one for one in counted if one is not None)
        answer = request.answer or self._endpoint.answer
        if None in counted or tokens + answer <= context:
            return None
        return Failed(
            Failure.TOO_LONG,
            f"The lines are too much for {self._endpoint.called}: {self.host} counts {tokens:,} tokens, and "
            f"{context:,} fit with {answer:,} for the answer; select fewer lines.",
            most_tokens=context,
        )

    async def _ask_facts(self) -> Facts:
        if self._endpoint.is_openai:
            return Facts(self._endpoint.model, context=known_context(self._endpoint.model))
        await self.warm_up()
        return await probe(self._client, self._endpoint)

    async def _post(self, body: dict[str, Any]) -> Any:  # noqa: ANN401 - openai's class
        import openai  # noqa: PLC0415 - it was imported in a thread, see `warm_up`

        return await self._client.post(
            "/chat/completions", body=body, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object]
        )

    def _leave_out(self, error: Exception, body: dict[str, Any]) -> str:
        """Return what to say if a question can be asked again without what the server does not take; else ""."""
        if explain(error, self._endpoint, begun=False).failure is Failure.TOO_LONG:
            return ""
        return self._dialect.leave_out(*refusal(error), body)

    async def _read(self, reply: Any, answer: Answer, request: Request) -> AsyncGenerator[Event]:  # noqa: ANN401
        try:
            kind = reply.response.headers.get("content-type", "")
            if "html" in kind:
                yield web_page(self.host)
                return
            yield Started()
            self._streams = "json" not in kind
            async with aclosing(_pieces(reply, answer) if self._streams else _whole(reply)) as pieces:
                async for piece in pieces:
                    if text := answer.read(piece):
                        yield Delta(text)
                    if answer.is_too_long:
                        most = f"{MOST_CHARACTERS >> 20} million characters"
                        yield Failed(Failure.INCOMPLETE, f"{self.host} does not stop: it was cut off after {most}.")
                        return
        finally:
            await reply.close()
        if text := answer.rest():
            yield Delta(text)
        if answer.usage is not None:
            yield answer.usage
            if told := await self._compare(answer.usage, request):
                yield Told(told)
        end = answer.end()
        if request.schema is not None and not isinstance(end, Failed) and self._dialect.takes_schema is None:
            self._dialect.takes_schema = _is_object(answer.text)
        yield end

    async def _bound(self, text: str) -> int:
        """Return how many tokens a text is at most, with the vocabulary that the model most likely has."""
        name = self._endpoint.model or self._known.model
        likely = Vocabulary.LARGE if self._endpoint.is_openai else self._known.vocabulary or vocabulary_of(name)
        return await count_aside(text, bound_for(likely))

    async def _compare(self, usage: Usage, request: Request) -> str:
        """Return what to say if the server counts more tokens than were counted on; else ""."""
        counted = _TEMPLATE_TOKENS + 8 * len(request.messages)
        for message in request.messages:
            tokens = self._counts.get(message.text)
            counted += await self._bound(message.text) if tokens is None else tokens
        if request.schema is not None:
            counted += await self._bound(msgspec.json.encode(request.schema).decode())
        if usage.prompt_tokens <= counted:
            return ""
        return (
            f"{self.host} counts {usage.prompt_tokens:,} tokens in the question where {counted:,} were counted on: "
            "a large question may not fit, so set context lower."
        )

    def _failed(self, error: Exception, *, begun: bool) -> Failed:
        failed = explain(error, self._endpoint, begun=begun)
        # The next question is packed to what the server says.
        self._most = failed.most_tokens or self._most
        return failed


async def _pieces(reply: Any, answer: Answer) -> AsyncGenerator[object]:  # noqa: ANN401
    """Yield the pieces of a stream. Once the model is finished, what goes wrong afterwards does not matter."""
    pieces = aiter(reply)
    while (piece := await _next(pieces, _TAIL_SECONDS if answer.reason else None)) is not _END:
        yield piece


async def _next(pieces: Any, seconds: float | None) -> object:  # noqa: ANN401
    try:
        async with asyncio.timeout(seconds):
            return await anext(pieces)
    except StopAsyncIteration:
        return _END
    except Exception:
        if seconds is None:
            raise
        return _END


async def _whole(reply: Any) -> AsyncGenerator[object]:  # noqa: ANN401
    """Yield an answer of a server that cannot stream and answers in one piece, whatever was asked."""
    yield msgspec.json.decode(await reply.response.aread())


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except msgspec.DecodeError:
        return False
