"""What stands in for a model when none is set up: it says how to set one up."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hallucino_tui.session.chat import Capabilities, Event, Failed, Failure
from hallucino_tui.session.counting import count_aside

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from hallucino_tui.session.chat import Request, Usage


class NoModel:
    """Answers every question with the reason why there is no model."""

    name = "no model"
    host = ""
    answer_tokens = 0
    caveat = ""
    prompts: Mapping[str, str] = MappingProxyType({})

    def __init__(self, reason: str) -> None:
        """Prepare.

        Args:
            reason: One sentence about what is missing and what to do.
        """
        self.reason = reason

    async def capabilities(self) -> Capabilities:
        """Return nothing: nobody knows."""
        return Capabilities()

    async def count_tokens(self, text: str) -> int:
        """Return a bound."""
        return await count_aside(text)

    def body(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - the protocol's shape
        """Return what is sent: nothing."""
        return {}

    def cost(self, usage: Usage) -> float | None:  # noqa: ARG002 - the protocol's shape
        """Return that nobody knows."""
        return None

    async def stream(self, request: Request) -> AsyncGenerator[Event]:  # noqa: ARG002 - the protocol's shape
        """Yield the reason."""
        yield Failed(Failure.NO_MODEL, self.reason)

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""
