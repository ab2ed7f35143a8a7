"""What a request asks for: an address of the Kubernetes API, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hallucino_tui.demo.resources import BY_PATH, NAMESPACES, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that a request is about.

    Attributes:
        resource: Its kind.
        verb: What is to be done: ``get``, ``list``, ``watch``, ``create``, ``update``, ``patch``, ``delete``,
            ``deletecollection``.
        namespace: The namespace, "" for the whole cluster.
        name: The object, "" for all.
        sub: The subresource, "" for none.
    """

    resource: Resource
    verb: str
    namespace: str = ""
    name: str = ""
    sub: str = ""

    @property
    def rights_namespace(self) -> str:
        """The namespace that rights are asked for in; a namespace lies within itself."""
        return self.name if self.resource is NAMESPACES else self.namespace


def flag(query: Mapping[str, str], name: str) -> bool:
    """Return a yes-or-no option: missing, ``0`` and ``false`` mean no, everything else yes."""
    return query.get(name, "false") not in {"0", "false"}


def parse_target(method: str, path: str, query: Mapping[str, str]) -> Target | None:
    """Take an address apart.

    Args:
        method: The HTTP method.
        path: The decoded path.
        query: The query.

    Returns:
        What it is about, or None if it is no address of a known resource.
    """
    parts = path.strip("/").split("/")
    if len(parts) >= 3 and parts[:2] == ["api", "v1"]:
        group, version, rest = "", "v1", parts[2:]
    elif len(parts) >= 4 and parts[0] == "apis":
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) >= 3 and (group, version, rest[2]) in BY_PATH:
        namespace, rest = rest[1], rest[2:]
    resource = BY_PATH.get((group, version, rest[0]))
    if resource is None or len(rest) > 4 or "" in rest or (resource.namespaced and not namespace and len(rest) > 1):
        return None
    name = rest[1] if len(rest) > 1 else ""
    sub = "/".join(rest[2:])
    return Target(resource, _verb(method, query, name), namespace, name, sub)


def _verb(method: str, query: Mapping[str, str], name: str) -> str:
    if method in _TRUE_VERBS:
        return _TRUE_VERBS[method]
    if method == "DELETE":
        return "delete" if name else "deletecollection"
    if flag(query, "watch"):
        return "watch"
    return "get" if name else "list"
