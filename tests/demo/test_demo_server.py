"""The server as clients meet it: identity, addresses, forms, and how it begins and ends."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import ssl
import stat
import sys

import pytest
from demo_http import Client

from hallucino_tui.demo.kubeconfig import (
    ForeignKubeconfigError,
    is_ours,
    remove_kubeconfig,
    render_kubeconfig,
    write_kubeconfig,
)
from hallucino_tui.demo.protobuf import read_review_spec
from hallucino_tui.demo.resources import NAMESPACES, PODS
from hallucino_tui.demo.serve import DemoCluster, ServeOptions, serve


async def test_every_address_asks_for_the_token(cluster, client: Client) -> None:
    for path in ("/", "/version", "/api", "/healthz", "/api/v1/pods", "/nonsense"):
        assert (await client.get(path, token="")).status == 401
        assert (await client.get(path, token=cluster.token + "x")).status == 401
    assert (await client.get("/healthz")).body == b"ok"
    assert (await client.get("/nonsense")).status == 404


@pytest.mark.parametrize("turns", range(0, 24, 3))
async def test_who_connects_while_it_stops_is_let_go(turns: int, tmp_path) -> None:
    async with DemoCluster(ServeOptions(empty=True, kubeconfig=tmp_path / "kubeconfig")) as cluster:
        context = ssl.create_default_context(cadata=cluster.ca_pem.decode())
        context.check_hostname = False
        port = cluster._server.port
        connecting = [
            asyncio.create_task(asyncio.open_connection("127.0.0.1", port, ssl=context, ssl_shutdown_timeout=0.2))
            for _ in range(12)
        ]
        for _ in range(turns):  # a handshake takes a few turns of the loop: it is caught at each of them
            await asyncio.sleep(0)
    for opened in await asyncio.wait_for(asyncio.gather(*connecting, return_exceptions=True), 30):
        if isinstance(opened, BaseException):
            assert isinstance(opened, OSError)
        else:
            reader, writer = opened
            with contextlib.suppress(OSError):
                assert await asyncio.wait_for(reader.read(), 30) == b""
            writer.transport.abort()


async def test_who_connects_and_never_says_a_word_does_not_hold_it_up(tmp_path) -> None:
    async with asyncio.timeout(30):  # a handshake may take a minute
        async with DemoCluster(ServeOptions(empty=True, kubeconfig=tmp_path / "kubeconfig")) as cluster:
            reader, writer = await asyncio.open_connection("127.0.0.1", cluster._server.port)
            while not cluster._server._listener._shaking_hands:  # noqa: ASYNC110 - a connection sets no event
                await asyncio.sleep(0)
        assert await reader.read() == b""
        writer.close()


async def test_certificate_is_for_this_address_alone(cluster, client: Client) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection("127.0.0.1", cluster._server.port, ssl=ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection(
            "127.0.0.1", cluster._server.port, ssl=client.context, server_hostname="elsewhere.example"
        )


async def test_discovery_old_and_aggregated(client: Client) -> None:
    groups = json.loads((await client.get("/apis")).body)["groups"]
    assert {"apps", "batch", "events.k8s.io", "authorization.k8s.io"} <= {group["name"] for group in groups}
    core = json.loads((await client.get("/api/v1")).body)
    assert {"pods", "pods/log", "namespaces", "nodes", "events"} <= {entry["name"] for entry in core["resources"]}
    apps = json.loads((await client.get("/apis/apps/v1")).body)
    assert {entry["kind"] for entry in apps["resources"]} >= {"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"}
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
    for path in ("/api", "/apis"):
        answer = await client.get(path, headers={"Accept": accept})
        assert "as=APIGroupDiscoveryList" in answer.headers["content-type"]
        for group in json.loads(answer.body)["items"]:
            for resource in group["versions"][0]["resources"]:
                name = group["metadata"].get("name", "")
                root = f"/apis/{name}/v1" if name else "/api/v1"
                if "list" in resource["verbs"]:
                    listed = await client.get(f"{root}/{resource['resource']}")
                    assert json.loads(listed.body)["kind"] == f"{resource['responseKind']['kind']}List"
    assert (await client.get("/apis/apps")).status == 200
    assert (await client.get("/apis/nonsense/v1")).status == 404


async def test_forms(cluster, client: Client) -> None:
    cluster.world.add_pod("n", "p")
    path = "/api/v1/namespaces/n/pods/p"
    protobuf = await client.get(path, headers={"Accept": "application/vnd.kubernetes.protobuf,application/json"})
    assert json.loads(protobuf.body)["kind"] == "Pod"
    assert (await client.get(path, headers={"Accept": "application/vnd.kubernetes.protobuf"})).status == 406
    shown = await client.get(path, headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"})
    assert json.loads(shown.body)["rows"][0]["cells"][:3] == ["p", "1/1", "Running"]
    whole = await client.get(
        f"{path}?includeObject=Object", headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
    )
    assert json.loads(whole.body)["rows"][0]["object"]["kind"] == "Pod"
    metadata = await client.get(
        path, headers={"Accept": "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"}
    )
    assert list(json.loads(metadata.body)) == ["kind", "apiVersion", "metadata"]
    assert (await client.get(f"{path}?pretty=true")).body.startswith(b'{\n  "kind"')


async def test_reviews_as_protocol_buffers(client: Client) -> None:
    spec = b"\x0a\x01n\x12\x03get\x2a\x04pods\x32\x03log"
    inner = b"\x12" + bytes((len(spec) + 2,)) + b"\x0a" + bytes((len(spec),)) + spec
    kind = b"\x12\x17SelfSubjectAccessReview"
    body = b"k8s\0\x0a" + bytes((len(kind),)) + kind + b"\x12" + bytes((len(inner),)) + inner
    assert read_review_spec(body) == {
        "resourceAttributes": {"namespace": "n", "verb": "get", "resource": "pods", "subresource": "log"}
    }
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    assert json.loads((await client.get(path, method="POST", body=body)).body)["status"] == {"allowed": True}
    for broken in (body[:-3], b"k8s\0\xff", b"nonsense", b"[]"):
        assert (await client.get(path, method="POST", body=broken)).status == 415


async def test_a_list_reads_one_moment(cluster, client: Client) -> None:
    """A watch from a list's revision goes on exactly where the list ended."""
    world = cluster.world
    seen: dict[str, str] = {}
    for number in range(20):
        world.add_pod("n", f"p{number:02}", running=False)
    listed = json.loads((await client.get("/api/v1/pods")).body)
    for item in listed["items"]:
        seen[item["metadata"]["name"]] = item["metadata"]["resourceVersion"]
    for number in range(0, 20, 3):
        world.find_pod("n", f"p{number:02}").delete()
    for number in range(20, 30):
        world.add_pod("n", f"p{number:02}")
    revision = listed["metadata"]["resourceVersion"]
    mark = world.add_pod("n", "zz-mark", running=False)
    async with client.open(f"/api/v1/pods?watch=1&resourceVersion={revision}") as connection:
        body = await connection.read_until(lambda body: mark.name.encode() in body and body.endswith(b"\n"))
    for line in body.splitlines():
        frame = json.loads(line)
        name = frame["object"]["metadata"]["name"]
        if frame["type"] == "DELETED":
            del seen[name]
        else:
            assert (frame["type"] == "ADDED") == (name not in seen)
            seen[name] = frame["object"]["metadata"]["resourceVersion"]
    assert seen == {stored.item["metadata"]["name"]: str(stored.revision) for stored in cluster.state.list(PODS)}


async def test_a_watch_that_is_too_slow_is_told(cluster, client: Client) -> None:
    world = cluster.world
    revision = cluster.state.revision
    for number in range(9000):
        world.state.put(NAMESPACES, {"metadata": {"name": "n", "number": number}})
    answer = await client.get(f"/api/v1/namespaces?watch=1&resourceVersion={revision}")
    assert json.loads(answer.body)["object"]["code"] == 410


async def test_open_streams_end_with_the_server() -> None:
    async with DemoCluster(ServeOptions(empty=True)) as cluster:
        cluster.world.add_pod("n", "p")
        client = Client(cluster)
        follow = client.open("/api/v1/namespaces/n/pods/p/log?follow=true")
        watch = client.open("/api/v1/pods?watch=1")
        first, second = await follow.__aenter__(), await watch.__aenter__()
        await cluster.streams.until(follows=1, watches=1)
        cluster.faults.freeze_follows()
    assert (await first.rest()).final
    assert (await second.rest()).final
    await follow.__aexit__(None, None, None)
    await watch.__aexit__(None, None, None)


async def test_a_story_that_breaks_off_is_told() -> None:
    def fail() -> None:
        raise RuntimeError("the story has no end")

    async def play(*, watched: bool) -> None:
        async with DemoCluster(ServeOptions(history_seconds=0)) as cluster:
            cluster.player.engine.after(0, fail)
            await (cluster.wait_failed() if watched else asyncio.wait(list(cluster._tasks)))

    for watched in (True, False):  # whoever does not ask is told at the end
        with pytest.raises(RuntimeError, match="no end"):
            await play(watched=watched)


async def test_streams_end_when_the_client_goes(cluster, client: Client) -> None:
    cluster.world.add_pod("n", "p")
    async with client.open("/api/v1/namespaces/n/pods/p/log?follow=true"), client.open("/api/v1/pods?watch=1"):
        await cluster.streams.until(follows=1, watches=1)
    await cluster.streams.until(follows=0, watches=0)


class TestKubeconfig:
    TEXT = render_kubeconfig("https://127.0.0.1:1", b"ca", "token-1", "shop")

    def test_is_private_and_recognised(self, tmp_path) -> None:
        path = tmp_path / "config"
        write_kubeconfig(path, self.TEXT)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert is_ours(path)
        path.chmod(0o644)
        write_kubeconfig(path, self.TEXT.replace("token-1", "token-2"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "token-2" in path.read_text()
        assert [entry.name for entry in tmp_path.iterdir()] == ["config"]

    @pytest.mark.parametrize(
        "foreign", ["", "hello", "apiVersion: v1\nkind: Config\n", "[1, 2]", "\x00\x01", "a: [", "theirs"]
    )
    def test_foreign_files_stay(self, tmp_path, foreign) -> None:
        if foreign == "theirs":  # ours once, but somebody has added a cluster of their own
            foreign = self.TEXT.replace("users:\n", "users:\n- name: prod\n  user: {}\n")
        path = tmp_path / "config"
        path.write_text(foreign)
        with pytest.raises(ForeignKubeconfigError):
            write_kubeconfig(path, self.TEXT)
        assert path.read_text() == foreign

    def test_links_and_folders_stay(self, tmp_path) -> None:
        target = tmp_path / "target"
        write_kubeconfig(target, self.TEXT)
        (tmp_path / "link").symlink_to(target)
        (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
        (tmp_path / "folder").mkdir()
        for name in ("link", "dangling", "folder"):
            with pytest.raises(ForeignKubeconfigError):
                write_kubeconfig(tmp_path / name, self.TEXT)

    def test_is_removed_only_while_it_is_the_same(self, tmp_path) -> None:
        path = tmp_path / "config"
        write_kubeconfig(path, self.TEXT)
        remove_kubeconfig(path, "another-token")
        assert path.exists()
        remove_kubeconfig(path, "token-1")
        assert not path.exists()
        remove_kubeconfig(path, "token-1")

    async def test_goes_with_the_cluster(self, tmp_path) -> None:
        path = tmp_path / "config"
        async with DemoCluster(ServeOptions(empty=True, kubeconfig=path)) as cluster:
            assert cluster.kubeconfig_path == path
            assert cluster.url in path.read_text()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not path.exists()
        async with DemoCluster(ServeOptions(empty=True)) as cluster:
            path = cluster.kubeconfig_path
            assert is_ours(path)
        assert not path.parent.exists()

    async def test_foreign_file_is_refused_before_anything_listens(self, tmp_path) -> None:
        path = tmp_path / "config"
        path.write_text("mine")
        with pytest.raises(ForeignKubeconfigError):
            async with DemoCluster(ServeOptions(empty=True, kubeconfig=path)):
                pass
        assert path.read_text() == "mine"


async def test_serve_says_one_line_and_ends_on_a_signal(tmp_path, monkeypatch) -> None:
    path = tmp_path / "config"
    said, ready = "", asyncio.Event()

    def write(text: str) -> None:
        nonlocal said
        said += text
        ready.set()

    monkeypatch.setattr(sys.stdout, "write", write)
    task = asyncio.create_task(serve(ServeOptions(empty=True, kubeconfig=path)))
    async with asyncio.timeout(20):
        await ready.wait()
        assert path.exists()
        os.kill(os.getpid(), signal.SIGTERM)
        await task
    assert said.startswith("Demo cluster ready at https://127.0.0.1:")
    assert said.endswith(f", kubeconfig {path}\n")
    assert said.count("\n") == 1
    assert not path.exists()


async def test_taken_port_is_an_error(cluster, tmp_path) -> None:
    port = int(cluster.url.rsplit(":", 1)[1])
    with pytest.raises(OSError):
        async with DemoCluster(ServeOptions(empty=True, port=port)):
            pass


@pytest.mark.parametrize("wrong", [{"port": -1}, {"speed": 0}, {"speed": 2000}, {"pods": -1}, {"churn": -1}])
def test_options_are_checked(wrong) -> None:
    with pytest.raises(ValueError):
        ServeOptions(**wrong)


async def test_without_a_free_descriptor_who_connects_waits(
    cluster, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, refused = socket.socket.accept, []

    def accept_at_the_second_try(listening: socket.socket) -> object:
        if refused:
            return accept(listening)
        refused.append(listening)
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("hallucino_tui.demo.listener._NO_DESCRIPTORS_PAUSE", 0.001)
    monkeypatch.setattr(socket.socket, "accept", accept_at_the_second_try)
    assert (await client.get("/healthz")).body == b"ok"
    assert refused
