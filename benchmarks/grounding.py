"""How many wrong claims the checker catches, how many right ones it doubts, and what a claim takes."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.report import Report
from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict

CLAIMS = Path(__file__).parents[1] / "tests/golden/claims"
DATA = Path(__file__).parents[2] / "shared/data/loghub"
ROUNDS = 5


def run() -> Report:
    """Measure."""
    report = Report(
        "Grounding",
        "Written claims over lines of demo, recorded incidents and public logs. Rules were tuned on some; those\n"
        "held out were only counted; those by others were written without knowing a rule and counted while rules were\n"
        "made; the unseen ones were never read, and counted after each round of work.\n"
        "Caught: an unsupported claim got any verdict but supported. False: a supported one did.\n"
        "Time: processor time of all claims of a set as one answer, the lines of it taken apart once; best of "
        f"{ROUNDS} rounds.",
    )
    groups = _groups()
    for half in ("tuned", "held out", "by others", "unseen"):
        _count(report, half, [(sources, [row for row in rows if row["half"] == half]) for sources, rows in groups])
    if (DATA / "grounding/claims_dev.jsonl").is_file():
        _count(report, "the first set", [_first_set()])
    total = sum(len(rows) for _, rows in groups)
    report.add("a claim", min(_seconds(groups) for _ in range(ROUNDS)) / total * 1000, " ms", most=1)
    return report


def _groups() -> list[tuple[dict[int, Source], list[dict]]]:
    found = []
    for path in sorted(CLAIMS.glob("*.jsonl")):
        named: dict[str, tuple[dict[int, Source], list[dict]]] = {}
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if "claim" not in row:
                looked_up = {label: _line(*place) for label, place in row.get("places", {}).items()}
                texts = row.get("lines", {}) | looked_up
                named[row["group"]] = ({int(label[1:]): Source(text, text) for label, text in texts.items()}, [])
            elif named[row["group"]][0]:
                named[row["group"]][1].append(row)
        found += [group for group in named.values() if all(source.text for source in group[0].values())]
    return found


def _line(file: str, number: int) -> str:
    path = DATA / "loghub_2k" / file
    return path.read_text(encoding="utf-8", errors="replace").splitlines()[number - 1] if path.is_file() else ""


def _first_set() -> tuple[dict[int, Source], list[dict]]:
    first, *rows = map(json.loads, (DATA / "grounding/claims_dev.jsonl").read_text(encoding="utf-8").splitlines())
    kinds = {True: "supported", False: "unsupported"}
    sources = {int(label[1:]): Source(text, text) for label, text in first["lines"].items()}
    return sources, [{**row, "kind": kinds[row["supported"]]} for row in rows]


def _count(report: Report, name: str, groups: list[tuple[dict[int, Source], list[dict]]]) -> None:
    kinds: dict[str, list[bool]] = defaultdict(list)
    doubtful = {True: 0, False: 0}
    for sources, rows in groups:
        for row in rows:
            # What only passes an order on is no claim: it is not supported either.
            claims = check(row["claim"], sources).claims
            verdict = claims[0].verdict if claims else Verdict.UNSUPPORTED
            kinds[row["kind"]].append(verdict is not Verdict.SUPPORTED)
            doubtful[row["supported"]] += verdict is Verdict.DOUBTFUL
    right = kinds.pop("supported")
    wrong = [flagged for flags in kinds.values() for flagged in flags]
    report.add(f"{name}: caught of {len(wrong)}", sum(wrong) / len(wrong) * 100, " %", least=85)
    report.add(f"{name}: false of {len(right)}", sum(right) / len(right) * 100, " %", most=10)
    report.note(f"{name}: only doubtful", f"{doubtful[False]} of the wrong, {doubtful[True]} of the right")
    report.note(
        f"{name}: by kind", ", ".join(f"{kind} {sum(flags)}/{len(flags)}" for kind, flags in sorted(kinds.items()))
    )


def _seconds(groups: list[tuple[dict[int, Source], list[dict]]]) -> float:
    start = time.process_time()
    for sources, rows in groups:
        check("\n".join(row["claim"] for row in rows), sources)
    return time.process_time() - start
