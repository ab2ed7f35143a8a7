"""Watches events of namespaces and the state of nodes, and tells what it hears to `Happenings`."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.session.inventory import Watching
from hallucino_tui.sources.kubernetes.event_objects import EventObject
from hallucino_tui.sources.kubernetes.objects import ObjectMeta, to_time
from hallucino_tui.sources.kubernetes.reflector import Reflector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.session.clock import Clock
    from hallucino_tui.sources.kubernetes.client import Client
    from hallucino_tui.sources.kubernetes.happenings import Happenings

_AT_ONCE: Final = 200
"""Events that are looked at in one go, some milliseconds."""

MOST_NODES: Final = 16
"""Each node that is watched takes a connection, and a node tells much of itself."""


class NodeCondition(msgspec.Struct, rename="camel"):
    """One of the conditions of a node."""

    type: str = ""
    status: str = ""
    reason: str | None = ""
    message: str | None = ""
    last_transition_time: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is as it should be: ready, and no pressure of any kind."""
        return self.status == ("True" if self.type == "Ready" else "False")


class NodeStatus(msgspec.Struct):
    """A node as it is."""

    conditions: list[NodeCondition] | None = None


class NodeObject(msgspec.Struct):
    """A node."""

    metadata: ObjectMeta = msgspec.field(default_factory=ObjectMeta)
    status: NodeStatus = msgspec.field(default_factory=NodeStatus)


@dataclass(slots=True)
class _EventSink:
    """Hands events on. Without the right to read them they are left out; what describes a pod says so."""

    watch: EventWatch

    def replace(self, items: Sequence[EventObject]) -> None:
        """Take a complete list. What is no longer in it was forgotten by the cluster, and happened all the same."""
        self.watch.hear(sorted(items, key=lambda item: item.sort_key))

    def put(self, item: EventObject) -> None:
        """Take an event that is new or changed."""
        self.watch.hear([item])

    def remove(self, item: EventObject) -> None:
        """Do nothing: it happened."""

    def report(self, watching: Watching, note: str) -> None:
        """Say nothing."""


@dataclass(slots=True)
class _NodeSink:
    """Tells of conditions of one node that changed, or that are bad when it is seen for the first time."""

    happenings: Happenings
    watch: EventWatch
    conditions: dict[str, str] | None = None

    def replace(self, items: Sequence[NodeObject]) -> None:
        """Take a list of the one node."""
        for item in items:
            self.put(item)

    def put(self, item: NodeObject) -> None:
        """Take the node as it is now."""
        before, now = self.conditions, item.status.conditions or []
        self.conditions = {one.type: one.status for one in now}
        for one in now:
            is_news = not one.is_good if before is None else before.get(one.type, one.status) != one.status
            if is_news and (time := to_time(one.last_transition_time)):
                name = item.metadata.name
                self.happenings.add(f"node/{name}/{one.type}/{time}", _condition_event(name, one, time))

    def remove(self, item: NodeObject) -> None:
        """Do nothing: its pods tell."""

    def report(self, watching: Watching, note: str) -> None:  # noqa: ARG002 - what describes a pod says why
        """Give up where nodes may not be read."""
        if watching is Watching.FORBIDDEN:
            self.watch.forbid_nodes()


class EventWatch:
    """Watches events, and the nodes that pods are read from, for as long as it is open."""

    def __init__(self, client: Client, happenings: Happenings, clock: Clock) -> None:
        """Prepare; nothing is read yet.

        Args:
            client: Speaks to the API server.
            happenings: Hears of everything.
            clock: Waits.
        """
        self._client = client
        self._happenings = happenings
        self._clock = clock
        self._reflectors: dict[str, Reflector[EventObject] | Reflector[NodeObject]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._arrived: deque[EventObject] = deque()
        self._nodes: set[str] = set()
        self._may_read_nodes = True
        happenings.on_nodes = self._watch_nodes

    def watch(self, namespace: str | None) -> None:
        """Watch the events of a namespace, or (None) of the whole cluster."""
        path = "/api/v1/events" if namespace is None else f"/api/v1/namespaces/{namespace}/events"
        if path not in self._reflectors:
            self._begin(path, Reflector(self._client, path, EventObject, _EventSink(self), self._clock))

    def hear(self, events: Sequence[EventObject]) -> None:
        """Take events, in the order of time; many of them bit by bit, so that lines have their turn."""
        if len(events) <= _AT_ONCE and not self._arrived:
            self._happenings.hear(events)
            return
        if not self._arrived:
            self._tasks["hand over"] = asyncio.create_task(self._hand_over(), name="hand over events")
        self._arrived.extend(events)

    def hurry(self) -> None:
        """Connect anew at once: the machine slept, or its network changed."""
        for reflector in self._reflectors.values():
            reflector.hurry()

    def forbid_nodes(self) -> None:
        """Stop to read nodes: there is no right to."""
        self._may_read_nodes = False
        for name in self._nodes:
            self._tasks[f"node/{name}"].cancel()

    async def close(self) -> None:
        """Stop watching."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _hand_over(self) -> None:
        while self._arrived:
            self._happenings.hear([self._arrived.popleft() for _ in range(min(_AT_ONCE, len(self._arrived)))])
            await asyncio.sleep(0.005)

    def _watch_nodes(self) -> None:
        """Watch each node that pods are read from, up to a number of them."""
        if not self._may_read_nodes:
            return
        for name in sorted(self._happenings.nodes - self._nodes)[: MOST_NODES - len(self._nodes)]:
            self._nodes.add(name)
            sink = _NodeSink(self._happenings, self)
            fields = f"metadata.name={name}"
            reflector = Reflector(self._client, "/api/v1/nodes", NodeObject, sink, self._clock, fields=fields)
            self._begin(f"node/{name}", reflector)

    def _begin(self, key: str, reflector: Reflector[EventObject] | Reflector[NodeObject]) -> None:
        self._reflectors[key] = reflector
        self._tasks[key] = asyncio.create_task(reflector.run(), name=f"reflect {key}")


def _condition_event(node: str, condition: NodeCondition, time: int) -> ClusterEvent:
    said = ": ".join(part for part in (condition.reason, condition.message) if part)
    return ClusterEvent(
        time=time,
        last_time=time,
        kind=EventKind.NODE,
        reason=f"{condition.type}={condition.status}",
        message=said,
        is_warning=not condition.is_good,
        object_kind="Node",
        object_name=node,
    )
