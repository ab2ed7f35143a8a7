"""Any server that speaks OpenAI's chat completions: OpenAI, Azure, llama.cpp, Ollama, vLLM, Gemini's address."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui import __version__
from hallucino_tui.logs.text import shown, shown_lines
from hallucino_tui.models.failures import explain
from hallucino_tui.session.chat import Delta, Done, Event, Failed, Failure, Started, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from hallucino_tui.assistant.prompts import Message
    from hallucino_tui.models.endpoint import Endpoint

_LINES = str.maketrans({"\r": "\n"})


class OpenAIChat:
    """A model at an OpenAI-compatible server. Belongs to the loop that it is used on."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Prepare; nothing is imported or sent yet.

        Args:
            endpoint: Who is asked.
        """
        self._endpoint = endpoint
        self._client: Any = None
        self._model = endpoint.model
        self._context: int | None = endpoint.context or None

    @property
    def name(self) -> str:
        """What the user knows the model by."""
        return self._model or "the server's first model"

    @property
    def host(self) -> str:
        """Where what is sent goes."""
        return self._endpoint.host

    @property
    def answer_tokens(self) -> int:
        """Most tokens of an answer."""
        return self._endpoint.answer

    async def warm_up(self) -> None:
        """Import the client library and make a client, in a thread: together they take half a second."""
        if self._client is None:
            self._client = await asyncio.to_thread(_make_client, self._endpoint)

    async def context(self) -> int:
        """Return how many tokens fit, as the settings or the server say; 0 if neither does."""
        if self._context is None:
            self._context = 0 if self._endpoint.is_openai else await self._ask_context()
        return self._context

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[Event]:
        """Ask. Yields `Started`, `Delta`s, maybe `Usage`, and in the end exactly one of `Done` and `Failed`."""
        begun = False
        try:
            await self.warm_up()
            if not self._model:
                await self._ask_context()
            raw = await self._client.chat.completions.with_raw_response.create(**self._request(messages))
            kind = raw.headers.get("content-type", "")
            if "html" in kind:
                await raw.http_response.aclose()
                yield Failed(
                    Failure.NOT_A_MODEL,
                    f"{self.host} answers with a web page: check the address (it often ends in /v1).",
                )
                return
            yield Started()
            if "json" in kind:
                # A server that cannot stream answers in one piece, whatever was asked.
                answer = msgspec.json.decode(await raw.http_response.aread(), type=_Whole)
                events = _whole(answer, self._endpoint)
            else:
                events = _pieces(raw.parse(), self._endpoint)
            async for event in events:
                begun = begun or isinstance(event, Delta)
                yield event
        except Exception as error:  # noqa: BLE001 - whatever a library raises ends in one sentence, and none of it hides
            yield explain(error, self._endpoint, begun=begun)

    async def check(self) -> Failed | None:
        """Ask the server for its models, which costs nothing; return what is wrong, or None."""
        try:
            await self.warm_up()
            raw = await self._client.models.with_raw_response.list()
            msgspec.json.decode(raw.http_response.content, type=_ModelList)
        except Exception as error:  # noqa: BLE001 - whatever a library raises ends in one sentence
            return explain(error, self._endpoint, begun=False)
        return None

    async def close(self) -> None:
        """End all connections."""
        if self._client is not None:
            await self._client.close()

    def _request(self, messages: Sequence[Message]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._endpoint.is_openai:
            # Its newer models refuse max_tokens, and any temperature but their own.
            return request | {"max_completion_tokens": self._endpoint.answer}
        return request | {"max_tokens": self._endpoint.answer, "temperature": 0}

    async def _ask_context(self) -> int:
        """Ask the server for its models: for the size of the context, and for a name if none was given."""
        await self.warm_up()
        try:
            raw = await self._client.models.with_raw_response.list()
            models = msgspec.json.decode(raw.http_response.content, type=_ModelList).data
        except Exception:  # noqa: BLE001 - many servers have no such list; what is wrong shows when the question is asked
            return 0
        model = next((one for one in models if one.id == self._model), models[0] if models else _Model())
        self._model = self._model or model.id
        return model.meta.n_ctx or model.max_model_len or model.context_length or 0


class _ModelMeta(msgspec.Struct):
    n_ctx: int | None = None  # llama.cpp


class _Model(msgspec.Struct):
    id: str = ""
    meta: _ModelMeta = msgspec.field(default_factory=_ModelMeta)
    max_model_len: int | None = None  # vLLM
    context_length: int | None = None  # several gateways


class _ModelList(msgspec.Struct):
    data: list[_Model]


class _Text(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Text = msgspec.field(default_factory=_Text)
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Whole(msgspec.Struct):
    choices: list[_Choice] = []
    usage: _Usage | None = None


def _make_client(endpoint: Endpoint) -> Any:  # noqa: ANN401 - openai's class, which is not imported at the top
    openai: Any = importlib.import_module("openai")
    timeout = openai.Timeout(endpoint.patience, connect=5.0)
    # Retries of its own would be silent.
    common = {"max_retries": 0, "timeout": timeout, "default_headers": {"User-Agent": f"hallucino/{__version__}"}}
    if endpoint.kind == "azure":
        client = openai.AsyncAzureOpenAI(
            azure_endpoint=endpoint.base_url, api_key=endpoint.key, api_version=endpoint.api_version, **common
        )
    else:
        client = openai.AsyncOpenAI(base_url=endpoint.base_url, api_key=endpoint.key or "none", **common)
    _ = client.chat.completions  # its first use imports more
    return client


async def _pieces(stream: Any, endpoint: Endpoint) -> AsyncGenerator[Event]:  # noqa: ANN401
    """Turn the chunks of a stream into events. Only a finish reason of ``stop`` is a whole answer."""
    reason: str | None = None
    spoken = False
    try:
        async for chunk in stream:
            for choice in chunk.choices or ():
                if text := getattr(choice.delta, "content", None):
                    spoken = True
                    yield Delta(_clean(text))
                reason = choice.finish_reason or reason
            if chunk.usage is not None:
                yield Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
    finally:
        await stream.close()
    yield _end(reason, endpoint, spoken=spoken)


async def _whole(answer: _Whole, endpoint: Endpoint) -> AsyncGenerator[Event]:
    """Turn an answer that came in one piece into events."""
    choice = answer.choices[0] if answer.choices else _Choice()
    text = choice.message.content or ""
    if text:
        yield Delta(_clean(text))
    if answer.usage is not None:
        yield Usage(answer.usage.prompt_tokens, answer.usage.completion_tokens)
    yield _end(choice.finish_reason, endpoint, spoken=bool(text))


def _end(reason: str | None, endpoint: Endpoint, *, spoken: bool) -> Event:
    if reason == "stop" and spoken:
        return Done()
    if reason == "length":
        return Failed(Failure.INCOMPLETE, "The answer is cut: it reached the most tokens allowed (setting answer).")
    if not spoken:
        return Failed(Failure.INCOMPLETE, f"{endpoint.host} ended without a word: ask again, or try another model.")
    if reason is None:
        why = f"{endpoint.host} ended it without saying that it was finished"
        return Failed(Failure.INCOMPLETE, f"The answer may be incomplete: {why}; ask again.")
    return Failed(Failure.INCOMPLETE, f"The answer is incomplete: the model stopped because of {shown(reason)[:40]!r}.")


def _clean(text: str) -> str:
    """Return a piece of an answer with its line breaks, and no control byte that a terminal would obey."""
    return shown_lines(text.translate(_LINES))
