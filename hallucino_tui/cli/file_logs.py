"""`hallucino logs FILE...`: lines of files and standard input, or those that a query lets through."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from hallucino_tui.cli.common import query_of, run_to_end, since_of
from hallucino_tui.cli.files import paths_of, reader_of, refuse_flags_for_clusters, tell

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.sieve import Sieve
    from hallucino_tui.session.source import Item
    from hallucino_tui.sources.files.log_source import FileLogs

_WAIT: Final = 0.02


def run(arguments: argparse.Namespace) -> int:
    """Print lines; return the exit code: 1 if a query lets none through."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    refuse_flags_for_clusters(arguments)
    query, since, paths = query_of(arguments), since_of(arguments), paths_of(arguments)
    make = reader_of(arguments, paths, follow=arguments.follow)
    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.sieve import Sieve

    table, clock = StreamTable(), SystemClock()
    logs = make(table, clock)
    begin = None if since is None else clock.now() - int(since * 1e9)
    sieve = Sieve(table, Filter(queries=() if query is None else (query,), since=begin), clock)
    several = len(paths) > 1
    writer = LineWriter(table, query, arguments, several=several)
    try:
        failed = await _print(logs, table, sieve, writer, merged=several and not arguments.count)
    finally:
        writer.finish()
        if arguments.receipts:
            from hallucino_tui.cli.printing import print_receipts

            print_receipts(logs.receipts())
    if failed and not writer.count:
        return 2
    return 1 if query is not None and not writer.count else 0


async def _print(logs: FileLogs, table: StreamTable, sieve: Sieve, writer: LineWriter, *, merged: bool) -> bool:
    """Print until there is nothing more or enough was printed; return whether some file could not be read."""
    reading = asyncio.create_task(logs.run())
    held: list[Item] = []
    failed = False
    try:
        while not writer.is_full:
            over = reading.done()
            items = logs.take()
            failed = tell(items, table) or failed
            if merged:
                held.extend(items)
                if not (over or logs.ready.is_set()):
                    await asyncio.sleep(_WAIT)
                    continue
                held.extend(logs.take())
            picking = sieve.pick_merged(held) if merged else sieve.pick(items)
            merged = False
            async for columns, rows in picking:
                writer.write(columns, rows)
                if writer.is_full:
                    break
            if over and not items:
                break
            if not items:
                writer.flush()
                await asyncio.sleep(_WAIT)
        if reading.done():
            reading.result()
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    return failed
