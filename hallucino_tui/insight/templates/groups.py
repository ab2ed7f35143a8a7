"""Brings messages together that differ in a few words, once there are enough words there to call them a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.templates.likeness import enough, find_crowds, fits, positions_with_keys, skeleton
from hallucino_tui.insight.templates.marks import MAYBE, VARIABLE
from hallucino_tui.insight.templates.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.insight.templates.tokens import Tokens

_MOST_LOOKED_AT: Final = 1000
_COARSE: Final = 8
"""Of the bound, one in so many is kept for templates that know only how their lines begin."""
_FIRST_CROWD: Final = 32


class Groups:
    """Templates, and which one a message belongs to. What it does follows from the order of new messages alone.

    Attributes:
        templates: All of them, by number.
    """

    def __init__(self, most: int) -> None:
        """Begin.

        Args:
            most: How many templates, and as many messages that belong to templates without being all of them, there
                may be. After that new messages are known by how they begin, and then not at all.
        """
        self.templates: list[Template] = []
        self._most = most
        self._coarse: dict[str, int] = {}
        self._rest: int | None = None
        self._by_tokens: dict[Tokens, int] = {}
        self._alone: dict[int, int] = {}
        self._seen: dict[int, dict[str, int]] = {}
        self._registered: list[tuple[Tokens, int]] = []
        self._learned: dict[int, set[int]] = {}
        self._patterns: dict[tuple[int, str], list[int]] = {}
        self._alike: dict[tuple[int, str], list[int]] = {}
        self._crowds: dict[int, list[int]] = {}
        self._into = np.zeros(1024, np.int32)

    def resolve(self, number: int) -> int:
        """Return the number of the template that one with a number handed out earlier is part of now."""
        while (merged := self.templates[number].merged) is not None:
            number = merged
        return number

    def resolve_all(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Do the same for many numbers."""
        while True:
            further = self._into[numbers]
            if np.array_equal(further, numbers):
                return further
            numbers = further

    def find(self, tokens: Tokens) -> int | None:
        """Return the number of the template that a message belongs to, None for one that would make a new one."""
        number = self._by_tokens.get(tokens)
        if number is not None or not tokens:
            return number
        for first in (tokens[0], VARIABLE):
            for number in self._patterns.get((len(tokens), first), ()):
                template = self.templates[number]
                if template.merged is None and fits(template.tokens, self._learned[number], tokens):
                    return number
        return None

    def add(self, reading: Reading, make: Callable[[int, Reading], Template]) -> int:
        """Return the number of the template of a message, as it is when the message comes: see `resolve`."""
        tokens = reading.tokens
        number = self.find(tokens)
        is_full = len(self._by_tokens) >= 2 * self._most or len(self.templates) >= self._most
        if number is None and is_full:
            return self._add_coarse(reading, make)
        if number is not None:
            if len(self._by_tokens) < 2 * self._most:
                self._by_tokens[tokens] = number
            self.templates[self.resolve(number)].take(reading)
            return number
        number = self._new(reading, make)
        self._alike.setdefault((len(tokens), tokens[0] if tokens else ""), []).append(number)
        self._register(tokens, number)
        self._crowd(tokens, number)
        return number

    def _new(self, reading: Reading, make: Callable[[int, Reading], Template]) -> int:
        number = len(self.templates)
        if number >= len(self._into):
            self._into = np.concatenate((self._into, np.zeros_like(self._into)))
        self._into[number] = number
        self.templates.append(make(number, reading))
        return number

    def _add_coarse(self, reading: Reading, make: Callable[[int, Reading], Template]) -> int:
        """Return a template that knows only the first word, or else the one for all the rest."""
        word = reading.tokens[0] if reading.tokens else ""
        number = self._coarse.get(word) if word.isalpha() else self._rest
        if number is None and word.isalpha() and len(self._coarse) < self._most // _COARSE:
            begin = (word, VARIABLE)
            number = self._coarse[word] = self._new(Reading(begin, (word, MAYBE), reading.is_line, is_end=False), make)
        number = self._rest if number is None else number
        if number is None:
            number = self._rest = self._new(Reading((VARIABLE,), (MAYBE,), is_line=False, is_end=False), make)
            self.templates[number].is_rest = True
        self.templates[number].is_line &= reading.is_line
        return number

    def _register(self, tokens: Tokens, number: int) -> None:
        """Remember a message by what is left of it without any one of its words."""
        self._by_tokens[tokens] = number
        place = len(self._registered)
        self._registered.append((tokens, number))
        constants = sum(1 for token in tokens if token[0].isalpha())
        for position, key in positions_with_keys(tokens):
            seen = self._seen.get(key)
            if seen is None:
                alone = self._alone.setdefault(key, place)
                if alone == place:
                    continue
                other, other_number = self._registered[alone]
                seen = self._seen[key] = {other[position]: other_number}
            seen[tokens[position]] = number
            if len(seen) >= enough(tokens, position, constants, is_variable=VARIABLE in seen):
                self._join({position}, set(seen.values()))
                return

    def _crowd(self, tokens: Tokens, number: int) -> None:
        """Look for several words that differ at once whenever there are twice as many messages of one build."""
        crowd = self._crowds.setdefault(skeleton(tokens), [])
        crowd.append(number)
        if len(crowd) < _FIRST_CROWD or len(crowd) & (len(crowd) - 1):
            return
        roots = sorted({self.resolve(number) for number in crowd})
        for positions, members in find_crowds([(self.templates[number].tokens, number) for number in roots]):
            self._join(positions, set(members))

    def _join(self, positions: set[int], numbers: Iterable[int]) -> None:
        """Make one template of several; at some positions any word will do from now on."""
        roots = sorted({self.resolve(number) for number in numbers})
        first = self.templates[roots[0]]
        self._learned.setdefault(first.number, set()).update(positions)
        for number in roots[1:]:
            self._merge(first, self.templates[number])
        first_token = first.tokens[0]
        for number in self._alike.get((len(first.tokens), first_token), ())[-_MOST_LOOKED_AT:]:
            other = self.templates[number]
            if other.merged is not None or other is first:
                continue
            if fits(first.tokens, self._learned[first.number], other.tokens):
                self._merge(first, other)
        patterns = self._patterns.setdefault((len(first.tokens), first_token), [])
        if first.number not in patterns:
            patterns.append(first.number)
        if first.tokens not in self._by_tokens and len(self._by_tokens) < 2 * self._most:
            self._register(first.tokens, first.number)

    def _merge(self, into: Template, other: Template) -> None:
        other.merged = into.number
        self._into[other.number] = into.number
        into.count += other.count
        into.last = max(into.last, other.last)
        into.take(other)
        self._learned[into.number].update(self._learned.pop(other.number, ()))
