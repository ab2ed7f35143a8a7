"""What a cluster tells of its last hour, read once: events and pods, for who reads logs without a screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hallucino_tui.sources.kubernetes.errors import ApiError, NotKubernetesError
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of, restarts_of
from hallucino_tui.sources.kubernetes.objects import ListMeta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.sources.kubernetes.client import Client

_PAGE: Final = 500


class _AnyList(msgspec.Struct):
    items: list[dict[str, Any]]
    metadata: ListMeta = msgspec.field(default_factory=ListMeta)


async def read_events(
    client: Client, namespaces: Sequence[str | None], pods: Sequence[PodFacts] = ()
) -> list[ClusterEvent]:
    """Return what a cluster's events and pods say of what happened, the earliest first.

    Args:
        client: Speaks to the API server.
        namespaces: Where; None stands for all of them.
        pods: What is known of its pods: how runs of their containers ended is among what is returned.

    Raises:
        ClusterError: Events cannot be read, for example for want of a right.
    """
    lists = await asyncio.gather(*(read_items(client, namespace, "events") for namespace in namespaces))
    found = [*to_events([item for items in lists for item in items], pods), *restarts_of(pods)]
    return sorted(found, key=lambda event: event.time)


def to_events(items: Sequence[dict[str, Any]], pods: Sequence[PodFacts] = ()) -> list[ClusterEvent]:
    """Return what items say that a cluster gave for events.

    Raises:
        ClusterError: They are none.
    """
    try:
        return events_of(items, pods)
    except ValueError as error:
        raise NotKubernetesError(f"The cluster gives a list of events that is none. {error}") from error


async def read_pods(client: Client, namespaces: Sequence[str | None], selector: str = "") -> list[PodFacts]:
    """Return what a cluster's pods say of themselves.

    Args:
        client: Speaks to the API server.
        namespaces: Where; None stands for all of them.
        selector: A label selector; "" for all.

    Raises:
        ClusterError: Pods cannot be read.
    """
    lists = await asyncio.gather(*(read_items(client, namespace, "pods", labels=selector) for namespace in namespaces))
    try:
        return pods_of(item for items in lists for item in items)
    except ValueError as error:
        raise NotKubernetesError(f"The cluster gives a list of pods that is none. {error}") from error


async def read_items(
    client: Client, namespace: str | None, what: str, *, labels: str = "", fields: str = "", pages: int = 1000
) -> list[dict[str, Any]]:
    """Return all items of a collection of the core API as decoded JSON.

    Args:
        client: Speaks to the API server.
        namespace: Where; None for the whole cluster.
        what: For example ``events``.
        labels: A label selector; "" for all.
        fields: A field selector; "" for all.
        pages: At most so many pages of 500.

    Raises:
        ClusterError: It cannot be read.
    """
    path = f"/api/v1/{what}" if namespace is None else f"/api/v1/namespaces/{namespace}/{what}"
    selectors = {"labelSelector": labels, "fieldSelector": fields}
    found: list[dict[str, Any]] = []
    token = ""
    for _ in range(pages):
        params = {"limit": str(_PAGE)} | ({"continue": token} if token else {})
        params |= {name: value for name, value in selectors.items() if value}
        try:
            page = await client.get(path, _AnyList, params)
        except ApiError as error:
            if error.status != 410 or not token:
                raise
            # The pages before are of a state that the server has forgotten.
            found.clear()
            token = ""
            continue
        found.extend(page.items)
        token = page.metadata.continue_
        if not token:
            break
    return found
