"""The tree as rows: what is collapsed is not built, and how everything is shows at a glance."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from session_world import ended, pod_of, running

from hallucino_tui.session.inventory import (
    Container,
    ContainerKind,
    ContainerState,
    Instance,
    Inventory,
    NamespaceState,
    Pod,
    Watching,
    Workload,
)
from hallucino_tui.session.nodes import Health, NodeKey, NodeKind, container_key, namespace_key, pod_key, workload_key
from hallucino_tui.session.tree import TreeBuilder, TreeRow, container_health, keys_above, pod_health

SHOP = namespace_key("shop")
WEB = workload_key("shop", Workload("Deployment", "web"))


def inventory_of(*pods: Pod, watching: Watching = Watching.WATCHED, note: str = "") -> Inventory:
    inventory = Inventory("demo")
    inventory.set_namespace("shop", NamespaceState(watching, note))
    for pod in pods:
        inventory.put(pod)
    return inventory


def rows_of(inventory: Inventory, *expanded: NodeKey) -> list[TreeRow]:
    return TreeBuilder().build(inventory.snapshot(), frozenset(expanded))


def drawn(rows: Iterable[TreeRow]) -> list[str]:
    return [f"{'  ' * row.depth}{row.label} {row.detail}".rstrip() for row in rows]


def test_the_tree_opens_level_by_level() -> None:
    inventory = inventory_of(pod_of("web-2"), pod_of("web-1", running(), running("proxy")), pod_of("db-1"))
    assert drawn(rows_of(inventory)) == ["shop 3"]
    assert drawn(rows_of(inventory, SHOP)) == ["shop 3", "  db 1/1", "  web 2/2"]
    assert drawn(rows_of(inventory, SHOP, WEB)) == ["shop 3", "  db 1/1", "  web 2/2", "    web-1", "    web-2"]
    rows = rows_of(inventory, SHOP, WEB, pod_key("uid-web-1"))
    assert drawn(rows)[-4:] == ["    web-1", "      app", "      proxy", "    web-2"]
    assert [row.expanded for row in rows] == [True, False, True, True, False, False, False]
    assert [row.expandable for row in rows] == [True, True, True, True, False, False, True]


def test_what_is_collapsed_is_not_even_looked_at() -> None:
    class Untouchable(dict):
        def values(self) -> Iterator[Pod]:
            raise AssertionError("a collapsed namespace was built")

    snapshot = inventory_of(pod_of("web-1")).snapshot()
    snapshot.groups["shop"][Workload("Deployment", "web")] = Untouchable()  # type: ignore[index]
    assert [row.label for row in TreeBuilder().build(snapshot, frozenset([WEB]))] == ["shop"]
    with pytest.raises(AssertionError, match="was built"):
        TreeBuilder().build(snapshot, frozenset([SHOP]))


def test_a_pod_on_its_own_stands_directly_in_its_namespace() -> None:
    inventory = inventory_of(pod_of("debug", workload="debug"))
    alone = Pod("shop", "alone", "uid-alone", Workload("Pod", "alone"), phase="Running", containers=(running(),))
    inventory.put(alone)
    rows = {row.label: row for row in rows_of(inventory, SHOP)}
    assert rows["alone"].key == pod_key("uid-alone")
    assert (rows["alone"].depth, rows["debug"].key.kind) == (1, NodeKind.WORKLOAD)


def test_names_are_sorted_on_every_level() -> None:
    inventory = inventory_of(*(pod_of(f"{name}-{number}") for name in "cab" for number in (3, 1, 2)))
    for name in ("zoo", "ape"):
        inventory.set_namespace(name)
    everything = [SHOP, *(workload_key("shop", Workload("Deployment", name)) for name in "abc")]
    labels = [row.label for row in rows_of(inventory, *everything)]
    assert labels == ["ape", "shop", *(f"{n}{p}" for n in "abc" for p in ("", "-1", "-2", "-3")), "zoo"]


def test_workloads_are_sorted_by_name_and_those_of_one_name_by_kind() -> None:
    inventory = inventory_of()
    for kind, name in (("StatefulSet", "web"), ("Deployment", "web"), ("StatefulSet", "ape"), ("DaemonSet", "zoo")):
        workload = Workload(kind, name)
        inventory.put(Pod("shop", f"{name}-pod", f"{kind}-{name}", workload, phase="Running", containers=(running(),)))
    assert [row.key.path[1:] for row in rows_of(inventory, SHOP)[1:]] == [
        ("StatefulSet", "ape"),
        ("Deployment", "web"),
        ("StatefulSet", "web"),
        ("DaemonSet", "zoo"),
    ]


@pytest.mark.parametrize(
    ("watching", "note", "drawn_rows", "health"),
    [
        (Watching.UNKNOWN, "", ["shop"], Health.UNKNOWN),
        (Watching.LISTING, "", ["shop …"], Health.UNKNOWN),
        (Watching.WATCHED, "", ["shop 0", "  no pods here"], Health.UNKNOWN),
        (Watching.POLLED, "", ["shop 0", "  no pods here"], Health.UNKNOWN),
        (Watching.RETRYING, "in 3 s", ["shop retrying", "  in 3 s"], Health.UNKNOWN),
        (Watching.FORBIDDEN, "You may not list pods.", ["shop forbidden", "  You may not list pods."], Health.BAD),
    ],
)
def test_a_namespace_says_how_well_it_is_known(
    watching: Watching, note: str, drawn_rows: list[str], health: Health
) -> None:
    rows = rows_of(inventory_of(watching=watching, note=note), SHOP)
    assert drawn(rows) == drawn_rows
    assert {row.health for row in rows[:1]} == {health}
    assert [row.key.kind for row in rows[1:]] == [NodeKind.NOTE] * len(rows[1:])
    if watching is Watching.FORBIDDEN:
        assert rows[1].health is Health.BAD


def test_restarts_are_summed_up_on_every_level() -> None:
    inventory = inventory_of(pod_of("web-1", running(restarts=2), running("proxy", restarts=1)), pod_of("web-2"))
    rows = rows_of(inventory, SHOP, WEB, pod_key("uid-web-1"))
    assert [(row.label, row.restarts) for row in rows[1:]] == [
        ("web", 3), ("web-1", 3), ("app", 2), ("proxy", 1), ("web-2", 0),
    ]  # fmt: skip


def test_a_workload_counts_the_pods_that_still_run() -> None:
    done = pod_of("web-1", ended(), phase="Succeeded")
    assert drawn(rows_of(inventory_of(done, pod_of("web-2")), SHOP))[1] == "  web 1/1"
    (row,) = rows_of(inventory_of(done), SHOP)[1:]
    assert (row.detail, row.health) == ("1 done", Health.DONE)


waiting = ContainerState.WAITING


@pytest.mark.parametrize(
    ("container", "detail", "health"),
    [
        (running(), "", Health.GOOD),
        (running(ready=False), "", Health.PENDING),
        (running(kind=ContainerKind.SIDECAR, ready=False), "sidecar", Health.GOOD),
        (Container("app", state=waiting), "", Health.PENDING),
        (Container("app", state=waiting, reason="ContainerCreating"), "ContainerCreating", Health.PENDING),
        (Container("app", state=waiting, reason="CrashLoopBackOff"), "CrashLoopBackOff", Health.BAD),
        (Container("app", state=waiting, reason="ImagePullBackOff"), "ImagePullBackOff", Health.BAD),
        (ended(reason="Completed"), "Completed", Health.DONE),
        (ended(code=137, reason="OOMKilled"), "OOMKilled 137", Health.BAD),
        (ended(code=1), "Terminated 1", Health.BAD),
        (ended(kind=ContainerKind.INIT, reason="Completed"), "init Completed", Health.DONE),
    ],
)
def test_how_a_container_is(container: Container, detail: str, health: Health) -> None:
    pod = pod_of("web-1", container)
    row = rows_of(inventory_of(pod), SHOP, WEB, pod_key(pod.uid))[-1]
    assert (row.key, row.detail, row.health) == (container_key(pod.uid, container.name), detail, health)
    assert container_health(container) is health


@pytest.mark.parametrize(
    ("pod", "detail", "health"),
    [
        (pod_of("web-1"), "", Health.GOOD),
        (pod_of("web-1", running(), running("proxy", ready=False)), "1/2 ready", Health.PENDING),
        (pod_of("web-1", deleting=True), "Terminating", Health.PENDING),
        (pod_of("web-1", Container("app"), phase="Pending"), "Pending", Health.PENDING),
        (pod_of("web-1", Container("app"), phase="Pending", reason="Unschedulable"), "Unschedulable", Health.PENDING),
        (pod_of("web-1", ended(), phase="Succeeded"), "Completed", Health.DONE),
        (pod_of("web-1", ended(), phase="Failed", reason="Evicted"), "Evicted", Health.BAD),
        (pod_of("web-1", ended(code=1), running("proxy")), "1/2 ready", Health.BAD),
    ],
)
def test_how_a_pod_is(pod: Pod, detail: str, health: Health) -> None:
    row = rows_of(inventory_of(pod), SHOP, WEB)[-1]
    assert (row.detail, row.health) == (detail, health)
    assert pod_health(pod) is health


def test_a_workload_is_as_well_as_its_worst_pod() -> None:
    good, pending, bad = pod_of("web-1"), pod_of("web-2", running(ready=False)), pod_of("web-3", ended(code=1))
    for pods, health in (([good], Health.GOOD), ([good, pending], Health.PENDING), ([good, pending, bad], Health.BAD)):
        assert rows_of(inventory_of(*pods), SHOP)[1].health is health


def test_the_keys_above_a_container_are_those_of_its_rows() -> None:
    pod = pod_of("web-1", Container("app", instance=Instance("c9")))
    keys = {row.key for row in rows_of(inventory_of(pod), SHOP, WEB, pod_key(pod.uid))}
    assert set(keys_above(pod, "app")) == keys


NODES = [SHOP, WEB, workload_key("shop", Workload("Deployment", "db")), *(pod_key(f"uid-web-{n}") for n in range(3))]
steps = st.lists(
    st.one_of(
        st.builds(pod_of, st.sampled_from(["web-0", "web-1", "db-0"]), phase=st.sampled_from(["Running", "Failed"])),
        st.sampled_from(["uid-web-0", "uid-db-0"]),
        st.sampled_from(NODES),
        st.sampled_from([NamespaceState(Watching.WATCHED), NamespaceState(Watching.RETRYING, "in 3 s")]),
    ),
    max_size=20,
)


@given(steps)
def test_rows_that_are_kept_are_those_that_would_be_built_anew(changes: list) -> None:
    builder, inventory, expanded = TreeBuilder(), inventory_of(), frozenset([SHOP])
    for change in changes:
        if isinstance(change, Pod):
            inventory.put(change)
        elif isinstance(change, str):
            inventory.remove(change)
        elif isinstance(change, NamespaceState):
            inventory.set_namespace("shop", change)
        else:
            expanded ^= {change}
        snapshot = inventory.snapshot()
        assert builder.build(snapshot, expanded) == TreeBuilder().build(snapshot, expanded)
