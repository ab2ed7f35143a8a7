"""What tests of the first cause ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.insight.report.evidence import LineCitation
from hallucino_tui.insight.report.make import make_report

if TYPE_CHECKING:
    from evidence_world import World

    from hallucino_tui.insight.report.statements import FirstCause

INNOCENT = "batch"


def cause_of(world: World, *, with_events: bool = True) -> FirstCause:
    """Return the first cause, which there has to be, and which is never who always shouts."""
    if not with_events:
        world.events.clear()
    report = make_report(world.evidence())
    assert report.is_incident
    assert report.first_cause is not None
    assert report.statements[0].text == report.first_cause.text
    assert report.first_cause.workload != INNOCENT
    return report.first_cause


def cited_text(world: World, cause: FirstCause) -> str:
    """Return what the cited lines and events say."""
    evidence = world.evidence()
    return "\n".join(
        str(evidence.lines.text[one.index]) if isinstance(one, LineCitation) else evidence.events[one.index].message
        for one in cause.citations
    )
