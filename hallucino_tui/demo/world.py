"""The world behind the API: nodes, namespaces, pods and events, and the clock that they share."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from hallucino_tui.demo.chance import Chance
from hallucino_tui.demo.cluster import ClusterState
from hallucino_tui.demo.events import EventBook
from hallucino_tui.demo.infrastructure import (
    config_map_object,
    lease_object,
    namespace_object,
    node_object,
    service_object,
)
from hallucino_tui.demo.pods import ContainerSpec, Pod, PodPlan
from hallucino_tui.demo.resources import CONFIG_MAPS, LEASES, NAMESPACES, NODES, PODS, SERVICES
from hallucino_tui.demo.timeformat import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from hallucino_tui.demo.encoding import JsonObject

USER = "hallucino-demo"
"""Who the one token of the demo cluster belongs to."""


class World:
    """Everything that lives in the cluster. What happens here is seen by lists, watches and follows at once.

    Not safe for threads: use it on the server's event loop.

    Attributes:
        state: The API objects.
        ids: Source of names and IDs.
        clock: Returns nanoseconds since the epoch.
        events: Where events are recorded.
        pods: The pods by namespace and name.
        log_max_bytes: Size at which new containers' log files rotate by themselves, None for never.
        on_change: Called with the pods whose state has changed, for controllers.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Callable[[], int] = time.time_ns,
        log_max_bytes: int | None = None,
    ) -> None:
        self.state = ClusterState()
        self.ids = Chance(seed, "ids")
        self.clock = clock
        self.events = EventBook(self.state, clock, self.ids)
        self.pods: dict[tuple[str, str], Pod] = {}
        self.log_max_bytes = log_max_bytes
        self.on_change: list[Callable[[Iterable[Pod]], None]] = []
        self._nodes: dict[str, str] = {}
        self._next_address: dict[str, int] = {}
        self._next_service = 11
        self._placed = 0
        self._dirty: dict[Pod, None] | None = None

    def add_node(self, name: str, *, roles: tuple[str, ...] = ()) -> None:
        """Add a node, ready and empty."""
        self._nodes[name] = f"192.0.2.{10 + len(self._nodes)}"
        self.state.put(NODES, node_object(self, name, roles))
        self.state.put(LEASES, lease_object(self, name))

    def heartbeat(self) -> None:
        """Renew the leases of all nodes, as kubelets do every ten seconds."""
        for name in self._nodes:
            self.state.put(LEASES, lease_object(self, name))

    def report_nodes(self) -> None:
        """Let all nodes report that they are well, as kubelets do every five minutes."""
        now = rfc3339(self.clock())
        for stored in self.state.list(NODES):
            item = stored.item
            conditions = [{**entry, "lastHeartbeatTime": now} for entry in item["status"]["conditions"]]
            status = {**item["status"], "conditions": conditions}
            self.state.put(NODES, {**item, "metadata": dict(item["metadata"]), "status": status})

    def add_namespace(self, name: str) -> None:
        """Add a namespace, with the ConfigMap that every namespace has."""
        self.state.put(NAMESPACES, namespace_object(self, name))
        self.state.put(CONFIG_MAPS, config_map_object(self, name, "kube-root-ca.crt", {"ca.crt": "(demo)\n"}))

    def remove_namespace(self, name: str) -> None:
        """Remove a namespace and the pods in it."""
        for pod in [pod for pod in self.pods.values() if pod.namespace == name]:
            pod.delete()
        self.state.delete(CONFIG_MAPS, name, "kube-root-ca.crt")
        self.state.delete(NAMESPACES, "", name)

    def add_service(self, namespace: str, name: str, selector: dict[str, str], port: int) -> str:
        """Add a service and return its address."""
        self._next_service += 1
        address = f"10.96.{self._next_service // 250}.{self._next_service % 250}"
        self.state.put(SERVICES, service_object(self, namespace, name, selector, (address, port)))
        return address

    def add_config_map(self, namespace: str, name: str, data: dict[str, str]) -> None:
        """Add or replace a ConfigMap."""
        self.state.put(CONFIG_MAPS, config_map_object(self, namespace, name, data))

    def add_pod(
        self,
        namespace: str,
        name: str,
        *containers: str | ContainerSpec,
        plan: PodPlan | None = None,
        running: bool = True,
    ) -> Pod:
        """Add a pod.

        Args:
            namespace: An existing namespace; it is added if it is not there.
            name: Its name.
            containers: Its containers; a name alone is a regular one. None given means those of the plan.
            plan: All else about it.
            running: Whether it runs and is ready at once, rather than being created.

        Raises:
            ValueError: There is such a pod.
        """
        if (namespace, name) in self.pods:
            raise ValueError(f"there is a pod {namespace}/{name}")
        plan = plan or PodPlan()
        if containers:
            specs = tuple(ContainerSpec(entry) if isinstance(entry, str) else entry for entry in containers)
            plan = PodPlan(
                specs,
                plan.labels,
                plan.annotations,
                plan.owner,
                plan.node,
                plan.restart_policy,
                plan.generate_name,
                plan.service_account,
                plan.grace_seconds,
            )
        if self.state.get(NAMESPACES, "", namespace) is None:
            self.add_namespace(namespace)
        pod = Pod(self, namespace, name, plan)
        self.pods[namespace, name] = pod
        if running:
            pod.run()
        else:
            pod.publish()
        return pod

    def find_pod(self, namespace: str, name: str) -> Pod | None:
        """Return a pod, or None."""
        return self.pods.get((namespace, name))

    def remove_pod(self, pod: Pod) -> None:
        """Take a pod out of the cluster; use `Pod.delete`."""
        self.pods.pop((pod.namespace, pod.name), None)
        if self._dirty is not None:
            self._dirty.pop(pod, None)
        self.state.delete(PODS, pod.namespace, pod.name)
        for listener in self.on_change:
            listener([pod])

    @contextlib.contextmanager
    def batch(self) -> Generator[None]:
        """Show several changes of a pod as one."""
        if self._dirty is not None:
            yield
            return
        self._dirty = {}
        try:
            yield
        finally:
            dirty, self._dirty = self._dirty, None
            self._show(dirty)

    def changed(self, pod: Pod) -> None:
        """Show a pod's present state; use `Pod.publish`."""
        if self._dirty is not None:
            self._dirty[pod] = None
            return
        self._show([pod])

    def record(self, pod: Pod, kind: str, reason: str, message: str, *, container: str = "") -> None:
        """Record an event of a pod that its node reports.

        Args:
            pod: What it is about.
            kind: ``Normal`` or ``Warning``.
            reason: One word, for example ``Killing``.
            message: A sentence.
            container: The regular container that it is about, if it is about one.
        """
        involved: JsonObject = {
            "kind": "Pod",
            "namespace": pod.namespace,
            "name": pod.name,
            "uid": pod.uid,
            "apiVersion": "v1",
        }
        if container:
            field = "initContainers" if pod.container(container).spec.kind in {"init", "sidecar"} else "containers"
            involved["fieldPath"] = f"spec.{field}{{{container}}}"
        self.events.record(involved, kind, reason, message, component="kubelet", host=pod.node)

    def _show(self, pods: Iterable[Pod]) -> None:
        for pod in pods:
            if not pod.gone:
                self.state.put(PODS, pod.render())
        for listener in self.on_change:
            listener(pods)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The names of all nodes."""
        return tuple(self._nodes)

    def choose_node(self) -> str:
        """Return the node for the next pod, each in turn; the first node where there is a choice is for itself."""
        if not self._nodes:
            self.add_node("worker-1")
        names = tuple(self._nodes)
        workers = names[1:] or names
        self._placed += 1
        return workers[self._placed % len(workers)]

    def node_address(self, node: str) -> str:
        """Return a node's address; nodes that do not exist have one too, as a pod may name such a node."""
        return self._nodes.get(node, "192.0.2.250")

    def next_ip(self, node: str) -> str:
        """Return an unused address for a pod on a node."""
        number = self._next_address.get(node, 0)
        self._next_address[node] = number + 1
        subnet = tuple(self._nodes).index(node) if node in self._nodes else 200
        return f"10.{244 + number // 250 % 12}.{subnet}.{number % 250 + 2}"
