"""A question as it is asked, and as it is sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.assistant.prompts import task_text
from hallucino_tui.assistant.tasks import Task

if TYPE_CHECKING:
    from hallucino_tui.assistant.packed import Packing
    from hallucino_tui.assistant.prompts import Message, Prompts
    from hallucino_tui.session.chat import Request
    from hallucino_tui.session.composer import Composer

_TITLES: Final = {
    Task.SUMMARISE: "Summary",
    Task.EXPLAIN: "What does this mean?",
    Task.CAUSE: "Root cause",
    Task.ASK: "Question",
    Task.COMPARE: "Comparison",
    Task.UPDATE: "Incident update",
}
_ID: Final = re.compile(r"(\[L\d{1,6}\])")
_MOST_FOCUSED: Final = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        task: What is wanted.
        words: The user's words, made harmless; "" for none.
        focus: The rows that are to be explained.
        beside: What goes with the lines that are asked about, as a sentence; "" for nothing.
    """

    task: Task
    words: str
    focus: tuple[int, ...] = ()
    beside: str = ""

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
        if packing is None:
            return text
        if self.beside:
            text = f"{text}\n\n{self.beside}"
        if not self.focus:
            return text
        rows = frozenset(self.focus)
        ids = [f"[L{number}]" for number, row in enumerate(packing.rows, start=1) if row in rows]
        return f"{text}\n\nTo be explained: {', '.join(ids[:_MOST_FOCUSED]) or 'the lines as a whole'}."


@dataclass(slots=True)
class Question:
    """What will be sent.

    Attributes:
        request: The whole conversation with the question at its end, and what the answer has to fit.
        body: What is sent, field by field.
        packing: The lines in it: what its ids mean.
        asked: What is asked.
        composer: Put it together; knows who is asked, and makes it smaller if that is needed.
        tokens: Upper bound of its tokens, with those of the schema.
        counted_at: The address to which its messages also go to be counted; "" for none.
        notes: What the user is to know of it, one sentence each: what does not go with it.
    """

    request: Request
    body: dict[str, Any]
    packing: Packing
    asked: Asked
    composer: Composer = field(repr=False)
    tokens: int
    counted_at: str = ""
    notes: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation."""
        return self.request.messages

    @property
    def task(self) -> Task:
        """What is wanted."""
        return self.asked.task

    @property
    def title(self) -> str:
        """What was asked, in few words."""
        return self.asked.title

    @property
    def host(self) -> str:
        """Where it goes."""
        return self.composer.model.host

    @property
    def model(self) -> str:
        """The name of the model that it goes to."""
        return self.composer.model.name

    @property
    def text(self) -> str:
        """Everything that is sent, as it can be shown: all messages, and the other fields as JSON."""
        said = self.body.get("messages") or [{"role": one.role, "content": one.text} for one in self.messages]
        rest = {name: value for name, value in self.body.items() if name != "messages"}
        blocks = [f"── {one['role']} ──\n{one['content']}" for one in said]
        if self.counted_at:
            blocks.append(f"── counted ──\nThe messages also go to {self.counted_at}, which counts their tokens.")
        fields = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
        return "\n\n".join([*blocks, f"── request ──\n{fields}"] if rest else blocks)


def kept(line: str) -> str:
    """Return a line of the user or of a model without what could pass for another's words, its ids as they are."""
    return "".join(part if place % 2 else neutralise(part) for place, part in enumerate(_ID.split(line)))
