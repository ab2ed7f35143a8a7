"""Puts one question together: how much of the lines, and of what was said, fits into the model's context."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.packed import Packing
from hallucino_tui.assistant.prompts import Message, Prompts, opening
from hallucino_tui.assistant.structured import schema_for
from hallucino_tui.session.budget import LEAST_LINES, Budget, budget_of, count, count_schema
from hallucino_tui.session.chat import Capabilities, Request
from hallucino_tui.session.counting import in_pieces
from hallucino_tui.session.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.session.chat import ChatModel
    from hallucino_tui.session.question import Asked

_FURTHER: Final = 512
"""Tokens that are left for a further question."""
_TRIES: Final = 3
_LITTLE: Final = 0.85
"""If less than this part of the budget was used, more is packed."""
_SMALLER: Final = 0.6
_MOST_IDS: Final = 240
"""With more ids than these a schema does not name them one by one."""
_SCHEMA_PART: Final = 4
"""A schema takes at most one of so many parts of a question."""


@dataclass(frozen=True, slots=True)
class Composer:
    """What one question is made of. It asks the same model until it is answered, whatever is chosen meanwhile.

    Attributes:
        model: Who is asked.
        prompts: The words around the lines.
        redactor: Replaces secrets.
        material: The lines, and what is known besides.
    """

    model: ChatModel
    prompts: Prompts
    redactor: Redactor
    material: Material

    async def open(self, asked: Asked, packing: Packing | None = None) -> Question:
        """Return a question that carries the lines.

        Args:
            asked: What is asked.
            packing: The lines as they were packed before; they are packed anew if that is too much, or None.
        """
        return await (await self._room()).open(asked, packing)

    async def go_on(self, asked: Asked, packing: Packing, messages: Sequence[Message]) -> Question:
        """Return a further question; what was said first is left out if it is too much, and that is noted.

        Args:
            asked: What is asked.
            packing: The lines that were sent.
            messages: What was said so far, with the lines at the beginning.
        """
        room = await self._room()
        return await room.go_on(asked, packing, messages)

    async def smaller(self, question: Question, most: int = 0) -> Question:
        """Return a question that was too long for the server with less in it: what was said before goes first.

        Args:
            question: The question.
            most: How many tokens fit, as the server says; 0 if it does not.
        """
        room = await self._room(most)
        if len(question.messages) > 2:
            return await room.open(question.asked, question.packing)
        # If the server does not say what fits, or counts otherwise than we do, only what it refused is sure.
        is_told = most and room.budget.question < question.tokens
        tokens = room.budget.question if is_told else int(question.tokens * _SMALLER)
        return await replace(room, budget=Budget(tokens, room.budget.answer)).open(question.asked, None)

    async def _room(self, most: int = 0) -> _Room:
        known = await self.model.capabilities()
        return _Room(self, known, budget_of(known, self.model.answer_tokens, most))


@dataclass(frozen=True, slots=True)
class _Room:
    """What a model has room for, as it said just now.

    Attributes:
        composer: What the question is made of.
        known: What the model can do.
        budget: What the question may take.
    """

    composer: Composer
    known: Capabilities
    budget: Budget

    @property
    def _model(self) -> ChatModel:
        return self.composer.model

    async def open(self, asked: Asked, packing: Packing | None) -> Question:
        prompts, material = self.composer.prompts, self.composer.material
        empty = Packing("")
        ids = len(material) + len(material.facts) if packing is None else len(packing.entries)
        names_ids, reserved = await self._schema(asked, ids)
        fixed = await count(self._model, opening(empty, asked.text(prompts, empty), prompts))
        room = self.budget.question - fixed - reserved
        if packing is None or await self._model.count_tokens(packing.text) > room:
            packing = await self._packed(room - min(self.budget.answer + _FURTHER, self.budget.question // 6))
        messages, tokens = await self._with_lines(asked, packing)
        over = tokens + reserved - self.budget.question
        if over > 0 and room > LEAST_LINES:
            # A text is not always the sum of its parts, and the ids that are to be explained have to be named.
            packing = await self._packed(packing.tokens - over)
            messages, tokens = await self._with_lines(asked, packing)
        return await self._question(messages, asked, packing, tokens, names_ids=names_ids)

    async def go_on(self, asked: Asked, packing: Packing, messages: Sequence[Message]) -> Question:
        first, said = messages[:2], messages[2:]
        last = Message("user", asked.text(self.composer.prompts, None))
        names_ids, reserved = await self._schema(asked, len(packing.entries))
        used = await count(self._model, (*first, last))
        sizes = [await count(self._model, [message]) for message in said]
        while said and used + reserved + sum(sizes) > self.budget.question:
            turn = 2 if len(said) > 1 else 1
            said, sizes = said[turn:], sizes[turn:]
        if said:
            further = [*first, *said, last]
            question = await self._question(further, asked, packing, used + sum(sizes), names_ids=names_ids)
            if forgotten := _answers(messages) - _answers(said):
                what = "the first answer is" if forgotten == 1 else f"the first {forgotten} answers are"
                question.notes = (f"There is no room for all that was said before: {what} left out of this question.",)
            return question
        question = await self.open(asked, packing)
        question.notes = ("There is no room for what was said before: this question goes without it.",)
        if question.packing is not packing:
            less = f"{len(question.packing.entries):,} entries for {question.packing.lines:,} lines"
            question.notes += (f"There is less room for lines than before: they are packed anew, {less}.",)
        return question

    async def _schema(self, asked: Asked, ids: int) -> tuple[bool | None, int]:
        """Return whether a schema names each id, None for no schema, and how many tokens it takes at most.

        Args:
            asked: What is asked.
            ids: How many ids there may be.
        """
        if self.known.takes_schema is False:
            return None, 0
        for names_ids in (True, False):
            schema = schema_for(asked.task, min(ids, _MOST_IDS) if names_ids else 0)
            tokens = await count_schema(self._model, schema)
            if tokens * _SCHEMA_PART <= self.budget.question:
                return names_ids, tokens
        return None, 0

    async def _with_lines(self, asked: Asked, packing: Packing) -> tuple[list[Message], int]:
        prompts = self.composer.prompts
        messages = opening(packing, asked.text(prompts, packing), prompts)
        return messages, await count(self._model, messages)

    async def _packed(self, room: int) -> Packing:
        """Return the lines, packed into so many tokens as the model counts them."""
        room = max(room, LEAST_LINES)
        found, fits = Packing(""), Packing("")
        scale = 1.0
        for _ in range(_TRIES):
            goal = int(room * scale)
            found = await asyncio.to_thread(pack, self.composer.material, self.composer.redactor, goal, in_pieces)
            found = replace(found, tokens=await self._model.count_tokens(found.text))
            if found.tokens > room:
                scale *= max(room / found.tokens * 0.97, 0.2)
                if fits.text:
                    break
                continue
            fits = found
            # An upper bound of tokens may be far over what the server counts: then there is room for more.
            if len(found.entries) >= found.lines or found.tokens >= room * _LITTLE:
                break
            scale *= min(room / max(found.tokens, 1) * 0.97, 2.5)
        return fits if fits.text else found

    async def _question(
        self, messages: Sequence[Message], asked: Asked, packing: Packing, tokens: int, *, names_ids: bool | None
    ) -> Question:
        schema: dict[str, Any] | None = None
        if names_ids is not None:
            schema = schema_for(asked.task, len(packing.entries) if names_ids else 0)
            tokens += await count_schema(self._model, schema)
        answer = self.budget.answer if self.budget.answer < self._model.answer_tokens else 0
        counted_at = self.known.counts_at
        request = Request(tuple(messages), schema, answer, may_count=bool(counted_at))
        return Question(request, self._model.body(request), packing, asked, self.composer, tokens, counted_at)


def _answers(messages: Sequence[Message]) -> int:
    return sum(message.role == "assistant" for message in messages)
