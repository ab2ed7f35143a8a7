"""What is sent of logs that do not fit: how much of them it stands for, in what time, and how tokens are bounded."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.grouping import LogSet, log_sets
from benchmarks.report import Report
from hallucino_tui.assistant.material import Material
from hallucino_tui.assistant.pack import pack
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.logs.levels import detect_continuations, detect_levels
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.written_time import written_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.assistant.packed import Packing

BUDGET = 3000
LINES = 100_000
WHOLE = "all of it"
NEAR = 1_130_000_000 * 10**9


def run() -> Report:
    report = Report(
        "Packing lines into a budget",
        f"Each log of 2,000 lines, and all of them mixed, into {BUDGET:,} tokens. Covered: the share of lines that an\n"
        "entry stands for; severe: templates with a line of level warning or worse. Tokens are counted with both of\n"
        "OpenAI's vocabularies if toktok-rs is installed, the larger number, and beside it with our own bound.\n"
        "Speed: lines repeated to 100,000, mined, redacted and packed in one process on one core.",
    )
    sets = log_sets()
    if not sets:
        report.note("skipped", "the logs are not in ../shared/data/loghub/loghub_2k")
        return report
    judge = exact_tokens() or most_tokens
    for name, count in {"": judge, ", own bound": most_tokens}.items():
        packings = {one.name: pack(material_of(one), Redactor(), BUDGET, count) for one in sets}
        for system, packing in packings.items():
            report.note(f"{system}{name}", _words(packing))
        report.add(f"mean coverage{name}", statistics.mean(map(_coverage, packings.values())), "", least=0.97)
        severe = sum(packing.severe for packing in packings.values())
        kept = sum(packing.severe_kept for packing in packings.values())
        least = None if name else 0.98
        report.add(f"severe templates kept{name}, of {severe}", kept / severe, "", least=least)
    mixed = mix(sets)
    for budget in (BUDGET, 8000, 32_000):
        report.note(f"all mixed, {budget:,} tokens", _words(pack(mixed, Redactor(), budget, judge)))
    _measure_bound(report, sets)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.packing"],
        stdout=subprocess.PIPE,
        env={**os.environ, "POLARS_MAX_THREADS": "1"},
        check=True,
    )
    took: dict[str, float] = json.loads(done.stdout)
    for what, seconds in took.items():
        report.add(what, seconds, " s", most=2.5 if what.startswith(WHOLE) else None)
    for what, seconds in took.items():
        if what.endswith("bytes"):
            whole = next(value for name, value in took.items() if name.startswith(WHOLE))
            report.note(f"  {WHOLE} to {what}", f"{whole / seconds:,.0f} times")
    return report


def material_of(one: LogSet) -> Material:
    """Return a log as material, with the times that its lines tell."""
    times = [NO_TIME if (found := written_time(line, NEAR)) is None else found.time for line in one.raw]
    return material(one.raw, np.array(times, np.int64), np.zeros(len(times), np.uint32), (f"{one.name}/log",))


def mix(sets: list[LogSet]) -> Material:
    """Return all logs in one, line by line in turn."""
    lines = [line for lines in zip(*(one.raw for one in sets), strict=True) for line in lines]
    streams = np.tile(np.arange(len(sets), dtype=np.uint32), len(lines) // len(sets))
    return material(lines, np.full(len(lines), NO_TIME), streams, tuple(f"{one.name}/log" for one in sets))


def material(lines: list[str], times: np.ndarray, streams: np.ndarray, sources: tuple[str, ...]) -> Material:
    text = pl.Series(lines, dtype=pl.String)
    levels = detect_levels(text)
    goes_on = detect_continuations(text) & (levels == Level.UNKNOWN)
    templates = Miner().add(text, goes_on)
    codes = np.where(goes_on, levels | CONTINUED, levels).astype(np.uint8)
    return Material(text, times, codes, streams, np.arange(len(lines)), templates, sources)


def exact_tokens() -> Callable[[str], int] | None:
    """Return what counts exactly, in OpenAI's two vocabularies the larger number; None if it is not installed."""
    if importlib.util.find_spec("toktok") is None:
        return None
    import toktok

    return lambda text: max(toktok.batch_count([text], name, 1)[0] for name in ("o200k_base", "cl100k_base"))


def _coverage(packing: Packing) -> float:
    return packing.coverage


def _words(packing: Packing) -> str:
    return (
        f"covered {packing.coverage:.3f} | severe {packing.severe_kept} of {packing.severe} | {len(packing.entries)} "
        f"entries | {packing.left_out} templates left out | {packing.tokens:,} tokens"
    )


def _measure_bound(report: Report, sets: list[LogSet]) -> None:
    count = exact_tokens()
    if count is None:
        report.note("bound of tokens", "skipped: toktok-rs is not installed")
        return
    ratios = {one.name: most_tokens(text) / count(text) for one in sets if (text := "\n".join(one.raw))}
    report.note("bound over the truth", ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()))
    report.add("bound over the truth, mean", statistics.mean(ratios.values()), "", most=1.25)
    lines = [line for one in sets for line in one.raw]
    under = sum(most_tokens(line) < count(line) for line in lines)
    report.add("lines that are more than their bound", under, f" of {len(lines):,}", most=0)


def measure() -> dict[str, float]:
    """Return seconds of processor time for each step over many lines, and of a tool that reads the same bytes."""
    sets = log_sets()
    base = [line for lines in zip(*(one.raw for one in sets), strict=True) for line in lines]
    generator = random.Random(5)
    lines = (base * (LINES // len(base) + 1))[:LINES]
    generator.shuffle(lines)
    text = pl.Series(lines, dtype=pl.String)
    took: dict[str, float] = {}
    began = time.process_time()
    levels = detect_levels(text)
    took["levels"] = time.process_time() - began
    began = time.process_time()
    templates = Miner().add(text)
    took["mining"] = time.process_time() - began
    streams = np.zeros(LINES, np.uint32)
    one = Material(text, np.full(LINES, NO_TIME), levels, streams, np.arange(LINES), templates, ("all/logs",))
    most_tokens("")
    for budget in (BUDGET, 100_000):
        began = time.process_time()
        pack(one, Redactor(), budget)
        took[f"packing into {budget:,} tokens"] = time.process_time() - began
    took[f"{WHOLE}, {BUDGET:,} tokens, {LINES:,} lines"] = took["mining"] + took[f"packing into {BUDGET:,} tokens"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.log"
        path.write_text("\n".join(lines), encoding="utf-8")
        for tool in (["wc", "-l"], ["rg", "-c", "ERROR"]):
            if shutil.which(tool[0]):
                began = time.perf_counter()
                subprocess.run([*tool, str(path)], stdout=subprocess.DEVNULL, check=False)
                took[f"{' '.join(tool)} on the same bytes"] = time.perf_counter() - began
    return took


if __name__ == "__main__":
    print(json.dumps(measure()))
