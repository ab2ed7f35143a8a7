"""Connections that do not come about: each cause has its own sentence, and none of them tells a secret."""

from __future__ import annotations

import asyncio
import secrets
import socket
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kube_certificates import Authority
from kube_server import ScriptedServer, reply, serving, silence

from hallucino_tui.sources.kubernetes import client as module
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.errors import NotKubernetesError, UnreachableError
from hallucino_tui.sources.kubernetes.kubeconfig import Connection, connect
from hallucino_tui.sources.kubernetes.proxy import proxy_for

Json = dict[str, Any]
PATH = "/api/v1/pods"
Make = Callable[..., Client]


@pytest.fixture
async def make(server: ScriptedServer) -> AsyncIterator[Make]:
    """Makes clients for the server, with changes to the connection."""
    made: list[Client] = []

    def make(**changes: Any) -> Client:
        connection = replace(Connection("test", "test", "default", server.url), **changes)

        async def renew() -> Connection:
            return connection

        made.append(Client(connection, renew))
        return made[-1]

    yield make
    for client in made:
        await client.close()


async def failure(client: Client, **how: Any) -> str:
    with pytest.raises(UnreachableError) as caught:
        await client.get(PATH, Json, **how)
    return str(caught.value)


async def test_nobody_listens(make: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = await failure(make(server=f"http://127.0.0.1:{port}"))
    assert said.startswith(f"The cluster at http://127.0.0.1:{port} cannot be reached: Connect call failed")
    assert said.endswith("check the network, a VPN, or choose another context.")


async def test_the_name_is_not_known(make: Make) -> None:
    said = await failure(make(server="http://no-such-cluster.invalid:6443"))
    assert "cannot be reached: the name no-such-cluster.invalid is not known" in said


async def test_the_certificate_is_of_an_authority_that_is_not_trusted(make: Make, tmp_path: Path) -> None:
    async with serving(Authority().server("localhost", tmp_path)) as other:
        said = await failure(make(server=other.url))
    assert "its certificate is not trusted (self" in said or "its certificate is not trusted (unable" in said


async def test_what_listens_does_not_speak_tls(make: Make) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        said = await failure(make(server=f"https://127.0.0.1:{port}"))
    assert f"The cluster at https://127.0.0.1:{port} cannot be reached: " in said
    assert "wrong version number" in said.lower() or "record layer" in said.lower()


async def test_a_server_that_accepts_and_says_nothing_is_given_up(
    make: Make, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.on("GET", silence)
    assert "no answer within 0 s" in await failure(make(), seconds=0.05)
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.05)
    with pytest.raises(UnreachableError, match="no answer within 0 s"):
        async with make().open(PATH):
            pass
    server.on("POST", silence)
    with pytest.raises(UnreachableError, match="no answer within 0 s"):
        await make().review("get", "pods")


async def test_an_answer_that_stops_half_way_is_given_up(
    make: Make, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(exchange: Any) -> None:
        await exchange.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"items": [')
        await exchange.until_left()

    server.on("", stop)
    assert "no answer within 0 s" in await failure(make(), seconds=0.05)
    monkeypatch.setattr(module, "_ANSWER_SECONDS", 0.05)
    async with asyncio.timeout(10):
        with pytest.raises(UnreachableError, match="no answer within 0 s"):
            await make().review("get", "pods")


async def test_the_connection_is_closed_without_a_word(make: Make, server: ScriptedServer) -> None:
    async def close(exchange: Any) -> None:
        exchange.cut()

    server.on("GET", close)
    assert "cannot be reached: Server disconnected" in await failure(make())


async def test_the_password_in_a_servers_address_is_not_shown(make: Make, server: ScriptedServer) -> None:
    server.on("GET", reply(200, "no JSON"))
    secret = secrets.token_urlsafe(24)
    for address, kind in (("no-such.invalid", UnreachableError), (server.url[7:], NotKubernetesError)):
        with pytest.raises(kind, match=address) as caught:
            await make(server=f"http://somebody:{secret}@{address}").get(PATH, Json)
        assert secret not in str(caught.value)


@pytest.mark.parametrize("spoil", ["{}\n", "{}\r\nX-Other: 1", "\N{SNOWMAN}{}"])
async def test_a_token_that_cannot_be_sent_is_not_shown(spoil: str, make: Make, server: ScriptedServer) -> None:
    server.on("GET", reply(200, {}))
    secret = secrets.token_urlsafe(24)
    client = make(headers=[("Authorization", "Bearer " + spoil.format(secret) + "x")])
    answer = (await asyncio.gather(client.get(PATH, Json), return_exceptions=True))[0]
    if isinstance(answer, BaseException):
        assert isinstance(answer, UnreachableError)
        assert secret not in "".join(traceback.format_exception(answer))
    assert all(request.header("X-Other") is None for request in server.requests)


@pytest.mark.parametrize("port", ["1", "99999", "nonsense"])
async def test_the_password_of_a_proxy_that_fails_is_not_shown(port: str, make: Make) -> None:
    secret = secrets.token_urlsafe(24)
    client = make(server="http://cluster.invalid", proxy=f"http://somebody:{secret}@127.0.0.1:{port}")
    with pytest.raises(UnreachableError) as caught:
        await client.get(PATH, Json)
    assert secret not in "".join(traceback.format_exception(caught.value))


async def test_the_password_of_a_proxy_that_refuses_it_is_not_shown(make: Make, server: ScriptedServer) -> None:
    server.on("CONNECT", reply(407, "who are you", "text/plain"))
    secret = secrets.token_urlsafe(24)
    proxy = server.url.replace("http://", f"http://somebody:{secret}@")
    with pytest.raises(UnreachableError, match="407") as caught:
        await make(server="https://cluster.invalid", proxy=proxy).get(PATH, Json)
    assert secret not in "".join(traceback.format_exception(caught.value))
    assert server.requests[0].header("Proxy-Authorization") is not None


async def test_requests_go_through_the_proxy_of_the_kubeconfig(make: Make, server: ScriptedServer) -> None:
    server.on("GET", reply(200, {"through": "proxy"}))
    client = make(server="http://cluster.invalid", proxy=server.url)
    assert await client.get(PATH, Json) == {"through": "proxy"}
    assert server.requests[0].target == f"http://cluster.invalid{PATH}"


async def test_requests_go_through_the_proxy_of_the_environment(
    make: Make, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.on("GET", reply(200, {}))
    for address in (server.url.replace("http://", "http://me:word@"), server.url.removeprefix("http://")):
        monkeypatch.setenv("http_proxy", address)
        await make(server="http://cluster.invalid").get(PATH, Json)
    first, second = server.requests
    assert first.target == second.target == f"http://cluster.invalid{PATH}"
    assert (first.header("Proxy-Authorization") is None, first.header("Authorization")) == (False, None)


@pytest.mark.parametrize(
    ("excepted", "server_address"),
    [
        ("other.invalid,inner.invalid", "http://api.inner.invalid"),
        ("*", "http://api.inner.invalid"),
        ("10.0.0.0/8, 127.0.0.0/8", "http://127.7.7.7:1"),
        ("fd00::/8,::/127", "http://[::1]:1"),
        ("", "http://127.0.0.1:1"),
        ("", "http://localhost:1"),
        ("", "http://[::1]:1"),
    ],
)
async def test_no_proxy_is_asked_where_none_is_wanted_and_none_at_all_for_this_machine(
    excepted: str, server_address: str, make: Make, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with kubectl: clusters of kind, minikube and the demo live on this machine."""
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", excepted)
    assert "cannot be reached" in await failure(make(server=server_address))
    assert server.count() == 0


async def test_addresses_in_networks_that_are_excepted_are_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.invalid:3128")
    monkeypatch.setenv("no_proxy", "10.0.0.0/8, fd00::/8,nonsense/99")
    servers = ("https://10.1.2.3:6443", "https://[fd12::1]:6443", "https://11.1.2.3", "https://api.invalid")
    assert [proxy_for(server) for server in servers] == [None, None] + ["http://proxy.invalid:3128"] * 2


async def test_passwords_for_other_things_in_the_home_folder_stay_there(
    make: Make, server: ScriptedServer, tmp_path: Path
) -> None:
    """A netrc file is for others, and must not take the place of the token."""
    netrc = tmp_path / ".netrc"
    netrc.write_text(f"default login somebody password {secrets.token_urlsafe(24)}\n")
    netrc.chmod(0o600)
    server.on("GET", reply(200, {}))
    await make(headers=[("Authorization", "Bearer mine")]).get(PATH, Json)
    await make().get(PATH, Json)
    assert [request.all("Authorization") for request in server.requests] == [["Bearer mine"], []]


async def test_a_connection_of_a_kubeconfig_leads_to_a_server_with_tls(make: Make, tmp_path: Path) -> None:
    authority = Authority()
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    async with serving(authority.server("localhost", tmp_path)) as other:
        other.on("GET", reply(200, {}))
        config = tmp_path / "kubeconfig"
        config.write_text(
            f"clusters: [{{name: c, cluster: {{server: '{other.url.replace('127.0.0.1', 'localhost')}', "
            "certificate-authority: ca.pem}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x\n"
        )
        connection = await connect(str(config), None)
        await make(server=connection.server, tls=connection.tls).get(PATH, Json)
        assert other.count() == 1
        said = await failure(make(server=other.url, tls=connection.tls))
    assert "its certificate is not trusted (IP address mismatch" in said
