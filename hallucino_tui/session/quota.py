"""How many questions a model may be asked in a minute and in a day, and how long the next one has to wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0
_MARGIN: Final = 0.05
"""So that a wait ends behind the limit, and not at it."""


class Memory(Protocol):
    """Remembers when models were asked, also for the next run."""

    def times(self, name: str, now: float) -> list[float]:
        """Return when a model was asked within a day before now, in seconds since the epoch, oldest first."""
        ...

    def add(self, name: str, now: float) -> None:
        """Remember that a model is asked now."""
        ...

    def drop_newest(self, name: str, now: float) -> None:
        """Forget the last time that a model was asked."""
        ...


class Unwritten:
    """Remembers for this run only."""

    def __init__(self) -> None:
        self._times: dict[str, list[float]] = {}

    def times(self, name: str, now: float) -> list[float]:
        """Return when a model was asked within a day before now."""
        return [time for time in self._times.get(name, []) if now - _DAY < time <= now]

    def add(self, name: str, now: float) -> None:
        """Remember that a model is asked now."""
        self._times[name] = [*self.times(name, now), now]

    def drop_newest(self, name: str, now: float) -> None:
        """Forget the last time that a model was asked."""
        self._times[name] = self.times(name, now)[:-1]


class Limit(NamedTuple):
    """A limit that is reached.

    Attributes:
        seconds: How long until the next question may be asked.
        most: How many may be asked.
        per: ``minute`` or ``day``.
    """

    seconds: float
    most: int
    per: str


@dataclass(slots=True)
class Quota:
    """The limits of one model. Belongs to the loop that it is used on.

    They hold for any minute and any 24 hours, whenever the server begins to count anew.

    Attributes:
        name: Which model, for the memory.
        per_minute: Most questions in a minute; 0 for no limit.
        per_day: Most questions in a day; 0 for no limit.
        clock: Tells the time.
        memory: Remembers.
    """

    name: str
    per_minute: int
    per_day: int
    clock: Clock
    memory: Memory

    async def take(self) -> Limit | None:
        """Count a question in; return None, or the limit that forbids it, and then it is not counted.

        Raises:
            OSError: It cannot be remembered for the next run.
        """
        if not self.per_minute and not self.per_day:
            return None
        return await asyncio.to_thread(self._take)

    async def give_back(self) -> None:
        """Count the newest question out again: the server did not take it.

        Raises:
            OSError: It cannot be remembered for the next run.
        """
        if self.per_minute or self.per_day:
            await asyncio.to_thread(self.memory.drop_newest, self.name, self.clock.now() / 1e9)

    def _take(self) -> Limit | None:
        now = self.clock.now() / 1e9
        times = self.memory.times(self.name, now)
        for most, length, per in ((self.per_day, _DAY, "day"), (self.per_minute, _MINUTE, "minute")):
            # With so many in the last stretch, the first of them has to fall out of it.
            within = [time for time in times if time > now - length]
            if most and len(within) >= most:
                return Limit(within[-most] + length - now + _MARGIN, most, per)
        self.memory.add(self.name, now)
        return None
