"""Fills the inventory of one cluster from lists and watches of namespaces and pods."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.session.inventory import NamespaceState, Watching
from hallucino_tui.sources.kubernetes.objects import NamespaceObject, PodObject, to_pod
from hallucino_tui.sources.kubernetes.reflector import Reflector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.inventory import Inventory
    from hallucino_tui.sources.kubernetes.client import Client


@dataclass(slots=True)
class _PodSink:
    """Puts pods into the inventory.

    Attributes:
        inventory: Where they go.
        namespace: Whose pods these are; None for those of the whole cluster.
        source: Hears when the whole cluster cannot be listed.
    """

    inventory: Inventory
    namespace: str | None
    source: ClusterInventory

    def replace(self, items: Sequence[PodObject]) -> None:
        """Take a complete list."""
        self.inventory.replace([to_pod(item) for item in items], self.namespace)

    def put(self, item: PodObject) -> None:
        """Take a pod that is new or changed."""
        self.inventory.put(to_pod(item))

    def remove(self, item: PodObject) -> None:
        """Note that a pod is gone."""
        self.inventory.remove(item.metadata.uid)

    def report(self, watching: Watching, note: str) -> None:
        """Note how well the pods are known."""
        state = NamespaceState(watching, note)
        if self.namespace is not None:
            self.inventory.set_namespace(self.namespace, state)
        else:
            self.source.report_cluster(state)


@dataclass(slots=True)
class _NamespaceSink:
    """Puts namespaces into the inventory."""

    inventory: Inventory
    source: ClusterInventory

    def replace(self, items: Sequence[NamespaceObject]) -> None:
        """Take a complete list."""
        listed = {item.metadata.name for item in items}
        for name in set(self.inventory.snapshot().namespaces) - listed:
            self.inventory.remove_namespace(name)
        for name in listed:
            self.source.add_namespace(name)

    def put(self, item: NamespaceObject) -> None:
        """Take a namespace that is new or changed."""
        self.source.add_namespace(item.metadata.name)

    def remove(self, item: NamespaceObject) -> None:
        """Note that a namespace is gone."""
        self.inventory.remove_namespace(item.metadata.name)

    def report(self, watching: Watching, note: str) -> None:
        """Say nothing: without the right to list them, namespaces are those of the pods that can be seen."""
        if watching is Watching.RETRYING:
            self.source.say("namespaces", note)
        elif watching in {Watching.WATCHED, Watching.POLLED}:
            self.source.say("namespaces", "")


class ClusterInventory:
    """Watches namespaces, and the pods of those that somebody wants to see."""

    def __init__(
        self,
        client: Client,
        inventory: Inventory,
        clock: Clock,
        selector: str = "",
        on_watch: Callable[[str | None], None] | None = None,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            client: Speaks to the API server.
            inventory: Where everything goes.
            clock: Waits.
            selector: A label selector for pods; "" for all.
            on_watch: Called with each namespace whose pods are watched from now on; None for the whole cluster.
        """
        self._client = client
        self._inventory = inventory
        self._clock = clock
        self._selector = selector
        self._on_watch = on_watch
        self._whole: NamespaceState | None = None
        self._by_namespace = False
        self._notes = {"pods": "", "namespaces": ""}
        self._reflectors: list[Reflector[PodObject] | Reflector[NamespaceObject]] = []
        self._watched: set[str | None] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def watch_namespaces(self) -> None:
        """Keep the list of namespaces."""
        sink = _NamespaceSink(self._inventory, self)
        self._begin(Reflector(self._client, "/api/v1/namespaces", NamespaceObject, sink, self._clock), "namespaces")

    def watch_pods(self, namespace: str | None) -> None:
        """Keep the pods of a namespace, or (None) of the whole cluster; nothing happens if they are kept already."""
        if namespace in self._watched or (None in self._watched and not self._by_namespace):
            return
        self._watched.add(namespace)
        path = "/api/v1/pods" if namespace is None else f"/api/v1/namespaces/{namespace}/pods"
        sink = _PodSink(self._inventory, namespace, self)
        if namespace is not None:
            self._inventory.set_namespace(namespace, NamespaceState(Watching.LISTING))
        reflector = Reflector(self._client, path, PodObject, sink, self._clock, self._selector)
        self._begin(reflector, f"pods in {namespace or 'all namespaces'}")
        if self._on_watch is not None:
            self._on_watch(namespace)

    def add_namespace(self, name: str) -> None:
        """Note that a namespace exists."""
        if self._by_namespace:
            self._inventory.set_namespace(name)
            self.watch_pods(name)
        else:
            self._inventory.set_namespace(name, self._whole)

    def report_cluster(self, state: NamespaceState) -> None:
        """Note how well the pods of the whole cluster are known."""
        if state.watching is Watching.FORBIDDEN and not self._by_namespace:
            # Rights may end at namespaces: ask for each of them alone.
            self._by_namespace = True
            self.say("pods", state.note)
            for name in self._inventory.snapshot().namespaces:
                self.watch_pods(name)
        elif not self._by_namespace:
            self._whole = state
            self.say("pods", state.note)
            for name in self._inventory.snapshot().namespaces:
                self._inventory.set_namespace(name, NamespaceState(state.watching))

    def say(self, about: str, note: str) -> None:
        """Say something about the cluster as a whole; "" takes back what was said about the same."""
        self._notes[about] = note
        self._inventory.set_note(next(filter(None, self._notes.values()), ""))

    def hurry(self) -> None:
        """Connect anew at once: the machine slept, or its network changed."""
        for reflector in self._reflectors:
            reflector.hurry()

    async def close(self) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, reflector: Reflector[PodObject] | Reflector[NamespaceObject], name: str) -> None:
        self._reflectors.append(reflector)
        self._tasks.append(asyncio.create_task(reflector.run(), name=f"reflect {name}"))
