"""All keys on one screen, made from the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.config.keys import Where, shown
from hallucino_tui.ui.screens.popups import TextScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.config.keys import Key

_TITLES = {
    Where.ANYWHERE: "Anywhere outside a field",
    Where.LOGS: "Logs",
    Where.TREE: "Cluster tree",
    Where.ASSISTANT: "Assistant",
    Where.DETAIL: "One line whole",
    Where.NOTEBOOK: "Incident notebook",
    Where.FILTERS: "List of filters",
    Where.PATTERNS: "List of patterns",
    Where.MODELS: "List of models",
    Where.LIST: "Lists",
    Where.TEXT: "Texts",
    Where.QUESTION: "Questions",
    Where.SENDING: "Before something is sent",
}


class HelpScreen(TextScreen):
    """Shows the keys in effect."""

    def __init__(self, table: Sequence[Key]) -> None:
        """Prepare.

        Args:
            table: The keys in effect.
        """
        super().__init__("Keys", help_text(table))


def help_text(table: Sequence[Key]) -> str:
    """Return the list of keys as text."""
    lines: list[str] = []
    for where, title in _TITLES.items():
        lines += [title, ""]
        lines += [
            f"  {' '.join(shown(chord) for chord in key.keys):<22}  {key.help or key.title}"
            for key in table
            if key.where is where and key.keys
        ]
        lines.append("")
    return "\n".join(lines).rstrip()
