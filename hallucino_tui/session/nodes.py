"""What the nodes of the cluster's tree are called, and how they can be. Light to import: the first frame needs it."""

from __future__ import annotations

import enum
from typing import NamedTuple


class NodeKind(enum.StrEnum):
    """What a row of the tree stands for."""

    NAMESPACE = "namespace"
    WORKLOAD = "workload"
    POD = "pod"
    CONTAINER = "container"
    NOTE = "note"


class NodeKey(NamedTuple):
    """What tells a node from all others, as long as it exists and after it is gone.

    Attributes:
        kind: What it stands for.
        path: Namespace; namespace, workload kind and name; pod UID; pod UID and container name.
    """

    kind: NodeKind
    path: tuple[str, ...]


class Health(enum.StrEnum):
    """How a node is."""

    GOOD = "good"
    PENDING = "pending"
    BAD = "bad"
    DONE = "done"
    UNKNOWN = "unknown"


def namespace_key(name: str) -> NodeKey:
    """Return the key of a namespace."""
    return NodeKey(NodeKind.NAMESPACE, (name,))


def workload_key(namespace: str, workload: tuple[str, str]) -> NodeKey:
    """Return the key of a workload of some kind and name."""
    return NodeKey(NodeKind.WORKLOAD, (namespace, *workload))


def pod_key(uid: str) -> NodeKey:
    """Return the key of a pod."""
    return NodeKey(NodeKind.POD, (uid,))


def container_key(uid: str, name: str) -> NodeKey:
    """Return the key of a container."""
    return NodeKey(NodeKind.CONTAINER, (uid, name))
