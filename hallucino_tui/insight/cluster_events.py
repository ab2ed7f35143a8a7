"""What a cluster did: events, and what pods say of their containers, in one form whoever told it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class EventKind(enum.StrEnum):
    """What an event means for somebody who looks for a cause."""

    ROLLOUT = "rollout"
    SCALED = "scaled"
    STARTED = "started"
    RESTART = "restart"
    OOM_KILLED = "oom-killed"
    BACK_OFF = "back-off"
    PROBE_FAILED = "probe-failed"
    IMAGE = "image"
    CONFIG = "config"
    SCHEDULING = "scheduling"
    EVICTED = "evicted"
    NODE = "node"
    VOLUME = "volume"
    JOB = "job"
    STOPPED = "stopped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ClusterEvent:
    """Something that happened in a cluster.

    Attributes:
        time: When it happened for the first time, in nanoseconds since the epoch.
        last_time: When it happened last.
        kind: What it means.
        reason: The cluster's own word for it, for example ``ScalingReplicaSet`` or ``OOMKilled``.
        message: The cluster's own sentence. Untrusted text.
        is_warning: Whether the cluster calls it a warning.
        namespace: Where; "" for things of the whole cluster.
        object_kind: What it is about, for example ``Pod``.
        object_name: Its name.
        workload: The name of the workload that it belongs to, for example ``checkout``; "" if that is not known.
        pod: The pod's name; "" if it is about no pod.
        container: The container's name; "" if it is about none.
        count: How often it happened.
        exit_code: The exit code of a container that ended.
        index: Its place in the file that it was read from; -1 if there was none.
    """

    time: int
    last_time: int
    kind: EventKind
    reason: str
    message: str = ""
    is_warning: bool = False
    namespace: str = ""
    object_kind: str = ""
    object_name: str = ""
    workload: str = ""
    pod: str = ""
    container: str = ""
    count: int = 1
    exit_code: int | None = None
    index: int = -1


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """What a pod says of one of its containers.

    Attributes:
        name: Its name.
        image: Its image.
        restarts: How often it was started again.
        is_ready: Whether it is ready.
        state: ``running``, ``waiting`` or ``terminated``; "" if it is not known.
        reason: Why it waits or ended, for example ``CrashLoopBackOff``.
        exit_code: How it ended, or how its run before ended.
        last_reason: Why its run before ended, for example ``OOMKilled``.
        last_finished: When its run before ended, in nanoseconds since the epoch; None if there was none.
        started: When its run began, in nanoseconds since the epoch; None if it did not.
        finished: When its run ended, in nanoseconds since the epoch; None while it did not.
        last_exit_code: How its run before ended.
    """

    name: str
    image: str = ""
    restarts: int = 0
    is_ready: bool = False
    state: str = ""
    reason: str = ""
    exit_code: int | None = None
    last_reason: str = ""
    last_finished: int | None = None
    started: int | None = None
    finished: int | None = None
    last_exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class PodFacts:
    """What a pod says of itself.

    Attributes:
        name: Its name.
        namespace: Where it is.
        workload: The name of the workload that it belongs to; its own name if it belongs to none.
        workload_kind: For example ``Deployment`` or ``Job``; "" if that is not known.
        revision: What tells the pods of one version of a workload from those of another: the pod template's hash.
        created: When it was made, in nanoseconds since the epoch.
        node: Where it runs.
        containers: Its containers.
    """

    name: str
    namespace: str = ""
    workload: str = ""
    workload_kind: str = ""
    revision: str = ""
    created: int = 0
    node: str = ""
    containers: tuple[ContainerFacts, ...] = field(default=())
