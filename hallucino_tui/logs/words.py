"""Plain words as a filter: what a user types most of the time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

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

    def matches(self, lines: pl.Series) -> NDArray[np.bool_]:
        """Say of each of n strings whether it passes."""
        import polars as pl  # noqa: PLC0415 - it takes long to import, and drawing lines never needs it

        found = lines.str.contains("(?i)" + pl.escape_regex(self.text)).to_numpy()
        return ~found if self.exclude else found


def parse_words(text: str) -> tuple[Word, ...]:
    """Read what a user typed as plain words: ``word`` keeps, ``!word`` excludes, quotes hold a phrase together."""
    return tuple(
        Word(match[2] if match[2] is not None else match[3], exclude=bool(match[1]))
        for match in _WORD.finditer(text)
        if match[2] or match[3]
    )
