"""The cells that the server prints for people, kind by kind.

Every function takes an object and the time in nanoseconds, and returns the cells of the kind's columns in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from hallucino_tui.demo.timeformat import human_duration, parse_rfc3339

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject

NONE = "<none>"
UNKNOWN = "<unknown>"

Cells = list[str | int]


def age(text: str | None, now_ns: int) -> str:
    """Return how long ago a time in an object was."""
    return human_duration(now_ns - parse_rfc3339(text)) if text else UNKNOWN


def _created(item: JsonObject, now_ns: int) -> str:
    return age(item["metadata"].get("creationTimestamp"), now_ns)


def plain(item: JsonObject, _now_ns: int) -> Cells:
    """Name and time of creation, for kinds without columns of their own."""
    return [item["metadata"]["name"], str(item["metadata"].get("creationTimestamp", ""))]


def pod(item: JsonObject, now_ns: int) -> Cells:
    """Name, ready of all containers, state, restarts, age; wide: address, node."""
    spec, status = item["spec"], item["status"]
    sidecars = {entry["name"] for entry in spec.get("initContainers", []) if entry.get("restartPolicy") == "Always"}
    init: list[JsonObject] = status.get("initContainerStatuses", [])
    regular: list[JsonObject] = status.get("containerStatuses", [])
    serving = [*regular, *(entry for entry in init if entry["name"] in sidecars)]
    total = len(spec["containers"]) + len(sidecars)
    reason, initializing = _pod_reason(item, sidecars)
    counted = init if initializing else serving
    restarts = sum(entry["restartCount"] for entry in counted)
    finished = [
        str(entry["lastState"]["terminated"]["finishedAt"])
        for entry in counted
        if entry["restartCount"] and "terminated" in entry["lastState"]
    ]
    shown = f"{restarts} ({age(max(finished), now_ns)} ago)" if finished else str(restarts)
    return [
        item["metadata"]["name"],
        f"{sum(bool(entry['ready']) for entry in serving)}/{total}",
        reason,
        shown,
        _created(item, now_ns),
        status.get("podIP", NONE),
        spec.get("nodeName", NONE),
        status.get("nominatedNodeName", NONE),
        NONE,
    ]


def _pod_reason(item: JsonObject, sidecars: set[str]) -> tuple[str, bool]:
    """Return the text under Status, and whether init containers are still at work."""
    status = item["status"]
    reason = str(status.get("reason") or status["phase"])
    initializing = False
    init: list[JsonObject] = status.get("initContainerStatuses", [])
    for position, entry in enumerate(init):
        terminated = entry["state"].get("terminated")
        if (terminated and terminated["exitCode"] == 0) or (entry["name"] in sidecars and entry.get("started")):
            continue
        reason, initializing = f"Init:{_init_reason(entry, position, len(init))}", True
        break
    if not initializing:
        reason = _running_reason(item, reason)
    if item["metadata"].get("deletionTimestamp") and status["phase"] not in {"Succeeded", "Failed"}:
        reason = "Terminating"
    return reason, initializing


def _init_reason(entry: JsonObject, position: int, count: int) -> str:
    state = entry["state"]
    if "terminated" in state:
        return str(state["terminated"].get("reason") or f"ExitCode:{state['terminated']['exitCode']}")
    waiting = state.get("waiting", {}).get("reason", "")
    return f"{position}/{count}" if waiting in {"", "PodInitializing", "ContainerCreating"} else str(waiting)


def _running_reason(item: JsonObject, reason: str) -> str:
    running = False
    for entry in reversed(cast("list[JsonObject]", item["status"].get("containerStatuses", []))):
        state = entry["state"]
        if state.get("waiting", {}).get("reason"):
            reason = str(state["waiting"]["reason"])
        elif "terminated" in state:
            reason = str(state["terminated"]["reason"] or f"ExitCode:{state['terminated']['exitCode']}")
        elif entry["ready"] and "running" in state:
            running = True
    if reason != "Completed" or not running:
        return reason
    ready = any(entry["type"] == "Ready" and entry["status"] == "True" for entry in item["status"]["conditions"])
    return "Running" if ready else "NotReady"


def _template(item: JsonObject) -> tuple[str, str]:
    containers: list[JsonObject] = item["spec"]["template"]["spec"]["containers"]
    return (
        ",".join(str(container["name"]) for container in containers),
        ",".join(str(container["image"]) for container in containers),
    )


def _labels(labels: dict[str, str] | None) -> str:
    return ",".join(f"{name}={value}" for name, value in sorted((labels or {}).items())) or NONE


def _selector(item: JsonObject) -> str:
    return _labels(item["spec"]["selector"].get("matchLabels"))


def deployment(item: JsonObject, now_ns: int) -> Cells:
    """Name, ready of wanted pods, up-to-date, available, age; wide: containers, images, selector."""
    status = item["status"]
    return [
        item["metadata"]["name"],
        f"{status.get('readyReplicas', 0)}/{item['spec']['replicas']}",
        status.get("updatedReplicas", 0),
        status.get("availableReplicas", 0),
        _created(item, now_ns),
        *_template(item),
        _selector(item),
    ]


def replica_set(item: JsonObject, now_ns: int) -> Cells:
    """Name, wanted, existing and ready pods, age; wide: containers, images, selector."""
    status = item["status"]
    return [
        item["metadata"]["name"],
        item["spec"]["replicas"],
        status["replicas"],
        status.get("readyReplicas", 0),
        _created(item, now_ns),
        *_template(item),
        _selector(item),
    ]


def stateful_set(item: JsonObject, now_ns: int) -> Cells:
    """Name, ready of wanted pods, age; wide: containers, images."""
    return [
        item["metadata"]["name"],
        f"{item['status'].get('readyReplicas', 0)}/{item['spec']['replicas']}",
        _created(item, now_ns),
        *_template(item),
    ]


def daemon_set(item: JsonObject, now_ns: int) -> Cells:
    """Name, five counts of nodes, node selector, age; wide: containers, images, selector."""
    status = item["status"]
    return [
        item["metadata"]["name"],
        status["desiredNumberScheduled"],
        status["currentNumberScheduled"],
        status["numberReady"],
        status["updatedNumberScheduled"],
        status["numberAvailable"],
        _labels(item["spec"]["template"]["spec"].get("nodeSelector")),
        _created(item, now_ns),
        *_template(item),
        _selector(item),
    ]


def job(item: JsonObject, now_ns: int) -> Cells:
    """Name, state, completions, duration, age; wide: containers, images, selector."""
    status = item["status"]
    conditions: list[JsonObject] = status.get("conditions", [])
    state = str(conditions[0]["type"]) if conditions else "Running"
    start = status.get("startTime")
    end = status.get("completionTime")
    duration = ""
    if start:
        duration = human_duration((parse_rfc3339(end) if end else now_ns) - parse_rfc3339(start))
    return [
        item["metadata"]["name"],
        state,
        f"{status.get('succeeded', 0)}/{item['spec']['completions']}",
        duration,
        _created(item, now_ns),
        *_template(item),
        _selector(item),
    ]


def cron_job(item: JsonObject, now_ns: int) -> Cells:
    """Name, schedule, time zone, suspension, active jobs, last run, age; wide: containers, images, selector."""
    spec = item["spec"]
    return [
        item["metadata"]["name"],
        spec["schedule"],
        NONE,
        str(spec["suspend"]),
        len(item["status"].get("active", [])),
        age(item["status"].get("lastScheduleTime"), now_ns),
        _created(item, now_ns),
        *_template(spec["jobTemplate"]),
        NONE,
    ]


def node(item: JsonObject, now_ns: int) -> Cells:
    """Name, state, roles, age, version; wide: addresses, system, kernel, runtime."""
    conditions = {entry["type"]: entry["status"] for entry in item["status"]["conditions"]}
    addresses = {entry["type"]: entry["address"] for entry in item["status"]["addresses"]}
    mark = "node-role.kubernetes.io/"
    roles = [name.removeprefix(mark) for name in item["metadata"]["labels"] if name.startswith(mark)]
    info = item["status"]["nodeInfo"]
    return [
        item["metadata"]["name"],
        "Ready" if conditions.get("Ready") == "True" else "NotReady",
        ",".join(sorted(roles)) or NONE,
        _created(item, now_ns),
        info["kubeletVersion"],
        addresses.get("InternalIP", NONE),
        addresses.get("ExternalIP", NONE),
        info["osImage"],
        info["kernelVersion"],
        info["containerRuntimeVersion"],
    ]


def namespace(item: JsonObject, now_ns: int) -> Cells:
    """Name, state, age."""
    return [item["metadata"]["name"], item["status"]["phase"], _created(item, now_ns)]


def service(item: JsonObject, now_ns: int) -> Cells:
    """Name, type, addresses, ports, age; wide: selector."""
    spec = item["spec"]
    return [
        item["metadata"]["name"],
        spec["type"],
        spec["clusterIP"],
        NONE,
        ",".join(f"{port['port']}/{port['protocol']}" for port in spec["ports"]),
        _created(item, now_ns),
        _labels(spec.get("selector")),
    ]


def config_map(item: JsonObject, now_ns: int) -> Cells:
    """Name, number of entries, age."""
    return [item["metadata"]["name"], len(item.get("data") or {}), _created(item, now_ns)]


def lease(item: JsonObject, now_ns: int) -> Cells:
    """Name, holder, age."""
    return [item["metadata"]["name"], item["spec"]["holderIdentity"], _created(item, now_ns)]


def event(item: JsonObject, now_ns: int) -> Cells:
    """Last seen, type, reason, object, message; wide: part, source, first seen, count, name."""
    involved: dict[str, Any] = item["involvedObject"]
    first = age(item.get("firstTimestamp") or item.get("eventTime"), now_ns)
    last = age(item["lastTimestamp"], now_ns) if item.get("lastTimestamp") else first
    source = item["source"]
    by = ", ".join(part for part in (source.get("component"), source.get("host")) if part)
    return [
        last,
        item["type"],
        item["reason"],
        f"{str(involved['kind']).lower()}/{involved['name']}",
        involved.get("fieldPath", ""),
        by or ", ".join(part for part in (item["reportingComponent"], item["reportingInstance"]) if part),
        str(item["message"]).strip(),
        first,
        item.get("count", 1),
        item["metadata"]["name"],
    ]
