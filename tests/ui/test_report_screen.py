"""The report in the panel: written without a model, with citations that lead to lines and looks that filter."""

from __future__ import annotations

from pathlib import Path

from ui_world import NOON, SECONDS, ScriptedModel, World, running

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.session.chat import Delta, Done, Failed, Failure, Started
from hallucino_tui.session.notebook import AnswerEntry
from hallucino_tui.session.notebook_blocks import whole
from hallucino_tui.session.row_texts import numbers_in
from hallucino_tui.sinks.notebooks import NotebookFolder

NOBODY = {"model": ScriptedModel([Failed(Failure.NO_MODEL, "No model is set up.")], host=""), "reports": True}


async def trouble(world: World) -> None:
    """Ten quiet minutes, then a rollout of checkout that brings errors."""
    rollout = NOON + 600 * SECONDS
    world.write("web-1", *(f"INFO GET /cart/{n} 200" for n in range(800)), time_=NOON)
    world.write("checkout-a", *(f"INFO order {n} done" for n in range(600)), time_=NOON)
    errors = [f"ERROR order {n}: pool timeout after 5000 ms" for n in range(199)]
    world.write("checkout-b", "INFO pool size is 2", *errors, time_=rollout + SECONDS)
    message = "Scaled up replica set checkout-6f to 1 from 0"
    world.cluster.happened.append(
        ClusterEvent(
            rollout,
            rollout,
            EventKind.ROLLOUT,
            "ScalingReplicaSet",
            message,
            namespace="shop",
            object_kind="Deployment",
            object_name="checkout",
            workload="checkout",
        )
    )
    await world.lines(1600)


async def reported(world: World) -> str:
    await world.press("r")
    await world.until(lambda: "### Report" in world.main.sending.text, "a report")
    await world.pilot.pause()
    return world.main.sending.text


async def test_a_report_is_written_with_no_model_at_all() -> None:
    async with running(**NOBODY) as world:
        await trouble(world)
        text = await reported(world)
        assert "checkout" in text.partition("What happened")[0]
        assert "[L1]" in text
        assert "\\[L" not in text
        await world.until(
            lambda: "written without any model" in str(world.app.screen.query(".answer-state").last().render())
        )
        await world.press("y")
        assert world.copied == [text]


async def test_its_citations_lead_to_the_lines_that_say_it() -> None:
    async with running(**NOBODY) as world:
        await trouble(world)
        await reported(world)
        await world.press("n", "n", "enter")
        await world.until(lambda: world.main.panels.focused == "logs")
        found = world.main.pane.viewport.view.store.find(world.main.pane.viewport.cursor or 0)
        assert found is not None
        assert b"pool timeout" in found[0].line(found[1])


async def test_a_suggested_look_is_one_key_and_backspace_undoes_it() -> None:
    async with running(**NOBODY) as world:
        await trouble(world)
        text = await reported(world)
        first = next(line for line in text.splitlines() if line.startswith("1. "))
        await world.press("1")
        await world.until(lambda: 0 < world.main.pane.viewport.view.matched < 1600)
        query = world.main.narrowing.now.texts[0]
        assert query in first
        assert world.main.panels.focused == "logs"
        await world.press("backspace")
        await world.lines(1600)


async def test_a_look_that_is_not_suggested_is_told() -> None:
    async with running(**NOBODY) as world:
        await trouble(world)
        await world.press("ctrl+e", "2")
        await world.until(lambda: len(world.app._notifications) > 0)
        assert world.main.narrowing.now.filters == ()


async def test_a_report_of_a_selection_is_about_its_lines() -> None:
    async with running(**NOBODY) as world:
        await trouble(world)
        await world.press("g", "v", "j", "j", "r")
        await world.until(lambda: "No incident" in world.main.sending.text)
        assert "3 lines" in world.main.sending.text


async def test_the_report_is_first_in_the_panel_when_a_model_is_asked_and_both_cite_the_same_lines() -> None:
    script = [Started(), Delta("The pool is empty [L1]."), Done()]
    async with running(model=ScriptedModel(script), confirm="never", reports=True) as world:
        await trouble(world)
        await world.press("s")
        await world.until(lambda: world.main.sending.text == "The pool is empty [L1].")
        await world.until(lambda: not world.main.sending.running)
        counted = world.app.screen.query(".counted").last()
        assert "Likely first cause" in counted.source  # type: ignore[attr-defined]
        await world.press("n", "enter")
        await world.until(lambda: world.main.panels.focused == "logs")


async def test_nothing_is_there_to_report() -> None:
    async with running(**NOBODY) as world:
        await world.press("r")
        await world.until(lambda: "No incident" in world.main.sending.text)


PASSWORD = "q7hunter" + "q7horse"


async def leaking(world: World) -> None:
    """Ten quiet minutes, then errors that hold a password."""
    world.write("web-1", *(f"INFO GET /cart/{n} 200" for n in range(600)), time_=NOON)
    errors = [f"ERROR login to the shop failed, password={PASSWORD}" for _ in range(200)]
    world.write("checkout-b", *errors, time_=NOON + 600 * SECONDS)
    await world.lines(800)


async def test_a_report_shows_what_its_lines_say_and_is_copied_without_their_secrets() -> None:
    async with running(**NOBODY) as world:
        await leaking(world)
        text = await reported(world)
        assert PASSWORD in text
        await world.press("y")
        await world.until(lambda: world.copied, "a copy")
        assert world.copied == [text.replace(PASSWORD, "<secret:password:1>")]


async def test_what_the_mouse_selects_in_the_panel_is_copied_without_secrets() -> None:
    async with running(**NOBODY) as world:
        world.main.taking.copy_selection(f"login failed,\npassword={PASSWORD}", in_panel=True)
        await world.until(lambda: world.copied, "a copy")
        assert world.copied == ["login failed,\npassword=<secret:password:1>"]


async def kept(world: World, tmp_path: Path) -> AnswerEntry:
    """Keep what stands in the panel; return it as it is read again."""
    shelf = world.main.notebooks.shelf = NotebookFolder(tmp_path / "notebooks")
    world.main.go("assistant")
    await world.press("K")
    await world.until(lambda: sum(one.entries for one in shelf.list()) == 1, "an entry")
    (entry,) = shelf.load(shelf.list()[0].name).entries
    assert isinstance(entry, AnswerEntry)
    return entry


async def test_a_report_is_kept_with_the_lines_that_it_rests_on(tmp_path: Path) -> None:
    async with running(**NOBODY) as world:
        await leaking(world)
        text = await reported(world)
        entry = await kept(world, tmp_path)
        assert entry.report == text.replace(PASSWORD, "<secret:password:1>")
        written = whole(entry)
        assert "answered by: no model" in written
        assert "checkout-b/app ERROR login to the shop failed, password=<secret:password:1>" in written
        for words in ("never sent", "not kept", PASSWORD):
            assert words not in written
        cited = {f"[L{number}] " for number in numbers_in(text)}
        assert cited
        lines = written.partition("── cited lines ──\n")[2].splitlines()
        assert {line.partition("] ")[0] + "] " for line in lines} == cited


async def test_an_answer_is_kept_with_the_report_above_it_and_the_lines_of_both(tmp_path: Path) -> None:
    script = [Started(), Delta("The login failed [L1]."), Done()]
    async with running(model=ScriptedModel(script), confirm="never", reports=True) as world:
        await leaking(world)
        await world.press("r")
        await world.until(lambda: world.main.sending.text == "The login failed [L1].")
        await world.until(lambda: not world.main.sending.running)
        entry = await kept(world, tmp_path)
        assert entry.answer == "The login failed [L1]."
        assert "### Report" in entry.report
        written = whole(entry)
        for words in ("never sent", "not kept", PASSWORD):
            assert words not in written
        lines = written.partition("── cited lines ──\n")[2].partition("\n\n")[0].splitlines()
        numbers = numbers_in(entry.report) | numbers_in(entry.answer)
        assert {line.partition("] ")[0] + "]" for line in lines} == {f"[L{number}]" for number in numbers}
        assert written.index("report without a model") < written.index("answer of the model")
