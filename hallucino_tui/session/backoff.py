"""How long to wait before trying again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass(slots=True)
class Backoff:
    """Waits that grow with each failure and differ between clients, so that a server that comes back is not overrun.

    Attributes:
        first: Upper bound of the first wait, in seconds.
        longest: No wait is longer, in seconds, unless the server asks for it.
        generator: Where the jitter comes from.
    """

    first: float = 0.25
    longest: float = 30.0
    generator: random.Random = field(default_factory=random.Random)
    failures: int = 0

    def next(self, retry_after: float | None = None) -> float:
        """Return how many seconds to wait now.

        Args:
            retry_after: What the server asked for, in seconds; the wait is never shorter.
        """
        bound = min(self.longest, self.first * 2.0 ** min(self.failures, 16))
        self.failures += 1
        wait = self.generator.uniform(bound / 2, bound)
        return wait if retry_after is None else max(wait, retry_after + self.generator.uniform(0, self.first))

    def reset(self) -> None:
        """Start again with short waits: something worked."""
        self.failures = 0
