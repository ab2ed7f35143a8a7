"""From arguments to files: patterns, order, and the sentences for what cannot be read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hallucino_tui.session.cluster import SourceError
from hallucino_tui.sources.files import paths as paths_module
from hallucino_tui.sources.files.errors import FilesError
from hallucino_tui.sources.files.paths import STDIN, expand, short_titles


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "logs"
    (folder / "deep" / "deeper").mkdir(parents=True)
    for name in ("app.log.10", "app.log.9", "app.log", "web.log", "deep/one.log", "deep/deeper/two.log"):
        (folder / name).write_text("x\n")
    monkeypatch.chdir(folder)
    return folder


def sentence(*arguments: str) -> str:
    with pytest.raises(FilesError) as caught:
        expand(arguments)
    said = str(caught.value)
    assert isinstance(caught.value, SourceError)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_patterns_give_files_in_natural_order(folder: Path) -> None:
    assert expand(["app.log*"]) == [Path("app.log"), Path("app.log.9"), Path("app.log.10")]


def test_two_stars_go_through_all_folders(folder: Path) -> None:
    assert set(expand(["**/*.log"])) == {
        Path("app.log"), Path("web.log"), Path("deep/one.log"), Path("deep/deeper/two.log")
    }  # fmt: skip


def test_a_file_that_is_named_twice_is_read_once(folder: Path) -> None:
    (folder / "link.log").symlink_to("web.log")
    assert expand(["web.log", str(folder / "web.log"), "link.log", "w*.log"]) == [Path("web.log")]


def test_a_dash_is_standard_input_and_stays_a_dash(folder: Path) -> None:
    assert expand(["web.log", "-", "-"]) == [STDIN, Path("web.log")]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder: Path) -> None:
    (folder / "app[1].log").write_text("x\n")
    (folder / "app1.log").write_text("x\n")
    assert expand(["app[1].log"]) == [Path("app[1].log")]


def test_a_home_folder_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert expand(["~/web.log"]) == [folder / "web.log"]


def test_a_named_pipe_is_taken_without_waiting_for_its_writer(folder: Path) -> None:
    os.mkfifo("pipe")
    assert expand(["pipe"]) == [Path("pipe")]


def test_directories_that_a_pattern_matches_are_left_out(folder: Path) -> None:
    assert Path("deep") not in expand(["*"])


def test_nothing_matches(folder: Path) -> None:
    assert sentence("*.txt") == "Nothing matches *.txt: check the folder and the pattern."


def test_only_directories_match(folder: Path) -> None:
    assert sentence("d*p") == "d*p matches only directories: name their files, for example d*p/*.log."


def test_a_file_that_does_not_exist(folder: Path) -> None:
    assert sentence("none.log") == "none.log does not exist: check the name and the folder."
    assert sentence("web.log/none.log") == "web.log/none.log does not exist: check the name and the folder."


def test_a_directory(folder: Path) -> None:
    assert sentence("web.log", "deep") == "deep is a directory: name its files, for example deep/*.log."


def test_a_device(folder: Path) -> None:
    said = "/dev/null is a device: only files and pipes can be read; use - for standard input."
    assert sentence("/dev/null") == said


def test_a_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert sentence("socket") == "socket is a socket: only files and pipes can be read."


def forbid(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the system refuse some files, whoever runs the tests."""
    real = os.open

    def refuse(path: Path, flags: int, *rest: int) -> int:
        if Path(path).name in names:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags, *rest)

    monkeypatch.setattr(paths_module.os, "open", refuse)


def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, "web.log")
    assert sentence("web.log") == (
        "web.log cannot be read (permission denied): ask for the right to read it, "
        "or pipe it in: sudo cat web.log | hallucino open -."
    )
    assert "web.log cannot be read" in sentence("w*.log")


def test_of_what_a_pattern_matches_the_readable_is_enough(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, "web.log")
    assert expand(["*.log"]) == [Path("app.log"), Path("web.log")]


def test_links_that_lead_in_a_circle(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    assert "links lead in a circle" in sentence("a")


def test_titles_are_as_short_as_they_can_be() -> None:
    files = [Path("/var/log/a/app.log"), Path("/var/log/b/app.log"), Path("/var/log/web.log"), STDIN]
    assert short_titles(files) == ["a/app.log", "b/app.log", "web.log", "stdin"]
    assert short_titles([Path("x/c/app.log"), Path("y/c/app.log"), Path("app.log")]) == [
        "x/c/app.log", "y/c/app.log", "app.log"
    ]  # fmt: skip
