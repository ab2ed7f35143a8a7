"""From the bytes of one file to batches of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.batch import Batch, offsets_of
from hallucino_tui.logs.lines import LineCutter, cut, strip
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.timestamps import parse_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hallucino_tui.sources.files.line_times import LineTimes

LONGEST_LINE: Final = 256 << 20
"""Bytes after which a line without an end is cut: it is held in memory until it ends."""


class Shaper:
    """Cuts bytes into lines and gives each a time. Belongs to one file at one place of it.

    Attributes:
        times: The times of the lines.
    """

    __slots__ = ("_cutter", "_has_prefixes", "_held", "_longest", "_may_have_prefixes", "_stream", "times")

    def __init__(self, stream: int, times: LineTimes, longest: int = LONGEST_LINE, *, prefixed: bool = False) -> None:
        """Start at the beginning of a line.

        Args:
            stream: Number of the stream in the stream table.
            times: Reads the times.
            longest: Where to cut a line that is longer; larger than any chunk.
            prefixed: Whether a cluster may have put a time in front of each line. It is no part of the text.
        """
        self.times = times
        self._stream = stream
        self._longest = longest
        self._cutter = LineCutter()
        self._held = 0
        self._may_have_prefixes = prefixed
        self._has_prefixes = False

    def feed(self, chunk: bytes, arrival: int | None) -> Iterator[Batch | Notice]:
        """Take the next bytes; yield the lines that are whole now.

        Args:
            chunk: The bytes.
            arrival: When they came if they were written just now, in nanoseconds; None if they were there before.
        """
        room = self._longest - self._held
        if len(chunk) > room and chunk.find(b"\n", 0, room + 1) < 0:
            self._cutter.feed(chunk[:room])
            yield from self.finish(arrival)
            words = f"a line is longer than {self._longest >> 20} MiB and was cut here: the next line is its rest"
            yield Notice(self._stream, self.times.start, NoticeKind.NOTE, words)
            chunk = chunk[room:]
        whole = self._cutter.feed(chunk)
        self._held = len(chunk) - chunk.rfind(b"\n") - 1 if whole else self._held + len(chunk)
        if whole:
            yield self._batch(whole, arrival)

    def finish(self, arrival: int | None) -> Iterator[Batch]:
        """Yield the unfinished last line, if there is one."""
        rest = self._cutter.rest()
        self._held = 0
        if rest:
            yield self._batch(rest + b"\n", arrival)

    def _batch(self, whole: bytes, arrival: int | None) -> Batch:
        block = np.frombuffer(whole, np.uint8)
        starts, ends = cut(block)
        if self._may_have_prefixes and (batch := self._without_prefixes(block, starts, ends)) is not None:
            return batch
        times = self.times.read(block, starts, ends, arrival)
        # Twice as fast as a mask, and without a byte of mask for each byte of a very long line.
        text = np.frombuffer(whole.replace(b"\n", b""), np.uint8)
        return Batch(text, offsets_of(ends - starts), times, np.full(len(ends), self._stream, np.uint32))

    def _without_prefixes(
        self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Batch | None:
        """Return lines with the times that a cluster put in front of them; None if it did so nowhere yet."""
        times, widths = parse_prefixes(block, starts, ends)
        self._has_prefixes = self._has_prefixes or bool(widths.any())
        if not self._has_prefixes:
            return None
        streams = np.full(len(ends), self._stream, np.uint32)
        text = strip(block, starts, widths, ends)
        return Batch(text, offsets_of(ends - starts - widths), self.times.keep(times), streams)
