"""The database's connections: who holds how many, and what happens when there are none left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import data, java
from hallucino_tui.demo.scenario.cast import NEW_POOL, NEW_VERSION, OLD_POOL, SHOP, Cast
from hallucino_tui.demo.scenario.words import logfmt

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.pods import Pod
    from hallucino_tui.demo.scenario.engine import Engine

MAX_CONNECTIONS = 100
_RESERVED = 3
_OTHERS = 12
"""Connections of jobs, monitoring and people."""

_PAYMENTS_POOL = 8
_START = 10


class Database:
    """Counts connections once a second of the story.

    The new checkout leaks: each of its pods takes one connection more every second and never gives one back. Once all
    are taken, whoever renews an old connection loses it to the greedy ones.

    Attributes:
        held: Connections of each pod.
        full_since: The moment since which there are none left, or None.
    """

    def __init__(self, cast: Cast, engine: Engine, chance: Chance) -> None:
        self.held: dict[Pod, int] = {}
        self.full_since: float | None = None
        self._cast = cast
        self._engine = engine
        self._chance = chance
        self._seconds = 0
        for pod in cast.pods("checkout"):
            self.held[pod] = OLD_POOL
        for pod in cast.pods("payments"):
            self.held[pod] = _PAYMENTS_POOL

    @property
    def used(self) -> int:
        """Connections in use."""
        return _OTHERS + sum(self.held.values())

    @property
    def free(self) -> int:
        """Connections that programs can still get."""
        return MAX_CONNECTIONS - _RESERVED - self.used

    def wanted(self, pod: Pod) -> int:
        """Return how many connections a pod would like to have."""
        if pod.namespace != SHOP:
            return _PAYMENTS_POOL
        return NEW_POOL if leaks(pod) else OLD_POOL

    def open_pool(self, pod: Pod) -> int:
        """Let a pod that starts open its first connections; return how many it got."""
        got = max(0, min(_START, self.free))
        self.held[pod] = got
        return got

    def failure_rate(self, pod: Pod) -> float:
        """Return the share of a pod's requests that get no connection in time."""
        held, wanted = self.held.get(pod, 0), self.wanted(pod)
        if self.full_since is None:
            return 0.0
        if leaks(pod):
            return 0.85 if held >= _START else 1.0
        return min(0.9, 1.0 - held / wanted)

    def has_enough(self, pod: Pod) -> bool:
        """Tell whether a pod's readiness probe finds a working connection."""
        held = self.held.get(pod, 0)
        if leaks(pod) and self.full_since is not None:
            return held >= _START and self._chance.happens(0.55)
        return held >= 2

    def tick(self) -> float:
        """Play one second; return the seconds until the next."""
        self._seconds += 1
        for pod in [pod for pod in self.held if pod.gone or not pod.container().running]:
            del self.held[pod]
        for pod in self.held:
            wanted, free = self.wanted(pod), self.free
            if self.held[pod] >= wanted:
                continue
            if free > 0:
                self.held[pod] += 1 if leaks(pod) else min(free, wanted - self.held[pod])
            elif self._chance.happens(0.45 if leaks(pod) else 0.3):
                self._refuse(pod)
        full = self.free <= 0
        if full and self.full_since is None:
            self.full_since = self._engine.now
        elif self.free >= 15:
            self.full_since = None
        if full and self._seconds % 6 == 0:
            self._erode()
        return 1.0

    def end_leaks(self) -> None:
        """Let somebody on call end the forgotten sessions by hand."""
        engine = self._engine
        for pod, held in self.held.items():
            if not leaks(pod):
                continue
            self.held[pod] = 0
            for number in range(min(held, 20)):
                delay = number * 0.011
                when = engine.later_ns(delay)
                for postgres in self._cast.containers("postgres"):
                    said = "terminating connection due to administrator command"
                    text = data.postgres_log(when, self._chance.whole(4000, 9999), "FATAL", said, "checkout@shop")
                    engine.say(postgres, text, delay=delay, stderr=True)
                engine.say(pod.container(), java.connection_lost(when), delay=delay)

    def _erode(self) -> None:
        """Let every modest pool lose one connection that it wanted to renew."""
        for pod, held in self.held.items():
            if not leaks(pod) and held > 2:
                self.held[pod] = held - 1
        for pod, held in self.held.items():
            if leaks(pod) and held < NEW_POOL and self.free > 0:
                self.held[pod] = held + self.free

    def _refuse(self, pod: Pod) -> None:
        """Let the database refuse a connection, and the program that asked say so."""
        engine, now = self._engine, self._engine.clock()
        user = "checkout" if pod.namespace == SHOP else "payments"
        for postgres in self._cast.containers("postgres"):
            pid = self._chance.whole(4000, 9999)
            reserved = self._chance.happens(0.3)
            engine.say(postgres, data.postgres_refusal(now, pid, user, reserved=reserved), stderr=True)
        if user == "checkout":
            if self._chance.happens(0.35):
                engine.say(pod.container(), *java.refused(now), delay=0.004)
        else:
            line = logfmt(
                now, "error", "cannot open database connection", pool="main", err="pq: sorry, too many clients already"
            )
            engine.say(pod.container("payments"), line, delay=0.004)


def leaks(pod: Pod) -> bool:
    """Tell whether a pod runs the new version of the checkout."""
    return pod.plan.labels.get("version") == NEW_VERSION
