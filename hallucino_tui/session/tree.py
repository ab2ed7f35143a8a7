"""The tree of a cluster as the rows that show: what is collapsed is not built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.session.inventory import ContainerKind, ContainerState, Pod, Watching, Workload
from hallucino_tui.session.nodes import (
    Health,
    NodeKey,
    NodeKind,
    container_key,
    namespace_key,
    pod_key,
    workload_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hallucino_tui.session.inventory import Container, InventorySnapshot, NamespaceState


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One visible row of the tree.

    Attributes:
        key: Which node.
        depth: How far it is indented, from 0.
        label: Its name.
        detail: Short facts behind the name, for example ``3/3`` or ``CrashLoopBackOff``.
        health: How it is.
        restarts: How often it was started again.
        expandable: Whether there is something in it.
        expanded: Whether that shows.
    """

    key: NodeKey
    depth: int
    label: str
    detail: str = ""
    health: Health = Health.UNKNOWN
    restarts: int = 0
    expandable: bool = False
    expanded: bool = False


def keys_above(pod: Pod, container: str) -> tuple[NodeKey, NodeKey, NodeKey, NodeKey]:
    """Return the keys that a container can be chosen by: its own and those of all nodes above it."""
    return (
        container_key(pod.uid, container),
        pod_key(pod.uid),
        workload_key(pod.namespace, pod.workload),
        namespace_key(pod.namespace),
    )


class TreeBuilder:
    """Builds the rows that show. What has not changed since the last time is not built again."""

    def __init__(self) -> None:
        self._namespaces: dict[str, _Built] = {}
        self._workloads: dict[NodeKey, _Built] = {}

    def build(self, inventory: InventorySnapshot, expanded: frozenset[NodeKey]) -> list[TreeRow]:
        """Return the rows that show.

        Args:
            inventory: What is known of the cluster. Its snapshots share what did not change; that is how it is known.
            expanded: The nodes whose content shows.
        """
        rows: list[TreeRow] = []
        for name in sorted(inventory.namespaces):
            state, workloads = inventory.namespaces[name], inventory.groups.get(name, _NO_WORKLOADS)
            built = self._namespaces.get(name)
            if built is None or built.state != state or not built.holds(workloads, expanded):
                found = tuple(self._namespace_rows(name, state, workloads, expanded))
                built = self._namespaces[name] = _Built(workloads, expanded, found, state)
            rows.extend(built.rows)
        self._forget(inventory)
        return rows

    def _namespace_rows(
        self,
        name: str,
        state: NamespaceState,
        workloads: Mapping[Workload, Mapping[str, Pod]],
        expanded: frozenset[NodeKey],
    ) -> Iterator[TreeRow]:
        key = namespace_key(name)
        yield _namespace_row(key, state, workloads, expanded=key in expanded)
        if key not in expanded:
            return
        if state.note or not workloads:
            yield from _note_rows(name, state)
        for workload in sorted(workloads, key=lambda workload: (workload.name, workload.kind)):
            yield from self._workload_rows(workload_key(name, workload), workload, workloads[workload], expanded)

    def _workload_rows(
        self, key: NodeKey, workload: Workload, pods: Mapping[str, Pod], expanded: frozenset[NodeKey]
    ) -> tuple[TreeRow, ...]:
        built = self._workloads.get(key)
        if built is None or not built.holds(pods, expanded):
            rows = tuple(_workload_rows(key, workload, pods, expanded))
            built = self._workloads[key] = _Built(pods, expanded, rows)
        return built.rows

    def _forget(self, inventory: InventorySnapshot) -> None:
        """Drop what is remembered of nodes that are gone."""
        if len(self._namespaces) > len(inventory.namespaces):
            self._namespaces = {name: one for name, one in self._namespaces.items() if name in inventory.namespaces}
        known = sum(map(len, inventory.groups.values()))
        if len(self._workloads) > 2 * known + 16:
            self._workloads.clear()


@dataclass(frozen=True, slots=True)
class _Built:
    """Rows that were built, and from what."""

    content: Mapping[Any, Any]
    expanded: frozenset[NodeKey]
    rows: tuple[TreeRow, ...]
    state: NamespaceState | None = None

    def holds(self, content: Mapping[Any, Any], expanded: frozenset[NodeKey]) -> bool:
        """Whether they would be the same again."""
        return content is self.content and expanded is self.expanded


_NO_WORKLOADS: Final[Mapping[Workload, Mapping[str, Pod]]] = {}


def _namespace_row(
    key: NodeKey, state: NamespaceState, workloads: Mapping[Workload, Mapping[str, Pod]], *, expanded: bool
) -> TreeRow:
    health = Health.BAD if state.watching is Watching.FORBIDDEN else Health.UNKNOWN
    detail = _namespace_detail(state, workloads)
    return TreeRow(key, 0, key.path[0], detail, health, 0, expandable=True, expanded=expanded)


def _note_rows(name: str, state: NamespaceState) -> Iterator[TreeRow]:
    key = NodeKey(NodeKind.NOTE, (name,))
    if state.note:
        health = Health.BAD if state.watching is Watching.FORBIDDEN else Health.UNKNOWN
        yield TreeRow(key, 1, state.note, health=health)
    elif state.watching in {Watching.WATCHED, Watching.POLLED}:
        yield TreeRow(key, 1, "no pods here")


def _namespace_detail(state: NamespaceState, workloads: Mapping[Workload, Mapping[str, Pod]]) -> str:
    if state.watching in {Watching.LISTING, Watching.FORBIDDEN, Watching.RETRYING}:
        return "…" if state.watching is Watching.LISTING else state.watching.value
    pods = sum(map(len, workloads.values()))
    return f"{pods}" if state.watching is not Watching.UNKNOWN else ""


def _workload_rows(
    key: NodeKey, workload: Workload, pods: Mapping[str, Pod], nodes: frozenset[NodeKey]
) -> Iterator[TreeRow]:
    members = sorted(pods.values(), key=lambda pod: (pod.name, pod.uid))
    if workload.kind == "Pod" and len(members) == 1:
        yield from _pod_rows(members[0], 1, nodes)
        return
    expanded = key in nodes
    running = [pod for pod in members if not pod.finished]
    ready = sum(pod.ready for pod in running)
    detail = f"{ready}/{len(running)}" if running else f"{len(members)} done"
    restarts = sum(pod.restarts for pod in members)
    yield TreeRow(key, 1, workload.name, detail, _worst([pod_health(pod) for pod in members]), restarts, True, expanded)
    if expanded:
        for pod in members:
            yield from _pod_rows(pod, 2, nodes)


def _pod_rows(pod: Pod, depth: int, nodes: frozenset[NodeKey]) -> Iterator[TreeRow]:
    key = pod_key(pod.uid)
    expanded = key in nodes
    full = bool(pod.containers)
    yield TreeRow(key, depth, pod.name, _pod_detail(pod), pod_health(pod), pod.restarts, full, expanded and full)
    if expanded:
        for container in pod.containers:
            yield TreeRow(
                container_key(pod.uid, container.name),
                depth + 1,
                container.name,
                _container_detail(container),
                container_health(container),
                container.restarts,
            )


def _pod_detail(pod: Pod) -> str:
    if pod.deleting:
        return "Terminating"
    if pod.reason or not pod.phase:
        return pod.reason
    if pod.phase == "Running":
        return "" if pod.ready else f"{sum(one.ready for one in pod.serving)}/{len(pod.serving)} ready"
    return "Completed" if pod.phase == "Succeeded" else pod.phase


def _container_detail(container: Container) -> str:
    kind = "" if container.kind is ContainerKind.APP else container.kind.value
    if container.state is ContainerState.TERMINATED:
        code = container.instance.exit_code
        state = f"{container.reason or 'Terminated'}" + (f" {code}" if code else "")
    else:
        state = container.reason if container.state is ContainerState.WAITING else ""
    return " ".join(part for part in (kind, state) if part)


def pod_health(pod: Pod) -> Health:
    """Return how a pod is, at a glance. A file is shown as a pod without a phase."""
    if not pod.phase and not pod.containers:
        return Health.BAD if pod.reason else Health.GOOD
    if pod.phase == "Succeeded":
        return Health.DONE
    if pod.phase == "Failed" or any(container_health(one) is Health.BAD for one in pod.containers):
        return Health.BAD
    return Health.GOOD if pod.ready and not pod.deleting else Health.PENDING


def container_health(container: Container) -> Health:
    """Return how a container is, at a glance."""
    if container.state is ContainerState.TERMINATED:
        return Health.BAD if container.instance.exit_code else Health.DONE
    if container.state is ContainerState.WAITING:
        starting = container.reason in {"", "ContainerCreating", "PodInitializing"}
        return Health.PENDING if starting else Health.BAD
    return Health.GOOD if container.ready or container.kind is not ContainerKind.APP else Health.PENDING


def _worst(healths: list[Health]) -> Health:
    return next(
        (one for one in (Health.BAD, Health.PENDING, Health.GOOD, Health.DONE) if one in healths), Health.UNKNOWN
    )
