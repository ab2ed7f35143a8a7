"""The client's side of the fault run: the program's own source and session, and a ledger of every number that came."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.choice import Choice
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.reading import Reading
from hallucino_tui.session.receipts import Totals, total
from hallucino_tui.sources.kubernetes.cluster import KubernetesCluster, KubernetesClusters

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Ledger:
    """What came of one pod, in the order in which it came."""

    numbers: list[int] = field(default_factory=list)
    gaps_after: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The newest number."""
        return self.numbers[-1] if self.numbers else 0


@dataclass
class Result:
    """What the run found.

    Attributes:
        lines: How many were written.
        received: How many came.
        repeated: How many came more than once.
        disordered: How often a number was smaller than the one before.
        lost: How many never came.
        silent: How many of them without a gap being announced where they are missing.
        announced: How many gaps were announced.
        needless: How many of them with nothing missing there.
        done: What the server did.
        totals: The receipts' own sums.
        seconds: How long it took.
    """

    lines: int
    received: int
    repeated: int
    disordered: int
    lost: int
    silent: int
    announced: int
    needless: int
    done: dict[str, int]
    totals: Totals
    seconds: float

    @property
    def cuts(self) -> int:
        """How many follows the server ended."""
        kinds = ("clean", "abrupt", "mid-line", "freeze", "kubelets", "inotify", "restart", "restart-twice")
        return sum(self.done.get(kind, 0) for kind in kinds)


async def run(*, lines: int, streams: int, seed: int, rotate: bool, slow: float = 0.0, **more: float) -> Result:
    """Run server and client; return what the ledgers say.

    Args:
        lines: Lines in all.
        streams: Over how many containers.
        seed: Another seed breaks things in another order.
        rotate: Whether logs are rotated and containers restarted twice while nobody reads.
        slow: Seconds that the client's loop stands still at every turn.
        more: Further options of the server.
    """
    options = [
        f"--{name}={value}" for name, value in {"lines": lines, "streams": streams, "seed": seed, **more}.items()
    ]
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.faults.server",
        *options,
        *(["--rotate"] if rotate else []),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        path = (await server.stdout.readline()).decode().strip()
        table = StreamTable()
        cluster = await KubernetesClusters(path, table, SystemClock(), tail=None).open(None)
        ledgers = {f"writer-{number:02d}": Ledger() for number in range(streams)}
        began = time.monotonic()
        report = await _follow(cluster, table, ledgers, server, slow)
        totals = total(cluster.logs.receipts())
        await cluster.close()
        return _judge(ledgers, report, totals, time.monotonic() - began)
    finally:
        server.stdin.close()
        await server.wait()


async def _follow(
    cluster: KubernetesCluster,
    table: StreamTable,
    ledgers: dict[str, Ledger],
    server: asyncio.subprocess.Process,
    slow: float,
) -> dict[str, Any]:
    cluster.logs.set_pace(quiet=1.0, longest_wait=1.0)
    reading = Reading(Choice(namespaces=("run",)), cluster)
    cluster.watch(reading.choice)
    report: dict[str, Any] = {}
    assert server.stdin is not None
    assert server.stdout is not None
    reported = asyncio.ensure_future(server.stdout.readline())
    started = False
    while not report or any(ledger.last < report["lines"][pod] for pod, ledger in ledgers.items()):
        reading.update(cluster.inventory, cluster.inventory.take_changes())
        live = total(cluster.logs.receipts()).states
        if not started and live.get("live") == len(ledgers):  # type: ignore[call-overload]
            server.stdin.write(b"go\n")
            started = True
        _enter(cluster, table, ledgers)
        if reported.done() and not report:
            report = json.loads(reported.result())
        if slow:
            time.sleep(slow)  # noqa: ASYNC251 - a client whose loop is held up is what is tried here
        await asyncio.sleep(0.02)
    return report


def _enter(cluster: KubernetesCluster, table: StreamTable, ledgers: dict[str, Ledger]) -> None:
    """Write what came into the ledgers."""
    for item in cluster.logs.take():
        if isinstance(item, Notice):
            ledger = ledgers[table[item.stream].title]
            ledger.notices.append(item.text)
            if item.kind is NoticeKind.GAP:
                ledger.gaps_after.append(ledger.last)
            continue
        for index in range(len(item)):
            ledger = ledgers[table[int(item.streams[index])].title]
            ledger.numbers.append(int(item.line(index).split(b" ", 1)[0]))


def _judge(ledgers: dict[str, Ledger], report: dict[str, Any], totals: Totals, seconds: float) -> Result:
    lost = silent = repeated = disordered = needless = 0
    for pod, ledger in ledgers.items():
        seen = set(ledger.numbers)
        repeated += len(ledger.numbers) - len(seen)
        disordered += sum(one >= two for one, two in zip(ledger.numbers, ledger.numbers[1:], strict=False))
        gaps = set(ledger.gaps_after)
        before = 0
        for number in [*sorted(seen), report["lines"][pod] + 1]:
            missing = number - before - 1
            lost += missing
            if missing and before not in gaps:
                silent += missing
            before = number
        ordered = sorted(seen)
        follows = dict(itertools.pairwise(ordered))
        needless += sum(follows.get(gap) == gap + 1 for gap in gaps)
    return Result(
        lines=sum(report["lines"].values()),
        received=sum(len(ledger.numbers) for ledger in ledgers.values()),
        repeated=repeated,
        disordered=disordered,
        lost=lost,
        silent=silent,
        announced=sum(len(ledger.gaps_after) for ledger in ledgers.values()),
        needless=needless,
        done=report["done"],
        totals=totals,
        seconds=seconds,
    )


if __name__ == "__main__":
    print(asyncio.run(run(lines=400_000, streams=20, seed=1, rotate="--rotate" in sys.argv)))
