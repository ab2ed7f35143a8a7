"""What a description tells of events, of the rollouts of a Deployment, and of the node that a pod is on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.sources.kubernetes.errors import ApiError
from hallucino_tui.sources.kubernetes.event_reading import read_items, to_events
from hallucino_tui.sources.kubernetes.event_watch import NodeObject
from hallucino_tui.sources.kubernetes.objects import ContainerSpec, ObjectMeta, to_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.sources.kubernetes.client import Client

_MOST_EVENTS: Final = 200
_MOST_PAGES: Final = 20
_MOST_ROLLOUTS: Final = 10


class _TemplateSpec(msgspec.Struct):
    containers: list[ContainerSpec] | None = None


class _Template(msgspec.Struct):
    spec: _TemplateSpec = msgspec.field(default_factory=_TemplateSpec)


class _SetSpec(msgspec.Struct):
    replicas: int | None = 0
    template: _Template = msgspec.field(default_factory=_Template)


class _SetStatus(msgspec.Struct, rename="camel"):
    ready_replicas: int | None = 0


class _SetMeta(ObjectMeta, rename="camel"):
    annotations: dict[str, str] | None = None


class _ReplicaSet(msgspec.Struct):
    metadata: _SetMeta = msgspec.field(default_factory=_SetMeta)
    spec: _SetSpec = msgspec.field(default_factory=_SetSpec)
    status: _SetStatus = msgspec.field(default_factory=_SetStatus)

    @property
    def revision(self) -> int:
        """Which version of the Deployment it is; 0 if it does not say."""
        text = (self.metadata.annotations or {}).get("deployment.kubernetes.io/revision", "")
        return int(text) if text.isdecimal() else 0


class _ReplicaSetList(msgspec.Struct):
    items: list[_ReplicaSet] = msgspec.field(default_factory=list[_ReplicaSet])


async def describe_events(client: Client, namespace: str, fields: str = "", workload: str = "") -> list[str]:
    """Return the newest events of a namespace, the oldest of them first.

    Args:
        client: Speaks to the API server.
        namespace: The namespace.
        fields: A field selector; "" for all.
        workload: Only those of this workload, its ReplicaSets and its pods; "" for all.

    Raises:
        ClusterError: The cluster does not answer. That events may not be read is told instead.
    """
    try:
        found = to_events(await read_items(client, namespace, "events", fields=fields, pages=_MOST_PAGES))
    except ApiError as error:
        return [f"Events:     {error}"]
    found = [event for event in found if not workload or workload in {event.workload, event.object_name}]
    if not found:
        return ["Events:     none (a cluster forgets them after an hour or so)"]
    found.sort(key=lambda event: event.last_time)
    return ["Events:", *map(_event_line, found[-_MOST_EVENTS:])]


async def describe_rollouts(client: Client, namespace: str, name: str, selector: Mapping[str, Any]) -> list[str]:
    """Return the ReplicaSets of a Deployment, the newest revision first.

    Args:
        client: Speaks to the API server.
        namespace: Where it is.
        name: Its name.
        selector: The labels that its pods have.
    """
    labels = ",".join(f"{key}={value}" for key, value in selector.items())
    params = {"labelSelector": labels} if labels else {}
    try:
        path = f"/apis/apps/v1/namespaces/{quote(namespace)}/replicasets"
        found = (await client.get(path, _ReplicaSetList, params)).items
    except ApiError as error:
        return [f"Rollouts:   {error}"]
    own = [
        one
        for one in found
        if any((owner.kind, owner.name) == ("Deployment", name) for owner in one.metadata.owner_references or ())
    ]
    own.sort(key=lambda one: -one.revision)
    return ["", "Rollouts:", *map(_rollout_line, own[:_MOST_ROLLOUTS])] if own else []


async def describe_node(client: Client, name: str) -> list[str]:
    """Return how a node is, if that may be known."""
    if not name:
        return []
    try:
        node = await client.get(f"/api/v1/nodes/{quote(name)}", NodeObject)
    except ApiError as error:
        return ["Node state: unknown, there is no right to read nodes"] if error.status == 403 else []
    bad = [one for one in node.status.conditions or () if not one.is_good]
    return [
        f"Node state: {one.type} is {one.status} ({one.reason}: {one.message}), {_since(one.last_transition_time)}"
        for one in bad
    ]


def _event_line(event: ClusterEvent) -> str:
    times = f" (x{event.count})" if event.count > 1 else ""
    about = f"{event.object_kind}/{event.object_name}"
    kind = "Warning" if event.is_warning else "Normal"
    when = age_of(event.last_time) if event.last_time else "unknown"
    return f"  {when:>14}  {kind:<7}  {event.reason:<20}  {about}: {event.message.strip()}{times}"


def _rollout_line(one: _ReplicaSet) -> str:
    images = ", ".join(container.image for container in one.spec.template.spec.containers or ())
    ready = f"{one.status.ready_replicas or 0} of {one.spec.replicas or 0} ready"
    return (
        f"  {_since(one.metadata.creation_timestamp):>14}  revision {one.revision:<3}  "
        f"{one.metadata.name:<20}  {ready}  {images}"
    )


def _since(moment: str | None) -> str:
    time = to_time(moment)
    return age_of(time) if time else "unknown"


def age_of(time: int) -> str:
    """Return how long ago a time was, in nanoseconds since the epoch."""
    seconds = datetime.now(UTC).timestamp() - time / NANOSECONDS
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f}{unit} ago"
    return f"{max(seconds, 0):.0f}s ago"
