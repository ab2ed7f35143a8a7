"""The streams of a cluster: one for each instance of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.logs.stream import Stream

if TYPE_CHECKING:
    from hallucino_tui.session.inventory import Pod

_APP_LABELS = ("app.kubernetes.io/name", "app", "k8s-app")


def make_stream(cluster: str, pod: Pod, container: str, container_id: str) -> Stream:
    """Return the stream of one instance of a container, with the labels that a selector can name."""
    labels = {
        "cluster": cluster,
        "namespace": pod.namespace,
        "workload": pod.workload.name,
        "workload_kind": pod.workload.kind,
        "pod": pod.name,
        "pod_uid": pod.uid,
        "container": container,
        "node": pod.node,
        "app": next((pod.labels[name] for name in _APP_LABELS if name in pod.labels), pod.workload.name),
    }
    labels |= {f"label_{_plain(name)}": value for name, value in pod.labels.items()}
    identity = ("kubernetes", cluster, pod.uid, container, container_id)
    return Stream(identity, labels, title=pod.name, part=container)


def _plain(name: str) -> str:
    """Return a label's name with only the characters that a selector may hold."""
    return "".join(character if character.isalnum() else "_" for character in name)
