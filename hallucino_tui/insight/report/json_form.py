"""A report as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallucino_tui.insight.report.evidence import Citation, EventCitation, Evidence
from hallucino_tui.logs.moment import NO_TIME, format_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hallucino_tui.insight.report.statements import Report


def to_json(report: Report, evidence: Evidence, place: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """Return a report as what JSON can hold.

    Args:
        report: The report.
        evidence: What it was made from.
        place: Returns where a line is found, for example ``{"file": ..., "line": ...}``, by its index in the evidence.
    """

    def cited(citations: Iterable[Citation]) -> list[dict[str, Any]]:
        return [_citation(one, evidence, place) for one in citations]

    cause = report.first_cause
    return {
        "purpose": report.purpose.value,
        "incident": report.is_incident,
        "onset": None if report.onset is None else format_prefix(report.onset),
        "first_cause": None
        if cause is None
        else {
            "workload": cause.workload,
            "text": cause.text,
            "time": _time(cause.time),
            "citations": cited(cause.citations),
            "reasons": [{"text": text, "points": round(points, 2)} for text, points in cause.reasons],
        },
        "statements": [
            {
                "text": one.text,
                "workload": one.workload,
                "section": one.section.value,
                "time": _time(one.time),
                "count": one.count,
                "query": one.query,
                "citations": cited(one.citations),
            }
            for one in report.statements
        ],
        "next_looks": [{"text": one.text, "query": one.query} for one in report.next_looks],
        "gaps": list(report.gaps),
        "lines": report.line_count,
        "events": report.event_count,
    }


def _time(time: int) -> str | None:
    return None if time == NO_TIME else format_prefix(time)


def _citation(citation: Citation, evidence: Evidence, place: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    if not isinstance(citation, EventCitation):
        return {**place(citation.index), "text": str(evidence.lines.text[citation.index])}
    event = evidence.events[citation.index]
    about = f"{event.object_kind}/{event.object_name}".strip("/")
    told = {
        # What a pod's status tells is an event here, but stands in no list of events.
        "event": event.index if event.index >= 0 else None,
        "text": f"{format_prefix(event.time)} {event.reason} {about}: {event.message}",
        "reason": event.reason,
        "object": about,
    }
    return told if event.index >= 0 else {**told, "pod": event.pod}
