"""A reflector over a scripted server, and a sink that notes what it hears."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kube_clock import FakeClock
from kube_server import Answer, ScriptedServer, held, reply, stream, until

from hallucino_tui.session.inventory import Watching
from hallucino_tui.sources.kubernetes.objects import PodObject
from hallucino_tui.sources.kubernetes.reflector import Reflector

PATH = "/api/v1/namespaces/demo/pods"
LIST = r"GET /\S+/pods\?limit"
WATCH = r"GET /\S+/pods\?watch"


@dataclass
class NotingSink:
    """Notes what it hears, and keeps what there is."""

    there: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    reports: list[tuple[Watching, str]] = field(default_factory=list)

    def replace(self, items: Sequence[PodObject]) -> None:
        self.there = {item.metadata.name: item.metadata.resource_version for item in items}
        self.heard.append("list " + " ".join(self.there))

    def put(self, item: PodObject) -> None:
        self.there[item.metadata.name] = item.metadata.resource_version
        self.heard.append(f"put {item.metadata.name}")

    def remove(self, item: PodObject) -> None:
        self.there.pop(item.metadata.name)
        self.heard.append(f"remove {item.metadata.name}")

    def report(self, watching: Watching, note: str) -> None:
        self.reports.append((watching, note))

    @property
    def last(self) -> tuple[Watching, str]:
        return self.reports[-1] if self.reports else (Watching.UNKNOWN, "")


@dataclass
class Reflected:
    """What a test of the reflector speaks to."""

    server: ScriptedServer
    sink: NotingSink
    clock: FakeClock
    reflector: Reflector[PodObject]

    async def reaches(self, watching: Watching) -> str:
        """Wait for a report; return its note."""
        await until(lambda: self.sink.last[0] is watching, f"{watching}, it is at {self.sink.last}")
        return self.sink.last[1]

    async def hears(self, *heard: str) -> None:
        await until(lambda: self.sink.heard == list(heard), f"{heard}, it heard {self.sink.heard}")

    async def watches_from(self, *versions: str) -> None:
        """Wait until it has begun to watch from these versions, one after the other."""

        def seen() -> list[str]:
            return [request.query["resourceVersion"] for request in self.server.asked(WATCH)]

        await until(lambda: seen() == list(versions), f"watches from {versions}")


def pod(name: str, version: int = 1) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "demo", "uid": name, "resourceVersion": str(version)}}


def page(version: int, *names: str, more: str = "") -> bytes:
    """A page of a list."""
    meta = {"resourceVersion": str(version), "continue": more}
    return reply(200, {"kind": "PodList", "metadata": meta, "items": [pod(name, version) for name in names]})


def event(kind: str, name: str, version: int) -> bytes:
    return json.dumps({"type": kind, "object": pod(name, version)}).encode() + b"\n"


def failure(code: int, message: str) -> bytes:
    """An ERROR event."""
    return (
        json.dumps({"type": "ERROR", "object": {"kind": "Status", "code": code, "message": message}}).encode() + b"\n"
    )


def watch(*lines: bytes, end: bool | None = None) -> Answer:
    """An answer to a watch: it goes on (None), ends cleanly or is cut."""
    return held(*lines, kind="application/json") if end is None else stream(*lines, end=end, kind="application/json")
