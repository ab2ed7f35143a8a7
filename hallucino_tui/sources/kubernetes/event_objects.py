"""Events and pods as a cluster, or ``kubectl get -o json``, writes them, turned into what insight looks at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hallucino_tui.insight.cluster_events import ClusterEvent
from hallucino_tui.sources.kubernetes.event_kinds import kind_of, scaling_of
from hallucino_tui.sources.kubernetes.event_owners import Owners
from hallucino_tui.sources.kubernetes.event_rollouts import mark_rollouts
from hallucino_tui.sources.kubernetes.objects import ObjectMeta, to_time
from hallucino_tui.sources.kubernetes.pod_facts import pods_of, restarts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.insight.cluster_events import PodFacts

__all__ = ["events_of", "pods_of", "restarts_of"]

_CONTAINER: Final = re.compile(r"spec\.(?:initContainers|containers|ephemeralContainers)\{([^}]+)\}")
_MADE: Final = re.compile(r"(?:Created|Deleted) pod: (\S+)|(?:create|delete) Pod (\S+) in \w+ ")


class ObjectReference(msgspec.Struct, rename="camel"):
    """What an event is about."""

    kind: str | None = ""
    namespace: str | None = ""
    name: str | None = ""
    uid: str | None = ""
    field_path: str | None = ""


class EventSeries(msgspec.Struct, rename="camel"):
    """How an event went on."""

    count: int | None = None
    last_observed_time: str | None = None


class EventObject(msgspec.Struct, rename="camel"):
    """An event of the core API, or of ``events.k8s.io``, which names the same things anew."""

    metadata: ObjectMeta = msgspec.field(default_factory=ObjectMeta)
    kind: str | None = ""
    involved_object: ObjectReference | None = None
    regarding: ObjectReference | None = None
    type: str | None = ""
    reason: str | None = ""
    message: str | None = ""
    note: str | None = ""
    count: int | None = None
    deprecated_count: int | None = None
    first_timestamp: str | None = None
    deprecated_first_timestamp: str | None = None
    last_timestamp: str | None = None
    deprecated_last_timestamp: str | None = None
    event_time: str | None = None
    series: EventSeries | None = None

    @property
    def about(self) -> ObjectReference:
        """What it is about."""
        return self.involved_object or self.regarding or ObjectReference()

    @property
    def times(self) -> tuple[int, int]:
        """When it happened first and last, in nanoseconds since the epoch; 0 if it does not say."""
        last_seen = self.series.last_observed_time if self.series else None
        once = to_time(self.event_time)
        first = to_time(self.first_timestamp) or to_time(self.deprecated_first_timestamp) or once
        last = to_time(last_seen) or to_time(self.last_timestamp) or to_time(self.deprecated_last_timestamp)
        first = first or last or to_time(self.metadata.creation_timestamp)
        return first, max(first, last)

    @property
    def sort_key(self) -> str:
        """What sorts many events by time without reading their times: all are written in one form."""
        return self.first_timestamp or self.event_time or self.metadata.creation_timestamp or ""

    @property
    def times_seen(self) -> int:
        """How often it happened."""
        return max((self.series.count if self.series else 0) or 0, self.count or self.deprecated_count or 1, 1)


def events_of(items: Iterable[Any], pods: Iterable[PodFacts] = ()) -> list[ClusterEvent]:
    """Return what a cluster's events say, in their order.

    Args:
        items: The items of a list of events as decoded JSON, of ``v1`` or of ``events.k8s.io/v1``.
        pods: What is known of pods, for the names of their workloads; without them, names have to do.

    Raises:
        ValueError: One of them is no event; says which, in one sentence.
    """
    objects = [_decode(item, place) for place, item in enumerate(items)]
    owners = Owners()
    for pod in pods:
        owners.add_pod(pod.namespace, pod.name, pod.workload)
    for one in objects:
        learn(one, owners)
    return mark_rollouts([to_event(one, owners, index) for index, one in enumerate(objects)])


def learn(event: EventObject, owners: Owners) -> None:
    """Remember what an event tells of who made what."""
    about, text = event.about, event.message or event.note or ""
    namespace = about.namespace or event.metadata.namespace
    if scaling := scaling_of(text):
        owners.add(namespace, "ReplicaSet", scaling[0], about.kind or "", about.name or "")
    if made := _made(text):
        owners.add(namespace, "Pod", made, about.kind or "", about.name or "")


def to_event(event: EventObject, owners: Owners, index: int = -1) -> ClusterEvent:
    """Return what one event says."""
    about, text, reason = event.about, event.message or event.note or "", event.reason or ""
    kind, name = about.kind or "", about.name or ""
    namespace = about.namespace or ("" if kind == "Node" else event.metadata.namespace)
    first, last = event.times
    container = _CONTAINER.match(about.field_path or "")
    return ClusterEvent(
        time=first,
        last_time=last,
        kind=kind_of(reason, kind, text),
        reason=reason,
        message=text,
        is_warning=event.type == "Warning",
        namespace=namespace,
        object_kind=kind,
        object_name=name,
        workload=owners.workload_of(namespace, kind, name),
        pod=name if kind == "Pod" else _made(text),
        container=container[1] if container else "",
        count=event.times_seen,
        index=index,
    )


def _made(text: str) -> str:
    """Return the pod that an event says was made or removed, "" if it says nothing of the kind."""
    match = _MADE.search(text)
    return (match[1] or match[2]) if match else ""


def _decode(item: object, place: int) -> EventObject:
    try:
        event = msgspec.convert(item, EventObject)
    except msgspec.ValidationError as error:
        raise ValueError(f"Item {place + 1} is no event: {error}.") from error
    if event.kind not in {"", None, "Event"}:
        raise ValueError(f"Item {place + 1} is no event: it is of the kind {event.kind}.")
    if event.involved_object is None and event.regarding is None:
        raise ValueError(f"Item {place + 1} is no event: it does not say what it is about.")
    return event
