"""A Kubernetes cluster as the session knows it: credentials, inventory and logs joined."""

from __future__ import annotations

import asyncio
import importlib
import time
from typing import TYPE_CHECKING

from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.session.inventory import Inventory
from hallucino_tui.sources.kubernetes import history
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.describe import describe
from hallucino_tui.sources.kubernetes.endings import how_it_ended, kind_of_ending
from hallucino_tui.sources.kubernetes.errors import ClusterError
from hallucino_tui.sources.kubernetes.event_watch import EventWatch
from hallucino_tui.sources.kubernetes.happenings import Happenings
from hallucino_tui.sources.kubernetes.inventory_source import ClusterInventory
from hallucino_tui.sources.kubernetes.kubeconfig import connect, list_contexts
from hallucino_tui.sources.kubernetes.log_request import Slot, Start
from hallucino_tui.sources.kubernetes.log_source import KubernetesLogs, parse_pieces
from hallucino_tui.sources.kubernetes.outlet import Piece
from hallucino_tui.sources.kubernetes.shared import Shared
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.cluster import ContextInfo
    from hallucino_tui.session.interactive import InteractiveRunner
    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.sources.kubernetes.kubeconfig import Connection


class KubernetesCluster:
    """A cluster that is being read. Belongs to the loop that it was opened on."""

    def __init__(self, client: Client, table: StreamTable, clock: Clock, start: Start, *, events: bool = True) -> None:
        """Prepare; nothing is read yet.

        Args:
            client: Speaks to the API server.
            table: Numbers the streams.
            clock: Tells the time.
            start: Where the reading of each container begins.
            events: Whether what the cluster does is read, too, and stands among the lines.
        """
        connection = client.connection
        self.name = connection.context
        self.namespace = connection.namespace
        self.inventory = Inventory(connection.context)
        self.logs = KubernetesLogs(Shared(client, clock, table, connection.context, runs_before=events))
        self._happenings = Happenings(connection.context, table, self.inventory, clock)
        self._events = EventWatch(client, self._happenings, clock) if events else None
        self.logs.happenings = self._happenings if events else None
        self._client = client
        self._table = table
        self._clock = clock
        self._start = start
        self._source: ClusterInventory | None = None
        self._beat: asyncio.Task[None] | None = None

    def watch(self, choice: Choice) -> None:
        """Watch namespaces, and the pods that a choice may mean."""
        on_watch = None if self._events is None else self._events.watch
        self._source = ClusterInventory(self._client, self.inventory, self._clock, choice.selector, on_watch)
        self._source.watch_namespaces()
        for namespace in (None,) if choice.all_namespaces else choice.namespaces:
            self._source.watch_pods(namespace)
        self._beat = asyncio.create_task(self.logs.watch_for_sleep(self._hurry), name="watch for sleep")

    def watch_namespace(self, namespace: str) -> None:
        """Watch the pods of one more namespace."""
        if self._source is not None:
            self._source.watch_pods(namespace)

    def begin(self, pod: Pod, container: str) -> None:
        """Begin to read a container."""
        self.logs.follow(pod, container, self._start)

    def observe(self, uid: str, pod: Pod | None) -> None:
        """Pass on a newer state of a pod to what reads its containers."""
        self.logs.observe(uid, pod)

    def events(self) -> Sequence[ClusterEvent]:
        """Return what the cluster did as far as it tells, the earliest first."""
        return self._happenings.events()

    def pod_facts(self) -> Sequence[PodFacts]:
        """Return what the pods that are watched say of themselves."""
        return self._happenings.pods()

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:
        """Read lines before those that are known.

        Raises:
            ClusterError: None of them could be read.
        """
        readings = [self._read_older(Slot(*slot)) for slot in slots]
        results = await asyncio.gather(*readings, return_exceptions=True)
        items: list[Batch | Notice] = []
        errors: list[ClusterError] = []
        for result in results:
            if isinstance(result, ClusterError):
                errors.append(result)
            elif isinstance(result, BaseException):
                raise result
            else:
                items.extend(result)
        if errors and len(errors) == len(results):
            raise errors[0]
        return items

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:
        """Read the run of a container before its current one.

        Raises:
            ClusterError: There is none, or it cannot be read.
        """
        pod = self.inventory.get(uid)
        status = None if pod is None else pod.container(container)
        if pod is None or status is None or status.previous is None:
            raise ClusterError(f"{container} was not started again as far as the cluster remembers: no previous run.")
        stream = make_stream(self.name, pod, container, status.previous.container_id)
        if self._table.find(stream) is not None:
            raise ClusterError(f"The previous run of {container} is in the pane already, above its divider.")
        lines, words = await history.read_previous(self._client, pod, container)
        number = self._table.number(stream)
        text = f"{container} ended: {how_it_ended(status.previous)}"
        items = self._parse(lines, number)
        if words:
            items.append(Notice(number, status.previous.finished, NoticeKind.ERROR, f"the server said: {words}"))
        last = max((int(item.times.max()) for item in items if not isinstance(item, Notice)), default=0)
        items.append(Notice(number, max(status.previous.finished, last), kind_of_ending(status.previous), text))
        return items

    async def describe(self, key: NodeKey) -> str:
        """Return what there is to say of a node of the tree, its events among it, as plain text.

        Raises:
            ClusterError: It cannot be read.
        """
        return await describe(self._client, self.inventory, key)

    async def close(self) -> None:
        """End all connections."""
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
        if self._source is not None:
            await self._source.close()
        if self._events is not None:
            await self._events.close()
        await self.logs.close()
        await self._client.close()

    def _hurry(self) -> None:
        if self._source is not None:
            self._source.hurry()
        if self._events is not None:
            self._events.hurry()
        self.logs.hurry()

    async def _read_older(self, slot: Slot) -> list[Batch | Notice]:
        follower = self.logs.follower(slot)
        log = None if follower is None else follower.log
        if log is None:
            return []
        async with self.logs.opening:
            lines = await history.read_older(self._client, log.pod, log.container, log.position)
        log.position.note_older(lines)
        return self._parse(lines, log.stream)

    def _parse(self, lines: bytes, stream: int) -> list[Batch | Notice]:
        items = parse_pieces([Piece(stream, lines)], self._clock.now()) if lines else []
        for item in items:
            if not isinstance(item, Notice):
                self.logs.note_times(item)
        return [item for item in items if isinstance(item, Notice) or len(item)]


class KubernetesClusters:
    """Opens clusters from kubeconfig files, or the one that the program runs in."""

    def __init__(
        self,
        kubeconfig: str | None,
        table: StreamTable,
        clock: Clock,
        *,
        tail: int | None = 1000,
        since: float | None = None,
        ask: InteractiveRunner | None = None,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            kubeconfig: A file; None for the usual places.
            table: Numbers the streams.
            clock: Tells the time.
            tail: At most so many lines of each container at the start; None for all.
            since: No lines older than so many seconds at the start; None for no such bound.
            ask: Runs login plugins that have to ask.
        """
        self._kubeconfig = kubeconfig
        self._table = table
        self._clock = clock
        self._start = Start(tail, None if since is None else int(time.time() - since))
        self._ask = ask

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return what can be opened.

        Raises:
            ClusterError: It cannot be told.
        """
        return await asyncio.to_thread(list_contexts, self._kubeconfig)

    async def connect(self, context: str | None) -> Client:
        """Return a client for a context, without anything being watched.

        Raises:
            ClusterError: There is no way to it.
        """
        # The client library takes long to import, and kubeconfig files may lie on a slow disk.
        await asyncio.to_thread(_warm_up)

        async def renew() -> Connection:
            return await connect(self._kubeconfig, context, self._ask)

        return Client(await renew(), renew)

    async def open(self, context: str | None) -> KubernetesCluster:
        """Open a cluster; None for the current context.

        Raises:
            ClusterError: It cannot be opened.
        """
        return KubernetesCluster(await self.connect(context), self._table, self._clock, self._start)


def _warm_up() -> None:
    importlib.import_module("kubernetes.aio.config.kube_config")
