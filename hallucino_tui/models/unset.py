"""What stands in for a model when none is set up: it says how to set one up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.session.chat import Event, Failed, Failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from hallucino_tui.assistant.prompts import Message


class NoModel:
    """Answers every question with the reason why there is no model."""

    name = "no model"
    host = ""
    answer_tokens = 0

    def __init__(self, reason: str) -> None:
        """Prepare.

        Args:
            reason: One sentence about what is missing and what to do.
        """
        self.reason = reason

    async def context(self) -> int:
        """Return 0: nobody knows."""
        return 0

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[Event]:  # noqa: ARG002 - the protocol's shape
        """Yield the reason."""
        yield Failed(Failure.NO_MODEL, self.reason)

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""
