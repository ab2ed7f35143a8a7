"""The first cause of incidents: of recorded ones, and of the demo's."""

from __future__ import annotations

import pytest
from demo_world import tell_demo
from evidence_world import INCIDENTS, read_incident

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.report.evidence import EventCitation, LineCitation
from hallucino_tui.insight.report.make import make_report
from hallucino_tui.insight.report.statements import Section

CAUSES = {
    "01-db-connections": ("checkout", '"db_pool_max": 40'),
    "03-db-password": ("checkout", "password authentication failed"),
    "05-db-volume-full": ("clickstream-import", "2026-11-01 loaded, 60000 rows"),
    "08-storefront-config": ("storefront", "json.decoder.JSONDecodeError: Expecting ',' delimiter: line 7"),
}


@pytest.mark.corpora
@pytest.mark.parametrize("with_events", [True, False])
@pytest.mark.parametrize("name", CAUSES)
def test_the_first_cause_of_a_recorded_incident_is_named_with_its_first_evidence(name, with_events):
    if not (INCIDENTS / name).is_dir():
        pytest.skip("the recorded incidents are not here")
    evidence, _ = read_incident(INCIDENTS / name, with_events=with_events)
    report = make_report(evidence)
    workload, words = CAUSES[name]
    assert report.is_incident
    assert report.first_cause is not None
    assert report.first_cause.workload == workload
    cited = [one.index for one in report.first_cause.citations if isinstance(one, LineCitation)]
    assert any(words in str(evidence.lines.text[index]) for index in cited)
    assert any(isinstance(one, EventCitation) for one in report.first_cause.citations) == with_events


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_demo_begins_with_its_rollout_and_not_with_who_shouts(seed):
    evidence = tell_demo(seed, 300)
    report = make_report(evidence)
    assert report.first_cause is not None
    assert report.first_cause.workload == "checkout"
    assert "a rollout" in report.first_cause.text
    kinds = {
        evidence.events[one.index].kind
        for statement in report.statements
        for one in statement.citations
        if isinstance(one, EventCitation)
    }
    assert EventKind.ROLLOUT in kinds
    assert EventKind.OOM_KILLED in kinds


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_story_that_is_told_faster_and_read_from_its_newest_lines_on_begins_with_the_same_rollout(seed):
    report = make_report(tell_demo(seed, 400, speed=10, tail=1000))
    assert report.first_cause is not None
    assert report.first_cause.workload == "checkout"
    assert "a rollout" in report.first_cause.text
    happened = [one.text for one in report.statements if one.section is Section.TIMELINE]
    assert any("checkout: a rollout" in text for text in happened)


@pytest.mark.parametrize(("seed", "until"), [(1, 600), (2, 120), (3, 120)])
def test_a_quiet_demo_is_no_incident(seed, until):
    report = make_report(tell_demo(seed, until, quiet=True))
    assert not report.is_incident
    assert report.first_cause is None
