"""How many tokens there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.assistant.prompts import Message
    from hallucino_tui.session.chat import Capabilities, ChatModel

UNKNOWN_CONTEXT: Final = 16_384
"""Tokens to count on where neither the server nor the settings tell."""

_UNSURE: Final = 0.15
"""Part that is kept free where nobody counts by the model's own vocabulary."""
_SURE: Final = 0.02
_FRAME: Final = 64
"""Tokens for what the server puts around messages."""
_MESSAGE: Final = 8
_SCHEMA_FRAME: Final = 32
"""Tokens for what is put around a schema."""
_LEAST_ANSWER: Final = 128
LEAST_LINES: Final = 200
"""Tokens that lines get even if there is no room: the server may have more than it says."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a question may take.

    Attributes:
        question: Tokens for all messages, and for the schema if one is sent.
        answer: Tokens for the answer.
    """

    question: int
    answer: int


def budget_of(known: Capabilities, answer: int, most: int = 0) -> Budget:
    """Return what a question may take.

    Args:
        known: What the server can do.
        answer: Most tokens of an answer.
        most: The context that the server named when it refused a question; 0 if it did not.
    """
    context = known.context or UNKNOWN_CONTEXT
    if 0 < most < context:
        context = most
    # An answer must not leave less than half of a small context to the question.
    answer = min(answer, max(context // 2, _LEAST_ANSWER))
    free = (context - answer) * (1 - (_SURE if known.counts_tokens else _UNSURE))
    return Budget(max(int(free) - _FRAME, 0), answer)


async def count(model: ChatModel, messages: Sequence[Message]) -> int:
    """Return how many tokens messages are, at most."""
    total = 0
    for message in messages:
        total += await model.count_tokens(message.text) + _MESSAGE
    return total


async def count_schema(model: ChatModel, schema: Mapping[str, Any]) -> int:
    """Return how many tokens a schema is, at most: servers may write it into the question."""
    return await model.count_tokens(msgspec.json.encode(schema).decode()) + _SCHEMA_FRAME
