"""The real kubectl finds its way about the demo cluster."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from hallucino_tui.demo.scenario.story import ROLLBACK_AT
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.demo.timeformat import SECOND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = [
    pytest.mark.kubectl,
    pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the path"),
]


class Kubectl:
    def __init__(self, cluster: DemoCluster, folder) -> None:
        self.cluster = cluster
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "KUBECONFIG": str(cluster.kubeconfig_path),
            "KUBECACHEDIR": str(folder / "cache"),
        }

    @contextlib.asynccontextmanager
    async def start(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            "kubectl",
            *arguments,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.communicate()

    async def __call__(self, *arguments: str, fails: bool = False) -> str:
        async with asyncio.timeout(60), self.start(*arguments) as process:
            out, error = await process.communicate()
            assert (process.returncode != 0) == fails, error.decode()
        return (error if fails else out).decode()


@pytest.fixture
async def told(tmp_path) -> AsyncIterator[Kubectl]:
    """The story in the middle of its trouble, standing still."""
    import time

    moment = ROLLBACK_AT - 5
    start = time.time_ns() - int(moment * SECOND)
    cluster = DemoCluster(ServeOptions(start_ns=start, history_seconds=60), playing=False)
    cluster.player.engine.run_until(moment)
    async with cluster:
        yield Kubectl(cluster, tmp_path)


@pytest.fixture
async def empty(cluster, tmp_path) -> Kubectl:
    return Kubectl(cluster, tmp_path)


def table(text: str) -> list[dict[str, str]]:
    head, *rows = text.splitlines()
    starts = [match.start() for match in re.finditer(r"\S+(?: \S+)*", head)]
    slices = [slice(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return [{head[part].strip(): row[part].strip() for part in slices} for row in rows]


async def test_get_pods(told: Kubectl) -> None:
    rows = table(await told("get", "pods", "-A"))
    assert len(rows) == len(told.cluster.world.pods)
    states = {row["STATUS"] for row in rows}
    assert {"Running", "Completed", "Error", "Pending", "ImagePullBackOff"} <= states
    carts = [row for row in rows if row["NAME"].startswith("cart-")]
    assert any(re.fullmatch(r"\d+ \(\w+ ago\)", row["RESTARTS"]) for row in carts)
    wide = table(await told("get", "pods", "-o", "wide"))
    assert all(re.fullmatch(r"10\.24\d\.\d+\.\d+", row["IP"]) for row in wide if row["STATUS"] == "Running")
    chosen = table(
        await told("get", "pods", "-l", "app in (cart,checkout)", "--field-selector", "status.phase=Running")
    )
    assert {row["NAME"].split("-")[0] for row in chosen} == {"cart", "checkout"}
    items = json.loads(await told("get", "pods", "-o", "json"))["items"]
    assert {item["kind"] for item in items} == {"Pod"}


async def test_get_everything_else(told: Kubectl) -> None:
    for kinds, expected in (
        ("deploy", "checkout"),
        ("rs", "checkout-"),
        ("sts", "postgres"),
        ("jobs", "order-report-"),
        ("cronjobs", "stock-sync"),
        ("svc", "storefront"),
        ("cm", "checkout-config"),
        ("all", "pod/postgres-0"),
    ):
        assert expected in await told("get", kinds)
    assert len(table(await told("get", "nodes"))) == 4
    assert "kube-proxy" in await told("get", "ds", "-A")
    assert {row["NAME"] for row in table(await told("get", "ns"))} >= {"shop", "payments", "kube-system"}
    events = await told("get", "events", "-A")
    assert "OOMKilling" in events
    assert "Scaled up replica set" in events
    assert "Readiness probe failed" in await told("events", "--types=Warning")
    assert "deployments" in await told("api-resources", "--api-group=apps")
    assert "v1.36" in await told("version")
    assert "REVISION" in await told("rollout", "history", "deploy/checkout")


async def test_describe(told: Kubectl) -> None:
    cart = next(
        pod for pod in told.cluster.world.pods.values() if pod.name.startswith("cart-") and pod.container().previous
    )
    said = await told("describe", "pod", cart.name)
    for text in ("OOMKilled", "Exit Code:    137", "Controlled By:  ReplicaSet/cart-", "Restart Count:", "Events:"):
        assert text in said
    assert re.search(r"Normal +Started +\S+.* kubelet +Container started", said)
    deployment = await told("describe", "deploy", "checkout")
    assert re.search(r"NewReplicaSet: +checkout-\S+ \(3/3 replicas created\)", deployment)
    assert re.search(r"OldReplicaSets: +checkout-\S+ \(1/1 replicas created\)", deployment)
    assert "Scaled up replica set" in deployment
    for kind in ("sts/postgres", "node/worker-1", "rs", "ds/kube-proxy -n kube-system", "jobs", "ns/shop", "svc/cart"):
        assert "Name:" in await told("describe", *kind.split())


async def test_rights(told: Kubectl) -> None:
    assert (await told("auth", "can-i", "get", "pods/log")).strip() == "yes"
    assert (await told("auth", "can-i", "list", "namespaces")).strip() == "yes"
    told.cluster.faults.deny("list", "namespaces")
    async with told.start("auth", "can-i", "list", "namespaces") as process:
        assert (await process.communicate())[0].strip() == b"no"
    refused = await told("get", "namespaces", fails=True)
    assert 'User "hallucino-demo" cannot list resource "namespaces"' in refused
    assert "Forbidden" in await told("delete", "pod", "postgres-0", fails=True)
    assert "hallucino-demo" in await told("auth", "whoami")
    assert "[get list watch]" in await told("auth", "can-i", "--list")


async def test_logs(told: Kubectl) -> None:
    world = told.cluster.world
    store = next(pod for pod in world.pods.values() if pod.name.startswith("storefront-"))
    both = await told("logs", store.name, "--all-containers")
    assert "resource spans" in both
    assert '"logger":"storefront"' in both
    assert len((await told("logs", store.name, "--tail=7", "--timestamps")).splitlines()) == 7
    cart = next(pod for pod in world.pods.values() if pod.name.startswith("cart-") and pod.container().previous)
    assert "keeping cart in memory" in await told("logs", "-p", cart.name)
    assert "requestId" in await told("logs", "deploy/checkout")
    assert "[shop-storefront-8080]" in await told(
        "logs", "-n", "ingress-nginx", "-l", "app=ingress-nginx-controller", "--tail=5", "--prefix"
    )
    toolbox = await told("logs", "-n", "default", "toolbox")  # its annotation names the second container
    assert toolbox.startswith("tcpdump:")
    for name, problem in (
        ("promo-banner", "trying and failing to pull image"),
        ("no-such-pod", 'pods "no-such-pod" not found'),
    ):
        found = next((pod.name for pod in world.pods.values() if pod.name.startswith(name)), name)
        assert problem in await told("logs", found, fails=True)
    unplaced = next(pod.name for pod in world.pods.values() if pod.name.startswith("search-indexer"))
    assert await told("logs", unplaced) == ""


async def test_follow(empty: Kubectl) -> None:
    pod = empty.cluster.world.add_pod("default", "p", "main", "side")
    pod.container("main").write(b"one\n")
    async with asyncio.timeout(60), empty.start("logs", "-f", "p", "-c", "main") as process:
        assert await process.stdout.readline() == b"one\n"
        pod.container("main").write(b"two\nunfinished")
        assert await process.stdout.readline() == b"two\n"
        pod.container("main").end(0)
        assert await process.stdout.read() == b"unfinished"
        assert await process.wait() == 0
    refused = await empty("logs", "p", "-c", "nope", fails=True)
    assert "container nope is not valid for pod p" in refused


async def test_watch(empty: Kubectl) -> None:
    world = empty.cluster.world
    world.add_pod("default", "old")
    async with asyncio.timeout(60), empty.start("get", "pods", "-w") as process:
        lines = [await process.stdout.readline() for _ in range(2)]
        assert lines[1].split()[:3] == [b"old", b"1/1", b"Running"]
        await empty.cluster.streams.until(watches=1)
        pod = world.add_pod("default", "new", running=False)
        pod.run()
        pod.container().restart(137, "OOMKilled")
        pod.delete()
        seen = [(await process.stdout.readline()).split()[:4] for _ in range(5)]
    assert [row[2] for row in seen] == [b"ContainerCreating", b"Running", b"OOMKilled", b"Running", b"Running"]
    assert seen[3][3] == b"1"


async def test_expired_token_is_renewed_by_reading_the_kubeconfig_again(empty: Kubectl) -> None:
    empty.cluster.world.add_pod("default", "p")
    empty.cluster.faults.expire_token()
    assert "p" in await empty("get", "pods")
