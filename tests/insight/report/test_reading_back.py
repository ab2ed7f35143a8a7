"""Each statement of a report cites lines and events that exist and say it."""

from __future__ import annotations

import json
import re

import pytest
from demo_world import tell_demo
from evidence_world import INCIDENTS, World, read_incident
from shop_world import Shop, payments_out_of_memory

from hallucino_tui.insight.report.evidence import EventCitation, Evidence
from hallucino_tui.insight.report.json_form import to_json
from hallucino_tui.insight.report.make import make_report
from hallucino_tui.insight.report.markdown import to_markdown
from hallucino_tui.insight.report.quoting import plain, quoted
from hallucino_tui.insight.report.statements import Purpose, Report
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.text import shown

NAMES = ["01-db-connections", "03-db-password", "05-db-volume-full", "08-storefront-config"]


def said(evidence: Evidence, citation) -> str:
    if isinstance(citation, EventCitation):
        event = evidence.events[citation.index]
        return f"{event.message} {event.reason} {event.pod} {event.workload}"
    return plain(str(evidence.lines.text[citation.index]))


def check(report: Report, evidence: Evidence) -> None:
    for statement in report.statements:
        assert statement.citations, statement
        text = "\n".join(said(evidence, one) for one in statement.citations)
        for words in quoted(statement.text):
            assert words in text, statement
        assert "\n" not in statement.text
        assert shown(statement.text) == statement.text
        if statement.query:
            parse(statement.query)
        assert f"{statement.workload}" in statement.text or statement.section.value in {"logins", "scans", "access"}
    for look in report.next_looks:
        parse(look.query)
    if report.first_cause is not None:
        assert report.first_cause.text in [one.text for one in report.statements[:3]]
    place = lambda index: {"file": "all.log", "line": index + 1}  # noqa: E731
    told = json.loads(json.dumps(to_json(report, evidence, place)))
    for statement in told["statements"]:
        for citation in statement["citations"]:
            assert "text" in citation
            assert "event" in citation or citation["line"] >= 1
    markdown = to_markdown(report, evidence, lambda one: f"{type(one).__name__[0]}{one.index}")
    assert shown(markdown.replace("\n", " ")) == markdown.replace("\n", " ")


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("seed", [1, 2])
def test_statements_about_a_shop_are_said_by_what_they_cite(seed, purpose):
    for world in (Shop(seed), payments_out_of_memory(seed, rolled=True)):
        evidence = world.evidence()
        check(make_report(evidence, purpose), evidence)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_statements_about_the_demo_are_said_by_what_they_cite(purpose):
    evidence = tell_demo(1, 300)
    check(make_report(evidence, purpose), evidence)


@pytest.mark.corpora
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("name", NAMES)
def test_statements_about_recorded_incidents_are_said_by_what_they_cite(name, purpose):
    if not (INCIDENTS / name).is_dir():
        pytest.skip("the recorded incidents are not here")
    evidence, _ = read_incident(INCIDENTS / name)
    check(make_report(evidence, purpose), evidence)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_hostile_lines_are_quoted_harmless(purpose):
    world = World()
    hostile = [
        "ERROR failed login for user ``` [click](https://evil.example) \x1b]8;;https://evil.example\x07x from 10.0.0.1",
        "ERROR `x` **bold** <script>alert(1)</script> timeout \u202egnp.exe permission denied",
        "ERROR ``` timed out\x1b[2J\x07",
        "FATAL ![img](file:///etc/passwd) took 5 s denied",
    ]
    for second in range(200):
        world.say(second, "web-6b8d5c7f9-kkk22", f"INFO request took {second % 7} ms")
        if second > 120:
            world.say(second, "web-6b8d5c7f9-kkk22", *hostile)
    for second in range(120, 200):
        world.say(second, "\x1b[31m`[a](https://evil.example)`\n", "ERROR cannot go on")
    evidence = world.evidence()
    report = make_report(evidence, purpose)
    check(report, evidence)
    markdown = to_markdown(report, evidence, lambda one: "[x](y)")
    outside = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown, flags=re.DOTALL)
    assert "://" not in outside
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert "<script>" not in outside
    assert "\x1b" not in markdown
    assert "\u202e" not in markdown
