"""Events and pods of real incidents, cut down to what belongs to one workload, and events that a test makes up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kube_clock import NOON, SECONDS

from hallucino_tui.logs.moment import format_prefix

FOLDER = Path(__file__).parents[2] / "golden" / "events"


def recorded(name: str) -> dict[str, Any]:
    """A file as ``kubectl get -o json`` printed it."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def listed(name: str) -> list[Any]:
    """The items of such a file."""
    return recorded(name)["items"]


def moment(seconds: float) -> str:
    """So many seconds after noon, as an API server writes it."""
    return f"{format_prefix(NOON + int(seconds) * SECONDS)[:19]}Z"


def made(
    reason: str,
    message: str = "",
    *,
    about: str = "Pod/web-1",
    at: float = 0,
    last: float | None = None,
    count: int = 1,
    kind: str = "Warning",
    uid: str = "",
    field: str = "",
    about_uid: str = "",
) -> dict[str, Any]:
    """An event of the core API, some seconds after noon."""
    object_kind, _, name = about.partition("/")
    namespace = {} if object_kind == "Node" else {"namespace": "shop"}
    involved = {"kind": object_kind, "name": name, "uid": about_uid or f"uid-{name}", **namespace}
    if field:
        involved["fieldPath"] = f"spec.containers{{{field}}}"
    own = uid or f"{reason}-{name}-{message}"
    return {
        "metadata": {
            "name": f"{name}.{own}",
            "namespace": "default" if object_kind == "Node" else "shop",
            "uid": own,
            "resourceVersion": "1",
        },
        "involvedObject": involved,
        "type": kind,
        "reason": reason,
        "message": message,
        "firstTimestamp": moment(at),
        "lastTimestamp": moment(at if last is None else last),
        "count": count,
    }


def scaled(workload: str, which: str, before: int, after: int, at: float = 0) -> dict[str, Any]:
    """A Deployment scales one of its ReplicaSets."""
    direction = "up" if after > before else "down"
    message = f"Scaled {direction} replica set {workload}-{which} from {before} to {after}"
    return made("ScalingReplicaSet", message, about=f"Deployment/{workload}", at=at, kind="Normal")
