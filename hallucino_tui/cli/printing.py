"""Lines to standard output: the bytes as they are, or, to a terminal, harmless."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.lines import cut, strip
from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.logs.text import shown, shown_lines
from hallucino_tui.logs.timestamps import parse_prefixes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from hallucino_tui.cli.reading import Reading
    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.receipts import Receipt


class Printer:
    """Prints lines of one container as they are, and those of several merged by time with a name in front."""

    def __init__(self, table: StreamTable, arguments: argparse.Namespace, *, several: bool) -> None:
        """Prepare.

        Args:
            table: Names the streams.
            arguments: The command line: ``timestamps`` and ``prefix``.
            several: Whether more than one container is read.
        """
        self._table = table
        self._timestamps: bool = arguments.timestamps
        self._prefix: bool = several if arguments.prefix is None else arguments.prefix
        self._names: dict[int, bytes] = {}
        self._out = sys.stdout.buffer
        self._harmless = sys.stdout.isatty()

    def print_all(self, readings: Sequence[Reading]) -> None:
        """Print all that was read."""
        whole = [(reading, b"".join(reading.lines)) for reading in readings if reading.lines]
        if len(whole) == 1 and not self._prefix:
            reading, lines = whole[0]
            lines = lines if self._timestamps else _without_times(lines)
            self._write(lines[:-1] if reading.unterminated else lines)
        elif whole:
            self._print_merged(whole)
        self._out.flush()

    def print_batch(self, batch: Batch) -> None:
        """Print lines that came live, in the order of their times."""
        lines: list[bytes] = []
        for row in np.argsort(batch.times, kind="stable").tolist():
            time = f"{format_prefix(int(batch.times[row]))} ".encode() if self._timestamps else b""
            lines.append(self._name(int(batch.streams[row])) + time + batch.line(row) + b"\n")
        self._write(b"".join(lines))
        self._out.flush()

    def _print_merged(self, whole: list[tuple[Reading, bytes]]) -> None:
        data = b"".join(lines for _, lines in whole)
        block = np.frombuffer(data, np.uint8)
        starts, ends = cut(block)
        times, widths = parse_prefixes(block, starts, ends)
        limits = np.cumsum([len(lines) for _, lines in whole])
        owners: list[int] = np.searchsorted(limits, starts, side="right").tolist()
        names = [self._name(reading.stream) for reading, _ in whole]
        firsts: list[int] = starts.tolist() if self._timestamps else (starts + widths).tolist()
        lasts: list[int] = (ends + 1).tolist()
        # The lines of one container keep the order that they have, whatever their times say.
        order: list[int] = np.argsort(times if len(whole) > 1 else np.arange(len(times)), kind="stable").tolist()
        self._write(b"".join([names[owners[row]] + data[firsts[row] : lasts[row]] for row in order]))

    def _name(self, stream: int) -> bytes:
        if not self._prefix:
            return b""
        if stream not in self._names:
            known = self._table[stream]
            self._names[stream] = f"{known.title}/{known.part} ".encode()
        return self._names[stream]

    def _write(self, lines: bytes) -> None:
        if self._harmless:
            lines = shown_lines(lines.decode("utf-8", "replace")).encode()
        self._out.write(lines)


def count_lines(readings: Iterable[Reading]) -> None:
    """Write into the receipts how many lines and bytes of text were read."""
    for reading in readings:
        lines = b"".join(reading.lines)
        reading.receipt.lines = lines.count(b"\n")
        reading.receipt.bytes = len(_without_times(lines)) - reading.receipt.lines if lines else 0


def print_receipts(receipts: Iterable[Receipt]) -> None:
    """Print what came in, and what may be missing, to standard error."""
    for one in receipts:
        name = shown(f"{one.stream.title}/{one.stream.part}")
        print(  # noqa: T201
            f"{name:<50} {one.lines:>10,} {one.bytes:>12,} {one.replays:>9,} {one.reconnects:>9,} {one.gaps:>5,}"
            f"  {one.state} {shown(one.detail)}".rstrip(),
            file=sys.stderr,
        )


def _without_times(lines: bytes) -> bytes:
    block = np.frombuffer(lines, np.uint8)
    starts, ends = cut(block)
    _, widths = parse_prefixes(block, starts, ends)
    return strip(block, starts, widths, ends, newlines=True).tobytes()
