"""What a kubeconfig's cluster and user sections turn into, as a server sees it."""

from __future__ import annotations

import base64
import json
import secrets
import time
from pathlib import Path
from typing import Any

import pytest
from kube_certificates import Authority, Pair
from kube_files import SERVER, all_text, config, program, write
from kube_server import Request, ScriptedServer, reply, serving

from hallucino_tui.sources.kubernetes import kubeconfig
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.errors import KubeconfigError, LoginError, UnreachableError
from hallucino_tui.sources.kubernetes.kubeconfig import Connection, connect

Json = dict[str, Any]


async def ask(connection: Connection, path: str = "/version") -> None:
    async def renew() -> Connection:
        return connection

    client = Client(connection, renew)
    try:
        await client.get(path, Json)
    finally:
        await client.close()


async def as_user(tmp_path: Path, server: ScriptedServer, user: Json) -> Request:
    """How a request of this user arrives."""
    server.on("", reply(200, {}))
    await ask(
        await connect(write(tmp_path / "kube" / "config", config(user=user, cluster={"server": server.url})), None)
    )
    return server.requests[-1]


async def test_a_token(tmp_path: Path, server: ScriptedServer) -> None:
    secret = secrets.token_urlsafe(24)
    assert (await as_user(tmp_path, server, {"token": secret})).all("Authorization") == [f"Bearer {secret}"]


async def test_a_token_in_a_file_beside_the_kubeconfig_is_read_anew_each_time(
    tmp_path: Path, server: ScriptedServer
) -> None:
    write(tmp_path / "kube" / "secret" / "token", "first\n")
    user = {"tokenFile": "secret/token"}
    assert (await as_user(tmp_path, server, user)).all("Authorization") == ["Bearer first"]
    write(tmp_path / "kube" / "secret" / "token", "second")
    assert (await as_user(tmp_path, server, user)).all("Authorization") == ["Bearer second"]
    absolute = {"tokenFile": str(tmp_path / "kube" / "secret" / "token")}
    assert (await as_user(tmp_path, server, absolute)).all("Authorization") == ["Bearer second"]


async def test_a_user_name_and_a_password(tmp_path: Path, server: ScriptedServer) -> None:
    secret = secrets.token_urlsafe(24)
    request = await as_user(tmp_path, server, {"username": "me", "password": secret})
    kind, _, value = (request.header("Authorization") or "").partition(" ")
    assert (kind, base64.b64decode(value).decode()) == ("Basic", f"me:{secret}")


async def test_acting_as_somebody_else(tmp_path: Path, server: ScriptedServer) -> None:
    user = {
        "as": "jane",
        "as-uid": "42",
        "as-groups": ["admins", "system:masters"],
        "as-user-extra": {"scopes": ["view", "edit"], "acme.com/Project 50%": ["x"]},
    }
    request = await as_user(tmp_path, server, user)
    sent = sorted((name, value) for name, value in request.headers if name.startswith("impersonate"))
    assert sent == [
        ("impersonate-extra-acme.com%2fproject%2050%25", "x"),
        ("impersonate-extra-scopes", "edit"),
        ("impersonate-extra-scopes", "view"),
        ("impersonate-group", "admins"),
        ("impersonate-group", "system:masters"),
        ("impersonate-uid", "42"),
        ("impersonate-user", "jane"),
    ]


def inline(pair: Pair) -> Json:
    return {
        "client-certificate-data": base64.b64encode(pair.certificate).decode(),
        "client-key-data": base64.b64encode(pair.key).decode(),
    }


def in_files(pair: Pair, folder: Path) -> Json:
    (folder / "pki").mkdir(parents=True, exist_ok=True)
    (folder / "pki" / "me.crt").write_bytes(pair.certificate)
    (folder / "pki" / "me.key").write_bytes(pair.key)
    return {"client-certificate": "pki/me.crt", "client-key": "pki/me.key"}


@pytest.mark.parametrize("how", ["inline", "files"])
async def test_a_client_certificate(how: str, tmp_path: Path) -> None:
    authority = Authority()
    pair = authority.issue("alice")
    user = inline(pair) if how == "inline" else in_files(pair, tmp_path / "kube")
    (tmp_path / "kube").mkdir(exist_ok=True)
    (tmp_path / "kube" / "ca.crt").write_bytes(authority.pem)
    async with serving(authority.server("localhost", tmp_path, asks=True)) as server:
        server.on("", reply(200, {}))
        cluster = {"server": server.url.replace("127.0.0.1", "localhost"), "certificate-authority": "ca.crt"}
        await ask(await connect(write(tmp_path / "kube" / "config", config(cluster=cluster, user=user)), None))
        assert server.requests[0].peer == "alice"


async def test_the_name_on_a_servers_certificate_may_be_another(tmp_path: Path) -> None:
    authority = Authority()
    data = base64.b64encode(authority.pem).decode()
    async with serving(authority.server("api.internal", tmp_path)) as server:
        server.on("", reply(200, {}))
        cluster = {"server": server.url, "certificate-authority-data": data}
        with pytest.raises(UnreachableError, match="not trusted"):
            await ask(await connect(write(tmp_path / "config", config(cluster=cluster)), None))
        cluster["tls-server-name"] = "api.internal"
        await ask(await connect(write(tmp_path / "config", config(cluster=cluster)), None))
        assert server.count() == 1


async def test_a_servers_certificate_is_not_looked_at_if_that_is_asked_for(tmp_path: Path) -> None:
    async with serving(Authority().server("api.internal", tmp_path)) as server:
        server.on("", reply(200, {}))
        cluster: Json = {"server": server.url, "insecure-skip-tls-verify": True}
        await ask(await connect(write(tmp_path / "config", config(cluster=cluster)), None))
        cluster["insecure-skip-tls-verify"] = False
        with pytest.raises(UnreachableError, match="not trusted"):
            await ask(await connect(write(tmp_path / "config", config(cluster=cluster)), None))


async def test_a_proxy(tmp_path: Path, server: ScriptedServer) -> None:
    server.on("", reply(200, {}))
    cluster = {"server": "http://cluster.invalid", "proxy-url": server.url}
    await ask(await connect(write(tmp_path / "config", config(cluster=cluster)), None))
    assert server.requests[0].target == "http://cluster.invalid/version"


def jwt(expires: float) -> str:
    """An ID token as an OpenID provider gives it, without a signature."""
    parts = ({"alg": "none"}, {"exp": int(expires), "jti": secrets.token_hex(16)})
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*texts, "signature"))


async def test_a_token_of_an_openid_provider_is_used_while_it_lasts(tmp_path: Path, server: ScriptedServer) -> None:
    token = jwt(time.time() + 3600)
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": token}}}
    assert (await as_user(tmp_path, server, user)).all("Authorization") == [f"Bearer {token}"]


async def test_an_openid_login_that_is_over_is_left_to_the_tool_that_keeps_it(
    tmp_path: Path, server: ScriptedServer
) -> None:
    """A refresh token is good for once, and the new one would have to be written to the kubeconfig."""
    secret, password, token = secrets.token_urlsafe(24), secrets.token_urlsafe(24), jwt(time.time() - 10)
    async with serving(Authority().server("localhost", tmp_path)) as issuer:
        settings = {"client-id": "me", "client-secret": password, "idp-issuer-url": issuer.url, "refresh-token": secret}
        user = {"auth-provider": {"name": "oidc", "config": settings | {"id-token": token}}}
        assert (await as_user(tmp_path, server, user)).all("Authorization") == [f"Bearer {token}"]
        for without in (settings, None):
            path = write(tmp_path / "c", config(user={"auth-provider": {"name": "oidc", "config": without}}))
            with pytest.raises(LoginError, match="log in with the tool that keeps it") as caught:
                await connect(path, None)
            assert not any(one in all_text(caught.value) for one in (secret, password))
        assert issuer.count() == 0


@pytest.mark.parametrize("name", ["gcp", "azure"])
async def test_ways_to_log_in_that_kubernetes_has_given_up_are_named(name: str, tmp_path: Path) -> None:
    """The library would run the tool of one of them with the terminal as its input."""
    command = program(tmp_path / "tool", f"touch {tmp_path}/was-run")
    user = {"auth-provider": {"name": name, "config": {"cmd-path": command, "cmd-args": "a"}}}
    with pytest.raises(LoginError, match=f"{name}, has been given up by Kubernetes: let its exec plugin"):
        await connect(write(tmp_path / "config", config(user=user)), None)
    assert not (tmp_path / "was-run").exists()


@pytest.fixture
def service_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a pod finds its service account in."""
    import kubernetes.aio.config.incluster_config as library

    folder = tmp_path / "serviceaccount"
    write(folder / "token", "of-the-pod")
    write(folder / "ca.crt", Authority().pem.decode())
    write(folder / "namespace", "shop\n")
    monkeypatch.setattr(library, "SERVICE_TOKEN_FILENAME", str(folder / "token"))
    monkeypatch.setattr(library, "SERVICE_CERT_FILENAME", str(folder / "ca.crt"))
    monkeypatch.setattr(kubeconfig, "_NAMESPACE_FILE", folder / "namespace")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    return folder


async def test_inside_of_a_pod_its_service_account_is_used(service_account: Path) -> None:
    connection = await connect(None, None)
    assert (connection.context, connection.namespace) == ("in-cluster", "shop")
    assert connection.server == "https://10.96.0.1:443"
    ((name, value),) = connection.headers
    assert (name, value.lower()) == ("Authorization", "bearer of-the-pod")
    (service_account / "namespace").unlink()
    assert (await connect(None, None)).namespace == "default"


async def test_inside_of_a_pod_a_kubeconfig_comes_first(service_account: Path, tmp_path: Path) -> None:
    write(tmp_path / ".kube" / "config", config("mine"))
    assert (await connect(None, None)).server == SERVER


async def test_a_pod_without_a_usable_service_account(service_account: Path) -> None:
    (service_account / "token").unlink()
    with pytest.raises(KubeconfigError, match=r"service account cannot be used: .*; mount its token"):
        await connect(None, None)
    write(service_account / "token", "of-the-pod")
    write(service_account / "ca.crt", "no certificate")
    with pytest.raises(KubeconfigError, match="service account cannot be used"):
        await connect(None, None)
