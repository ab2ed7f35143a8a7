"""A rolling update as the controller of Deployments makes it: one more pod, then one fewer, never below the number."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.demo.pods import Pod, PodPlan
    from hallucino_tui.demo.scenario.engine import Engine
    from hallucino_tui.demo.scenario.node_agent import NodeAgent
    from hallucino_tui.demo.workloads import Deployment, Workload

_SURGE = 1


class RollingUpdate:
    """Keeps a Deployment's pods in step with its plan, across any number of changes of the plan."""

    def __init__(self, deployment: Deployment, agent: NodeAgent, engine: Engine) -> None:
        self._deployment = deployment
        self._agent = agent
        self._engine = engine
        self._planned = False

    def begin(self, plan: PodPlan) -> None:
        """Change the plan and begin to replace pods."""
        self._deployment.set_plan(plan)
        self._soon()

    def _soon(self, _pod: Pod | None = None) -> None:
        """Look again in a moment, as controllers do."""
        if not self._planned:
            self._planned = True
            self._engine.after(0.2, self._step)

    def _step(self) -> None:
        self._planned = False
        deployment, current = self._deployment, self._deployment.current
        old = [owned for owned in deployment.sets if owned is not current and owned.replicas > 0]
        total = sum(owned.replicas for owned in deployment.sets)
        if current.replicas < deployment.replicas and total < deployment.replicas + _SURGE:
            deployment.scale(current, current.replicas + 1)
            self._create(current)
            self._soon()
            return
        unready_new = current.replicas - current.ready
        if not old or total - deployment.replicas - unready_new <= 0:
            return
        # Pods of old revisions that do not work anyway go first.
        surplus = min(old, key=lambda owned: owned.ready - owned.replicas)
        if surplus.ready == surplus.replicas and deployment.ready <= deployment.replicas:
            return
        deployment.scale(surplus, surplus.replicas - 1)
        self._remove_one(surplus)
        self._soon()

    def _create(self, owned: Workload) -> None:
        pod = owned.add_pod(running=False, node="")
        owned.record("Normal", "SuccessfulCreate", f"Created pod: {pod.name}")
        self._agent.start(pod, self._soon)

    def _remove_one(self, owned: Workload) -> None:
        pod = min(owned.active, key=lambda pod: (pod.ready, -pod.created_ns))
        owned.record("Normal", "SuccessfulDelete", f"Deleted pod: {pod.name}")
        self._agent.stop(pod, self._soon)
