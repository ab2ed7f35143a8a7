"""A demo cluster for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from demo_http import Client

from hallucino_tui.demo.serve import DemoCluster, ServeOptions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def cluster() -> AsyncIterator[DemoCluster]:
    """An empty cluster."""
    async with DemoCluster(ServeOptions(empty=True)) as entered:
        yield entered


@pytest.fixture
def client(cluster: DemoCluster) -> Client:
    return Client(cluster)
