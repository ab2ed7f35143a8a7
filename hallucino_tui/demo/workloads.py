"""Workloads and the pods that belong to them, kept in step with the pods' states as controllers do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hallucino_tui.demo import workload_objects
from hallucino_tui.demo.pods import Owner, Pod, PodPlan
from hallucino_tui.demo.resources import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.world import World

_GROUPS = {"Job": "batch/v1", "CronJob": "batch/v1"}


@dataclass(slots=True, eq=False)
class Workload:
    """A controller of pods: ReplicaSet, StatefulSet, DaemonSet or Job; a Deployment has ReplicaSets instead.

    Attributes:
        world: Where it lives.
        kind: Its kind.
        namespace: Its namespace.
        name: Its name.
        plan: What its pods are.
        replicas: How many pods it wants.
        owner: What it belongs to, if anything.
        annotations: Its annotations.
        created_ns: When it was made.
        pods: Its pods, the oldest first.
        finished_ns: When a Job came to its end, or None.
        failed: Whether a Job came to a bad end.
    """

    world: World
    kind: str
    namespace: str
    name: str
    plan: PodPlan
    replicas: int = 1
    owner: Owner | None = None
    annotations: dict[str, str] = field(default_factory=dict[str, str])
    pods: list[Pod] = field(default_factory=list[Pod])
    finished_ns: int | None = None
    failed: bool = False
    uid: str = field(init=False)
    created_ns: int = field(init=False)

    def __post_init__(self) -> None:
        self.uid = self.world.ids.uid()
        self.created_ns = self.world.clock()

    @property
    def reference(self) -> Owner:
        """How its pods name it as their owner."""
        return Owner(self.kind, self.name, self.uid, _GROUPS.get(self.kind, "apps/v1"))

    @property
    def active(self) -> list[Pod]:
        """Its pods that are not about to go."""
        return [pod for pod in self.pods if pod.deleted_ns is None]

    @property
    def ready(self) -> int:
        """How many of its active pods take traffic."""
        return sum(pod.ready for pod in self.active)

    def add_pod(self, *, running: bool = True, node: str | None = None) -> Pod:
        """Make one more pod.

        Args:
            running: Whether it runs at once.
            node: Where it is to be; None means anywhere.
        """
        if self.kind == "StatefulSet":
            name = f"{self.name}-{len(self.pods)}"
        else:
            name = f"{self.name}-{self.world.ids.suffix()}"
        plan = replace(
            self.plan,
            owner=self.reference,
            node=self.plan.node if node is None else node,
            generate_name=f"{self.name}-",
            labels=self.plan.labels | self._pod_labels(name),
        )
        with self.world.batch():
            pod = self.world.add_pod(self.namespace, name, plan=plan, running=running)
            self.pods.append(pod)
        return pod

    def discard(self, pod: Pod) -> None:
        """Take notice that one of its pods is gone."""
        if pod in self.pods:
            self.pods.remove(pod)

    def publish(self) -> None:
        """Write its present state to the cluster."""
        self.world.state.put(BY_KIND[self.kind], self.render())

    def render(self) -> JsonObject:
        """Return it as an API object."""
        return workload_objects.workload_object(self)

    def record(self, kind: str, reason: str, message: str) -> None:
        """Record an event that its controller reports."""
        component = {"Job": "job-controller", "CronJob": "cronjob-controller"}.get(
            self.kind, f"{self.kind.lower()}-controller"
        )
        self.world.events.record(reference_of(self), kind, reason, message, component=component)

    def _pod_labels(self, pod_name: str) -> dict[str, str]:
        if self.kind == "StatefulSet":
            return {
                "statefulset.kubernetes.io/pod-name": pod_name,
                "apps.kubernetes.io/pod-index": pod_name.rsplit("-", 1)[1],
            }
        if self.kind == "Job":
            return {"batch.kubernetes.io/controller-uid": self.uid, "batch.kubernetes.io/job-name": self.name}
        return {"controller-revision-hash": "66d7c9b5c8"} if self.kind == "DaemonSet" else {}


@dataclass(slots=True, eq=False)
class Deployment:
    """A Deployment and its ReplicaSets.

    Attributes:
        world: Where it lives.
        namespace: Its namespace.
        name: Its name.
        replicas: How many pods it wants.
        plan: What its pods are now.
        revision: Number of the present revision.
        created_ns: When it was made.
        sets: Its ReplicaSets, the one made last at the end.
        current: The ReplicaSet of the present revision.
    """

    world: World
    namespace: str
    name: str
    plan: PodPlan
    replicas: int = 1
    revision: int = 1
    sets: list[Workload] = field(default_factory=list[Workload])
    kind: str = field(default="Deployment", init=False)
    uid: str = field(init=False)
    created_ns: int = field(init=False)
    current: Workload = field(init=False)

    def __post_init__(self) -> None:
        self.uid = self.world.ids.uid()
        self.created_ns = self.world.clock()
        self.current = self._add_set()

    @property
    def pods(self) -> list[Pod]:
        """All its pods, of every revision."""
        return [pod for owned in self.sets for pod in owned.pods]

    @property
    def active(self) -> list[Pod]:
        """Its pods that are not about to go."""
        return [pod for owned in self.sets for pod in owned.active]

    @property
    def ready(self) -> int:
        """How many of its active pods take traffic."""
        return sum(pod.ready for pod in self.active)

    def run(self) -> Deployment:
        """Bring up all pods of the present revision at once."""
        self.current.replicas = self.replicas
        with self.world.batch():
            for _ in range(self.replicas - len(self.current.pods)):
                self.current.add_pod()
        self.publish()
        return self

    def set_plan(self, plan: PodPlan) -> Workload:
        """Change what the pods are to be; a rollout has to follow.

        Returns:
            The ReplicaSet of the new revision: an earlier one if the plan was in use before, otherwise a new one.
        """
        self.plan = plan
        self.revision += 1
        earlier = next((owned for owned in self.sets if _same(owned.plan, plan)), None)
        self.current = earlier or self._add_set()
        self.current.annotations["deployment.kubernetes.io/revision"] = str(self.revision)
        self.publish()
        return self.current

    def scale(self, owned: Workload, replicas: int) -> None:
        """Change how many pods one of the ReplicaSets wants, and say so in an event."""
        direction = "up" if replicas > owned.replicas else "down"
        self.record(
            "Normal",
            "ScalingReplicaSet",
            f"Scaled {direction} replica set {owned.name} from {owned.replicas} to {replicas}",
        )
        owned.replicas = replicas
        self.publish()

    def discard(self, pod: Pod) -> None:
        """Take notice that one of its pods is gone."""
        for owned in self.sets:
            owned.discard(pod)

    def publish(self) -> None:
        """Write its present state and that of its ReplicaSets to the cluster."""
        for owned in self.sets:
            owned.publish()
        self.world.state.put(BY_KIND["Deployment"], workload_objects.deployment_object(self))

    def record(self, kind: str, reason: str, message: str) -> None:
        """Record an event that the controller of Deployments reports."""
        self.world.events.record(reference_of(self), kind, reason, message, component="deployment-controller")

    def _add_set(self) -> Workload:
        template_hash = self.world.ids.suffix(10 if self.world.ids.happens(0.7) else 9)
        labels = self.plan.labels | {"pod-template-hash": template_hash}
        owned = Workload(
            self.world,
            "ReplicaSet",
            self.namespace,
            f"{self.name}-{template_hash}",
            replace(self.plan, labels=labels),
            0,
            Owner("Deployment", self.name, self.uid),
            {
                "deployment.kubernetes.io/desired-replicas": str(self.replicas),
                "deployment.kubernetes.io/revision": str(self.revision),
            },
        )
        self.sets.append(owned)
        return owned


def _same(kept: PodPlan, plan: PodPlan) -> bool:
    labels = {name: value for name, value in kept.labels.items() if name != "pod-template-hash"}
    return replace(kept, labels=labels) == plan


def reference_of(workload: Workload | Deployment) -> JsonObject:
    """Return the reference by which an event names a workload."""
    return {
        "kind": workload.kind,
        "namespace": workload.namespace,
        "name": workload.name,
        "uid": workload.uid,
        "apiVersion": _GROUPS.get(workload.kind, "apps/v1"),
    }


class Controllers:
    """Lets every workload know of its pods' changes."""

    def __init__(self, world: World) -> None:
        self._by_uid: dict[str, Workload | Deployment] = {}
        self._deployments: list[Deployment] = []
        world.on_change.append(self._changed)

    def add(self, workload: Workload) -> Workload:
        """Look after a workload from now on, and show it."""
        self._by_uid[workload.uid] = workload
        workload.publish()
        return workload

    def add_deployment(self, deployment: Deployment) -> Deployment:
        """Look after a Deployment from now on, and show it."""
        self._deployments.append(deployment)
        deployment.publish()
        return deployment

    def _changed(self, pods: Iterable[Pod]) -> None:
        touched: dict[Workload | Deployment, None] = {}
        for pod in pods:
            owner = pod.plan.owner
            workload = None if owner is None else self._by_uid.get(owner.uid) or self._find(owner)
            if workload is not None:
                touched[workload] = None
                if pod.gone:
                    workload.discard(pod)
        for workload in touched:
            workload.publish()

    def _find(self, owner: Owner) -> Deployment | None:
        """Return the Deployment of a ReplicaSet, remembering it."""
        if owner.kind != "ReplicaSet":
            return None
        for deployment in reversed(self._deployments):
            if any(owned.uid == owner.uid for owned in deployment.sets):
                self._by_uid[owner.uid] = deployment
                return deployment
        return None
