"""The pod that a follower reads from, as it was last seen, and waiting for news of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hallucino_tui.sources.kubernetes.errors import ApiError
from hallucino_tui.sources.kubernetes.log_request import pod_path
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.inventory import Container, Pod
    from hallucino_tui.sources.kubernetes.client import Client


class FollowedPod:
    """One pod, looked at for one of its containers.

    Attributes:
        pod: As it was last seen.
        gone: Whether it is there no more.
    """

    def __init__(self, client: Client, clock: Clock, pod: Pod, container: str) -> None:
        """Prepare.

        Args:
            client: Speaks to the API server.
            clock: Tells the time.
            pod: The pod as it was last seen.
            container: The name of the container that is read.
        """
        self.pod = pod
        self.gone = False
        self._client = client
        self._clock = clock
        self._name = container
        self._changed = asyncio.Event()

    @property
    def container(self) -> Container | None:
        """The container that is read; None if the pod has none of that name."""
        return self.pod.container(self._name)

    def observe(self, pod: Pod | None) -> None:
        """Take a newer state of the pod; None if it is gone."""
        if pod is None:
            self.gone = True
        else:
            self.pod = pod
        self._changed.set()

    def hurry(self) -> None:
        """Wait no longer."""
        self._changed.set()

    def look(self) -> None:
        """Take what is known by now as seen: what is waited for next is news after this."""
        self._changed.clear()

    async def is_still(self, container_id: str, previous: bool) -> bool:
        """Ask the cluster whether an instance is still the container's current one, or its previous one."""
        await self.refresh()
        container = self.container
        if container is None:
            return False
        instance = container.previous if previous else container.instance
        return instance is not None and instance.container_id == container_id

    async def refresh(self) -> None:
        """Read the pod anew: how an answer ended does not tell whether the container did.

        Raises:
            ClusterError: The cluster does not answer, or refuses.
        """
        try:
            raw = await self._client.get(pod_path(self.pod.namespace, self.pod.name), PodObject)
        except ApiError as error:
            if error.status == 404:
                self.gone = True
            elif error.status != 403:
                raise
            return  # without the right to get a pod, what the watch says has to do
        if raw.metadata.uid == self.pod.uid:
            self.pod = to_pod(raw)
        else:
            self.gone = True

    async def wait(self, seconds: float) -> bool:
        """Wait for some seconds, or until the pod changes or somebody is in a hurry; return whether that was so."""
        changed = asyncio.ensure_future(self._changed.wait())
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({changed, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            return self._changed.is_set()
        finally:
            for task in (changed, sleeping):
                task.cancel()
            await asyncio.gather(changed, sleeping, return_exceptions=True)
