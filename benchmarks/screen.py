"""The screen under load: repaints, ingest, a large cluster that changes all the time."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.report import Report, percentile
from benchmarks.terminal import run_to_end

SIZES = ((200, 50), (300, 80))
PODS, CHANGES = 5000, 50
FILTER = "!attempt"
"""Takes a sixth of the lines away."""


def watch(size: tuple[int, int], *options: str) -> dict[str, Any]:
    """Run the watched app in a pseudo-terminal; return what it saw."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "seen.json"
        run_to_end(
            [sys.executable, "-m", "benchmarks.watched_app", "--result", str(result), *options], size=size, seconds=240
        )
        return json.loads(result.read_text())


def run() -> Report:
    """Ingest and repaint at two sizes."""
    report = Report(
        "Screen",
        "The real app in a pseudo-terminal. 50 streams write 200,000 lines a second as the log API's bytes, which go\n"
        "through everything behind the socket (no server: it would take a core of its own). A filter that takes a\n"
        "sixth of the lines away and the timeline are on. For 8 s, after 3 s that do not count, a timer of 10 ms on\n"
        "the screen's loop notes how late it is. Memory is what the process gained\n"
        "between the two moments, without the lines' own bytes. Repaints are of the whole pane, down to the bytes for\n"
        "the terminal, 120 in a row; beside them those of an app with nothing but one empty widget.\n"
        "Three rounds of all, in turn; medians.",
    )
    for size in SIZES:
        name, first = f"{size[0]}x{size[1]}", size == SIZES[0]
        rounds = [(watch(size, "--empty"), watch(size, "--seconds", "8", "--filter", FILTER)) for _ in range(3)]
        seen = [busy for _, busy in rounds]
        paint = _median([1000 * statistics.median(busy["repaints"]) for busy in seen])
        empty = _median([1000 * statistics.median(idle["repaints"]) for idle, _ in rounds])
        report.add(f"{name}: lines a second", _median([busy["lines_a_second"] for busy in seen]), "", least=199_000)
        report.add(
            f"{name}: frames a second",
            _median([busy["frames_a_second"] for busy in seen]),
            "",
            least=30 if first else None,
        )
        for what, share in (("median", 0.5), ("95 %", 0.95), ("worst", 1.0)):
            late = _median([1000 * percentile(busy["late"], share) for busy in seen])
            report.add(f"{name}: timer late, {what}", late, " ms", most=10 if first and share == 0.95 else None)
        report.add(f"{name}: repaint", paint, " ms", most=8 if first else 12)
        report.note(f"{name}: over an empty app's", f"{paint / empty:.2f}x")
        report.add(
            f"{name}: memory a line over its text", _median([busy["bytes_a_line"] for busy in seen]), " bytes", most=50
        )
        report.note(f"{name}: lines held at the end", f"{seen[0]['lines']:,}")
    return report


def _median(values: list[float]) -> float:
    return statistics.median(values)


def run_tree() -> Report:
    """A cluster of 5,000 pods with 50 changes a second."""
    report = Report(
        "Large cluster",
        f"The demo cluster, in a process of its own, with {PODS:,} further pods of which {CHANGES} are replaced each\n"
        "second; the app at 200x50 over HTTPS with all namespaces open in the tree, for 20 s. A timer of 10 ms on the\n"
        "screen's loop notes how late it is; whole repaints of the tree are in it.",
    )
    with tempfile.TemporaryDirectory() as folder:
        kubeconfig = Path(folder) / "kubeconfig"
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "hallucino_tui", "demo", "--serve", "--with-parent"),
                *("--kubeconfig", str(kubeconfig), "--pods", str(PODS), "--churn", str(CHANGES)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert server.stdout is not None
        try:
            server.stdout.readline()
            seen = watch(SIZES[0], "--kubeconfig", str(kubeconfig), "--pods", str(PODS), "--seconds", "20")
        finally:
            server.kill()
            server.wait()
    late = [1000 * seconds for seconds in seen["late"]]
    late_by = f"{percentile(late, 0.5):.1f}, {percentile(late, 0.95):.1f} and {max(late):.0f} ms"
    report.note("timer late, median, 95 % and worst", late_by)
    report.note("pods, rows of the tree", f"{seen['pods']:,}, {seen['rows']:,}")
    report.note("updates of the inventory a second", f"{seen['updates'] / 20:.1f}")
    report.note("frames a second", f"{seen['frames_a_second']:.1f}")
    return report
