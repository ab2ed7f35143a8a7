"""The log engine on a file of a gigabyte: opening it and filtering it, beside wc, ripgrep and lnav."""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.mixed import NEEDLE, file_of
from benchmarks.report import Report
from benchmarks.sitting import Sitting
from hallucino_tui.config.themes import read_theme
from hallucino_tui.logs.store import Bounds
from hallucino_tui.ui.palette import Palette
from hallucino_tui.ui.row_painter import RowPainter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = int(os.environ.get("HALLUCINO_BENCH_LINES", "6000000"))
ROUNDS = 5
_THEME = Path(__file__).parents[1] / "themes" / "dark.toml"
_COUNT = ("-c", ";SELECT count(*) FROM all_logs", "-c", ":write-csv-to -")
ROOM = Bounds(lines=50_000_000, bytes=4 << 30)

SPARSE = {
    "rare word": NEEDLE.decode(),
    "no match": "no-such-word-anywhere",
    "wildcard": r"snapshot\.go:\d+\].*took=.2\d\dms",
    "rare, any case": "(?i)NEEDLE-4F2A",
}
DENSE = {
    "common word": "info",
    "severities": "(?i)error|warn|fatal|panic|exception",
    "digits": r"\d{4}",
    "every line": ":",
}


def timed(command: Sequence[str]) -> float:
    """Return how long a command takes; what it prints goes through a pipe."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def warm(path: Path) -> None:
    """Bring a file's pages into the system's cache: what is measured is no disk."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def run() -> Report:
    """Open and filter."""
    path = file_of(LINES)
    size = path.stat().st_size
    report = Report(
        "Engine",
        f"A generated file of {LINES:,} lines ({size / 1e9:.2f} GB, benchmarks/mixed.py), its pages in the system's\n"
        "cache. The engine runs as it does behind the screen: hub, store, view and timeline in a thread of their own.\n"
        "'Ready' is when every line can be shown, searched and jumped about in; time and severity of lines that\n"
        "nobody looked at follow ('settled'). A filter's time is from the command to the view that knows every match,\n"
        "with the file's text in memory; ripgrep counts (rg -c) from the file. Everything in one run, in turn,\n"
        f"medians of {ROUNDS}. The memory bound is {ROOM.bytes >> 30} GiB here, so that nothing is let go.",
    )
    _open(report, path)
    _filter(report, path)
    return report


def _open(report: Report, path: Path) -> None:
    seen: dict[str, list[float]] = {"wc": [], "ready": [], "lnav": []}
    for _ in range(ROUNDS):
        warm(path)
        seen["wc"].append(timed(["wc", "-l", str(path)]))
        sitting = Sitting([path], ROOM)
        seen["ready"].append(sitting.ready(LINES))
        sitting.close()
        del sitting
        gc.collect()
        if shutil.which("lnav"):
            seen["lnav"].append(timed(["lnav", "-n", *_COUNT, str(path)]))
    wc, ready = statistics.median(seen["wc"]), statistics.median(seen["ready"])
    report.add("wc -l", wc, " s")
    report.add("open: ready", ready, " s")
    report.add("open: ready, over wc -l", ready / wc, "x", most=2.5)
    if seen["lnav"]:
        lnav = statistics.median(seen["lnav"])
        report.add("lnav: all lines indexed", lnav, " s")
        report.add("open: ready, over lnav", ready / lnav, "x", most=0.3)


def _filter(report: Report, path: Path) -> None:
    before = _resident()
    sitting = Sitting([path], ROOM, buckets=160)
    sitting.ready(LINES)
    report.add("open: settled", sitting.settled(), " s")
    for group, most in ((SPARSE, 1.3), (DENSE, 1.0)):
        for name, pattern in group.items():
            seen: dict[str, list[float]] = {"rg": [], "first": [], "all": []}
            matched = 0
            for _ in range(ROUNDS):
                warm(path)
                seen["rg"].append(timed(["rg", "-c", "--no-config", pattern, str(path)]))
                sitting.filter("")
                first, everything, matched = sitting.filter(_query(pattern))
                seen["first"].append(first)
                seen["all"].append(everything)
            rg, first, everything = (statistics.median(values) for values in seen.values())
            report.note(f"{name}: lines", f"{matched:,}")
            report.add(f"{name}: rg -c", rg, " s")
            report.add(f"{name}: all matches", everything, " s")
            report.add(f"{name}: over rg -c", everything / rg, "x", most=most)
            report.add(f"{name}: first lines", 1000 * first, " ms", most=50)
    text = path.stat().st_size - LINES
    report.add("memory a line over its text", (_resident() - before - text) / LINES, " bytes", most=50)
    sitting.close()


def _query(pattern: str) -> str:
    plain = all(char.isalnum() or char in "-: " for char in pattern)
    return f"|= `{pattern}`" if plain else f"|~ `{pattern}`"


def _resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def run_growth() -> Report:
    """The same at one, four and sixteen million lines."""
    report = Report(
        "Growth",
        "The same file at 1, 4 and 16 million lines: to open it, the first lines of a filter, a jump (the position of\n"
        "a point in time and the rows of a screen there), painting fifty rows anew, and a snapshot of a view as the\n"
        "screen gets it each tick.\n"
        "Medians of 5; what does not depend on the size should stay flat.",
    )
    for lines in (1_000_000, 4_000_000, 16_000_000):
        path = file_of(lines)
        warm(path)
        sitting = Sitting([path], Bounds(lines=50_000_000, bytes=8 << 30), buckets=160)
        name = f"{lines // 1_000_000} M lines"
        report.add(f"{name}: ready", sitting.ready(lines), " s")
        report.add(f"{name}: settled", sitting.settled(), " s")
        first = [(sitting.filter(""), sitting.filter("|= `needle-4f2a`"))[1] for _ in range(ROUNDS)]
        report.add(f"{name}: filter, first lines", 1000 * statistics.median(one[0] for one in first), " ms", most=50)
        report.add(f"{name}: filter, all lines", statistics.median(one[1] for one in first), " s")
        sitting.filter("")
        report.add(f"{name}: jump", 1000 * statistics.median(_jumps(sitting)), " ms")
        report.add(f"{name}: 50 rows painted", 1000 * statistics.median(_paintings(sitting)), " ms")
        snapshots = [_seconds(partial(_snapshot, sitting)) for _ in range(50)]
        report.add(f"{name}: a tick's snapshot", 1000 * statistics.median(snapshots), " ms")
        sitting.close()
        del sitting
        gc.collect()
    return report


def _snapshot(sitting: Sitting) -> object:
    hub = sitting.workspace.hub
    return hub.view.snapshot(hub.store.snapshot())


def _jumps(sitting: Sitting) -> list[float]:
    view = sitting.snapshot.hub.view
    first, last = view.chunks[0].first_time, view.chunks[-1].last_time

    def jump(share: float) -> None:
        position = view.position_of_time(int(first + share * (last - first)))
        for row in view.rows(position, position + 50):
            columns, index = view.store.find(row) or sys.exit("a row is missing")
            columns.line(index)

    return [_seconds(lambda share=number / 20: jump(share)) for number in range(1, 20)]


def _paintings(sitting: Sitting) -> list[float]:
    view = sitting.snapshot.hub.view
    palette = Palette(read_theme(_THEME))

    def paint(share: float) -> None:
        painter = RowPainter(sitting.table, palette)
        painter.look = replace(painter.look, width=200)
        position = int(share * (view.matched - 50))
        for row in view.rows(position, position + 50):
            painter.strips(view.store, row)

    return [_seconds(lambda share=number / 20: paint(share)) for number in range(1, 20)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
