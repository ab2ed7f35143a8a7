"""Bounds of tokens for large texts, so that nobody waits: a pattern runs over a text lets no other thread run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.tokens import most_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIECE: Final = 1 << 14
"""Characters that are counted at once: some milliseconds."""
_LARGE: Final = 1 << 17
"""Characters from which on a text is counted in a thread."""


def in_pieces(text: str, bound: Callable[[str], int] = most_tokens) -> int:
    """Return how many tokens a text is at most, counting some of its lines at a time.

    It may be a few tokens more than the bound of the whole.

    Args:
        text: The text.
        bound: Bounds a piece.
    """
    return sum(map(bound, _pieces(text)))


async def count_aside(text: str, bound: Callable[[str], int] = most_tokens) -> int:
    """Return how many tokens a text is at most, without holding up the loop."""
    return in_pieces(text, bound) if len(text) <= _LARGE else await asyncio.to_thread(in_pieces, text, bound)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = min(start + _PIECE, len(text))
        # Tokens do not go over the end of a line, but a line may be longer than a piece.
        cut = end if end == len(text) else text.rfind("\n", start, end) + 1 or end
        yield text[start:cut]
        start = cut
