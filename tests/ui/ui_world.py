"""A whole program without a cluster: the real app, engine, hub and assistant over a source that a test writes to."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from hallucino_tui.assistant.prompts import Message
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.config.keys import keys_for
from hallucino_tui.config.settings import Settings
from hallucino_tui.config.themes import load_themes
from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
from hallucino_tui.logs.batch import Batch, batch_of
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.session.asking import Asking
from hallucino_tui.session.chat import Capabilities, Event, Request, Usage
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.cluster import ContextInfo, SourceError
from hallucino_tui.session.engine import Engine
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
from hallucino_tui.session.model_list import ModelList, ModelSpec
from hallucino_tui.session.receipts import Receipt, StreamState
from hallucino_tui.session.workspace import Workspace
from hallucino_tui.sinks.files import save_lines
from hallucino_tui.ui.app import HallucinoApp
from hallucino_tui.ui.bridge import Parts
from hallucino_tui.ui.screens.main import MainScreen

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECONDS = 10**9
THEMES = Path(__file__).parents[2] / "themes"


@dataclass
class FakeLogs:
    """Hands over what a test wrote."""

    items: deque[Batch | Notice] = field(default_factory=deque)
    known: list[Receipt] = field(default_factory=list)

    def take(self) -> Sequence[Batch | Notice]:
        taken = []
        while self.items:
            taken.append(self.items.popleft())
        return taken

    def receipts(self) -> Sequence[Receipt]:
        return self.known


@dataclass
class FakeCluster:
    """A cluster that a test fills."""

    name: str
    table: StreamTable
    namespace: str = "shop"
    inventory: Inventory = field(init=False)
    logs: FakeLogs = field(default_factory=FakeLogs)
    begun: list[tuple[str, str]] = field(default_factory=list)
    older: list[Batch | Notice] = field(default_factory=list)
    described: list[Any] = field(default_factory=list)
    closed: bool = False
    happened: list[ClusterEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inventory = Inventory(self.name)

    def watch(self, choice: Choice) -> None:
        for namespace in choice.namespaces:
            self.watch_namespace(namespace)

    def watch_namespace(self, namespace: str) -> None:
        self.inventory.set_namespace(namespace, NamespaceState(Watching.WATCHED))

    def begin(self, pod: Pod, container: str) -> None:
        self.begun.append((pod.name, container))

    def observe(self, uid: str, pod: Pod | None) -> None:
        pass

    async def read_older(self, slots: Sequence[tuple[str, str]]) -> Sequence[Batch | Notice]:
        older, self.older = self.older, []
        return older

    async def read_previous(self, uid: str, container: str) -> Sequence[Batch | Notice]:
        raise SourceError(f"{container} was not started again: no previous run.")

    def events(self) -> Sequence[ClusterEvent]:
        return self.happened

    def pod_facts(self) -> Sequence[PodFacts]:
        return []

    async def describe(self, key: Any) -> str:
        self.described.append(key)
        return f"Name:  {key.path[-1]}\nEvents:  none"

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeClusters:
    """Opens the clusters that a test made; or fails as it was told to."""

    clusters: dict[str, FakeCluster]
    fail: str = ""

    async def contexts(self) -> Sequence[ContextInfo]:
        return [ContextInfo(name, name, "me", "shop", index == 0) for index, name in enumerate(self.clusters)]

    async def open(self, context: str | None) -> FakeCluster:
        if self.fail:
            raise SourceError(self.fail)
        return self.clusters[context or next(iter(self.clusters))]


@dataclass
class ScriptedModel:
    """Answers as it is told, piece by piece; `asked` holds what it was sent."""

    script: list[Event]
    name: str = "scripted"
    host: str = "model.example"
    answer_tokens: int = 256
    size: int = 8192
    caveat: str = ""
    prompts: dict[str, str] = field(default_factory=dict)
    schema: bool | None = False
    asked: list[list[Message]] = field(default_factory=list)
    hold: bool = False
    cancelled: bool = False
    problem: str = ""

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
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    async def close(self) -> None:
        pass


class Agreed(set[str]):
    """Agreements in memory."""

    def remove(self, host: str) -> None:
        self.discard(host)


@dataclass
class World:
    """What a test speaks to."""

    app: HallucinoApp
    pilot: Pilot[int]
    cluster: FakeCluster
    clusters: FakeClusters
    model: Any
    agreed: Agreed
    table: StreamTable
    copied: list[str]
    clock: int = NOON

    @property
    def main(self) -> MainScreen:
        return self.app.main_screen

    def stream(self, pod: str, container: str = "app", workload: str = "") -> int:
        """Announce a pod with one container; return the number of its stream."""
        workload = workload or pod.rpartition("-")[0] or pod
        uid, identity = f"uid-{pod}", ("kubernetes", self.cluster.name, f"uid-{pod}", container, "c1")
        labels = {
            "cluster": self.cluster.name,
            "namespace": "shop",
            "workload": workload,
            "workload_kind": "Deployment",
            "pod": pod,
            "pod_uid": uid,
            "container": container,
        }
        stream = Stream(identity, labels, pod, container)
        if self.table.find(stream) is None:
            state = Container(container, state=ContainerState.RUNNING, instance=Instance("c1"), ready=True)
            self.cluster.inventory.put(
                Pod("shop", pod, uid, Workload("Deployment", workload), phase="Running", containers=(state,))
            )
            self.cluster.logs.known.append(Receipt(stream, StreamState.LIVE))
        return self.table.number(stream)

    def write(self, pod: str, *lines: str | bytes, step: int = SECONDS, time_: int | None = None) -> None:
        """Let a pod write lines, one a second."""
        number = self.stream(pod)
        data = [line if isinstance(line, bytes) else line.encode() for line in lines]
        start = self.clock if time_ is None else time_
        self.cluster.logs.items.append(batch_of(data, [start + index * step for index in range(len(data))], number))
        if time_ is None:
            self.clock += len(data) * step
        self.cluster.logs.known[0].lines += len(data)

    def divide(self, pod: str, kind: NoticeKind, text: str) -> None:
        self.cluster.logs.items.append(Notice(self.stream(pod), self.clock, kind, text))

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, f"it never came to {what or condition}"
            await self.pilot.pause(0.01)

    async def lines(self, count: int) -> None:
        """Wait until so many lines show."""
        await self.until(lambda: self.main.pane.viewport.view.matched == count, f"{count} lines")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def shown(self) -> list[str]:
        """What the log pane draws, line by line."""
        pane = self.main.pane
        return [pane.render_line(y).text.rstrip(" │┃") for y in range(pane.size.height)]

    def texts(self) -> list[str]:
        """The lines that show, whole."""
        view = self.main.pane.viewport.view
        places = [view.store.find(row) for row in view.rows(0, len(view))]
        return [place[0].line(place[1]).decode() for place in places if place is not None]


@dataclass
class Prepared:
    """A program that was not started yet."""

    app: HallucinoApp
    engine: Engine
    enter: Callable[[Pilot[int]], World]


def prepare(
    *,
    settings: Settings | None = None,
    model: Any = None,
    fail: str = "",
    contexts: Sequence[str] = ("demo",),
    confirm: str = "new-host",
    save: Any = save_lines,
    reports: bool = False,
    models: Sequence[Any] = (),
) -> Prepared:
    """The program over fakes. Who starts it stops the engine."""
    settings = settings or Settings()
    table = StreamTable()
    clusters = FakeClusters({name: FakeCluster(name, table) for name in contexts}, fail)
    agreed = Agreed()
    copied: list[str] = []
    engine = Engine()

    def make(listener: Callable[[Any], None]) -> tuple[Workspace, Asking]:
        workspace = Workspace(clusters, table, Choice(), SystemClock(), listener)  # type: ignore[arg-type]
        report = workspace.reporter.write if reports else None
        specs = [ModelSpec(one.name, one.host, one.name, lambda one=one: one, one.problem) for one in models]
        known = ModelList(specs, SystemClock()) if models else None
        asking = Asking(known.model if known else lambda: model, table, agreed, confirm, report)  # type: ignore[arg-type]
        asking.models = known
        return workspace, asking

    async def copy(text: str) -> bool:
        copied.append(text)
        return True

    themes = load_themes([THEMES])
    keys = keys_for(settings.screen.keys, settings.keys)
    app = HallucinoApp(Parts(engine, table, make, save, copy, now=lambda: NOON), settings, keys, themes)
    cluster = clusters.clusters[contexts[0]]
    return Prepared(app, engine, lambda pilot: World(app, pilot, cluster, clusters, model, agreed, table, copied))


@asynccontextmanager
async def running(size: tuple[int, int] = (160, 50), *, fail: str = "", **more: Any) -> AsyncIterator[World]:
    """The program, running."""
    prepared = prepare(fail=fail, **more)
    try:
        async with prepared.app.run_test(size=size) as pilot:
            world = prepared.enter(pilot)
            if not fail:
                await world.until(lambda: prepared.app.main_screen.tree_is_there, "an open cluster")
            yield world
    finally:
        prepared.engine.stop()


def many(count: int) -> Iterator[str]:
    """Lines that differ."""
    return (f"line {number}" for number in range(count))
