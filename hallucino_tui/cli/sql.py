"""`hallucino sql`: questions about log files in SQL."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain, stop_writing
from hallucino_tui.cli.files import paths_of, reader_of, tell

if TYPE_CHECKING:
    import argparse

    import polars as pl

    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.sieve import Picked


def run(arguments: argparse.Namespace) -> int:
    """Answer a question; return the exit code: 1 if the answer has no row."""
    try:
        return _answer(arguments)
    except Refused as refused:
        complain(str(refused))
        return refused.code
    except BrokenPipeError:
        stop_writing()
        return 0
    except KeyboardInterrupt:
        return 130


def _answer(arguments: argparse.Namespace) -> int:
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.frame import ask, frame_of

    table = StreamTable()
    picked = asyncio.run(_read(arguments, table))
    try:
        answer = ask(frame_of(picked, table), arguments.query)
    except ValueError as error:
        raise Refused(str(error), 2) from error
    _write(answer, arguments.output)
    return 0 if len(answer) else 1


async def _read(arguments: argparse.Namespace, table: StreamTable) -> list[Picked]:
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.sieve import Sieve

    clock = SystemClock()
    logs = reader_of(arguments, paths_of(arguments), follow=False)(table, clock)
    sieve = Sieve(table, Filter(), clock)
    reading = asyncio.create_task(logs.run())
    picked: list[Picked] = []
    while True:
        over, items = reading.done(), logs.take()
        tell(items, table)
        picked.extend([one async for one in sieve.pick(items)])
        if over and not items:
            reading.result()
            return picked
        await asyncio.sleep(0 if items else 0.01)


def _write(answer: pl.DataFrame, output: str) -> None:
    import polars as pl

    from hallucino_tui.logs.text import shown_lines

    if output == "csv":
        text = answer.write_csv()
    elif output == "json":
        text = answer.write_ndjson()
    else:
        with pl.Config(tbl_rows=-1, tbl_cols=-1, fmt_str_lengths=10_000, tbl_hide_column_data_types=True):
            text = f"{answer}\n"
    # What is in the lines is not for a terminal to obey; a file or a pipe gets it as it is.
    sys.stdout.write(shown_lines(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()
