"""From lines to everything that a question is about: what stands around them, and what is known besides."""

import numpy as np
import pytest
from session_world import NOON, SECOND, FakeClock, FakeLogs, hub_of

from hallucino_tui.assistant.material import Material
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.insight.cluster_events import ClusterEvent, ContainerFacts, EventKind, PodFacts
from hallucino_tui.insight.report.statements import Purpose, Report, Section, Statement
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.session import facts, material
from hallucino_tui.session.evidence import rows_of
from hallucino_tui.session.material import StoreGround, material_of
from hallucino_tui.session.patterns import Patterns
from hallucino_tui.session.reporting import Surroundings

MINUTE = 60 * SECOND


def event(kind: EventKind = EventKind.OTHER, time: int = NOON, pod: str = "", **more: object) -> ClusterEvent:
    return ClusterEvent(time, time, kind, **{"reason": "Pulled", "message": "image", "pod": pod, **more})  # type: ignore[arg-type]


async def view_of(*written: tuple[str, int, str]) -> tuple[FakeLogs, ViewSnapshot]:
    """Lines as (pod, seconds after noon, text)."""
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    for pod, second, text in written:
        logs.write(pod, text, times=[NOON + second * SECOND])
    while await hub.tick():
        pass
    return logs, heard.last.view


async def looked_at(
    logs: FakeLogs, view: ViewSnapshot, rows: list[int], task: Task = Task.SUMMARISE, **more: object
) -> Material:
    ground = StoreGround(view.store, logs.table, rows, **more)  # type: ignore[arg-type]
    return material_of(await ground.look(task))


def found(view: ViewSnapshot, *texts: str) -> list[int]:
    """The rows of lines."""
    rows = view.rows(0, len(view))
    lines = {view.store.find(row)[0].line(view.store.find(row)[1]).decode(): row for row in rows}  # type: ignore[index]
    return [lines[text] for text in texts]


async def test_lines_become_columns_with_their_rows_and_templates() -> None:
    logs, view = await view_of(("web-1", 0, "GET /1 200"), ("db-0", 1, "ERROR full"), ("web-1", 2, "GET /2 200"))
    rows = view.rows(0, 3)
    made = await looked_at(logs, view, rows)
    assert made.text.to_list() == ["GET /1 200", "ERROR full", "GET /2 200"]
    assert made.rows.tolist() == rows
    assert [made.sources[stream] for stream in made.streams.tolist()] == ["web-1/app", "db-0/app", "web-1/app"]
    assert made.templates[0] == made.templates[2] != made.templates[1]
    assert (len(made), made.spans, list(made.facts)) == (3, (), [])


async def test_templates_that_are_known_are_taken() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    patterns = Patterns(hub.store, logs.table, FakeClock())
    logs.write("web-1", "GET /1 200", "GET /2 200", times=[NOON, NOON + SECOND])
    await hub.tick()
    patterns.hear(heard.last.view.store)
    rows = heard.last.view.rows(0, 2)
    made = await looked_at(logs, heard.last.view, rows, patterns=patterns)
    assert len(set(made.templates.tolist())) == 1


async def test_what_the_cluster_did_near_the_lines_or_with_their_pods_is_known() -> None:
    logs, view = await view_of(("web-1", 0, "x"))
    around = Surroundings(
        events=[
            event(time=NOON - 10 * MINUTE, object_name="db-0"),
            event(time=NOON - 60 * MINUTE, object_name="other"),
            event(time=NOON - 60 * MINUTE, pod="web-1"),
            event(EventKind.ROLLOUT, NOON + MINUTE, object_kind="Deployment", object_name="web"),
            event(EventKind.BACK_OFF, NOON + MINUTE, "web-1", is_warning=True, container="app", count=3, exit_code=1),
            event(time=NOON + 30 * MINUTE, object_name="later"),
        ],
        gaps=("web-1/app: lines may be missing.",),
    )
    made = await looked_at(logs, view, view.rows(0, 1), surroundings=lambda: around)
    assert [(fact.kind, fact.text, fact.is_severe) for fact in made.facts] == [
        ("gap", "web-1/app: lines may be missing.", True),
        ("event", "Pulled web-1: image", False),
        ("event", "Pulled db-0: image", False),
        ("rollout", "Pulled Deployment/web: image", False),
        ("event", "Warning Pulled web-1 (app): image, exit code 1 (3 times, last at 12:01:00)", True),
    ]
    assert [fact.time for fact in made.facts][:3] == [None, NOON - 60 * MINUTE, NOON - 10 * MINUTE]


@pytest.mark.parametrize("shown", [8, 12, 20])
def test_no_half_of_a_secret_in_what_a_cluster_says_or_what_was_found_becomes_a_fact(shown: int) -> None:
    secret = "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
    message = ("w " * 500)[: 999 - shown] + " " + secret + " tail"
    said = Statement(f"It began with `x {secret[:shown]}…`.", "", (), NO_TIME, Section.CAUSE)
    told = [
        *facts.of_events([event(message=message)], None, ()),
        *facts.of_report(Report(Purpose.GENERAL, [said], None, is_incident=True, onset=None)),
    ]
    assert all(secret[:8] not in Redactor().redact(fact.text) for fact in told)
    assert len(told) == 2


def test_of_very_many_events_the_severe_ones_stay() -> None:
    many = [event(time=NOON + number, reason=f"Reason{number}") for number in range(1000)]
    many.append(event(EventKind.OOM_KILLED, NOON))
    told = facts.of_events(many, (NOON, NOON), ())
    assert len(told) == 300
    assert any(fact.is_severe for fact in told)
    assert [fact.time for fact in told] == sorted(fact.time or 0 for fact in told)


def test_pods_say_what_is_wrong_with_them_and_nothing_else() -> None:
    pods = [
        PodFacts(
            "web-1",
            containers=(
                ContainerFacts("app", restarts=4, last_exit_code=137, last_reason="OOMKilled", last_finished=NOON,
                               state="waiting", reason="CrashLoopBackOff"),
                ContainerFacts("proxy", is_ready=True, state="running"),
                ContainerFacts("init", state="terminated", exit_code=0),
                ContainerFacts("broken", state="terminated", exit_code=2, reason="Error"),
            ),
        ),
        PodFacts("db-0", containers=(ContainerFacts("pg"),)),
    ]  # fmt: skip
    beside = facts.of_pods(pods, {"db-0"}, {"", "shop"})
    assert beside[0].text.startswith("pod db-0: container pg is not")
    assert len(beside) == 3
    assert [fact.text for fact in facts.of_pods(pods, {"web-1"})] == [
        (
            "pod web-1: container app was started again 4 times, its run before ended at 12:00:00 with exit code 137 "
            "(OOMKilled), is not ready, waiting (CrashLoopBackOff)"
        ),
        "pod web-1: container broken ended with exit code 2 (Error)",
    ]


async def test_the_lines_before_a_restart_are_looked_at_too_where_the_cause_is_asked_for() -> None:
    before = [("web-1", second, f"line {second}") for second in range(60)]
    logs, view = await view_of(*before, ("web-1", 70, "started"), ("db-0", 30, "other"))
    around = Surroundings(events=[event(EventKind.OOM_KILLED, NOON + 59 * SECOND, "web-1", container="app")])
    rows = found(view, "started")
    made = await looked_at(logs, view, rows, Task.CAUSE, surroundings=lambda: around)
    assert made.text.to_list() == [*(f"line {second}" for second in range(40, 60)), "started"]
    elsewhere = Surroundings(events=[event(EventKind.OOM_KILLED, NOON + 59 * SECOND, "db-0")])
    assert len(await looked_at(logs, view, rows, Task.CAUSE, surroundings=lambda: elsewhere)) == 1
    for task in (Task.SUMMARISE, Task.ASK):
        assert (await looked_at(logs, view, rows, task, surroundings=lambda: around)).text.to_list() == ["started"]


async def test_a_line_is_explained_with_what_stands_around_it() -> None:
    own = [("web-1", second, f"INFO line {second}") for second in range(100)]
    logs, view = await view_of(
        *own, ("db-0", 50, "INFO db"), ("db-0", 55, "ERROR full"), ("db-0", 5000, "ERROR far away")
    )
    made = await looked_at(logs, view, found(view, "INFO line 50"), Task.EXPLAIN)
    texts = made.text.to_list()
    assert texts == sorted(texts, key=lambda text: int(text.rsplit(" ", 1)[1]) if "line" in text else 55)
    assert texts[0] == "INFO line 30"
    assert texts[-1] == "INFO line 70"
    assert "ERROR full" in texts
    assert len(texts) == 42


async def test_what_is_compared_stands_side_by_side() -> None:
    logs, view = await view_of(*[("web-1", second, f"line {second}") for second in range(5)])
    rows = view.rows(0, 5)
    made = await looked_at(logs, view, rows[:2], Task.COMPARE, others=rows[3:])
    assert made.text.to_list() == ["line 0", "line 1", "line 3", "line 4"]
    assert made.spans == (0, 2)
    assert made.rows.tolist() == [*rows[:2], *rows[3:]]


async def test_a_cause_is_asked_for_with_what_was_found_without_a_model() -> None:
    quiet = [("web-1", second, f"INFO GET /cart/{second} 200") for second in range(600)]
    errors = [("cart-1", 600 + second, f"ERROR cart {second}: pool timeout") for second in range(200)]
    logs, view = await view_of(*quiet, *[("cart-1", second, "INFO ok") for second in range(600)], *errors)
    rows = view.rows(0, len(view))
    assert {fact.kind for fact in (await looked_at(logs, view, rows[:1], Task.EXPLAIN)).facts} == set()
    for task in (Task.CAUSE, Task.SUMMARISE):
        told = (await looked_at(logs, view, rows, task)).facts
        assert any(fact.kind == "statement" and "cart" in fact.text for fact in told)


def test_events_that_are_alike_over_the_pods_of_a_workload_are_one_fact() -> None:
    message = "Readiness probe failed: dial tcp 10.0.0.{0}:80: connection refused by {1}"
    alike = [
        event(time=NOON + number, pod=f"web-{number}", workload="web", message=message.format(number, f"web-{number}"))
        for number in range(3)
    ]
    told = facts.of_events([*alike, event(time=NOON, pod="db-0", workload="db", message=message)], None, ())
    assert len(told) == 2
    assert "3 times of 3 pods" in told[0].text or "3 times of 3 pods" in told[1].text


async def test_of_too_many_lines_the_newest_are_looked_at_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "MOST_ASKED", 3)
    logs, view = await view_of(*[("web-1", second, f"line {second}") for second in range(5)])
    made = await looked_at(logs, view, rows_of(view))  # type: ignore[arg-type]
    assert made.text.to_list() == ["line 2", "line 3", "line 4"]
    assert made.facts[0].text == "Only the newest 3 lines were looked at; 2 older ones were not."


async def test_no_lines_are_no_crash() -> None:
    logs, view = await view_of(("web-1", 0, "x"))
    for task in (Task.SUMMARISE, Task.EXPLAIN, Task.CAUSE):
        made = await looked_at(logs, view, [], task)
        assert (len(made), list(made.facts)) == (0, [])
    assert len(await looked_at(logs, view, [int(np.iinfo(np.int64).max)], Task.EXPLAIN)) == 0
