"""Files that go on: appended to, rotated, cut off, gone and back again."""

from __future__ import annotations

import asyncio
import gzip
import os
import tempfile
from pathlib import Path

import pytest
from files_world import NOON, SECONDS, Reading, at, move, reading, remove, rewrite, stamped, texts, write
from hypothesis import given, settings
from hypothesis import strategies as st
from test_files_reading import broken_disk

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files import follow as follow_module
from hallucino_tui.sources.files.follow import LATE_SECONDS

ROTATED = "app.log was rotated: the new file is read from its start"
BACK = "app.log is back: the new file is read from its start"
GONE = "app.log is gone: it is waited for"
CUT = "app.log was cut off and is read from its start: lines that were written just before may be missing"
AGAIN = "app.log can be read again"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    write(path, stamped(1, "one"))
    return path


def folder_at(path: Path) -> None:
    path.mkdir()


def size_of(path: Path) -> int:
    return path.stat().st_size


def words(read: Reading) -> list[str]:
    """Return lines by their last word, and notices, in order."""
    return [one if isinstance(one, str) else one.split(b" ")[-1].decode() for one in read.story]


async def test_appended_lines_come(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        assert read.receipt.state is StreamState.LIVE
        write(path, stamped(2, "two"), "  frame")
        await read.look()
        await read.look()
        write(path, stamped(3, "three"))
        await read.look()
        assert words(read) == ["one", "two", "frame", "three"]
        assert read.times == [at(1), at(2), at(2), at(3)]
        assert read.receipt.lines == 4


async def test_a_line_waits_for_its_end(path: Path) -> None:
    write(path, stamped(2, "tw"), end=b"")
    async with reading(path, follow=True) as read:
        await read.ready()
        await read.look(2)
        assert words(read) == ["one"]
        write(path, "o", stamped(3, "thr"), end=b"")
        await read.look()
        assert words(read) == ["one"]
        write(path, "ee")
        await read.look()
        assert read.lines[1] == (stamped(2, "two") + stamped(3, "three")).encode()


async def test_an_unfinished_line_is_given_at_the_end(path: Path) -> None:
    write(path, stamped(2, "two"), end=b"")
    async with reading(path, follow=True) as read:
        await read.ready()
        await read.look()
    assert words(read) == ["one", "two"]


async def test_lines_without_times_are_given_the_time_at_which_they_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "plain"
    write(path, "before")
    os.utime(path, ns=(at(0), at(0)))
    async with reading(path, follow=True) as read:
        await read.ready()
        write(path, "after")
        await read.look()
        assert read.times == [at(0), NOON + SECONDS // 4]


async def test_a_file_that_is_empty_at_first_has_its_times_found_later(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.touch()
    async with reading(path, follow=True) as read:
        await read.ready()
        await read.look()
        write(path, stamped(7))
        await read.look()
        assert read.times == [at(7)]


async def test_a_renamed_file_is_read_to_its_end_and_then_its_successor(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        write(path, stamped(2, "two"))
        move(path)
        write(path.with_suffix(".1"), stamped(3, "three"))
        write(path, stamped(4, "four"))
        await read.look()
        write(path, stamped(5, "five"))
        await read.look()
        assert words(read) == ["one", "two", "three", ROTATED, "four", "five"]
        assert read.notices == [(NoticeKind.RESTART, ROTATED)]
        assert read.times == [at(number) for number in range(1, 6)]
        assert read.receipt.state is StreamState.LIVE
        assert read.receipt.gaps == 0


async def test_a_rotation_that_is_seen_half_done_is_a_rotation(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        move(path)
        await read.look()
        assert read.notices == []
        write(path, stamped(2, "two"))
        await read.look()
        assert words(read) == ["one", ROTATED, "two"]


async def test_while_the_successor_is_empty_the_old_file_is_read(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        move(path)
        write(path)
        for number, word in ((2, "two"), (3, "three")):
            write(path.with_suffix(".1"), stamped(number, word))
            await read.look()
        write(path, stamped(4, "four"))
        await read.look()
        assert words(read) == ["one", "two", "three", ROTATED, "four"]


async def test_what_is_written_late_to_the_old_file_comes(path: Path) -> None:
    old = path.with_suffix(".1")
    async with reading(path, follow=True) as read:
        await read.ready()
        move(path, old)
        write(path, stamped(4, "four"))
        await read.look()
        write(old, stamped(3, "three"))
        write(old, stamped(4, "end"), end=b"")
        await read.look()
        assert words(read) == ["one", ROTATED, "four", "three"]
        assert read.times[-1] == at(3)
        await read.look(int(LATE_SECONDS * 4))
        assert words(read) == ["one", ROTATED, "four", "three", "end"]
        write(old, "nobody reads this")
        await read.look()
        assert read.receipt.lines == 4


async def test_a_file_that_is_cut_off_is_read_from_its_start(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        write(path, stamped(2, "two"), "half", end=b"\n")
        await read.look()
        rewrite(path, b"")
        await read.look()
        write(path, stamped(3, "three"))
        await read.look()
        assert words(read) == ["one", "two", "half", CUT, "three"]
        assert read.notices == [(NoticeKind.GAP, CUT)]
        assert read.receipt.gaps == 1


async def test_an_unfinished_line_stays_when_its_file_is_cut_off(path: Path) -> None:
    write(path, "half", end=b"")
    async with reading(path, follow=True) as read:
        await read.ready()
        rewrite(path, b"new\n")
        await read.look()
        assert words(read) == ["one", "half", CUT, "new"]


async def test_a_file_that_was_cut_off_and_grew_meanwhile_is_noticed(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        rewrite(path, b"".join(f"{stamped(number, f'new{number}')}\n".encode() for number in range(3)))
        await read.look()
        assert words(read) == ["one", CUT, "new0", "new1", "new2"]


async def test_a_writer_that_does_not_append_leaves_a_hole_that_is_left_out(path: Path) -> None:
    writer = os.open(path, os.O_WRONLY)
    os.lseek(writer, 0, os.SEEK_END)
    os.write(writer, b"x" * 100_000 + b"\n")
    async with reading(path, follow=True) as read:
        await read.ready()
        os.truncate(path, 0)
        await read.look()
        os.write(writer, b"behind\n")
        await read.look()
        os.write(writer, b"further\n")
        await read.look()
        os.close(writer)
        assert read.lines[2:] == [b"behind", b"further"]
        assert texts(read.notices) == [CUT]


async def test_a_file_that_goes_and_comes_back(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        remove(path)
        await read.look(5)
        assert words(read) == ["one", GONE]
        assert read.receipt.state is StreamState.WAITING
        write(path, stamped(2, "two"))
        await read.look()
        assert words(read) == ["one", GONE, BACK, "two"]
        assert read.receipt.state is StreamState.LIVE


async def test_a_file_that_is_moved_away_and_back_is_not_read_again(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        move(path)
        await read.look(2)
        move(path.with_suffix(".1"), path)
        await read.look()
        write(path, stamped(2, "two"))
        await read.look()
        assert words(read) == ["one", GONE, AGAIN, "two"]


async def test_a_directory_in_the_files_place_is_said_once(path: Path) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        remove(path)
        folder_at(path)
        await read.look(3)
        (text,) = texts(read.notices)
        assert text == f"{path} is a directory: name its files, for example {path}/*.log."
        assert (read.receipt.state, read.receipt.detail) == (StreamState.FAILED, text)
        remove(path)
        write(path, stamped(2, "two"))
        await read.look()
        assert words(read)[-2:] == [ROTATED, "two"]
        assert read.receipt.state is StreamState.LIVE


async def test_a_link_that_leads_elsewhere_is_a_rotation(tmp_path: Path) -> None:
    for number in (1, 2):
        write(tmp_path / f"{number}.log", stamped(number, str(number)))
    path = tmp_path / "app.log"
    path.symlink_to("1.log")
    async with reading(path, follow=True) as read:
        await read.ready()
        (tmp_path / "next").symlink_to("2.log")
        (tmp_path / "next").replace(path)
        await read.look()
        assert words(read) == ["1", ROTATED, "2"]


async def test_a_successor_that_may_not_be_read_is_said_once_and_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = follow_module.open_file

    def refuse(path: Path, *, binary: bool) -> object:
        if b"secret" in path.read_bytes():
            raise PermissionError
        return real(path, binary=binary)

    def translated(path: Path, *, binary: bool) -> object:
        try:
            return refuse(path, binary=binary)
        except PermissionError as error:
            raise follow_module.FilesError("it may not be read.") from error

    monkeypatch.setattr(follow_module, "open_file", translated)
    async with reading(path, follow=True) as read:
        await read.ready()
        move(path)
        write(path, "secret")
        await read.look(3)
        write(path.with_suffix(".1"), stamped(2, "two"))
        await read.look(2)
        assert words(read) == ["one", "it may not be read.", "two"]
        assert read.receipt.state is StreamState.FAILED
        rewrite(path, b"open\n")
        await read.look()
        assert words(read)[-2:] == [ROTATED, "open"]


async def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    async with reading(path, follow=True) as read:
        await read.ready()
        assert read.logs.ready.is_set()
        await read.look(3)
        assert read.receipt.state is StreamState.WAITING
        write(path, stamped(1, "one"))
        await read.look()
        assert words(read) == [f"{path} does not exist: check the name and the folder.", GONE, BACK, "one"]


async def test_a_fault_of_the_disk_is_said_once_and_reading_goes_on_when_it_is_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(path, follow=True) as read:
        await read.ready()
        with monkeypatch.context() as broken:
            broken_disk(broken, path, size_of(path))
            write(path, stamped(2, "two"))
            await read.look(3)
            (text,) = texts(read.notices)
            assert "input/output error" in text
            assert read.receipt.state is StreamState.FAILED
        await read.look()
        assert words(read) == ["one", text, "two", AGAIN]
        assert read.receipt.state is StreamState.LIVE


async def test_other_files_go_on_beside_one_that_is_gone(path: Path) -> None:
    other = path.with_name("other.log")
    write(other, stamped(1, "uno"))
    async with reading(path, other, follow=True) as read:
        await read.ready()
        remove(path)
        write(other, stamped(2, "due"))
        await read.look(2)
        write(other, stamped(3, "tre"))
        await read.look()
        assert [line.split()[-1] for line in read.lines] == [b"one", b"uno", b"due", b"tre"]


async def test_archives_are_read_once_and_a_source_of_nothing_else_ends(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n"))
    async with reading(tmp_path / "a.gz", follow=True) as read:
        await read.end()
    assert read.lines == [b"one"]
    assert read.receipt.state is StreamState.ENDED


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(1, 5)),
        st.tuples(st.just("half"), st.integers(1, 5)),
        st.tuples(st.just("rename"), st.integers(0, 1)),
        st.tuples(st.just("cut"), st.just(0)),
        st.tuples(st.just("look"), st.integers(1, 3)),
    ),
    max_size=20,
)


@settings(max_examples=25)
@given(CHANGES)
def test_no_line_is_lost_or_comes_twice_whatever_happens_to_a_file(changes: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_change_and_follow(Path(folder), changes))


async def _change_and_follow(folder: Path, changes: list[tuple[str, int]]) -> None:
    path = folder / "app.log"
    path.touch()
    written: list[bytes] = []
    async with reading(path, follow=True) as read:
        await read.ready()

        def add(count: int) -> None:
            for _ in range(count):
                written.append(f"line {len(written)}".encode())
                write(path, written[-1])

        for serial, (what, count) in enumerate(changes):
            if what == "write":
                add(count)
            elif what == "half":
                written.append(f"line {len(written)}".encode())
                write(path, written[-1][:count], end=b"")
                await read.look()
                write(path, written[-1][count:])
            elif what == "rename":
                move(path, folder / f"app.log.{serial}")
                add(1)
                await read.look(count + 1)
            elif what == "cut":
                await read.look()
                os.truncate(path, 0)
                await read.look()
            else:
                await read.look(count)
        await read.look(2)
    assert read.lines == written
