"""What is called a surprise: false alarms on quiet logs, sessions, templates of alerts, and what it takes."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path
from unittest import mock

import numpy as np
import polars as pl

from benchmarks.quiet_lines import START, demo, made, shuffled
from benchmarks.report import Report
from hallucino_tui.insight import trials
from hallucino_tui.insight.categories import Categories, Category
from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.onset import find_onset
from hallucino_tui.insight.sessions import RATE, SessionCounts
from hallucino_tui.insight.surprise import Span, find_surprises
from hallucino_tui.insight.templates.miner import Miner
from hallucino_tui.logs.levels import detect_levels
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.stream import Stream

DATA = Path(__file__).parents[2] / "shared/data/loghub"
SHUFFLES = 400
SETS = ("Apache", "BGL", "Hadoop", "HDFS", "Linux", "OpenSSH", "Zookeeper")


def run() -> Report:
    """Measure."""
    report = Report(
        "Surprise",
        f"One stated rate of false alarms, {RATE:.0%}, everywhere; nothing is set per log. Labels are used to count,\n"
        "never to choose. Sessions: one alarm if the tail of any template's count is under the rate. Quiet logs: how\n"
        "many whole comparisons raised any alarm, one minute against the two after it (target: the rate, and three\n"
        "standard errors of so many tries).",
    )
    if DATA.is_dir():
        _hdfs(report)
        _openstack(report)
        _bgl(report)
        _shuffled(report)
    else:
        report.note("sessions, alerts, shuffled logs", "the log corpora are not there")
    _quiet_demo(report)
    _million(report)
    return report


def _hdfs(report: Report) -> None:
    rows = [json.loads(line) for line in (DATA / "sessions/hdfs100k_sessions.jsonl").read_text().splitlines()]
    sessions = {row["block"]: row["events"] for row in rows}
    bad = {row["block"] for row in rows if row["label"]}
    precision, recall, score = _scored(sessions, bad)
    report.note("HDFS: sessions, of them anomalous", f"{len(rows):,}, {len(bad)}")
    report.add("HDFS: precision", precision, "", least=0.96)
    report.add("HDFS: recall", recall, "")
    report.add("HDFS: F1", score, "", least=0.65)
    vectors: dict[tuple[tuple[int, int], ...], list[bool]] = {}
    for row in rows:
        numbers, counts = np.unique(row["events"], return_counts=True)
        vector = tuple(zip(numbers.tolist(), counts.tolist(), strict=True))
        vectors.setdefault(vector, []).append(row["block"] in bad)
    mixed = [labels for labels in vectors.values() if any(labels) and not all(labels)]
    report.note("HDFS ceiling: different count vectors", f"{len(vectors)}")
    report.note("HDFS ceiling: anomalies with the counts of normal sessions", f"{sum(map(sum, mixed))} of {len(bad)}")
    report.note("HDFS ceiling: those normal sessions", f"{sum(len(labels) - sum(labels) for labels in mixed):,}")
    report.add(
        "HDFS ceiling: best F1 that any choice of vectors can have", _ceiling(list(vectors.values()), len(bad)), ""
    )


def _ceiling(vectors: list[list[bool]], bad: int) -> float:
    """Return the best F1 of all ways to call each vector an alarm or none, knowing the labels.

    The best way is to take vectors by their share of anomalies, the largest first, and to stop in time.
    """
    best, alarms, hits = 0.0, 0, 0
    for labels in sorted(vectors, key=lambda labels: -sum(labels) / len(labels)):
        alarms, hits = alarms + len(labels), hits + sum(labels)
        best = max(best, 2 * hits / (alarms + bad))
    return best


def _openstack(report: Report) -> None:
    sessions: dict[str, list[int]] = {}
    bad: set[str] = set()
    for name in ("train", "test_normal", "test_abnormal"):
        path = DATA / f"sessions/openstack_loghub_openstack_{name}.txt"
        for place, line in enumerate(path.read_text().splitlines()):
            key, _, events = line.partition(",")
            sessions[f"{name} {place} {key}"] = [int(event) for event in events.split()]
            if name == "test_abnormal":
                bad.add(f"{name} {place} {key}")
    precision, recall, score = _scored(sessions, bad)
    report.note("OpenStack: sessions, of them anomalous", f"{len(sessions):,}, {len(bad)}")
    report.add("OpenStack: precision", precision, "")
    report.add("OpenStack: recall", recall, "")
    report.add("OpenStack: F1 (bad, as counts say little there)", score, "")


def _scored(sessions: dict[str, list[int]], bad: set[str]) -> tuple[float, float, float]:
    counts = SessionCounts.of(
        pl.Series([key for key, events in sessions.items() for _ in events]),
        np.array([event for events in sessions.values() for event in events]),
    )
    alarms = {counts.keys[oddity.session] for oddity in counts.odd()}
    hits = len(alarms & bad)
    return hits / max(len(alarms), 1), hits / len(bad), 2 * hits / (len(alarms) + len(bad))


def _bgl(report: Report) -> None:
    lines = (DATA / "loghub_2k/BGL/BGL_2k.log").read_text().splitlines()
    # The first column is the label and no part of the log.
    labels = np.array([not line.startswith("- ") for line in lines])
    text = pl.Series([line.split(" ", 1)[1] for line in lines])
    levels = detect_levels(text)
    numbers, templates = _mined(text, levels)
    present = np.unique(numbers).tolist()
    worst = [Level(int((levels[numbers == number] & 7).max())) for number in present]
    verdicts = Categories().of_templates(
        [templates[number].text for number in present], [templates[number].example for number in present], worst
    )
    alerts = {
        number for number, verdict in zip(present, verdicts, strict=True) if verdict.category is Category.INCIDENT
    }
    true = set(np.unique(numbers[labels]).tolist())
    severe = sum(level >= Level.ERROR for level in worst)
    report.note("BGL: lines with an alert's label, their templates", f"{int(labels.sum())}, {len(true)}")
    report.add("BGL: templates of alerts that are found", 100 * len(alerts & true) / len(true), " %", least=100)
    report.add("BGL: alerts, one per template", len(alerts), "", most=30)
    report.note("BGL: templates of level error or worse", f"{severe}")


def _mined(text: pl.Series, levels: np.ndarray) -> tuple[np.ndarray, list]:
    miner = Miner()
    numbers = miner.add(text, levels & CONTINUED > 0)
    return np.asarray(miner.resolve(numbers), np.int32), list(miner.templates)


def _shuffled(report: Report) -> None:
    logs = []
    for name in SETS:
        text = (DATA / f"loghub_2k/{name}/{name}_2k.log").read_text(errors="replace").splitlines()
        lines = made(text, np.full(len(text), START), [Stream((name,))], [0] * len(text))
        logs.append((lines, _mined(lines.text, lines.levels)[0]))
    _power(report, logs)
    rng = np.random.default_rng(1)
    for title, least in (("as it is", trials.LEAST_CHANGE), ("were every change one, however small", 1.0)):
        alarms = onsets = 0
        with mock.patch.object(trials, "LEAST_CHANGE", least):
            for turn in range(SHUFFLES):
                lines, numbers = shuffled(*logs[turn % len(logs)], rng)
                alarms += bool(find_surprises(lines, numbers, _span(0, 60), _span(60, 180)))
                onsets += find_onset(lines, numbers) is not None
        most = 100 * (RATE + 3 * (RATE * (1 - RATE) / SHUFFLES) ** 0.5)
        report.add(
            f"shuffled ({SHUFFLES}): alarms, stated {RATE:.0%}; {title}", 100 * alarms / SHUFFLES, " %", most=most
        )
        if least > 1:
            report.add(f"shuffled ({SHUFFLES}): onsets, stated {RATE:.0%}", 100 * onsets / SHUFFLES, " %", most=most)


def _power(report: Report, logs: list[tuple[Lines, np.ndarray]]) -> None:
    """See whether what is there is found: some new lines at any time in the last minute and a half."""
    rng = np.random.default_rng(2)
    for size in (5, 10, 20, 40):
        seen = 0
        for turn in range(SHUFFLES // 4):
            lines, numbers = shuffled(*logs[turn % len(logs)], rng)
            place = rng.choice(np.flatnonzero(lines.times > START + 90 * NANOSECONDS), size, replace=False)
            numbers, levels, new = numbers.copy(), lines.levels.copy(), int(numbers.max()) + 1
            numbers[place], levels[place] = new, Level.ERROR
            changed = Lines(lines.text, lines.times, levels, lines.streams, lines.table)
            seen += any(one.template == new for one in find_surprises(changed, numbers, _span(0, 60), _span(60, 180)))
        report.add(f"shuffled, with {size} lines of a new error in 90 s: found", 400 * seen / SHUFFLES, " %")


def _quiet_demo(report: Report) -> None:
    comparisons = alarms = onsets = 0
    for seed in (1, 2, 3):
        lines = demo(seed, 600)
        numbers, _ = _mined(lines.text, lines.levels)
        onsets += find_onset(lines, numbers) is not None
        for past, present in ((60, 60), (60, 600), (300, 60), (300, 600)):
            for start in range(-300, 601 - past - present, 60):
                found = find_surprises(
                    lines, numbers, _span(start, start + past), _span(start + past, start + past + present)
                )
                comparisons, alarms = comparisons + 1, alarms + bool(found)
    report.note("quiet demo, three seeds: comparisons", f"{comparisons}")
    report.add("quiet demo: with any alarm", alarms, "", most=0)
    report.add("quiet demo: onsets in three runs", onsets, "", most=0)


def _million(report: Report) -> None:
    size = 1_000_000
    rng = np.random.default_rng(1)
    weights = 1 / np.arange(1, 3001)
    numbers = rng.choice(3000, size, p=weights / weights.sum()).astype(np.int32)
    lines = Lines(
        pl.Series(["a line of this length or so"]).new_from_index(0, size),
        np.sort(rng.integers(START, START + 180 * NANOSECONDS, size)),
        rng.choice([Level.INFO, Level.WARN, Level.ERROR], size).astype(np.uint8),
        rng.integers(0, 50, size).astype(np.uint32),
        [Stream((str(number),), title=f"stream-{number}") for number in range(50)],
    )
    for what, work in (
        ("surprises", lambda: find_surprises(lines, numbers, _span(0, 60), _span(60, 180))),
        ("onset", lambda: find_onset(lines, numbers)),
    ):
        seconds = []
        for _ in range(5):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
        report.add(f"a million lines, 3,000 templates: {what}", statistics.median(seconds), " s", most=1)


def _span(start: float, stop: float) -> Span:
    return Span(START + int(start * NANOSECONDS), START + int(stop * NANOSECONDS))
