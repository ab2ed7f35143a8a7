"""A cluster for each test, which the command line finds by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_world import Background, Cli

from hallucino_tui.demo.serve import DemoCluster, ServeOptions


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def cli(
    background: Background,
    capsysbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Cli]:
    """Runs commands on an empty cluster."""
    cluster = background.enter(DemoCluster(ServeOptions(empty=True)))
    monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig_path))
    made = Cli(cluster, background, capsysbinary, tmp_path)
    try:
        yield made
    finally:
        made.close()
