"""How many tokens a text is at most, without a vocabulary and without asking anybody.

A text is cut about as the vocabularies' own tokenisers cut it before they merge bytes: a word with the blank in front
of it, some digits, a run of marks, blanks. What is known to be one token (`whole_words.txt`) counts as one, other words
by their length and by how strange their letters stand together, digits exactly, and what is not ASCII by its bytes.
"""

from __future__ import annotations

import enum
import functools
import re
from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class Vocabulary(enum.StrEnum):
    """What a model cuts text into.

    `LARGE` stands for OpenAI's o200k and cl100k, which take up to three digits as one token. `DIGITS` stands for
    vocabularies that take each digit by itself and may be as small as 49,000 tokens: SmolLM2 and Qwen. `BYTES` holds
    for each vocabulary that falls back to bytes, whatever is in it, and is far too much for all of them.
    """

    LARGE = "large"
    DIGITS = "digits"
    BYTES = "bytes"


_PIECE: Final = re.compile(
    r" +(?=[0-9])| ?(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z]))|[0-9]+| ?[!-/:-@\[-`{-~]+| +|\t+|[^\x00-\x7f]+|.", re.DOTALL
)
_SECTION: Final = re.compile(r"^## ([a-z ,]+)\n", re.MULTILINE)
_SLACK: Final = 50
"""One token more for so many: bytes are not always merged where the pieces end."""
_LONGEST_BLANKS: Final = 80
"""A run of so many blanks is one token."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """Bounds pieces.

    Attributes:
        words: What is one token.
        trigrams: Three letters that stand together in words, in lower case.
        digits: How many digits are one token.
    """

    words: frozenset[str]
    trigrams: frozenset[str]
    digits: int

    def of(self, text: str) -> int:
        """Return the bound of a text."""
        total = sum(self._piece(piece) * times for piece, times in Counter(_PIECE.findall(text)).items())
        return total + -(-total // _SLACK)

    def _piece(self, piece: str) -> int:
        if not piece.isascii():
            return len(piece.encode("utf-8", "replace"))
        if piece.isdigit():
            return -(-len(piece) // self.digits)
        word = piece.lstrip(" ")
        if not word:
            return 1 + (len(piece) > 1) + len(piece) // _LONGEST_BLANKS
        if word in self.words:
            return 1
        if word.isalpha():
            return self._letters(word)
        # Of tabs, four are one token at least, but the last one may belong to what follows.
        return 1 + (len(word) > 1) + len(word) // 4 if word[0] == "\t" else len(word)

    def _letters(self, word: str) -> int:
        length = len(word)
        if length < 3:
            return length
        lowered = word.lower()
        strange = sum(lowered[place : place + 3] not in self.trigrams for place in range(length - 2))
        # Measured on words, host names, random letters, base64 and hexadecimal digits: never too few.
        if word[-1].isupper():
            return min(length, 2 + (length - 1) // 4 + (2 * strange + 2) // 3)
        return min(length, 2 + (length - 1) // 5 + (2 * strange + 1) // 3)


def most_tokens(text: str) -> int:
    """Return an upper bound for OpenAI's vocabularies (o200k, cl100k).

    Measured never under on logs, code, JSON, Chinese, emoji, base64, random letters, marks and blanks, and 10 to 25 %
    over on logs. For models that take each digit by itself see `bound_for`.
    """
    return _bound(Vocabulary.LARGE).of(text)


def bound_for(vocabulary: Vocabulary) -> Callable[[str], int]:
    """Return what bounds the tokens of a text for models with such a vocabulary."""
    return _most_bytes if vocabulary is Vocabulary.BYTES else _bound(vocabulary).of


def vocabulary_of(model: str) -> Vocabulary:
    """Return with what vocabulary to reckon for a model, by its name; `Vocabulary.DIGITS` for one that is not known.

    Args:
        model: Its name, for example ``gpt-4.1-mini`` or ``openai/gpt-oss-20b``.
    """
    name = model.rpartition("/")[2].lower()
    return Vocabulary.LARGE if re.match(r"(?:chat)?gpt-|o[1-9](?:-|\Z)|text-embedding-", name) else Vocabulary.DIGITS


def _most_bytes(text: str) -> int:
    """Return a token for each byte, and one that some vocabularies put in front of all."""
    return len(text.encode("utf-8", "replace")) + bool(text)


@functools.cache
def _bound(vocabulary: Vocabulary) -> _Bound:
    file = resources.files(__package__ or "") / "whole_words.txt"
    parts = _SECTION.split(file.read_text(encoding="utf-8"))
    words: set[str] = set()
    trigrams: set[str] = set()
    for name, listed in zip(parts[1::2], map(str.split, parts[2::2]), strict=True):
        for part in name.split(", "):
            form, size = part.rsplit(" ", 1)
            if size == "small" or vocabulary is Vocabulary.LARGE:
                if form in {"both", "lower", "upper", "marks"}:
                    words.update(listed)
                if form in {"both", "capital"}:
                    words.update(map(str.capitalize, listed))
        if not name.startswith(("upper", "marks")):
            trigrams.update(word[place : place + 3] for word in listed for place in range(len(word) - 2))
    return _Bound(frozenset(words), frozenset(trigrams), 3 if vocabulary is Vocabulary.LARGE else 1)
