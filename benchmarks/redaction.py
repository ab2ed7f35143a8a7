"""Redaction: how many lines a second, beside grep for the same literals, and how many clean lines it touches."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.grouping import log_sets
from benchmarks.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 100_000
_GREPS = 10
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ONE_CORE = "POLARS_MAX_THREADS"


def run() -> Report:
    report = Report(
        "Redaction",
        "Lines of ten logs (2,000 each) over and over, and lines made up of which each holds a secret, as columns, by\n"
        "the default settings, in lines a second of processor time on one core. grep -c looks for the same literals\n"
        "in the same bytes; it only counts lines.",
    )
    if not log_sets():
        report.note("logs", "skipped: they are not in ../shared/data/loghub/loghub_2k")
    for name in WORKLOADS:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.redaction", name],
            stdout=subprocess.PIPE,
            env={**os.environ, ONE_CORE: "1"},
            text=True,
            check=True,
        )
        count, rate, grep, touched = map(float, done.stdout.split())
        if count:
            report.add(name, rate, " lines/s", least=80_000 if name == "logs" else None)
            report.note("  grep -c, on the same", f"{grep:,.0f} lines/s")
            share = 100 * touched / count
            if name == "logs":
                report.add("  lines that are touched", share, " %", most=0.2)
            else:
                report.note("  lines that are touched", f"{share:.1f} %")
    return report


def _logs() -> list[str]:
    lines = [line for one in log_sets() for line in one.raw]
    return (lines * (LINES // max(len(lines), 1) + 1))[:LINES]


def _secrets() -> list[str]:
    """Make up lines that each hold one secret."""
    generator = random.Random(9)
    forms = (
        'level=info msg="connected" user=bob password={} retries=3',
        '{{"level":"info","user":"bob","api_key":"{}","n":1}}',
        "dial postgres://shop:{}@db.shop.svc:5432/orders: connection refused",
        "> Authorization: Bearer {}",
        "GET /v1/orders?page=2&access_token={}&sort=asc 200 12ms",
        "  client_secret: {}",
    )
    return [generator.choice(forms).format("".join(generator.choices(WORD, k=24))) for _ in range(LINES // 5)]


WORKLOADS: dict[str, Callable[[], list[str]]] = {"logs": _logs, "a secret in each line": _secrets}


def measure(name: str) -> tuple[int, float, float, int]:
    """Return lines, lines/s of redaction and of grep, and lines that were touched."""
    import numpy as np
    import polars as pl

    from hallucino_tui.assistant.redact import RULES, Redactor

    lines = WORKLOADS[name]()
    if not lines:
        return 0, 0.0, 0.0, 0
    text, streams = pl.Series(lines), np.zeros(len(lines), np.uint32)
    redactor = Redactor()
    began = time.process_time()
    made = redactor.redact_series(text, streams)
    took = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        gates, file = Path(folder, "gates"), Path(folder, "lines")
        gates.write_text("".join(f"{gate}\n" for rule in RULES for gate in rule.gates) + "@\n")
        file.write_text("".join(f"{line}\n" for line in lines))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(_GREPS):
            subprocess.run(["grep", "-c", "-i", "-F", "-f", gates, file], stdout=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    grep = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / _GREPS
    return len(lines), len(lines) / took, len(lines) / grep, int((made != text).sum())


if __name__ == "__main__":
    print(*measure(sys.argv[1]))
