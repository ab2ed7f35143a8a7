"""What can be read in a cluster: namespaces, workloads, pods and containers, kept up to date by a source."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class ContainerKind(enum.StrEnum):
    """What part a container plays in its pod."""

    INIT = "init"
    SIDECAR = "sidecar"
    APP = "app"
    EPHEMERAL = "ephemeral"


class ContainerState(enum.StrEnum):
    """Whether a container runs."""

    WAITING = "waiting"
    RUNNING = "running"
    TERMINATED = "terminated"


class Instance(NamedTuple):
    """One run of a container.

    Attributes:
        container_id: The runtime's name for this run; "" while there is none.
        exit_code: How it ended; None while it runs.
        reason: Why it ended, for example ``OOMKilled``.
        started: When, in nanoseconds since the epoch; 0 if unknown.
        finished: When, in nanoseconds since the epoch; 0 while it runs.
    """

    container_id: str = ""
    exit_code: int | None = None
    reason: str = ""
    started: int = 0
    finished: int = 0


NO_INSTANCE: Final = Instance()


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod.

    Attributes:
        name: Its name in the pod.
        kind: What part it plays.
        state: Whether it runs.
        reason: Why it waits or how it ended.
        instance: The current run.
        previous: The run before, if the cluster still knows of it.
        restarts: How often it was started again.
        ready: Whether it answers its probes.
        image: Its image.
    """

    name: str
    kind: ContainerKind = ContainerKind.APP
    state: ContainerState = ContainerState.WAITING
    reason: str = ""
    instance: Instance = NO_INSTANCE
    previous: Instance | None = None
    restarts: int = 0
    ready: bool = False
    image: str = ""


class Workload(NamedTuple):
    """What pods belong to: a Deployment, a StatefulSet, a Job; a pod on its own is its own workload."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as it was last seen.

    Attributes:
        namespace: Its namespace.
        name: Its name; a StatefulSet gives the same name again.
        uid: What tells it from all others.
        workload: What it belongs to.
        owner: What made it: for a Deployment's pod its ReplicaSet.
        phase: Pending, Running, Succeeded, Failed or Unknown.
        reason: One word about what is wrong, "" if nothing is.
        node: Where it runs; "" while it is not placed.
        containers: Init containers first, then sidecars, then the others, in the order of the pod's specification.
        labels: Its labels.
        deleting: Whether it was asked to go.
        created: When, in nanoseconds since the epoch.
    """

    namespace: str
    name: str
    uid: str
    workload: Workload
    owner: Workload | None = None
    phase: str = ""
    reason: str = ""
    node: str = ""
    containers: tuple[Container, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    deleting: bool = False
    created: int = 0

    @property
    def serving(self) -> tuple[Container, ...]:
        """The containers that ``kubectl get pods`` counts as ready or not."""
        return tuple(one for one in self.containers if one.kind in {ContainerKind.APP, ContainerKind.SIDECAR})

    @property
    def ready(self) -> bool:
        """Whether all of its containers answer their probes."""
        return bool(self.serving) and all(container.ready for container in self.serving)

    @property
    def restarts(self) -> int:
        """How often its containers were started again, in sum."""
        return sum(container.restarts for container in self.containers)

    @property
    def finished(self) -> bool:
        """Whether nothing in it will run again."""
        return self.phase in {"Succeeded", "Failed"}

    def container(self, name: str) -> Container | None:
        """Return the container of a name."""
        return next((container for container in self.containers if container.name == name), None)


class Watching(enum.StrEnum):
    """How well a namespace is known."""

    UNKNOWN = "unknown"
    LISTING = "listing"
    WATCHED = "watched"
    POLLED = "polled"
    RETRYING = "retrying"
    FORBIDDEN = "forbidden"


class NamespaceState(NamedTuple):
    """How a namespace stands.

    Attributes:
        watching: How well it is known.
        note: One sentence for the reader if something is wrong with it.
    """

    watching: Watching = Watching.UNKNOWN
    note: str = ""


Groups = dict[str, dict[Workload, dict[str, Pod]]]


@dataclass(frozen=True, slots=True)
class InventorySnapshot:
    """What is known of a cluster at one moment. Nothing in it is ever changed.

    Attributes:
        cluster: The cluster's name, as the reader knows it.
        namespaces: All known namespaces.
        groups: Pods by namespace, workload and UID.
        note: One sentence about the cluster as a whole, "" if all is well.
        version: Grows with each change.
    """

    cluster: str = ""
    namespaces: Mapping[str, NamespaceState] = field(default_factory=dict[str, NamespaceState])
    groups: Mapping[str, Mapping[Workload, Mapping[str, Pod]]] = field(
        default_factory=dict[str, dict[Workload, dict[str, Pod]]]
    )
    note: str = ""
    version: int = 0

    def pods(self) -> Iterator[Pod]:
        """Return all pods."""
        return (pod for workloads in self.groups.values() for pods in workloads.values() for pod in pods.values())


class Inventory:
    """Collects what a source sees. Snapshots share all that did not change since the one before."""

    def __init__(self, cluster: str) -> None:
        """Start with nothing known.

        Args:
            cluster: The cluster's name, as the reader knows it.
        """
        self._snapshot = InventorySnapshot(cluster)
        self._pods: dict[str, Pod] = {}
        self._groups: Groups = {}
        self._copied: set[tuple[str, Workload | None]] = set()
        self._changed_pods: dict[str, Pod | None] = {}
        self._changed = False

    def get(self, uid: str) -> Pod | None:
        """Return the pod of a UID, or None if it is gone or was never seen."""
        return self._pods.get(uid)

    def pods(self) -> Iterable[Pod]:
        """Return all pods that are known now."""
        return self._pods.values()

    def put(self, pod: Pod) -> None:
        """Note a pod that is new or changed."""
        old = self._pods.get(pod.uid)
        if old == pod:
            return
        if old is not None and (old.namespace, old.workload) != (pod.namespace, pod.workload):
            self._ungroup(old)
        self._pods[pod.uid] = pod
        self._group(pod.namespace, pod.workload)[pod.uid] = pod
        self._changed_pods[pod.uid] = pod
        self._changed = True

    def remove(self, uid: str) -> None:
        """Note that a pod is gone."""
        pod = self._pods.pop(uid, None)
        if pod is not None:
            self._ungroup(pod)
            self._changed_pods[uid] = None
            self._changed = True

    def replace(self, pods: Iterable[Pod], namespace: str | None) -> None:
        """Take a complete list: what is not in it is gone.

        Args:
            pods: All pods of the namespace.
            namespace: The namespace; None for a list of the whole cluster.
        """
        listed = {pod.uid: pod for pod in pods}
        gone = [
            uid
            for uid, pod in self._pods.items()
            if uid not in listed and (namespace is None or pod.namespace == namespace)
        ]
        for uid in gone:
            self.remove(uid)
        for pod in listed.values():
            self.put(pod)

    def set_namespace(self, name: str, state: NamespaceState | None = None) -> None:
        """Note a namespace, or how it stands."""
        known = self._snapshot.namespaces.get(name)
        wanted = state or known or NamespaceState()
        if wanted != known:
            self._snapshot = replace(self._snapshot, namespaces={**self._snapshot.namespaces, name: wanted})
            self._changed = True

    def remove_namespace(self, name: str) -> None:
        """Note that a namespace is gone."""
        if name in self._snapshot.namespaces:
            rest = {other: state for other, state in self._snapshot.namespaces.items() if other != name}
            self._snapshot = replace(self._snapshot, namespaces=rest)
            self._changed = True

    def set_note(self, note: str) -> None:
        """Say something about the cluster as a whole; "" takes it back."""
        if note != self._snapshot.note:
            self._snapshot = replace(self._snapshot, note=note)
            self._changed = True

    def take_changes(self) -> dict[str, Pod | None]:
        """Return the pods that changed since the last call, by UID; None for those that are gone."""
        changes, self._changed_pods = self._changed_pods, {}
        return changes

    def snapshot(self) -> InventorySnapshot:
        """Return what is known now; the same object as before if nothing changed."""
        if self._changed:
            self._changed = False
            self._copied.clear()
            for name in self._groups:
                if name not in self._snapshot.namespaces:
                    self.set_namespace(name)
            self._snapshot = replace(self._snapshot, groups=dict(self._groups), version=self._snapshot.version + 1)
            self._changed = False
        return self._snapshot

    def _group(self, namespace: str, workload: Workload) -> dict[str, Pod]:
        """Return the pods of a workload for writing, copying what a snapshot may still show."""
        if (namespace, None) not in self._copied:
            self._groups[namespace] = dict(self._groups.get(namespace, {}))
            self._copied.add((namespace, None))
        workloads = self._groups[namespace]
        if (namespace, workload) not in self._copied:
            workloads[workload] = dict(workloads.get(workload, {}))
            self._copied.add((namespace, workload))
        return workloads[workload]

    def _ungroup(self, pod: Pod) -> None:
        group = self._group(pod.namespace, pod.workload)
        group.pop(pod.uid, None)
        if not group:
            del self._groups[pod.namespace][pod.workload]
            self._copied.discard((pod.namespace, pod.workload))
        if not self._groups[pod.namespace]:
            del self._groups[pod.namespace]
            self._copied.discard((pod.namespace, None))
