"""Plain words as a filter: what a user types most of the time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r'(!?)(?:"([^"]*)"?|(\S+))')


@dataclass(frozen=True, slots=True)
class Word:
    """A word that lines must contain, or must not. Case does not matter.

    Attributes:
        text: The word, or a phrase that stood between quotes.
        exclude: Whether lines with it go.
    """

    text: str
    exclude: bool = False

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if " " in self.text or not self.text or self.text.startswith("!") else self.text
        return f"!{quoted}" if self.exclude else quoted


def parse_words(text: str) -> tuple[Word, ...]:
    """Read what a user typed as plain words: ``word`` keeps, ``!word`` excludes, quotes hold a phrase together."""
    return tuple(
        Word(match[2] if match[2] is not None else match[3], exclude=bool(match[1]))
        for match in _WORD.finditer(text)
        if match[2] or match[3]
    )
