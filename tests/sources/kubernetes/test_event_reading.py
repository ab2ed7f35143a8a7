"""Events and pods of a cluster, read once."""

from __future__ import annotations

import kube_golden
import pytest
from kube_clock import FakeClock
from kube_events import made, scaled
from kube_server import ScriptedServer, reply

from hallucino_tui.demo.pods import PodPlan
from hallucino_tui.demo.serve import DemoCluster, ServeOptions
from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters
from hallucino_tui.sources.kubernetes.errors import ApiError, ClusterError
from hallucino_tui.sources.kubernetes.event_reading import read_events, read_pods

EVENTS = r"GET /api/v1/namespaces/shop/events"


async def test_what_happened_in_a_cluster_in_order() -> None:
    async with DemoCluster(ServeOptions(empty=True)) as demo:
        pod = demo.world.add_pod("shop", "web-1", plan=PodPlan(labels={"app": "web"}))
        pod.container().restart(137, "OOMKilled")
        demo.world.record(pod, "Warning", "BackOff", "Back-off restarting failed container", container="main")
        demo.world.add_pod("bank", "ledger-0")
        client = await KubernetesClusters(str(demo.kubeconfig_path), StreamTable(), FakeClock()).connect(None)
        pods = await read_pods(client, ["shop"])
        assert [one.name for one in pods] == ["web-1"]
        assert {one.name for one in await read_pods(client, [None])} == {"web-1", "ledger-0"}
        assert await read_pods(client, ["shop"], "app=other") == []
        events = await read_events(client, ["shop"], pods)
        assert {event.kind for event in events} == {EventKind.OOM_KILLED, EventKind.BACK_OFF}
        assert [event.time for event in events] == sorted(event.time for event in events)
        demo.faults.deny("list", "events")
        with pytest.raises(ApiError, match="events is forbidden"):
            await read_events(client, ["shop"])
        await client.close()


async def test_a_list_of_several_pages(server: ScriptedServer, client: Client) -> None:
    server.on(EVENTS, reply(200, {"items": [scaled("web", "7fff", 0, 1)], "metadata": {"continue": "more"}}))
    server.on("continue=more", reply(200, {"items": [made("Unhealthy", about="Pod/web-7fffff-x2x4z")]}))
    events = await read_events(client, ["shop"])
    assert [(event.kind, event.workload) for event in events] == [
        (EventKind.ROLLOUT, "web"),
        (EventKind.PROBE_FAILED, "web"),
    ]
    assert [request.query.get("continue") for request in server.asked(EVENTS)] == [None, "more"]


async def test_pages_that_the_server_has_forgotten_are_read_anew(server: ScriptedServer, client: Client) -> None:
    first, whole = {"items": [made("A")], "metadata": {"continue": "more"}}, {"items": [made("A"), made("B")]}
    server.on(EVENTS, reply(200, first), reply(200, whole))
    server.on("continue=more", kube_golden.raw("pods-list-continue-expired-410"))
    assert [event.reason for event in await read_events(client, ["shop"])] == ["A", "B"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, {"items": [{"metadata": {"name": "web"}}]}),
        reply(200, {"items": [7]}),
        reply(200, "<html>Sign in</html>"),
        kube_golden.raw("forbidden-list-403"),
    ],
    ids=["no event", "a number", "a page", "forbidden"],
)
async def test_whatever_comes_instead_is_one_error(server: ScriptedServer, client: Client, answer: bytes) -> None:
    server.on("GET", answer)
    with pytest.raises(ClusterError, match=r"\w"):
        await read_events(client, ["shop"])


async def test_pods_that_are_none(server: ScriptedServer, client: Client) -> None:
    server.on("GET", reply(200, {"items": [{"spec": {}}]}))
    with pytest.raises(ClusterError, match=r"a list of pods that is none\. Item 1 is no pod: it has no name"):
        await read_pods(client, ["shop"])
