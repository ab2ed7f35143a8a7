"""A follower over a scripted server: the pod's state and each answer of its log are what a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from kube_clock import NOON, SECONDS, FakeClock
from kube_follow import ALL, Told
from kube_server import Answer, ScriptedServer, held, reply, serving, until

from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.inventory import Pod
from hallucino_tui.sources.kubernetes.client import Client
from hallucino_tui.sources.kubernetes.kubeconfig import Connection
from hallucino_tui.sources.kubernetes.log_request import Start
from hallucino_tui.sources.kubernetes.log_source import KubernetesLogs
from hallucino_tui.sources.kubernetes.objects import PodObject, to_pod
from hallucino_tui.sources.kubernetes.shared import Shared

POD = r"GET /api/v1/namespaces/shop/pods/web$"
FOLLOW = r"GET \S+/log\?\S*follow=true"
REST = r"GET \S+/log\?(?!\S*(follow|previous)=true)"
PREVIOUS = r"GET \S+/log\?\S*previous=true"


def at(seconds: float, text: str = "") -> bytes:
    """A line that was written so many seconds after noon."""
    return f"{format_prefix(NOON + round(seconds * SECONDS))} {text}\n".encode()


def moment(seconds: float) -> str:
    return f"{format_prefix(NOON + round(seconds * SECONDS))[:19]}Z"


def run(name: str, *, started: float = 0, exit_code: int | None = None) -> dict[str, Any]:
    """The state of a run that began so many seconds after noon."""
    if exit_code is None:
        return {"running": {"startedAt": moment(started)}}
    ended = {"startedAt": moment(started), "finishedAt": moment(started), "containerID": name, "reason": "Error"}
    return {"terminated": ended | {"exitCode": exit_code}}


@dataclass
class Script(Told):
    """See the module, and `Told`."""

    server: ScriptedServer = field(default_factory=ScriptedServer)
    client: Client = field(kw_only=True)
    clock: FakeClock = field(kw_only=True)
    pod: dict[str, Any] = field(default_factory=dict)

    def state(
        self,
        name: str = "a",
        state: dict[str, Any] | None = None,
        *,
        restarts: int = 0,
        last: dict[str, Any] | None = None,
    ) -> None:
        """Set what the cluster says of the container."""
        status = {"name": "main", "containerID": name, "restartCount": restarts, "state": state or run(name)}
        self.pod = {
            "metadata": {"name": "web", "namespace": "shop", "uid": "u"},
            "spec": {"containers": [{"name": "main"}], "nodeName": "node-1"},
            "status": {"phase": "Running", "containerStatuses": [status | ({"lastState": last} if last else {})]},
        }
        self.server.on(POD, reply(200, self.pod))

    def seen(self) -> Pod:
        return to_pod(msgspec.convert(self.pod, PodObject))

    def follow(self, *answers: Answer, start: Start = ALL) -> None:
        """Begin to read; `answers` are those to follows, one after the other."""
        self.server.on(FOLLOW, *(answers or (held(),)))
        self.logs.follow(self.seen(), "main", start)

    def observe(self) -> None:
        """Let the reader hear of the state that was set, as from a watch."""
        self.logs.observe("u", self.seen())

    async def follows(self, count: int) -> dict[str, str]:
        """Wait for the so-manieth follow; return its query."""
        await until(lambda: self.server.count(FOLLOW) >= count, f"{count} follows")
        return self.server.asked(FOLLOW)[count - 1].query


@asynccontextmanager
async def scripted(*, quiet: float = 30.0, patience: float = 30.0, runs_before: bool = False) -> AsyncIterator[Script]:
    """A server and a source of its logs; see `following` for the arguments."""
    clock, table = FakeClock(patience=patience), StreamTable()
    async with serving() as server:
        connection = Connection("test", "test", "shop", server.url)

        async def renew() -> Connection:
            return connection

        client = Client(connection, renew)
        logs = KubernetesLogs(Shared(client, clock, table, "test", quiet=quiet, runs_before=runs_before))
        script = Script(logs, table, server=server, client=client, clock=clock)
        script.state()
        try:
            yield script
        finally:
            await logs.close()
            await client.close()
