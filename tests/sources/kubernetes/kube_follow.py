"""Followers over the demo cluster, and what they told, as text: lines as they are, notices with their kind in front."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from kube_clock import FakeClock
from kube_server import until

from hallucino_tui.demo.pods import Container as DemoContainer
from hallucino_tui.demo.pods import ContainerSpec, PodPlan
from hallucino_tui.demo.pods import Pod as DemoPod
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Pod
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters
from hallucino_tui.sources.kubernetes.log_request import Slot, Start, pod_path
from hallucino_tui.sources.kubernetes.log_source import KubernetesLogs
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod
from hallucino_tui.sources.kubernetes.shared import Shared

ALL = Start(tail=None)


@dataclass
class Told:
    """What a source of logs told so far.

    Attributes:
        logs: The source.
        table: Its streams.
        items: Lines and notices in order; seconds in notices are left out, as they depend on chance.
        raw: The lines' bytes.
        times: The lines' times.
        streams: Each line's stream.
        notices: The notices.
    """

    logs: KubernetesLogs
    table: StreamTable
    items: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def take(self) -> list[str]:
        for item in self.logs.take():
            if isinstance(item, Notice):
                self.notices.append(item)
                self.items.append(f"{item.kind.name}: {re.sub(r'after [0-9.]+ s', 'after a while', item.text)}")
                continue
            self.raw += [item.line(index) for index in range(len(item))]
            self.items += [item.line(index).decode("utf-8", "replace") for index in range(len(item))]
            self.times += item.times.tolist()
            self.streams += item.streams.tolist()
        return self.items

    async def until(self, *items: str) -> None:
        """Wait until exactly this was told."""
        await until(lambda: len(self.take()) >= len(items), f"{items}, but {self.items}")
        assert self.items == list(items), f"{self.items}"

    async def until_line(self, line: str) -> None:
        """Wait until a line was told, whatever else was."""
        await until(lambda: line in self.take(), line)

    def of(self, kind: NoticeKind) -> list[str]:
        return [notice.text for notice in self.notices if notice.kind is kind]

    @property
    def receipt(self) -> Receipt:
        """The receipt of the one container that is read."""
        (receipt,) = self.logs.receipts()
        return receipt

    async def reaches(self, state: StreamState) -> str:
        """Wait for a state; return its detail."""
        await until(lambda: self.receipt.state is state, f"{state}, it is {self.receipt.state}")
        return self.receipt.detail


@dataclass
class Following(Told):
    """A demo cluster whose containers are read; see `Told`."""

    cluster: DemoCluster = field(default_factory=DemoCluster)
    client: Client = field(kw_only=True)
    clock: FakeClock = field(kw_only=True)

    def pod(self, name: str = "web", *containers: str | ContainerSpec, running: bool = True, **plan: object) -> DemoPod:
        """A pod with one running container ``main``, if nothing else is said."""
        wanted = PodPlan(**plan) if plan else None  # type: ignore[arg-type]
        return self.cluster.world.add_pod("shop", name, *(containers or ("main",)), plan=wanted, running=running)

    async def seen(self, pod: DemoPod) -> Pod:
        return to_pod(await self.client.get(pod_path(pod.namespace, pod.name), PodObject))

    async def follow(self, pod: DemoPod, container: str = "main", start: Start = ALL) -> None:
        self.logs.follow(await self.seen(pod), container, start)

    async def live(self, pod: DemoPod, container: str = "main", start: Start = ALL) -> DemoContainer:
        """Follow a container and wait until it is followed."""
        await self.follow(pod, container, start)
        await until(lambda: self.cluster.faults.follows(pod=pod.name, container=container), "it is followed")
        return pod.container(container)

    async def read(self, *lines: str, start: Start = ALL) -> DemoContainer:
        """A pod whose container wrote these lines, all of which were read; it is followed."""
        container = self.pod().container()
        write(container, *lines)
        await self.live(container.pod, start=start)
        await self.until(*lines)
        return container

    def slot(self, pod: DemoPod, container: str = "main") -> Slot:
        return Slot(pod.uid, container)

    async def leave_behind(self, pod: DemoPod, container: str = "main") -> None:
        """Stop reading, so that nothing more is asked."""
        await self.logs.leave(self.slot(pod, container))


def write(container: DemoContainer, *lines: str | bytes) -> None:
    for line in lines:
        container.write((line if isinstance(line, bytes) else line.encode()) + b"\n")


def tell(logs: KubernetesLogs) -> Callable[[Iterable[DemoPod]], None]:
    """What a watch does: tell the readers of each change of a pod."""

    def changed(pods: Iterable[DemoPod]) -> None:
        for pod in pods:
            logs.observe(pod.uid, None if pod.gone else to_pod(_object(pod)))

    return changed


def _object(pod: DemoPod) -> PodObject:
    return msgspec.convert(pod.render(), PodObject)


@asynccontextmanager
async def following(
    *, quiet: float = 30.0, watched: bool = True, patience: float = 30.0, runs_before: bool = False
) -> AsyncIterator[Following]:
    """A demo cluster and a source of its logs, in which short waits pass at once.

    Args:
        quiet: Seconds without a line after which a follow is probed.
        watched: Whether readers hear of changes at once, as from a watch.
        patience: Waits of up to so many seconds pass at once.
        runs_before: Whether the run before the first one that is read is read, too.
    """
    clock, table = FakeClock(patience=patience), StreamTable()
    async with DemoCluster(ServeOptions(empty=True), clock=clock.now) as cluster:
        cluster.world.add_namespace("shop")
        client = await KubernetesClusters(str(cluster.kubeconfig_path), table, clock).connect(None)
        logs = KubernetesLogs(Shared(client, clock, table, "demo", quiet=quiet, runs_before=runs_before))
        if watched:
            cluster.world.on_change.append(tell(logs))
        world = Following(logs, table, cluster=cluster, client=client, clock=clock)
        try:
            yield world
            assert not [one.detail for one in logs.receipts() if one.state is StreamState.FAILED]
        finally:
            await logs.close()
            await client.close()
