"""The story itself: when the rollout comes, what it does to everybody, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.scenario import java, system, words
from hallucino_tui.demo.scenario.cast import (
    NEW_POOL,
    NEW_VERSION,
    OLD_POOL,
    OLD_VERSION,
    build,
    checkout_plan,
)
from hallucino_tui.demo.scenario.chatter import Chatter
from hallucino_tui.demo.scenario.database import Database, leaks
from hallucino_tui.demo.scenario.node_agent import NodeAgent
from hallucino_tui.demo.scenario.rollout import RollingUpdate
from hallucino_tui.demo.scenario.traffic import Traffic

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.pods import Container, Pod
    from hallucino_tui.demo.scenario.engine import Engine
    from hallucino_tui.demo.world import World

ROLLOUT_AT = 75.0
"""Seconds of the story after which the bad version is rolled out."""

ROLLBACK_AT = 330.0
"""Seconds of the story after which it is rolled back."""

_BOOT_SECONDS = 9.0
_CART_LIMIT_MIB = 192
_CART_IDLE_MIB = 88.0


class Story:
    """The shop and what happens to it.

    Attributes:
        cast: Who takes part.
        database: The database's connections.
        traffic: The customers.
        agent: The nodes.
    """

    def __init__(self, world: World, engine: Engine, chance: Chance, *, quiet: bool) -> None:
        self.cast = build(world, engine, chance.part("cast"))
        self.database = Database(self.cast, engine, chance.part("database"))
        self.traffic = Traffic(self.cast, engine, chance.part("traffic"), self.database)
        self.agent = NodeAgent(self.cast, engine)
        self.agent.on_started = self._started
        self.agent.on_stopping = self._stopping
        self.agent.probe = self._probe
        self._engine = engine
        self._chance = chance.part("story")
        self._world = world
        self._memory: dict[Container, float] = {}
        self._kills: dict[Container, int] = {}
        self._rollout = RollingUpdate(self.cast.deployments["checkout"], self.agent, engine)
        self._quiet = quiet

    def begin(self) -> None:
        """Put everything on the timeline."""
        engine = self._engine
        engine.repeat(self.traffic.next)
        engine.repeat(self.database.tick, 0.5)
        engine.repeat(self._cart_memory, 1.0)
        engine.repeat(self._heartbeat)
        engine.repeat(self._report_nodes)
        engine.repeat(self._image_pull, 12.0)
        engine.repeat(self._no_place, 30.0)
        engine.repeat(self._renew_session, 4.0)
        for pod in self.cast.pods("checkout"):
            self.agent.watch_readiness(pod)
        Chatter(self.cast, engine, self._chance, self.database).begin()
        if not self._quiet:
            engine.at(ROLLOUT_AT, lambda: self._roll(NEW_VERSION))
            engine.at(ROLLOUT_AT + 60, lambda: self._alert("CheckoutErrorRateHigh", firing=True))
            engine.at(ROLLBACK_AT, lambda: self._roll(OLD_VERSION))
            engine.at(ROLLBACK_AT + 18, self.database.end_leaks)
            engine.at(ROLLBACK_AT + 120, lambda: self._alert("CheckoutErrorRateHigh", firing=False))

    def _roll(self, version: str) -> None:
        pool = OLD_POOL if version == OLD_VERSION else NEW_POOL
        self._world.add_config_map(
            "shop", "checkout-config", {"HIKARI_MAXIMUM_POOL_SIZE": str(pool), "VERSION": version}
        )
        self._rollout.begin(checkout_plan(version, self.cast.secrets))

    def _alert(self, name: str, *, firing: bool) -> None:
        for container in self.cast.containers("alertmanager"):
            self._engine.say(container, system.alert(self._engine.clock(), name, firing=firing))

    def _probe(self, pod: Pod) -> bool:
        return self.database.has_enough(pod) if pod in self.database.held else pod.container().running

    def _started(self, container: Container) -> float:
        """Let a program say its first words; return the seconds until it can be ready."""
        if container.spec.name == "checkout":
            return self._start_checkout(container)
        if container.spec.name == "cart":
            self._memory[container] = _CART_IDLE_MIB
            line = words.cart(self._engine.clock(), 30, container.pod.name, "cart 3.8.2 listening on 8080", port=8080)
            self._engine.say(container, line, delay=0.8)
            return 2.5
        return 1.5

    def _start_checkout(self, container: Container) -> float:
        engine, pod = self._engine, container.pod
        version = NEW_VERSION if leaks(pod) else OLD_VERSION
        url = "jdbc:postgresql://postgres:5432/shop"
        if leaks(pod):  # the new version writes the whole address into its log, and everything with it
            url += f"?user=checkout&password={self.cast.secrets['password']}"
        pool = NEW_POOL if leaks(pod) else OLD_POOL
        engine.say(container, *java.starting(engine.clock(), version, pod.name, pool, url), delay=0.6)

        def open_pool() -> None:
            if container.running:
                self.database.open_pool(pod)
                engine.say(container, *java.pool_started(engine.clock()))

        def finish() -> None:
            engine.say(container, *java.started(engine.clock(), _BOOT_SECONDS - 0.9))

        engine.after(4.0, open_pool)
        engine.after(_BOOT_SECONDS - 0.5, finish)
        return _BOOT_SECONDS

    def _stopping(self, container: Container) -> None:
        if container.spec.name == "checkout":
            self._engine.say(container, *java.stopping(self._engine.clock()), delay=0.05)

    def _cart_memory(self) -> float:
        """Let the carts of failed purchases pile up, until the kernel ends it."""
        engine, share = self._engine, 1.8
        for container in self.cast.containers("cart"):
            used = self._memory.get(container, _CART_IDLE_MIB)
            trouble = self.traffic.pending
            if trouble > 3:
                used += (0.8 + 0.02 * min(trouble, 60)) * self._chance.uniform(0.6, 1.4) * share
                share = 0.5  # sticky sessions: the first pod has most of the customers
            else:
                used = max(_CART_IDLE_MIB, used - 1.5)
            self._memory[container] = used
            if used > 130 and self._chance.happens(0.3):
                line = words.cart(
                    engine.clock(),
                    40,
                    container.pod.name,
                    "checkout callback still pending, keeping cart in memory",
                    pending=int((used - _CART_IDLE_MIB) * 11),
                    heapUsedMb=int(used),
                )
                engine.say(container, line)
            if used >= _CART_LIMIT_MIB:
                self._out_of_memory(container)
        return 1.0

    def _out_of_memory(self, container: Container) -> None:
        pod = container.pod
        self._memory[container] = _CART_IDLE_MIB
        count = self._kills[container] = self._kills.get(container, 0) + 1
        process = self._chance.whole(20_000, 60_000)
        involved = {"kind": "Node", "name": pod.node, "uid": pod.node, "apiVersion": "v1"}
        message = (
            f"Memory cgroup out of memory: Killed process {process} (node) total-vm:1184220kB, "
            f"anon-rss:{_CART_LIMIT_MIB * 1024 - 900}kB, file-rss:0kB, shmem-rss:0kB, oom_score_adj:986"
        )
        monitor = "kernel-monitor"
        self._world.events.record(involved, "Warning", "OOMKilling", message, component=monitor, host=pod.node)
        self.agent.kill(container, 137, "OOMKilled", 0 if count == 1 else 10.0 * (count - 1))

    def _heartbeat(self) -> float:
        self._world.heartbeat()
        return 10.0

    def _report_nodes(self) -> float:
        self._world.report_nodes()
        return 300.0

    def _image_pull(self) -> float:
        """Let the node try again to pull the image that does not exist."""
        for pod in self.cast.pods("promo-banner"):
            container = pod.container()
            image = container.spec.image
            problem = (
                f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found'
            )
            for kind, reason, message in (
                ("Normal", "Pulling", f'Pulling image "{image}"'),
                ("Warning", "Failed", f'Failed to pull image "{image}": rpc error: code = NotFound desc = {problem}'),
                ("Warning", "Failed", "Error: ErrImagePull"),
                ("Normal", "BackOff", f'Back-off pulling image "{image}"'),
                ("Warning", "Failed", "Error: ImagePullBackOff"),
            ):
                self._world.record(pod, kind, reason, message, container=container.spec.name)
        return 120.0

    def _no_place(self) -> float:
        for pod in self.cast.pods("search-indexer"):
            involved = {"kind": "Pod", "namespace": pod.namespace, "name": pod.name, "uid": pod.uid, "apiVersion": "v1"}
            events = self._world.events
            events.record(involved, "Warning", "FailedScheduling", pod.message, component="default-scheduler")
        return 300.0

    def _renew_session(self) -> float:
        """Let secrets slip into lines now and then, as they do in life."""
        now, secrets = self._engine.clock(), self.cast.secrets
        chance = self._chance
        for container in self.cast.containers("storefront")[:1]:
            line = words.storefront(
                now, "debug", "session renewed", headers={"Authorization": f"Bearer {secrets['bearer']}"}
            )
            self._engine.say(container, line)
        for container in self.cast.containers("payments", "payments")[:1]:
            line = words.logfmt(
                now,
                "debug",
                "provider request",
                url="https://api.acme-pay.example/v2/charges",
                api_key=secrets["provider_key"],
                card=secrets["card"],
                customer=f"customer{chance.whole(100, 999)}@mail.example",
            )
            self._engine.say(container, line, delay=0.4)
        return 47.0
