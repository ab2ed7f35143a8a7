"""What the reasons of Kubernetes' events mean."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.insight.cluster_events import EventKind

_BY_REASON: Final[dict[str, EventKind]] = {
    **dict.fromkeys(("RolloutUpdated", "NewReplicaSetCreated", "DeploymentRollback"), EventKind.ROLLOUT),
    **dict.fromkeys(("SuccessfulRescale",), EventKind.SCALED),
    **dict.fromkeys(("SuccessfulCreate", "Created", "Started"), EventKind.STARTED),
    **dict.fromkeys(("SuccessfulDelete", "FailedKillPod", "FailedPreStopHook"), EventKind.STOPPED),
    **dict.fromkeys(("SystemOOM", "OOMKilling", "OOMKilled"), EventKind.OOM_KILLED),
    **dict.fromkeys(("Unhealthy", "ProbeWarning", "ProbeError"), EventKind.PROBE_FAILED),
    **dict.fromkeys(
        ("Pulling", "Pulled", "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"),
        EventKind.IMAGE,
    ),
    **dict.fromkeys(
        ("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "FailedPostStartHook"),
        EventKind.CONFIG,
    ),
    **dict.fromkeys(
        ("Scheduled", "FailedScheduling", "FailedCreate", "NotTriggerScaleUp", "TriggeredScaleUp", "FailedBinding"),
        EventKind.SCHEDULING,
    ),
    **dict.fromkeys(
        ("Evicted", "Preempted", "Preempting", "TaintManagerEviction", "EvictionThresholdMet", "ExceededGracePeriod"),
        EventKind.EVICTED,
    ),
    **dict.fromkeys(
        ("NodeNotReady", "NetworkNotReady", "NodeAffinity", "NodeShutdown", "Rebooted", "DeletingNode", "Shutdown"),
        EventKind.NODE,
    ),
    **dict.fromkeys(
        (
            "FailedAttachVolume",
            "FailedDetachVolume",
            "FailedMapVolume",
            "FailedUnMount",
            "SuccessfulAttachVolume",
            "ProvisioningFailed",
            "ProvisioningSucceeded",
            "ExternalProvisioning",
            "WaitForFirstConsumer",
            "VolumeResizeFailed",
            "VolumeResizeSuccessful",
            "FileSystemResizeFailed",
            "FileSystemResizeSuccessful",
            "Resizing",
        ),
        EventKind.VOLUME,
    ),
}
_BY_OBJECT: Final = {"Job": EventKind.JOB, "CronJob": EventKind.JOB, "Node": EventKind.NODE}
_STRONGER: Final = {EventKind.OOM_KILLED, EventKind.EVICTED}
"""What an event about a node still is."""

_SCALED: Final = re.compile(r"Scaled (up|down) replica set (\S+)(?: from (\d+))? to (\d+)(?: from (\d+))?")
_IMAGE: Final = re.compile(r"(?:pull|pulling|inspect|parse|apply default) image|ErrImage|ImagePull|InvalidImageName")
_MISSING: Final = re.compile(r"\b(?:configmap|secret)s?\b.*\b(?:not found|couldn't find|non-existent)", re.IGNORECASE)
_AGAIN: Final = re.compile(r"will be restarted|needs to be restarted|failed (?:liveness|startup) probe")


def scaling_of(message: str) -> tuple[str, int | None, int] | None:
    """Return what a Deployment did to a ReplicaSet: its name, its size before if that is said, and its size after."""
    match = _SCALED.search(message)
    if match is None:
        return None
    before = match[3] or match[5]
    return match[2], None if before is None else int(before), int(match[4])


def kind_of(reason: str, object_kind: str, message: str) -> EventKind:
    """Return what an event means.

    Older clusters do not say from which size a ReplicaSet was scaled up: every step of a rollout looks like its start
    here; `mark_rollouts` of the events together puts that right.
    """
    kind = _BY_REASON.get(reason, EventKind.OTHER)
    if object_kind in _BY_OBJECT and kind not in _STRONGER:
        return _BY_OBJECT[object_kind]
    look = _BY_MESSAGE.get(reason)
    return look(message) if look else kind


def _of_scaling(message: str) -> EventKind:
    scaling = scaling_of(message)
    begins = scaling is not None and not scaling[1] and scaling[2] > 0 and "Scaled up" in message
    return EventKind.ROLLOUT if begins else EventKind.SCALED


def _of_back_off(message: str) -> EventKind:
    return EventKind.IMAGE if _IMAGE.search(message) else EventKind.BACK_OFF


def _of_failed(message: str) -> EventKind:
    return EventKind.IMAGE if _IMAGE.search(message) else EventKind.CONFIG


def _of_mount(message: str) -> EventKind:
    return EventKind.CONFIG if _MISSING.search(message) else EventKind.VOLUME


def _of_killing(message: str) -> EventKind:
    return EventKind.RESTART if _AGAIN.search(message) else EventKind.STOPPED


_BY_MESSAGE: Final = {
    "ScalingReplicaSet": _of_scaling,
    "BackOff": _of_back_off,
    "Failed": _of_failed,
    "InspectFailed": _of_failed,
    "FailedMount": _of_mount,
    "Killing": _of_killing,
}
