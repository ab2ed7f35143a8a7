"""What is made of an answer when it has ended: its claims checked, and what it suggests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.claim import Checked, Source

if TYPE_CHECKING:
    from hallucino_tui.assistant.confidence import Confidence
    from hallucino_tui.assistant.packed import Entry, Packing
    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.assistant.suggestions import Suggestion

_LONGEST: Final = 120
"""Characters of a pseudonym, at most."""
_BEGUN: Final = re.compile(r"<[a-z]{0,12}(?::[^<>\s]{0,100})?$")


@dataclass(frozen=True, slots=True)
class Grounded:
    """An answer that was checked; heard once, before the end, also for a part of an answer.

    Attributes:
        checked: Its claims, with what came of checking each.
        confidence: How far it can be trusted, from what was checked and what was sent.
        suggestions: Queries that it suggests; pseudonyms may stand in them.
        commands: Commands in it, as text.
        category: What it calls the whole: ``incident``, ``preventive_action`` or ``normal``; "" for nothing.
    """

    checked: Checked
    confidence: Confidence
    suggestions: tuple[Suggestion, ...] = ()
    commands: tuple[str, ...] = ()
    category: str = ""


def ground(answer: str, packing: Packing, rule_category: str) -> Grounded:
    """Check an answer against what was sent.

    Args:
        answer: The answer, with pseudonyms.
        packing: What the model saw.
        rule_category: What rules call the lines; "" if nobody asked them.
    """
    from hallucino_tui.assistant.confidence import confidence_of  # noqa: PLC0415 - only when there is an answer
    from hallucino_tui.assistant.grounding.check import check  # noqa: PLC0415
    from hallucino_tui.assistant.suggestions import find_category, find_commands, find_queries  # noqa: PLC0415

    sources = [_source(entry) for entry in packing.entries]
    checked, category = check(answer, sources), find_category(answer)
    confidence = confidence_of(checked, packing, rule_category, category)
    return Grounded(checked, confidence, find_queries(answer), find_commands(answer), category)


def _source(entry: Entry) -> Source:
    """Return an entry as it is cited. A source that the head of the packing names for many is put in front again."""
    text = entry.text if entry.source in entry.text else f"{entry.source} {entry.text}"
    return Source(text, entry.body, entry.count, entry.first, entry.last)


class Restorer:
    """Turns pseudonyms back in an answer that comes in pieces. For the screen only."""

    def __init__(self, redactor: Redactor) -> None:
        """Prepare.

        Args:
            redactor: Knows the pseudonyms of the conversation.
        """
        self._redactor = redactor
        self._held = ""

    def feed(self, text: str) -> str:
        """Take a piece; return what can be shown. A pseudonym that may not be all there is held back."""
        text = self._held + text
        begun = _BEGUN.search(text, max(len(text) - _LONGEST, 0))
        cut = len(text) if begun is None else begun.start()
        self._held = text[cut:]
        return self._redactor.restore(text[:cut])

    def restore(self, text: str) -> str:
        """Return a whole text with the values that its pseudonyms stand for."""
        return self._redactor.restore(text)

    def finish(self) -> str:
        """Return what was held back."""
        held, self._held = self._held, ""
        return self._redactor.restore(held)
