"""What is told of a node of the tree: never a value of the environment, and always why something is not told."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import kube_golden
import msgspec
import pytest
from kube_clock import FakeClock
from kube_events import made, scaled
from kube_server import ScriptedServer, reply

from hallucino_tui.demo.pods import ContainerSpec, Owner, PodPlan
from hallucino_tui.demo.pods import Pod as DemoPod
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Inventory, Workload
from hallucino_tui.session.nodes import container_key, namespace_key, pod_key, workload_key
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.cluster import KubernetesCluster, KubernetesClusters
from hallucino_tui.sources.kubernetes.describe import describe
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError, UnreachableError
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod

EVENTS = r"GET /api/v1/namespaces/shop/events"


@pytest.fixture
async def demo() -> AsyncIterator[DemoCluster]:
    async with DemoCluster(ServeOptions(empty=True)) as demo:
        yield demo


@pytest.fixture
async def cluster(demo: DemoCluster) -> AsyncIterator[KubernetesCluster]:
    cluster = await KubernetesClusters(str(demo.kubeconfig_path), StreamTable(), FakeClock()).open(None)
    yield cluster
    await cluster.close()


def know(cluster: KubernetesCluster, pod: DemoPod) -> str:
    """Put a pod into the inventory; return its UID."""
    cluster.inventory.put(to_pod(msgspec.convert(pod.render(), PodObject)))
    return pod.uid


async def test_a_pod_with_its_containers_and_its_events(demo: DemoCluster, cluster: KubernetesCluster) -> None:
    plan = PodPlan(labels={"tier": "back", "app": "web"}, owner=Owner("ReplicaSet", "web-7c9d", "some-uid"))
    spec = ContainerSpec("app", image="registry.example/web:1.2", memory="256Mi", cpu="100m")
    pod = demo.world.add_pod("shop", "web-1", spec, ContainerSpec("setup", kind="init"), plan=plan)
    pod.container("app").restart(137, "OOMKilled")
    demo.world.record(pod, "Warning", "BackOff", "Back-off restarting failed container", container="app")
    text = await cluster.describe(pod_key(know(cluster, pod)))
    lines = [line.strip() for line in text.splitlines()]
    for line in (
        "Name:       web-1",
        "Namespace:  shop",
        f"Node:       {pod.node}",
        "Labels:     app=web, tier=back",
        "Owner:      ReplicaSet/web-7c9d",
        "Container:  setup",
        "Container:  app",
        "Image:    registry.example/web:1.2",
        "Ready:    yes, restarted 1 times",
        "Requests: cpu 100m, memory 256Mi",
        "Limits:   memory 256Mi",
    ):
        assert line in lines
    assert any(line.startswith("State:    running") for line in lines)
    assert any(line.startswith("Before:   terminated, exit code 137, OOMKilled") for line in lines)
    (event,) = (line for line in lines if "BackOff" in line)
    assert "Warning  BackOff" in event
    assert event.endswith("Pod/web-1: Back-off restarting failed container")


async def test_no_value_of_the_environment_is_ever_told(server: ScriptedServer, client: Client) -> None:
    secret = secrets.token_urlsafe(24)
    env = [{"name": "PASSWORD", "value": secret}, {"name": "OTHER", "valueFrom": {"secretKeyRef": {"key": secret}}}]
    container = {"name": "app", "image": "web", "env": env, "args": [f"--password={secret}"], "command": [secret]}
    container["livenessProbe"] = {"httpGet": {"httpHeaders": [{"name": "Authorization", "value": secret}]}}
    spec = {"containers": [container], "initContainers": [container | {"name": "setup"}], "nodeName": "n"}
    spec["volumes"] = [{"name": "v", "csi": {"volumeAttributes": {"token": secret}}}]
    applied = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(spec)}
    meta = {"name": "web", "namespace": "shop", "uid": "u", "annotations": applied}
    pod = {"metadata": meta, "spec": spec | {"ephemeralContainers": [container | {"name": "debug"}]}}
    server.on("GET", reply(200, pod | {"spec": spec | {"replicas": 2, "template": {"metadata": meta, "spec": spec}}}))
    server.on("/pods/web$", reply(200, pod))
    server.on(EVENTS, reply(200, {"items": []}))
    inventory = Inventory("test")
    inventory.put(to_pod(msgspec.convert(pod, PodObject)))
    keys = [pod_key("u"), container_key("u", "app"), container_key("u", "debug")]
    keys += [
        workload_key("shop", Workload(kind, "web"))
        for kind in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob")
    ]
    for key in keys:
        text = await describe(client, inventory, key)
        assert secret not in text
        assert "web" in text


async def test_a_container_alone(demo: DemoCluster, cluster: KubernetesCluster) -> None:
    pod = demo.world.add_pod("shop", "web", "main", "side")
    text = await cluster.describe(container_key(know(cluster, pod), "side"))
    assert "Container:  side" in text
    assert "Container:  main" not in text
    assert "Events:     none (a cluster forgets them after an hour or so)" in text


async def test_why_a_pod_does_not_start(server: ScriptedServer, client: Client) -> None:
    raw = next(item for item in kube_golden.items("pods-list-gzip-big") if item["metadata"]["name"] == "unscheduled")
    server.on(r"/pods/unscheduled$", reply(200, raw))
    server.on("/events", kube_golden.raw("events-list"))
    inventory = Inventory("test")
    pod = to_pod(msgspec.convert(raw, PodObject))
    inventory.put(pod)
    text = await describe(client, inventory, pod_key(pod.uid))
    assert "Node:       not placed yet" in text
    assert "Status:     Pending" in text
    assert "Condition:  PodScheduled is False (Unschedulable: " in text
    assert "State:    unknown" in text
    assert server.asked("/events")[0].query == {"limit": "500", "fieldSelector": f"involvedObject.uid={pod.uid}"}
    assert text.count(": ", text.index("Events:")) >= 2


async def test_events_that_may_not_be_read_are_said_and_the_rest_is_told(
    demo: DemoCluster, cluster: KubernetesCluster
) -> None:
    pod = demo.world.add_pod("shop", "web", "main")
    demo.faults.deny("list", "events")
    for key in (pod_key(know(cluster, pod)), namespace_key("shop"), workload_key("shop", Workload("Pod", "web"))):
        text = await cluster.describe(key)
        assert 'Events:     The cluster forbids it: events is forbidden: User "hallucino-demo"' in text
        assert "ask for the role in the README" in text
        assert text.startswith(("Name:       web", "Namespace:  shop"))


async def test_a_namespace_with_its_events_in_order(server: ScriptedServer, client: Client) -> None:
    about = {"involvedObject": {"kind": "Pod", "name": "web"}, "type": "Normal"}
    listed = [
        about | {"reason": "Third", "message": " m3\n", "lastTimestamp": "2026-11-22T03:00:00Z", "count": 7},
        about | {"reason": "First", "message": "m1", "lastTimestamp": None, "firstTimestamp": "2026-11-22T01:00:00Z"},
        about | {"reason": "Second", "message": "m2", "eventTime": "2026-11-22T02:00:00.000001Z", "count": None},
    ]
    server.on(EVENTS, reply(200, {"items": listed}))
    text = await describe(client, Inventory("test"), namespace_key("shop"))
    lines = text.splitlines()
    assert lines[:3] == ["Namespace:  shop", "", "Events:"]
    assert [line.split()[-4:] for line in lines[3:]] == [
        ["Normal", "First", "Pod/web:", "m1"],
        ["Normal", "Second", "Pod/web:", "m2"],
        ["Third", "Pod/web:", "m3", "(x7)"],
    ]
    assert server.requests[0].query == {"limit": "500"}


async def test_a_deployment_with_what_it_wants_and_has(server: ScriptedServer, client: Client) -> None:
    conditions = [{"type": "Available", "status": "False", "reason": "MinimumReplicasUnavailable", "message": "no"}]
    template = {"spec": {"containers": [{"name": "app", "image": "web:2"}, {"name": "side", "image": "mesh:1"}]}}
    status = {"readyReplicas": 1, "updatedReplicas": 2, "conditions": conditions}
    server.on(
        "/apis/apps/v1/namespaces/shop/deployments/web$",
        reply(200, {"spec": {"replicas": 3, "template": template}, "status": status}),
    )
    server.on(EVENTS, reply(200, {"items": []}))
    text = await describe(client, Inventory("test"), workload_key("shop", Workload("Deployment", "web")))
    assert text.splitlines()[:7] == [
        "Name:       web",
        "Kind:       Deployment",
        "Namespace:  shop",
        "Replicas:   3 wanted, 1 ready, 2 of the newest version",
        "Image:      app  web:2",
        "Image:      side  mesh:1",
        "Condition:  Available is False (MinimumReplicasUnavailable: no)",
    ]


async def test_a_cron_job_with_the_images_of_its_jobs(server: ScriptedServer, client: Client) -> None:
    pod = {"spec": {"containers": [{"name": "app", "image": "backup:3"}]}}
    job = {"spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": pod}}}}
    server.on("/apis/batch/v1/namespaces/shop/cronjobs/nightly$", reply(200, job))
    server.on(EVENTS, reply(200, {"items": []}))
    text = await describe(client, Inventory("test"), workload_key("shop", Workload("CronJob", "nightly")))
    assert "Image:      app  backup:3" in text


async def test_a_workload_that_may_not_be_read_is_said_and_its_events_are_told(
    server: ScriptedServer, client: Client
) -> None:
    server.on("GET", kube_golden.raw("forbidden-list-403"))
    server.on(EVENTS, reply(200, {"items": [{"involvedObject": {"kind": "Job", "name": "j"}, "reason": "Done"}]}))
    text = await describe(client, Inventory("test"), workload_key("shop", Workload("Job", "j")))
    assert "The cluster forbids it: pods is forbidden" in text
    assert "Done" in text


async def test_a_pod_that_is_gone(server: ScriptedServer, client: Client) -> None:
    inventory = Inventory("test")
    with pytest.raises(ClusterError, match="This pod is gone: there is nothing to describe any more"):
        await describe(client, inventory, pod_key("u"))
    raw: dict[str, Any] = {"metadata": {"name": "web", "namespace": "shop", "uid": "u"}}
    inventory.put(to_pod(msgspec.convert(raw, PodObject)))
    server.on("GET", kube_golden.raw("pod-get-404"))
    with pytest.raises(ApiError, match="not found"):
        await describe(client, inventory, pod_key("u"))


async def test_a_cluster_that_does_not_answer_is_an_error(server: ScriptedServer, client: Client) -> None:
    async def cut(exchange: Any) -> None:
        exchange.cut()

    server.on("GET", cut)
    for key in (namespace_key("shop"), workload_key("shop", Workload("Job", "j"))):
        with pytest.raises(UnreachableError):
            await describe(client, Inventory("test"), key)


async def test_a_deployment_with_its_rollouts_and_all_events_of_its_own(server: ScriptedServer, client: Client) -> None:
    def replica_set(revision: int, *, ready: int, owner: str = "web") -> dict[str, Any]:
        meta = {
            "name": f"{owner}-{revision}fff",
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [{"kind": "Deployment", "name": owner, "controller": True}],
            "creationTimestamp": "2026-11-22T22:00:00Z",
        }
        template = {"spec": {"containers": [{"name": "app", "image": f"web:{revision}"}]}}
        return {
            "metadata": meta,
            "spec": {"replicas": ready, "template": template},
            "status": {"readyReplicas": ready},
        }

    sets = [replica_set(2, ready=0), replica_set(10, ready=3), replica_set(1, ready=1, owner="other")]
    server.on("/replicasets", reply(200, {"items": sets}))
    server.on("/deployments/web$", reply(200, {"spec": {"selector": {"matchLabels": {"app": "web"}}, "replicas": 3}}))
    listed = [
        made("Unhealthy", "no", about="Pod/web-10ffff-x2x4z"),
        scaled("web", "10fff", 0, 3),
        made("Other", about="Pod/db-1"),
    ]
    server.on(EVENTS, reply(200, {"items": listed}))
    text = await describe(client, Inventory("test"), workload_key("shop", Workload("Deployment", "web")))
    lines = text.splitlines()
    first = lines.index("Rollouts:") + 1
    assert [line.split()[2:] for line in lines[first : first + 2]] == [
        ["revision", "10", "web-10fff", "3", "of", "3", "ready", "web:10"],
        ["revision", "2", "web-2fff", "0", "of", "0", "ready", "web:2"],
    ]
    assert server.asked("/replicasets")[0].query == {"labelSelector": "app=web"}
    assert lines[-1].endswith("Deployment/web: Scaled up replica set web-10fff from 0 to 3")
    assert "Pod/db-1:" not in text


async def test_rollouts_that_may_not_be_read_are_said(server: ScriptedServer, client: Client) -> None:
    server.on("/deployments/web$", reply(200, {"spec": {"replicas": 3}}))
    server.on("/replicasets", kube_golden.raw("forbidden-list-403"))
    server.on(EVENTS, reply(200, {"items": []}))
    text = await describe(client, Inventory("test"), workload_key("shop", Workload("Deployment", "web")))
    assert "Rollouts:   The cluster forbids it" in text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            reply(
                200, {"status": {"conditions": [{"type": "Ready", "status": "Unknown", "reason": "R", "message": "m"}]}}
            ),
            "Node state: Ready is Unknown (R: m), unknown",
        ),
        (reply(200, {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}), None),
        (reply(404, {"kind": "Status", "code": 404, "message": "not found"}), None),
        (
            reply(403, {"kind": "Status", "code": 403, "message": "nodes is forbidden"}),
            "Node state: unknown, there is no right to read nodes",
        ),
    ],
    ids=["bad", "good", "gone", "forbidden"],
)
async def test_how_the_node_of_a_pod_is(
    server: ScriptedServer, client: Client, answer: bytes, said: str | None
) -> None:
    pod = {"metadata": {"name": "web", "namespace": "shop", "uid": "u"}, "spec": {"nodeName": "worker-1"}}
    server.on("/pods/web$", reply(200, pod))
    server.on("/api/v1/nodes/worker-1$", answer)
    server.on(EVENTS, reply(200, {"items": []}))
    inventory = Inventory("test")
    inventory.put(to_pod(msgspec.convert(pod, PodObject)))
    text = await describe(client, inventory, pod_key("u"))
    assert [line for line in text.splitlines() if line.startswith("Node state")] == ([said] if said else [])


async def test_events_that_are_none_are_an_error(server: ScriptedServer, client: Client) -> None:
    server.on(EVENTS, reply(200, {"items": [{"metadata": {"name": "web"}}]}))
    with pytest.raises(ClusterError, match="a list of events that is none"):
        await describe(client, Inventory("test"), namespace_key("shop"))
