"""What the demo cluster is asked to be. Light to import: commands read it before they know whether they need more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FAULT_KINDS = {
    "cut": "cut a log stream without its terminating chunk",
    "cut-clean": "cut a log stream with its terminating chunk, although the container runs on",
    "cut-midline": "cut a log stream in the middle of a line",
    "cut-watch": "cut a watch",
    "freeze": "stop sending on a log stream, whose socket stays open",
    "401": "answer a request with 401",
    "403": "answer a request with 403",
    "410": "answer a list or watch with 410",
    "429": "answer a request with 429",
    "500": "answer a request with 500",
    "504": "answer a request with 504",
    "html": "answer a request with a page and status 200",
    "reset": "close a connection without an answer",
    "rotate": "rotate a container's log",
    "restart": "restart a container",
    "restart-twice": "restart a container twice in a row",
    "inotify": "end a log stream with an error inside of the answer",
    "lost-log": "remove a container's log from its node",
    "token": "let the token expire and write the new one to the kubeconfig",
    "slow": "begin every answer two seconds late",
    "deny-namespaces": "forbid to list namespaces",
    "deny-watch": "forbid to watch",
    "deny-log": "forbid to read logs",
    "deny-all": "forbid everything",
    "hostile": "run a workload whose output tries to harm whoever reads it",
}
"""The kinds of faults that can be asked for at start, with what they do."""

STANDING_FAULTS = frozenset(("slow", "deny-namespaces", "deny-watch", "deny-log", "deny-all", "hostile"))
"""Those of them that hold from the start on; all others happen again and again."""

EVERY_SECONDS = 30.0
"""Time between two faults of a kind, where none is given."""


@dataclass(frozen=True, slots=True)
class FaultOption:
    """A fault that was asked for at start."""

    kind: str
    every_seconds: float = EVERY_SECONDS


def parse_fault(text: str) -> FaultOption:
    """Read ``KIND`` or ``KIND:SECONDS``.

    Raises:
        ValueError: There is no such kind, or the seconds are no positive number.
    """
    kind, separator, seconds = text.partition(":")
    if kind not in FAULT_KINDS:
        raise ValueError(f"unknown fault {kind!r}; known are: {', '.join(FAULT_KINDS)}")
    if not separator:
        return FaultOption(kind)
    if not re.fullmatch(r"\d+(\.\d+)?", seconds) or float(seconds) <= 0:
        raise ValueError(f"the seconds of the fault {text!r} are not a positive number")
    return FaultOption(kind, float(seconds))


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What the demo cluster is asked to be.

    Attributes:
        kubeconfig: Where to write the kubeconfig; None means a temporary file that goes with the cluster.
        port: The port on 127.0.0.1, 0 for a free one.
        seed: The same seed tells the same story with the same names.
        speed: How many times faster than life the story is told.
        pods: So many further pods, in many workloads and namespaces, with a little chatter.
        churn: So many of them are replaced each second.
        quiet: Whether nothing goes wrong: no rollout, no outage.
        empty: Whether there is nothing at all, for who builds their own world.
        history_seconds: How far back the first lines lie at start.
        faults: What is to go wrong, and how often.
        start_ns: When the story begins, nanoseconds since the epoch; None means now.
    """

    kubeconfig: Path | None = None
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    pods: int = 0
    churn: float = 0.2
    quiet: bool = False
    empty: bool = False
    history_seconds: float = 300.0
    faults: tuple[FaultOption, ...] = ()
    start_ns: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ValueError(f"the port {self.port} is not between 0 and 65535")
        if not 0.01 <= self.speed <= 1000:
            raise ValueError(f"the speed {self.speed} is not between 0.01 and 1000")
        if not 0 <= self.pods <= 20_000:
            raise ValueError(f"the number of pods {self.pods} is not between 0 and 20000")
        if self.churn < 0 or self.history_seconds < 0:
            raise ValueError("churn and history must not be negative")
