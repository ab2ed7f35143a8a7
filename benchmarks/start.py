"""How long it takes to start."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Report, in_turn
from benchmarks.terminal import seconds_until

_EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("here-it-is")
Empty().run()
"""


def _seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def run() -> Report:
    """Start programs in turn."""
    report = Report(
        "Start",
        "Each program in a pseudo-terminal of 160x50 until the last word of its first frame is on it, in turn,\n"
        "medians of 15. No network: the kubeconfig points to a closed port, which is tried after the first frame.",
    )
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "KUBECONFIG": str(Path(home) / "none"), "PYTHONDONTWRITEBYTECODE": ""}
        medians = in_turn(
            15,
            python=lambda: _seconds(sys.executable, "-c", "pass"),
            help=lambda: _seconds(sys.executable, "-m", "hallucino_tui", "--help"),
            empty=lambda: seconds_until([sys.executable, "-c", _EMPTY], b"here-it-is", environment=environment),
            hallucino=lambda: seconds_until(
                [sys.executable, "-m", "hallucino_tui"], b"summarise", environment=environment
            ),
        )
    report.add("first frame over an empty Textual app's", medians["hallucino"] / medians["empty"], "x", most=1.6)
    report.note("first frame", f"{medians['hallucino'] * 1000:.0f} ms")
    report.note("first frame of an empty Textual app", f"{medians['empty'] * 1000:.0f} ms")
    report.add("hallucino --help over bare Python", medians["help"] / medians["python"], "x", most=6)
    report.note("hallucino --help", f"{medians['help'] * 1000:.0f} ms")
    return report
