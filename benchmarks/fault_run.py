"""The fault run as figures."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.faults.client import run as run_faults
from benchmarks.report import Report

if TYPE_CHECKING:
    from benchmarks.faults.client import Result


def run() -> Report:
    """Numbered lines through a server that breaks off again and again."""
    report = Report(
        "Fault run",
        "400,000 numbered lines of 20 containers over HTTPS from a server that cuts, freezes, refuses, restarts and,\n"
        "in the second run, rotates logs while nobody reads. The truth is the writers' own numbering.",
    )
    whole = asyncio.run(run_faults(lines=400_000, streams=20, seed=1, rotate=False, trouble=2, pause=0.08))
    _add(report, "without rotation", whole)
    report.add("without rotation: lost", whole.lost, "", most=0)
    report.add("without rotation: gaps announced", whole.announced, "", most=0)
    rotated = asyncio.run(run_faults(lines=400_000, streams=20, seed=2, rotate=True, trouble=2, pause=0.15))
    _add(report, "with rotation", rotated)
    report.note("with rotation: lost", f"{rotated.lost:,}")
    report.add("with rotation: lost in silence", rotated.silent, "", most=0)
    report.note("with rotation: gaps announced, of them needless", f"{rotated.announced}, {rotated.needless}")
    return report


def _add(report: Report, name: str, result: Result) -> None:
    report.note(f"{name}: lines, cuts", f"{result.lines:,}, {result.cuts}")
    report.add(f"{name}: repeated", result.repeated, "", most=0)
    report.add(f"{name}: out of order", result.disordered, "", most=0)
    report.note(f"{name}: repeats dropped", f"{result.totals.replays:,}")
