"""Login plugins that a test writes, and a stand-in for the terminal that one may get."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from kube_files import config, program, write

from hallucino_tui.session.interactive import TerminalCall, TerminalOutput
from hallucino_tui.sources.kubernetes.errors import LoginError
from hallucino_tui.sources.kubernetes.kubeconfig import Connection, connect

Json = dict[str, Any]
VERSION = "client.authentication.k8s.io/v1"


def credential(version: str = VERSION, kind: str = "ExecCredential", **status: Any) -> str:
    return json.dumps({"apiVersion": version, "kind": kind, "status": status})


def printing(text: str) -> str:
    return f"cat <<'END'\n{text}\nEND"


@dataclass
class Terminal:
    """Stands for the screen that hands its terminal to a plugin."""

    output: TerminalOutput = field(default_factory=lambda: TerminalOutput(0, credential(token="typed").encode()))
    missing: bool = False
    calls: list[TerminalCall] = field(default_factory=list)

    async def __call__(self, call: TerminalCall) -> TerminalOutput:
        self.calls.append(call)
        if self.missing:
            raise FileNotFoundError(2, "No such file or directory")
        return self.output

    def told(self) -> Json:
        """What the plugin is told of its surroundings."""
        return json.loads(self.calls[-1].environment["KUBERNETES_EXEC_INFO"])


@dataclass
class Plugin:
    """The plugin of a test, in a folder beside its kubeconfig."""

    folder: Path
    settings: Json = field(default_factory=lambda: {"apiVersion": VERSION, "command": "./plugin"})
    cluster: Json = field(default_factory=dict)

    def script(self, text: str, **settings: Any) -> None:
        program(self.folder / "plugin", text)
        self.settings |= settings

    async def run(self, ask: Terminal | None = None) -> Connection:
        content = config(user={"exec": self.settings}, cluster=self.cluster)
        return await connect(write(self.folder / "config", content), None, ask)

    async def token(self, ask: Terminal | None = None) -> str:
        ((name, value),) = (await self.run(ask)).headers
        assert name == "Authorization"
        return value.removeprefix("Bearer ")

    async def failure(self, ask: Terminal | None = None) -> str:
        with pytest.raises(LoginError) as caught:
            await self.run(ask)
        return str(caught.value)

    def left(self, name: str) -> str:
        """What the plugin wrote to a file."""
        return (self.folder / name).read_text()

    def has_left(self, name: str) -> bool:
        return (self.folder / name).exists()
