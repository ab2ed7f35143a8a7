"""Events and nodes that are watched: over a demo cluster, and over a server that answers what a test says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from kube_clock import NOON, SECONDS, FakeClock
from kube_events import made, moment, scaled
from kube_reflector import watch
from kube_server import ScriptedServer, reply, until

from hallucino_tui.demo.pods import Owner, PodPlan
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.demo.workloads import Deployment
from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.inventory import Inventory, Pod, Workload
from hallucino_tui.session.reading import Reading
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.cluster import KubernetesCluster, KubernetesClusters
from hallucino_tui.sources.kubernetes.event_watch import MOST_NODES, EventWatch
from hallucino_tui.sources.kubernetes.happenings import Happenings
from hallucino_tui.sources.kubernetes.log_request import Start

EVENTS = r"GET /api/v1/namespaces/shop/events\?limit"
EVENT_WATCH = r"GET /api/v1/namespaces/shop/events\?watch"
NODES = r"GET /api/v1/nodes\?limit"
NODE_WATCH = r"GET /api/v1/nodes\?watch"
WEB = "Pod/web-6bcdf4-x2x4z"


@dataclass
class Read:
    """A demo cluster that is read as the program does it, and what was told."""

    demo: DemoCluster
    cluster: KubernetesCluster
    table: StreamTable
    reading: Reading
    told: list[Notice] = field(default_factory=list)

    def take(self) -> list[tuple[NoticeKind, str]]:
        if changes := self.cluster.inventory.take_changes():
            self.reading.update(self.cluster.inventory, changes)
        self.told += [item for item in self.cluster.logs.take() if isinstance(item, Notice)]
        return [(notice.kind, notice.text) for notice in self.told]

    async def hears(self, kind: NoticeKind, text: str) -> Notice:
        await until(lambda: (kind, text) in self.take(), f"{text}, but {self.take()}")
        return next(notice for notice in self.told if notice.text == text)


@asynccontextmanager
async def reading(demo: DemoCluster) -> AsyncIterator[Read]:
    clock, table = FakeClock(patience=1), StreamTable()
    cluster = await KubernetesClusters(str(demo.kubeconfig_path), table, clock).open(None)
    choice = Choice(namespaces=("shop",))
    cluster.watch(choice)
    read = Read(demo, cluster, table, Reading(choice, cluster))
    try:
        await until(lambda: bool(demo.faults.watches("pods")) and (read.take() or True), "pods are watched")
        yield read
    finally:
        await cluster.close()


@pytest.fixture
async def demo() -> AsyncIterator[DemoCluster]:
    clock = FakeClock()
    async with DemoCluster(ServeOptions(empty=True), clock=clock.now) as demo:
        demo.world.add_namespace("shop")
        yield demo


def deployment(demo: DemoCluster) -> Deployment:
    return Deployment(demo.world, "shop", "web", PodPlan(labels={"app": "web"}), replicas=2).run()


async def test_a_rollout_and_a_kill_for_want_of_memory_stand_among_the_lines(demo: DemoCluster) -> None:
    web = deployment(demo)
    async with reading(demo) as read:
        await until(lambda: read.take() is not None and len(read.cluster.logs.receipts()) == 2, "both pods are read")
        new = web.set_plan(PodPlan(labels={"app": "web"}, node="worker-1"))
        web.scale(new, 1)
        notice = await read.hears(NoticeKind.ROLLOUT, f"rollout: ReplicaSet {new.name} is scaled up from 0 to 1")
        labels = read.table[notice.stream].labels
        assert (labels["namespace"], labels["workload"], labels["workload_kind"]) == ("shop", "web", "Deployment")
        pod = web.pods[0]
        pod.container().restart(137, "OOMKilled")
        demo.world.record(pod, "Warning", "BackOff", "Back-off restarting failed container main", container="main")
        await read.hears(NoticeKind.OOM, "main ended: exit code 137, OOMKilled")
        await read.hears(NoticeKind.RESTART, "main started again (restart 1) after exit code 137, OOMKilled")
        await read.hears(NoticeKind.TROUBLE, "BackOff: Back-off restarting failed container main")
        assert {event.kind for event in read.cluster.events()} == {
            EventKind.ROLLOUT,
            EventKind.BACK_OFF,
            EventKind.OOM_KILLED,
        }
        assert {facts.workload for facts in read.cluster.pod_facts()} == {"web"}


async def test_without_the_right_to_read_events_and_nodes_lines_are_read_all_the_same(demo: DemoCluster) -> None:
    for verb in ("list", "watch"):
        demo.faults.deny(verb, "events")
        demo.faults.deny(verb, "nodes")
    pod = demo.world.add_pod("shop", "db-0", plan=PodPlan(owner=Owner("StatefulSet", "db", "u")))
    async with reading(demo) as read:
        await until(lambda: read.take() is not None and len(read.cluster.logs.receipts()) == 1, "it is read")
        pod.container().restart(1, "Error")
        await read.hears(NoticeKind.RESTART, "main started again (restart 1) after exit code 1, Error")
        assert read.cluster.inventory.snapshot().note == ""
        assert [event.kind for event in read.cluster.events()] == [EventKind.RESTART]


async def test_where_only_lines_are_wanted_no_events_are_read(demo: DemoCluster) -> None:
    client = await KubernetesClusters(str(demo.kubeconfig_path), StreamTable(), FakeClock()).connect(None)
    cluster = KubernetesCluster(client, StreamTable(), FakeClock(), None, events=False)  # type: ignore[arg-type]
    cluster.watch(Choice(namespaces=("shop",)))
    await until(lambda: bool(demo.faults.watches("pods")), "pods are watched")
    assert not demo.faults.watches("events")
    await cluster.close()


@dataclass
class Scripted:
    """Events of a scripted server."""

    server: ScriptedServer
    clock: FakeClock
    happenings: Happenings
    watch: EventWatch
    told: list[str] = field(default_factory=list)

    def read(self, node: str = "worker-1") -> None:
        """Read a pod on a node."""
        name = f"web-{node}"
        self.happenings.read(Pod("shop", name, f"uid-{name}", Workload("Deployment", "web"), node=node), "app", Start())

    async def hears(self, *texts: str) -> None:
        def told() -> list[str]:
            self.told += [notice.text for notice in self.happenings.take(NOON - 3600 * SECONDS)]
            return self.told

        await until(lambda: len(told()) >= len(texts), f"{texts}, but {self.told}")
        assert self.told == list(texts)


@pytest.fixture
async def script(server: ScriptedServer, client: Client) -> AsyncIterator[Scripted]:
    clock = FakeClock()
    happenings = Happenings("test", StreamTable(), Inventory("test"), clock)
    watching = EventWatch(client, happenings, clock)
    server.on(NODES, reply(200, {"items": [], "metadata": {"resourceVersion": "1"}}))
    server.on(NODE_WATCH, watch())
    yield Scripted(server, clock, happenings, watching)
    await watching.close()


def listing(version: int, *items: dict[str, Any]) -> bytes:
    return reply(200, {"items": list(items), "metadata": {"resourceVersion": str(version)}})


def added(item: dict[str, Any], version: int, kind: str = "ADDED") -> bytes:
    item = item | {"metadata": item["metadata"] | {"resourceVersion": str(version)}}
    return json.dumps({"type": kind, "object": item}).encode() + b"\n"


async def test_events_of_the_last_hour_and_those_that_come(script: Scripted) -> None:
    script.read()
    script.server.on(EVENTS, listing(3, scaled("web", "7fff", 0, 1, at=-600)))
    script.server.on(
        EVENT_WATCH,
        watch(
            added(made("Unhealthy", "Readiness probe failed", about=WEB, uid="e"), 4),
            added(made("Unhealthy", "Readiness probe failed", about=WEB, uid="e", last=9, count=2), 5, "MODIFIED"),
            added(scaled("web", "7fff", 0, 1, at=-600), 6, "DELETED"),
            added(made("Evicted", "no room", about=WEB), 7),
        ),
    )
    script.watch.watch("shop")
    await script.hears(
        "rollout: ReplicaSet web-7fff is scaled up from 0 to 1", "Unhealthy: Readiness probe failed", "Evicted: no room"
    )


async def test_a_watch_that_grew_too_old_tells_nothing_twice(script: Scripted) -> None:
    script.read()
    first, second = made("Evicted", "first", about=WEB), made("Evicted", "second", about=WEB)
    expired = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}}
    script.server.on(EVENTS, listing(3, first), listing(9, first, second))
    script.server.on(EVENT_WATCH, watch(json.dumps(expired).encode() + b"\n", end=True), watch())
    script.watch.watch("shop")
    await script.clock.skip()
    await script.hears("Evicted: first", "Evicted: second")


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, "<html>Sign in</html>"),
        reply(500, "oh"),
        reply(200, {"items": [{"involvedObject": 7}], "metadata": {"resourceVersion": "1"}}),
    ],
    ids=["a page", "a failure", "no events"],
)
async def test_nonsense_instead_of_events_is_asked_for_again(script: Scripted, answer: bytes) -> None:
    script.read()
    script.server.on(EVENTS, answer, listing(3, made("Evicted", "at last", about=WEB)))
    script.server.on(EVENT_WATCH, watch())
    script.watch.watch("shop")
    await script.clock.skip()
    await script.hears("Evicted: at last")


async def test_a_namespace_is_watched_once(script: Scripted) -> None:
    script.server.on(EVENTS, listing(3))
    script.server.on(EVENT_WATCH, watch())
    script.watch.watch("shop")
    script.watch.watch("shop")
    await until(lambda: script.server.count(EVENT_WATCH) == 1, "it is watched")
    assert script.server.count(EVENTS) == 1


def node(version: int, /, **conditions: str) -> dict[str, Any]:
    """A node whose conditions changed so many seconds after noon as its version says."""
    told = [
        {"type": name, "status": status, "reason": "Kubelet", "message": "words", "lastTransitionTime": moment(version)}
        for name, status in conditions.items()
    ]
    meta = {"name": "worker-1", "uid": "n", "resourceVersion": str(version)}
    return {"metadata": meta, "status": {"conditions": told}}


async def test_a_node_that_gets_into_trouble_and_out_of_it(script: Scripted) -> None:
    script.server.on(NODES, listing(1, node(1, Ready="True", DiskPressure="False")))
    states = [node(2, Ready="True", DiskPressure="True"), node(3, Ready="True", DiskPressure="True")]
    states += [node(4, Ready="True", DiskPressure="False")]
    script.server.on(NODE_WATCH, watch(*(added(state, place + 2, "MODIFIED") for place, state in enumerate(states))))
    script.read()
    await script.hears("DiskPressure=True: Kubelet: words", "DiskPressure=False: Kubelet: words")
    assert [event.is_warning for event in script.happenings.events()] == [True, False]
    assert script.server.asked(NODES)[0].query["fieldSelector"] == "metadata.name=worker-1"


async def test_a_node_that_is_in_trouble_when_it_is_first_seen(script: Scripted) -> None:
    script.server.on(NODES, listing(1, node(-60, Ready="Unknown", DiskPressure="False", MemoryPressure="False")))
    script.read()
    await script.hears("Ready=Unknown: Kubelet: words")


async def test_nodes_that_may_not_be_read_are_not_asked_for_again(script: Scripted) -> None:
    status = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "nodes is forbidden"}
    script.server.on(NODES, reply(403, status))
    script.read()
    await until(lambda: script.server.count(NODES) == 1, "it is asked for")
    await until(lambda: script.clock.is_waiting() is False, "nobody waits")
    script.read("worker-2")
    script.clock.advance(3600)
    assert script.server.count(NODES) == 1


async def test_only_so_many_nodes_are_watched(script: Scripted) -> None:
    for number in range(MOST_NODES + 5):
        script.read(f"worker-{number:02}")
    await until(lambda: script.server.count(NODE_WATCH) == MOST_NODES, "they are watched")
    assert script.server.count(NODES) == MOST_NODES
