"""What the session needs of a language model, whatever brings it, and what it hears while an answer comes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hallucino_tui.assistant.prompts import Message


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model.

    Attributes:
        messages: The conversation, with the question at its end.
        schema: The JSON schema that the answer has to fit, if the server can hold a model to one; None for free text.
        answer: Most tokens of the answer; 0 for what the model is set up with.
        fresh: Whether an answer that was kept from the same question before is not wanted.
        may_count: Whether the messages may also go to where the server counts tokens, because the user can see that.
    """

    messages: tuple[Message, ...]
    schema: Mapping[str, Any] | None = None
    answer: int = 0
    fresh: bool = False
    may_count: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do, as far as it is known.

    Attributes:
        context: How many tokens a question and its answer may have together; 0 if nobody knows.
        counts_tokens: Whether the server counts the tokens of a text.
        takes_schema: Whether it holds the model to a JSON schema; None until it was tried.
        streams: Whether answers come piece by piece; None until one came.
        counts_at: The address to which the messages of a question go a second time to be counted, before it is asked;
            "" for none.
    """

    context: int = 0
    counts_tokens: bool = False
    takes_schema: bool | None = None
    streams: bool | None = None
    counts_at: str = ""


class Failure(enum.StrEnum):
    """Why there is no whole answer."""

    NO_MODEL = "no model"
    NO_KEY = "no key"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NOT_FOUND = "not found"
    BUSY = "busy"
    TOO_LONG = "too long"
    CUT = "cut"
    STALLED = "stalled"
    NOT_A_MODEL = "not a model"
    INCOMPLETE = "incomplete"
    SERVER = "server"
    DEFECT = "defect"


@dataclass(frozen=True, slots=True)
class Started:
    """The server has begun to answer."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What it took, as the server counts."""

    prompt_tokens: int
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question is not given up, but has to wait.

    Attributes:
        sentence: Why, and for how long.
        seconds: For how long; 0 if nobody knows.
    """

    sentence: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the user is to know, for example that less was sent than was shown first.

    Attributes:
        sentence: What.
    """

    sentence: str


@dataclass(frozen=True, slots=True)
class Done:
    """The answer is complete: the model said that it is finished."""


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no whole answer.

    Attributes:
        failure: Of what kind.
        sentence: What failed, why, and what to do. Holds no key and no address with one.
        retry_after: Seconds that the server asks to wait; None if it does not say.
        most_tokens: For `TOO_LONG`, how many tokens question and answer may have together; 0 if nobody says.
        lasting: Whether asking again soon cannot help, though failures of this kind often pass.
    """

    failure: Failure
    sentence: str
    retry_after: float | None = None
    most_tokens: int = 0
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user wanted no more of it."""


Event = Started | Delta | Usage | Waiting | Told | Done | Failed | Cancelled
End = Done | Failed | Cancelled


class ChatModel(Protocol):
    """A language model behind some server. Belongs to the loop that it is used on."""

    @property
    def name(self) -> str:
        """What the user knows it by."""
        ...

    @property
    def host(self) -> str:
        """Where what is sent goes, host and port; "" for a model that is not set up."""
        ...

    @property
    def answer_tokens(self) -> int:
        """Most tokens of an answer."""
        ...

    @property
    def caveat(self) -> str:
        """What a reader has to know of its answers, for example that it is a toy; "" for nothing."""
        ...

    @property
    def prompts(self) -> Mapping[str, str]:
        """Prompts that it follows better than the built-in ones, by their names."""
        ...

    async def capabilities(self) -> Capabilities:
        """Return what the server can do, and settle the model's name; it is asked once, or again if it was away."""
        ...

    async def count_tokens(self, text: str) -> int:
        """Return how many tokens a text is: never under for OpenAI's vocabularies.

        The text goes to nobody else: only a server that this program started itself is asked.
        """
        ...

    def body(self, request: Request) -> dict[str, Any]:
        """Return exactly what `stream` sends, as what JSON is made from."""
        ...

    def cost(self, usage: Usage) -> float | None:
        """Return what a question cost, in the currency of the settings; None if nobody said what a token costs."""
        ...

    def stream(self, request: Request) -> AsyncIterator[Event]:
        """Ask.

        Yields `Started`, `Delta`s, maybe `Usage`, `Waiting` and `Told`, and in the end exactly one of `Done` and
        `Failed`. Cancelling the task that reads closes the socket.
        """
        ...

    async def close(self) -> None:
        """End all connections."""
        ...
