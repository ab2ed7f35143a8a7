"""Other forms of a word in lines: joined to the word beside it, cut short, or without its `re` or `un`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.lexicon.words import Token
    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Unit

_ROOT: Final = 4


def has_compound(unit: Unit, words: Sequence[Token], line: Line) -> bool:
    """Say whether a line writes a word together with one beside it, or both by their initials: `configmap`, `RM`."""
    place = next((place for place, token in enumerate(words) if token.start == unit.start), -1)
    if place < 0:
        return False
    for first in (place - 1, place):
        if first < 0 or first + 1 >= len(words):
            continue
        one, other = words[first], words[first + 1]
        if other.start - one.end > 1:
            continue
        third = words[first + 2].word[0] if first + 2 < len(words) else ""
        joined = one.word + other.word
        if len(joined) > 6 and (joined in line.compact or joined.rstrip("s") in line.compact):
            return True
        initials = one.word[0] + other.word[0]
        if len(one.word) > 2 < len(other.word) and {initials, initials + third} & line.initials:
            return True
    return False


def has_cut(unit: Unit, words: Sequence[Token], line: Line) -> bool:
    """Say whether a line writes a word and another of the claim cut short and joined: `ContRel` for containers."""
    return any(
        2 < len(other.word) < len(unit.text)
        and one.end == other.start
        and len(one.word) > 2
        and unit.text.startswith(other.word)
        and any(token.word.startswith(one.word) for token in words)
        for one, other in itertools.pairwise(line.words)
    )


def by_root(word: str, lines: Sequence[Line]) -> frozenset[int]:
    """Return which lines have a word without its `re` for once more, or deny it without its `un`."""
    root = stem(word[2:])
    if len(root) < _ROOT or word[:2] not in {"re", "un"}:
        return frozenset()
    if word[:2] == "un":
        return frozenset(place for place, line in enumerate(lines) if root in line.denied)
    ideas = meaning.concepts_of(root)
    return frozenset(place for place, line in enumerate(lines) if ideas & line.ideas or (root in line.stems and ideas))
