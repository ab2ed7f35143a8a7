"""What kind of file it is, by its first bytes, and the sentence for those that hold no lines."""

from __future__ import annotations

import enum
import os
import shlex
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.sources.files.errors import FilesError, cannot_read
from hallucino_tui.sources.files.paths import refuse_what_is_no_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HEAD_BYTES: Final = 64 << 10

_MOST_CONTROL: Final = 0.02
"""Share of control bytes above which it is no text. Random bytes have a tenth, logs with broken lines far less."""


class FileKind(enum.StrEnum):
    """What a file holds."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"
    BINARY = "binary"
    UTF16 = "UTF-16"
    UTF32 = "UTF-32"
    XZ = "xz"
    BZIP2 = "bzip2"
    LZ4 = "lz4"
    ZIP = "zip"


_MAGIC: Final = (
    (b"\x1f\x8b", FileKind.GZIP),
    (b"\x28\xb5\x2f\xfd", FileKind.ZSTD),
    (b"\xfd7zXZ\0", FileKind.XZ),
    (b"BZh", FileKind.BZIP2),
    (b"\x04\x22\x4d\x18", FileKind.LZ4),
    (b"PK\x03\x04", FileKind.ZIP),
    (b"\xff\xfe\0\0", FileKind.UTF32),
    (b"\0\0\xfe\xff", FileKind.UTF32),
    (b"\xff\xfe", FileKind.UTF16),
    (b"\xfe\xff", FileKind.UTF16),
)
_UNPACKERS: Final = {FileKind.XZ: "xzcat", FileKind.BZIP2: "bzcat", FileKind.LZ4: "lz4cat", FileKind.ZIP: "unzip -p"}
_SKIPPABLE: Final = bytes(range(0x50, 0x60))
"""A zstd file may begin with a frame of no content: one of these bytes, and then 2A 4D 18."""


class Opened(NamedTuple):
    """A file that can be read.

    Attributes:
        fd: The descriptor; whoever has it closes it.
        kind: What it holds.
        size: Its bytes at this moment.
        mtime: When it was last written, in nanoseconds since the epoch.
    """

    fd: int
    kind: FileKind
    size: int
    mtime: int


def inspect(path: Path) -> FileKind:
    """Return what kind of file it is.

    Raises:
        FilesError: It cannot be read at all, or is no file.
    """
    opened = _open(path)
    os.close(opened.fd)
    return opened.kind


def open_file(path: Path, *, binary: bool) -> Opened:
    """Open a regular file and find out what it holds.

    Args:
        path: Where it is.
        binary: Whether bytes that are no text are read all the same.

    Raises:
        FilesError: It cannot be read, is no file, or holds no lines.
    """
    opened = _open(path)
    sentence = refusal(path, opened.kind, binary=binary)
    if sentence is not None:
        os.close(opened.fd)
        raise FilesError(sentence)
    return opened


def refusal(path: Path, kind: FileKind, *, binary: bool) -> str | None:
    """Return why a kind of file is not read, and what to do; None if it is."""
    quoted = shlex.quote(str(path))
    if kind in _UNPACKERS:
        return f"{path} is a {kind} archive: unpack it on the way in: {_UNPACKERS[kind]} {quoted} | hallucino open -"
    if kind is FileKind.BINARY and not binary:
        return (
            f"{path} holds binary data and no lines of text: name another file, or read it all the same with --binary."
        )
    if kind in {FileKind.UTF16, FileKind.UTF32}:
        return f"{path} is {kind} text: convert it on the way in: iconv -f {kind} -t UTF-8 {quoted} | hallucino open -"
    return None


def refusal_of_pipe(title: str, kind: FileKind, *, binary: bool) -> str | None:
    """Return why what comes out of a pipe is not read, and what to do; None if it is."""
    if kind in {FileKind.UTF16, FileKind.UTF32}:
        return f"{title} is {kind} text: convert it on the way in with iconv -f {kind} -t UTF-8."
    if kind is FileKind.BINARY and not binary:
        return f"{title} holds binary data and no lines of text: send text, or read it all the same with --binary."
    if kind in {FileKind.PLAIN, FileKind.BINARY}:
        return None
    return f"{title} is a {kind} archive: unpack it on the way in, or name the file itself."


def kind_of(head: bytes, tail: bytes = b"") -> FileKind:
    """Tell what bytes are.

    Args:
        head: The first 64 KiB, or what there is.
        tail: The last 64 KiB; looked at if the head is nothing but NUL. A log that was cut off under a writer that
            does not append begins with a hole of them.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:1] in _SKIPPABLE and head[1:4] == b"\x2a\x4d\x18" and head:
        return FileKind.ZSTD
    text = np.frombuffer(head.lstrip(b"\0") or tail.lstrip(b"\0"), np.uint8)
    if not len(text):
        return FileKind.PLAIN
    if _is_wide(np.frombuffer(head, np.uint8)):
        return FileKind.UTF16
    counts = np.bincount(text, minlength=32)[:32]
    control = int(counts.sum() - counts[list(b"\b\t\n\v\f\r\x1b")].sum())
    return FileKind.BINARY if control > _MOST_CONTROL * len(text) else FileKind.PLAIN


def _is_wide(text: NDArray[np.uint8]) -> bool:
    """Say whether every other byte is NUL and hardly any of the rest: UTF-16 without a mark, of a Western language."""
    first, second = np.count_nonzero(text[::2] == 0), np.count_nonzero(text[1::2] == 0)
    return len(text) > 3 and bool(max(first, second) > 0.4 * len(text) and min(first, second) < 0.01 * len(text))


def _open(path: Path) -> Opened:
    try:
        # Without O_NONBLOCK a pipe that took the file's place would hold us up until somebody writes to it.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise cannot_read(path, error) from error
    try:
        status = os.fstat(fd)
        refuse_what_is_no_file(path, status.st_mode, pipes=False)
        head = os.pread(fd, HEAD_BYTES, 0)
        tail = os.pread(fd, HEAD_BYTES, max(status.st_size - HEAD_BYTES, 0)) if not head.strip(b"\0") else b""
    except OSError as error:
        os.close(fd)
        raise cannot_read(path, error) from error
    except FilesError:
        os.close(fd)
        raise
    return Opened(fd, kind_of(head, tail), status.st_size, status.st_mtime_ns)
