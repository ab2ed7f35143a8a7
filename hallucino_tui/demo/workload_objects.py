"""Workloads as API objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.demo.objects import owner_references, template_object
from hallucino_tui.demo.timeformat import rfc3339

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.pods import Owner
    from hallucino_tui.demo.workloads import Deployment, Workload

_IDENTITY = ("app", "k8s-app", "app.kubernetes.io/name")
"""Labels that a workload selects its pods by."""


def selector_of(labels: dict[str, str]) -> dict[str, str]:
    """Return the labels that a workload with pods of these labels selects by."""
    chosen = {name: value for name, value in labels.items() if name in (*_IDENTITY, "pod-template-hash")}
    return chosen or dict(labels)


def workload_object(workload: Workload) -> JsonObject:
    """Return a ReplicaSet, StatefulSet, DaemonSet or Job without its kind."""
    metadata = _metadata(workload, workload.annotations, workload.owner)
    metadata["labels"] = dict(workload.plan.labels)
    spec, status = _BUILDERS[workload.kind](workload)
    return {"metadata": metadata, "spec": spec, "status": status}


def deployment_object(deployment: Deployment) -> JsonObject:
    """Return a Deployment without its kind."""
    annotations = {"deployment.kubernetes.io/revision": str(deployment.revision)}
    metadata = _metadata(deployment, annotations, None)
    metadata["labels"] = dict(deployment.plan.labels)
    metadata["generation"] = deployment.revision
    total, ready = len(deployment.active), deployment.ready
    updated = len(deployment.current.active)
    status: JsonObject = {"observedGeneration": deployment.revision}
    counts = {
        "replicas": total,
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": max(0, max(total, deployment.replicas) - ready),
    }
    status |= {name: count for name, count in counts.items() if count}
    status["conditions"] = _deployment_conditions(deployment, ready, updated)
    return {
        "metadata": metadata,
        "spec": {
            "replicas": deployment.replicas,
            "selector": {"matchLabels": selector_of(deployment.plan.labels)},
            "template": template_object(deployment.plan),
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}},
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
        },
        "status": status,
    }


def cron_job_object(job: Workload, schedule: str, last_ns: int) -> JsonObject:
    """Return the CronJob that made `job`; `job` carries the CronJob as its owner."""
    owner = job.owner
    if owner is None:
        raise ValueError(f"job {job.name} belongs to no CronJob")
    return {
        "metadata": {
            "name": owner.name,
            "namespace": job.namespace,
            "uid": owner.uid,
            "resourceVersion": "",
            "generation": 1,
            "creationTimestamp": rfc3339(job.created_ns - 30 * 86_400 * 10**9),
        },
        "spec": {
            "schedule": schedule,
            "concurrencyPolicy": "Forbid",
            "suspend": False,
            "jobTemplate": {"metadata": {}, "spec": {"template": template_object(job.plan)}},
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 1,
        },
        "status": {"lastScheduleTime": rfc3339(last_ns)},
    }


def _metadata(workload: Workload | Deployment, annotations: dict[str, str], owner: Owner | None) -> JsonObject:
    metadata: JsonObject = {
        "name": workload.name,
        "namespace": workload.namespace,
        "uid": workload.uid,
        "resourceVersion": "",
        "generation": 1,
        "creationTimestamp": rfc3339(workload.created_ns),
        "labels": {},
    }
    if annotations:
        metadata["annotations"] = dict(annotations)
    if owner is not None:
        metadata["ownerReferences"] = owner_references(owner)
    return metadata


def _deployment_conditions(deployment: Deployment, ready: int, updated: int) -> list[JsonObject]:
    now = rfc3339(deployment.world.clock())
    available = ready >= max(1, deployment.replicas - deployment.replicas // 4)
    complete = updated >= deployment.replicas and ready >= deployment.replicas
    state = (
        ("NewReplicaSetAvailable", "has successfully progressed")
        if complete
        else (
            "ReplicaSetUpdated",
            "is progressing",
        )
    )
    return [
        {
            "type": "Available",
            "status": "True" if available else "False",
            "lastUpdateTime": now,
            "lastTransitionTime": now,
            "reason": "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable",
            "message": f"Deployment {'has' if available else 'does not have'} minimum availability.",
        },
        {
            "type": "Progressing",
            "status": "True",
            "lastUpdateTime": now,
            "lastTransitionTime": now,
            "reason": state[0],
            "message": f'ReplicaSet "{deployment.current.name}" {state[1]}.',
        },
    ]


def _replica_set(workload: Workload) -> tuple[JsonObject, JsonObject]:
    ready = workload.ready
    count = len(workload.active)
    status: JsonObject = {"replicas": count}
    if count:
        status["fullyLabeledReplicas"] = count
    if ready:
        status |= {"readyReplicas": ready, "availableReplicas": ready}
    status["observedGeneration"] = 1
    return _common(workload), status


def _stateful_set(workload: Workload) -> tuple[JsonObject, JsonObject]:
    ready = workload.ready
    spec = _common(workload) | {
        "serviceName": workload.name,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "revisionHistoryLimit": 10,
    }
    status = {
        "observedGeneration": 1,
        "replicas": len(workload.pods),
        "readyReplicas": ready,
        "currentReplicas": len(workload.pods),
        "updatedReplicas": len(workload.pods),
        "availableReplicas": ready,
        "collisionCount": 0,
    }
    return spec, status


def _daemon_set(workload: Workload) -> tuple[JsonObject, JsonObject]:
    ready, count = workload.ready, len(workload.pods)
    spec = _common(workload) | {
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
        "revisionHistoryLimit": 10,
    }
    del spec["replicas"]
    status = {
        "currentNumberScheduled": count,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": workload.replicas,
        "numberReady": ready,
        "observedGeneration": 1,
        "updatedNumberScheduled": count,
        "numberAvailable": ready,
    }
    return spec, status


def _job(workload: Workload) -> tuple[JsonObject, JsonObject]:
    spec: JsonObject = {
        "parallelism": 1,
        "completions": 1,
        "backoffLimit": 2,
        "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": workload.uid}},
        "template": template_object(workload.plan),
        "completionMode": "NonIndexed",
        "suspend": False,
    }
    status: JsonObject = {"startTime": rfc3339(workload.created_ns)}
    if workload.finished_ns is None:
        return spec, status | {"active": 1, "ready": workload.ready}
    ended = rfc3339(workload.finished_ns)
    condition = {"status": "True", "lastProbeTime": ended, "lastTransitionTime": ended}
    if workload.failed:
        condition |= {
            "type": "Failed",
            "reason": "BackoffLimitExceeded",
            "message": "Job has reached the specified backoff limit",
        }
        return spec, status | {"conditions": [condition], "failed": 1}
    condition |= {
        "type": "Complete",
        "reason": "CompletionsReached",
        "message": "Reached expected number of succeeded pods",
    }
    return spec, status | {"conditions": [condition], "completionTime": ended, "succeeded": 1}


def _common(workload: Workload) -> JsonObject:
    return {
        "replicas": workload.replicas,
        "selector": {"matchLabels": selector_of(workload.plan.labels)},
        "template": template_object(workload.plan),
    }


_BUILDERS = {"ReplicaSet": _replica_set, "StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job}
