"""Pods as API objects, in the order and with the defaults of the real server."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hallucino_tui.demo.timeformat import rfc3339

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.pods import Container, ContainerSpec, Instance, Owner, Pod, PodPlan

_TOLERATIONS: list[JsonObject] = [
    {"key": f"node.kubernetes.io/{name}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
    for name in ("not-ready", "unreachable")
]


def owner_references(owner: Owner | None) -> list[JsonObject]:
    """Return the owner references of an object."""
    if owner is None:
        return []
    reference = {"apiVersion": owner.api_version, "kind": owner.kind, "name": owner.name, "uid": owner.uid}
    if owner.kind == "Node":
        return [{**reference, "controller": True}]
    return [{**reference, "controller": True, "blockOwnerDeletion": True}]


def pod_object(pod: Pod, now_ns: int) -> JsonObject:
    """Return a pod without kind and resource version, as it is at `now_ns`."""
    return {"metadata": _metadata(pod), "spec": _live_spec(pod), "status": _status(pod, now_ns)}


def pod_spec(plan: PodPlan) -> JsonObject:
    """Return the specification that a plan stands for, as templates of workloads carry it."""
    spec: JsonObject = {}
    init = [_container(container) for container in plan.containers if container.kind in {"init", "sidecar"}]
    if init:
        spec["initContainers"] = init
    spec["containers"] = [_container(container) for container in plan.containers if container.kind == "regular"]
    ephemeral = [container for container in plan.containers if container.kind == "ephemeral"]
    if ephemeral:
        spec["ephemeralContainers"] = [
            {**_container(container), "targetContainerName": plan.containers[0].name} for container in ephemeral
        ]
    spec |= {
        "restartPolicy": plan.restart_policy,
        "terminationGracePeriodSeconds": plan.grace_seconds,
        "dnsPolicy": "ClusterFirst",
        "serviceAccountName": plan.service_account,
        "serviceAccount": plan.service_account,
        "securityContext": {},
        "schedulerName": "default-scheduler",
    }
    return spec


def template_object(plan: PodPlan, extra_labels: dict[str, str] | None = None) -> JsonObject:
    """Return the pod template of a workload."""
    metadata: JsonObject = {"labels": {**plan.labels, **(extra_labels or {})}}
    if plan.annotations:
        metadata["annotations"] = dict(plan.annotations)
    return {"metadata": metadata, "spec": pod_spec(plan)}


def image_id(image: str) -> str:
    """Return the digest that an image's name stands for here; the same name has the same one."""
    return "sha256:" + hashlib.sha256(image.encode()).hexdigest()


def resources_of(spec: ContainerSpec) -> JsonObject:
    """Return a container's requests and limits."""
    resources: JsonObject = {}
    if spec.memory:
        resources["limits"] = {"memory": spec.memory}
    requests = {name: value for name, value in (("cpu", spec.cpu), ("memory", spec.memory)) if value}
    if requests:
        resources["requests"] = requests
    return resources


def _metadata(pod: Pod) -> JsonObject:
    plan = pod.plan
    metadata: JsonObject = {"name": pod.name}
    if plan.generate_name:
        metadata["generateName"] = plan.generate_name
    metadata |= {
        "namespace": pod.namespace,
        "uid": pod.uid,
        "resourceVersion": "",
        "generation": 1 if pod.deleted_ns is None else 2,
        "creationTimestamp": rfc3339(pod.created_ns),
    }
    if pod.deleted_ns is not None:
        metadata["deletionTimestamp"] = rfc3339(pod.deleted_ns)
        metadata["deletionGracePeriodSeconds"] = plan.grace_seconds
    if plan.labels:
        metadata["labels"] = dict(plan.labels)
    if plan.annotations:
        metadata["annotations"] = dict(plan.annotations)
    if plan.owner is not None:
        metadata["ownerReferences"] = owner_references(plan.owner)
    return metadata


def _live_spec(pod: Pod) -> JsonObject:
    spec = pod_spec(pod.plan)
    if pod.node:
        spec["nodeName"] = pod.node
    spec |= {
        "tolerations": _TOLERATIONS,
        "priority": 0,
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
    }
    return spec


def _container(spec: ContainerSpec) -> JsonObject:
    container: JsonObject = {"name": spec.name, "image": spec.image}
    if spec.command:
        container["command"] = list(spec.command)
    if spec.port is not None:
        container["ports"] = [{"name": "http", "containerPort": spec.port, "protocol": "TCP"}]
    if spec.env:
        container["env"] = [{"name": name, "value": value} for name, value in spec.env]
    container["resources"] = resources_of(spec)
    if spec.kind == "sidecar":
        container["restartPolicy"] = "Always"
    if spec.probe:
        container["readinessProbe"] = {
            "httpGet": {"path": spec.probe, "port": spec.port or 80, "scheme": "HTTP"},
            "timeoutSeconds": 1,
            "periodSeconds": 5,
            "successThreshold": 1,
            "failureThreshold": 3,
        }
    return container | {
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }


def _status(pod: Pod, now_ns: int) -> JsonObject:
    phase = pod.phase
    status: JsonObject = {"observedGeneration": 1} if pod.node else {}
    status |= {"phase": phase, "conditions": _conditions(pod, phase, now_ns)}
    if pod.node:
        host = pod.world.node_address(pod.node)
        status |= {"hostIP": host, "hostIPs": [{"ip": host}]}
        if pod.ip:
            status |= {"podIP": pod.ip, "podIPs": [{"ip": pod.ip}]}
        status["startTime"] = rfc3339(pod.created_ns)
        init = [_container_status(container) for container in pod.of_kind("init", "sidecar")]
        if init:
            status["initContainerStatuses"] = init
        status["containerStatuses"] = [_container_status(container) for container in pod.of_kind("regular")]
        ephemeral = [_container_status(container) for container in pod.of_kind("ephemeral")]
        if ephemeral:
            status["ephemeralContainerStatuses"] = ephemeral
    status["qosClass"] = _quality(pod)
    return status


def _quality(pod: Pod) -> str:
    return "Burstable" if any(spec.cpu or spec.memory for spec in pod.plan.containers) else "BestEffort"


def _conditions(pod: Pod, phase: str, now_ns: int) -> list[JsonObject]:
    """Return the conditions in the node's order, each with the time of its last change."""
    if not pod.node:
        unplaced = _condition(pod, "PodScheduled", now_ns, met=False)
        del unplaced["observedGeneration"]
        return [unplaced | {"reason": "Unschedulable", "message": pod.message}] if pod.message else []
    unready: JsonObject = {}
    ready = pod.ready
    if phase in {"Succeeded", "Failed"}:
        unready = {"reason": "PodCompleted" if phase == "Succeeded" else "PodFailed"}
    elif not ready:
        serving = pod.of_kind("sidecar", "regular")
        names = " ".join(container.spec.name for container in serving if not (container.running and container.ready))
        unready = {"reason": "ContainersNotReady", "message": f"containers with unready status: [{names}]"}
    initialized = all(_initialized(container) for container in pod.of_kind("init", "sidecar"))
    return [
        _condition(pod, "PodReadyToStartContainers", now_ns, met=bool(pod.ip) and phase in {"Pending", "Running"}),
        _condition(pod, "Initialized", now_ns, met=initialized),
        _condition(pod, "Ready", now_ns, met=ready) | unready,
        _condition(pod, "ContainersReady", now_ns, met=ready) | unready,
        _condition(pod, "PodScheduled", now_ns, met=True),
    ]


def _initialized(container: Container) -> bool:
    if container.spec.kind == "sidecar":
        return container.running
    instance = container.current
    return instance is not None and instance.finished_ns is not None and instance.exit_code == 0


def _condition(pod: Pod, kind: str, now_ns: int, *, met: bool) -> JsonObject:
    status = "True" if met else "False"
    before = pod.transitions.get(kind)
    if before is None or before[0] != status:
        pod.transitions[kind] = (status, now_ns if before is not None else pod.created_ns)
    return {
        "type": kind,
        "observedGeneration": 1,
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": rfc3339(pod.transitions[kind][1]),
    }


def _container_status(container: Container) -> JsonObject:
    current, previous = container.current, container.previous
    is_init = container.spec.kind == "init"
    finished_well = is_init and current is not None and current.finished_ns is not None and not current.exit_code
    status: JsonObject = {
        "name": container.spec.name,
        "state": _state(current, container.waiting),
        "lastState": _terminated(previous) if previous is not None else {},
        "ready": finished_well or (container.running and container.ready),
        "restartCount": container.restart_count,
        "image": container.spec.image,
        "imageID": "",
    }
    latest = current or previous
    if latest is not None:
        status |= {"imageID": image_id(container.spec.image), "containerID": latest.address}
    status["started"] = container.running
    if latest is not None:
        status["resources"] = resources_of(container.spec)
    return status


def _state(instance: Instance | None, waiting: tuple[str, str]) -> JsonObject:
    if instance is None:
        reason, message = waiting
        return {"waiting": {"reason": reason, "message": message} if message else {"reason": reason}}
    if instance.finished_ns is None:
        return {"running": {"startedAt": rfc3339(instance.started_ns)}}
    return _terminated(instance)


def _terminated(instance: Instance) -> JsonObject:
    finished = instance.finished_ns if instance.finished_ns is not None else instance.started_ns
    return {
        "terminated": {
            "exitCode": instance.exit_code,
            "reason": instance.reason,
            "startedAt": rfc3339(instance.started_ns),
            "finishedAt": rfc3339(finished),
            "containerID": instance.address,
        }
    }
