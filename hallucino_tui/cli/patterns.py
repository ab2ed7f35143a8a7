"""`hallucino patterns`: what kinds of lines there are, as a table or one JSON object."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from hallucino_tui.cli.common import (
    Refused,
    categories_of,
    complain,
    query_of,
    run_to_end,
    settings_of,
    since_of,
)
from hallucino_tui.cli.rules import redactor_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from hallucino_tui.cli.mined import Mined
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.sieve import Sieve

_DEFAULT_LIMIT: Final = 50


def run(arguments: argparse.Namespace) -> int:
    """Print templates; return the exit code."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    limit = _limit_of(arguments)
    query, since, settings = query_of(arguments), since_of(arguments), settings_of(arguments)
    categories, redactor = categories_of(settings), redactor_of(settings)
    from hallucino_tui.cli.mined import Mined
    from hallucino_tui.cli.pattern_output import Output
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.sieve import Sieve

    clock = SystemClock()
    begin = None if since is None or not arguments.files else clock.now() - int(since * 1e9)
    filter_ = Filter(queries=() if query is None else (query,), since=begin)

    def sieve(table: StreamTable) -> Sieve:
        return Sieve(table, filter_, clock)

    mined = Mined(keep=arguments.lines)
    read = _read_files if arguments.files else _read_containers
    problems = await read(arguments, mined, sieve, clock)
    output = Output(mined, categories, redactor, sort=arguments.sort, limit=limit)
    if arguments.json:
        sys.stdout.buffer.write(output.json(lines=arguments.lines))
        sys.stdout.buffer.flush()
    elif mined.count:
        sys.stdout.write(output.table(is_terminal=sys.stdout.isatty()))
        sys.stdout.flush()
    if not mined.lines:
        if not problems:
            complain("There is no line to find templates in.")
        return 2  # what could not be read was said when it happened
    if not mined.count and not arguments.json:
        complain("The query lets no line through.")
    return 1 if problems else 0


def _limit_of(arguments: argparse.Namespace) -> int | None:
    """Return how many templates are shown; None for all.

    Raises:
        Refused: What is asked for makes no sense.
    """
    if arguments.lines and not arguments.json:
        raise Refused("--lines belongs to --json: give both.", 2)
    if arguments.lines and arguments.limit:
        raise Refused("Give either --lines or --limit: lines name templates that would be left out.", 2)
    if arguments.limit is None:
        return None if arguments.json else _DEFAULT_LIMIT
    if arguments.limit < 0:
        raise Refused(f"--limit {arguments.limit} makes no sense: give a number of templates, or 0 for all.", 2)
    return arguments.limit or None


async def _read_files(
    arguments: argparse.Namespace, mined: Mined, make_sieve: Callable[[StreamTable], Sieve], clock: Clock
) -> Sequence[str]:
    """Mine files one after the other in the order of the arguments; return what could not be read."""
    from hallucino_tui.cli.files import items_of, paths_of, reader_of, refuse_flags_for_clusters
    from hallucino_tui.logs.stream import StreamTable

    refuse_flags_for_clusters(arguments)
    problems: list[str] = []
    table = StreamTable()
    sieve = make_sieve(table)
    for path in paths_of(arguments, as_given=True):
        logs = reader_of(arguments, [path], follow=False)(table, clock)
        async for items in items_of(logs, table, problems):
            untimed = logs.untimed()
            async for columns, rows in sieve.pick(items):
                mined.add(columns, rows, untimed)
        mined.end_part(str(path))
    return problems


async def _read_containers(
    arguments: argparse.Namespace, mined: Mined, make_sieve: Callable[[StreamTable], Sieve], clock: Clock
) -> Sequence[str]:
    """Mine what containers wrote, one after the other; return what could not be read."""
    from hallucino_tui.cli.query_logs import batch_of
    from hallucino_tui.cli.reading import open_reader
    from hallucino_tui.session.collect import source_of

    del clock  # containers' lines have times
    reader = await open_reader(arguments, None)
    try:
        readings = await reader.read_runs()
    finally:
        await reader.client.close()
    problems: list[str] = []
    sieve = make_sieve(reader.table)
    for reading in readings:
        if reading.problem:
            problems.append(f"{reading.pod.name}/{reading.container}: {reading.problem}")
            complain(problems[-1])
        if (batch := batch_of(reading)) is not None:
            async for columns, rows in sieve.pick([batch]):
                mined.add(columns, rows)
        mined.end_part(source_of(reader.table[reading.stream]))
    return problems
