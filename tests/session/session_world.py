"""Pods, a source, a cluster, a model and a clock that a test makes and moves itself."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hallucino_tui.assistant.material import Fact, Material
from hallucino_tui.assistant.prompts import Message
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
from hallucino_tui.logs.batch import Batch, batch_of
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.session.chat import Capabilities, Event, Request, Usage
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.cluster import ContextInfo, SourceError
from hallucino_tui.session.hub import Hub, HubSnapshot
from hallucino_tui.session.inventory import (
    Container,
    ContainerState,
    Instance,
    Inventory,
    NamespaceState,
    Pod,
    Watching,
    Workload,
)
from hallucino_tui.session.receipts import Receipt, StreamState

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9


@dataclass
class FakeClock:
    """Stands still, or moves by a step whenever it is looked at."""

    time: int = NOON
    seconds: float = 0.0
    step: float = 0.0

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        self.seconds += self.step
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class FakeLogs:
    """A source that hands over what a test wrote."""

    table: StreamTable = field(default_factory=StreamTable)
    items: deque[Batch | Notice] = field(default_factory=deque)
    known: list[Receipt] = field(default_factory=list)

    def take(self) -> Sequence[Batch | Notice]:
        taken = list(self.items)
        self.items.clear()
        return taken

    def receipts(self) -> Sequence[Receipt]:
        return self.known

    def stream(self, pod: str, cluster: str = "demo", container: str = "app") -> int:
        """Announce the stream of a pod; return its number."""
        stream = stream_of(pod, cluster, container)
        if self.table.find(stream) is None:
            self.known.append(Receipt(stream, StreamState.LIVE))
        return self.table.number(stream)

    def write(self, pod: str, *lines: str | bytes, times: Sequence[int] = (), cluster: str = "demo") -> None:
        data = [line if isinstance(line, bytes) else line.encode() for line in lines]
        self.items.append(batch_of(data, list(times) or [NOON] * len(data), self.stream(pod, cluster)))

    def divide(self, pod: str, text: str, time: int = NOON, kind: NoticeKind = NoticeKind.GAP) -> None:
        self.items.append(Notice(self.stream(pod), time, kind, text))


def stream_of(pod: str, cluster: str = "demo", container: str = "app", workload: str = "") -> Stream:
    labels = {
        "cluster": cluster,
        "namespace": "shop",
        "workload": workload or pod.rpartition("-")[0] or pod,
        "workload_kind": "Deployment",
        "pod": pod,
        "pod_uid": f"uid-{pod}",
        "container": container,
    }
    return Stream(("kubernetes", cluster, f"uid-{pod}", container, "c1"), labels, pod, container)


def texts(view: ViewSnapshot) -> list[str]:
    """All rows that show, dividers among them."""
    found = [view.store.find(row) for row in view.rows(0, len(view))]
    return [columns.line(index).decode() for columns, index in (place for place in found if place is not None)]


def running(name: str = "app", **more: Any) -> Container:
    return Container(name, **{"state": ContainerState.RUNNING, "instance": Instance("c1"), "ready": True, **more})


def ended(name: str = "app", code: int = 0, **more: Any) -> Container:
    return Container(name, state=ContainerState.TERMINATED, instance=Instance("c1", exit_code=code), **more)


def pod_of(name: str, *containers: Container, workload: str = "", namespace: str = "shop", **more: Any) -> Pod:
    owner = Workload("Deployment", workload or name.rpartition("-")[0] or name)
    return Pod(
        namespace,
        name,
        **{
            "uid": f"uid-{name}",
            "workload": owner,
            "phase": "Running",
            "containers": containers or (running(),),
            **more,
        },
    )


@dataclass
class FakeCluster:
    """A cluster that a test fills."""

    name: str
    table: StreamTable
    namespace: str = "shop"
    inventory: Inventory = field(init=False)
    logs: FakeLogs = field(init=False)
    watched: list[str] = field(default_factory=list)
    begun: list[tuple[str, str]] = field(default_factory=list)
    observed: list[tuple[str, Pod | None]] = field(default_factory=list)
    older: list[Batch | Notice] = field(default_factory=list)
    asked_older: list[Sequence[tuple[str, str]]] = field(default_factory=list)
    previous: dict[tuple[str, str], list[Batch | Notice]] = field(default_factory=dict)
    refusal: str = ""
    closed: bool = False
    happened: list[ClusterEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inventory = Inventory(self.name)
        self.logs = FakeLogs(self.table)

    def watch(self, choice: Choice) -> None:
        for namespace in ["*"] if choice.all_namespaces else choice.namespaces:
            self.watch_namespace(namespace)

    def watch_namespace(self, namespace: str) -> None:
        self.watched.append(namespace)
        self.inventory.set_namespace(namespace, NamespaceState(Watching.WATCHED))

    def begin(self, pod: Pod, container: str) -> None:
        self.begun.append((pod.name, container))

    def observe(self, uid: str, pod: Pod | None) -> None:
        self.observed.append((uid, pod))

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:
        self.asked_older.append(list(slots))
        if self.refusal:
            raise SourceError(self.refusal)
        older, self.older = self.older, []
        return older

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:
        return self.previous[uid, container]

    def events(self) -> Sequence[ClusterEvent]:
        return self.happened

    def pod_facts(self) -> Sequence[PodFacts]:
        return []

    async def describe(self, key: Any) -> str:
        return f"Name:  {key.path[-1]}"

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeClusters:
    """Opens the clusters that a test made, or fails as it was told to."""

    clusters: dict[str, FakeCluster]
    fail: str = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ready.set()

    async def contexts(self) -> Sequence[ContextInfo]:
        return [ContextInfo(name, name, "me", "shop", index == 0) for index, name in enumerate(self.clusters)]

    async def open(self, context: str | None) -> FakeCluster:
        await self.ready.wait()
        if context in self.slow:
            await self.slow[context].wait()
        if self.fail:
            raise SourceError(self.fail)
        return self.clusters[context or next(iter(self.clusters))]


@dataclass
class ScriptedModel:
    """Answers as it is told, piece by piece; `asked` holds what it was sent."""

    script: list[Event]
    host: str = "model.example"
    name: str = "scripted"
    answer_tokens: int = 256
    size: int = 8192
    caveat: str = ""
    prompts: dict[str, str] = field(default_factory=dict)
    schema: bool | None = False
    hold: bool = False
    asked: list[list[Message]] = field(default_factory=list)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    closed: bool = False

    async def capabilities(self) -> Capabilities:
        return Capabilities(self.size, counts_tokens=True, takes_schema=self.schema)

    async def count_tokens(self, text: str) -> int:
        return most_tokens(text)

    def body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.text} for message in request.messages],
            "stream": True,
        }
        return body | ({"schema": request.schema} if request.schema is not None else {})

    def cost(self, usage: Usage) -> float | None:
        return None

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        self.asked.append(list(request.messages))
        try:
            for event in self.script:
                yield event
            if self.hold:
                self.waiting.set()
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    async def close(self) -> None:
        self.closed = True


async def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"it never came to {what or condition}"
        await asyncio.sleep(0.002)


def material_of(*texts: str, level: int = 3, facts: Sequence[Fact] = (), templates: Sequence[int] = ()) -> Material:
    """Lines of one pod, one a second, the n-th of them of row n."""
    count = len(texts)
    return Material(
        pl.Series(list(texts), dtype=pl.String),
        NOON + np.arange(count, dtype=np.int64) * SECOND,
        np.full(count, level, np.uint8),
        np.zeros(count, np.uint32),
        np.arange(count, dtype=np.int64),
        np.array(templates or range(count), np.int32),
        ["web-1/app"],
        facts,
    )


def unlike_any_other(number: int) -> str:
    """A line of a kind of its own."""
    letters = "".join(chr(97 + (number * 7919 + place * place * 31) % 26) for place in range(80))
    return " ".join(letters[place * 7 : place * 7 + 3 + number % 5] for place in range(4 + number % 6))


class Heard(list[HubSnapshot]):
    """What a listener heard."""

    @property
    def last(self) -> HubSnapshot:
        return self[-1]


def hub_of(*sources: FakeLogs, clock: FakeClock | None = None, bounds: Bounds | None = None) -> tuple[Hub, Heard]:
    heard = Heard()
    hub = Hub(sources[0].table, clock or FakeClock(), heard.append, bounds)
    for source in sources:
        hub.add(source)
    return hub, heard


@contextlib.asynccontextmanager
async def running_hub(hub: Hub) -> AsyncIterator[None]:
    task = asyncio.create_task(hub.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
