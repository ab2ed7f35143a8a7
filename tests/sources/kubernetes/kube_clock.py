"""Time that a test makes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from kube_server import until

SECONDS = 10**9
NOON = 1_795_435_200 * SECONDS  # 2026-11-23T12:00:00Z


@dataclass
class FakeClock:
    """Stands still, except that waits of up to `patience` seconds pass at once. Others end when a test says so.

    Attributes:
        patience: See above.
        waits: How long each wait was to be, in order.
    """

    patience: float = 0.0
    waits: list[float] = field(default_factory=list)
    _passed: float = 0.0
    _sleepers: dict[asyncio.Future[None], float] = field(default_factory=dict)

    def now(self) -> int:
        return NOON + round(self._passed * SECONDS)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if seconds <= self.patience:
            self._passed += seconds
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        self._sleepers[woken] = self._passed + seconds
        try:
            await woken
        finally:
            self._sleepers.pop(woken, None)

    def advance(self, seconds: float) -> None:
        """Let time pass; whose wait is over wakes up."""
        self._passed += seconds
        for woken, end in self._sleepers.items():
            if end <= self._passed and not woken.done():
                woken.set_result(None)

    def is_waiting(self, at_least: float = 0.0) -> bool:
        """Whether somebody waits for so long from now."""
        return any(end - self._passed >= at_least for one, end in self._sleepers.items() if not one.done())

    async def skip(self, at_least: float = 0.0) -> None:
        """End somebody's wait that is at least so long, as soon as there is one."""
        await until(lambda: self.is_waiting(at_least), f"a wait of {at_least} s, there were {self.waits}")
        self.advance(max(end - self._passed for one, end in self._sleepers.items() if not one.done()))
