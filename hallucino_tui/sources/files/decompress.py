"""Archives of logs, unpacked as a stream: every byte up to where an archive breaks is given."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, Protocol

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

PIECE_BYTES: Final = 1 << 20
"""About how much text is given at once."""

_INPUT_BYTES: Final = 64 << 10
_GZIP: Final = 31  # zlib's word for "a gzip header, with any window"
_HEADER_PREFIX: Final = 5
_RLE: Final = 1


class _Unpacker(Protocol):
    def copy(self) -> _Unpacker: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class BrokenArchiveError(Exception):
    """An archive ends too early or holds something else; ``str(error)`` is the reason, for the middle of a sentence.

    What it held up to there was given before.
    """


def gunzip(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Unpack gzip: any number of members, one behind the other.

    Args:
        read: Returns up to so many next bytes; b"" at the end.

    Yields:
        Bytes, at most `PIECE_BYTES` at once as long as nothing is broken.

    Raises:
        BrokenArchiveError: It breaks off, or is damaged.
    """
    data = read(_INPUT_BYTES)
    while data:
        data = yield from _member(data, read)
        # Members may be padded with zeros (tapes, block devices).
        while not (data := data.lstrip(b"\0")) and (data := read(_INPUT_BYTES)):
            pass
        if len(data) == 1:
            data += read(_INPUT_BYTES)
        if data and not data.startswith(b"\x1f\x8b"):
            raise BrokenArchiveError("other bytes follow its end")


def _member(data: bytes, read: Callable[[int], bytes]) -> Generator[bytes, None, bytes]:
    """Unpack one member; return the bytes behind it."""
    unpacker = zlib.decompressobj(_GZIP)
    while True:
        before = unpacker.copy()
        try:
            text = unpacker.decompress(data, PIECE_BYTES)
        except zlib.error as error:
            yield _salvage(before, data)
            raise BrokenArchiveError("its data is damaged") from error
        if text:
            yield text
        if unpacker.eof:
            return unpacker.unused_data
        data = unpacker.unconsumed_tail
        if not data and not text:
            data = read(_INPUT_BYTES)
            if not data:
                raise BrokenArchiveError("it is cut off")


def _salvage(unpacker: _Unpacker, data: bytes) -> bytes:
    """Return what can be had of bytes that break: zlib forgets what it unpacked before it met the fault."""
    texts: list[bytes] = []
    size = len(data)
    while size:
        attempt = unpacker.copy()
        try:
            texts.append(attempt.decompress(data[:size]))
        except zlib.error:
            size //= 2
            continue
        unpacker, data = attempt, data[size:]
        size = min(size, len(data))
    return b"".join(texts)


def unzstd(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Unpack zstd: any number of frames, one behind the other.

    The blocks are told apart here and given to the library one at a time: the library itself does not say that a
    file is cut off, and would unpack without bound what was packed without bound. A block has at most 128 KiB of text.

    Args:
        read: Returns up to so many next bytes; b"" at the end.

    Yields:
        Bytes, a little over `PIECE_BYTES` at most.

    Raises:
        BrokenArchiveError: It breaks off, or is damaged.
    """
    source = _Source(read)
    texts: list[bytes] = []
    size = 0
    try:
        for text in _frames(source):
            texts.append(text)
            size += len(text)
            if size >= PIECE_BYTES:
                yield b"".join(texts)
                texts, size = [], 0
    except (BrokenArchiveError, zstandard.ZstdError) as error:
        yield b"".join(texts)
        if isinstance(error, BrokenArchiveError):
            raise
        raise BrokenArchiveError(_reason(str(error))) from error
    yield b"".join(texts)


class _Source:
    """Gives exactly so many bytes."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._data = memoryview(b"")

    def take(self, count: int) -> bytes:
        """Return `count` bytes, or fewer at the end."""
        pieces: list[bytes] = []
        while count:
            if not len(self._data):
                self._data = memoryview(self._read(4 * _INPUT_BYTES))
                if not len(self._data):
                    break
            piece, self._data = bytes(self._data[:count]), self._data[count:]
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def exactly(self, count: int) -> bytes:
        """Return `count` bytes.

        Raises:
            BrokenArchiveError: There are fewer.
        """
        data = self.take(count)
        if len(data) < count:
            raise BrokenArchiveError("it is cut off")
        return data


def _frames(source: _Source) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor()
    while magic := source.take(4):
        if len(magic) == 4 and magic[1:] == b"\x2a\x4d\x18" and magic[0] >> 4 == 5:
            _skip(source, int.from_bytes(source.exactly(4), "little"))
        elif magic == zstandard.FRAME_HEADER:
            yield from _blocks(magic, source, unpacker)
        else:
            raise BrokenArchiveError("it is cut off" if len(magic) < 4 else "other bytes follow its end")


def _skip(source: _Source, count: int) -> None:
    while count:
        count -= len(source.exactly(min(count, PIECE_BYTES)))


def _blocks(magic: bytes, source: _Source, unpacker: zstandard.ZstdDecompressor) -> Iterator[bytes]:
    """Unpack one frame."""
    frame = unpacker.decompressobj()
    header = magic + source.exactly(_HEADER_PREFIX - len(magic))
    header += source.exactly(zstandard.frame_header_size(header) - len(header))
    has_checksum = header[4] & 4
    yield frame.decompress(header)
    last = False
    while not last:
        mark = source.exactly(3)
        bits = int.from_bytes(mark, "little")
        last, kind, size = bool(bits & 1), bits >> 1 & 3, bits >> 3
        content = source.take(1 if kind == _RLE else size)
        yield frame.decompress(mark + content)
        if len(content) < (1 if kind == _RLE else size):
            raise BrokenArchiveError("it is cut off")
    if has_checksum:
        yield frame.decompress(source.exactly(4))


def _reason(said: str) -> str:
    if "memory" in said:
        return "it was packed with a larger window than is unpacked here; use zstdcat --long=31"
    if "ictionary" in said:
        return "it needs the dictionary that it was packed with; use zstdcat -D"
    return "its data is damaged"
