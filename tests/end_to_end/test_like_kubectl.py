"""What the program prints of a finished container is what kubectl prints, byte for byte."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest

from hallucino_tui.demo.scenario.hostile import LINES
from hallucino_tui.demo.serve import DemoCluster, ServeOptions

pytestmark = [
    pytest.mark.kubectl,
    pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl on the path"),
]

OURS = [sys.executable, "-m", "hallucino_tui"]


async def output(environment: dict[str, str], *command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    assert process.returncode == 0, command
    return out


@pytest.mark.parametrize("newline", [b"\n", b""], ids=["with its last newline", "without its last newline"])
async def test_a_finished_container(newline: bytes, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(tmp_path / "cache")}
    async with DemoCluster(ServeOptions(empty=True, kubeconfig=kubeconfig)) as cluster:
        cluster.world.add_node("node-1")
        cluster.world.add_namespace("default")
        container = cluster.world.add_pod("default", "done").container()
        container.write_many(LINES)
        container.write(b"x" * 40_000 + b"\n")
        container.write_many([b"line %d" % number for number in range(5000)])
        container.write(b"the last words" + newline)
        container.end(0)
        for flags in (["--timestamps"], [], ["--tail", "7", "--timestamps"], ["--since", "1h"]):
            expected = await output(environment, "kubectl", "logs", "done", *flags)
            assert await output(environment, *OURS, "logs", "pod/done", *flags) == expected, flags
            assert await output(environment, *OURS, "--print-raw", "--pod", "done", *flags) == expected, flags
        assert expected.endswith(b"the last words" + newline)
