"""What the session needs of a language model, whatever brings it, and what it hears while an answer comes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from hallucino_tui.assistant.prompts import Message


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
class Done:
    """The answer is complete: the model said that it is finished."""


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no whole answer.

    Attributes:
        failure: Of what kind.
        sentence: What failed, why, and what to do. Holds no key and no address with one.
        retry_after: Seconds that the server asks to wait; None if it does not say.
    """

    failure: Failure
    sentence: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The user wanted no more of it."""


Event = Started | Delta | Usage | Done | Failed | Cancelled
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

    async def context(self) -> int:
        """Return how many tokens a question and its answer may have together; 0 if nobody knows."""
        ...

    @property
    def answer_tokens(self) -> int:
        """Most tokens of an answer."""
        ...

    def stream(self, messages: Sequence[Message]) -> AsyncIterator[Event]:
        """Ask. Yields `Started`, `Delta`s, maybe `Usage`, and in the end exactly one of `Done` and `Failed`.

        Cancelling the task that reads closes the socket.
        """
        ...

    async def close(self) -> None:
        """End all connections."""
        ...
