"""Command lines run in this process against servers that live in a thread beside the test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
import yaml

from hallucino_tui.cli import main
from hallucino_tui.demo.pods import Owner, Pod, PodPlan
from hallucino_tui.demo.serve import DemoCluster

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9


class Background:
    """A loop in a thread, and what was entered on it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._stack = contextlib.AsyncExitStack()

    def enter(self, manager: AbstractAsyncContextManager[T]) -> T:
        """Enter a server's context; it is left when the test ends."""
        return self._run(self._stack.enter_async_context(manager))

    def call(self, work: Callable[[], T]) -> T:
        """Do something on the servers' loop."""

        async def run() -> T:
            return work()

        return self._run(run())

    def close(self) -> None:
        self._run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)


class Result(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.decode().splitlines()

    @property
    def sentence(self) -> str:
        """The one sentence on standard error that a failed command has."""
        assert self.code != 0, self
        assert "Traceback" not in self.err
        assert self.err.startswith("hallucino")
        assert self.err.count("\n") == 1, self.err
        assert self.err[:-1].isprintable()
        assert not self.err.endswith(("..\n", " \n", ":\n"))
        return self.err[:-1]


@dataclass
class Cli:
    """Runs commands on a cluster.

    Attributes:
        cluster: The cluster that the kubeconfig leads to.
        background: Where it lives.
        folder: A folder for the test's own files.
    """

    cluster: DemoCluster
    background: Background
    capture: pytest.CaptureFixture[bytes]
    folder: Path
    secrets: list[str] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __call__(self, *arguments: str) -> Result:
        """Run a command line in this process."""
        self.capture.readouterr()
        try:
            code = main(arguments)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        out, err = self.capture.readouterr()
        result = Result(code, out, err.decode())
        for secret in (self.cluster.token, *self.secrets):
            assert secret not in result.err
            assert secret.encode() not in result.out
        return result

    def start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a command line as a process of its own."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL} | more
        # Without buffers Python does not notice that only a part of its output was taken.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        command = [sys.executable, "-m", "hallucino_tui", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)
        self.processes.append(process)
        return process

    def kubeconfig_with_plugin(self, command: str) -> str:
        """Return a kubeconfig whose user logs in with a plugin."""
        content = yaml.safe_load(self.cluster.kubeconfig_path.read_text())
        content["users"][0]["user"] = {
            "exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command, "interactiveMode": "Never"}
        }
        return self.file("with-plugin", yaml.safe_dump(content))

    def close(self) -> None:
        """End every process that was started."""
        for process in self.processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def pod(self, name: str, *containers: str, namespace: str = "default", workload: str = "", **plan: Any) -> Pod:
        """Add a running pod."""
        if workload:
            plan["owner"] = Owner("ReplicaSet", f"{workload}-6d4", f"uid-{workload}")
            plan["labels"] = {"app": workload, "pod-template-hash": "6d4"}
        return self.background.call(
            lambda: self.cluster.world.add_pod(namespace, name, *containers or ("app",), plan=PodPlan(**plan))
        )

    def write(self, pod: Pod, *lines: bytes | str, container: str = "", time_: int = NOON, step: int = SECOND) -> None:
        """Let a container write lines, one a second."""

        def work() -> None:
            for number, line in enumerate(lines):
                data = line if isinstance(line, bytes) else line.encode()
                pod.container(container).write(data + b"\n", time_ns=time_ + number * step)

        self.background.call(work)

    def file(self, name: str, text: str, mode: int = 0o600) -> str:
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, f"it never came to {what}"
        time.sleep(0.005)


class Reader:
    """Reads a process's output while it runs."""

    def __init__(self, stream: Any) -> None:
        self.data = b""
        self._stream = stream
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a terminal that is closed is an error, not an end
            while chunk := os.read(self._stream if isinstance(self._stream, int) else self._stream.fileno(), 1 << 16):
                self.data += chunk

    def until(self, mark: bytes) -> None:
        until(lambda: mark in self.data, f"{mark!r} in {self.data[-2000:]!r}")

    def end(self) -> bytes:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.data
