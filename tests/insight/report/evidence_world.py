"""Evidence for tests: made from a few written lines, or read from a recorded folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.report.evidence import Evidence
from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME, parse_prefix
from hallucino_tui.logs.pod_names import workload_of_pod
from hallucino_tui.logs.records import LevelReader
from hallucino_tui.logs.severity import CONTINUED
from hallucino_tui.logs.stream import Stream
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of, restarts_of

NOON = 1_790_000_000 * NANOSECONDS
"""When the written lines begin."""
INCIDENTS = Path(__file__).parents[3].parent / "shared" / "data" / "incidents"


def evidence_of(
    text: list[str],
    times: list[int],
    streams: list[int],
    table: list[Stream],
    events: list[ClusterEvent] | None = None,
    pods: list[PodFacts] | None = None,
) -> Evidence:
    """Make evidence from lines in any order; those of one time keep theirs."""
    order = np.argsort(np.array(times, np.int64), kind="stable")
    numbers = np.array(streams, np.uint32)
    series = pl.Series("line", text, dtype=pl.String)
    # Levels go by streams in the order in which they were written, which is not that of the merged lines.
    levels = LevelReader().read(series, numbers)
    series, numbers, levels = series.gather(order), numbers[order], levels[order]
    lines = Lines(series, np.array(times, np.int64)[order], levels, numbers, table)
    miner = Miner()
    templates = miner.add(series, (levels & CONTINUED) != 0)
    return Evidence(lines, templates, miner.templates, events or [], pods or [])


@dataclass
class World:
    """Writes lines and events at seconds after noon."""

    table: list[Stream] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    events: list[ClusterEvent] = field(default_factory=list)
    pods: list[PodFacts] = field(default_factory=list)

    def say(self, second: float, pod: str, *lines: str) -> None:
        """Let a pod write lines."""
        identity = (pod,)
        names = [one.identity for one in self.table]
        if identity not in names:
            labels = {"pod": pod, "container": workload_of_pod(pod), "workload": workload_of_pod(pod)}
            self.table.append(Stream(identity, labels, pod, labels["container"]))
            names.append(identity)
        for line in lines:
            self.text.append(line)
            self.times.append(NOON + int(second * NANOSECONDS) + len(self.text))
            self.streams.append(names.index(identity))

    def happen(self, second: float, kind, reason: str, message: str, workload: str, **more) -> None:
        """Let the cluster do something."""
        at = NOON + int(second) * NANOSECONDS
        more = {"object_kind": "Pod", "object_name": more.get("pod", workload), **more}
        self.events.append(
            ClusterEvent(at, at, kind, reason, message, workload=workload, index=len(self.events), **more)
        )

    def evidence(self) -> Evidence:
        """Return all of it."""
        return evidence_of(self.text, self.times, self.streams, self.table, self.events, self.pods)


def read_incident(folder: Path, *, with_events: bool = True) -> tuple[Evidence, list[tuple[str, int]]]:
    """Read a recorded incident; return with it the file and the line number (from 1) of each line."""
    text: list[str] = []
    times: list[int] = []
    streams: list[int] = []
    table: list[Stream] = []
    places: list[tuple[str, int]] = []
    for number, path in enumerate(sorted((folder / "logs").glob("*.log"))):
        pod, container, restart = path.stem.split("__")
        labels = {"pod": pod, "container": container, "workload": workload_of_pod(pod), "restart": restart}
        table.append(Stream((pod, container, restart), labels, pod, container))
        last = NO_TIME
        for at, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
            time, length = parse_prefix(line)
            last = time if time != NO_TIME else last
            text.append(line[length:].decode(errors="replace"))
            times.append(last)
            streams.append(number)
            places.append((f"logs/{path.name}", at))
    order = np.argsort(np.array(times, np.int64), kind="stable").tolist()
    events: list[ClusterEvent] = []
    pods: list[PodFacts] = []
    if with_events:
        pods = pods_of(json.loads((folder / "pods.json").read_text())["after"]["items"])
        events = events_of(json.loads((folder / "events.json").read_text())["items"], pods)
        events += restarts_of(pods)
    return evidence_of(text, times, streams, table, events, pods), [places[place] for place in order]
