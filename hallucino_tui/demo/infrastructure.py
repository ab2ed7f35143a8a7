"""Nodes, namespaces, services, ConfigMaps and leases as API objects."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

from hallucino_tui.demo.timeformat import SECOND, rfc3339, rfc3339_micro

if TYPE_CHECKING:
    from hallucino_tui.demo.encoding import JsonObject
    from hallucino_tui.demo.world import World

VERSION = "v1.36.2"
"""The Kubernetes version that the demo speaks like."""

_CONDITIONS = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def _metadata(world: World, name: str, namespace: str = "") -> JsonObject:
    metadata: JsonObject = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    return metadata | {
        "uid": world.ids.uid(),
        "resourceVersion": "",
        "creationTimestamp": rfc3339(world.clock()),
    }


def namespace_object(world: World, name: str) -> JsonObject:
    """Return an active namespace."""
    return {
        "metadata": _metadata(world, name) | {"labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def node_object(world: World, name: str, roles: tuple[str, ...]) -> JsonObject:
    """Return a node that is ready."""
    now = rfc3339(world.clock())
    labels = {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        **{f"node-role.kubernetes.io/{role}": "" for role in roles},
    }
    capacity = {"cpu": "8", "ephemeral-storage": "101430960Ki", "memory": "32839488Ki", "pods": "110"}
    spec: JsonObject = {"podCIDR": f"10.244.{len(world.nodes)}.0/24"}
    if "control-plane" in roles:
        spec["taints"] = [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]
    return {
        "metadata": _metadata(world, name) | {"labels": labels},
        "spec": spec,
        "status": {
            "capacity": capacity,
            "allocatable": {**capacity, "memory": "32737088Ki"},
            "conditions": [
                {
                    "type": kind,
                    "status": status,
                    "lastHeartbeatTime": now,
                    "lastTransitionTime": now,
                    "reason": reason,
                    "message": message,
                }
                for kind, status, reason, message in _CONDITIONS
            ],
            "addresses": [
                {"type": "InternalIP", "address": world.node_address(name)},
                {"type": "Hostname", "address": name},
            ],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
            "nodeInfo": _node_info(name),
        },
    }


def _node_info(name: str) -> JsonObject:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {
        "machineID": digest[:32],
        "systemUUID": f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}",
        "bootID": f"{digest[32:40]}-{digest[40:44]}-{digest[44:48]}-{digest[48:52]}-{digest[52:64]}",
        "kernelVersion": "6.12.48-cloud-amd64",
        "osImage": "Debian GNU/Linux 13 (trixie)",
        "containerRuntimeVersion": "containerd://2.1.4",
        "kubeletVersion": VERSION,
        "kubeProxyVersion": "",
        "operatingSystem": "linux",
        "architecture": "amd64",
    }


def lease_object(world: World, node: str) -> JsonObject:
    """Return the lease that a node's kubelet has just renewed."""
    return {
        "metadata": {
            "name": node,
            "namespace": "kube-node-lease",
            "uid": str(uuid.uuid5(uuid.NAMESPACE_DNS, node)),
            "resourceVersion": "",
            "creationTimestamp": rfc3339(world.clock()),
        },
        "spec": {
            "holderIdentity": node,
            "leaseDurationSeconds": 40,
            "renewTime": rfc3339_micro(world.clock() // SECOND * SECOND),
        },
    }


def service_object(
    world: World, namespace: str, name: str, selector: dict[str, str], address: tuple[str, int]
) -> JsonObject:
    """Return a service; `address` is its address and port."""
    ip, port = address
    return {
        "metadata": _metadata(world, name, namespace) | {"labels": dict(selector)},
        "spec": {
            "ports": [{"name": "main", "protocol": "TCP", "port": port, "targetPort": port}],
            "selector": selector,
            "clusterIP": ip,
            "clusterIPs": [ip],
            "type": "ClusterIP",
            "sessionAffinity": "None",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster",
        },
        "status": {"loadBalancer": {}},
    }


def config_map_object(world: World, namespace: str, name: str, data: dict[str, str]) -> JsonObject:
    """Return a ConfigMap."""
    return {"metadata": _metadata(world, name, namespace), "data": data}
