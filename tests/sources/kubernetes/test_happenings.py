"""Which events become dividers, when, of which stream, and how often."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from kube_clock import NOON, SECONDS, FakeClock
from kube_events import listed, made, moment, scaled

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Inventory, Pod
from hallucino_tui.session.nodes import container_key, namespace_key, pod_key, workload_key
from hallucino_tui.session.selection import keys_of
from hallucino_tui.sources.kubernetes.event_objects import EventObject
from hallucino_tui.sources.kubernetes.happenings import Happenings
from hallucino_tui.sources.kubernetes.log_request import Start
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod


class World:
    """What the cluster did, the pods that are there, and what was told of it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.table = StreamTable()
        self.inventory = Inventory("demo")
        self.happenings = Happenings("demo", self.table, self.inventory, self.clock)

    def pod(self, name: str = "web-1", workload: str = "web", *, read: bool = True, **status: Any) -> Pod:
        """A pod of a Deployment, with one container ``app`` that is read."""
        owner = {"kind": "ReplicaSet", "name": f"{workload}-6bcd", "controller": True}
        labels = {"app": workload, "pod-template-hash": "6bcd"}
        meta = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "labels": labels, "ownerReferences": [owner]}
        statuses = [{"name": "app", "containerID": "now", "state": {"running": {"startedAt": moment(-500)}}, **status}]
        raw = {
            "metadata": meta,
            "spec": {"nodeName": "worker-1", "containers": [{"name": "app"}]},
            "status": {"phase": "Running", "containerStatuses": statuses},
        }
        pod = to_pod(msgspec.convert(raw, PodObject))
        self.inventory.put(pod)
        if read:
            self.happenings.read(pod, "app", Start())
        return pod

    def hear(self, *events: dict[str, Any]) -> None:
        self.happenings.hear([msgspec.convert(event, EventObject) for event in events])

    def take(self, earliest: float | None = None) -> list[Notice]:
        """What is told, where the first line is so many seconds after noon."""
        return self.happenings.take(None if earliest is None else NOON + round(earliest * SECONDS))

    def told(self, *events: dict[str, Any], earliest: float | None = None) -> list[tuple[NoticeKind, str]]:
        self.hear(*events)
        return [(notice.kind, notice.text) for notice in self.take(earliest)]


@pytest.fixture
def world() -> World:
    return World()


def test_a_rollout_and_its_steps(world: World) -> None:
    world.pod()
    told = world.told(
        scaled("web", "6bcd", 3, 2, at=2), scaled("web", "7fff", 0, 1, at=1), scaled("web", "7fff", 1, 2, at=3)
    )
    assert told == [(NoticeKind.ROLLOUT, "rollout: ReplicaSet web-7fff is scaled up from 0 to 1")]
    assert world.told(scaled("web", "6bcd", 2, 3, at=60)) == [
        (NoticeKind.ROLLOUT, "rollout back to web-6bcd: scaled up from 2 to 3")
    ]


def test_scaling_without_a_rollout_is_told(world: World) -> None:
    world.pod()
    event = scaled("web", "6bcd", 3, 5)
    assert world.told(event) == [(NoticeKind.EVENT, f"ScalingReplicaSet: {event['message']}")]


def test_a_rollout_goes_to_a_stream_of_its_workload(world: World) -> None:
    world.pod()
    world.hear(scaled("web", "7fff", 0, 1))
    (notice,) = world.take()
    stream = world.table[notice.stream]
    assert (stream.title, stream.part, stream.labels["app"]) == ("web", "", "web")
    assert {namespace_key("shop"), workload_key("shop", ("Deployment", "web"))} <= keys_of(stream)


def test_an_event_of_a_pod_goes_to_a_stream_with_all_its_labels(world: World) -> None:
    pod = world.pod()
    world.hear(made("Unhealthy", "Readiness probe failed: 503", field="app", at=1))
    (notice,) = world.take()
    stream = world.table[notice.stream]
    assert (notice.time, notice.kind) == (NOON + SECONDS, NoticeKind.PROBE)
    assert (stream.title, stream.part) == ("web-1", "app")
    assert {pod_key(pod.uid), container_key(pod.uid, "app"), workload_key("shop", pod.workload)} <= keys_of(stream)
    assert stream.labels["node"] == "worker-1"
    assert stream.labels["cluster"] == "demo"


def test_an_event_of_a_pod_that_is_gone_goes_to_its_workload(world: World) -> None:
    world.pod()
    name = "web-6bcdf4-x2x4z"
    world.hear(made("Evicted", "The node was low on resource: memory.", about=f"Pod/{name}", about_uid="gone"))
    (notice,) = world.take()
    labels = world.table[notice.stream].labels
    assert notice.kind is NoticeKind.KILLED
    assert (labels["pod"], labels["pod_uid"], labels["workload_kind"]) == (name, "gone", "Deployment")


def test_what_is_not_read_is_not_told_until_it_is(world: World) -> None:
    world.pod()
    other = world.pod("db-1", "db", read=False)
    about = made("Unhealthy", "Liveness probe failed", about="Pod/db-1")
    assert world.told(about, made("Unhealthy", "x", about="Pod/stranger")) == []
    world.happenings.read(other, "app", Start())
    assert [notice.kind for notice in world.take()] == [NoticeKind.PROBE]
    assert world.take() == []


@pytest.mark.parametrize(
    "event",
    [
        made("Scheduled", "Successfully assigned", kind="Normal"),
        made("Pulled", "Container image", kind="Normal"),
        made("Started", "Container started", kind="Normal"),
        made("Killing", "Stopping container app", kind="Normal"),
        made("SuccessfulCreate", "Created pod: web-2", kind="Normal", about="ReplicaSet/web-6bcd"),
        made("SuccessfulCreate", "Created job web-29012345", kind="Normal", about="CronJob/web"),
        made("BackOff", 'Back-off pulling image "web:2"', kind="Normal"),
        made("LeaderElection", "web-1 became leader", kind="Normal"),
    ],
    ids=lambda event: f"{event['reason']} {event['involvedObject']['kind']}",
)
def test_normal_steps_in_the_life_of_a_pod_are_not_told(world: World, event: dict[str, Any]) -> None:
    world.pod()
    assert world.told(event) == []


@pytest.mark.parametrize(
    ("event", "kind", "words"),
    [
        (
            made("Killing", "Container app failed liveness probe, will be restarted", kind="Normal"),
            NoticeKind.KILLED,
            "Killing: Container app failed liveness probe, will be restarted",
        ),
        (
            made("BackOff", "Back-off restarting failed container app in pod web-1_shop(83f4ef62-3d83)"),
            NoticeKind.TROUBLE,
            "BackOff: Back-off restarting failed container app",
        ),
        (made("FailedScheduling", "0/4 nodes\nare  available"), NoticeKind.TROUBLE, None),
        (made("SuccessfulCreate", "Created pod: web-x", about="Job/web", kind="Normal"), NoticeKind.EVENT, None),
        (made("OOMKilling", "Killed process 7", about="Node/worker-1"), NoticeKind.TROUBLE, None),
        (made("NodeNotReady", "Node is not ready", about="Node/worker-1", kind="Normal"), NoticeKind.TROUBLE, None),
        (made("Strange", "w" * 400), NoticeKind.NOTE, f"Strange: {'w' * 299}…"),
        (made("Strange", ""), NoticeKind.NOTE, "Strange"),
        (made("FailedToUpdateEndpoint", "conflict", about="Endpoints/api"), NoticeKind.NOTE, None),
    ],
    ids=lambda part: part["reason"] if isinstance(part, dict) else None,
)
def test_what_is_told(world: World, event: dict[str, Any], kind: NoticeKind, words: str | None) -> None:
    world.pod()
    words = words or f"{event['reason']}: {' '.join(event['message'].split())}"
    assert world.told(event) == [(kind, words)]


def test_an_event_of_a_node_is_told_where_pods_on_it_are_read(world: World) -> None:
    world.pod()
    assert world.told(made("NodeNotReady", "Node is not ready", about="Node/worker-2")) == []
    world.hear(made("NodeNotReady", "Node is not ready", about="Node/worker-1"))
    (notice,) = world.take()
    assert (world.table[notice.stream].title, world.table[notice.stream].labels["node"]) == ("worker-1", "worker-1")


def test_an_event_that_only_counts_on_is_told_once(world: World) -> None:
    world.pod()
    first = made("Unhealthy", "Readiness probe failed", uid="e")
    assert len(world.told(first)) == 1
    for count in range(2, 20):
        assert world.told(made("Unhealthy", "Readiness probe failed", uid="e", last=10 * count, count=count)) == []
    # A list that is read anew holds the same events.
    assert world.told(made("Unhealthy", "Readiness probe failed", uid="e", last=190, count=19), first) == []


def test_an_event_that_comes_back_after_ten_quiet_minutes_is_told_again(world: World) -> None:
    world.pod()
    assert len(world.told(made("Unhealthy", "Readiness probe failed", uid="e"))) == 1
    world.hear(made("Unhealthy", "Readiness probe failed", uid="e", last=700, count=2))
    (notice,) = world.take()
    assert notice.time == NOON + 700 * SECONDS
    assert notice.text == "Unhealthy: Readiness probe failed (2 times since 12:00:00 UTC)"


def test_one_trouble_in_several_words_is_told_once_in_those_that_say_most(world: World) -> None:
    world.pod()
    told = world.told(
        made("Failed", "Error: ErrImagePull", field="app"),
        made("Failed", 'Failed to pull image "web:2": not found', field="app"),
        made("Failed", "Error: ImagePullBackOff", field="app", at=3),
    )
    assert told == [(NoticeKind.TROUBLE, 'Failed to pull image "web:2": not found')]
    probes = [made("Unhealthy", f"{kind} probe failed: {why}") for kind in ("Liveness", "Readiness") for why in "ab"]
    assert {text for _, text in world.told(*probes)} == {
        "Unhealthy: Liveness probe failed: a",
        "Unhealthy: Readiness probe failed: a",
    }


def test_what_was_before_the_lines_waits_for_lines_from_before(world: World) -> None:
    world.pod()
    assert world.told(scaled("web", "7fff", 0, 1, at=-300)) == []
    assert world.take(-60) == []
    assert world.take(-299) == []
    (notice,) = world.take(-301)
    assert notice.time == NOON - 300 * SECONDS


def test_what_goes_on_since_before_the_lines_is_told_where_it_was_seen_last(world: World) -> None:
    world.pod()
    world.hear(made("BackOff", "Back-off restarting failed container", at=-3000, last=-20, count=99))
    assert world.take(-60) == []  # more lines may come yet
    world.clock.advance(10)
    (notice,) = world.take(-60)
    assert notice.time == NOON - 20 * SECONDS
    assert notice.text == "BackOff: Back-off restarting failed container (99 times since 11:10:00 UTC)"


def test_a_restart_long_before_a_container_was_read(world: World) -> None:
    last = {
        "terminated": {
            "exitCode": 137,
            "reason": "OOMKilled",
            "startedAt": moment(-7410),
            "finishedAt": moment(-7230),
            "containerID": "before",
        }
    }
    running = {"running": {"startedAt": moment(-7228)}}
    pod = world.pod(restartCount=3, state=running, lastState=last)
    assert world.take(-7220) == []
    killed, again = world.take(-7240)
    assert (killed.kind, killed.text) == (NoticeKind.OOM, "app ended: exit code 137, OOMKilled after 3 min")
    assert (again.kind, again.text) == (
        NoticeKind.RESTART,
        "app started again (restart 3) after exit code 137, OOMKilled",
    )
    assert (killed.time, again.time) == (NOON - 7230 * SECONDS, NOON - 7228 * SECONDS)
    assert world.table[again.stream].identity[-3:] == (pod.uid, "app", "now")


def test_what_there_is_for_a_report(world: World) -> None:
    last = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": moment(5), "containerID": "before"}}
    pod = world.pod(lastState=last, restartCount=1)
    world.hear(scaled("web", "7fff", 0, 1, at=1))
    events = world.happenings.events()
    assert [event.kind for event in events] == [EventKind.ROLLOUT, EventKind.RESTART]
    assert [facts.name for facts in world.happenings.pods()] == ["web-1"]
    # What a pod told of its runs stays when it is gone.
    world.happenings.observe(pod)
    world.inventory.remove(pod.uid)
    assert world.happenings.events() == events
    assert world.happenings.pods() == []


def test_a_real_crash_loop_is_few_dividers(world: World) -> None:
    world.pod(name="other", workload="storefront")
    for event in listed("storefront-events"):
        event["involvedObject"]["namespace"] = "shop"
        world.hear(event)
    kinds = [notice.kind for notice in world.happenings.take(0)]
    assert kinds.count(NoticeKind.ROLLOUT) == 2
    assert kinds.count(NoticeKind.TROUBLE) == 2
    assert len(kinds) < 12


def test_memory_is_bounded(world: World) -> None:
    world.pod()
    for part in range(10):
        world.hear(*(made("Odd", "x", about=f"Pod/p{part}-{n}", uid=f"{part}-{n}") for n in range(1000)))
        world.take()
    assert len(world.happenings.events()) == 5000
