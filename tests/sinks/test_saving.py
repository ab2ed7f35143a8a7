"""Lines in a file: all of them, for their owner alone, and never over another file."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hallucino_tui.sinks import files
from hallucino_tui.sinks.files import SaveError, save_lines

FULL = Path("/dev/full")


async def test_lines_arrive_as_they_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    before = os.umask(0)
    try:
        assert await save_lines(str(path), iter([b"one\n", b"\xff\x00two\n", b""])) == 10
    finally:
        os.umask(before)
    assert path.read_bytes() == b"one\n\xff\x00two\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    await save_lines("~/lines.txt", iter([b"x\n"]))
    assert (tmp_path / "lines.txt").read_bytes() == b"x\n"


async def test_no_lines_make_an_empty_file(tmp_path: Path) -> None:
    assert await save_lines(str(tmp_path / "none"), iter([])) == 0
    assert (tmp_path / "none").read_bytes() == b""


@pytest.mark.parametrize("kind", ["file", "link to a file", "link to nothing", "folder"])
async def test_what_is_there_already_stays(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "lines.txt", tmp_path / "other"
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_bytes(b"mine")
    else:
        path.symlink_to(other)
        if kind == "link to a file":
            other.write_bytes(b"mine")
    with pytest.raises(SaveError, match=r"exists already: choose another name\.$"):
        await save_lines(str(path), iter([b"x\n"]))
    assert kind != "file" or path.read_bytes() == b"mine"
    assert other.exists() is (kind == "link to a file")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing/lines.txt", "No such file or directory"),
        ("file/lines.txt", "Not a directory"),
        ("x" * 300, "File name too long"),
    ],
)
async def test_a_place_that_is_none_is_said(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SaveError, match=rf"cannot be written: {why}; choose another place\.$") as caught:
        await save_lines(str(tmp_path / name), iter([b"x\n"]))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
async def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "_private", lambda _path, _flags: os.open(FULL, os.O_WRONLY))
    with pytest.raises(SaveError, match="No space left on device; choose another place"):
        await save_lines(str(tmp_path / "lines.txt"), iter([b"x\n" * 100_000]))


async def test_half_a_file_does_not_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"

    def broken() -> Iterator[bytes]:
        yield b"one\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(SaveError, match="No space left"):
        await save_lines(str(path), broken())
    assert not path.exists()
