"""A folded line, read: what templates compare."""

from __future__ import annotations

from typing import NamedTuple

from hallucino_tui.insight.templates.message import message_of
from hallucino_tui.insight.templates.tokens import Tokens, cut


class Reading(NamedTuple):
    """What templates compare.

    Attributes:
        tokens: See `Template`.
        words: See `Template`.
        is_line: Whether the line begins with them.
        is_end: Whether it ends with them.
    """

    tokens: Tokens
    words: Tokens
    is_line: bool
    is_end: bool


def read(folded: str) -> Reading:
    """Read a folded line."""
    message = message_of(folded)
    return Reading(*cut(message.text), message.is_line, message.is_end)
