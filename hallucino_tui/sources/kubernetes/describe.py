"""What there is to say of a pod, a workload or a namespace, with its events. Environment variables are left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from hallucino_tui.session.nodes import NodeKind
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.log_request import pod_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
_MOST_EVENTS: Final = 200


class _Reference(msgspec.Struct):
    kind: str = ""
    name: str = ""


class _Event(msgspec.Struct, rename="camel"):
    involved_object: _Reference
    type: str = ""
    reason: str = ""
    message: str = ""
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None

    @property
    def last(self) -> str:
        """When it was last seen, RFC 3339."""
        return self.last_timestamp or self.event_time or self.first_timestamp or ""


class _EventList(msgspec.Struct):
    items: list[_Event]


async def describe(client: Client, inventory: Inventory, key: NodeKey) -> str:
    """Return a description as plain text.

    Raises:
        ClusterError: It cannot be read.
    """
    if key.kind is NodeKind.NAMESPACE:
        events = await _events(client, key.path[0], "")
        return "\n".join((f"Namespace:  {key.path[0]}", "", *events))
    if key.kind is NodeKind.WORKLOAD:
        return await _describe_workload(client, *key.path)
    pod = inventory.get(key.path[0])
    if pod is None:
        raise ClusterError("This pod is gone: there is nothing to describe any more.")
    raw = await client.get(pod_path(pod.namespace, pod.name), dict[str, Any])
    only = key.path[1] if key.kind is NodeKind.CONTAINER else ""
    events = await _events(client, pod.namespace, f"involvedObject.uid={pod.uid}")
    return "\n".join((*_describe_pod(raw, only), "", *events))


async def _describe_workload(client: Client, namespace: str, kind: str, name: str) -> str:
    lines = [f"Name:       {name}", f"Kind:       {kind}", f"Namespace:  {namespace}"]
    if path := _PATHS.get(kind):
        try:
            raw = await client.get(path.format(namespace, name), dict[str, Any])
        except ApiError as error:
            lines += ["", str(error)]
        else:
            lines += _describe_template(raw)
    events = await _events(client, namespace, f"involvedObject.name={name}")
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


def _describe_pod(raw: Mapping[str, Any], only: str) -> Iterator[str]:
    meta, spec, status = _map(raw, "metadata"), _map(raw, "spec"), _map(raw, "status")
    labels = ", ".join(f"{name}={value}" for name, value in sorted(_map(meta, "labels").items()))
    yield f"Name:       {meta.get('name')}"
    yield f"Namespace:  {meta.get('namespace')}"
    yield f"Node:       {spec.get('nodeName') or 'not placed yet'}"
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


async def _events(client: Client, namespace: str, selector: str) -> list[str]:
    params = {"limit": str(_MOST_EVENTS)} | ({"fieldSelector": selector} if selector else {})
    try:
        events = (await client.get(f"/api/v1/namespaces/{namespace}/events", _EventList, params)).items
    except ApiError as error:
        return [f"Events:     {error}"]
    if not events:
        return ["Events:     none (a cluster forgets them after an hour or so)"]
    return ["Events:", *(_event_line(event) for event in sorted(events, key=lambda event: event.last))]


def _event_line(event: _Event) -> str:
    times = f" (x{event.count})" if event.count and event.count > 1 else ""
    about = f"{event.involved_object.kind}/{event.involved_object.name}"
    return f"  {_age(event.last):>14}  {event.type:<7}  {event.reason:<20}  {about}: {event.message.strip()}{times}"


def _age(moment: str) -> str:
    """Return how long ago something was."""
    try:
        seconds = (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
    except ValueError:
        return "unknown"
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f}{unit} ago"
    return f"{max(seconds, 0):.0f}s ago"


def _map(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", raw.get(name) or {})


def _list(raw: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return cast("Iterable[Mapping[str, Any]]", raw.get(name) or ())
