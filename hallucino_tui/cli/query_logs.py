"""`hallucino logs --query` on containers: only the lines that a query lets through, or their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.lines import parse_timestamped
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.cli.line_writer import LineWriter
    from hallucino_tui.cli.reading import Reading
    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.logs.stream import StreamTable


async def print_matches(
    readings: Sequence[Reading], table: StreamTable, query: Query | None, writer: LineWriter
) -> None:
    """Print the lines that pass, merged by time.

    Args:
        readings: What was read of each container.
        table: Names the streams.
        query: What lines have to pass; None for nothing.
        writer: Prints.
    """
    sieve = Sieve(table, Filter(queries=() if query is None else (query,)), SystemClock())
    batches = [batch for reading in readings if (batch := batch_of(reading)) is not None]
    async for columns, rows in sieve.pick_merged(batches):
        writer.write(columns, rows)
        if writer.is_full:
            break
    writer.finish()


def batch_of(reading: Reading) -> Batch | None:
    """Return what was read of a container; its lines keep their order, whatever their times say."""
    data = b"".join(reading.lines)
    if not data:
        return None
    block = np.frombuffer(data, np.uint8)
    stream = np.array([reading.stream], np.uint32)
    batch, _ = parse_timestamped(block, np.array([len(block)], np.int64), stream)
    return Batch(batch.text, batch.offsets, np.maximum.accumulate(batch.times), batch.streams)
