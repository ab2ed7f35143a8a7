"""What tests of this source share: a server that a test scripts, a client to it, and a login plugin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kube_plugins import Plugin
from kube_server import ScriptedServer, serving

from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.kubeconfig import Connection


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with serving() as entered:
        yield entered


@pytest.fixture
async def client(server: ScriptedServer) -> AsyncIterator[Client]:
    """A client whose credentials are renewed without any change."""
    connection = Connection("test", "test", "default", server.url)

    async def renew() -> Connection:
        return connection

    client = Client(connection, renew)
    yield client
    await client.close()


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    return Plugin(tmp_path / "kube")
