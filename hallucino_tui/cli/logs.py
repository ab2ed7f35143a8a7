"""`hallucino logs`: containers' lines to a terminal, a pipe or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain, picks, query_of, run_to_end
from hallucino_tui.cli.printing import Printer, count_lines, print_receipts
from hallucino_tui.cli.reading import open_reader

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.cli.reading import Reader, Reading
    from hallucino_tui.logs.query.ast import Query


def run(arguments: argparse.Namespace) -> int:
    """Print logs; return the exit code."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    follows: bool = getattr(arguments, "follow", False)
    if follows and arguments.previous:
        raise Refused("Give either -f or --previous: the run before the last restart has ended.", 2)
    query = query_of(arguments) if picks(arguments) else None
    reader = await open_reader(arguments, None)
    try:
        if follows:
            from hallucino_tui.cli.following import follow

            return await follow(reader, arguments, query)
        readings = await reader.read_all(previous=arguments.previous)
    finally:
        await reader.client.close()
    found = True
    if picks(arguments):
        found = await _print_matches(arguments, reader, readings, query)
    else:
        Printer(reader.table, arguments, several=len(readings) > 1).print_all(readings)
    if arguments.receipts:
        count_lines(readings)
        print_receipts(reading.receipt for reading in readings)
    problems = [reading for reading in readings if reading.problem]
    for reading in problems:
        complain(f"{reading.pod.name}/{reading.container}: {reading.problem}")
    return 1 if not found or (problems and len(problems) == len(readings)) else 0


async def _print_matches(
    arguments: argparse.Namespace, reader: Reader, readings: list[Reading], query: Query | None
) -> bool:
    """Print what a query lets through; return whether that was anything, if there was a query."""
    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.cli.query_logs import print_matches

    writer = LineWriter(reader.table, query, arguments, several=len(readings) > 1)
    await print_matches(readings, reader.table, query, writer)
    return query is None or writer.count > 0
