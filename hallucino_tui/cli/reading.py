"""Reading containers without a screen: which ones, all at once, and what went wrong with each."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hallucino_tui.cli.common import Refused, choice_of, since_of
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.session.inventory import NO_INSTANCE, ContainerState
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters
from hallucino_tui.sources.kubernetes.errors import ClusterError
from hallucino_tui.sources.kubernetes.instance_log import InstanceLog
from hallucino_tui.sources.kubernetes.log_request import Ending, Start
from hallucino_tui.sources.kubernetes.objects import ListMeta, PodObject, to_pod
from hallucino_tui.sources.kubernetes.outlet import Outlet, Piece
from hallucino_tui.sources.kubernetes.streams import make_stream

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.session.choice import Choice
    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.sources.kubernetes.client import Client

MOST_READINGS: Final = 300
_TRIES: Final = 5
_PAGE: Final = 500
_NAMES_CONTAINERS: Final = (
    "target", "context", "kubeconfig", "namespace", "all_namespaces", "selector", "pod", "container",
)  # fmt: skip
_UNREAD: Final = "Standard input is not read: add - to read it instead of a cluster."


class _PodList(msgspec.Struct):
    items: list[PodObject]
    metadata: ListMeta


@dataclass(slots=True)
class Reading:
    """What was read of one container.

    Attributes:
        pod: Its pod.
        container: Its name.
        stream: The number of its stream.
        lines: Whole lines with their time prefixes and newlines, in order.
        unterminated: Whether the very last newline was not there.
        receipt: What came in.
        problem: Why it could not be read; "" if it could.
    """

    pod: Pod
    container: str
    stream: int
    receipt: Receipt
    lines: list[bytes] = field(default_factory=list[bytes])
    unterminated: bool = False
    problem: str = ""


@dataclass(slots=True)
class Reader:
    """Reads the containers that a command line means.

    Attributes:
        client: Speaks to the API server.
        table: Numbers the streams.
        choice: Which containers.
        start: Where each reading begins.
    """

    client: Client
    table: StreamTable
    choice: Choice
    start: Start

    async def pods(self) -> list[Pod]:
        """Return the pods that are meant, by namespace and name.

        Raises:
            ClusterError: They cannot be listed.
            Refused: There are none, or too many containers.
        """
        namespaces = (None,) if self.choice.all_namespaces else self.choice.namespaces
        lists = await asyncio.gather(*(self._list(namespace) for namespace in namespaces))
        pods = [pod for found in lists for pod in found if self.choice.takes_pod(pod)]
        pods.sort(key=lambda pod: (pod.namespace, pod.name))
        count = sum(self.choice.takes(pod, one.name) for pod in pods for one in pod.containers)
        if not count:
            raise Refused(
                f"No container matches ({self.choice or 'everything'}): check names, labels and the namespace."
            )
        if count > MOST_READINGS:
            most = f"{count} containers match and at most {MOST_READINGS} are read at once"
            raise Refused(f"{most}: choose fewer with -n, -l or KIND/NAME.")
        return pods

    async def read_all(self, *, previous: bool = False) -> list[Reading]:
        """Read all containers concurrently, to the end of what there is now.

        Raises:
            ClusterError: The pods cannot be listed.
            Refused: There are none.
        """
        pods = await self.pods()
        opening = asyncio.Semaphore(20)
        return await asyncio.gather(
            *(
                self._read(pod, container.name, opening, previous=previous)
                for pod in pods
                for container in pod.containers
                if self.choice.takes(pod, container.name)
            )
        )

    async def read_runs(self) -> list[Reading]:
        """Read all runs of containers that the cluster still has, concurrently: the last ones, and those before.

        Containers that were never started are left out: there is nothing to read of them.

        Raises:
            ClusterError: The pods cannot be listed.
            Refused: There are none.
        """
        pods = await self.pods()
        opening = asyncio.Semaphore(20)
        chosen = [
            (pod, container)
            for pod in pods
            for container in pod.containers
            if self.choice.takes(pod, container.name)
            and (container.state is not ContainerState.WAITING or container.instance != NO_INSTANCE)
        ]
        readings = [self._read(pod, container.name, opening, previous=False) for pod, container in chosen]
        # While a container waits for its next start, its log is still that of the run before.
        earlier = [
            self._read(pod, container.name, opening, previous=True)
            for pod, container in chosen
            if container.previous is not None and container.previous != container.instance
        ]
        return await asyncio.gather(*earlier, *readings)

    async def _read(self, pod: Pod, container: str, opening: asyncio.Semaphore, *, previous: bool) -> Reading:
        status = pod.container(container)
        instance = NO_INSTANCE if status is None else (status.previous or NO_INSTANCE) if previous else status.instance
        stream = make_stream(self.client.connection.context, pod, container, instance.container_id)
        number = self.table.number(stream)
        outlet = Outlet(Receipt(stream), SystemClock())
        reading = Reading(pod, container, number, outlet.receipt)

        async def is_still(_container_id: str, _previous: bool) -> bool:
            return True  # a restart meanwhile is told as what it is: lines that may be missing

        log = InstanceLog(
            self.client, SystemClock(), outlet, opening, is_still, pod, container, number, "", self.start, 30.0
        )
        try:
            await self._read_to_the_end(log, reading, previous=previous)
        except ClusterError as error:
            reading.problem = str(error)
            outlet.state(StreamState.FAILED, reading.problem)
        reading.lines = [item.lines for item in outlet.items if isinstance(item, Piece)]
        reading.unterminated = log.unterminated
        return reading

    async def _read_to_the_end(self, log: InstanceLog, reading: Reading, *, previous: bool) -> None:
        for wait in range(_TRIES):
            ended = await log.read_rest(previous=previous)
            if ended.ending is Ending.CUT:
                log.interrupt()
                await asyncio.sleep(0.1 * 2**wait)
                continue
            log.outlet.state(StreamState.ENDED)
            if ended.words:
                reading.problem = f"The cluster said instead of lines: {ended.words}."
            return
        raise ClusterError("The connection broke again and again: the rest is missing.")

    async def _list(self, namespace: str | None) -> list[Pod]:
        path = "/api/v1/pods" if namespace is None else f"/api/v1/namespaces/{namespace}/pods"
        found: list[Pod] = []
        token = ""
        while True:
            params = {"limit": str(_PAGE)} | ({"continue": token} if token else {})
            if self.choice.selector:
                params["labelSelector"] = self.choice.selector
            page = await self.client.get(path, _PodList, params)
            found.extend(to_pod(item) for item in page.items)
            token = page.metadata.continue_
            if not token:
                return found


def input_left_unread(arguments: argparse.Namespace) -> str:
    """Return what to say if lines may come in, and nothing on the command line says what to read; else ""."""
    if any(getattr(arguments, name) for name in _NAMES_CONTAINERS):
        return ""
    try:
        mode = os.fstat(0).st_mode
    except OSError:  # it was closed
        return ""
    return _UNREAD if stat.S_ISFIFO(mode) or stat.S_ISREG(mode) else ""


async def open_reader(arguments: argparse.Namespace, tail: int | None) -> Reader:
    """Connect, and return who reads what a command line means.

    Args:
        arguments: The command line.
        tail: Lines of each container where the command line names no number; None for all.

    Raises:
        ClusterError: There is no way to the cluster.
        Refused: The command line makes no sense.
    """
    from dataclasses import replace

    choice, since = choice_of(arguments), since_of(arguments)
    table = StreamTable()
    clusters = KubernetesClusters(arguments.kubeconfig, table, SystemClock())
    try:
        client = await clusters.connect(arguments.context)
    except SourceError as error:
        raise Refused(f"{input_left_unread(arguments)} {error}".lstrip()) from error
    if not choice.namespaces and not choice.all_namespaces:
        choice = replace(choice, namespaces=(client.connection.namespace,))
    wanted: Any = arguments.tail if arguments.tail is not None else None if since is not None else tail
    return Reader(client, table, choice, Start(wanted, None if since is None else int(time.time() - since)))
