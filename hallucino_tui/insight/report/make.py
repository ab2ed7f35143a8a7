"""Makes a report: without any model, the same for the same evidence, in moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.report.cause import find_first_cause
from hallucino_tui.insight.report.changes import find_changes
from hallucino_tui.insight.report.find_troubles import find_troubles
from hallucino_tui.insight.report.found import tell_lines, tell_surprises, tell_workloads
from hallucino_tui.insight.report.latency import tell_latency
from hallucino_tui.insight.report.looks import look_at
from hallucino_tui.insight.report.naming import find_names
from hallucino_tui.insight.report.quoting import named
from hallucino_tui.insight.report.saturation import tell_saturation
from hallucino_tui.insight.report.scene import Scene
from hallucino_tui.insight.report.security import tell_security
from hallucino_tui.insight.report.statements import Bars, NextLook, Purpose, Report, Section, Statement, Trend
from hallucino_tui.insight.report.timeline import tell_timeline
from hallucino_tui.insight.report.trouble import owner_of
from hallucino_tui.insight.surprise import Surprise, find_surprises
from hallucino_tui.insight.tally import Span
from hallucino_tui.insight.wording import how_many
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from hallucino_tui.insight.baseline import Baseline
    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.insight.report.evidence import Evidence
    from hallucino_tui.insight.report.statements import FirstCause
    from hallucino_tui.insight.report.suspect import Suspect
    from hallucino_tui.insight.report.trouble import Troubles

RATE: Final = 0.01
_FEWEST_DRAWN: Final = 3
_TREND_PARTS: Final = 48
_MOST_LOOKS: Final = 6
_MOST_BARS: Final = 6


def make_report(
    evidence: Evidence,
    purpose: Purpose = Purpose.GENERAL,
    rate: float = RATE,
    baseline: Span | Baseline | None = None,
    categories: Categories | None = None,
) -> Report:
    """Write up what happened.

    Args:
        evidence: Lines, their templates, and what the cluster did. Template numbers are those that stand for
            themselves (see `Miner.resolve`).
        purpose: Who it is for. What it began with stands in all of them.
        rate: How often quiet logs may be called an incident.
        baseline: What to compare with: a part of the time, or another day. Without one, the time before the trouble.
        categories: Rules that say what lines mean which name no level.
    """
    scene = Scene(evidence, categories)
    changes = find_changes(scene)
    troubles = find_troubles(scene, changes.settled, rate)
    extra = {owner_of(event) for event in evidence.events} | {named(pod.workload) for pod in evidence.pods}
    names = find_names(scene, troubles.logged, sorted(extra - {""}))
    cause, suspects = find_first_cause(scene, troubles, changes.made, names)
    surprises = _surprises(scene, troubles, baseline, rate)
    statements = [*_of_cause(scene, cause)]
    charts: list[Bars | Trend] = []
    if purpose is Purpose.PERFORMANCE:
        slow, charts = tell_latency(scene, troubles)
        statements += [*slow, *tell_saturation(scene, troubles)]
    elif purpose is Purpose.SECURITY:
        statements += tell_security(scene)
    else:
        statements += tell_timeline(scene, troubles, changes, surprises)
        statements += tell_workloads(scene, troubles)
        statements += tell_lines(scene, troubles, errors=True)
        statements += tell_lines(scene, troubles, errors=False)
        statements += tell_surprises(scene, surprises)
        charts = [*_charts(scene, troubles)]
    return Report(
        purpose=purpose,
        statements=statements,
        first_cause=cause,
        is_incident=troubles.is_incident,
        onset=troubles.onset if scene.has_times else None,
        next_looks=_next_looks(scene, cause, suspects, statements),
        charts=charts,
        gaps=evidence.gaps,
        line_count=len(evidence.lines),
        event_count=len(evidence.events),
    )


def _surprises(scene: Scene, troubles: Troubles, baseline: Span | Baseline | None, rate: float) -> list[Surprise]:
    if not scene.has_times:
        return []
    evidence = scene.evidence
    ids = [one.id for one in evidence.miner_templates]
    end = scene.stop + 1
    if baseline is None:
        start = troubles.onset
        if start is None or not scene.start < start < end:
            start = scene.start + (end - scene.start) // 2
        baseline, current = Span(scene.start, start), Span(start, end)
    elif isinstance(baseline, Span):
        current = Span(max(baseline.stop, scene.start), end) if baseline.stop < end else Span(scene.start, end)
    else:
        current = Span(scene.start, end)
    return find_surprises(evidence.lines, evidence.templates, baseline, current, rate, ids)


def _of_cause(scene: Scene, cause: FirstCause | None) -> list[Statement]:
    if cause is None:
        return []
    place = scene.workloads.index(cause.workload) if cause.workload in scene.workloads else None
    query = "" if place is None else look_at(scene, place)
    time = cause.time if scene.has_times else NO_TIME
    return [Statement(cause.text, cause.workload, cause.citations, time, Section.CAUSE, query)]


def _next_looks(
    scene: Scene, cause: FirstCause | None, suspects: list[Suspect], statements: list[Statement]
) -> list[NextLook]:
    """Return queries: the cause's own lines, what names it, the other suspects, the loudest errors."""
    looks: dict[str, str] = {}
    names = [cause.workload] if cause is not None else []
    names += [one.workload for one in suspects if one.score > 0.5]
    for name in dict.fromkeys(names):
        if name in scene.workloads:
            chosen = look_at(scene, scene.workloads.index(name))
            if chosen:
                is_cause = cause is not None and name == cause.workload
                looks.setdefault(
                    f"{chosen} | level >= warn",
                    f"warnings and errors of {name}" if not is_cause else f"what {name} says of it",
                )
        if cause is not None and name == cause.workload and len(scene.workloads) > 1:
            looks.setdefault(f'|= "{name}" | level >= error', f"errors that name {name}")
    for one in statements:
        if one.query and one.section in {Section.ERRORS, Section.LATENCY, Section.SATURATION, Section.LOGINS}:
            what = f"{one.workload}, {one.section.value}: {how_many(one.count, 'line')}"
            looks.setdefault(one.query, what if one.count else one.workload)
    return [NextLook(text, query) for query, text in list(looks.items())[:_MOST_LOOKS]]


def _charts(scene: Scene, troubles: Troubles) -> list[Bars | Trend]:
    """Return when errors were written, and who wrote the new ones; of a few, a list says all that a chart would."""
    errors = scene.severe[scene.levels[scene.severe] >= Level.ERROR]
    if len(errors) < _FEWEST_DRAWN or not scene.has_times or scene.start == scene.stop:
        return []
    span = max(scene.stop - scene.start, 1)
    parts = np.minimum((scene.moments[errors] - scene.start) * _TREND_PARTS // (span + 1), _TREND_PARTS - 1)
    values = np.bincount(parts, minlength=_TREND_PARTS).astype(float)
    charts: list[Bars | Trend] = [Trend("Errors over time", tuple(values.tolist()), scene.start, scene.stop)]
    counts: dict[str, float] = {}
    for one in troubles.logged:
        name = scene.workloads[one.workload]
        counts[name] = counts.get(name, 0.0) + len(one.lines)
    if counts:
        most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_BARS]
        charts.append(
            Bars("New warnings and errors", tuple(name for name, _ in most), tuple(value for _, value in most))
        )
    return charts
