"""A report as it may leave the machine: with pseudonyms for the secrets in all that it quotes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hallucino_tui.insight.report.evidence import EventCitation, LineCitation
from hallucino_tui.insight.report.statements import Bars
from hallucino_tui.session.leaving import Leaving, lines_without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.insight.report.evidence import Citation, Evidence
    from hallucino_tui.insight.report.statements import FirstCause, Report, Statement, Trend


def without_secrets(report: Report, evidence: Evidence, redactor: Redactor) -> tuple[Report, Evidence]:
    """Return a report without secrets, and its evidence with what it cites without them; no other line is looked at.

    Args:
        report: The report.
        evidence: What it was made from.
        redactor: Replaces secrets.
    """
    cited = [one for statement in report.statements for one in statement.citations]
    cited += report.first_cause.citations if report.first_cause is not None else ()
    rows = _indices(cited, LineCitation)
    lines, events = evidence.lines, list(evidence.events)
    texts = [str(text) for text in lines.text.gather(rows).to_list()]
    made = lines_without_secrets(lines.text, lines.streams, rows, redactor)
    told = [events[index].message for index in _indices(cited, EventCitation).tolist()]
    leaving = Leaving(redactor, (*texts, *told), (*made, *map(redactor.redact, told)))
    for index in _indices(cited, EventCitation).tolist():
        events[index] = _event(events[index], leaving)
    text = lines.text.clone().scatter(rows, pl.Series(made, dtype=pl.String)) if len(rows) else lines.text
    return _report(report, leaving), replace(evidence, lines=replace(lines, text=text), events=tuple(events))


def _indices(citations: Iterable[Citation], kind: type[Citation]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(sorted({one.index for one in citations if isinstance(one, kind)}), np.int64)


def _event(event: ClusterEvent, leaving: Leaving) -> ClusterEvent:
    return replace(event, message=leaving.line(event.message))


def _report(report: Report, leaving: Leaving) -> Report:
    looks = [replace(one, text=leaving.sentence(one.text), query=leaving.query(one.query)) for one in report.next_looks]
    return replace(
        report,
        statements=[_statement(one, leaving) for one in report.statements],
        first_cause=None if report.first_cause is None else _cause(report.first_cause, leaving),
        next_looks=looks,
        charts=[_chart(one, leaving) for one in report.charts],
        gaps=_all(report.gaps, leaving),
    )


def _statement(one: Statement, leaving: Leaving) -> Statement:
    text, query = leaving.sentence(one.text), leaving.query(one.query)
    return replace(one, text=text, workload=leaving.line(one.workload), query=query)


def _cause(cause: FirstCause, leaving: Leaving) -> FirstCause:
    reasons = tuple((leaving.sentence(text), points) for text, points in cause.reasons)
    text, workload = leaving.sentence(cause.text), leaving.line(cause.workload)
    return replace(cause, text=text, workload=workload, reasons=reasons)


def _chart(chart: Bars | Trend, leaving: Leaving) -> Bars | Trend:
    if isinstance(chart, Bars):
        return replace(chart, title=leaving.sentence(chart.title), labels=tuple(_all(chart.labels, leaving)))
    return replace(chart, title=leaving.sentence(chart.title))


def _all(texts: Sequence[str], leaving: Leaving) -> list[str]:
    return [leaving.sentence(text) for text in texts]
