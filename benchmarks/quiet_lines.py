"""Lines in which nothing goes wrong: the demo's quiet run, and lines of any log in shuffled order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hallucino_tui.demo.logfile import LogReader
from hallucino_tui.demo.options import ServeOptions
from hallucino_tui.demo.serve import DemoCluster
from hallucino_tui.insight.lines import Lines
from hallucino_tui.logs.levels import detect_levels
from hallucino_tui.logs.moment import NANOSECONDS, parse_prefix
from hallucino_tui.logs.pod_names import workload_of_pod
from hallucino_tui.logs.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

START = 1_795_000_000 * NANOSECONDS


def demo(seed: int, seconds: float, *, quiet: bool = True) -> Lines:
    """Play the demo without a server; its past of five minutes comes before the seconds."""
    now = START
    cluster = DemoCluster(ServeOptions(start_ns=START, seed=seed, quiet=quiet), clock=lambda: now, playing=False)
    engine = cluster.player.engine
    now = engine.wall_ns(seconds)
    engine.run_until(seconds)
    rows: list[tuple[int, str, int]] = []
    table: list[Stream] = []
    for (namespace, name), pod in cluster.world.pods.items():
        for container in pod.containers:
            labels = {"namespace": namespace, "pod": name, "container": container.spec.name}
            labels["workload"] = workload_of_pod(name)
            for instance in filter(None, (container.previous, container.current)):
                table.append(Stream((namespace, name, instance.container_id), labels, name, container.spec.name))
                reader = LogReader(instance.log, timestamps=True)
                while part := reader.read():
                    for line in part.splitlines():
                        time, length = parse_prefix(line)
                        if length:
                            rows.append((time, line[length:].decode(errors="replace"), len(table) - 1))
    rows.sort(key=lambda row: row[0])
    return made([row[1] for row in rows], np.array([row[0] for row in rows]), table, [row[2] for row in rows])


def made(texts: Sequence[str], times: NDArray[np.int64], table: Sequence[Stream], streams: Sequence[int]) -> Lines:
    """Put lines together."""
    text = pl.Series(texts, dtype=pl.String)
    return Lines(text, times, detect_levels(text), np.array(streams, np.uint32), table)


def shuffled(lines: Lines, templates: NDArray[np.int32], rng: np.random.Generator) -> tuple[Lines, NDArray[np.int32]]:
    """Deal the times of three minutes out to lines, so that each comes at any time with the same probability."""
    order = rng.permutation(len(lines))
    times = np.sort(rng.integers(START, START + 180 * NANOSECONDS, len(lines)))
    return (
        Lines(lines.text.gather(order), times, lines.levels[order], lines.streams[order], lines.table),
        templates[order],
    )
