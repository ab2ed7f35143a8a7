"""Evidence for a report: lines of files or containers merged by time, and what the cluster did."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hallucino_tui.cli.cluster_files import Happenings, read_happenings
from hallucino_tui.cli.common import Refused, complain, since_of
from hallucino_tui.logs.filters import Filter
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.evidence import Gathered, gather
from hallucino_tui.session.sieve import Sieve

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.session.sieve import Picked


@dataclass(slots=True)
class Material:
    """What was read.

    Attributes:
        gathered: The lines, and which line of its file each of them is.
        happenings: What the cluster did.
        gaps: What could not be read, one sentence each.
    """

    gathered: Gathered
    happenings: Happenings
    gaps: list[str] = field(default_factory=list[str])


async def read_files(arguments: argparse.Namespace) -> Material:
    """Read files, and what is said of their cluster.

    Raises:
        Refused: The command line makes no sense, or a file is no good.
    """
    from hallucino_tui.cli.files import items_of, paths_of, reader_of, refuse_flags_for_clusters
    from hallucino_tui.logs.stream import StreamTable

    refuse_flags_for_clusters(arguments)
    happenings = read_happenings(arguments.events, arguments.pods)
    since, clock, table = since_of(arguments), SystemClock(), StreamTable()
    begin = None if since is None else clock.now() - int(since * 1e9)
    logs = reader_of(arguments, paths_of(arguments), follow=False)(table, clock)
    sieve = Sieve(table, Filter(since=begin), clock)
    gaps: list[str] = []
    picked: list[Picked] = []
    async for items in items_of(logs, table, gaps):
        picked.extend([one async for one in sieve.pick(items)])
    gathered = await asyncio.to_thread(gather, picked, table, logs.untimed())
    return Material(gathered, happenings, gaps)


async def read_containers(arguments: argparse.Namespace) -> Material:
    """Read containers with the runs before their last restarts, and what their cluster did.

    Raises:
        ClusterError: There is no way to the cluster.
        Refused: The command line makes no sense.
    """
    from hallucino_tui.cli.cluster_happenings import read_from_cluster
    from hallucino_tui.cli.query_logs import batch_of
    from hallucino_tui.cli.reading import input_left_unread, open_reader

    for flag in ("events", "pods"):
        if getattr(arguments, flag):
            raise Refused(f"--{flag} belongs to saved logs: a cluster is asked for its {flag} itself.", 2)
    gaps: list[str] = []
    reader = await open_reader(arguments, None)
    if unread := input_left_unread(arguments):
        complain(unread)
    try:
        readings = await reader.read_runs()
        happenings = await read_from_cluster(reader, gaps)
    finally:
        await reader.client.close()
    for reading in readings:
        if reading.problem:
            gaps.append(f"{reading.pod.name}/{reading.container}: {reading.problem}")
            complain(gaps[-1])
    sieve = Sieve(reader.table, Filter(), SystemClock())
    batches = [batch for reading in readings if (batch := batch_of(reading)) is not None]
    picked = [one async for one in sieve.pick(batches)]
    return Material(await asyncio.to_thread(gather, picked, reader.table), happenings, gaps)
