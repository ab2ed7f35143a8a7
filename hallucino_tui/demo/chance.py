"""Names and numbers that look drawn at random and are the same for the same seed."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
"""What Kubernetes makes name endings of: no vowels, so that no words come out."""

_T = TypeVar("_T")


class Chance:
    """A source of chance. Each part of the world draws from its own, so that one more draw shifts nothing elsewhere."""

    def __init__(self, seed: int | str, part: str = "") -> None:
        self._seed = seed
        self._random = random.Random(f"{seed}/{part}")  # noqa: S311 - for looks, not for secrets

    def part(self, name: str) -> Chance:
        """Return the source of another part of the same world."""
        return Chance(self._seed, name)

    def suffix(self, length: int = 5) -> str:
        """Return the end of a generated name."""
        return "".join(self._random.choices(_LETTERS, k=length))

    def hex(self, digits: int) -> str:
        """Return a number of hexadecimal digits."""
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def uid(self) -> str:
        """Return a random UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def uniform(self, low: float, high: float) -> float:
        """Return a number between two."""
        return self._random.uniform(low, high)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return self._random.randint(low, high)

    def delay(self, mean: float) -> float:
        """Return a waiting time of independent events."""
        return self._random.expovariate(1 / mean)

    def slow_tail(self, typical: float, spread: float = 0.5) -> float:
        """Return a duration as services have them: mostly about `typical`, at times far longer."""
        return typical * self._random.lognormvariate(0, spread)

    def happens(self, probability: float) -> bool:
        """Return True with a probability."""
        return self._random.random() < probability

    def pick(self, choices: Sequence[_T]) -> _T:
        """Return one of `choices`."""
        return self._random.choice(choices)

    def weighted(self, choices: Sequence[tuple[_T, float]]) -> _T:
        """Return one of `choices`, each given with its weight."""
        return self._random.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
