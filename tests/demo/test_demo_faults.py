"""Each fault does what it says."""

from __future__ import annotations

import asyncio
import json

import pytest
from demo_http import Client

from hallucino_tui.demo.fault_player import FaultPlayer
from hallucino_tui.demo.options import FAULT_KINDS, FaultOption, ServeOptions, parse_fault
from hallucino_tui.demo.scenario import hostile
from hallucino_tui.demo.serve import DemoCluster
from hallucino_tui.demo.streams import Cut

LOG = "/api/v1/namespaces/n/pods/p/log"
FOLLOW = f"{LOG}?follow=true"
PODS = "/api/v1/namespaces/n/pods"


@pytest.fixture
def container(cluster):
    return cluster.world.add_pod("n", "p").container()


@pytest.mark.parametrize("how", list(Cut))
async def test_cut_follow(how, cluster, client: Client, container) -> None:
    container.write(b"one\n")
    async with client.open(FOLLOW) as connection:
        await connection.read_until(lambda body: body == b"one\n")
        if how is not Cut.MID_LINE:
            container.write(b"twenty-two\n")
        assert cluster.faults.cut_follows(how) == 1
        if how is Cut.MID_LINE:
            assert await connection.at_rest() == b"one\n"  # there has to be a line that can be cut
            container.write(b"twenty-two\n")
        answer = await connection.rest()
    assert answer.final == (how is Cut.CLEAN)
    if how is Cut.MID_LINE:
        assert answer.body not in {b"one\n", b"one\ntwenty-two\n"}
        assert b"one\ntwenty-two\n".startswith(answer.body)
        assert not answer.body.endswith(b"\n")
    assert container.running
    again = await client.get(LOG)
    assert again.body == b"one\ntwenty-two\n"
    assert not cluster.faults.follows()


@pytest.mark.parametrize("how", [Cut.CLEAN, Cut.ABRUPT])
async def test_cut_watch(how, cluster, client: Client) -> None:
    async with client.open(f"{PODS}?watch=1") as connection:
        await cluster.streams.until(watches=1)
        assert cluster.faults.cut_watches(how) == 1
        answer = await connection.rest()
    assert answer.final == (how is Cut.CLEAN)


async def test_expired_watch(cluster, client: Client, container) -> None:
    async with client.open(f"{PODS}?watch=1") as connection:
        await connection.read_until(lambda body: b"ADDED" in body)
        assert cluster.faults.expire_watches("pods") == 1
        answer = await connection.rest()
    last = json.loads(answer.body.splitlines()[-1])
    assert (last["type"], last["object"]["code"], last["object"]["reason"]) == ("ERROR", 410, "Expired")
    assert answer.final


async def test_frozen_follow_goes_on_after_the_thaw(cluster, client: Client, container) -> None:
    async with client.open(FOLLOW) as connection:
        container.write(b"one\n")
        await connection.read_until(lambda body: body == b"one\n")
        assert cluster.faults.freeze_follows(pod="p") == 1
        container.write(b"two\n")
        container.end(0)
        assert await connection.at_rest() == b"one\n"
        assert (await client.get(LOG)).body == b"one\ntwo\n"
        cluster.faults.thaw()
        answer = await connection.rest()
    assert (answer.body, answer.final) == (b"one\ntwo\n", True)


async def test_frozen_watch_goes_on_after_the_thaw(cluster, client: Client, container) -> None:
    async with client.open(f"{PODS}?watch=1&resourceVersion={cluster.state.revision}") as connection:
        await cluster.streams.until(watches=1)
        assert cluster.faults.freeze_watches("pods") == 1
        container.restart()
        assert await connection.at_rest() == b""
        cluster.faults.thaw()
        await connection.read_until(lambda body: b'"restartCount":1' in body)


async def test_frozen_container_freezes_later_follows_too(cluster, client: Client, container) -> None:
    container.write(b"one\n")
    cluster.faults.freeze_container(container)
    async with client.open(FOLLOW) as connection:
        await cluster.streams.until(follows=1)
        assert await connection.at_rest() == b""
        cluster.faults.thaw()
        await connection.read_until(lambda body: body == b"one\n")


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("401", 401, b'"reason":"Unauthorized"'),
        ("403", 403, b"pods is forbidden"),
        ("410", 410, b'"reason":"Expired"'),
        ("429", 429, b"Too many requests"),
        ("500", 500, b"etcdserver: request timed out"),
        ("504", 504, b'"reason":"Timeout"'),
        ("html", 200, b"<html>"),
    ],
)
async def test_answer_next(kind, status, text, cluster, client: Client) -> None:
    cluster.faults.answer_next(kind, 2, path="^/api/v1/namespaces/n/pods", retry_after=7)
    assert (await client.get("/version")).status == 200
    for _ in range(2):
        answer = await client.get(PODS)
        assert answer.status == status
        assert text in answer.body
        assert answer.headers.get("retry-after") == ("7" if kind == "429" else None)
    assert (await client.get(PODS)).status == 200


async def test_answer_410_fits_the_request(cluster, client: Client) -> None:
    cluster.faults.answer_next("410", 2)
    watched = await client.get(f"{PODS}?watch=1")
    assert watched.status == 200
    assert json.loads(watched.body.splitlines()[-1])["object"]["code"] == 410
    paged = await client.get(f"{PODS}?limit=1&continue=abcd")
    assert paged.status == 410
    assert json.loads(paged.body)["metadata"]["continue"]


async def test_reset_connection(cluster, client: Client) -> None:
    cluster.faults.answer_next("reset")
    with pytest.raises((ConnectionError, EOFError)):
        await client.get(PODS)
    assert (await client.get(PODS)).status == 200


async def test_delay_is_counted(cluster) -> None:
    cluster.faults.delay(1.5, path="/pods", count=1)
    assert [cluster.faults.take_delay(path) for path in ("/version", PODS, PODS)] == [0.0, 1.5, 0.0]


async def test_rotate(cluster, client: Client, container) -> None:
    container.write(b"before\n")
    async with client.open(FOLLOW) as connection:
        await connection.read_until(lambda body: body == b"before\n")
        container.rotate()
        container.write(b"after\n")
        await connection.read_until(lambda body: body == b"before\nafter\n")
    assert (await client.get(LOG)).body == b"after\n"


async def test_rotate_twice_while_cut_off(cluster, client: Client, container) -> None:
    async with client.open(FOLLOW) as connection:
        container.write(b"1\n")
        await connection.read_until(lambda body: body == b"1\n")
    await cluster.streams.until(follows=0)
    for line in (b"2\n", b"3\n"):
        container.write(line)
        container.rotate()
    container.write(b"4\n")
    assert (await client.get(LOG)).body == b"4\n"


async def test_restart(cluster, client: Client, container) -> None:
    container.write(b"first\n")
    first = container.current.container_id
    container.restart(137, "OOMKilled")
    container.write(b"second\n")
    assert (await client.get(LOG)).body == b"second\n"
    assert (await client.get(f"{LOG}?previous=true")).body == b"first\n"
    status = json.loads((await client.get(f"{PODS}/p")).body)["status"]["containerStatuses"][0]
    ended = status["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"], ended["containerID"]) == (137, "OOMKilled", f"containerd://{first}")
    assert status["restartCount"] == 1
    assert status["containerID"] != ended["containerID"]
    container.restart()
    assert (await client.get(f"{LOG}?previous=true")).body == b"second\n"  # the first one is gone for ever
    container.end(1)
    container.wait("CrashLoopBackOff", "back-off 10s restarting failed container")
    answers = [(await client.get(path)).body for path in (LOG, f"{LOG}?previous=true")]
    assert answers == [b"", b""]  # while it waits, both mean the instance that ended last
    status = json.loads((await client.get(f"{PODS}/p")).body)["status"]["containerStatuses"][0]
    assert status["state"]["waiting"]["reason"] == "CrashLoopBackOff"


async def test_errors_inside_of_an_answer(cluster, client: Client, container) -> None:
    container.write(b"line\n")
    cluster.faults.break_inotify(2)
    for _ in range(2):
        answer = await client.get(FOLLOW)
        assert answer.body == b"line\nfailed to create fsnotify watcher: too many open files"
        assert (answer.status, answer.final) == (200, True)
    cluster.faults.lose_log(container)
    answer = await client.get(FOLLOW)
    assert answer.body == f"unable to retrieve container logs for {container.current.address}".encode()


async def test_a_nodes_file_watchers_are_counted(cluster, client: Client, container) -> None:
    cluster.faults.limit_inotify(1)
    async with client.open(FOLLOW):
        await cluster.streams.until(follows=1)
        assert b"too many open files" in (await client.get(FOLLOW)).body
    await cluster.streams.until(follows=0)
    async with client.open(FOLLOW) as connection:
        container.write(b"x\n")
        await connection.read_until(lambda body: body == b"x\n")


async def review(client: Client, **attributes: str) -> bool:
    answer = await client.get(
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        method="POST",
        body=json.dumps({"spec": {"resourceAttributes": attributes}}).encode(),
    )
    assert answer.status == 201
    return json.loads(answer.body)["status"]["allowed"]


async def test_rights_and_reviews_say_the_same(cluster, client: Client, container) -> None:
    asked = {
        "/api/v1/namespaces": {"verb": "list", "resource": "namespaces"},
        "/api/v1/pods": {"verb": "list", "resource": "pods"},
        PODS: {"verb": "list", "resource": "pods", "namespace": "n"},
        LOG: {"verb": "get", "resource": "pods", "subresource": "log", "namespace": "n"},
    }

    async def allowed() -> list[bool]:
        found = [(await client.get(path)).status == 200 for path in asked]
        assert found == [await review(client, **attributes) for attributes in asked.values()]
        return found

    faults = cluster.faults
    assert await allowed() == [True, True, True, True]
    faults.deny("list", "namespaces")
    assert await allowed() == [False, True, True, True]
    faults.deny("get", "pods/log")
    assert await allowed() == [False, True, True, False]
    faults.allow_all()
    faults.deny(namespace="n")
    assert await allowed() == [False, False, False, False]  # a right in the whole cluster goes with any namespace
    faults.allow_all()
    faults.allow_only("n")
    assert await allowed() == [False, False, True, True]
    faults.allow_all()
    faults.deny()
    assert await allowed() == [False, False, False, False]
    faults.allow_all()
    assert not await review(client, verb="delete", resource="pods", namespace="n")
    assert not await review(client, verb="get", resource="secrets", namespace="n")
    faults.deny("watch")
    watched = await client.get(f"{PODS}?watch=1")
    assert (watched.status, json.loads(watched.body)["reason"]) == (403, "Forbidden")


async def test_writing_is_forbidden(cluster, client: Client, container) -> None:
    for method, verb in (("DELETE", "delete"), ("PATCH", "patch"), ("PUT", "update")):
        answer = await client.get(f"{PODS}/p", method=method)
        assert answer.status == 403
        assert f"cannot {verb} resource" in json.loads(answer.body)["message"]
    assert (await client.get(f"{PODS}/p/exec", method="POST")).status == 403
    assert (await client.get(PODS, method="POST", body=b"{}")).status == 403
    assert (await client.get("/api/v1/faults", method="POST")).status == 403
    assert (await client.get("/api/v1/faults")).status == 404


async def test_token_expires(cluster, client: Client, container) -> None:
    old = cluster.token
    new = cluster.faults.expire_token()
    assert new != old
    assert cluster.token == new
    assert (await client.get(PODS, token=old)).status == 401
    assert (await client.get(PODS, token=new)).status == 200
    assert new in cluster.kubeconfig_path.read_text()
    assert old not in cluster.kubeconfig_path.read_text()


async def test_hostile_bytes_arrive_as_they_are(cluster, client: Client) -> None:
    pod = hostile.add_hostile(cluster.world)
    answer = await client.get(f"/api/v1/namespaces/default/pods/{pod.name}/log")
    *lines, longest = answer.body.removesuffix(b"\n").split(b"\n")
    assert lines == list(hostile.LINES)
    assert longest == b"x" * hostile.LONG_LINE
    with_times = await client.get(f"/api/v1/namespaces/default/pods/{pod.name}/log?timestamps=true")
    assert len(with_times.body) == len(answer.body) + 31 * (len(lines) + 1)


async def test_clear_takes_everything_back(cluster, client: Client, container) -> None:
    faults = cluster.faults
    faults.answer_next("500", 9)
    faults.delay(60)
    faults.deny()
    faults.break_inotify(5)
    faults.nodes_down.update(cluster.world.nodes)
    faults.clear()
    container.write(b"x\n")
    container.end(0)
    assert (await client.get(FOLLOW)).body == b"x\n"


@pytest.mark.parametrize("kind", sorted(FAULT_KINDS))
async def test_every_kind_can_be_asked_for_at_start(kind) -> None:
    options = ServeOptions(empty=True, faults=(parse_fault(f"{kind}:3600"),))
    async with DemoCluster(options) as cluster:
        pod = cluster.world.add_pod("n", "p")
        client = Client(cluster)
        player = FaultPlayer(cluster.world, cluster.faults, options)
        if kind in {"slow", "hostile"} or kind.startswith("deny"):
            if kind == "hostile":
                assert cluster.world.find_pod("default", hostile.NAME)
            return
        needs_stream = kind.startswith("cut") or kind == "freeze"
        if needs_stream:
            assert not player.happen(kind)
            path = f"{PODS}?watch=1" if kind == "cut-watch" else FOLLOW
            async with client.open(path) as connection:
                await cluster.streams.until(**{"watches" if kind == "cut-watch" else "follows": 1})
                assert player.happen(kind)
                pod.container().write(b"a line\n")
                if kind != "freeze":
                    assert (await connection.rest()).final == (kind == "cut-clean")
            return
        assert player.happen(kind)
        assert player.happen(kind)
        assert pod.container().running
        if kind in {"401", "403", "429", "500", "504", "html"}:  # while nobody asks, nothing piles up
            path = f"{PODS}/p"
            changed = [(await client.get(path)).body.startswith(b'{"kind":"Pod"') for _ in range(2)]
            assert changed == [False, True]


async def test_a_fault_happens_again_and_again() -> None:
    async with DemoCluster(ServeOptions(empty=True, faults=(FaultOption("rotate", 0.001),))) as cluster:
        log, rotated = cluster.world.add_pod("n", "p").container().log, asyncio.Event()
        log.listen(rotated)
        for _ in range(3):
            rotated.clear()
            async with asyncio.timeout(20):
                await rotated.wait()


def test_faults_are_read_from_text() -> None:
    assert parse_fault("cut") == FaultOption("cut", 30.0)
    assert parse_fault("429:2.5") == FaultOption("429", 2.5)
    for text in ("nonsense", "cut:", "cut:x", "cut:0", "cut:-1"):
        with pytest.raises(ValueError, match="fault"):
            parse_fault(text)
