"""The parts of Kubernetes objects that matter here, decoded in one pass, and what they mean to a reader."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.logs.moment import NO_TIME, parse_prefix
from hallucino_tui.session.inventory import (
    NO_INSTANCE,
    Container,
    ContainerKind,
    ContainerState,
    Instance,
    Pod,
    Workload,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class OwnerReference(msgspec.Struct):
    """Who made an object."""

    kind: str = ""
    name: str = ""
    controller: bool = False


class ObjectMeta(msgspec.Struct, rename="camel"):
    """What every object carries."""

    name: str = ""
    namespace: str = ""
    uid: str = ""
    resource_version: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    labels: dict[str, str] | None = None
    owner_references: list[OwnerReference] | None = None


class ListMeta(msgspec.Struct, rename="camel"):
    """What every list carries."""

    resource_version: str = ""
    continue_: str = msgspec.field(default="", name="continue")


class ContainerSpec(msgspec.Struct, rename="camel"):
    """A container as it was asked for."""

    name: str
    image: str = ""
    restart_policy: str | None = None


class PodSpec(msgspec.Struct, rename="camel"):
    """A pod as it was asked for."""

    node_name: str = ""
    init_containers: list[ContainerSpec] | None = None
    containers: list[ContainerSpec] | None = None
    ephemeral_containers: list[ContainerSpec] | None = None


class Waiting(msgspec.Struct):
    """Why a container has not started."""

    reason: str = ""


class Running(msgspec.Struct, rename="camel"):
    """Since when a container runs."""

    started_at: str | None = None


class Terminated(msgspec.Struct, rename="camel"):
    """How a container ended."""

    exit_code: int = 0
    reason: str = ""
    started_at: str | None = None
    finished_at: str | None = None
    container_id: str = msgspec.field(default="", name="containerID")


class State(msgspec.Struct):
    """Exactly one of these is set; none means waiting."""

    waiting: Waiting | None = None
    running: Running | None = None
    terminated: Terminated | None = None


class ContainerStatus(msgspec.Struct, rename="camel"):
    """A container as it is."""

    name: str
    image: str = ""
    ready: bool = False
    restart_count: int = 0
    container_id: str = msgspec.field(default="", name="containerID")
    state: State | None = None
    last_state: State | None = None


class Condition(msgspec.Struct):
    """One of the conditions of a pod."""

    type: str = ""
    status: str = ""
    reason: str = ""


class PodStatus(msgspec.Struct, rename="camel"):
    """A pod as it is."""

    phase: str = ""
    reason: str = ""
    conditions: list[Condition] | None = None
    init_container_statuses: list[ContainerStatus] | None = None
    container_statuses: list[ContainerStatus] | None = None
    ephemeral_container_statuses: list[ContainerStatus] | None = None


class PodObject(msgspec.Struct):
    """A pod."""

    metadata: ObjectMeta = msgspec.field(default_factory=ObjectMeta)
    spec: PodSpec = msgspec.field(default_factory=PodSpec)
    status: PodStatus = msgspec.field(default_factory=PodStatus)


class NamespaceObject(msgspec.Struct):
    """A namespace."""

    metadata: ObjectMeta = msgspec.field(default_factory=ObjectMeta)


_CRONJOB: Final = re.compile(r"(.+)-\d{8,11}\Z")
_STARTING: Final = {"", "ContainerCreating", "PodInitializing"}


def to_pod(raw: PodObject) -> Pod:
    """Return what a reader wants to know of a pod."""
    meta, spec, status = raw.metadata, raw.spec, raw.status
    labels = meta.labels or {}
    owner = next((one for one in meta.owner_references or () if one.controller), None)
    containers = (
        *_containers(spec.init_containers, status.init_container_statuses, ContainerKind.INIT),
        *_containers(spec.containers, status.container_statuses, ContainerKind.APP),
        *_containers(spec.ephemeral_containers, status.ephemeral_container_statuses, ContainerKind.EPHEMERAL),
    )
    return Pod(
        namespace=meta.namespace,
        name=meta.name,
        uid=meta.uid,
        workload=workload_of(meta.name, owner, labels),
        owner=None if owner is None else Workload(owner.kind, owner.name),
        phase=status.phase,
        reason=_reason(status, containers),
        node=spec.node_name,
        containers=containers,
        labels=labels,
        deleting=meta.deletion_timestamp is not None,
        created=to_time(meta.creation_timestamp),
    )


def workload_of(pod: str, owner: OwnerReference | None, labels: dict[str, str]) -> Workload:
    """Return what a pod belongs to, from names alone, so that no right to read the owners is needed.

    A Deployment's ReplicaSet is called after it with the pod-template-hash behind; a CronJob's Job with a number.
    """
    if owner is None or owner.kind == "Node":
        return Workload("Pod", pod)
    if owner.kind == "ReplicaSet":
        for label, kind in (("pod-template-hash", "Deployment"), ("rollouts-pod-template-hash", "Rollout")):
            if (value := labels.get(label)) and owner.name.endswith(f"-{value}"):
                return Workload(kind, owner.name.removesuffix(f"-{value}"))
    if owner.kind == "Job" and (match := _CRONJOB.match(owner.name)):
        return Workload("CronJob", match[1])
    return Workload(owner.kind, owner.name)


def _containers(
    specs: Sequence[ContainerSpec] | None, statuses: Sequence[ContainerStatus] | None, kind: ContainerKind
) -> list[Container]:
    known = {status.name: status for status in statuses or ()}
    return [
        _container(
            spec,
            ContainerKind.SIDECAR if kind is ContainerKind.INIT and spec.restart_policy == "Always" else kind,
            known.get(spec.name),
        )
        for spec in specs or ()
    ]


def _container(spec: ContainerSpec, kind: ContainerKind, status: ContainerStatus | None) -> Container:
    if status is None:
        return Container(spec.name, kind, image=spec.image)
    state = status.state or State()
    last = status.last_state.terminated if status.last_state else None
    previous = None if last is None else _ended(last)
    if state.running is not None:
        now, reason = ContainerState.RUNNING, ""
        instance = Instance(status.container_id, started=to_time(state.running.started_at))
    elif state.terminated is not None:
        now, reason = ContainerState.TERMINATED, state.terminated.reason
        instance = _ended(state.terminated)
        instance = instance._replace(container_id=instance.container_id or status.container_id)
    else:
        now, reason = ContainerState.WAITING, state.waiting.reason if state.waiting else ""
        # While it waits for its next start, the ID is still that of the run before.
        instance = NO_INSTANCE if previous is None else previous
    return Container(
        spec.name, kind, now, reason, instance, previous, status.restart_count, status.ready, spec.image or status.image
    )


def _ended(state: Terminated) -> Instance:
    return Instance(
        state.container_id, state.exit_code, state.reason, to_time(state.started_at), to_time(state.finished_at)
    )


def _reason(status: PodStatus, containers: Sequence[Container]) -> str:
    """Return one word about what is wrong with a pod, as ``kubectl get pods`` would."""
    if status.reason:
        return status.reason
    for container in containers:
        prefix = "Init:" if container.kind is ContainerKind.INIT else ""
        if container.state is ContainerState.WAITING and container.reason not in _STARTING:
            return prefix + container.reason
        if container.state is ContainerState.TERMINATED and container.instance.exit_code:
            return prefix + (container.reason or "Error")
    if status.phase == "Pending":
        for condition in status.conditions or ():
            if condition.type == "PodScheduled" and condition.status == "False":
                return condition.reason
    return ""


@functools.lru_cache(maxsize=4096)
def to_time(text: str | None) -> int:
    """Return an RFC 3339 time in nanoseconds since the epoch, 0 if there is none."""
    time = parse_prefix(f"{text} ".encode())[0] if text else NO_TIME
    return 0 if time == NO_TIME else time
