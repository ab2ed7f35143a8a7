"""What goes with a question: what stands above its answer, and lines that were not asked about."""

from collections.abc import Sequence

from session_world import NOON, SECOND, FakeLogs, ScriptedModel, hub_of

from hallucino_tui.assistant.tasks import Task
from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.session.asking import Asking
from hallucino_tui.session.reporting import Surroundings, Written


async def report(store: object, rows: Sequence[int], cited: Sequence[int] = ()) -> Written:
    return Written("### Report")


async def asking_about(*texts: str) -> tuple[Asking, ViewSnapshot]:
    """Lines of one pod, one each second."""
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    logs.write("web-1", *texts, times=[NOON + n * SECOND for n in range(len(texts))])
    await hub.tick()
    return Asking(lambda: ScriptedModel([]), logs.table, set(), "never", report), heard.last.view  # type: ignore[arg-type,return-value]


async def test_what_goes_with_the_lines_that_are_asked_about_is_told_to_user_and_model() -> None:
    asking, view = await asking_about(*(f"INFO step {n}" for n in range(5)))
    ready = await asking.begin(view.store, view.rows(2, 3), Task.EXPLAIN)
    told = "The question is about 1 line; 4 more go with it: what stood around it."
    assert told in ready.notes
    assert told in ready.question.text
    assert "[L3]" in ready.question.text.partition("To be explained")[2]
    chosen = await asking.begin(view.store, view.rows(2, 3), Task.SUMMARISE)
    assert (chosen.question.packing.lines, chosen.notes) == (1, ())
    killed = ClusterEvent(NOON + 4 * SECOND, NOON + 4 * SECOND, EventKind.OOM_KILLED, "OOMKilled", "", pod="web-1")
    asking.surroundings = lambda: Surroundings([killed])
    cause = await asking.begin(view.store, view.rows(0, 2), Task.CAUSE)
    told = "The question is about 2 lines; 3 more go with it: the last ones before restarts."
    assert told in cause.notes
    assert told in cause.question.text


async def test_a_comparison_is_headed_by_what_differs_and_not_by_a_report_on_one_part() -> None:
    asking, view = await asking_about(
        *(f"INFO GET /cart/{n} 200" for n in range(4)),
        *(f"ERROR cart {n}: pool timeout" for n in range(3)),
        "INFO GET /cart/9 200",
        "WARN disk is nearly full",
    )
    ready = await asking.begin(view.store, view.rows(0, 4), Task.COMPARE, other_rows=view.rows(4, 9))
    assert ready.counted.splitlines() == [
        "### Counted",
        "",
        "- Part A: 4 lines of 1 stream, from 12:00:00 to 12:00:03 UTC",
        "- Part B: 5 lines of 1 stream, 3 errors, 1 warning, from 12:00:04 to 12:00:08 UTC",
        "",
        "**Only in part B**",
        "",
        "- 3 × error `ERROR cart 0: pool timeout` [L5]",
        "- 1 × warn `WARN disk is nearly full` [L9]",
        "",
        "**In both, part A against part B**",
        "",
        "- 4 against 1 × info `INFO GET /cart/0 200` [L1]",
    ]
    assert ready.cited == ready.question.packing.rows


async def test_an_explanation_is_headed_by_what_is_known_of_its_line() -> None:
    asking, view = await asking_about(
        "INFO ready",
        *(f"ERROR cart {n}: pool timeout" for n in range(3)),
    )
    ready = await asking.begin(view.store, view.rows(2, 3), Task.EXPLAIN)
    assert ready.counted.startswith("### Counted\n\n- **1 line** at 12:00:02 UTC")
    assert "`ERROR cart 1: pool timeout` [L3]" in ready.counted
    assert ready.counted.endswith("3 lines around, 2 of the same kind.")
