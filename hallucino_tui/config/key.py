"""What a key of the table is."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Where(enum.StrEnum):
    """Where a key works."""

    ANYWHERE = "anywhere"
    TREE = "tree"
    LOGS = "logs"
    ASSISTANT = "assistant"
    FILTERS = "filters"
    PATTERNS = "patterns"
    DETAIL = "detail"
    NOTEBOOK = "notebook"
    MODELS = "models"
    LIST = "list"
    TEXT = "text"
    QUESTION = "question"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a key does.

    Attributes:
        id: Its name in the settings, for example ``logs.search``.
        keys: The keys, in Textual's notation, the first of them shown.
        title: What it does, in two or three words.
        help: The same in a sentence for the help screen; "" if the title says it all.
        footer: Whether the line of keys shows it: 0 for never, 1 for first, 2 where there is room left.
        palette: Whether the command palette offers it.
        priority: Whether it works inside of text fields, too.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    help: str = ""
    footer: int = 0
    palette: bool = True
    priority: bool = False

    @property
    def where(self) -> Where:
        """Where it works."""
        return Where(self.id.partition(".")[0])

    @property
    def action(self) -> str:
        """The name of the action that it calls."""
        return self.id.partition(".")[2]
