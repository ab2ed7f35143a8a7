r"""Cutting bytes into lines. Only ``\n`` ends a line: a lone CR, a form feed or U+2028 is text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hallucino_tui.logs.batch import Batch, offsets_of
from hallucino_tui.logs.timestamps import parse_prefixes

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEWLINE = 10


class LineCutter:
    """Holds back the unfinished last line of a byte stream until the rest of it comes."""

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes; return the lines that are whole now, each with its newline (maybe b"")."""
        end = chunk.rfind(b"\n") + 1
        if not end:
            if chunk:
                self._parts.append(chunk)
            return b""
        whole = b"".join((*self._parts, chunk[:end])) if self._parts else chunk[:end]
        self._parts = [chunk[end:]] if end < len(chunk) else []
        return whole

    def rest(self) -> bytes:
        """Return the unfinished line and forget it."""
        rest = b"".join(self._parts)
        self._parts = []
        return rest


def cut(block: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each line of a block of whole lines starts and where its newline stands."""
    ends = np.flatnonzero(block == NEWLINE)
    starts = np.empty_like(ends)
    if len(ends):
        starts[0] = 0
        starts[1:] = ends[:-1] + 1
    return starts, ends


def strip(
    block: NDArray[np.uint8],
    starts: NDArray[np.int64],
    widths: NDArray[np.int64],
    ends: NDArray[np.int64],
    *,
    newlines: bool = False,
) -> NDArray[np.uint8]:
    """Copy a block of whole lines without the first `widths` bytes of each, and without newlines unless asked for."""
    keep = np.ones(len(block), np.bool_)
    keep[ends] = newlines
    for width in np.unique(widths).tolist():
        # Real blocks have one width, or two on a node that runs on local time.
        keep[starts[widths == width, None] + np.arange(width)] = False
    return block[keep]


def parse_timestamped(
    block: NDArray[np.uint8], piece_ends: NDArray[np.int64], piece_streams: NDArray[np.uint32]
) -> tuple[Batch, list[tuple[int, bytes]]]:
    """Parse whole lines of several streams that each carry an RFC 3339 prefix.

    Args:
        block: Pieces of whole lines, one after the other; a piece holds lines of one stream.
        piece_ends: Where each piece ends in the block, ascending.
        piece_streams: The stream number of each piece.

    Returns:
        The batch of lines that have a time, in order, and the others as (stream number, bytes): with
        ``timestamps=true`` a server prefixes every line, so these are words of the server and not of the container.
    """
    starts, ends = cut(block)
    times, widths = parse_prefixes(block, starts, ends)
    streams = piece_streams[np.searchsorted(piece_ends, starts, side="right")]
    batch = Batch(strip(block, starts, widths, ends), offsets_of(ends - starts - widths), times, streams)
    if bool(widths.all()):
        return batch, []
    odd = [(int(streams[row]), batch.line(row)) for row in np.flatnonzero(widths == 0).tolist()]
    return batch.select(widths > 0), odd
