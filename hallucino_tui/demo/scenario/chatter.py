"""Everything that is said without anybody asking: collectors, health, stores, the importer, the cluster itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import data, java, system, words
from hallucino_tui.demo.scenario.database import Database, leaks

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.scenario.cast import Cast
    from hallucino_tui.demo.scenario.engine import Engine

Speech = Callable[[int], str | list[str]]


class Chatter:
    """Lets workloads talk to themselves, each at its own pace."""

    def __init__(self, cast: Cast, engine: Engine, chance: Chance, database: Database) -> None:
        self._cast = cast
        self._engine = engine
        self._chance = chance
        self._database = database

    def begin(self) -> None:
        """Let everybody begin."""
        chance = self._chance.part("chatter")
        self._speak("pricing-importer", 0.22, lambda now: data.importer(now, chance))
        self._speak("redis", 60, lambda now: data.redis_save(now, chance.whole(100, 4000)))
        self._engine.repeat(self._checkpoint, chance.uniform(1, 60))
        self._speak(
            "postgres",
            17,
            lambda now: data.postgres_slow(now, chance.whole(300, 4000), chance, chance.slow_tail(620, 0.4)),
            stderr=True,
        )
        system_lines: tuple[tuple[str, float, Speech], ...] = (
            ("kube-proxy", 2.2, lambda now: system.kube_proxy(now, chance)),
            ("kube-controller-manager", 1.7, lambda now: system.controller_manager(now, chance)),
            ("kube-apiserver", 3.1, lambda now: system.api_server(now, chance)),
            ("metrics-server", 7.3, lambda now: system.metrics_server(now, chance)),
            ("coredns", 0.35, lambda now: system.core_dns(now, chance)),
            ("etcd", 6.1, lambda now: system.etcd(now, chance)),
            ("prometheus", 4.4, lambda now: system.prometheus(now, chance)),
            ("node-exporter", 2.9, lambda now: system.node_exporter(now, chance)),
        )
        for name, pause, speech in system_lines:
            self._speak(name, pause, speech)
        self._speak("kube-scheduler", 60, lambda now: system.unschedulable(now, self._impossible()))
        for name in ("storefront", "payments"):
            self._speak(name, 1.4, lambda now, name=name: system.collector(now, chance, name), container="otel")
        self._speak("storefront", 0.9, self._storefront)
        self._speak("cart", 2.6, self._cart)
        self._engine.repeat(self._checkout, 5)

    def _speak(self, name: str, pause: float, speech: Speech, *, container: str = "", stderr: bool = False) -> None:
        """Let one of a workload's pods say something again and again, `pause` seconds apart on average."""
        chance = self._chance.part(f"chatter {name} {pause}")

        def say() -> float:
            speakers = self._cast.containers(name, container)
            if speakers:
                said = speech(self._engine.clock())
                lines = [said] if isinstance(said, str) else said
                self._engine.say(chance.pick(speakers), *lines, stderr=stderr)
            # Half of the pause is sure, so that nobody talks in bursts.
            return pause / 2 + chance.delay(pause / 2)

        self._engine.repeat(say, chance.uniform(0, pause))

    def _checkpoint(self) -> float:
        """Let the database write what has changed, spread over some time as it does."""
        engine, buffers = self._engine, self._chance.whole(90, 450)
        seconds = buffers / 10
        for container in self._cast.containers("postgres"):
            engine.say(container, data.checkpoint_begins(engine.clock()), stderr=True)
            ended = data.checkpoint_ends(engine.later_ns(seconds), buffers, seconds)
            engine.say(container, ended, delay=seconds, stderr=True)
        return 60.0

    def _impossible(self) -> str:
        pods = self._cast.pods("search-indexer")
        return f"{pods[0].namespace}/{pods[0].name}" if pods else "shop/search-indexer"

    def _storefront(self, now: int) -> str:
        key = f"product:{self._chance.whole(1000, 9999)}"
        if self._chance.happens(0.85):
            return words.storefront(now, "debug", "cache hit", cache="redis", key=key, ttl_s=self._chance.whole(1, 300))
        return words.storefront(now, "info", "cache miss", cache="redis", key=key)

    def _cart(self, now: int) -> str:
        chance = self._chance
        return words.cart(now, 20, "cart", "sweep finished", expired=chance.whole(0, 14), tookMs=chance.whole(1, 9))

    def _checkout(self) -> float:
        """Let the pools of the checkout account for themselves, from time to time."""
        for container in self._cast.containers("checkout"):
            held = self._database.held.get(container.pod, 0)
            busy = held if leaks(container.pod) and self._database.full_since is not None else self._busy(held)
            waiting = self._chance.whole(20, 60) if busy == held and held else 0
            self._engine.say(container, java.pool_state(self._engine.clock(), held, busy, waiting))
        return 15.0

    def _busy(self, held: int) -> int:
        return min(held, self._chance.whole(1, 4))
