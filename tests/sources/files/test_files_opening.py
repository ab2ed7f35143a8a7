"""What a file holds by its first bytes."""

from __future__ import annotations

import codecs
import gzip
import os
import random
from pathlib import Path

import pytest
import zstandard

from hallucino_tui.sources.files.errors import FilesError
from hallucino_tui.sources.files.opening import FileKind, inspect, kind_of, open_file

LINES = b"2026-11-23T11:00:00Z INFO \x1b[32mstarted\x1b[0m\tw\xc3\xb6rld\r\n" * 50


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileKind.PLAIN),
        (LINES, FileKind.PLAIN),
        (codecs.BOM_UTF8 + LINES, FileKind.PLAIN),
        ("Grüße aus Köln\n".encode("latin-1") * 100, FileKind.PLAIN),
        ("日志已经写好了\n".encode("gbk") * 100, FileKind.PLAIN),
        (LINES + b"a \0 in a line\n", FileKind.PLAIN),
        (b"\0" * 5000 + LINES, FileKind.PLAIN),
        (b"\0" * 200_000 + LINES, FileKind.PLAIN),
        (gzip.compress(LINES), FileKind.GZIP),
        (zstandard.compress(LINES), FileKind.ZSTD),
        (b"\x53\x2a\x4d\x18\x02\0\0\0hi" + zstandard.compress(LINES), FileKind.ZSTD),
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0\x3e\0\x01\0\0\0" * 100, FileKind.BINARY),
        (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000), FileKind.BINARY),
        (LINES.decode().encode("utf-16"), FileKind.UTF16),
        (LINES.decode().encode("utf-16-le"), FileKind.UTF16),
        (LINES.decode().encode("utf-16-be"), FileKind.UTF16),
        (LINES.decode().encode("utf-32"), FileKind.UTF32),
        (b"\xfd7zXZ\0rest", FileKind.XZ),
        (b"BZh91AY", FileKind.BZIP2),
        (b"PK\x03\x04rest", FileKind.ZIP),
        (b"\x04\x22\x4d\x18rest", FileKind.LZ4),
    ],
    ids=lambda value: value if isinstance(value, FileKind) else "",
)  # fmt: skip
def test_the_first_bytes_tell_what_it_is(data: bytes, kind: FileKind, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert inspect(path) is kind


def test_a_head_alone_is_enough_to_tell() -> None:
    assert kind_of(b"\x1f\x8b\x08") is FileKind.GZIP
    assert kind_of(b"a") is FileKind.PLAIN


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(32)) * 50, "holds binary data and no lines of text"),
        ("words\n".encode("utf-16"), "is UTF-16 text: convert it on the way in: iconv -f UTF-16 -t UTF-8"),
        (b"\xfd7zXZ\0rest", "is a xz archive: unpack it on the way in: xzcat"),
    ],
    ids=["binary", "utf-16", "xz"],
)
def test_what_holds_no_lines_is_refused_in_one_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a file"
    path.write_bytes(data)
    with pytest.raises(FilesError) as caught:
        open_file(path, binary=False)
    assert str(caught.value).startswith(f"{path} {said}")
    assert "\n" not in str(caught.value)


def test_binary_data_is_read_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(32)) * 50)
    opened = open_file(path, binary=True)
    os.close(opened.fd)
    assert opened.kind is FileKind.BINARY
    assert opened.size == 1600


def test_a_pipe_that_took_the_files_place_does_not_hold_anybody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FilesError, match="is a pipe by now"):
        inspect(tmp_path / "pipe")
