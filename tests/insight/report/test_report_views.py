"""The views for performance and security, Markdown, JSON, and evidence of odd shapes."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from evidence_world import NOON, World, evidence_of
from shop_world import CHANGE, CHECKOUT, MAILER, STOP, Shop

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.lines import Lines
from hallucino_tui.insight.report.evidence import EventCitation, Evidence, LineCitation
from hallucino_tui.insight.report.json_form import to_json
from hallucino_tui.insight.report.make import make_report
from hallucino_tui.insight.report.markdown import to_markdown
from hallucino_tui.insight.report.quoting import gist, quote, quoted
from hallucino_tui.insight.report.rises import find_rise
from hallucino_tui.insight.report.statements import Purpose, Section
from hallucino_tui.insight.tally import Span
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.stream import Stream

WEB = "web-6b8d5c7f9-kkk22"


def texts(report, section: Section) -> list[str]:
    return [one.text for one in report.statements if one.section is section]


@pytest.mark.parametrize(
    ("form", "fast", "slow"),
    [
        ("GET /a took={} ms", 20, 900),
        ("GET /a done in {} ms", 20, 900),
        ('{{"msg": "request", "path": "/a", "latency_ms": {}}}', 20, 900),
        ('10.0.0.1 "GET /a HTTP/1.1" 200 17 rt={}', 0.02, 0.9),
        ("level=info msg=request duration={}s path=/a", 0.02, 0.9),
    ],
)
def test_a_template_that_becomes_slow_is_told_with_its_percentiles(form, fast, slow):
    world = World()
    for second in range(300):
        value = fast if second < 200 else slow
        world.say(second, WEB, form.format(round(value * (1 + second % 5 / 10), 3)))
        if second >= 200 and second % 2 == 0:
            world.say(second, WEB, "ERROR upstream says 500")
    report = make_report(world.evidence(), Purpose.PERFORMANCE)
    first = texts(report, Section.LATENCY)[0]
    assert "slower than before" in first
    assert "p95 1,260 ms (28 ms)" in first
    assert report.charts


def test_a_setting_that_looks_like_a_duration_is_not_measured():
    world = World()
    for second in range(100):
        world.say(second, WEB, "will try again in 5 s")
    assert not texts(make_report(world.evidence(), Purpose.PERFORMANCE), Section.LATENCY)


def test_words_that_say_that_something_is_full_are_found():
    world = World()
    for second in range(100):
        world.say(
            second,
            WEB,
            "INFO fine",
            "WARN pool 'orders' is exhausted, 12 wait",
            f"WARN queue mail is full ({second} jobs)",
        )
    found = texts(make_report(world.evidence(), Purpose.PERFORMANCE), Section.SATURATION)
    assert any("pool 'orders' is exhausted" in text for text in found)
    assert any("a queue is full" in text for text in found)


def test_failed_logins_scans_and_users_who_are_new_are_told():
    world = World()
    for second in range(0, 200, 2):
        world.say(second, "gate-0", f"Accepted password for deploy from 10.0.0.{second % 3} port {40000 + second} ssh2")
    for number, user in enumerate(("admin", "root", "oracle", "test", "guest", "ftp", "pi")):
        for _ in range(3):
            world.say(
                50 + number,
                "gate-0",
                f"Failed password for invalid user {user} from 203.0.113.9 port {50000 + number} ssh2",
            )
    world.say(190, "gate-0", "Accepted password for mallory from 203.0.113.9 port 50123 ssh2")
    for number in range(40):
        world.say(100 + number, "web-0", f'198.51.100.7 - - "GET /wp-{number}.php HTTP/1.1" 404 12')
        world.say(100 + number, "web-0", '10.0.0.5 - - "GET /admin HTTP/1.1" 403 12')
    report = make_report(world.evidence(), Purpose.SECURITY)
    logins, scans = texts(report, Section.LOGINS), texts(report, Section.SCANS)
    assert any("`203.0.113.9`: 21 lines of failed logins, 7 different users" in text for text in logins)
    assert any("`mallory` gets in" in text for text in logins)
    assert not any("`deploy` gets in" in text for text in logins)
    assert any(text.startswith("`203.0.113.9` tried 7 different users") for text in scans)
    assert any(text.startswith("`198.51.100.7` tried 40 different paths") for text in scans)
    assert any("/admin" in text for text in texts(report, Section.ACCESS))


def test_json_says_where_each_citation_is_found():
    shop = Shop(1, broken=(CHANGE, STOP))
    shop.roll(CHANGE, CHECKOUT, "checkout-7f4c9c5c59-gt4mq")
    shop.happen(CHANGE + 9, EventKind.OOM_KILLED, "OOMKilled", "checkout ended: exit code 137, OOMKilled", "checkout")
    shop.events[-1] = shop.events[-1].__class__(
        **{name: getattr(shop.events[-1], name) for name in shop.events[-1].__slots__} | {"index": -1}
    )
    for at in shop.fail(CHANGE + 1):
        shop.refuse(at, "checkout did not answer")
    evidence = shop.evidence()
    told = to_json(make_report(evidence), evidence, lambda index: {"file": "shop.log", "line": index + 1})
    assert told["incident"] is True
    assert told["first_cause"]["workload"] == "checkout"
    cited = [one for statement in told["statements"] for one in statement["citations"]]
    lines = [one for one in cited if "file" in one]
    assert lines
    assert all(one["text"] == str(evidence.lines.text[one["line"] - 1]) for one in lines)
    events = [one for one in cited if "event" in one]
    assert any(one["event"] is None and "OOMKilled" in one["text"] for one in events)
    assert all(evidence.events[one["event"]].message in one["text"] for one in events if one["event"] is not None)


def test_markdown_fits_into_a_terminal_and_labels_its_citations():
    shop = Shop(2, broken=(CHANGE, STOP))
    for at in shop.fail(CHANGE):
        shop.refuse(at, "checkout did not answer")
    evidence = shop.evidence()
    report = make_report(evidence)
    markdown = to_markdown(report, evidence, lambda one: f"L{one.index + 1}")
    assert markdown.startswith("### Report\n\nAn incident since 14:14:51 UTC.")
    first = report.first_cause.citations[0]
    assert f"\\[L{first.index + 1}\\]" in markdown
    charts = [line for line in markdown.split("```text\n")[1].split("\n") if line]
    assert all(len(line) <= 80 for line in charts)
    assert "█" in markdown
    headings = re.findall(r"^\*\*(.+)\*\*$", markdown, re.MULTILINE)
    assert len(headings) == len(set(headings))


def test_a_count_of_one_is_in_the_singular():
    shop = Shop(2, broken=(CHANGE, STOP))
    for at in shop.fail(CHANGE):
        shop.refuse(at, "checkout did not answer")
    shop.say(CHANGE + 20, MAILER, "ERROR:mailer:the queue of yesterday is gone")
    looks = [one.text for one in make_report(shop.evidence()).next_looks]
    assert any(text.endswith(": 1 line") for text in looks)
    assert not any(text.endswith(": 1 lines") for text in looks)


def test_a_report_without_lines_says_so():
    empty = Lines(
        pl.Series("line", [], dtype=pl.String), np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.uint32), []
    )
    evidence = Evidence(empty, np.zeros(0, np.int32), [], gaps=("web: forbidden",))
    for purpose in Purpose:
        report = make_report(evidence, purpose)
        assert not report.is_incident
        assert report.first_cause is None
        markdown = to_markdown(report, evidence, str)
        assert "Nothing stands out." in markdown
        assert "web: forbidden" in markdown


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize(
    "lines",
    [
        ["x"],
        ["same ERROR line"] * 3000,
        ["", "\x00\xff\u202e", " " * 50, "a" * 100_000],
        [f"{n:x} ERROR {n * n:x}" for n in range(3000)],
    ],
    ids=["one line", "equal lines", "odd lines", "different lines"],
)
@pytest.mark.parametrize("timed", [True, False])
def test_lines_of_odd_shapes_give_a_report(lines, timed, purpose):
    times = [NOON + number * NANOSECONDS if timed else NO_TIME for number in range(len(lines))]
    evidence = evidence_of(lines, times, [0] * len(lines), [Stream(("f",), {"filename": "f.log"}, "f.log")])
    report = make_report(evidence, purpose)
    to_markdown(report, evidence, lambda one: str(one.index))
    to_json(report, evidence, lambda index: {"file": "f.log", "line": index + 1})
    assert report.line_count == len(lines)
    assert timed or "at unknown" not in "".join(one.text for one in report.statements)


def test_lines_without_times_are_looked_at_in_their_order():
    lines = [f"INFO step {number % 9} is done" for number in range(400)]
    lines += ["ERROR cannot write: no space left on device", "INFO step 1 is done"] * 60
    evidence = evidence_of(
        lines, [NO_TIME] * len(lines), [0] * len(lines), [Stream(("f",), {"filename": "f.log"}, "f.log")]
    )
    report = make_report(evidence)
    assert report.is_incident
    assert report.onset is None
    assert report.first_cause.citations[0] == LineCitation(400)


def test_a_given_baseline_is_compared_with():
    world = World()
    for second in range(200):
        world.say(second, WEB, f"INFO request {second} is done")
        if second >= 150:
            world.say(second, WEB, "INFO cache was rebuilt", "INFO cache was rebuilt")
    report = make_report(world.evidence(), baseline=Span(NOON, NOON + 100 * NANOSECONDS))
    assert any("cache was rebuilt" in text for text in texts(report, Section.SURPRISES))


def test_evidence_that_are_events_alone_is_enough():
    world = World()
    world.happen(0, EventKind.ROLLOUT, "ScalingReplicaSet", "Scaled up replica set web-6b8d5c7f9 from 0 to 1", "web")
    world.happen(20, EventKind.BACK_OFF, "BackOff", "Back-off restarting failed container web", "web", is_warning=True)
    empty = evidence_of([], [], [], [])
    report = make_report(Evidence(empty.lines, empty.templates, [], world.events))
    assert report.is_incident
    assert report.first_cause.workload == "web"
    assert isinstance(report.first_cause.citations[0], EventCitation)


def test_what_was_quoted_is_found_again():
    for text in ("plain", "with ` one", "``` three", "`", "ends with `", "a" * 500, "tab\there"):
        (words,) = quoted(f"said {quote(text)}, twice.")
        assert words in text.replace("\t", " ").strip()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[2026-11-22 22:24:03 +0000] [1] [INFO] Starting", "[1] [INFO] Starting"),
        ("2026-11-22 22:25:37.365 UTC [422] FATAL:  no", "[422] FATAL:  no"),
        ('{"ts": "x", "msg": "not ready yet, waiting on", "error": "E"}', "not ready yet, waiting on"),
        ('{"msg": "not ready", "error": "connection refused"}', "connection refused"),
        ("no time", "no time"),
    ],
)
def test_the_gist_of_a_line_leaves_out_when_it_was(line, words):
    assert gist(line) == words


def test_a_rise_is_found_and_a_steady_rate_is_none():
    steady = np.arange(0, 500, 7)
    assert find_rise(steady, 500).log_probability > -3
    rising = np.concatenate([np.arange(0, 300, 60), np.arange(300, 500, 2)])
    rise = find_rise(rising, 500)
    assert rise.log_probability < -30
    assert rise.at == 300


def test_a_short_burst_of_something_new_is_a_rise():
    rise = find_rise(np.array([300, 301, 302, 304]), 500)
    assert rise.at == 300
    assert rise.log_probability < -10
    assert find_rise(np.array([0, 1, 2]), 500) is None


@pytest.mark.parametrize(("errors", "is_drawn"), [(1, False), (2, False), (3, True)])
def test_a_few_errors_are_listed_and_not_drawn(errors, is_drawn):
    world = World()
    for second in range(60):
        world.say(second, WEB, "INFO all is as usual")
    for second in range(errors):
        world.say(30 + second, WEB, "ERROR upstream says 500")
    assert bool(make_report(world.evidence()).charts) is is_drawn
