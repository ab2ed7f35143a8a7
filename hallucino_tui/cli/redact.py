"""`hallucino redact`: what a model would get of each line of a file or of standard input."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.cli.common import run_to_end, settings_of
from hallucino_tui.cli.files import items_of, paths_of, reader_of
from hallucino_tui.cli.rules import redactor_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.assistant.redact_keys import KeyLines
    from hallucino_tui.logs.segment import Columns


def run(arguments: argparse.Namespace) -> int:
    """Print lines as they would be sent; return the exit code."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    redactor = redactor_of(settings_of(arguments))
    make = reader_of(arguments, paths_of(arguments), follow=False)
    from hallucino_tui.logs.filters import Filter
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import SystemClock
    from hallucino_tui.session.sieve import Sieve

    table, clock = StreamTable(), SystemClock()
    sieve = Sieve(table, Filter(), clock)
    keys: dict[int, KeyLines] = {}
    problems: list[str] = []
    count = 0
    out = sys.stdout.buffer
    async for items in items_of(make(table, clock), table, problems):
        async for columns, _ in sieve.pick(items):
            out.write(await asyncio.to_thread(_as_sent, redactor, columns, keys))
            count += columns.count
        out.flush()
    if arguments.summary:
        sys.stderr.write(f"{_summary(redactor.replaced, redactor.count)}\n")
    return 0 if not problems else 1 if count else 2


def _as_sent(redactor: Redactor, columns: Columns, keys: dict[int, KeyLines]) -> bytes:
    """Return lines as they would be sent, each with its newline."""
    from hallucino_tui.assistant.neutralise import neutralise

    streams = np.asarray(columns.streams[: columns.count])
    made = redactor.redact_series(columns.series(0, columns.count), streams, keys)
    return "".join(f"{neutralise(line)}\n" for line in made.to_list()).encode("utf-8", "replace")


def _summary(replaced: Mapping[str, int], different: int) -> str:
    if not replaced:
        return "hallucino: Nothing was replaced."
    kinds = ", ".join(
        f"{kind} {count:,}" for kind, count in sorted(replaced.items(), key=lambda one: (-one[1], one[0]))
    )
    return f"hallucino: Replaced {sum(replaced.values()):,} times ({different:,} different secrets): {kinds}."
