"""Which program takes text for the desktop's clipboard, and what becomes of the text."""

import os
import sys
from pathlib import Path

import pytest

from hallucino_tui.sinks import clipboard
from hallucino_tui.sinks.clipboard import clipboard_command, copy_to_desktop


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A path with nothing on it, on Linux, without a desktop."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def install(folder: Path, name: str, script: str = "exit 0") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_without_a_desktop_there_is_no_clipboard(programs: Path) -> None:
    for name in ("wl-copy", "xclip", "xsel", "pbcopy"):
        install(programs, name)
    assert clipboard_command() is None


@pytest.mark.parametrize(
    ("variables", "installed", "command"),
    [
        (["WAYLAND_DISPLAY"], ["wl-copy", "xclip"], ["wl-copy"]),
        (["WAYLAND_DISPLAY", "DISPLAY"], ["xclip"], ["xclip", "-selection", "clipboard"]),
        (["DISPLAY"], ["wl-copy", "xclip", "xsel"], ["xclip", "-selection", "clipboard"]),
        (["DISPLAY"], ["xsel"], ["xsel", "-ib"]),
        (["DISPLAY"], [], None),
    ],
)
def test_the_program_fits_the_desktop_and_is_installed(
    programs: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: list[str],
    installed: list[str],
    command: list[str] | None,
) -> None:
    for name in variables:
        monkeypatch.setenv(name, "0")
    for name in installed:
        install(programs, name)
    assert clipboard_command() == command


def test_a_mac_has_its_own_program(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("DISPLAY", ":0")
    install(programs, "xclip")
    assert clipboard_command() is None
    install(programs, "pbcopy")
    assert clipboard_command() == ["pbcopy"]


async def test_the_text_arrives_as_it_is(programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    install(programs, "xsel", f"exec /bin/cat > '{tmp_path / 'copied'}'")
    assert await copy_to_desktop("one\ntwo größe")
    assert (tmp_path / "copied").read_text(encoding="utf-8") == "one\ntwo größe"


async def test_what_cannot_be_copied_is_admitted(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not await copy_to_desktop("text")
    monkeypatch.setenv("DISPLAY", ":0")
    install(programs, "xsel", "exit 3")
    assert not await copy_to_desktop("text")
    (programs / "xsel").write_text("no program at all")
    assert not await copy_to_desktop("text")


async def test_a_program_that_hangs_is_given_up(
    programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clipboard, "_SECONDS", 0.2)
    monkeypatch.setenv("DISPLAY", ":0")
    install(programs, "xsel", f"echo $$ > '{tmp_path / 'pid'}'; exec /bin/sleep 300")
    assert not await copy_to_desktop("text")
    assert not is_running(int((tmp_path / "pid").read_text()))
