"""A conversation about lines: what is asked, and what was said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.neutralise import plain
from hallucino_tui.assistant.prompts import BUILT_IN, Message, Prompts
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.session.composer import Composer
from hallucino_tui.session.question import Asked, Question, kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.material import Material
    from hallucino_tui.assistant.packed import Packing
    from hallucino_tui.session.chat import ChatModel

__all__ = ["Conversation", "Question"]

_LONGEST: Final = 8000
"""Characters of a question, as it is sent."""
_LONGEST_WORD: Final = 200
"""A question that is cut is not cut inside a word, unless that is longer."""


@dataclass(slots=True)
class Conversation:
    """Questions about some lines.

    Attributes:
        model: Who is asked next.
        redactor: Replaces secrets.
        prompts: The words around the lines.
        material: What it is about; None before the first question.
        packing: The lines that ids in `messages` mean; before an answer, those of the question that was prepared last;
            None before the first question.
        messages: What was said so far.
        rule_category: What rules call the lines; "" if they were not asked.
    """

    model: ChatModel
    redactor: Redactor = field(default_factory=Redactor)
    prompts: Prompts = BUILT_IN
    material: Material | None = None
    packing: Packing | None = None
    messages: list[Message] = field(default_factory=list[Message])
    rule_category: str = ""

    async def begin(
        self,
        material: Material,
        task: Task = Task.SUMMARISE,
        question: str = "",
        focus: Sequence[int] = (),
        beside: str = "",
    ) -> Question:
        """Prepare a first question; nothing is sent.

        Args:
            material: The lines, and what is known besides.
            task: What is wanted.
            question: What is asked in the user's words; "" for what the task says.
            focus: The rows that are to be explained; empty for all.
            beside: What goes with the lines that are asked about, as a sentence; "" for nothing.
        """
        self.material, self.packing, self.messages = material, None, []
        composer, focused = self._composer(material), tuple(focus)
        words, notes = await self._words(question)
        opened = await composer.open(Asked(task, words, focused, beside))
        # What the lines hide is known only now, and is hidden in the user's words, too.
        again, notes = await self._words(question)
        if again != words:
            opened = await composer.open(Asked(task, again, focused, beside), opened.packing)
        self.packing = opened.packing
        opened.notes += (*notes, beside) if beside else notes
        return opened

    async def follow_up(self, question: str = "", task: Task = Task.ASK) -> Question:
        """Prepare a further question about the same lines; what was said first is forgotten if it is too much.

        If even that is too much, the lines are packed anew, and the question's packing is another one then. The
        conversation takes that over when the question is answered, and not if it is never sent.
        """
        if self.packing is None or self.material is None:
            raise ValueError("a conversation begins with lines")
        words, notes = await self._words(question)
        asked, composer = Asked(task, words), self._composer(self.material)
        if self.messages:
            asking = await composer.go_on(asked, self.packing, tuple(self.messages))
        else:
            # What was not answered yet was not sent, or for nothing, and has to be sent with this question.
            asking = await composer.open(asked, self.packing)
            self.packing = asking.packing
        asking.notes += notes
        return asking

    async def shrink(self, question: Question, most: int = 0) -> None:
        """Make a question smaller that was too long for the server, for the model that refused it.

        What was said before is left out first, then lines: those that stay have other ids then, and the question's
        packing is another one.

        Args:
            question: The question; it is changed, all of it at once.
            most: How many tokens fit, as the server says; 0 if it does not.
        """
        smaller = await question.composer.smaller(question, most)
        question.request, question.body = smaller.request, smaller.body
        question.packing, question.tokens = smaller.packing, smaller.tokens
        if not self.messages:
            self.packing = question.packing

    def answered(self, question: Question, answer: str) -> None:
        """Remember what was answered; nothing in it can pass for anybody else's words in the next question."""
        said = "\n".join(kept(line) for line in answer.split("\n"))
        self.packing = question.packing
        self.messages = [*question.messages, Message("assistant", said)]

    def harmless(self, question: str) -> str:
        """Return the user's words without secrets and without anything that could pass for another's words."""
        redacted = "\n".join(self.redactor.redact_all(map(plain, question.splitlines())))
        # The user saw on the screen what lines hide: no rule finds that where it is only quoted.
        return "\n".join(kept(line) for line in self.redactor.known(redacted).splitlines()).strip()

    def _composer(self, material: Material) -> Composer:
        return Composer(self.model, self.prompts, self.redactor, material)

    async def _words(self, question: str) -> tuple[str, tuple[str, ...]]:
        """Return the user's words as they are sent, and what the user is to know of that."""
        words = (
            await asyncio.to_thread(self.harmless, question) if len(question) > _LONGEST else self.harmless(question)
        )
        if len(words) <= _LONGEST:
            return words, ()
        # Only now: half a secret is one, too, and nobody would know it for one.
        cut = words[:_LONGEST]
        blank = max(cut.rfind(" ", -_LONGEST_WORD), cut.rfind("\n", -_LONGEST_WORD))
        cut = cut if blank < 0 else cut[:blank]
        note = f"The question is too long: the first {len(cut):,} of its {len(words):,} characters are sent."
        return cut.rstrip(), (note,)
