"""Text of others as Textual's widgets may have it: nothing in it is markup, and no control byte is left."""

from __future__ import annotations

from textual.content import Content

from hallucino_tui.logs.text import shown_lines


def harmless(text: str) -> Content:
    """Return text of one or more lines for a widget."""
    return Content(shown_lines(text))
