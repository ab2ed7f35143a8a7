"""Which streams show, as chosen in the tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from hallucino_tui.session.nodes import NodeKey, container_key, namespace_key, pod_key, workload_key

if TYPE_CHECKING:
    from hallucino_tui.logs.stream import Stream


@dataclass(frozen=True, slots=True)
class Selection:
    """A test for streams: those of one cluster that lie under chosen nodes of its tree.

    Attributes:
        cluster: The cluster.
        keys: The chosen nodes; empty for all that is read.
    """

    cluster: str = ""
    keys: frozenset[NodeKey] = frozenset()

    def __call__(self, stream: Stream) -> bool:
        """Say whether a stream shows."""
        if stream.labels.get("cluster", self.cluster) != self.cluster:
            return False
        return not self.keys or not self.keys.isdisjoint(keys_of(stream))

    def only(self, key: NodeKey) -> Selection:
        """Return the selection of one node alone; of all, if it was that node alone before."""
        return replace(self, keys=frozenset() if self.keys == frozenset((key,)) else frozenset((key,)))

    def toggled(self, key: NodeKey) -> Selection:
        """Return the selection with a node added, or taken away."""
        return replace(self, keys=self.keys ^ {key})

    def all(self) -> Selection:
        """Return the selection of all that is read."""
        return replace(self, keys=frozenset())


def keys_of(stream: Stream) -> set[NodeKey]:
    """Return the nodes that a stream lies under: a container, or a file."""
    labels = stream.labels
    if "filename" in labels:
        return {namespace_key(str(PurePath(labels["filename"]).parent)), pod_key(labels["filename"])}
    namespace, uid = labels.get("namespace", ""), labels.get("pod_uid", "")
    return {
        namespace_key(namespace),
        workload_key(namespace, (labels.get("workload_kind", ""), labels.get("workload", ""))),
        pod_key(uid),
        container_key(uid, labels.get("container", "")),
    }
