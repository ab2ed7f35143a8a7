"""What pods say of themselves, and of how runs of their containers ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui.insight.cluster_events import ClusterEvent, ContainerFacts, EventKind, PodFacts
from hallucino_tui.session.inventory import ContainerState
from hallucino_tui.sources.kubernetes.endings import OUT_OF_MEMORY, describe_ending
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hallucino_tui.session.inventory import Container, Pod

_REVISIONS = ("pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash")


class _TypedPod(PodObject):
    kind: str | None = ""


def pods_of(items: Iterable[Any]) -> list[PodFacts]:
    """Return what pods say of themselves, in their order.

    Args:
        items: The items of a list of pods as decoded JSON.

    Raises:
        ValueError: One of them is no pod; says which, in one sentence.
    """
    return [facts_of(to_pod(_decode(item, place))) for place, item in enumerate(items)]


def facts_of(pod: Pod) -> PodFacts:
    """Return what a pod says of itself."""
    return PodFacts(
        name=pod.name,
        namespace=pod.namespace,
        workload=pod.workload.name,
        workload_kind="" if pod.workload.kind == "Pod" else pod.workload.kind,
        revision=next((pod.labels[name] for name in _REVISIONS if name in pod.labels), ""),
        created=pod.created,
        node=pod.node,
        containers=tuple(map(_container, pod.containers)),
    )


def restarts_of(pods: Iterable[PodFacts]) -> list[ClusterEvent]:
    """Return what pods say of runs of their containers that ended, the earliest first.

    Each container remembers two runs at most: the one before, and its last if that ended, too. A run that the node
    killed for want of memory is `EventKind.OOM_KILLED`, one that was followed by another `EventKind.RESTART`, the last
    one of all `EventKind.STOPPED`. The same run told by several states of a pod is returned once.
    """
    found: dict[tuple[str, str, str, int], ClusterEvent] = {}
    for pod in pods:
        for event in _endings(pod):
            found.setdefault((event.namespace, event.pod, event.container, event.time), event)
    return sorted(found.values(), key=lambda event: event.time)


def _endings(pod: PodFacts) -> Iterator[ClusterEvent]:
    for one in pod.containers:
        if one.last_finished is not None:
            # While it waits for its next start, the run that ended is still the newest one.
            then = (
                f"restart {max(one.restarts, 1)}" if one.state != "waiting" else one.reason or "not started again yet"
            )
            yield _ending(pod, one, one.last_finished, one.last_exit_code, one.last_reason, then)
        if one.state == "terminated" and one.finished is not None:
            yield _ending(pod, one, one.finished, one.exit_code, one.reason, "")


def _ending(
    pod: PodFacts, container: ContainerFacts, time: int, exit_code: int | None, reason: str, then: str
) -> ClusterEvent:
    kind = EventKind.RESTART if then else EventKind.STOPPED
    how = describe_ending(exit_code, reason)
    return ClusterEvent(
        time=time,
        last_time=time,
        kind=EventKind.OOM_KILLED if reason == OUT_OF_MEMORY else kind,
        reason=reason or "Terminated",
        message=f"{container.name} ended: {how}" + (f"; {then}" if then else ""),
        is_warning=bool(exit_code),
        namespace=pod.namespace,
        object_kind="Pod",
        object_name=pod.name,
        workload=pod.workload,
        pod=pod.name,
        container=container.name,
        exit_code=exit_code,
    )


def _container(one: Container) -> ContainerFacts:
    last = one.previous
    ended = one.instance if one.state is ContainerState.TERMINATED else None
    newest = ended or last
    return ContainerFacts(
        name=one.name,
        image=one.image,
        restarts=one.restarts,
        is_ready=one.ready,
        state=one.state,
        reason=one.reason,
        exit_code=None if newest is None else newest.exit_code,
        last_reason="" if last is None else last.reason,
        last_finished=None if last is None else last.finished or None,
        # While it waits, the newest run that is known is the one before.
        started=None if one.state is ContainerState.WAITING else one.instance.started or None,
        finished=None if ended is None else ended.finished or None,
        last_exit_code=None if last is None else last.exit_code,
    )


def _decode(item: object, place: int) -> PodObject:
    try:
        pod = msgspec.convert(item, _TypedPod)
    except msgspec.ValidationError as error:
        raise ValueError(f"Item {place + 1} is no pod: {error}.") from error
    if pod.kind not in {"", None, "Pod"}:
        raise ValueError(f"Item {place + 1} is no pod: it is of the kind {pod.kind}.")
    if not pod.metadata.name:
        raise ValueError(f"Item {place + 1} is no pod: it has no name.")
    return pod
