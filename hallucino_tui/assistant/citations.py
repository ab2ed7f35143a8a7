"""Citations in an answer: ``[L12]``, ``[L3, L5]``, ``[L3-L7]``."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

PATTERN: Final = re.compile(r"\[(L\d{1,6}(?:\s*(?:[,;]|-|–|to|and)\s*L?\d{1,6})*)\]")
_PART: Final = re.compile(r"L?(\d{1,6})(?:\s*(?:-|–|to)\s*L?(\d{1,6}))?")
# As models write them beside the form that they were asked for: `(L3)`, `[lines L3 and L4]`, `L3:`, `in L3`.
LOOSE: Final = re.compile(
    r"[\[(](?:see |cf\. )?(?:lines? )?(L\d{1,6}(?:\s*(?:,? and|[,;&]|-|\u2013|to)\s*(?:lines? )?L?\d{1,6})*)[\])]"
    r"|(?<![\w.\-:/\[])L\d{1,6}(?:\s?(?:-|\u2013|to )\s?L\d{1,6})?(?:(?:,? and |, )L\d{1,6})*(?![\w\-/]|\.\w| cache)"
)
_LONGEST_RANGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation.

    Attributes:
        start: Where it begins in the answer.
        end: Where it ends.
        text: As it stands there.
        numbers: The lines that it names, in its order.
    """

    start: int
    end: int
    text: str
    numbers: tuple[int, ...]


def find_citations(answer: str) -> list[Citation]:
    """Return all citations of an answer in order."""
    return [Citation(match.start(), match.end(), match[0], numbers_of(match[0])) for match in PATTERN.finditer(answer)]


def numbers_of(citation: str) -> tuple[int, ...]:
    """Return the numbers that a citation names; a range stands for all of its lines."""
    numbers: list[int] = []
    for match in _PART.finditer(citation):
        first = int(match[1])
        last = int(match[2]) if match[2] else first
        if first <= last < first + _LONGEST_RANGE:
            numbers.extend(range(first, last + 1))
        else:
            numbers.extend((first, last))
    return tuple(numbers)


@functools.lru_cache(maxsize=256)
def find_loosely(answer: str) -> tuple[Citation, ...]:
    """Return all citations of an answer in order, those that are not written as they should be among them."""
    return tuple(
        Citation(match.start(), match.end(), match[0], numbers_of(match[0])) for match in LOOSE.finditer(answer)
    )
