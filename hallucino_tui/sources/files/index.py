"""Where the lines of a file are. The text stays on the disk until somebody looks at it.

Finding newlines is most of what has to be done before a file can be read, searched and jumped about in. It runs at the
speed of memory on two threads, in chunks that fit the processor's cache, and keeps four bytes for each line.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from threading import local
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.file_body import NEWLINE, FileBody, Part
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.segment import SEGMENT_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from hallucino_tui.logs.file_body import TimeFormat

CHUNK_BYTES: Final = 2 << 20
"""What one thread looks at in one go: it fits the processor's cache."""

PART_BYTES: Final = 8 << 20
"""What becomes one part: each is tested in one call, and a call costs something before it begins."""

_THREADS: Final = max(min(os.cpu_count() or 1, 4), 1)
_HEAD_BYTES: Final = 512
_BLANKS: Final = b" \t"
_GROUP: Final = 16
_LAST_TRIED: Final = 64
"""Lines at the end of a chunk of which one is looked for that begins a record."""


class OpenFile:
    """A file that stays open as long as somebody may want to read lines of it, under whatever name it has by then."""

    def __init__(self, descriptor: int) -> None:
        """Take a descriptor of its own.

        Args:
            descriptor: An open file; it is duplicated.
        """
        self._descriptor = os.dup(descriptor)

    def __del__(self) -> None:
        os.close(self._descriptor)

    def read(self, start: int, length: int) -> bytes:
        """Return bytes, as far as they are there. A mapping would be quicker, and deadly if the file shrank."""
        pieces: list[bytes] = []
        while length:
            try:
                piece = os.pread(self._descriptor, length, start)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
            start, length = start + len(piece), length - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read_into(self, buffer: memoryview, start: int) -> int:
        """Fill a buffer; return how much of it could be filled."""
        done = 0
        while done < len(buffer):
            read = os.preadv(self._descriptor, [buffer[done:]], start + done)
            if not read:
                break
            done += read
        return done


class _Chunk(NamedTuple):
    """What was found in a chunk of a file.

    Attributes:
        start: Where it begins in the file.
        length: How long it is; less than asked for if the file shrank.
        ends: Where its lines end, from `start`, as if their newlines were not there (int32).
        cut: How many of its lines belong to the part that ends in it.
        tail: Bytes behind its last newline.
    """

    start: int
    length: int
    ends: NDArray[np.int32]
    cut: int
    tail: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that become a part.

    Attributes:
        start: Where they begin in the file.
        stop: Where they end, with their last newline.
        offsets: n + 1 positions in their text without newlines (int32).
        terminated: Whether the last of them ends with a newline.
    """

    start: int
    stop: int
    offsets: NDArray[np.int32]
    terminated: bool = True

    @property
    def count(self) -> int:
        """How many lines these are."""
        return len(self.offsets) - 1

    def line(self, index: int) -> tuple[int, int]:
        """Return where a line begins in the file and how long it is."""
        return self.start + int(self.offsets[index]) + index, int(self.offsets[index + 1] - self.offsets[index])


def index_plain(
    descriptor: int, start: int, stop: int, stream: int, format_: TimeFormat | None, carry: int, *, exact: bool = False
) -> Iterator[Part]:
    """Find the lines between two positions of a file, part by part in the order of the file.

    Args:
        descriptor: The open file.
        start: Where the first line begins.
        stop: Where to end; an unfinished line at the end is one of them.
        stream: The stream's number.
        format_: Reads the times; None if there are none.
        carry: The time before the first line, in nanoseconds; that of all lines if there is no format.
        exact: Whether the times of all lines are needed to sort them among those of other files. Otherwise those of
            a few lines have to do, and all others are read when somebody looks.

    Raises:
        OSError: The file cannot be read.
    """
    file = OpenFile(descriptor)
    pieces = itertools.chain.from_iterable(map(_split, _pieces(file, start, stop)))
    while group := list(itertools.islice(pieces, _GROUP)):
        keys = [carry] * len(group) if format_ is None or exact else _first_keys(file, group, format_, carry)
        for number, piece in enumerate(group):
            length = piece.stop - piece.start
            read = partial(file.read, piece.start, length)
            body = FileBody(read, piece.offsets, stream, format_, max(carry, keys[number]))
            first = max(carry, keys[number])
            last = max(first, keys[number + 1] if number + 1 < len(keys) else first)
            if exact and format_ is not None:
                first, last = (int(key) for key in body.keys[[0, -1]])
            carry = max(carry, last)
            yield Part(body, piece.count, first, last, int(piece.offsets[-1]))


def _pieces(file: OpenFile, start: int, stop: int) -> Iterator[_Piece]:
    """Join chunks to pieces that end where a line ends."""
    begun = start
    held: list[NDArray[np.int32]] = []  # ends of lines that belong to the next piece, from `begun`
    chunk = None
    for chunk in _chunks(file, start, stop):
        lines = sum(map(len, held))
        shift = chunk.start - begun - lines
        is_large = chunk.start + chunk.length - begun >= PART_BYTES or lines + len(chunk.ends) >= SEGMENT_ROWS
        if not chunk.cut or not is_large:
            held.append(chunk.ends + np.int32(shift))
            continue
        piece = _piece(begun, [*held, chunk.ends[: chunk.cut] + np.int32(shift)])
        yield piece
        begun = piece.stop
        held = [chunk.ends[chunk.cut :] + np.int32(chunk.start - begun + chunk.cut)]
    if chunk is None:
        return
    end = chunk.start + chunk.length
    lines = sum(map(len, held))
    if chunk.tail or end > begun:
        rest = [np.array([end - begun - lines], np.int32)] if chunk.tail else []
        piece = _piece(begun, [*held, *rest])
        yield replace(piece, stop=end, terminated=not chunk.tail)


def _piece(start: int, ends: list[NDArray[np.int32]]) -> _Piece:
    offsets = np.concatenate((np.zeros(1, np.int32), *ends))
    return _Piece(start, start + int(offsets[-1]) + len(offsets) - 1, offsets)


def _chunks(file: OpenFile, start: int, stop: int) -> Iterator[_Chunk]:
    """Look at chunks on a few threads; give them in order."""
    places = iter(range(start, stop, CHUNK_BYTES))
    buffers = local()
    with ThreadPoolExecutor(_THREADS, "index") as pool:
        running: deque[Future[_Chunk]] = deque()
        try:
            while True:
                while len(running) < 4 * _THREADS and (place := next(places, None)) is not None:
                    running.append(pool.submit(_look, file, place, min(CHUNK_BYTES, stop - place), buffers))
                if not running:
                    return
                chunk = running.popleft().result()
                if chunk.length:
                    yield chunk
                if chunk.start + chunk.length < min(chunk.start + CHUNK_BYTES, stop):
                    return  # the file shrank: what there was is all
        finally:
            for future in running:
                future.cancel()


def _look(file: OpenFile, start: int, length: int, buffers: local) -> _Chunk:
    """Find the newlines of one chunk."""
    buffer: NDArray[np.uint8] | None = getattr(buffers, "buffer", None)
    if buffer is None:
        buffer = buffers.buffer = np.empty(CHUNK_BYTES, np.uint8)
    length = file.read_into(buffer[:length].data, start)
    whole = buffer[:length]
    ends = np.flatnonzero(whole == NEWLINE)
    cut = len(ends)
    # A line that begins with a blank goes on with a record: let the part end before the record.
    for back, end in enumerate(ends[: -_LAST_TRIED - 1 : -1].tolist()):
        if end + 1 == length or whole[end + 1] not in _BLANKS:
            cut = len(ends) - back
            break
    tail = length - (int(ends[-1]) + 1 if len(ends) else 0)
    return _Chunk(start, length, (ends - np.arange(len(ends))).astype(np.int32), cut, tail)


def _split(piece: _Piece) -> Iterator[_Piece]:
    """Split a piece that has more lines than a segment can number."""
    if piece.count <= SEGMENT_ROWS:
        yield piece
        return
    for first in range(0, piece.count, SEGMENT_ROWS):
        offsets = piece.offsets[first : first + SEGMENT_ROWS + 1]
        start = piece.start + int(offsets[0]) + first
        last = first + len(offsets) - 1 == piece.count
        stop = piece.stop if last else piece.start + int(offsets[-1]) + first + len(offsets) - 1
        yield _Piece(start, stop, offsets - offsets[0], piece.terminated or not last)


def _first_keys(file: OpenFile, group: list[_Piece], format_: TimeFormat, carry: int) -> list[int]:
    """Return the time of the first line of each piece, and that of the last line of the last one."""
    places = [piece.line(0) for piece in group]
    places.append(group[-1].line(group[-1].count - 1))
    heads = [file.read(start, min(_HEAD_BYTES, length)) for start, length in places]
    ends = np.cumsum([len(head) for head in heads])
    block = np.frombuffer(b"".join(heads), np.uint8)
    if not len(block):
        return [carry] * len(heads)
    times = format_.parse(block, np.concatenate(([0], ends[:-1])), ends)
    return [max(carry, int(time)) if time != NO_TIME else carry for time in np.maximum.accumulate(times)]
