"""What a cluster did, asked of the cluster itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallucino_tui.cli.cluster_files import Happenings
from hallucino_tui.sources.kubernetes.errors import ClusterError
from hallucino_tui.sources.kubernetes.event_objects import restarts_of
from hallucino_tui.sources.kubernetes.event_reading import read_items, read_pods, to_events

if TYPE_CHECKING:
    from hallucino_tui.cli.reading import Reader
    from hallucino_tui.insight.cluster_events import PodFacts


async def read_from_cluster(reader: Reader, gaps: list[str]) -> Happenings:
    """Return events and pods of the namespaces that are read: what is not chosen may be the cause all the same.

    Args:
        reader: Knows the cluster and the choice.
        gaps: Takes a sentence for what may not be read.
    """
    namespaces = (None,) if reader.choice.all_namespaces else reader.choice.namespaces
    pods: list[PodFacts] = []
    items: list[dict[str, Any]] = []
    for namespace in namespaces:
        try:
            pods.extend(await read_pods(reader.client, (namespace,)))
            items.extend(await read_items(reader.client, namespace, "events"))
        except ClusterError as error:
            gaps.append(f"What the cluster did could not be read: {error}")
    return Happenings([*to_events(items, pods), *restarts_of(pods)], pods)
