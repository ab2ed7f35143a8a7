"""Templates of lines: whether they are those that people see, how quick they are found, and in what memory."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.grouping import Agreement, agreement, log_sets, mine
from benchmarks.report import Report
from hallucino_tui.insight.templates.miner import Miner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.grouping import LogSet

# Grouping accuracy of Drain with settings of its own for each system, as LogPAI publishes it.
PUBLISHED = {
    "HDFS": 0.998, "Hadoop": 0.948, "Spark": 0.920, "Zookeeper": 0.967, "BGL": 0.963, "HPC": 0.887, "Windows": 0.997,
    "Linux": 0.690, "Apache": 1.000, "OpenSSH": 0.788,
}  # fmt: skip
OTHERS = {"drain3": "HALLUCINO_DRAIN3", "drain3-improved": "HALLUCINO_DRAIN3_IMPROVED"}
LINES = 400_000
DIFFERENT = 1_000_000
ONE_CORE = "POLARS_MAX_THREADS"


def run() -> Report:
    report = Report(
        "Templates of lines",
        "Accuracy: ten logs of 2,000 lines with the groups that people put them into; GA is the share of lines in\n"
        "groups that are exactly right, FGA the F1 of such groups. One setting for all; raw lines with their heads,\n"
        "and the messages that the data set cut out of them. Other miners get the messages, their defaults and the\n"
        "masks that their documentation proposes. Published: Drain with settings of its own for each system.\n"
        "Speed: lines of these logs in random order, each digit made up anew (or not: repeats), on one core.",
    )
    sets = log_sets()
    if not sets:
        report.note("skipped", "the logs are not in ../shared/data/loghub/loghub_2k")
        return report
    _measure_accuracy(report, sets)
    for name, figures in _in_fresh_process():
        least = {"mixed lines": 250_000, "repeated lines": 450_000}.get(name)
        report.add(name, figures["rate"], " lines/s", least=least)
        if name not in {"mixed lines", "repeated lines"}:
            report.add(f"  memory that {name} took", figures["memory"], " MB", most=500)
            report.note("  templates", f"{figures['templates']:,}")
    return report


def _measure_accuracy(report: Report, sets: list[LogSet]) -> None:
    own = {column: [agreement(mine(getattr(one, column)), one.events) for one in sets] for column in ("raw", "content")}
    others = {name: _drain(report, name, sets) for name in OTHERS}
    for place, one in enumerate(sets):
        values = [f"GA {own[column][place].accuracy:.3f} FGA {own[column][place].f1:.3f} {column}" for column in own]
        values.append(f"{own['raw'][place].found} of {own['raw'][place].true} groups")
        values += [f"{name} GA {found[place].accuracy:.3f}" for name, found in others.items() if found]
        values.append(f"published {PUBLISHED.get(one.name, float('nan')):.3f}")
        report.note(one.name, " | ".join(values))
    for column, found in own.items():
        report.add(f"mean GA, {column}", _mean(found, "accuracy"), "", least=0.93)
        report.add(f"mean FGA, {column}", _mean(found, "f1"), "", least=0.90)
    for name, found in others.items():
        if found:
            report.note(f"mean of {name}, content", f"GA {_mean(found, 'accuracy'):.3f}, FGA {_mean(found, 'f1'):.3f}")
    report.note("mean of Drain as published", f"GA {statistics.mean(PUBLISHED[one.name] for one in sets):.3f}")


def _mean(found: list[Agreement], name: str) -> float:
    return statistics.mean(getattr(one, name) for one in found)


def _drain(report: Report, name: str, sets: list[LogSet]) -> list[Agreement]:
    """Run another miner in its own Python, if there is one."""
    python = os.environ.get(OTHERS[name]) or (sys.executable if importlib.util.find_spec("drain3") else None)
    if python is None:
        report.note(name, f"skipped: not installed (name a Python that has it in {OTHERS[name]})")
        return []
    done = subprocess.run(
        [python, Path(__file__).with_name("drain.py")],
        input=json.dumps([one.content for one in sets]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    lines = sum(len(one.content) for one in sets)
    report.note(f"{name}, speed on these logs", f"{lines / result['seconds']:,.0f} lines/s")
    return [agreement(found, one.events) for found, one in zip(result["groups"], sets, strict=True)]


def _in_fresh_process() -> Iterator[tuple[str, dict[str, float]]]:
    """Measure speed and memory in processes of their own: memory is counted from their beginning, on one core."""
    for name in WORKLOADS:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.templates", name],
            stdout=subprocess.PIPE,
            env={**os.environ, ONE_CORE: "1"},
            check=True,
        )
        yield name, json.loads(done.stdout)


def _some(*, anew: bool) -> Iterator[list[str]]:
    generator = random.Random(5)
    base = [line for one in log_sets() for line in one.raw]
    digits = "0123456789"
    for _ in range(LINES // len(base)):
        lines = generator.sample(base, len(base))
        yield [re.sub(r"\d", lambda _: generator.choice(digits), line) for line in lines] if anew else lines


def _one() -> Iterator[list[str]]:
    for _ in range(DIFFERENT // 20_000):
        yield ["connection refused by 10.0.0.1:5432 after 5 ms"] * 20_000


def _different(words: int) -> Iterator[list[str]]:
    """Make lines that are all different: with words of some thousand that stand anywhere, or with values at a place."""
    generator = random.Random(6)
    letters = "abcdefghijklmnopqrstuvwxyz"
    some = ["".join(generator.choices(letters, k=generator.randint(3, 9))) for _ in range(3000)]
    for start in range(0, DIFFERENT, 20_000):
        numbers = range(start, start + 20_000)
        if words:
            yield [" ".join(generator.choices(some, k=generator.randint(3, words))) for _ in numbers]
        else:
            pick = generator.choice
            yield [f"user {pick(some)} paid {pick(some)} with {generator.getrandbits(60):x} for {n}" for n in numbers]


def _binary() -> Iterator[list[str]]:
    generator = random.Random(7)
    yield [generator.randbytes(200).decode("utf-8", "replace") for _ in range(20_000)]


WORKLOADS: dict[str, Callable[[], Iterator[list[str]]]] = {
    "mixed lines": lambda: _some(anew=True),
    "repeated lines": lambda: _some(anew=False),
    "one line a million times": _one,
    "a million different lines": lambda: _different(0),
    "a million lines of random words": lambda: _different(12),
    "lines of random bytes": _binary,
    "lines of a megabyte": lambda: iter([["x" * 1_000_000, "y 1 " * 250_000] * 10]),
}


def measure(name: str) -> dict[str, float]:
    """Return lines/s of processor time, MB of memory, and how many templates there were."""
    batches = [pl.Series(lines, dtype=pl.String) for lines in WORKLOADS[name]()]
    lines = pl.concat(batches)
    miner = Miner()
    before, began = _memory(), time.process_time()
    numbers = miner.add(lines)
    took = time.process_time() - began
    return {
        "rate": len(lines) / took,
        "memory": _memory() - before,
        "templates": float(len(np.unique(numbers))),
    }


def _memory() -> float:
    import psutil

    return psutil.Process().memory_info().rss / 2**20


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
