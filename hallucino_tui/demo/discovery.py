"""What the API offers: version, groups and resources, in the old form and in the aggregated one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui.demo.infrastructure import VERSION
from hallucino_tui.demo.resources import ALL, REVIEWS, VERBS, Resource

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject

_VERSION: JsonObject = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": VERSION,
    "gitCommit": "0000000000000000000000000000000000000000",
    "gitTreeState": "clean",
    "buildDate": "2026-08-20T00:00:00Z",
    "goVersion": "go1.26.6",
    "compiler": "gc",
    "platform": "linux/amd64",
}
GROUPS = tuple(dict.fromkeys(resource.group for resource in ALL if resource.group))
"""The API groups beside the core."""


class Discovery:
    """Answers questions about the API itself."""

    def __init__(self, port: int) -> None:
        self._address = f"127.0.0.1:{port}"

    def answer(self, path: str, *, aggregated: bool) -> JsonObject | bytes | None:
        """Return the answer for an address, or None if there is nothing.

        Args:
            path: The address.
            aggregated: Whether the client wants all resources in one answer.

        Returns:
            An object; or bytes for the version, which is indented for everybody.
        """
        match path.strip("/").split("/"):
            case ["version"]:
                return msgspec.json.format(msgspec.json.encode(_VERSION), indent=2)
            case ["api"]:
                found = _aggregated([""]) if aggregated else self._core_versions()
            case ["apis"]:
                found = _aggregated(GROUPS) if aggregated else _group_list()
            case ["api", "v1"]:
                found = _resource_list("")
            case ["apis", group] if group in GROUPS:
                found = {"kind": "APIGroup", "apiVersion": "v1", **_group(group)}
            case ["apis", group, "v1"] if group in GROUPS:
                found = _resource_list(group)
            case [""]:
                found = {"paths": ["/api", "/api/v1", "/apis", *(f"/apis/{group}" for group in GROUPS), "/version"]}
            case _:
                found = None
        return found

    def _core_versions(self) -> JsonObject:
        addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": self._address}]
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def _verbs(resource: Resource) -> list[str]:
    return ["create"] if resource in REVIEWS else list(VERBS)


def _group(group: str) -> dict[str, Any]:
    version = {"groupVersion": f"{group}/v1", "version": "v1"}
    return {"name": group, "versions": [version], "preferredVersion": version}


def _group_list() -> JsonObject:
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(group) for group in GROUPS]}


def _resource_list(group: str) -> JsonObject:
    resources: list[JsonObject] = []
    for resource in ALL:
        if resource.group != group:
            continue
        entry: JsonObject = {
            "name": resource.plural,
            "singularName": resource.singular,
            "namespaced": resource.namespaced,
            "kind": resource.kind,
            "verbs": _verbs(resource),
        }
        if resource.short_names:
            entry["shortNames"] = list(resource.short_names)
        if resource.categories:
            entry["categories"] = list(resource.categories)
        resources.append(entry)
        resources += [
            {
                "name": f"{resource.plural}/{name}",
                "singularName": "",
                "namespaced": resource.namespaced,
                "kind": kind or resource.kind,
                "verbs": list(verbs),
            }
            for name, kind, verbs in resource.subresources
        ]
    version = f"{group}/v1" if group else "v1"
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}


def _aggregated(groups: tuple[str, ...] | list[str]) -> JsonObject:
    items = [
        {
            "metadata": {"name": group, "creationTimestamp": None} if group else {"creationTimestamp": None},
            "versions": [
                {
                    "version": "v1",
                    "resources": [_aggregated_resource(resource) for resource in ALL if resource.group == group],
                    "freshness": "Current",
                }
            ],
        }
        for group in groups
    ]
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _aggregated_resource(resource: Resource) -> JsonObject:
    entry: JsonObject = {
        "resource": resource.plural,
        "responseKind": {"group": resource.group, "version": resource.version, "kind": resource.kind},
        "scope": "Namespaced" if resource.namespaced else "Cluster",
        "singularResource": resource.singular,
        "verbs": _verbs(resource),
    }
    if resource.short_names:
        entry["shortNames"] = list(resource.short_names)
    if resource.categories:
        entry["categories"] = list(resource.categories)
    if resource.subresources:
        entry["subresources"] = [
            {
                "subresource": name,
                "responseKind": {"group": resource.group, "version": resource.version, "kind": kind or resource.kind},
                "verbs": list(verbs),
            }
            for name, kind, verbs in resource.subresources
        ]
    return entry
