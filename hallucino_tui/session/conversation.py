"""A conversation about lines: what is asked, what was said, and how much of it fits into the model's context."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.assistant.neutralise import neutralise, plain
from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.packed import Packing
from hallucino_tui.assistant.prompts import BUILT_IN, Message, Prompts, opening, task_text
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.structured import schema_for
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.session.budget import LEAST_LINES, Budget, budget_of, count
from hallucino_tui.session.chat import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.session.chat import ChatModel

_TITLES: Final = {
    Task.SUMMARISE: "Summary",
    Task.EXPLAIN: "What does this mean?",
    Task.CAUSE: "Root cause",
    Task.ASK: "Question",
    Task.COMPARE: "Comparison",
    Task.UPDATE: "Incident update",
}
_ID: Final = re.compile(r"(\[L\d{1,6}\])")
_LONGEST: Final = 8000
"""Characters of a question."""
_FURTHER: Final = 512
"""Tokens that are left for a further question."""
_TRIES: Final = 3
_LITTLE: Final = 0.85
"""If less than this part of the budget was used, more is packed."""
_SMALLER: Final = 0.6
_MOST_FOCUSED: Final = 40


@dataclass(slots=True)
class Question:
    """What will be sent.

    Attributes:
        request: The whole conversation with the question at its end, and what the answer has to fit.
        body: What is sent, field by field.
        packing: The lines in it.
        task: What is wanted.
        host: Where it goes.
        model: To which model.
        tokens: Upper bound of its tokens.
        title: What was asked, in few words.
        asked: The user's words as they are sent; "" for none.
        focus: The rows that are to be explained.
    """

    request: Request
    body: dict[str, Any]
    packing: Packing
    task: Task
    host: str
    model: str
    tokens: int
    title: str
    asked: str = ""
    focus: tuple[int, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation."""
        return self.request.messages

    @property
    def text(self) -> str:
        """Everything that is sent, as it can be shown: all messages, and the other fields as JSON."""
        said = self.body.get("messages") or [{"role": one.role, "content": one.text} for one in self.messages]
        rest = {name: value for name, value in self.body.items() if name != "messages"}
        blocks = [f"── {one['role']} ──\n{one['content']}" for one in said]
        fields = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
        return "\n\n".join([*blocks, f"── request ──\n{fields}"] if rest else blocks)


@dataclass(slots=True)
class Conversation:
    """Questions about some lines.

    Attributes:
        model: Who is asked.
        redactor: Replaces secrets.
        prompts: The words around the lines.
        material: What it is about; None before the first question.
        packing: What is sent of it; None before the first question.
        messages: What was said so far.
        rule_category: What rules call the lines; "" if they were not asked.
        takes_schema: Whether the model is asked to fit its answer to a schema.
    """

    model: ChatModel
    redactor: Redactor = field(default_factory=Redactor)
    prompts: Prompts = BUILT_IN
    material: Material | None = None
    packing: Packing | None = None
    messages: list[Message] = field(default_factory=list[Message])
    rule_category: str = ""
    takes_schema: bool = False
    _scale: float = 1.0

    async def begin(
        self, material: Material, task: Task = Task.SUMMARISE, question: str = "", focus: Sequence[int] = ()
    ) -> Question:
        """Prepare a first question; nothing is sent.

        Args:
            material: The lines, and what is known besides.
            task: What is wanted.
            question: What is asked in the user's words; "" for what the task says.
            focus: The rows that are to be explained; empty for all.
        """
        self.material, self.packing, self.messages = material, None, []
        return await self._opened(Asked(task, self.harmless(question), tuple(focus)), await self._budget())

    async def follow_up(self, question: str = "", task: Task = Task.ASK) -> Question:
        """Prepare a further question about the same lines; what was said first is forgotten if it is too much.

        If even that is too much, the lines are packed anew, and `packing` is another one then.
        """
        if self.packing is None:
            raise ValueError("a conversation begins with lines")
        asked = Asked(task, self.harmless(question))
        budget = await self._budget()
        # What was not answered yet was not sent, or for nothing, and has to be sent with this question.
        if self.messages:
            first, said = self.messages[:2], self.messages[2:]
            last = Message("user", asked.text(self.prompts, None))
            used = await count(self.model, (*first, last))
            sizes = [await count(self.model, [message]) for message in said]
            while said and used + sum(sizes) > budget.question:
                forgotten = 2 if len(said) > 1 else 1
                said, sizes = said[forgotten:], sizes[forgotten:]
            if said:
                return self._question([*first, *said, last], asked, budget, used + sum(sizes))
        return await self._opened(asked, budget)

    async def shrink(self, question: Question, most: int = 0) -> None:
        """Make a question smaller that was too long for the server.

        What was said before is left out first, then lines: those that stay have other ids then, and `packing` is
        another one.

        Args:
            question: The question; it is changed.
            most: How many tokens fit, as the server says; 0 if it does not.
        """
        budget = await self._budget(most)
        refused = question.tokens
        asked = Asked(question.task, question.asked, question.focus)
        if len(question.messages) > 2:
            smaller = await self._opened(asked, budget)
        else:
            # If the server does not say what fits, or counts otherwise than we do, only what it refused is sure.
            is_told = most and budget.question < refused
            room = budget.question if is_told else int(refused * _SMALLER)
            self.packing = None
            smaller = await self._opened(asked, Budget(room, budget.answer))
        question.request, question.body = smaller.request, smaller.body
        question.packing, question.tokens = smaller.packing, smaller.tokens

    def answered(self, question: Question, answer: str) -> None:
        """Remember what was answered; nothing in it can pass for anybody else's words in the next question."""
        said = "\n".join(_kept(line) for line in answer.split("\n"))
        self.messages = [*question.messages, Message("assistant", said)]

    def harmless(self, question: str) -> str:
        """Return the user's words without secrets and without anything that could pass for another's words."""
        lines = self.redactor.redact_all(plain(line) for line in question[:_LONGEST].splitlines())
        return "\n".join(_kept(line) for line in lines).strip()

    def restore(self, text: str) -> str:
        """Return text with the values that pseudonyms stand for. For the screen only."""
        return self.redactor.restore(text)

    async def _budget(self, most: int = 0) -> Budget:
        known = await self.model.capabilities()
        self.takes_schema = known.takes_schema is not False
        return budget_of(known, self.model.answer_tokens, most)

    async def _opened(self, asked: Asked, budget: Budget) -> Question:
        """Return a question that carries the lines, packing them if they are not, or are too much."""
        empty = Packing("")
        fixed = await count(self.model, opening(empty, asked.text(self.prompts, empty), self.prompts))
        room = budget.question - fixed
        if self.packing is None or await self.model.count_tokens(self.packing.text) > room:
            self.packing = await self._packed(room - min(budget.answer + _FURTHER, budget.question // 6))
        messages, tokens = await self._with_lines(asked, self.packing)
        over = tokens - budget.question
        if over > 0 and room > LEAST_LINES:
            # A text is not always the sum of its parts, and the ids that are to be explained have to be named.
            self.packing = await self._packed(self.packing.tokens - over)
            messages, tokens = await self._with_lines(asked, self.packing)
        return self._question(messages, asked, budget, tokens)

    async def _with_lines(self, asked: Asked, packing: Packing) -> tuple[list[Message], int]:
        messages = opening(packing, asked.text(self.prompts, packing), self.prompts)
        return messages, await count(self.model, messages)

    async def _packed(self, room: int) -> Packing:
        """Return the lines, packed into so many tokens as the model counts them."""
        if self.material is None:
            raise ValueError("a conversation begins with lines")
        room = max(room, LEAST_LINES)
        found, fits = Packing(""), Packing("")
        for _ in range(_TRIES):
            found = await asyncio.to_thread(pack, self.material, self.redactor, int(room * self._scale))
            found = replace(found, tokens=await self.model.count_tokens(found.text))
            if found.tokens > room:
                self._scale *= max(room / found.tokens * 0.97, 0.2)
                if fits.text:
                    break
                continue
            fits = found
            # An upper bound of tokens may be far over what the server counts: then there is room for more.
            if len(found.entries) >= found.lines or found.tokens >= room * _LITTLE:
                break
            self._scale *= min(room / max(found.tokens, 1) * 0.97, 2.5)
        return fits if fits.text else found

    def _question(self, messages: Sequence[Message], asked: Asked, budget: Budget, tokens: int) -> Question:
        packing = self.packing or Packing("")
        schema = schema_for(asked.task, len(packing.entries)) if self.takes_schema else None
        answer = budget.answer if budget.answer < self.model.answer_tokens else 0
        request = Request(tuple(messages), schema, answer)
        return Question(
            request,
            self.model.body(request),
            packing,
            asked.task,
            self.model.host,
            self.model.name,
            tokens,
            asked.title,
            asked.words,
            asked.focus,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        task: What is wanted.
        words: The user's words, made harmless; "" for none.
        focus: The rows that are to be explained.
    """

    task: Task
    words: str
    focus: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """What is asked, in few words."""
        return " ".join(self.words.split()) or _TITLES[self.task]

    def text(self, prompts: Prompts, packing: Packing | None) -> str:
        """Return what is asked, as it is sent.

        Args:
            prompts: The words around.
            packing: The lines that it is sent with; None if they were sent before.
        """
        # A further question is only the user's words: what form an answer has was said before.
        if packing is None and self.task is Task.ASK:
            return self.words
        text = task_text(self.task, self.words, prompts)
        if not self.focus or packing is None:
            return text
        rows = frozenset(self.focus)
        ids = [f"[L{number}]" for number, row in enumerate(packing.rows, start=1) if row in rows]
        return f"{text}\n\nTo be explained: {', '.join(ids[:_MOST_FOCUSED]) or 'the lines as a whole'}."


def _kept(line: str) -> str:
    """Return a line of the user or of a model without what could pass for another's words, its ids as they are."""
    return "".join(part if place % 2 else neutralise(part) for place, part in enumerate(_ID.split(line)))
