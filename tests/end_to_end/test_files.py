"""Files and pipes as a user opens them: keys in, a screen out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pseudo_terminal import Terminal, hallucino

pytestmark = pytest.mark.timeout(240)


def log(path: Path, count: int, *, first: int = 0) -> None:
    lines = (
        f'{{"time":"2026-03-12T10:{number // 60 % 60:02}:{number % 60:02}Z",'
        f'"level":"{"error" if number % 50 == 7 else "info"}","n":{number},"path":"/p{number % 10}"}}\n'
        for number in range(first, first + count)
    )
    with path.open("a") as file:
        file.writelines(lines)


def matched(terminal: Terminal, count: str) -> None:
    terminal.until(lambda: f"  {count} of" in terminal.text)


def test_a_file_is_read_filtered_searched_walked_zoomed_and_followed(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    log(path, 3000)
    with hallucino("open", str(path), size=(120, 30)) as terminal:
        matched(terminal, "3,000")
        for typed, count in (("|", "3,000"), ('="n\\":29', "3,000"), ('"', "3,000"), ("", "3,000")):
            terminal.send(f"&{typed}" if typed == "|" else typed)
            matched(terminal, count)
        terminal.send("\x15|json|n>=2900\r")  # the line that was typed goes, another one comes
        matched(terminal, "100")
        terminal.until("| json | n>=2900")
        terminal.resize(90, 24)
        matched(terminal, "100")
        terminal.send("w")
        terminal.send("gw")
        terminal.resize(140, 40)
        terminal.send("e")
        terminal.until(lambda: "stopped" in terminal.text or "below" in terminal.text)
        terminal.send("\r")
        terminal.until("level_extracted")
        terminal.until("esc closes")
        terminal.send("\x1b")
        terminal.until(lambda: "esc closes" not in terminal.text)
        terminal.send("0\x7f\x7f\x7f\x7f")
        matched(terminal, "3,000")
        terminal.send("gz")
        terminal.until(lambda: " to " in terminal.text)
        terminal.send("Z")
        matched(terminal, "3,000")
        log(path, 5, first=3000)
        matched(terminal, "3,005")
        terminal.send("G")
        terminal.until('"n":3004')
        terminal.send("q")
        assert terminal.wait() == 0
    assert b"Traceback" not in terminal.raw


def test_standard_input_is_read_while_the_keyboard_works(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    log(path, 500)
    program = f"cat {path}; sleep 60"
    command = ["sh", "-c", f"({program}) | {sys.executable} -m hallucino_tui open -"]
    with hallucino(command=command, size=(120, 30)) as terminal:
        matched(terminal, "500")
        terminal.send("&p7\r")
        matched(terminal, "50")
        terminal.send("q")
        terminal.until("Leave?")
        terminal.send("y")
        terminal.until(lambda: b"\x1b[?1049l" in terminal.raw)  # the terminal is as it was before


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere.log", "nowhere.log"),
        ("", "is a directory"),
        ("*.none", "*.none"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(name: str, words: str, tmp_path: Path) -> None:
    with hallucino("open", str(tmp_path / name), size=(200, 30)) as terminal:
        assert terminal.wait() == 2
    text = " ".join(terminal.text.split())
    assert text.startswith("hallucino: ")
    assert words in text
    assert b"Traceback" not in terminal.raw
