"""Our answers laid beside those of a real Kubernetes API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import demo_golden as golden
import demo_golden_world as golden_world
import pytest

from hallucino_tui.demo.pods import ContainerSpec
from hallucino_tui.demo.world import USER

if TYPE_CHECKING:
    from demo_http import Client


@pytest.fixture
def world(cluster):
    golden_world.build(cluster)
    return cluster.world


def check_head(answer, recorded: golden.Golden) -> None:
    assert answer.status == recorded.status
    assert answer.headers.get("content-type") == recorded.headers.get("content-type")
    kept = ("cache-control", "retry-after", "x-content-type-options", "content-encoding", "vary", "transfer-encoding")
    for name in kept:
        assert answer.headers.get(name) == recorded.headers.get(name), name
    flow = "x-kubernetes-pf-flowschema-uid"
    assert (flow in answer.headers) == (flow in recorded.headers)
    assert "audit-id" in answer.headers
    assert "date" in answer.headers
    assert "server" not in answer.headers


SAME_LOGS = [
    "log-accept-gzip",
    "log-accept-json",
    "log-after-rotation-empty",
    "log-binary",
    "log-current-crash",
    "log-done",
    "log-follow-done",
    "log-initpod-init",
    "log-initpod-nocontainer",
    "log-insecure",
    "log-interleaved-partial",
    "log-limitbytes",
    "log-limitbytes-ts",
    "log-longline",
    "log-longline-tail1",
    "log-longline-tail4",
    "log-multi-app",
    "log-nonl-done",
    "log-nonl-running",
    "log-plain",
    "log-silent",
    "log-sincetime-future",
    "log-sincetime-nanos-ignored",
    "log-tail0",
    "log-tail2",
    "log-timestamps",
]


@pytest.mark.parametrize("name", SAME_LOGS)
async def test_log_is_the_same_to_the_byte(name, world, client: Client) -> None:
    recorded = golden.load(name)
    headers = {"log-accept-gzip": {"Accept-Encoding": "gzip"}, "log-accept-json": {"Accept": "application/json"}}
    answer = await client.get(golden.PATHS[name], headers=headers.get(name))
    check_head(answer, recorded)
    assert answer.body == recorded.body
    assert answer.final


SAME_ERRORS = [
    "log-cfgerr",
    "log-container-notfound",
    "log-creating",
    "log-imgnever",
    "log-imgpull",
    "log-limitbytes-0",
    "log-multi-nocontainer",
    "log-node-missing",
    "log-pod-notfound",
    "log-podinitializing",
    "log-pretty",
    "log-previous-none",
    "log-since-both",
    "log-sinceseconds-0",
    "log-sincetime-garbage",
    "log-stream-stderr",
    "log-tail-garbage",
    "log-tail-negative",
    "log-unscheduled",
    "badpath-404",
    "pod-get-404",
    "pods-list-bad-continue",
    "watch-rv-garbage",
    "watch-sendinitialevents-nomatch-422",
]


@pytest.mark.parametrize("name", SAME_ERRORS)
async def test_refusal_is_the_same_to_the_byte(name, world, client: Client) -> None:
    recorded = golden.load(name)
    answer = await client.get(golden.PATHS[name])
    check_head(answer, recorded)
    assert answer.body == recorded.body


async def test_init_containers_can_be_chosen_too(world, client: Client) -> None:
    """No recording has this case; the ending is how the real server goes on."""
    world.add_pod("demo", "three", ContainerSpec("setup", kind="init"), "app", "side")
    answer = await client.get("/api/v1/namespaces/demo/pods/three/log")
    message = json.loads(answer.body)["message"]
    begins = golden.load("log-multi-nocontainer").json()["message"].replace("two", "three").replace("sidecar", "side")
    assert message == f"{begins} or one of the init containers: [setup]"


async def test_log_after_rotation(world, client: Client) -> None:
    world.find_pod("other", "rot2").container().write(
        b"after rotation\n", time_ns=golden_world.at("2026-11-22T21:22:56.548936234Z")
    )
    for name in ("log-after-rotation-newline", "log-tail-after-rotation"):
        answer = await client.get(golden.PATHS[name])
        assert answer.body == golden.load(name).body


async def test_previous_log(world, client: Client) -> None:
    container = world.find_pod("demo", "crash").container()
    container.start()
    recorded = golden.load("log-previous-ok")
    answer = await client.get(golden.PATHS["log-previous-ok"])
    check_head(answer, recorded)
    assert answer.body == golden_world.CRASH  # recorded at another run of the same container
    assert [line[31:] for line in answer.body.splitlines()] == [line[31:] for line in recorded.body.splitlines()]
    followed = await client.get(golden.PATHS["log-previous-follow"])
    assert followed.body == answer.body
    assert followed.final
    assert golden.load("log-previous-follow").final


async def test_lost_log_is_an_error_inside_of_a_success(world, client: Client, cluster) -> None:
    container = world.find_pod("demo", "crash").container()
    container.start()
    container.previous.container_id = "897a47f414440f972ee9052b4bf52e1d141f5851eb6f7caf119e0e97bf433a91"
    cluster.faults.lose_log(container, previous=True)
    recorded = golden.load("log-previous-gced-inband-error")
    answer = await client.get(golden.PATHS["log-previous-gced-inband-error"])
    check_head(answer, recorded)
    assert answer.body == recorded.body


async def test_nodes_without_their_kubelet(world, client: Client, cluster) -> None:
    cluster.faults.nodes_down.add("node1")
    answer = await client.get(golden.PATHS["log-kubelet-down"])
    check_head(answer, golden.load("log-kubelet-down"))
    assert answer.body == golden.load("log-kubelet-down").body
    cluster.faults.nodes_down.clear()
    cluster.faults.nodes_starting.add("node1")
    answer = await client.get(golden.PATHS["log-kubelet-starting"])
    check_head(answer, golden.load("log-kubelet-starting"))
    assert answer.body == golden.load("log-kubelet-starting").body


async def test_follow_ends_as_recorded(world, client: Client, cluster) -> None:
    """A pod that ends gives its last bytes, unterminated ones too, and a clean end."""
    pod = world.add_pod("w", "ends", "main", plan=golden_world.NEVER)
    recorded = golden.load("log-follow-pod-ends")
    async with client.open(golden.PATHS["log-follow-pod-ends"]) as connection:
        *lines, last = recorded.body.splitlines(keepends=True)
        for line in lines:
            golden_world.write_recorded(pod, "main", line)
            await connection.read_until(lambda body, line=line: body.endswith(line))
        world.clock = lambda: golden_world.at(last[:30].decode())
        pod.container().log._clock = world.clock
        pod.container().write(last[31:])
        assert await connection.at_rest() == b"".join(lines)
        pod.container().end(0)
        answer = await connection.rest()
    check_head(answer, recorded)
    assert answer.body == recorded.body
    assert answer.final
    assert recorded.final


async def test_follow_ends_when_the_pod_is_deleted(world, client: Client) -> None:
    pod = world.add_pod("w", "del", "main")
    recorded = golden.load("log-follow-pod-deleted")
    golden_world.write_recorded(pod, "main", recorded.body)
    async with client.open(golden.PATHS["log-follow-pod-deleted"]) as connection:
        await connection.read_until(lambda body: body == recorded.body)
        pod.delete()
        answer = await connection.rest()
    assert answer.final
    assert recorded.final
    assert (await client.get(golden.PATHS["log-follow-pod-deleted"])).status == 404


async def test_follow_does_not_go_on_with_the_next_container(world, client: Client, cluster) -> None:
    pod = world.add_pod("w", "again", "main")
    pod.container().write(b"first\n")
    async with client.open("/api/v1/namespaces/w/pods/again/log?follow=true") as connection:
        await connection.read_until(lambda body: body == b"first\n")
        pod.container().restart(3)
        pod.container().write(b"second\n")
        answer = await connection.rest()
    assert (answer.body, answer.final) == (b"first\n", golden.load("log-follow-crash-restart").final)


async def test_follow_with_a_limit(world, client: Client) -> None:
    recorded = golden.load("log-follow-limitbytes")
    container = world.find_pod("demo", "ticker").container()
    container.write(b"tick 965\ntick 966\n")
    async with client.open(golden.PATHS["log-follow-limitbytes"]) as connection:
        await connection.read_until(lambda body: body == b"tick 966\n")
        container.write(b"tick 967\ntick 968\ntick 969\ntick 970\n")
        answer = await connection.rest()
    assert answer.body == recorded.body
    assert answer.final == recorded.final


async def test_follow_without_a_file_watcher(world, client: Client, cluster) -> None:
    cluster.faults.break_inotify()
    recorded = golden.load("log-follow-toomany-inotify")
    answer = await client.get(golden.PATHS["log-follow-toomany-inotify"])
    assert answer.body == recorded.body
    assert answer.chunks == recorded.chunks
    assert answer.final == recorded.final


@pytest.mark.parametrize("name", ["log-follow-apiserver-sigkill", "log-follow-kubelet-restart"])
async def test_a_cut_follow_ends_as_recorded(name, world, client: Client, cluster) -> None:
    """A dying server sends no terminating chunk; a restarting node does, although the container runs on."""
    recorded = golden.load(name)
    container = world.find_pod("demo", "ticker").container()
    golden_world.write_recorded(container.pod, "main", recorded.body)
    first = recorded.body.splitlines(keepends=True)[-1]
    async with client.open(golden.PATHS[name]) as connection:
        await connection.read_until(lambda body: body == first)
        if name.endswith("sigkill"):
            cluster.faults.cut_follows()
        else:
            assert cluster.faults.restart_kubelets() == 1
        answer = await connection.rest()
    assert answer.body == first
    assert answer.final == recorded.final == name.endswith("restart")
    assert container.running


async def test_silent_follow_sends_its_head_at_once(world, client: Client) -> None:
    async with client.open(golden.PATHS["log-follow-silent"]) as connection:
        check_head(connection.answer, golden.load("log-follow-silent"))
        assert await connection.at_rest() == b""


async def test_wrong_token(world, client: Client) -> None:
    for name in ("unauthorized-401", "anonymous-403"):
        answer = await client.get(golden.PATHS[name], token="nonsense" if name == "unauthorized-401" else "")
        recorded = golden.load("unauthorized-401")
        check_head(answer, recorded)
        assert answer.body == recorded.body
    answer = await client.get("/api/v1/namespaces/demo/pods/plain/log", token="nonsense")
    check_head(answer, golden.load("log-unauthorized-401"))


@pytest.mark.parametrize(
    ("name", "verb", "resource", "user"),
    [
        ("forbidden-list-403", "list", "pods", "nobody"),
        ("forbidden-allns-list-403", "list", "pods", "nobody"),
        ("forbidden-watch-403", "watch", "pods", "nobody"),
        ("log-forbidden-403", "get", "pods/log", "viewer"),
    ],
)
async def test_missing_rights(name, verb, resource, user, world, client: Client, cluster) -> None:
    cluster.faults.deny(verb, resource)
    recorded = golden.load(name)
    answer = await client.get(golden.PATHS[name])
    check_head(answer, recorded)
    assert answer.body == recorded.body.replace(user.encode(), USER.encode())


async def test_too_many_requests(world, client: Client, cluster) -> None:
    cluster.faults.answer_next("429")
    recorded = golden.load("list-429-maxinflight")
    answer = await client.get(golden.PATHS["list-429-maxinflight"])
    check_head(answer, recorded)
    assert answer.body == recorded.body


async def test_access_review(world, client: Client) -> None:
    recorded = golden.load("selfsubjectaccessreview")
    asked = {"kind": "SelfSubjectAccessReview", "spec": recorded.json()["spec"]}
    answer = await client.get(
        golden.PATHS["selfsubjectaccessreview"],
        method="POST",
        body=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    check_head(answer, recorded)
    expected = recorded.json()
    del expected["metadata"]["managedFields"]
    assert json.loads(answer.body) == expected


async def test_version_and_api(world, client: Client, cluster) -> None:
    for name in ("version", "api"):
        recorded = golden.load(name)
        answer = await client.get(golden.PATHS[name])
        check_head(answer, recorded)
        assert golden.shape(json.loads(answer.body)) == golden.shape(recorded.json())
        assert answer.body.endswith(b"\n") == recorded.body.endswith(b"\n")
    assert json.loads((await client.get("/version")).body)["gitVersion"] == golden.load("version").json()["gitVersion"]


LISTS = [
    "namespaces-list",
    "pods-list-full",
    "pods-list-page1",
    "pods-list-rv0",
    "pods-labelselector",
    "pods-list-ns-missing",
    "pods-partialmeta",
    "pods-table",
    "pods-pretty-curl-ua",
    "pods-list-gzip-hdr",
]
_ACCEPT = "application/json;as={};v=v1;g=meta.k8s.io"
LIST_HEADERS = {
    "pods-partialmeta": {"Accept": _ACCEPT.format("PartialObjectMetadataList")},
    "pods-table": {"Accept": _ACCEPT.format("Table")},
    "pods-pretty-curl-ua": {"User-Agent": "curl/7.88.1"},
    "pods-list-gzip-hdr": {"Accept-Encoding": "gzip"},
}


def without_own_choices(value: Any) -> Any:
    """Blank out what belongs to the machine of the recording: what the pods of the list are, not how lists look."""
    found = golden.shape(value)
    for item in found.get("items", []):
        item.get("metadata", {}).pop("labels", None)
        for container in item.get("spec", {}).get("containers", []):
            container.pop("command", None)
        item.get("spec", {}).pop("automountServiceAccountToken", None)
        item.get("status", {}).pop("resources", None)
        item.get("status", {}).pop("containerStatuses", None)  # in which state a container is, watches compare
    for row in found.get("rows", []):
        row["object"]["metadata"].pop("labels", None)
    return found


@pytest.mark.parametrize("name", LISTS)
async def test_list_has_the_recorded_shape(name, world, client: Client) -> None:
    recorded = golden.load(name)
    answer = await client.get(golden.PATHS[name], headers=LIST_HEADERS.get(name))
    if answer.headers.get("transfer-encoding") != recorded.headers.get("transfer-encoding"):
        assert len(answer.body) <= 2048 < len(recorded.body)  # the real server's objects are larger
        del recorded.headers["transfer-encoding"]
        answer.headers.pop("transfer-encoding", None)
    check_head(answer, recorded)
    ours = json.loads(answer.body)
    assert golden.missing(without_own_choices(recorded.json()), without_own_choices(ours)) == []
    assert list(ours) == list(recorded.json())
    assert answer.body.endswith(b"\n") == recorded.body.endswith(b"\n")
    assert answer.body.startswith(recorded.body[:30])


async def test_table_columns_are_the_recorded_ones(world, client: Client) -> None:
    recorded = golden.load("pods-table").json()
    answer = await client.get(golden.PATHS["pods-table"], headers=LIST_HEADERS["pods-table"])
    ours = json.loads(answer.body)
    names = ("name", "type", "format", "priority")
    assert [[column[name] for name in names] for column in ours["columnDefinitions"]] == [
        [column[name] for name in names] for column in recorded["columnDefinitions"]
    ]
    cells = {row["cells"][0]: row["cells"][1:4] for row in ours["rows"]}
    for row in recorded["rows"]:
        assert cells[row["cells"][0]] == row["cells"][1:4]
    assert b"\\u003cnone\\u003e" in answer.body


async def test_big_lists_are_compressed(world, client: Client, cluster) -> None:
    for number in range(120):
        world.add_pod("demo", f"many-{number:03}")
    recorded = golden.load("pods-list-gzip-big")
    path = golden.PATHS["pods-list-gzip-big"]
    answer = await client.get(path, headers={"Accept-Encoding": "gzip"})
    check_head(answer, recorded)
    import gzip

    body = gzip.decompress(answer.body)
    assert body == (await client.get(path)).body
    assert body.startswith(recorded.body[:60])


async def test_pages(world, client: Client, cluster) -> None:
    first = json.loads((await client.get("/api/v1/namespaces/demo/pods?limit=2")).body)
    recorded = golden.load("pods-list-page1").json()
    assert [item["metadata"]["name"] for item in first["items"]] == ["binary", "cfgerr"]
    assert [item["metadata"]["name"] for item in recorded["items"]] == ["binary", "cfgerr"]
    token = first["metadata"]["continue"]
    import base64

    def decoded(text: str) -> dict:
        return json.loads(base64.urlsafe_b64decode(text + "=="))

    mine, theirs = decoded(token), decoded(recorded["metadata"]["continue"])
    assert mine["start"] == theirs["start"]
    assert mine["v"] == theirs["v"]
    count = len(world.pods)
    assert first["metadata"]["remainingItemCount"] == sum(key[0] == "demo" for key in world.pods) - 2
    world.add_pod("demo", "cz-new")  # is not in the list that the token goes on with
    world.find_pod("demo", "crash").delete()
    second = json.loads((await client.get(f"/api/v1/namespaces/demo/pods?limit=2&continue={token}")).body)
    assert [item["metadata"]["name"] for item in second["items"]] == ["crash", "creating"]
    assert second["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    assert count == len(world.pods)


async def test_expired_pages(world, client: Client, cluster) -> None:
    first = json.loads((await client.get("/api/v1/namespaces/demo/pods?limit=2")).body)
    world.add_pod("demo", "another")
    cluster.faults.compact()
    for name, path in (
        ("pods-list-continue-expired-410", golden.PATHS["pods-list-continue-expired-410"]),
        ("pods-list-exact-rv1-410", golden.PATHS["pods-list-exact-rv1-410"]),
    ):
        recorded = golden.load(name)
        answer = await client.get(path)
        check_head(answer, recorded)
        assert answer.body == recorded.body
    token = first["metadata"]["continue"]
    answer = await client.get(f"/api/v1/namespaces/demo/pods?limit=2&continue={token}")
    assert answer.status == 410
    token = json.loads(answer.body)["metadata"]["continue"]
    rest = json.loads((await client.get(f"/api/v1/namespaces/demo/pods?continue={token}")).body)
    names = [item["metadata"]["name"] for item in rest["items"]]
    assert names[:2] == ["crash", "creating"]  # what was made since lies before the place, as "another" does


async def test_list_from_the_future(world, client: Client, cluster) -> None:
    recorded = golden.load("pods-list-rv-future")
    answer = await client.get(golden.PATHS["pods-list-rv-future"])
    check_head(answer, recorded)
    current = recorded.json()["message"].rsplit(" ", 1)[1]
    assert answer.body == recorded.body.replace(
        f"current: {current}".encode(), f"current: {cluster.state.revision}".encode()
    )


@pytest.mark.parametrize("name", ["events-list", "events-list-fieldselector", "events-k8sio-list"])
async def test_events_have_the_recorded_shape(name, world, client: Client) -> None:
    pod = world.find_pod("demo", "imgpull")
    for number in range(3):
        world.record(pod, "Normal", "Pulling", f"Pulling image number {number}", container="main")
    recorded = golden.load(name)
    answer = await client.get(golden.PATHS[name])
    assert answer.status == recorded.status
    ours, theirs = json.loads(answer.body), recorded.json()
    theirs["items"][0].get("involvedObject", {}).pop("resourceVersion", None)
    theirs["items"][0].get("regarding", {}).pop("resourceVersion", None)
    assert golden.missing(golden.shape(theirs), golden.shape(ours)) == []
    assert list(ours["metadata"]) == list(theirs["metadata"])
