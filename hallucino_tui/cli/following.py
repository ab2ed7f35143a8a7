"""`hallucino logs -f`: new lines as they come, through cuts and restarts, until it is interrupted."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain
from hallucino_tui.cli.printing import Printer, print_receipts
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.text import shown
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.hub import TICK
from hallucino_tui.session.inventory import Watching
from hallucino_tui.session.reading import Reading
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes.cluster import KubernetesCluster

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.cli.reading import Reader

_TOLD = {NoticeKind.GAP, NoticeKind.ERROR, NoticeKind.RECONNECT, NoticeKind.RESTART}


async def follow(reader: Reader, arguments: argparse.Namespace) -> int:
    """Print lines until interrupted, or until a single pod that was named has ended; return the exit code.

    Raises:
        Refused: Too many containers match.
    """
    cluster = KubernetesCluster(reader.client, reader.table, SystemClock(), reader.start)
    reading = Reading(reader.choice, cluster)
    several = len(await reader.pods()) > 1 or not reader.choice.container
    printer = Printer(reader.table, arguments, several=several)
    one_pod = bool(reader.choice.pod) or reader.choice.kind == "Pod"
    try:
        cluster.watch(reader.choice)
        while not (one_pod and _all_ended(cluster)):
            changes = cluster.inventory.take_changes()
            if changes:
                reading.update(cluster.inventory, changes)
                if reading.note and not cluster.logs.receipts():
                    raise Refused(reading.note)
            _print(cluster, reader, printer)
            _check(cluster)
            await asyncio.sleep(TICK)
        _print(cluster, reader, printer)
        return 0
    finally:
        await cluster.close()
        if arguments.receipts:
            print_receipts(cluster.logs.receipts())


def _print(cluster: KubernetesCluster, reader: Reader, printer: Printer) -> None:
    for item in cluster.logs.take():
        if not isinstance(item, Notice):
            printer.print_batch(item)
        elif item.kind in _TOLD:
            stream = reader.table[item.stream]
            sys.stdout.flush()
            complain(f"{shown(stream.title)}/{shown(stream.part)}: {shown(item.text)}")


def _check(cluster: KubernetesCluster) -> None:
    """Give up where nothing will ever come: all that was asked for is forbidden."""
    states = cluster.inventory.snapshot().namespaces.values()
    notes = [state.note for state in states if state.watching is Watching.FORBIDDEN]
    if notes and not cluster.logs.receipts():
        raise Refused(notes[0])


def _all_ended(cluster: KubernetesCluster) -> bool:
    receipts = cluster.logs.receipts()
    return bool(receipts) and all(one.state is StreamState.ENDED for one in receipts)
