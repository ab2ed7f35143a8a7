"""Standard input and named pipes."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from files_world import NOON, HandClock, Reading, at, reading, stamped, texts, until, write
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files.paths import STDIN
from hallucino_tui.sources.files.pipe import PAUSE_SECONDS, QUIET_SECONDS


@dataclass
class Pipe:
    read_end: int
    write_end: int

    def write(self, data: str | bytes) -> None:
        os.write(self.write_end, data if isinstance(data, bytes) else data.encode())

    def end(self) -> None:
        os.close(self.write_end)
        self.write_end = -1


@contextlib.contextmanager
def piping() -> Iterator[Pipe]:
    pipe = Pipe(*os.pipe())
    try:
        yield pipe
    finally:
        os.close(pipe.read_end)
        if pipe.write_end >= 0:
            os.close(pipe.write_end)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    with piping() as entered:
        yield entered


async def quiet(read: Reading) -> None:
    """Let the first lines be enough."""
    await read.clock.asleep(QUIET_SECONDS)
    read.clock.advance(QUIET_SECONDS)


async def test_lines_come_as_they_are_written_and_the_end_is_said(pipe: Pipe) -> None:
    async with reading(STDIN, stdin=pipe.read_end, patience=PAUSE_SECONDS) as read:
        pipe.write(f"{stamped(1)}\n{stamped(2)}\n")
        await quiet(read)
        await read.until(lambda: len(read.lines) == 2)
        assert read.receipt.state is StreamState.LIVE
        pipe.write(f"{stamped(3)}\nunfini")
        await read.until(lambda: len(read.lines) == 3)
        pipe.write("shed\nlast")
        await read.until(lambda: len(read.lines) == 4)
        pipe.end()
        await read.end()
        assert read.lines[3:] == [b"unfinished", b"last"]
        assert read.times == [at(1), at(2), at(3), at(3), at(3)]
        assert read.notices == [(NoticeKind.END, "stdin ended")]
        assert read.receipt.state is StreamState.ENDED
        assert read.receipt.lines == 5
        stream = read.table[0]
        assert (stream.title, stream.labels) == ("stdin", {"filename": "-"})


async def test_lines_without_times_have_the_time_at_which_they_come(pipe: Pipe) -> None:
    clock = HandClock(PAUSE_SECONDS)
    async with reading(STDIN, stdin=pipe.read_end, clock=clock) as read:
        pipe.write("one\n")
        await quiet(read)
        await read.until(lambda: len(read.lines) == 1)
        clock.advance(60)
        pipe.write("two\n")
        await read.until(lambda: len(read.lines) == 2)
        first, second = read.times
        assert NOON <= first < second
        assert second - first >= 60 * 10**9


async def test_the_first_lines_wait_for_those_that_show_how_times_are_written(pipe: Pipe) -> None:
    async with reading(STDIN, stdin=pipe.read_end, patience=PAUSE_SECONDS) as read:
        pipe.write("a banner\n")
        await read.clock.asleep(QUIET_SECONDS)
        assert read.lines == []
        pipe.write("".join(f"{stamped(number)}\n" for number in range(5)))
        await read.clock.awake(QUIET_SECONDS)
        await quiet(read)
        await read.until(lambda: len(read.lines) == 6)
        assert read.times == [at(0), *(at(number) for number in range(5))]


async def test_many_lines_at_once_need_no_quiet_moment(pipe: Pipe) -> None:
    lines = [stamped(number).encode() for number in range(3000)]

    def fill() -> None:
        data = b"\n".join(lines) + b"\n"
        while data:
            data = data[os.write(pipe.write_end, data) :]

    async with reading(STDIN, stdin=pipe.read_end, patience=PAUSE_SECONDS) as read:
        filling = asyncio.create_task(asyncio.to_thread(fill))
        await read.until(lambda: len(read.lines) == 3000)
        await filling
        assert read.lines == lines
        assert read.times == [at(number) for number in range(3000)]


@settings(max_examples=25)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_any_bytes_in_any_pieces_come_back_as_the_lines_that_they_are(pieces: list[bytes]) -> None:
    async def pipe_through() -> list[bytes]:
        with piping() as pipe:
            async with reading(STDIN, stdin=pipe.read_end, patience=QUIET_SECONDS, binary=True) as read:
                pipe.write("a text")
                for piece in pieces:
                    pipe.write(piece)
                    for _ in range(5):
                        await asyncio.sleep(0)
                pipe.end()
                await read.end()
                return read.lines

    data = b"a text" + b"".join(pieces)
    assert asyncio.run(pipe_through()) == data.removesuffix(b"\n").split(b"\n")


async def test_an_empty_pipe_ends(pipe: Pipe) -> None:
    pipe.end()
    async with reading(STDIN, stdin=pipe.read_end) as read:
        await read.end()
    assert read.lines == []
    assert texts(read.notices) == ["stdin ended"]


async def test_what_is_held_back_is_given_when_reading_is_ended(pipe: Pipe) -> None:
    async with reading(STDIN, stdin=pipe.read_end, patience=PAUSE_SECONDS) as read:
        pipe.write("one\ntwo")
        await read.clock.asleep(QUIET_SECONDS)
    assert read.lines == [b"one", b"two"]


async def test_what_comes_too_fast_waits_in_the_pipe(pipe: Pipe) -> None:
    block = (b"x" * 99 + b"\n") * 10_000
    stopped = False

    def fill() -> None:
        while not stopped:
            with contextlib.suppress(BrokenPipeError):
                os.write(pipe.write_end, block)

    async with reading(STDIN, stdin=pipe.read_end, patience=QUIET_SECONDS) as read:
        filling = asyncio.create_task(asyncio.to_thread(fill))
        await until(lambda: not read.logs._outlet._has_room.is_set())
        for _ in range(100):
            await asyncio.sleep(0)
        waiting = read.logs._outlet._waiting
        stopped = True
        await read.until(filling.done)
    assert waiting < 64 << 20


async def test_standard_input_may_be_a_file(tmp_path: Path) -> None:
    write(tmp_path / "file", stamped(1), "two")
    with (tmp_path / "file").open("rb") as file:
        async with reading(STDIN, stdin=file.fileno(), patience=QUIET_SECONDS) as read:
            await read.end()
    assert read.lines == [stamped(1).encode(), b"two"]


async def test_standard_input_may_be_nothing() -> None:
    nothing = os.open("/dev/null", os.O_RDONLY)
    async with reading(STDIN, stdin=nothing) as read:
        await read.end()
    os.close(nothing)
    assert texts(read.notices) == ["stdin ended"]


async def test_a_closed_standard_input_is_said(pipe: Pipe) -> None:
    closed = os.dup(pipe.read_end)
    os.close(closed)
    async with reading(STDIN, stdin=closed) as read:
        await read.end()
    assert "bad file descriptor" in texts(read.notices)[0]
    assert read.receipt.state is StreamState.FAILED


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(b"one\n"), "stdin is a gzip archive: unpack it on the way in"),
        (bytes(range(32)) * 50, "stdin holds binary data"),
        ("words\n".encode("utf-16"), "stdin is UTF-16 text"),
    ],
    ids=["archive", "binary", "utf-16"],
)
async def test_what_is_no_text_is_refused_in_one_sentence(data: bytes, said: str, pipe: Pipe) -> None:
    pipe.write(data)
    pipe.end()
    async with reading(STDIN, stdin=pipe.read_end) as read:
        await read.end()
    (text,) = texts(read.notices)
    assert text.startswith(said)
    assert read.lines == []
    assert read.receipt.state is StreamState.FAILED


async def test_a_named_pipe_waits_for_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    write(tmp_path / "file", "beside it")
    async with reading(path, tmp_path / "file", patience=PAUSE_SECONDS) as read:
        await read.ready()
        assert read.lines == [b"beside it"]
        writer = os.open(path, os.O_WRONLY)
        os.write(writer, f"{stamped(1)}\n".encode())
        os.close(writer)
        await read.end()
    assert read.lines == [b"beside it", stamped(1).encode()]
    assert texts(read.notices) == ["pipe ended"]


async def test_the_descriptor_is_left_as_it_was(pipe: Pipe) -> None:
    async with reading(STDIN, stdin=pipe.read_end, patience=QUIET_SECONDS) as read:
        pipe.write("one\n")
        await read.until(lambda: len(read.lines) == 1)
    assert os.get_blocking(pipe.read_end)
