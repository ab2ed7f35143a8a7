"""The questions of one sitting: what is prepared, what needs the user's word, what runs now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from hallucino_tui.insight.summary import summarise, to_markdown
from hallucino_tui.session import collect
from hallucino_tui.session.ask import Conversation, Question, ask
from hallucino_tui.session.chat import Failed, Failure
from hallucino_tui.session.reporting import Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.assistant.pack import Record
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.chat import ChatModel, End, Event
    from hallucino_tui.session.reporting import Look, WriteReport

Confirm = Literal["always", "new-host", "never"]


class Agreements(Protocol):
    """Remembers hosts that the user agreed to."""

    def __contains__(self, host: str) -> bool: ...

    def add(self, host: str) -> None:
        """Remember a host."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question that could be sent now.

    Attributes:
        question: What would be sent.
        counted: What can be said of the lines without a model, as Markdown.
        needs_word: Whether the user is to see it and agree first.
        problem: Why it cannot be sent at all; "" if it can.
        cited: The rows that ``L1``, ``L2`` … mean in all of it; those that would be sent come first.
        looks: Where to look next.
    """

    question: Question
    counted: str
    needs_word: bool
    problem: str = ""
    cited: tuple[int, ...] = ()
    looks: tuple[Look, ...] = ()


class Asking:
    """Prepares and sends questions, one at a time. Belongs to the engine's loop."""

    def __init__(
        self,
        model: Callable[[], ChatModel],
        table: StreamTable,
        agreements: Agreements,
        confirm: Confirm,
        report: WriteReport | None = None,
    ) -> None:
        """Start without a question.

        Args:
            model: Makes the model when it is first needed.
            table: Names the streams.
            agreements: Hosts that were agreed to.
            confirm: When the user is asked first.
            report: Writes what can be said without a model; None for a mere count.
        """
        self._make_model = model
        self._model: ChatModel | None = None
        self._table = table
        self._agreements = agreements
        self._confirm = confirm
        self._report = report
        self._conversation: Conversation | None = None
        self._run: asyncio.Task[tuple[End, str]] | None = None

    async def model(self) -> ChatModel:
        """Return the model, making it in a thread the first time: a key command may take its time."""
        if self._model is None:
            self._model = await asyncio.to_thread(self._make_model)
        return self._model

    async def begin(self, store: StoreSnapshot, rows: Sequence[int], question: str = "") -> Prepared:
        """Prepare a question about rows; nothing is sent.

        Args:
            store: Holds the rows.
            rows: Which rows, in display order.
            question: What is asked; "" for a summary.
        """
        model = await self.model()
        self._conversation = Conversation(model)
        records = await asyncio.to_thread(collect.records, store, self._table, rows)
        asked = await self._conversation.begin(records, question)
        if self._report is not None:
            return await self._prepared(asked, await self._report(store, rows, asked.packed.rows))
        counted = await asyncio.to_thread(_count, records, asked.packed.rows)
        return await self._prepared(asked, Written(counted, tuple(asked.packed.rows)))

    async def follow_up(self, question: str) -> Prepared | None:
        """Prepare a further question about the same lines; None if there were none before."""
        if self._conversation is None or self._conversation.packed is None:
            return None
        return await self._prepared(await self._conversation.follow_up(question), Written(""))

    def agree(self, host: str) -> None:
        """Remember that the user agreed to a host.

        Raises:
            OSError: It cannot be remembered for the next run.
        """
        self._agreements.add(host)

    async def send(self, question: Question, hear: Callable[[Event], None]) -> tuple[End, str]:
        """Send a question; what runs before is cancelled first. Returns how it ended, and the answer."""
        self.cancel()
        conversation = self._conversation
        if conversation is None:
            raise ValueError("a question is prepared before it is sent")
        run = self._run = asyncio.create_task(ask(conversation, question, hear), name="ask")
        return await run

    def cancel(self) -> bool:
        """Cancel what runs; return whether anything did."""
        if self._run is None or self._run.done():
            return False
        self._run.cancel()
        return True

    async def close(self) -> None:
        """End everything."""
        self.cancel()
        if self._model is not None:
            await self._model.close()

    async def _prepared(self, question: Question, written: Written) -> Prepared:
        model = await self.model()
        problem = ""
        if not model.host:
            async for event in model.stream(()):
                if isinstance(event, Failed) and event.failure is Failure.NO_MODEL:
                    problem = event.sentence
        asks = self._confirm == "always" or (self._confirm == "new-host" and model.host not in self._agreements)
        return Prepared(question, written.markdown, asks and not problem, problem, written.rows, written.looks)


def _count(records: Sequence[Record], numbers: Sequence[int]) -> str:
    return to_markdown(summarise(collect.countable(records, numbers)))
