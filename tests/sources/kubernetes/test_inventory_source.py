"""The inventory of a cluster as rights allow it: the whole cluster, some namespaces, one namespace alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from kube_clock import FakeClock
from kube_server import until

from hallucino_tui.demo.pods import PodPlan
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Inventory, InventorySnapshot, Watching
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters
from hallucino_tui.sources.kubernetes.inventory_source import ClusterInventory


class Watched:
    """A demo cluster and what is known of it."""

    def __init__(self, demo: DemoCluster, source: ClusterInventory, inventory: Inventory) -> None:
        self.demo = demo
        self.source = source
        self.inventory = inventory

    @property
    def now(self) -> InventorySnapshot:
        return self.inventory.snapshot()

    @property
    def pods(self) -> set[str]:
        return {f"{pod.namespace}/{pod.name}" for pod in self.now.pods()}

    async def knows(self, *pods: str) -> None:
        await until(lambda: self.pods == set(pods), f"{pods}, but {self.pods}")

    async def reaches(self, namespace: str, watching: Watching) -> str:
        def state() -> Watching | None:
            return self.now.namespaces[namespace].watching if namespace in self.now.namespaces else None

        await until(lambda: state() is watching, f"{namespace} {watching}")
        return self.now.namespaces[namespace].note


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    clock, inventory = FakeClock(patience=10), Inventory("demo")
    async with DemoCluster(ServeOptions(empty=True)) as demo:
        for name in ("shop", "bank"):
            demo.world.add_pod(name, "web", plan=PodPlan(labels={"app": "web"}))
        client = await KubernetesClusters(str(demo.kubeconfig_path), StreamTable(), clock).connect(None)
        source = ClusterInventory(client, inventory, clock)
        yield Watched(demo, source, inventory)
        await source.close()
        await client.close()


async def test_one_namespace_and_the_names_of_all_others(watched: Watched) -> None:
    watched.source.watch_namespaces()
    watched.source.watch_pods("shop")
    assert watched.now.namespaces["shop"].watching is Watching.LISTING
    await watched.knows("shop/web")
    await until(lambda: set(watched.now.namespaces) >= {"shop", "bank"})
    assert await watched.reaches("shop", Watching.WATCHED) == ""
    assert watched.now.namespaces["bank"].watching is Watching.UNKNOWN
    watched.demo.world.add_pod("shop", "db")
    await watched.knows("shop/web", "shop/db")
    pod = watched.demo.world.find_pod("shop", "web")
    assert pod is not None
    pod.delete()
    await watched.knows("shop/db")
    watched.demo.world.add_namespace("new")
    await until(lambda: "new" in watched.now.namespaces)
    watched.demo.world.remove_namespace("bank")
    await until(lambda: "bank" not in watched.now.namespaces)


async def test_the_whole_cluster(watched: Watched) -> None:
    watched.source.watch_namespaces()
    watched.source.watch_pods(None)
    watched.source.watch_pods("shop")  # is watched with the others
    await watched.knows("shop/web", "bank/web")
    await watched.reaches("bank", Watching.WATCHED)
    await until(lambda: len(watched.demo.faults.watches()) == 2)
    assert [one.namespace for one in watched.demo.faults.watches("pods")] == [""]
    assert watched.now.note == ""


@pytest.mark.parametrize("late", [False, True])
async def test_rights_that_end_at_namespaces_make_each_be_watched_alone(late: bool, watched: Watched) -> None:
    watched.demo.world.add_pod("secret", "web")
    watched.demo.faults.deny("list", "pods", "secret")
    if late:
        watched.demo.faults.delay(0.1, path="namespaces\\?")
    watched.source.watch_namespaces()
    watched.source.watch_pods(None)
    await watched.knows("shop/web", "bank/web")
    assert 'cannot list resource "pods"' in await watched.reaches("secret", Watching.FORBIDDEN)
    assert "at the cluster scope" in watched.now.note
    watched.demo.world.add_pod("new", "web")
    await watched.knows("shop/web", "bank/web", "new/web")


async def test_without_the_right_to_list_namespaces_the_chosen_one_is_there_all_the_same(watched: Watched) -> None:
    watched.demo.faults.deny("list", "namespaces")
    watched.source.watch_namespaces()
    watched.source.watch_pods("shop")
    await watched.knows("shop/web")
    assert (set(watched.now.namespaces), watched.now.note) == ({"shop"}, "")


async def test_without_the_right_to_watch_that_is_said_with_the_namespace(watched: Watched) -> None:
    watched.demo.faults.deny("watch", "pods")
    watched.source.watch_pods("shop")
    assert "no right to watch" in await watched.reaches("shop", Watching.POLLED)
    watched.demo.world.add_pod("shop", "db")
    await watched.knows("shop/web", "shop/db")


async def test_watches_that_break_or_grow_too_old_lose_nothing(watched: Watched) -> None:
    watched.source.watch_pods("shop")
    await watched.knows("shop/web")
    for number in range(5):
        await until(lambda: watched.demo.faults.watches("pods"))
        if number % 2:
            watched.demo.faults.expire_watches()
        else:
            watched.demo.faults.cut_watches()
        watched.demo.world.add_pod("shop", f"extra-{number}")
        await watched.knows("shop/web", *(f"shop/extra-{one}" for one in range(number + 1)))


async def test_after_a_sleep_all_watches_begin_anew(watched: Watched) -> None:
    watched.source.watch_pods("shop")
    await until(lambda: watched.demo.faults.watches("pods"))
    watched.demo.faults.freeze_watches()
    watched.demo.world.add_pod("shop", "db")
    watched.source.hurry()
    await watched.knows("shop/web", "shop/db")
