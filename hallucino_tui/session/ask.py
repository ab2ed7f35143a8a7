"""One question as one run: sent, heard piece by piece, cancelled at any time, and checked in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
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
    `Grounded` is heard before the end, or `Told` why not. Whatever goes wrong is an end, too.

    Args:
        conversation: What the question belongs to.
        question: The question; it becomes smaller if the server says that it is too long.
        hear: Gets all events.
        repacked: Told when lines were left out of the question, before it is sent again.
    """
    run = _Run(question, hear)
    end = await _sent(run, conversation, repacked)
    try:
        run.finish()
        if run.answer:
            conversation.answered(question, run.answer)
    except Exception as error:  # noqa: BLE001 - see `defect_of`
        end = defect_of(error)
    if run.answer:
        grounded = await _checked(run.answer, question, conversation.rule_category)
        if isinstance(grounded, Grounded) and not isinstance(end, Done):
            grounded = replace(grounded, confidence=grounded.confidence.of_a_part())
        hear(grounded)
    hear(end)
    return end, run.answer


def defect_of(error: BaseException) -> Failed:
    """Return what a user is told of an error that nobody expected: nothing that is in it, for that may be a secret."""
    what = f"This program failed while it asked ({type(error).__name__}): ask again, and report it if it stays so."
    return Failed(Failure.DEFECT, what, lasting=True)


async def _sent(run: _Run, conversation: Conversation, repacked: Callable[[Question], Awaitable[None]] | None) -> End:
    """Send a question, once more if it was too long; return how that ended, whatever went wrong."""
    try:
        end = await run.send()
        if isinstance(end, Failed) and end.failure is Failure.TOO_LONG and not run.answer:
            end = await _smaller(run, conversation, end, repacked)
    except asyncio.CancelledError:
        return Cancelled()
    except Exception as error:  # noqa: BLE001 - who waits for an end would wait for ever
        return defect_of(error)
    return end


async def _smaller(
    run: _Run,
    conversation: Conversation,
    refused: Failed,
    repacked: Callable[[Question], Awaitable[None]] | None,
) -> End:
    """Send less of a question that was too long; return how that ended."""
    question = run.question
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


async def _checked(answer: str, question: Question, rule_category: str) -> Grounded | Told:
    """Check an answer. Who cancels now gets it all the same: it takes milliseconds, and an answer needs its marks."""
    checking = asyncio.create_task(_grounded(answer, question, rule_category), name="check")
    while not checking.done():
        try:
            await asyncio.shield(checking)
        except asyncio.CancelledError:
            continue
    if checking.cancelled():
        return Told("The answer was not checked, because the program ends: take every claim as unchecked.")
    return checking.result()


async def _grounded(answer: str, question: Question, rule_category: str) -> Grounded | Told:
    try:
        return await asyncio.to_thread(ground, answer, question.packing, rule_category)
    except Exception as error:  # noqa: BLE001 - an answer is not lost because it could not be checked
        return Told(f"The answer could not be checked ({type(error).__name__}): take every claim as unchecked.")


class _Run:
    """One answer that comes.

    Attributes:
        question: What is asked.
    """

    def __init__(self, question: Question, hear: Callable[[Event | Grounded], None]) -> None:
        self.question = question
        self._hear = hear
        self._pieces: list[str] = []
        self._rendering: Rendering | None = None

    @property
    def answer(self) -> str:
        """What has come so far, as Markdown."""
        return "".join(self._pieces)

    async def send(self) -> End:
        """Send; return how it ended. A model that just stops has not said that it is finished."""
        question = self.question
        model = question.composer.model
        self._rendering = Rendering() if question.request.schema is not None else None
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
