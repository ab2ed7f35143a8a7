"""Watches laid beside those of a real Kubernetes API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import demo_golden as golden
import pytest

from hallucino_tui.demo import resources, watch_handler
from hallucino_tui.demo.pods import PodPlan

if TYPE_CHECKING:
    from demo_http import Client

PODS = "/api/v1/namespaces/w/pods?watch=1"


@pytest.fixture
def world(cluster):
    cluster.world.add_node("node1")
    cluster.world.add_namespace("w")
    return cluster.world


def frames(body: bytes) -> list[dict]:
    return [json.loads(line) for line in body.splitlines()]


def live_one_life(world, name: str = "w2") -> None:
    """Let a pod come, run, end and go, as the recorded one did."""
    pod = world.add_pod("w", name, "main", plan=PodPlan(restart_policy="Never", grace_seconds=0), running=False)
    pod.publish()
    pod.ip = "10.244.0.29"
    pod.publish()
    pod.container().start()
    pod.container().end(0)
    pod.publish()
    pod.begin_deletion()
    pod.delete()


@pytest.mark.parametrize("name", ["watch-pods-lifecycle", "watch-pods-partialmeta", "watch-pods-table"])
async def test_a_pods_life(name, world, client: Client, cluster) -> None:
    kind = {"watch-pods-partialmeta": "PartialObjectMetadata", "watch-pods-table": "Table"}.get(name)
    headers = {"Accept": f"application/json;as={kind};v=v1;g=meta.k8s.io"} if kind else {}
    async with client.open(f"{PODS}&resourceVersion={cluster.state.revision}", headers=headers) as connection:
        live_one_life(world)
        body = await connection.read_until(lambda body: b'"DELETED"' in body and body.endswith(b"\n"))
    recorded = golden.load(name)
    assert connection.answer.headers["content-type"] == recorded.headers["content-type"]
    ours, theirs = frames(body), recorded.frames()
    assert [frame["type"] for frame in ours] == [frame["type"] for frame in theirs]
    assert [list(frame["object"]) for frame in ours] == [list(frame["object"]) for frame in theirs]
    revisions = [int(frame["object"]["metadata"]["resourceVersion"]) for frame in ours]
    assert revisions == sorted(set(revisions))
    if name == "watch-pods-table":
        told = [[row["cells"][2] for row in frame["object"]["rows"]] for frame in ours]
        assert told[0] == ["ContainerCreating"]
        assert told[3:] == [[row["cells"][2] for row in frame["object"]["rows"]] for frame in theirs][3:]
        assert [frame["object"]["columnDefinitions"] is None for frame in ours] == [False] + [True] * 7
        assert ours[-1]["object"]["rows"][0]["conditions"] == theirs[-1]["object"]["rows"][0]["conditions"]


async def test_lifecycle_objects_have_the_recorded_fields(world, client: Client, cluster) -> None:
    async with client.open(f"{PODS}&resourceVersion={cluster.state.revision}") as connection:
        live_one_life(world)
        body = await connection.read_until(lambda body: b'"DELETED"' in body and body.endswith(b"\n"))
    recorded = golden.load("watch-pods-lifecycle").frames()
    for ours, theirs in zip(frames(body)[3:], recorded[3:], strict=True):
        wanted = golden.shape(theirs["object"])
        wanted["spec"].pop("automountServiceAccountToken")
        wanted["spec"]["containers"][0].pop("command")
        wanted["status"].pop("resources")
        assert golden.missing(wanted, golden.shape(ours["object"])) == []
        kept = ("state", "ready", "started", "restartCount")
        for name in kept:
            mine = ours["object"]["status"]["containerStatuses"][0][name]
            real = theirs["object"]["status"]["containerStatuses"][0][name]
            assert golden.shape(mine) == golden.shape(real)
        assert ours["object"]["status"]["phase"] in {theirs["object"]["status"]["phase"], "Succeeded"}


async def test_too_old(world, client: Client, cluster) -> None:
    recorded = golden.load("watch-rv-1-tooold")
    answer = await client.get(golden.PATHS["watch-rv-1-tooold"])
    assert answer.status == recorded.status
    expected = recorded.json()
    floor = cluster.state.journal(resources.PODS).floor
    expected["object"]["message"] = f"too old resource version: 1 ({floor})"
    assert frames(answer.body) == [expected]
    assert answer.final == recorded.final


@pytest.mark.parametrize("name", ["watch-rv-0", "watch-rv-unset", "watch-single-fieldselector"])
async def test_what_there_is_comes_first(name, world, client: Client) -> None:
    world.add_pod("w", "w1")
    async with client.open(golden.PATHS[name].replace("&timeoutSeconds=2", "")) as connection:
        body = await connection.read_until(lambda body: body.endswith(b"\n"))
    ours, theirs = frames(body), golden.load(name).frames()
    assert [(frame["type"], frame["object"]["metadata"]["name"]) for frame in ours] == [
        (frame["type"], frame["object"]["metadata"]["name"]) for frame in theirs
    ]


async def test_future_revision_says_nothing_until_it_has_come(world, client: Client, cluster) -> None:
    future = cluster.state.revision + 2
    async with client.open(f"{PODS}&resourceVersion={future}") as connection:
        world.add_pod("w", "a", running=False)
        world.add_pod("w", "b", running=False)
        world.add_pod("w", "c", running=False)
        body = await connection.read_until(lambda body: body.endswith(b"\n"))
    assert [frame["object"]["metadata"]["name"] for frame in frames(body)] == ["c"]


async def test_initial_events_end_with_a_bookmark(world, client: Client, cluster) -> None:
    world.add_pod("w", "w1")
    for name in ("watch-sendinitialevents", "watch-sendinitialevents-partialmeta"):
        partial = name.endswith("partialmeta")
        accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" if partial else "application/json"
        async with client.open(golden.PATHS[name], headers={"Accept": accept}) as connection:
            body = await connection.read_until(lambda body: b"BOOKMARK" in body and body.endswith(b"\n"))
        ours, theirs = frames(body), golden.load(name).frames()
        assert [frame["type"] for frame in ours] == [frame["type"] for frame in theirs]
        theirs[-1]["object"]["metadata"]["resourceVersion"] = str(cluster.state.revision)
        assert ours[-1] == theirs[-1]


async def test_leaving_the_selection_is_a_deletion(world, client: Client) -> None:
    from dataclasses import replace

    pod = world.add_pod("w", "w1", plan=PodPlan(labels={"a": "b"}))
    async with client.open("/api/v1/namespaces/w/pods?watch=1&labelSelector=x%3Dy") as connection:
        pod.plan = replace(pod.plan, labels={"x": "y"})
        pod.publish()
        pod.plan = replace(pod.plan, labels={"x": "z"})
        pod.publish()
        body = await connection.read_until(lambda body: b'"DELETED"' in body and body.endswith(b"\n"))
    ours, theirs = frames(body), golden.load("watch-labelselector-leave").frames()
    for mine, real in zip(ours, theirs, strict=True):
        assert mine["type"] == real["type"]
        assert mine["object"]["metadata"]["labels"] == real["object"]["metadata"]["labels"] == {"x": "y"}
    assert int(ours[1]["object"]["metadata"]["resourceVersion"]) > int(ours[0]["object"]["metadata"]["resourceVersion"])


async def test_bookmark_of_an_idle_watch(world, client: Client, cluster, monkeypatch) -> None:
    monkeypatch.setattr(watch_handler, "BOOKMARK_SECONDS", 0.0)
    path = golden.PATHS["watch-bookmark-idle-70s"].replace("/demo/", "/w/").replace("2181", str(cluster.state.revision))
    async with client.open(path) as connection:
        body = await connection.read_until(lambda body: body.count(b"\n") >= 2)
    expected = golden.load("watch-bookmark-idle-70s").frames()
    for frame in expected:
        frame["object"]["metadata"]["resourceVersion"] = str(cluster.state.revision)
    assert frames(body)[:2] == expected


async def test_watch_of_namespaces_and_events(world, client: Client) -> None:
    pod = world.add_pod("w", "w1")
    world.record(pod, "Normal", "Killing", "Stopping container main", container="main")
    for name in ("watch-namespaces", "watch-events"):
        path = golden.PATHS[name].split("&timeoutSeconds")[0]
        async with client.open(path) as connection:
            body = await connection.read_until(lambda body: body.endswith(b"\n"))
        ours, theirs = frames(body)[0], golden.load(name).frames()[0]
        theirs["object"].get("involvedObject", {}).pop("resourceVersion", None)
        theirs["object"].get("involvedObject", {}).pop("fieldPath", None)
        assert golden.missing(golden.shape(theirs), golden.shape(ours)) == []


async def test_watch_ends_cleanly_when_its_time_is_over(world, client: Client, cluster, monkeypatch) -> None:
    monkeypatch.setattr(watch_handler.Pace, "over", property(lambda _self: True))
    answer = await client.get(f"{PODS}&timeoutSeconds=1&resourceVersion={cluster.state.revision}")
    assert answer.final == golden.load("watch-timeoutseconds").final
    assert answer.body == b""
