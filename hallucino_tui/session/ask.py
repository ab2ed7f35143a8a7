"""Asking about lines: one conversation, one question at a time, each of them one run that can be cancelled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.pack import Packed, Record, pack
from hallucino_tui.assistant.prompts import Message, opening, prompt
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.session.chat import Cancelled, Delta, Done, End, Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.session.chat import ChatModel, Event

_UNKNOWN_CONTEXT: Final = 16_384
"""Tokens to count on where neither the server nor the settings tell."""

_MARGIN: Final = 256
"""Tokens for the prompt's own words and the chat template."""


@dataclass(slots=True)
class Question:
    """What will be sent.

    Attributes:
        messages: The whole conversation with the question at its end.
        packed: The lines in it.
        host: Where it goes.
        model: To which model.
        tokens: Upper bound of its tokens.
        title: What was asked, in few words.
    """

    messages: list[Message]
    packed: Packed
    host: str
    model: str
    tokens: int
    title: str

    @property
    def text(self) -> str:
        """Everything that is sent, as it can be shown."""
        return "\n\n".join(f"── {message.role} ──\n{message.text}" for message in self.messages)


@dataclass(slots=True)
class Conversation:
    """Questions about one selection of lines.

    Attributes:
        model: Who is asked.
        redactor: Replaces secrets.
        packed: The lines; None before the first question.
        messages: What was said so far.
    """

    model: ChatModel
    redactor: Redactor = field(default_factory=Redactor)
    packed: Packed | None = None
    messages: list[Message] = field(default_factory=list[Message])

    async def begin(self, records: Sequence[Record], question: str = "") -> Question:
        """Prepare a first question; nothing is sent.

        Args:
            records: The lines.
            question: What is asked; "" for a summary.
        """
        context = await self.model.context() or _UNKNOWN_CONTEXT
        task = self.redactor.redact(question) if question else prompt("summarise")
        fixed = most_tokens(prompt("system")) + most_tokens(task) + _MARGIN
        budget = max(context - self.model.answer_tokens - fixed, 256)
        self.packed = pack(records, self.redactor, budget)
        self.messages = []
        return self._question(opening(self.packed, task), question or "Summary")

    async def follow_up(self, question: str) -> Question:
        """Prepare a further question about the same lines; what was said last is forgotten if it is too much."""
        if self.packed is None:
            raise ValueError("a conversation begins with lines")
        task = self.redactor.redact(question)
        if not self.messages:
            # Nothing was answered yet, so the lines were not sent, or for nothing.
            return self._question(opening(self.packed, task), question)
        context = await self.model.context() or _UNKNOWN_CONTEXT
        asked = Message("user", task)
        room = context - self.model.answer_tokens - _MARGIN
        first, said = self.messages[:2], self.messages[2:]
        while said and sum(most_tokens(message.text) for message in (*first, *said, asked)) > room:
            said = said[2:] if len(said) > 1 else []
        return self._question([*first, *said, asked], question)

    def answered(self, question: Question, answer: str) -> None:
        """Remember what was answered."""
        self.messages = [*question.messages, Message("assistant", answer)]

    def _question(self, messages: list[Message], title: str) -> Question:
        packed = self.packed or pack((), self.redactor, 0)
        tokens = sum(most_tokens(message.text) for message in messages)
        return Question(messages, packed, self.model.host, self.model.name, tokens, title)


async def ask(conversation: Conversation, question: Question, hear: Callable[[Event], None]) -> tuple[End, str]:
    """Send a question and pass on everything that comes; return how it ended, and the answer.

    A cancelled run ends with `Cancelled`; what had come by then is the answer.
    """
    pieces: list[str] = []
    end: End = Cancelled()
    try:
        async for event in conversation.model.stream(question.messages):
            if isinstance(event, Delta):
                pieces.append(event.text)
            if isinstance(event, Done | Failed):
                end = event
            else:
                hear(event)
    except asyncio.CancelledError:
        end = Cancelled()
    answer = "".join(pieces)
    if answer:
        conversation.answered(question, answer)
    hear(end)
    return end, answer
