"""One kind of line."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.templates.marks import BLANK, EPOCH, MAYBE, NUMBER, SERVER_ERROR, VARIABLE

if TYPE_CHECKING:
    from hallucino_tui.insight.templates.reading import Reading

SHOWN: Final = "<*>"
"""How a variable is shown in a template's text."""

_REST: Final = " (more kinds of lines than can be told apart)"
_NOTHING: Final = frozenset({"", MAYBE})
_ANY: Final = f"[{NUMBER}{VARIABLE}{MAYBE}{EPOCH}]"
JOINED: Final = re.compile(f"{_ANY}+(?:[-_.:/,@+#]*{_ANY}+)*")
"""Variables with nothing but a separator between them, among the words of a template: they are shown as one."""


@dataclass(slots=True, eq=False)
class Template:
    """A kind of line, as far as it is known. The miner that made it goes on changing it.

    Attributes:
        number: Its number in this run, from 0. Stays what it is.
        tokens: What its lines have in common behind their heads (time, host, level, logger): words, what stands between
            words, and `VARIABLE` for what differs from line to line.
        words: The same, but with words that have numbers in them as long as these are the same words in all lines;
            their numbers are folded to ``0``.
        example: The first line.
        first: Index of the first line, among all lines that the miner has seen.
        last: Index of the last line.
        count: How many lines. Of the lines that go on with a record (frames of a stack trace) those of one record
            count once.
        merged: Number of the template that this one turned out to be a part of; None for one that stands for itself.
        is_line: Whether its lines begin where the template does: they have no heads.
        is_end: Whether its lines end where the template does.
        is_rest: Whether this is what takes the lines that no template has room for.
    """

    number: int
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    example: str
    first: int
    last: int
    count: int = 0
    merged: int | None = None
    is_line: bool = True
    is_end: bool = True
    is_rest: bool = False

    @property
    def id(self) -> str:
        """Ten hexadecimal digits that are the same in every run for the same kind of line."""
        said = "\1".join(self.tokens) + _REST * self.is_rest
        return hashlib.blake2b(said.encode(errors="replace"), digest_size=5).hexdigest()

    @property
    def text(self) -> str:
        """The template to read: its words, and ``<*>`` for each variable."""
        text = JOINED.sub(SHOWN, "".join(self.words)) + _REST * self.is_rest
        return text.replace(BLANK, " ").replace(SERVER_ERROR, "5xx").strip()

    def __str__(self) -> str:
        return self.text

    def take(self, other: Reading | Template) -> None:
        """Become general enough for a further line or template of as many tokens."""
        if other.tokens != self.tokens:
            self.tokens = _common(self.tokens, other.tokens)
        if other.words != self.words:
            self.words = _common(self.words, other.words)
        self.is_line &= other.is_line
        self.is_end &= other.is_end


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Return what two tuples of the same length share; the left one itself if that says it already."""
    changed: dict[int, str] = {}
    for place in compress(range(len(left)), map(ne, left, right)):
        neither = _neither(left[place], right[place])
        if neither != left[place]:
            changed[place] = neither
    return tuple(changed.get(place, word) for place, word in enumerate(left)) if changed else left


def _neither(left: str, right: str) -> str:
    if left in _NOTHING or right in _NOTHING:
        return MAYBE
    return BLANK if (left == BLANK or left.isspace()) and (right == BLANK or right.isspace()) else VARIABLE
