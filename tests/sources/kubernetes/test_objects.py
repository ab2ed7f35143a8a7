"""Pods as the API has them, and what becomes of them for a reader: recorded ones, and those of the demo cluster."""

from __future__ import annotations

from typing import Any

import kube_golden
import msgspec
import pytest

from hallucino_tui.demo.pods import ContainerSpec, Owner, PodPlan
from hallucino_tui.demo.pods import Pod as DemoPod
from hallucino_tui.demo.world import World
from hallucino_tui.session.inventory import Container, ContainerKind, ContainerState, Pod, Workload
from hallucino_tui.sources.kubernetes.objects import OwnerReference, PodObject, to_pod, workload_of

SECONDS = 10**9
NOON = 1_795_435_200 * SECONDS


def read(raw: Any) -> Pod:
    """A pod as it goes over the wire."""
    return to_pod(msgspec.json.decode(msgspec.json.encode(raw), type=PodObject))


def recorded(name: str, listing: str = "pods-list-gzip-big") -> Pod:
    return next(read(item) for item in kube_golden.items(listing) if item["metadata"]["name"] == name)


def only(pod: Pod) -> Container:
    (container,) = pod.containers
    return container


RECORDED = {
    "plain": ("Running", "", ContainerState.RUNNING, "", True),
    "done": ("Succeeded", "", ContainerState.TERMINATED, "Completed", False),
    "cfgerr": (
        "Pending",
        "CreateContainerConfigError",
        ContainerState.WAITING,
        "CreateContainerConfigError",
        False,
    ),
    "creating": ("Pending", "", ContainerState.WAITING, "ContainerCreating", False),
    "imgnever": ("Pending", "ErrImageNeverPull", ContainerState.WAITING, "ErrImageNeverPull", False),
    "imgpull": ("Pending", "ImagePullBackOff", ContainerState.WAITING, "ImagePullBackOff", False),
    "unscheduled": ("Pending", "Unschedulable", ContainerState.WAITING, "", False),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_pod(name: str) -> None:
    pod = recorded(name)
    container = only(pod)
    assert (pod.phase, pod.reason, container.state, container.reason, pod.ready) == RECORDED[name]
    assert (pod.namespace, pod.workload, pod.owner) == ("demo", Workload("Pod", name), None)
    assert pod.node == ("" if name == "unscheduled" else "node1")
    assert not pod.deleting
    has_run = container.state is not ContainerState.WAITING
    assert container.instance.container_id.startswith("containerd://") is has_run
    assert container.previous is None


def test_a_recorded_pod_with_an_init_container_names_that_first() -> None:
    pod = recorded("initpod")
    assert [(one.name, one.kind) for one in pod.containers] == [
        ("setup", ContainerKind.INIT),
        ("main", ContainerKind.APP),
    ]
    assert [one.instance.exit_code for one in pod.containers] == [0, None]
    assert [one.name for one in pod.serving] == ["main"]


def test_a_recorded_pod_that_was_restarted_knows_the_run_before() -> None:
    container = only(recorded("crash"))
    assert (container.state, container.restarts) == (ContainerState.RUNNING, 36)
    assert container.previous is not None
    assert container.previous.exit_code == 3
    assert container.previous.reason == "Error"
    assert container.previous.container_id not in {"", container.instance.container_id}
    assert container.previous.started <= container.previous.finished <= container.instance.started
    assert container.instance.finished == 0


def test_a_recorded_life_of_a_pod_from_its_first_event_to_its_last() -> None:
    steps = [(kind, read(raw)) for kind, raw in kube_golden.events("watch-timeoutseconds") if kind != "BOOKMARK"]
    assert [(kind, pod.phase, only(pod).state, pod.deleting) for kind, pod in steps] == [
        ("ADDED", "Pending", ContainerState.WAITING, False),
        ("MODIFIED", "Pending", ContainerState.WAITING, False),
        ("MODIFIED", "Pending", ContainerState.WAITING, False),
        ("MODIFIED", "Running", ContainerState.RUNNING, False),
        ("MODIFIED", "Running", ContainerState.TERMINATED, False),
        ("MODIFIED", "Succeeded", ContainerState.TERMINATED, False),
        ("MODIFIED", "Succeeded", ContainerState.TERMINATED, True),
        ("DELETED", "Succeeded", ContainerState.TERMINATED, True),
    ]
    assert len({pod.uid for _, pod in steps}) == 1
    running, ended = only(steps[3][1]).instance, only(steps[4][1]).instance
    assert (running.container_id, running.started) == (ended.container_id, ended.started)


@pytest.mark.parametrize(
    ("kind", "name", "labels", "workload"),
    [
        (None, "", {}, Workload("Pod", "the-pod")),
        ("ReplicaSet", "web-5d4f", {"pod-template-hash": "5d4f"}, Workload("Deployment", "web")),
        ("ReplicaSet", "web-a-5d4f", {"pod-template-hash": "5d4f"}, Workload("Deployment", "web-a")),
        ("ReplicaSet", "web-5d4f", {}, Workload("ReplicaSet", "web-5d4f")),
        ("ReplicaSet", "web", {"pod-template-hash": "5d4f"}, Workload("ReplicaSet", "web")),
        ("ReplicaSet", "web-5d4f", {"rollouts-pod-template-hash": "5d4f"}, Workload("Rollout", "web")),
        ("StatefulSet", "db", {}, Workload("StatefulSet", "db")),
        ("DaemonSet", "agent", {"pod-template-hash": "agent"}, Workload("DaemonSet", "agent")),
        ("Job", "nightly-29384756", {}, Workload("CronJob", "nightly")),
        ("Job", "nightly-manual-x7z", {}, Workload("Job", "nightly-manual-x7z")),
        ("Job", "migrate-20", {}, Workload("Job", "migrate-20")),
        ("Node", "worker-1", {}, Workload("Pod", "the-pod")),
        ("KafkaCluster", "events", {}, Workload("KafkaCluster", "events")),
    ],
)
def test_the_workload_is_told_from_the_owners_name(
    kind: str | None, name: str, labels: dict[str, str], workload: Workload
) -> None:
    owner = None if kind is None else OwnerReference(kind, name, controller=True)
    assert workload_of("the-pod", owner, labels) == workload


def test_only_an_owner_that_controls_the_pod_counts() -> None:
    other = {"kind": "Backup", "name": "nightly", "controller": False}
    controller = {"kind": "StatefulSet", "name": "db", "controller": True}
    meta = {"name": "db-0", "namespace": "shop", "uid": "u", "ownerReferences": [other, controller]}
    pod = read({"metadata": meta})
    assert (pod.workload, pod.owner) == (Workload("StatefulSet", "db"), Workload("StatefulSet", "db"))
    assert read({"metadata": meta | {"ownerReferences": [other]}}).workload == Workload("Pod", "db-0")


@pytest.fixture
def world() -> World:
    return World(clock=lambda: NOON)


def shown(pod: DemoPod) -> Pod:
    return read(pod.render())


def test_all_kinds_of_containers_in_the_order_of_the_specification(world: World) -> None:
    pod = world.add_pod(
        "shop",
        "web",
        ContainerSpec("setup", kind="init"),
        ContainerSpec("mesh", kind="sidecar"),
        ContainerSpec("app"),
        ContainerSpec("logger"),
        ContainerSpec("debugger", kind="ephemeral"),
    )
    seen = shown(pod)
    assert [(one.name, one.kind) for one in seen.containers] == [
        ("setup", ContainerKind.INIT),
        ("mesh", ContainerKind.SIDECAR),
        ("app", ContainerKind.APP),
        ("logger", ContainerKind.APP),
        ("debugger", ContainerKind.EPHEMERAL),
    ]
    assert [one.state for one in seen.containers] == [ContainerState.TERMINATED] + [ContainerState.RUNNING] * 4
    assert (seen.ready, [one.name for one in seen.serving]) == (True, ["mesh", "app", "logger"])
    pod.container("mesh").set_ready(False)
    assert not shown(pod).ready


def test_what_ran_out_of_memory_says_so_until_it_runs_again_and_in_its_previous_run(world: World) -> None:
    pod = world.add_pod("shop", "web", "app")
    first = only(shown(pod)).instance
    assert first.started == NOON
    pod.container().end(137, "OOMKilled")
    seen = shown(pod)
    assert (seen.reason, only(seen).reason, only(seen).instance.exit_code) == ("OOMKilled", "OOMKilled", 137)
    assert (only(seen).instance.container_id, only(seen).previous) == (first.container_id, None)
    pod.container().wait("CrashLoopBackOff")
    seen = shown(pod)
    assert (seen.reason, only(seen).state) == ("CrashLoopBackOff", ContainerState.WAITING)
    assert only(seen).instance == only(seen).previous  # its log is still that of the run before
    assert only(seen).instance.container_id == first.container_id
    pod.container().start()
    seen = shown(pod)
    previous = only(seen).previous
    assert previous is not None
    assert (seen.reason, only(seen).restarts, seen.restarts) == ("", 1, 1)
    assert (previous.container_id, previous.reason, previous.exit_code) == (first.container_id, "OOMKilled", 137)
    assert only(seen).instance.container_id != first.container_id


@pytest.mark.parametrize(("waits", "reason"), [("PodInitializing", ""), ("ImagePullBackOff", "Init:ImagePullBackOff")])
def test_an_init_container_that_hangs_is_named_as_one(waits: str, reason: str, world: World) -> None:
    pod = world.add_pod("shop", "web", ContainerSpec("setup", kind="init"), "app", running=False)
    pod.container("setup").wait(waits)
    assert shown(pod).reason == reason


def test_an_init_container_that_failed_is_named_as_one(world: World) -> None:
    pod = world.add_pod("shop", "web", ContainerSpec("setup", kind="init"), "app", running=False)
    pod.container("setup").start()
    pod.container("setup").end(2)
    assert shown(pod).reason == "Init:Error"


def test_a_pod_of_a_deployment_in_the_demo_cluster(world: World) -> None:
    owner = Owner("ReplicaSet", "web-7c9d", "some-uid")
    plan = PodPlan(labels={"app": "web", "pod-template-hash": "7c9d"}, owner=owner)
    pod = world.add_pod("shop", "web-7c9d-x2x4b", plan=plan)
    seen = shown(pod)
    assert (seen.workload, seen.owner) == (Workload("Deployment", "web"), Workload("ReplicaSet", "web-7c9d"))
    assert (seen.labels["app"], seen.created) == ("web", NOON)
    pod.begin_deletion()
    assert shown(pod).deleting


def test_what_the_api_leaves_out_or_sets_to_null_is_nothing() -> None:
    assert read({}).containers == ()
    status = {
        "phase": "Failed",
        "reason": "Evicted",
        "conditions": None,
        "initContainerStatuses": None,
        "containerStatuses": [
            {"name": "a", "state": {"terminated": {"exitCode": 137, "startedAt": None, "finishedAt": None}}},
            {"name": "b", "containerID": "c://1", "state": {"terminated": {"exitCode": 0}}, "lastState": {}},
            {"name": "c", "state": {}, "unknown": [1]},
        ],
    }
    spec = {"containers": [{"name": name} for name in "abcd"], "initContainers": None}
    meta = {"name": "p", "labels": None, "creationTimestamp": None, "deletionTimestamp": None, "ownerReferences": None}
    pod = read({"metadata": meta, "spec": spec, "status": status})
    assert (pod.reason, pod.finished, pod.created, pod.labels) == ("Evicted", True, 0, {})
    states = [(one.state, one.instance.container_id, one.instance.started) for one in pod.containers]
    assert states == [
        (ContainerState.TERMINATED, "", 0),
        (ContainerState.TERMINATED, "c://1", 0),
        (ContainerState.WAITING, "", 0),
        (ContainerState.WAITING, "", 0),
    ]
