"""Whole files as text: unpacked like logs, and refused where they hold none."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

from hallucino_tui.cli.common import Refused
from hallucino_tui.sources.files.decompress import BrokenArchiveError, gunzip, unzstd
from hallucino_tui.sources.files.opening import HEAD_BYTES, FileKind, kind_of

_UNPACK: Final = {FileKind.GZIP: gunzip, FileKind.ZSTD: unzstd}


def read_text(name: str, what: str) -> str:
    """Read a file, also one of .gz and .zst, or standard input.

    Args:
        name: The file's name; ``-`` for standard input.
        what: What it is to the user, for the middle of a sentence.

    Raises:
        Refused: It cannot be read to its end, or holds no text.
    """
    title = "standard input" if name == "-" else name
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Refused(f"Cannot read {what} from {title}: {error.strerror or error}.", 2) from error
    kind = _kind_of(content)
    if unpack := _UNPACK.get(kind):
        try:
            content = b"".join(unpack(io.BytesIO(content).read))
        except BrokenArchiveError as error:
            raise Refused(f"Cannot read {what} from {title}, a broken {kind} archive: {error}.", 2) from error
        kind = _kind_of(content)
    if kind is not FileKind.PLAIN:
        raise Refused(f"Cannot read {what} from {title}: {_reason(kind)}.", 2)
    return content.decode("utf-8", errors="replace")


def _kind_of(content: bytes) -> FileKind:
    return kind_of(content[:HEAD_BYTES], content[-HEAD_BYTES:])


def _reason(kind: FileKind) -> str:
    if kind is FileKind.BINARY:
        return "it holds binary data and no lines of text"
    if kind in {FileKind.UTF16, FileKind.UTF32}:
        return f"it is {kind} text; convert it with iconv -f {kind} -t UTF-8 first"
    return f"it is a {kind} archive; unpack it first"
