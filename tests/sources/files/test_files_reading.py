"""Files read to their ends: lines, order, progress, and what can go wrong."""

from __future__ import annotations

import asyncio
import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from files_world import NOON, at, read_all, reading, stamped, texts, until, write
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files import generation, outlet
from hallucino_tui.sources.files.generation import CHUNK_BYTES


def touch(path: Path, second: int) -> None:
    os.utime(path, ns=(at(second), at(second)))


async def test_all_lines_of_a_file_come_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    write(path, stamped(1), "  a frame", stamped(2), "")
    read = await read_all(path)
    assert read.lines == [stamped(1).encode(), b"  a frame", stamped(2).encode(), b""]
    assert read.times == [at(1), at(1), at(2), at(2)]
    assert read.receipt.state is StreamState.ENDED
    assert (read.receipt.lines, read.receipt.bytes) == (4, sum(map(len, read.lines)))
    assert read.receipt.last_line == NOON
    assert read.logs.progress == (path.stat().st_size, path.stat().st_size)
    stream = read.table[0]
    assert (stream.title, stream.part, stream.labels) == ("app.log", "", {"filename": str(path)})
    assert read.notices == []


@given(st.binary(max_size=2000))
def test_any_bytes_come_back_as_the_lines_that_they_are(data: bytes) -> None:
    data = b"a text" + data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        read = asyncio.run(read_all(path, binary=True))
    assert read.lines == data.removesuffix(b"\n").split(b"\n")


async def test_a_last_line_without_its_newline_is_a_line(tmp_path: Path) -> None:
    write(tmp_path / "a", "one", "two", end=b"")
    write(tmp_path / "b", "three")
    assert (await read_all(tmp_path / "a", tmp_path / "b")).lines == [b"onetwo", b"three"]


async def test_an_empty_file_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    read = await read_all(tmp_path / "empty")
    assert read.taken == []
    assert read.receipt.state is StreamState.ENDED


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
async def test_a_file_of_no_size_may_have_content() -> None:
    assert (await read_all(Path("/proc/self/status"))).lines[0].startswith(b"Name:")


async def test_files_without_times_stand_one_after_the_other_from_the_oldest(tmp_path: Path) -> None:
    for name, second in (("a", 30), ("b", 10), ("c", 10)):
        write(tmp_path / name, f"{name}1", f"{name}2")
        touch(tmp_path / name, second)
    read = await read_all(*(tmp_path / name for name in "abc"))
    assert read.lines == [b"b1", b"b2", b"c1", b"c2", b"a1", b"a2"]
    assert read.times == [at(10)] * 2 + [at(10) + 1] * 2 + [at(30)] * 2


async def test_a_file_that_begins_with_lines_without_times_has_the_times_of_its_rest(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    write(path, *["= a line of a banner ="] * 30_000, *(stamped(number) for number in range(3600)))
    read = await read_all(path)
    assert read.times[:30_000] == [at(0)] * 30_000
    assert read.times[30_000:] == [at(number) for number in range(3600)]


async def test_files_of_many_chunks_come_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "CHUNK_BYTES", 1000)
    path = tmp_path / "app.log"
    write(path, *(stamped(number, "word " * (number % 500)) for number in range(2000)))
    read = await read_all(path)
    assert b"\n".join(read.lines) + b"\n" == path.read_bytes()
    assert read.times == [at(number) for number in range(2000)]


async def test_lines_wait_in_bounded_memory_until_they_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "large.log"
    path.write_bytes((b"x" * 99 + b"\n") * 1_000_000)
    async with reading(path) as read:
        await until(lambda: not read.logs._outlet._has_room.is_set())
        waiting = read.logs._outlet._waiting
        for _ in range(1000):
            await asyncio.sleep(0)
        assert read.logs._outlet._waiting == waiting
        assert outlet.READ_AHEAD <= waiting < outlet.READ_AHEAD + 4 * CHUNK_BYTES
        done, size = read.logs.progress
        assert 0 < done < size == 100_000_000
        assert not read.logs.ready.is_set()
        await read.end()
        assert read.receipt.lines == 1_000_000
        assert read.logs.ready.is_set()
        await read.logs.wait_ready()


async def test_a_line_of_twenty_megabytes_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"before\n" + b"x" * (20 << 20) + b"\nafter")
    read = await read_all(path)
    assert [len(line) for line in read.lines] == [6, 20 << 20, 5]


async def test_archives_are_read_beside_files(tmp_path: Path) -> None:
    lines = [stamped(number).encode() for number in range(3000)]
    (tmp_path / "a.gz").write_bytes(
        gzip.compress(b"\n".join(lines[:1000])) + gzip.compress(b"\n" + b"\n".join(lines[1000:2000]))
    )
    (tmp_path / "b.zst").write_bytes(zstandard.compress(b"\n".join(lines[2000:])))
    read = await read_all(tmp_path / "a.gz", tmp_path / "b.zst")
    assert read.lines == lines
    assert read.times == [at(number) for number in range(3000)]
    sizes = sum((tmp_path / name).stat().st_size for name in ("a.gz", "b.zst"))
    assert read.logs.progress == (sizes, sizes)


@pytest.mark.parametrize("name", ["app.log.gz", "app.log.zst"])
async def test_a_broken_archive_gives_its_lines_up_to_there_and_one_sentence(name: str, tmp_path: Path) -> None:
    lines = [stamped(number, f"request {number * 7919 % 1000}").encode() for number in range(3600)] * 3
    data = b"\n".join(lines) + b"\n"
    packed = gzip.compress(data) if name.endswith("gz") else zstandard.compress(data)
    path = tmp_path / name
    path.write_bytes(packed[:-40])
    write(tmp_path / "other", "another file")
    read = await read_all(path, tmp_path / "other")
    kind = "gzip" if name.endswith("gz") else "zstd"
    sentence = f"{path} is a broken {kind} archive (it is cut off): lines up to there are read."
    assert read.notices == [(NoticeKind.ERROR, sentence)]
    receipt, other = read.logs.receipts()
    assert (receipt.state, receipt.detail) == (StreamState.FAILED, sentence)
    assert other.state is StreamState.ENDED
    assert data.startswith(b"\n".join(read.lines[: receipt.lines]))
    assert receipt.lines > 0


async def test_an_archive_of_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "image.gz").write_bytes(gzip.compress(bytes(range(256)) * 100))
    read = await read_all(tmp_path / "image.gz")
    assert read.lines == []
    (text,) = texts(read.notices)
    assert text.startswith("What is packed in it cannot be shown: ")


async def test_what_is_no_text_is_refused_and_the_other_files_go_on(tmp_path: Path) -> None:
    write(tmp_path / "good", stamped(1))
    (tmp_path / "binary").write_bytes(bytes(range(32)) * 100)
    (tmp_path / "wide").write_bytes("words\n".encode("utf-16"))
    (tmp_path / "folder").mkdir()
    names = ("binary", "folder", "gone", "good", "wide")
    read = await read_all(*(tmp_path / name for name in names))
    assert read.lines == [stamped(1).encode()]
    states = {receipt.stream.title: receipt.state for receipt in read.logs.receipts()}
    assert states == {name: StreamState.ENDED if name == "good" else StreamState.FAILED for name in names}
    said = " ".join(texts(read.notices))
    for words in ("binary data", "is a directory", "does not exist", "iconv -f UTF-16"):
        assert words in said


async def test_binary_data_is_read_on_demand(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\0\1\2\n" * 100)
    assert (await read_all(tmp_path / "binary", binary=True)).lines == [b"\0\1\2"] * 100


def broken_disk(monkeypatch: pytest.MonkeyPatch, path: Path, good: int) -> None:
    """Let the system fail to read a file behind some byte."""
    real = os.pread

    def fail(fd: int, count: int, offset: int) -> bytes:
        if os.fstat(fd).st_ino == path.stat().st_ino and offset >= good:
            raise OSError(5, "Input/output error")
        return real(
            fd, min(count, max(good - offset, 0)) if os.fstat(fd).st_ino == path.stat().st_ino else count, offset
        )

    monkeypatch.setattr(os, "pread", fail)


async def test_a_fault_of_the_disk_ends_one_file_and_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "bad", "one", "two", "three")
    write(tmp_path / "good", "four")
    broken_disk(monkeypatch, tmp_path / "bad", 9)
    read = await read_all(tmp_path / "bad", tmp_path / "good")
    assert sorted(read.lines) == [b"four", b"one", b"t", b"two"]
    (text,) = texts(read.notices)
    assert "cannot be read (input/output error)" in text
    assert text.endswith("Up to byte 9 it was read.")
    assert [receipt.state for receipt in read.logs.receipts()] == [StreamState.FAILED, StreamState.ENDED]


async def test_a_file_that_shrinks_while_it_is_read_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log"
    write(path, *(stamped(number) for number in range(1000)))
    size = path.stat().st_size
    real = generation.Generation.read_to

    def shrink(self: generation.Generation, stop: int | None, arrival: int | None) -> Iterator[object]:
        yield from real(self, size // 2, arrival)
        os.truncate(path, 100)
        yield from real(self, stop, arrival)

    monkeypatch.setattr(generation.Generation, "read_to", shrink)
    read = await read_all(path)
    assert len(read.lines) >= 500
    words = f"app.log shrank from {size} to 100 bytes while it was read: "
    assert read.notices == [(NoticeKind.GAP, words + f"the {size // 2} bytes that were read before are kept")]
    assert (read.receipt.state, read.receipt.gaps) == (StreamState.ENDED, 1)


async def test_a_hole_at_the_beginning_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    with path.open("wb") as file:
        file.seek(1 << 20)
        file.write(b"behind a hole\n")
    if path.stat().st_blocks * 512 >= 1 << 20:
        pytest.skip("this file system has no holes")
    read = await read_all(path)
    assert read.lines == [b"behind a hole"]
    (text,) = texts(read.notices)
    assert text.startswith("app.log begins with 1048576 bytes that were never written")


async def test_an_index_reads_what_plain_files_hold_at_first(tmp_path: Path) -> None:
    calls: list[tuple[int, int, str, int]] = []

    def index(fd: int, start: int, stop: int, stream: int, format_: object, carry: int) -> Iterator[Part]:
        calls.append((start, stop, getattr(format_, "name", ""), carry))
        yield Part(None, 2, at(1), at(2), stop - start - 2)  # type: ignore[arg-type]

    path = tmp_path / "app.log"
    write(path, stamped(1), stamped(2))
    size = path.stat().st_size
    write(path, "unfinished", end=b"")
    async with reading(path, follow=True, index=index) as read:
        await read.ready()
        assert calls[0][:2] == (0, size)
        assert calls[0][2]
        assert calls[0][3] == at(1)
        assert [type(item) for item in read.taken] == [Part]
        assert (read.receipt.lines, read.receipt.bytes) == (2, size - 2)
        write(path, " no more", stamped(0))
        await read.look()
        assert read.lines == [b"unfinished no more", stamped(0).encode()]
        assert read.times == [at(2), at(2)]
    read = await read_all(path, index=index)
    assert calls[-1][1] == path.stat().st_size
    assert read.lines == []


async def test_small_batches_of_many_files_come_as_one(tmp_path: Path) -> None:
    for number in range(50):
        write(tmp_path / f"{number:02d}.log", f"line of {number}")
    async with reading(*(tmp_path / f"{number:02d}.log" for number in range(50))) as read:
        await read.task
        (batch,) = read.logs.take()
    assert isinstance(batch, Batch)
    assert sorted(read.table[number].title for number in batch.streams.tolist()) == [
        f"{number:02d}.log" for number in range(50)
    ]
    assert [batch.line(row).decode() for row in range(50)] == [
        f"line of {int(read.table[number].title[:2])}" for number in batch.streams.tolist()
    ]


async def test_a_defect_with_one_file_is_said_and_ends_no_other(tmp_path: Path) -> None:
    def index(fd: int, start: int, *rest: object) -> Iterator[Part]:
        raise ZeroDivisionError
        yield

    write(tmp_path / "a.log", "one")
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"two\n"))
    read = await read_all(tmp_path / "a.log", tmp_path / "b.gz", index=index)
    assert read.lines == [b"two"]
    assert "please report it" in texts(read.notices)[0]
    assert [receipt.state for receipt in read.logs.receipts()] == [StreamState.FAILED, StreamState.ENDED]


async def test_a_source_without_files_is_ready_and_ends() -> None:
    read = await read_all()
    assert read.logs.ready.is_set()
    assert read.logs.progress == (0, 0)
    assert read.logs.receipts() == []


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_closing_in_the_middle_leaves_no_file_open(tmp_path: Path) -> None:
    path = tmp_path / "large.log"
    path.write_bytes((b"x" * 99 + b"\n") * 1_000_000)
    before = open_files()
    async with reading(path) as read:
        await until(lambda: read.logs.progress[0] > 0)
    assert open_files() == before
