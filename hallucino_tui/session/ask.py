"""One question as one run: sent, heard piece by piece, cancelled at any time, and checked in the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from hallucino_tui.assistant.structured import Rendering
from hallucino_tui.session.answer import Grounded, ground
from hallucino_tui.session.chat import Cancelled, Delta, Done, End, Failed, Failure, Started, Told
from hallucino_tui.session.conversation import Conversation, Question

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hallucino_tui.session.chat import Event

__all__ = ["Conversation", "Question", "ask"]


async def ask(
    conversation: Conversation,
    question: Question,
    hear: Callable[[Event | Grounded], None],
    repacked: Callable[[Question], Awaitable[None]] | None = None,
) -> tuple[End, str]:
    """Send a question and pass on everything that comes; return how it ended, and the answer as Markdown.

    A cancelled run ends with `Cancelled`; what had come by then is the answer. What there is of an answer is checked:
    `Grounded` is heard before the end.

    Args:
        conversation: What the question belongs to.
        question: The question; it becomes smaller if the server says that it is too long.
        hear: Gets all events.
        repacked: Told when lines were left out of the question, before it is sent again.
    """
    run = _Run(conversation, question, hear)
    try:
        end = await run.send()
        if isinstance(end, Failed) and end.failure is Failure.TOO_LONG and not run.answer:
            end = await _smaller(run, conversation, question, end, repacked)
    except asyncio.CancelledError:
        end = Cancelled()
    run.finish()
    if run.answer:
        conversation.answered(question, run.answer)
        with contextlib.suppress(asyncio.CancelledError):
            hear(await _grounded(run.answer, question, conversation.rule_category))
    hear(end)
    return end, run.answer


async def _smaller(
    run: _Run,
    conversation: Conversation,
    question: Question,
    refused: Failed,
    repacked: Callable[[Question], Awaitable[None]] | None,
) -> End:
    """Send less of a question that was too long; return how that ended."""
    before, entries = question.messages, question.packing.entries
    await conversation.shrink(question, refused.most_tokens)
    if question.messages == before:
        return refused
    if question.packing.entries is entries:
        run.tell(f"It was too long for {question.model}, so what was said before is not sent with it again.")
    else:
        less = f"{len(question.packing.entries):,} entries for {question.packing.lines:,} lines"
        run.tell(f"It was too long for {question.model}, so less of the lines is sent: {less}.")
        if repacked is not None:
            await repacked(question)
    return await run.send()


async def _grounded(answer: str, question: Question, rule_category: str) -> Grounded | Told:
    try:
        return await asyncio.to_thread(ground, answer, question.packing, rule_category)
    except Exception as error:  # noqa: BLE001 - an answer is not lost because it could not be checked
        return Told(f"The answer could not be checked ({type(error).__name__}): take every claim as unchecked.")


class _Run:
    """One answer that comes."""

    def __init__(
        self, conversation: Conversation, question: Question, hear: Callable[[Event | Grounded], None]
    ) -> None:
        self._conversation = conversation
        self._question = question
        self._hear = hear
        self._pieces: list[str] = []
        self._rendering = Rendering() if question.request.schema is not None else None

    @property
    def answer(self) -> str:
        """What has come so far, as Markdown."""
        return "".join(self._pieces)

    async def send(self) -> End:
        """Send; return how it ended. A model that just stops has not said that it is finished."""
        model, question = self._conversation.model, self._question
        events = model.stream(question.request)
        try:
            async for event in events:
                if isinstance(event, Started) or (isinstance(event, Failed) and not self._pieces):
                    # What a server was found to be unable to take was left out in the end.
                    question.body = model.body(question.request)
                if isinstance(event, Done | Failed):
                    return event
                if isinstance(event, Delta):
                    self._take(event.text if self._rendering is None else self._rendering.feed(event.text))
                else:
                    self._hear(event)
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()
        return Cancelled()

    def tell(self, sentence: str) -> None:
        """Say something that the user is to know."""
        self._hear(Told(sentence))

    def finish(self) -> None:
        """Give out what was held back."""
        if self._rendering is not None:
            self._take(self._rendering.finish())

    def _take(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._hear(Delta(text))
