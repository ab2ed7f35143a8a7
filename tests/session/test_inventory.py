"""What is known of a cluster: every snapshot holds for ever, and shares what did not change."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import pod_of, running

from hallucino_tui.session.inventory import (
    Container,
    ContainerKind,
    Inventory,
    InventorySnapshot,
    NamespaceState,
    Pod,
    Watching,
    Workload,
)

pods = st.builds(
    lambda number, namespace, workload, phase: pod_of(
        f"pod-{number}", workload=workload, namespace=namespace, phase=phase
    ),
    st.integers(0, 5),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["web", "db"]),
    st.sampled_from(["Pending", "Running"]),
)
states = st.sampled_from([NamespaceState(Watching.WATCHED), NamespaceState(Watching.FORBIDDEN, "no"), None])
changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), pods),
        st.tuples(st.just("remove"), st.integers(0, 5).map(lambda number: f"uid-pod-{number}")),
        st.tuples(st.just("replace"), st.tuples(st.lists(pods, max_size=4), st.sampled_from(["a", "b", None]))),
        st.tuples(st.just("namespace"), st.tuples(st.sampled_from(["a", "b", "c"]), states)),
        st.tuples(st.just("no namespace"), st.sampled_from(["a", "c"])),
        st.tuples(st.just("snapshot"), st.none()),
    ),
    max_size=25,
)


def plain(snapshot: InventorySnapshot) -> dict:
    return {
        namespace: {workload: dict(members) for workload, members in workloads.items()}
        for namespace, workloads in snapshot.groups.items()
    }


def grouped(known: dict[str, Pod]) -> dict:
    groups: dict = {}
    for uid, pod in known.items():
        groups.setdefault(pod.namespace, {}).setdefault(pod.workload, {})[uid] = pod
    return groups


def apply(inventory: Inventory, known: dict[str, Pod], what: str, value) -> None:
    """Change the inventory, and a plain record beside it."""
    match what:
        case "put":
            inventory.put(value)
            known[value.uid] = value
        case "remove":
            inventory.remove(value)
            known.pop(value, None)
        case "replace":
            listed, namespace = value
            listed = [pod for pod in listed if namespace in {None, pod.namespace}]
            inventory.replace(listed, namespace)
            wanted = {pod.uid: pod for pod in listed}
            for uid in [uid for uid, pod in known.items() if namespace in {None, pod.namespace} and uid not in wanted]:
                del known[uid]
            known.update(wanted)
        case "namespace":
            inventory.set_namespace(*value)
        case "no namespace":
            inventory.remove_namespace(value)


@given(changes)
def test_a_snapshot_shows_what_is_known_and_never_changes(steps) -> None:
    inventory, known = Inventory("demo"), {}
    kept: list[tuple[InventorySnapshot, dict, dict]] = []
    for what, value in steps:
        apply(inventory, known, what, value)
        assert {pod.uid: pod for pod in inventory.pods()} == known
        if what == "snapshot":
            snapshot = inventory.snapshot()
            assert plain(snapshot) == grouped(known)
            assert set(snapshot.groups) <= set(snapshot.namespaces)
            assert {pod.uid for pod in snapshot.pods()} == set(known)
            kept.append((snapshot, copy.deepcopy(plain(snapshot)), dict(snapshot.namespaces)))
    for snapshot, groups, namespaces in kept:
        assert (plain(snapshot), dict(snapshot.namespaces)) == (groups, namespaces)


def members(known: dict[str, Pod]) -> dict[tuple[str, Workload], dict[str, Pod]]:
    return {
        (namespace, workload): pods
        for namespace, workloads in grouped(known).items()
        for workload, pods in workloads.items()
    }


@given(changes)
def test_what_did_not_change_is_the_same_object_as_before(steps) -> None:
    inventory, known = Inventory("demo"), {}
    before, touched = inventory.snapshot(), set()
    for what, value in steps:
        old = members(known)
        apply(inventory, known, what, value)
        new = members(known)
        touched |= {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        if what == "snapshot":
            now = inventory.snapshot()
            assert inventory.snapshot() is now
            for namespace, workload in new.keys() - touched:
                assert now.groups[namespace][workload] is before.groups[namespace][workload]
            for namespace in now.groups.keys() - {namespace for namespace, _ in touched}:
                assert now.groups[namespace] is before.groups[namespace]
            before, touched = now, set()


def test_one_changed_pod_copies_its_workload_and_no_other() -> None:
    inventory = Inventory("demo")
    for name in ("web-1", "web-2", "db-1"):
        inventory.put(pod_of(name))
    inventory.put(pod_of("job-1", namespace="other"))
    before = inventory.snapshot()
    inventory.put(pod_of("web-1", running(ready=False)))
    now = inventory.snapshot()
    web, db = Workload("Deployment", "web"), Workload("Deployment", "db")
    assert now.groups["shop"][web] is not before.groups["shop"][web]
    assert now.groups["shop"][db] is before.groups["shop"][db]
    assert now.groups["other"] is before.groups["other"]
    assert now.namespaces is before.namespaces
    assert before.groups["shop"][web]["uid-web-1"].ready
    assert not now.groups["shop"][web]["uid-web-1"].ready


def test_the_same_news_again_is_no_change() -> None:
    inventory = Inventory("demo")
    inventory.put(pod_of("web-1"))
    inventory.set_namespace("shop", NamespaceState(Watching.WATCHED))
    inventory.set_note("slow")
    before = inventory.snapshot()
    inventory.take_changes()
    inventory.put(pod_of("web-1"))
    inventory.set_namespace("shop", NamespaceState(Watching.WATCHED))
    inventory.set_namespace("shop")
    inventory.set_note("slow")
    inventory.remove("uid-nobody")
    inventory.remove_namespace("nowhere")
    assert inventory.snapshot() is before
    assert inventory.take_changes() == {}


def test_a_pod_that_gets_another_owner_moves() -> None:
    inventory = Inventory("demo")
    inventory.put(pod_of("web-1", workload="web"))
    inventory.put(pod_of("web-1", workload="site"))
    assert set(inventory.snapshot().groups["shop"]) == {Workload("Deployment", "site")}


@given(changes)
def test_changes_are_told_once_and_lead_to_the_same_pods(steps) -> None:
    inventory, known, told = Inventory("demo"), {}, {}
    moved: set[str] = set()  # a pod that changed and changed back may be told again as it was
    for what, value in steps:
        before = dict(known)
        apply(inventory, known, what, value)
        moved |= {uid for uid in {*before, *known} if before.get(uid) != known.get(uid)}
        if what == "snapshot":
            news = inventory.take_changes()
            assert set(news) <= moved
            told |= news
            assert {uid: pod for uid, pod in told.items() if pod is not None} == known
            assert inventory.take_changes() == {}
            moved = set()


def test_a_list_of_one_namespace_leaves_the_others() -> None:
    inventory = Inventory("demo")
    inventory.put(pod_of("web-1"))
    inventory.put(pod_of("job-1", namespace="other"))
    inventory.replace([pod_of("web-2")], "shop")
    assert {pod.name for pod in inventory.pods()} == {"web-2", "job-1"}
    inventory.replace([], None)
    assert list(inventory.pods()) == []
    assert set(inventory.snapshot().namespaces) == set()


def test_namespaces_are_kept_when_their_pods_are_gone() -> None:
    inventory = Inventory("demo")
    inventory.put(pod_of("web-1"))
    assert inventory.snapshot().namespaces == {"shop": NamespaceState()}
    inventory.remove("uid-web-1")
    assert inventory.snapshot().namespaces == {"shop": NamespaceState()}
    inventory.remove_namespace("shop")
    assert inventory.snapshot().namespaces == {}


@pytest.mark.parametrize(
    ("containers", "ready"),
    [
        ((running("app"), running("proxy", kind=ContainerKind.SIDECAR)), True),
        ((running("app"), Container("proxy", ContainerKind.SIDECAR)), False),
        ((running("app"), Container("setup", ContainerKind.INIT)), True),
        ((running("app"), Container("debug", ContainerKind.EPHEMERAL)), True),
        ((Container("setup", ContainerKind.INIT, ready=True),), False),
    ],
)
def test_a_pod_is_ready_by_its_containers_that_serve(containers: tuple[Container, ...], ready: bool) -> None:
    assert pod_of("web-1", *containers).ready is ready


def test_a_pod_sums_up_its_containers() -> None:
    pod = pod_of("web-1", running("app", restarts=3), running("proxy", restarts=2), phase="Succeeded")
    assert (pod.restarts, pod.finished) == (5, True)
    assert pod.container("proxy") is pod.containers[1]
    assert pod.container("nobody") is None
    assert not pod_of("web-1").finished
