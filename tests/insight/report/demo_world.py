"""The demo cluster's story, told at once, as evidence."""

from __future__ import annotations

import functools
import json

from evidence_world import evidence_of

from hallucino_tui.demo.logfile import LogReader
from hallucino_tui.demo.options import ServeOptions
from hallucino_tui.demo.resources import EVENTS, PODS
from hallucino_tui.demo.serve import DemoCluster
from hallucino_tui.insight.report.evidence import Evidence
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME, parse_prefix
from hallucino_tui.logs.pod_names import workload_of_pod
from hallucino_tui.logs.stream import Stream
from hallucino_tui.sources.kubernetes.event_objects import events_of, pods_of, restarts_of

BEGIN = 1_790_000_000 * NANOSECONDS
_STEP = 2.0


@functools.cache
def tell_demo(
    seed: int,
    until: float,
    *,
    quiet: bool = False,
    namespace: str = "shop",
    speed: float = 1.0,
    tail: int | None = None,
) -> Evidence:
    """Play the story up to a moment and return what somebody who followed all logs of a namespace has seen.

    Args:
        seed: Which telling of the story.
        until: The moment, in seconds of the story.
        quiet: Whether there is no incident.
        namespace: Whose logs.
        speed: How many times faster it is told.
        tail: So many lines of each container from before the beginning are read; None for all.
    """
    now = BEGIN
    options = ServeOptions(seed=seed, quiet=quiet, start_ns=BEGIN, speed=speed)
    cluster = DemoCluster(options, clock=lambda: now, playing=False)
    assert cluster.player is not None
    engine = cluster.player.engine
    runs: dict[str, tuple[dict[str, str], object]] = {}
    ended: dict[tuple[str, int], object] = {}
    while engine.now < until:
        engine.run_until(min(until, engine.now + _STEP))
        for (space, name), pod in cluster.world.pods.items():
            if space != namespace:
                continue
            for container in pod.of_kind("regular"):
                for instance in (container.previous, container.current):
                    if instance is not None:
                        labels = {"workload": workload_of_pod(name), "pod": name, "container": container.spec.name}
                        runs.setdefault(instance.container_id, (labels, instance.log))
        items = [json.loads(one.full) for one in cluster.state.list(PODS, namespace)]
        for event in restarts_of(pods_of(items)):
            ended.setdefault((event.pod, event.time), event)
    pods = pods_of([json.loads(one.full) for one in cluster.state.list(PODS, namespace)])
    events = events_of([json.loads(one.full) for one in cluster.state.list(EVENTS, namespace)], pods)
    text: list[str] = []
    times: list[int] = []
    streams: list[int] = []
    table: list[Stream] = []
    for identity, (labels, log) in runs.items():
        table.append(Stream((identity,), labels, labels["pod"], labels["container"]))
        reader, data = LogReader(log, timestamps=True), b""
        while piece := reader.read():
            data += piece
        written = data.split(b"\n")[:-1]
        before = sum(parse_prefix(line)[0] < BEGIN for line in written)
        for line in written[0 if tail is None else max(before - tail, 0) :]:
            time, length = parse_prefix(line)
            assert time != NO_TIME
            text.append(line[length:].decode(errors="replace"))
            times.append(time)
            streams.append(len(table) - 1)
    return evidence_of(text, times, streams, table, [*events, *ended.values()], pods)
