"""Credentials of a running client: renewed when they are refused, and before they end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kube_server import Exchange, ScriptedServer, reply

from hallucino_tui.sources.kubernetes.client import Client, is_lasting
from hallucino_tui.sources.kubernetes.errors import ApiError, LoginError
from hallucino_tui.sources.kubernetes.kubeconfig import Connection

Json = dict[str, Any]
PATH = "/api/v1/pods"


@dataclass
class Login:
    """Gives credentials that last for as long as a test says."""

    url: str
    expires: Callable[[], str] = str
    tokens: list[str] = field(default_factory=list)
    fails: bool = False

    def give(self) -> Connection:
        self.tokens.append(secrets.token_urlsafe(24))
        headers = [("Authorization", f"Bearer {self.tokens[-1]}")]
        return Connection("test", "test", "default", self.url, headers=headers, expires=self.expires())

    async def __call__(self) -> Connection:
        await asyncio.sleep(0)
        if self.fails:
            raise LoginError("the plugin failed")
        return self.give()


@pytest.fixture
def login(server: ScriptedServer) -> Login:
    """Only the newest token that it gave is accepted."""
    login = Login(server.url)

    async def check(exchange: Exchange) -> None:
        good = exchange.request.header("Authorization") == f"Bearer {login.tokens[-1]}"
        status = {"kind": "Status", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}
        await exchange.send(reply(200, {"ok": True}) if good else reply(401, status))

    server.on("", check)
    return login


@pytest.fixture
async def clients(login: Login) -> AsyncIterator[Callable[[], Client]]:
    made: list[Client] = []

    def make() -> Client:
        made.append(Client(login.give(), login))
        return made[-1]

    yield make
    for client in made:
        await client.close()


def soon(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


async def test_refused_credentials_are_renewed_once_and_the_request_is_sent_again(
    login: Login, clients: Callable[[], Client], server: ScriptedServer
) -> None:
    client = clients()
    login.give()
    assert await client.get(PATH, Json) == {"ok": True}
    assert (len(login.tokens), server.count()) == (3, 2)
    assert await client.get(PATH, Json) == {"ok": True}
    assert (len(login.tokens), server.count()) == (3, 3)


async def test_many_requests_that_are_refused_together_renew_once(
    login: Login, clients: Callable[[], Client], server: ScriptedServer
) -> None:
    client = clients()
    login.give()
    assert await asyncio.gather(*(client.get(PATH, Json) for _ in range(40))) == [{"ok": True}] * 40
    assert len(login.tokens) == 3
    assert server.count() <= 80


async def test_credentials_that_are_refused_again_are_an_error_that_lasts(
    clients: Callable[[], Client], login: Login, server: ScriptedServer, golden: Path
) -> None:
    server.on("GET", (golden / "k8s" / "unauthorized-401.http").read_bytes())
    client = clients()
    with pytest.raises(ApiError, match="The cluster does not accept your credentials: Unauthorized; log in") as caught:
        await client.get(PATH, Json)
    assert (len(login.tokens), server.count()) == (2, 2)
    assert is_lasting(caught.value)
    assert not any(token in str(caught.value) for token in login.tokens)


async def test_a_login_that_fails_is_what_the_request_fails_with(
    login: Login, clients: Callable[[], Client], server: ScriptedServer
) -> None:
    client = clients()
    login.give()
    login.fails = True
    with pytest.raises(LoginError, match="the plugin failed"):
        await client.get(PATH, Json)
    login.fails = False
    assert await client.get(PATH, Json) == {"ok": True}


@pytest.mark.parametrize(
    ("lasts", "renewed"), [(3600, False), (30, True), (-10, True)], ids=["long", "not a minute", "over"]
)
async def test_credentials_are_renewed_before_they_end(
    lasts: int, renewed: bool, login: Login, clients: Callable[[], Client], server: ScriptedServer
) -> None:
    login.expires = lambda: soon(lasts)
    client = clients()
    login.expires = lambda: soon(3600)
    await asyncio.gather(*(client.get(PATH, Json) for _ in range(10)))
    assert len(login.tokens) == 1 + renewed
    assert server.count() == 10  # none was refused


@pytest.mark.parametrize("said", ["tomorrow", "2020-01-01T00:00:00", ""])
async def test_an_end_that_cannot_be_read_or_names_no_zone_does_not_harm(
    said: str, login: Login, clients: Callable[[], Client]
) -> None:
    login.expires = lambda: said
    assert await clients().get(PATH, Json) == {"ok": True}


async def test_a_login_that_takes_longer_than_an_answer_may_is_not_given_up(
    login: Login, clients: Callable[[], Client]
) -> None:
    """Somebody may have to type a code."""
    client = clients()
    login.give()
    typed = asyncio.Event()
    inner = login.give

    async def slow() -> Connection:
        await typed.wait()
        return inner()

    client = Client(client.connection, slow)
    request = asyncio.ensure_future(client.get(PATH, Json, seconds=0.05))
    asyncio.get_running_loop().call_later(0.15, typed.set)
    try:
        assert await request == {"ok": True}
    finally:
        await client.close()
