"""Many further pods that make the cluster large: other teams' workloads, each of which says a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.pods import ContainerSpec, PodPlan
from hallucino_tui.demo.scenario.words import logfmt, storefront
from hallucino_tui.demo.workloads import Controllers, Deployment

if TYPE_CHECKING:
    from hallucino_tui.demo.chance import Chance
    from hallucino_tui.demo.pods import Pod
    from hallucino_tui.demo.scenario.engine import Engine
    from hallucino_tui.demo.world import World

PODS_PER_NODE = 100
_TEAMS = (
    "ads",
    "billing",
    "catalog",
    "crm",
    "data",
    "delivery",
    "identity",
    "media",
    "ml",
    "returns",
    "search",
    "stock",
)
_PARTS = ("api", "backend", "cache", "consumer", "cron", "gateway", "indexer", "mailer", "sync", "web", "worker")
_REPLICAS = 8
_LINES_PER_SECOND = 12.0


class Filler:
    """Adds pods, lets them talk, and replaces some of them."""

    def __init__(self, world: World, engine: Engine, chance: Chance, pods: int) -> None:
        self._world = world
        self._engine = engine
        self._chance = chance
        self._deployments: list[Deployment] = []
        with engine.ago(days=12):
            for number in range(pods // PODS_PER_NODE):
                world.add_node(f"pool-{number + 1:03d}")
            self._build(Controllers(world), pods)

    def begin(self, churn: float) -> None:
        """Let them talk; replace `churn` pods each second."""
        if self._deployments:
            self._engine.repeat(self._talk, 0.1)
            if churn > 0:
                self._engine.at(1.0, lambda: self._engine.repeat(lambda: self.replace() / churn))

    def replace(self) -> float:
        """Replace one pod by a new one; return 1."""
        deployment = self._chance.pick(self._deployments)
        pods = deployment.current.pods
        if pods:
            with self._world.batch():
                pods[0].delete()
                deployment.current.add_pod()
        return 1.0

    def _build(self, controllers: Controllers, pods: int) -> None:
        number = 0
        while pods > 0:
            team, part = _TEAMS[number % len(_TEAMS)], _PARTS[number // len(_TEAMS) % len(_PARTS)]
            round_ = number // (len(_TEAMS) * len(_PARTS))
            name = part if not round_ else f"{part}-{round_ + 1}"
            number += 1
            if part == _PARTS[0] and not round_:
                self._world.add_namespace(team)
            spec = ContainerSpec(part, f"registry.example/{team}/{part}:1.{number}.0", port=8080, memory="128Mi")
            plan = PodPlan((spec,), labels={"app": name, "team": team})
            count = min(_REPLICAS, pods)
            deployment = controllers.add_deployment(Deployment(self._world, team, name, plan, count))
            self._deployments.append(deployment.run())
            pods -= count

    def _talk(self) -> float:
        deployment = self._chance.pick(self._deployments)
        pod: Pod = self._chance.pick(deployment.current.pods)
        now, milliseconds = self._engine.clock(), int(self._chance.slow_tail(30))
        if len(deployment.name) % 2:
            line = logfmt(now, "info", "task done", kind=deployment.name, duration_ms=milliseconds)
        else:
            line = storefront(now, "info", "handled", logger=deployment.name, duration_ms=milliseconds)
        self._engine.say(pod.container(), line)
        return self._chance.delay(1 / _LINES_PER_SECOND)
