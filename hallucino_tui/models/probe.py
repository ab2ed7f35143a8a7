"""What a model server tells of itself: its models, how much fits into them, and whether it counts tokens."""

from __future__ import annotations

import asyncio
import enum
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from hallucino_tui.assistant.tokens import Vocabulary, bound_for

if TYPE_CHECKING:
    from hallucino_tui.models.endpoint import Endpoint

_PROBE_SECONDS: Final = 5.0
_COUNT_SECONDS: Final = 10.0
_SAMPLE: Final = "one two three 12345678901234567890 2026-11-23T12:00:01.123456Z 10.42.0.117:8080"
"""What servers are asked to count to see whether they do, and whether a digit is a token."""
_REMEMBERED: Final = 256


class Counter(enum.Enum):
    """How a server is asked to count tokens."""

    LLAMA_CPP = "llama.cpp"
    VLLM = "vLLM"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server told.

    Attributes:
        model: The name of its model: the one asked for, or its first; "" if it does not tell.
        models: The names of all its models.
        context: How many tokens fit; 0 if it does not tell.
        counter: How it counts tokens; None if it does not.
        vocabulary: With what vocabulary it counts; None if it does not count.
        is_settled: Whether it answered; False if it was away or not ready, so that it is worth asking again.
    """

    model: str = ""
    models: tuple[str, ...] = ()
    context: int = 0
    counter: Counter | None = None
    vocabulary: Vocabulary | None = None
    is_settled: bool = True


async def probe(client: Any, endpoint: Endpoint) -> Facts:  # noqa: ANN401 - openai's class
    """Ask a server about itself, everything at once. Never fails: what it does not tell stays unknown.

    Args:
        client: The client library's client.
        endpoint: Who is asked.
    """
    listed, llama_cpp, vllm = await asyncio.gather(
        _ask(client, endpoint, "models", None),
        _ask(client, endpoint, _count_address(endpoint), _count_body(Counter.LLAMA_CPP, endpoint.model, _SAMPLE)),
        _ask(client, endpoint, _count_address(endpoint), _count_body(Counter.VLLM, endpoint.model, _SAMPLE)),
    )
    models = _models(listed.content)
    model = next((one for one in models if one.id == endpoint.model), models[0] if models else Model())
    counter = None
    # Each kind answers the other's question too, but with nothing in it.
    if tokens := _counted(llama_cpp, Counter.LLAMA_CPP):
        counter = Counter.LLAMA_CPP
    elif tokens := _counted(vllm, Counter.VLLM):
        counter = Counter.VLLM
    return Facts(
        endpoint.model or model.id,
        tuple(one.id for one in models),
        model.meta.n_ctx or model.max_model_len or model.context_length or 0,
        counter,
        _vocabulary(tokens) if counter else None,
        listed.is_settled or llama_cpp.is_settled or vllm.is_settled,
    )


async def list_models(client: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the names of a server's models.

    Raises:
        Exception: Whatever the client library raises if there is no such list.
    """
    response = await client.get("models", cast_to=_response_type())
    return tuple(one.id for one in msgspec.json.decode(response.content, type=ModelList).data)


async def count(client: Any, endpoint: Endpoint, facts: Facts, text: str) -> int | None:  # noqa: ANN401
    """Return how many tokens a server counts in a text; None if it does not say.

    Args:
        client: The client library's client.
        endpoint: Who is asked.
        facts: How to ask.
        text: The text; the server gets to see it.
    """
    if facts.counter is None:
        return None
    body = _count_body(facts.counter, facts.model, text)
    reply = await _ask(client, endpoint, _count_address(endpoint), body, _COUNT_SECONDS)
    tokens = _counted(reply, facts.counter)
    return tokens or (0 if not text else None)


class Counts:
    """How many tokens the last texts were. Holds digests, not the texts."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[bytes, int] = OrderedDict()

    def get(self, text: str) -> int | None:
        """Return a text's tokens; None if they were not counted, or long ago."""
        return self._tokens.get(_digest(text))

    def put(self, text: str, tokens: int) -> None:
        """Remember a text's tokens."""
        self._tokens[_digest(text)] = tokens
        if len(self._tokens) > _REMEMBERED:
            self._tokens.popitem(last=False)


class ModelMeta(msgspec.Struct):
    """What llama.cpp tells of a model."""

    n_ctx: int | None = None  # of one conversation, also where several run at once


class Model(msgspec.Struct):
    """A model in a server's list."""

    id: str = ""
    meta: ModelMeta = msgspec.field(default_factory=ModelMeta)
    max_model_len: int | None = None  # vLLM
    context_length: int | None = None  # several gateways


class ModelList(msgspec.Struct):
    """A server's list of models."""

    data: list[Model]


class _Counted(msgspec.Struct):
    tokens: list[Any] = []
    total: int | None = msgspec.field(default=None, name="count")

    def count(self, counter: Counter) -> int:
        """Return how many there are, with the one that begins a text and that llama.cpp does not count."""
        if counter is Counter.VLLM:
            return self.total or 0
        return len(self.tokens) + 1 if self.tokens else 0


@dataclass(frozen=True, slots=True)
class _Reply:
    content: bytes
    is_settled: bool


def _response_type() -> Any:  # noqa: ANN401
    import httpx2  # noqa: PLC0415 - the client library brings it, which was imported by who made the client

    return httpx2.Response


async def _ask(
    client: Any,  # noqa: ANN401
    endpoint: Endpoint,
    address: str,
    body: dict[str, Any] | None,
    seconds: float | None = None,
) -> _Reply:
    seconds = min(_PROBE_SECONDS if seconds is None else seconds, endpoint.patience)
    try:
        # The library's time is for each piece of an answer; this is for all of it.
        async with asyncio.timeout(seconds):
            if body is None:
                response = await client.get(address, cast_to=_response_type())
            else:
                response = await client.post(address, body=body, cast_to=_response_type())
    except Exception as error:  # noqa: BLE001 - many servers have none of this; what is wrong shows when a question is asked
        status = getattr(error, "status_code", 599)
        return _Reply(b"", status < 500 and status != 429)
    return _Reply(response.content, is_settled=True)


def _models(content: bytes) -> list[Model]:
    try:
        return msgspec.json.decode(content, type=ModelList).data
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []


def _counted(reply: _Reply, counter: Counter) -> int:
    try:
        return msgspec.json.decode(reply.content, type=_Counted).count(counter)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


def _vocabulary(tokens: int) -> Vocabulary:
    """Return in what vocabulary the sample is so many tokens. One more may begin the text."""
    is_large = tokens <= bound_for(Vocabulary.LARGE)(_SAMPLE) + 1
    return Vocabulary.LARGE if is_large else Vocabulary.DIGITS


def count_address(endpoint: Endpoint) -> str:
    """Return where a server counts tokens, host and path."""
    return f"{endpoint.host}{urlsplit(_count_address(endpoint)).path}"


def _count_address(endpoint: Endpoint) -> str:
    return f"{endpoint.base_url.removesuffix('/v1')}/tokenize"


def _count_body(counter: Counter, model: str, text: str) -> dict[str, Any]:
    if counter is Counter.LLAMA_CPP:
        return {"content": text}
    return {"model": model, "prompt": text} if model else {"prompt": text}


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
