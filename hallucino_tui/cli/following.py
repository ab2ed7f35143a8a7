"""`hallucino logs -f`: new lines as they come, through cuts and restarts, until it is interrupted."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain, picks
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

    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.cli.reading import Reader
    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.sieve import Sieve

_TOLD = {NoticeKind.GAP, NoticeKind.ERROR, NoticeKind.RECONNECT, NoticeKind.RESTART}


async def follow(reader: Reader, arguments: argparse.Namespace, query: Query | None) -> int:
    """Print lines until interrupted, or until a single pod that was named has ended; return the exit code.

    Args:
        reader: Knows the cluster and the choice.
        arguments: The command line.
        query: What lines have to pass; None for nothing.

    Raises:
        Refused: Too many containers match.
    """
    cluster = KubernetesCluster(reader.client, reader.table, SystemClock(), reader.start, events=False)
    reading = Reading(reader.choice, cluster)
    several = len(await reader.pods()) > 1 or not reader.choice.container
    printer = _make_printer(reader.table, arguments, query, several=several)
    one_pod = bool(reader.choice.pod) or reader.choice.kind == "Pod"
    try:
        cluster.watch(reader.choice)
        while not (printer.is_full or (one_pod and _all_ended(cluster))):
            changes = cluster.inventory.take_changes()
            if changes:
                reading.update(cluster.inventory, changes)
                if reading.note and not cluster.logs.receipts():
                    raise Refused(reading.note)
            await _print(cluster, reader, printer)
            _check(cluster)
            await asyncio.sleep(TICK)
        await _print(cluster, reader, printer)
        return 1 if query is not None and not printer.count else 0
    finally:
        await cluster.close()
        printer.finish()
        if arguments.receipts:
            print_receipts(cluster.logs.receipts())


class _All:
    """Prints all lines as they are."""

    is_full = False
    count = 0

    def __init__(self, printer: Printer) -> None:
        self._printer = printer

    async def print(self, batch: Batch) -> None:
        """Print a batch."""
        self._printer.print_batch(batch)

    def finish(self) -> None:
        """Nothing is left to be said."""


class _Some:
    """Prints what a query lets through."""

    def __init__(self, sieve: Sieve, writer: LineWriter) -> None:
        self._sieve = sieve
        self._writer = writer

    @property
    def is_full(self) -> bool:
        """Whether as many lines were printed as were asked for."""
        return self._writer.is_full

    @property
    def count(self) -> int:
        """How many lines passed."""
        return self._writer.count

    async def print(self, batch: Batch) -> None:
        """Print what passes of a batch."""
        async for columns, rows in self._sieve.pick([batch]):
            self._writer.write(columns, rows)
        self._writer.flush()

    def finish(self) -> None:
        """Say what is left to be said."""
        self._writer.finish()


def _make_printer(
    table: StreamTable, arguments: argparse.Namespace, query: Query | None, *, several: bool
) -> _All | _Some:
    if not picks(arguments):
        return _All(Printer(table, arguments, several=several))
    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.session.sieve import Sieve

    sieve = Sieve(table, Filter(queries=() if query is None else (query,)), SystemClock())
    return _Some(sieve, LineWriter(table, query, arguments, several=several))


async def _print(cluster: KubernetesCluster, reader: Reader, printer: _All | _Some) -> None:
    for item in cluster.logs.take():
        if not isinstance(item, Notice):
            await printer.print(item)
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
