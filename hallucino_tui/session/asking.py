"""The questions of one sitting: what is prepared, what needs the user's word, what runs now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from hallucino_tui.assistant.prompts import BUILT_IN, Prompts
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.logs.snapshot import StoreSnapshot
from hallucino_tui.session.answer import Grounded, Restorer
from hallucino_tui.session.ask import ask
from hallucino_tui.session.chat import Cancelled, Event, Failed, Failure, Request
from hallucino_tui.session.conversation import Conversation, Question
from hallucino_tui.session.material import Ground, Known, StoreGround, material_of, what_is_beside
from hallucino_tui.session.reporting import Surroundings, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.assistant.packed import Packing
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.chat import ChatModel, End, Usage
    from hallucino_tui.session.model_list import ModelList
    from hallucino_tui.session.patterns import Patterns
    from hallucino_tui.session.reporting import Look, WriteReport

Confirm = Literal["always", "new-host", "never"]


class Agreements(Protocol):
    """Remembers hosts that the user agreed to."""

    def __contains__(self, host: str) -> bool: ...

    def add(self, host: str) -> None:
        """Remember a host."""
        ...

    def remove(self, host: str) -> None:
        """Forget a host."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question that could be sent now.

    Attributes:
        question: What would be sent.
        counted: What can be said of the lines without a model, as Markdown.
        needs_word: Whether the user is to see it and agree first.
        problem: Why it cannot be sent at all; "" if it can.
        cited: The rows that ``L1``, ``L2`` … mean in all of it, -1 for what is no line; those that would be sent come
            first.
        looks: Where to look next.
        notes: What else the user is to know, one sentence each: prompts that cannot be used, what the model is, what
            does not go with the question.
        is_new: Whether the ids mean other lines than before, so that older answers cannot be read by them any more.
    """

    question: Question
    counted: str
    needs_word: bool
    problem: str = ""
    cited: tuple[int, ...] = ()
    looks: tuple[Look, ...] = ()
    notes: tuple[str, ...] = ()
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Repacked:
    """The question became smaller, because the server said that it is too long: all ids mean other lines now."""

    prepared: Prepared


Heard: TypeAlias = Event | Grounded | Repacked


class Asking:
    """Prepares and sends questions, one at a time. Belongs to the engine's loop.

    Attributes:
        prompts: The words around the lines.
        make_redactor: Makes what replaces secrets in a conversation.
        patterns: Knows the templates of rows; None to find them anew for each question.
        surroundings: Returns what is known besides the lines.
        models: The models to choose from; None where there is no choice.
    """

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
        self.prompts: Prompts = BUILT_IN
        self.make_redactor: Callable[[], Redactor] = Redactor
        self.patterns: Patterns | None = None
        self.surroundings: Callable[[], Surroundings] = Surroundings
        self.models: ModelList | None = None
        self._make_model = model
        self._model: ChatModel | None = None
        self._made: list[ChatModel] = []
        self._table = table
        self._agreements = agreements
        self._confirm: Confirm = confirm
        self._report = report
        self._conversation: Conversation | None = None
        self._ground: Ground | None = None
        self._known: Known | None = None
        self._shown: Packing | None = None
        self._asked: ChatModel | None = None
        self._choices = 0
        self._run: asyncio.Task[tuple[End, str]] | None = None

    async def model(self) -> ChatModel:
        """Return the model, making it in a thread the first time: a key command may take its time."""
        while (model := self._model) is None:
            choices = self._choices
            made = await asyncio.to_thread(self._make_model)
            if all(made is not one for one in self._made):
                self._made.append(made)
            if choices == self._choices:
                # Else the user has chosen another one while a key command took its time.
                self._model = made
        return model

    def forget_model(self) -> None:
        """Ask for the model anew with the next question: the user has chosen another one."""
        self._model = None
        self._choices += 1

    def choose_model(self, place: int) -> None:
        """Ask another model from the next question on.

        Args:
            place: Its place in `models`.
        """
        if self.models is not None:
            self.models.choose(place)
            self.forget_model()

    def cost(self, usage: Usage) -> float | None:
        """Return what an answer of the model that was asked last cost; None if nobody said what a token costs."""
        return None if self._asked is None else self._asked.cost(usage)

    async def begin(
        self,
        source: StoreSnapshot | Ground,
        rows: Sequence[int] | NDArray[np.int64] = (),
        task: Task = Task.SUMMARISE,
        question: str = "",
        other_rows: Sequence[int] | NDArray[np.int64] = (),
    ) -> Prepared:
        """Prepare a question about lines; nothing is sent.

        Args:
            source: Holds the lines.
            rows: Which rows of a store, in display order; of these the newest million.
            task: What is wanted.
            question: What is asked in the user's words; "" for what the task says.
            other_rows: The rows that the lines are compared with.
        """
        model = await self.model()
        conversation = Conversation(model, self.make_redactor(), self.prompts.over(model.prompts))
        ground = self._ground_of(source, rows, other_rows) if isinstance(source, StoreSnapshot) else source
        known = await ground.look(task)
        material = await asyncio.to_thread(material_of, known)
        focus = [int(row) for row in rows] if task is Task.EXPLAIN else ()
        asked = await conversation.begin(material, task, question, focus, what_is_beside(known))
        written = await ground.write(known, asked.packing.rows)
        conversation.rule_category = category_of(known, written)
        # Only now: a question that was given up while it was prepared leaves the conversation before it as it is.
        self._conversation, self._ground, self._known = conversation, ground, known
        return await self._prepared(asked, written)

    async def follow_up(self, question: str = "", task: Task = Task.ASK) -> Prepared | None:
        """Prepare a further question about the same lines; None if there were none before."""
        conversation = self._conversation
        if conversation is None or conversation.packing is None:
            return None
        conversation.model = model = await self.model()
        conversation.prompts = self.prompts.over(model.prompts)
        asked = await conversation.follow_up(question, task)
        # What its numbers mean may show already, or other lines: those of a question that was prepared and not sent.
        if asked.packing is not self._shown:
            return await self._prepared(asked, await _written(self._ground, self._known, asked))
        return await self._prepared(asked, Written(""), is_new=False)

    async def update(self) -> Prepared | None:
        """Prepare an incident update from the lines and answers of the conversation; None if there is none."""
        return await self.follow_up(task=Task.UPDATE)

    def agree(self, host: str) -> None:
        """Remember that the user agreed to a host.

        Raises:
            OSError: It cannot be remembered for the next run.
        """
        self._agreements.add(host)

    def has_agreed(self, host: str) -> bool:
        """Whether lines go to a host without a question because the user agreed to it."""
        return self._confirm == "new-host" and host in self._agreements

    def disagree(self, host: str) -> None:
        """Ask the user again before lines go to a host.

        Raises:
            OSError: The next run cannot be told.
        """
        self._agreements.remove(host)

    async def send(self, question: Question, hear: Callable[[Heard], None]) -> tuple[End, str]:
        """Send a question; what runs before is cancelled first. Returns how it ended, and the answer.

        Besides a model's events `Repacked` is heard when the question became smaller, and `Grounded` before the end.
        """
        self.cancel()
        conversation = self._conversation
        if conversation is None:
            raise ValueError("a question is prepared before it is sent")

        ground, known = self._ground, self._known

        async def repacked(smaller: Question) -> None:
            hear(Repacked(await self._prepared(smaller, await _written(ground, known, smaller))))

        self._asked = question.composer.model
        run = self._run = asyncio.create_task(ask(conversation, question, hear, repacked), name="ask")
        try:
            return await run
        except asyncio.CancelledError:
            if not run.cancelled():
                raise
            # It was cancelled before it began, and so it could not say that itself.
            hear(Cancelled())
            return Cancelled(), ""

    def cancel(self) -> bool:
        """Cancel what runs; return whether anything did."""
        if self._run is None or self._run.done():
            return False
        self._run.cancel()
        return True

    @property
    def redactor(self) -> Redactor | None:
        """What replaced the secrets of the lines that are asked about; None before the first question."""
        return None if self._conversation is None else self._conversation.redactor

    def restorer(self) -> Restorer:
        """Return what turns pseudonyms back in an answer that comes in pieces. For the screen only."""
        return Restorer(Redactor() if self._conversation is None else self._conversation.redactor)

    async def close(self) -> None:
        """End everything."""
        self.cancel()
        for model in self._made:
            await model.close()

    def _ground_of(
        self,
        store: StoreSnapshot,
        rows: Sequence[int] | NDArray[np.int64],
        other_rows: Sequence[int] | NDArray[np.int64],
    ) -> StoreGround:
        return StoreGround(store, self._table, rows, other_rows, self._report, self.patterns, self.surroundings)

    async def _prepared(self, question: Question, written: Written, *, is_new: bool = True) -> Prepared:
        # The question's own model: another one may be chosen by now.
        model = question.composer.model
        self._shown = question.packing
        problem = ""
        if not model.host:
            async for event in model.stream(Request(())):
                if isinstance(event, Failed) and event.failure is Failure.NO_MODEL:
                    problem = event.sentence
        asks = self._confirm == "always" or (self._confirm == "new-host" and model.host not in self._agreements)
        notes = (*self.prompts.problems, *([model.caveat] if model.caveat else []), *question.notes)
        return Prepared(
            question,
            written.markdown,
            asks and not problem,
            problem,
            written.rows,
            written.looks,
            notes,
            is_new=is_new,
        )


async def _written(ground: Ground | None, known: Known | None, question: Question) -> Written:
    """Return what can be said without a model, by the ids that lines have in a question."""
    return Written("") if ground is None or known is None else await ground.write(known, question.packing.rows)


def category_of(known: Known, written: Written) -> str:
    """Return what rules call lines: ``incident``, ``preventive_action`` or ``normal``."""
    from hallucino_tui.logs.severity import LEVEL_BITS, Level  # noqa: PLC0415 - known by now

    if written.is_incident:
        return "incident"
    severe = (known.gathered.lines.levels & LEVEL_BITS) >= Level.WARN
    return "preventive_action" if bool(severe.any()) else "normal"
