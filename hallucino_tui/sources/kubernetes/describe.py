"""What there is to say of a pod, a workload or a namespace, with its events. Environment variables are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from hallucino_tui.session.nodes import NodeKind
from hallucino_tui.sources.kubernetes.describe_events import (
    age_of,
    describe_events,
    describe_node,
    describe_rollouts,
)
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.log_request import pod_path
from hallucino_tui.sources.kubernetes.objects import to_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hallucino_tui.session.inventory import Inventory
    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.sources.kubernetes.client import Client

_PATHS: Final = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments/{}",
    "ReplicaSet": "/apis/apps/v1/namespaces/{}/replicasets/{}",
    "StatefulSet": "/apis/apps/v1/namespaces/{}/statefulsets/{}",
    "DaemonSet": "/apis/apps/v1/namespaces/{}/daemonsets/{}",
    "Job": "/apis/batch/v1/namespaces/{}/jobs/{}",
    "CronJob": "/apis/batch/v1/namespaces/{}/cronjobs/{}",
}


async def describe(client: Client, inventory: Inventory, key: NodeKey) -> str:
    """Return a description as plain text.

    Raises:
        ClusterError: It cannot be read.
    """
    if key.kind is NodeKind.NAMESPACE:
        events = await describe_events(client, key.path[0])
        return "\n".join((f"Namespace:  {key.path[0]}", "", *events))
    if key.kind is NodeKind.WORKLOAD:
        return await _describe_workload(client, *key.path)
    pod = inventory.get(key.path[0])
    if pod is None:
        raise ClusterError("This pod is gone: there is nothing to describe any more.")
    raw = await client.get(pod_path(pod.namespace, pod.name), dict[str, Any])
    only = key.path[1] if key.kind is NodeKind.CONTAINER else ""
    node = await describe_node(client, pod.node)
    events = await describe_events(client, pod.namespace, f"involvedObject.uid={pod.uid}")
    return "\n".join((*_describe_pod(raw, only, node), "", *events))


async def _describe_workload(client: Client, namespace: str, kind: str, name: str) -> str:
    lines = [f"Name:       {name}", f"Kind:       {kind}", f"Namespace:  {namespace}"]
    if path := _PATHS.get(kind):
        try:
            raw = await client.get(path.format(namespace, name), dict[str, Any])
        except ApiError as error:
            lines += ["", str(error)]
        else:
            lines += _describe_template(raw)
            if kind == "Deployment":
                selector = _map(_map(_map(raw, "spec"), "selector"), "matchLabels")
                lines += await describe_rollouts(client, namespace, name, selector)
    events = await describe_events(client, namespace, workload=name)
    return "\n".join((*lines, "", *events))


def _describe_template(raw: Mapping[str, Any]) -> Iterator[str]:
    spec, status = _map(raw, "spec"), _map(raw, "status")
    replicas = spec.get("replicas")
    if replicas is not None:
        ready = status.get("readyReplicas", 0)
        yield f"Replicas:   {replicas} wanted, {ready} ready, {status.get('updatedReplicas', 0)} of the newest version"
    template = _map(_map(_map(_map(spec, "jobTemplate"), "spec") or spec, "template"), "spec")
    for container in _list(template, "containers"):
        yield f"Image:      {container.get('name')}  {container.get('image')}"
    for condition in _list(status, "conditions"):
        yield f"Condition:  {_condition(condition)}"


def _describe_pod(raw: Mapping[str, Any], only: str, node: Sequence[str]) -> Iterator[str]:
    meta, spec, status = _map(raw, "metadata"), _map(raw, "spec"), _map(raw, "status")
    labels = ", ".join(f"{name}={value}" for name, value in sorted(_map(meta, "labels").items()))
    yield f"Name:       {meta.get('name')}"
    yield f"Namespace:  {meta.get('namespace')}"
    yield f"Node:       {spec.get('nodeName') or 'not placed yet'}"
    yield from node
    yield f"Labels:     {labels or 'none'}"
    yield f"Started:    {_age(str(status.get('startTime') or ''))}"
    reason = " ".join(str(status.get(part) or "") for part in ("phase", "reason", "message")).strip()
    yield f"Status:     {reason}"
    for owner in _list(meta, "ownerReferences"):
        yield f"Owner:      {owner.get('kind')}/{owner.get('name')}"
    for condition in _list(status, "conditions"):
        if condition.get("status") != "True":
            yield f"Condition:  {_condition(condition)}"
    for specs, statuses in (
        ("initContainers", "initContainerStatuses"),
        ("containers", "containerStatuses"),
        ("ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        known = {one.get("name"): one for one in _list(status, statuses)}
        for container in _list(spec, specs):
            if not only or container.get("name") == only:
                yield ""
                yield from _describe_container(container, known.get(container.get("name"), {}))


def _describe_container(spec: Mapping[str, Any], status: Mapping[str, Any]) -> Iterator[str]:
    yield f"Container:  {spec.get('name')}"
    yield f"  Image:    {spec.get('image')}"
    yield f"  State:    {_state(_map(status, 'state')) or 'unknown'}"
    if last := _state(_map(status, "lastState")):
        yield f"  Before:   {last}"
    yield f"  Ready:    {'yes' if status.get('ready') else 'no'}, restarted {status.get('restartCount', 0)} times"
    resources = _map(spec, "resources")
    for name in ("requests", "limits"):
        if values := _map(resources, name):
            each = ", ".join(f"{what} {value}" for what, value in sorted(values.items()))
            yield f"  {f'{name.capitalize()}:':<10}{each}"


def _state(state: Mapping[str, Any]) -> str:
    for name, facts in state.items():
        details = cast("Mapping[str, Any]", facts or {})
        parts = [name]
        if details.get("exitCode") is not None:
            parts.append(f"exit code {details['exitCode']}")
        parts.extend(str(details[part]) for part in ("reason", "message") if details.get(part))
        moment = details.get("finishedAt") or details.get("startedAt")
        return ", ".join(parts) + (f", {_age(str(moment))}" if moment else "")
    return ""


def _condition(condition: Mapping[str, Any]) -> str:
    why = ": ".join(str(condition[part]) for part in ("reason", "message") if condition.get(part))
    return f"{condition.get('type')} is {condition.get('status')}" + (f" ({why})" if why else "")


def _age(moment: str) -> str:
    """Return how long ago something was."""
    time = to_time(moment)
    return age_of(time) if time else "unknown"


def _map(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", raw.get(name) or {})


def _list(raw: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return cast("Iterable[Mapping[str, Any]]", raw.get(name) or ())
