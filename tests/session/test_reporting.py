"""Reports over rows of the store: numbers of citations, what is known besides, lines that have left."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace

import numpy as np
import pytest
from session_world import NOON, SECOND, FakeClock, FakeLogs, hub_of

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.session import reporting
from hallucino_tui.session.evidence import rows_of
from hallucino_tui.session.hidden import count_hidden
from hallucino_tui.session.patterns import Patterns
from hallucino_tui.session.reporting import Reporter, Surroundings, Written


async def trouble() -> tuple[FakeLogs, ViewSnapshot, Patterns]:
    """Ten quiet minutes of two services, then errors of one of them."""
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    patterns = Patterns(hub.store, logs.table, FakeClock())
    logs.write("web-1", *(f"INFO GET /cart/{n} 200" for n in range(800)), times=[NOON + n * SECOND for n in range(800)])
    logs.write("cart-1", *(f"INFO cart {n}" for n in range(600)), times=[NOON + n * SECOND for n in range(600)])
    logs.write(
        "cart-1",
        *(f"ERROR cart {n}: pool timeout" for n in range(200)),
        times=[NOON + (600 + n) * SECOND for n in range(200)],
    )
    logs.divide("cart-1", "lines may be missing", NOON + 700 * SECOND)
    while await hub.tick():
        pass
    patterns.hear(heard.last.view.store)
    return logs, heard.last.view, patterns


async def written(
    logs: FakeLogs,
    view: ViewSnapshot,
    patterns: Patterns,
    around: Surroundings | None = None,
    cited: tuple[int, ...] = (),
) -> Written:
    reporter = Reporter(patterns, logs.table, lambda: around or Surroundings())
    task = asyncio.create_task(patterns.run())
    try:
        return await reporter.write(view.store, rows_of(view), cited)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def line(view: ViewSnapshot, row: int) -> str:
    found = view.store.find(row)
    assert found is not None
    return found[0].line(found[1]).decode()


async def test_every_citation_names_a_row() -> None:
    logs, view, patterns = await trouble()
    report = await written(logs, view, patterns)
    numbers = {int(number) for number in re.findall(r"\[L(\d+)\]", report.markdown)}
    assert report.is_incident
    assert report.lines == 1600
    assert numbers == set(range(1, len(report.rows) + 1))
    assert any("pool timeout" in line(view, row) for row in report.rows)
    assert "\\[L" not in report.markdown


async def test_rows_that_have_numbers_keep_them() -> None:
    logs, view, patterns = await trouble()
    first = await written(logs, view, patterns)
    given = (*view.rows(0, 3), first.rows[0])
    again = await written(logs, view, patterns, cited=given)
    assert again.rows[: len(given)] == given
    assert "[L4]" in again.markdown


async def test_the_same_report_whether_its_templates_were_known_or_not() -> None:
    logs, view, patterns = await trouble()
    fresh = await written(logs, view, patterns)
    task = asyncio.create_task(patterns.run())
    await patterns.catch_up()
    task.cancel()
    assert (await written(logs, view, patterns)).markdown == fresh.markdown


async def test_looks_are_numbered_like_their_keys() -> None:
    logs, view, patterns = await trouble()
    report = await written(logs, view, patterns)
    section = report.markdown.partition("**Where to look next**")[2]
    assert report.looks
    for number, look in enumerate(report.looks, start=1):
        item = next(item for item in section.splitlines() if item.startswith(f"{number}. "))
        assert look.query in item


async def test_what_could_not_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    logs, view, patterns = await trouble()
    monkeypatch.setattr(reporting, "MOST_LINES", 1000)
    report = await written(logs, view, patterns, Surroundings(gaps=("cart/app: lines may be missing.",)))
    assert "Only the newest 1,000 of 1,601 lines were looked at." in report.markdown
    assert "cart/app: lines may be missing." in report.markdown
    assert report.lines <= 1000


async def test_no_lines_make_a_report_that_says_so() -> None:
    logs, view, patterns = await trouble()
    reporter = Reporter(patterns, logs.table, Surroundings)
    task = asyncio.create_task(patterns.run())
    report = await reporter.write(view.store, np.empty(0, np.int64))
    task.cancel()
    assert (report.lines, report.rows, report.is_incident) == (0, (), False)


async def test_what_a_filter_hides_is_counted_without_dividers() -> None:
    logs, view, _ = await trouble()
    assert await count_hidden(view.store, logs.table, '|= "pool timeout"') == 1400
    assert await count_hidden(view.store, logs.table, '!> "ERROR cart <_>: pool timeout"') == 200
    assert await count_hidden(view.store, logs.table, "|~ `(?=x)`") is None


async def test_an_event_that_is_cited_leads_to_its_divider() -> None:
    logs, view, patterns = await trouble()
    killed = ClusterEvent(
        NOON + 700 * SECOND,
        NOON + 700 * SECOND,
        EventKind.OOM_KILLED,
        "OOMKilled",
        is_warning=True,
        namespace="shop",
        object_kind="Pod",
        object_name="cart-1",
        workload="cart",
        pod="cart-1",
        container="app",
        exit_code=137,
    )
    elsewhere = replace(killed, time=NOON + 650 * SECOND, last_time=NOON + 650 * SECOND)
    report = await written(logs, view, patterns, Surroundings([elsewhere, killed]))
    assert any(line(view, row) == "lines may be missing" for row in report.rows), report.markdown
    assert "[event 12:10:50]" in report.markdown.replace("\\", "")
