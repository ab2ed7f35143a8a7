"""The thin client: what it sends, and the sentence that comes of each way in which a server can refuse or be broken."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kube_server import ScriptedServer, held, reply, stream

from hallucino_tui import __version__
from hallucino_tui.sources.kubernetes import client as module
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.errors import ApiError, NotKubernetesError, UnreachableError
from hallucino_tui.sources.kubernetes.objects import PodObject

Json = dict[str, Any]
PODS = "/api/v1/namespaces/demo/pods"


async def refusal(client: Client, path: str = PODS) -> ApiError:
    with pytest.raises(ApiError) as caught:
        await client.get(path, Json)
    return caught.value


async def test_an_answer_is_decoded_and_the_program_says_who_it_is(server: ScriptedServer, client: Client) -> None:
    server.on("GET", reply(200, {"metadata": {"name": "web"}}))
    assert (await client.get(PODS, PodObject, {"limit": "5"})).metadata.name == "web"
    (request,) = server.requests
    assert request.header("User-Agent") == f"hallucino/{__version__}"
    assert (request.method, request.target) == ("GET", f"{PODS}?limit=5")


GOLDEN = {
    "forbidden-list-403": (403, "The cluster forbids it: pods is forbidden: User", "ask for the role in the README"),
    "anonymous-403": (403, 'User "system:anonymous" cannot list resource "pods"', "choose another namespace"),
    "pod-get-404": (404, 'The cluster answered 404: pods "nosuch" not found', "check the name"),
    "log-kubelet-down": (500, "connect: connection refused", "it is tried again"),
    "pods-list-bad-continue": (400, "invalid continue token", "illegal base64 data"),
    "watch-rv-garbage": (500, "strconv.ParseUint", "it is tried again"),
    "pods-list-rv-future": (504, "Too large resource version: 99999999", "it is tried again"),
    "pods-list-continue-expired-410": (410, "The provided continue parameter is too old", "the list is read anew"),
}


@pytest.mark.parametrize("name", GOLDEN)
async def test_a_refusal_of_a_real_server_becomes_its_own_words_and_advice(
    name: str, server: ScriptedServer, client: Client, golden: Path
) -> None:
    server.on("GET", (golden / "k8s" / f"{name}.http").read_bytes())
    error = await refusal(client)
    status, *parts = GOLDEN[name]
    assert error.status == status
    assert all(part in str(error) for part in parts), str(error)


async def test_what_a_refusal_is_about_can_be_told(server: ScriptedServer, client: Client, golden: Path) -> None:
    files = golden / "k8s"
    server.on("GET", (files / "log-kubelet-starting.http").read_bytes(), (files / "log-pod-notfound.http").read_bytes())
    starting, missing = await refusal(client), await refusal(client)
    assert (starting.status, starting.kind, starting.name) == (404, "pods/log", "ticker")
    assert (missing.status, missing.kind, missing.name, missing.reason) == (404, "pods", "nosuch", "NotFound")
    server.on("GET", (files / "pods-list-rv-future.http").read_bytes())
    assert (await refusal(client)).retry_after == 1


async def test_too_many_requests_come_as_text_and_say_how_long_to_wait(
    server: ScriptedServer, client: Client, golden: Path
) -> None:
    server.on("GET", (golden / "k8s" / "list-429-maxinflight.http").read_bytes())
    error = await refusal(client)
    assert (error.status, error.retry_after) == (429, 1.0)
    assert "Too many requests, please try again later; the server asks for patience" in str(error)
    server.on("GET", reply(429, "later", "text/plain", Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"))
    assert (await refusal(client)).retry_after is None


async def test_a_long_refusal_that_comes_in_parts_is_read_to_its_end(server: ScriptedServer, client: Client) -> None:
    body = reply(403, {"kind": "Status", "message": "no " + "x" * 3000, "code": 403})

    async def slowly(exchange: Any) -> None:
        await exchange.send(body[:150])
        for _ in range(20):
            await asyncio.sleep(0)
        await exchange.send(body[150:])

    server.on("GET", slowly)
    assert (await refusal(client)).message == "no " + "x" * 3000


@pytest.mark.parametrize("length", [100, None])
async def test_a_refusal_whose_body_never_comes_is_one_all_the_same(
    length: int | None, server: ScriptedServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.1)

    async def half(exchange: Any) -> None:
        size = f"Content-Length: {length}" if length else "Transfer-Encoding: chunked"
        await exchange.send(f"HTTP/1.1 503 Service Unavailable\r\n{size}\r\n\r\n".encode())
        await exchange.until_left()

    server.on("GET", half)
    with pytest.raises(ApiError, match="The cluster answered 503: Service Unavailable; it is tried again"):
        async with client.open(PODS):
            pass


async def test_a_web_page_instead_of_an_answer_is_no_cluster(server: ScriptedServer, client: Client) -> None:
    page = "<!DOCTYPE html><html><body>Sign in</body></html>"
    server.on("GET", reply(200, page, "text/html; charset=utf-8"), reply(403, page, "text/html"))
    for _ in range(2):
        with pytest.raises(NotKubernetesError, match=r"a web page.*so it is no Kubernetes API: check the server"):
            await client.get(PODS, Json)
    with pytest.raises(NotKubernetesError):
        async with client.open(PODS):
            pass


async def test_the_page_of_a_proxy_whose_server_is_down_is_a_passing_failure(
    server: ScriptedServer, client: Client
) -> None:
    server.on(
        "GET", b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>\n<body>\n\n"
    )
    error = await refusal(client)
    assert str(error) == "The cluster answered 502: Bad Gateway."


async def test_a_redirection_is_not_followed(server: ScriptedServer, client: Client) -> None:
    server.on("GET", reply(302, "", "text/plain", Location=f"{server.url}/login"))
    assert (await refusal(client)).status == 302
    assert server.count() == 1


@pytest.mark.parametrize("body", ["no JSON at all", '{"metadata": {"name": 5}}', '{"metadata": {"na'])
async def test_an_answer_that_is_not_the_expected_json_is_no_cluster(
    body: str, server: ScriptedServer, client: Client
) -> None:
    server.on("GET", reply(200, body))
    with pytest.raises(NotKubernetesError, match="not the expected JSON"):
        await client.get(PODS, PodObject)


@pytest.mark.parametrize(
    "answer",
    [
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\nConnection: close\r\n\r\n{"meta',
        stream(b'{"metadata": {"na', end=False, kind="application/json"),
    ],
)
async def test_an_answer_that_breaks_off_is_no_answer(answer: Any, server: ScriptedServer, client: Client) -> None:
    async def broken(exchange: Any) -> None:
        await (exchange.send(answer) if isinstance(answer, bytes) else answer(exchange))
        exchange.cut()

    server.on("GET|POST", broken)
    with pytest.raises(UnreachableError, match="cannot be reached"):
        await client.get(PODS, PodObject)
    with pytest.raises(UnreachableError, match="cannot be reached"):
        await client.review("get", "pods")


async def test_a_stream_is_handed_over_while_it_comes_and_leaving_it_closes_the_socket(
    server: ScriptedServer, client: Client
) -> None:
    left = asyncio.Event()

    async def follow(exchange: Any) -> None:
        await held(b"one\n")(exchange)
        left.set()

    server.on("GET", follow)
    async with asyncio.timeout(10):
        async with client.open(f"{PODS}/web/log") as response:
            assert await response.content.readany() == b"one\n"
        await left.wait()


async def test_the_only_thing_that_is_ever_posted_is_the_question_what_is_allowed(
    server: ScriptedServer, client: Client, golden: Path
) -> None:
    server.on("POST", (golden / "k8s" / "selfsubjectaccessreview.http").read_bytes(), reply(201, {"status": {}}))
    assert await client.review("get", "pods", "demo", "log") is True
    assert await client.review("list", "apps/deployments") is False
    first, second = server.requests
    assert {first.target, second.target} == {"/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"}
    assert first.header("Content-Type") == "application/json"
    attributes = [msgspec.json.decode(one.body)["spec"]["resourceAttributes"] for one in (first, second)]
    assert attributes[0] == {"verb": "get", "resource": "pods", "namespace": "demo", "subresource": "log"}
    assert attributes[1] == {"verb": "list", "resource": "deployments", "group": "apps"}


async def test_a_refused_or_garbled_question_is_an_error_and_not_a_no(server: ScriptedServer, client: Client) -> None:
    server.on("POST", reply(403, {"kind": "Status", "message": "no reviews"}), reply(201, "[]"))
    with pytest.raises(ApiError, match="no reviews"):
        await client.review("get", "pods")
    with pytest.raises(NotKubernetesError):
        await client.review("get", "pods")


async def test_a_hundred_and_more_streams_are_open_at_once(server: ScriptedServer, client: Client) -> None:
    server.on("GET", held(b"x"))
    reached = asyncio.Barrier(121)

    async def follow() -> None:
        async with client.open(PODS) as response:
            await response.content.readany()
            await reached.wait()

    async with asyncio.timeout(20):
        await asyncio.gather(*(follow() for _ in range(120)), reached.wait())
