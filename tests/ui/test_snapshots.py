"""Pictures of the screen's states. ``pytest tests/ui/test_snapshots.py --snapshot-update`` takes them anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from textual.keys import _character_to_key
from textual.widgets import Input
from ui_world import NOON, SECONDS, ScriptedModel, World, prepare

from hallucino_tui.config.settings import ScreenSettings, Settings
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.chat import Delta, Done, Started, Usage
from hallucino_tui.session.notebook_drafts import PinnedAnswer
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sinks.notebooks import NotebookFolder

MINUTES = 60 * SECONDS
ANSWER = [
    Started(),
    Delta("### What happened\n\nCheckout ran out of **database connections** [L2], then payments failed [L4].\n\n"),
    Delta("- `FATAL: sorry, too many clients already` [L3]\n- requests timed out [L4, L5]\n\n"),
    Delta("```sql\nselect count(*) from pg_stat_activity;\n```\n"),
    Usage(512, 64),
    Done(),
]


async def counted(world: World, lines: int) -> None:
    """Wait until so many lines show and all of them stand in the timeline."""
    await world.lines(lines)

    def in_timeline() -> int:
        timeline = world.main.timing.timeline
        return sum(map(sum, timeline.counts)) if timeline is not None and timeline.complete else -1

    await world.until(lambda: in_timeline() == lines, f"{lines} lines in the timeline")
    await world.pilot.pause()


async def an_incident(world: World) -> None:
    """Three pods, all levels, a stack trace, dividers, odd characters."""
    world.write("checkout-7d9f8-x2x4z", "INFO order 1 done", time_=NOON - 2 * MINUTES)
    world.write(
        "checkout-7d9f8-x2x4z",
        "WARN pool: 29 of 30 connections in use",
        "ERROR pool timeout after 5000 ms",
        "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available",
        "\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:163)",
        time_=NOON - MINUTES,
    )
    world.write("postgres-0", "FATAL:  sorry, too many clients already", time_=NOON - MINUTES + SECONDS // 2)
    world.write("payments-6c5b-k9k9k", '{"level":"error","msg":"upstream timed out"}', "DEBUG retry 1", time_=NOON)
    world.write("payments-6c5b-k9k9k", "\x1b[31mred\x1b[0m 接続 [bold]no markup[/]", time_=NOON + 4 * SECONDS)
    world.clock = NOON + 5 * SECONDS
    world.divide("checkout-7d9f8-x2x4z", NoticeKind.RESTART, "app started again (restart 1)")
    world.divide("postgres-0", NoticeKind.GAP, "lines may be missing here: the log was rotated")
    world.cluster.logs.known[1].gaps = 1
    await world.lines(9)
    world.main.pane.timestamps = "utc"
    await world.pilot.pause()
    # How many lines came lately depends on the clock of the machine that runs this.
    await world.until(lambda: world.main.snapshot is not None and world.main.snapshot.hub.rate == 0)
    await counted(world, 9)


async def top(world: World) -> None:
    """Go to the oldest line; the word that there is none older is heard, and taken away before it goes by itself."""
    await world.press("g")
    await hush(world)


async def hush(world: World) -> None:
    """Wait for a word in the corner and take it away."""
    await world.until(lambda: len(world.app._notifications) > 0)
    world.app.clear_notifications()
    await world.pilot.pause()


async def an_answer(world: World) -> None:
    await an_incident(world)
    await top(world)
    await world.press("v", *["j"] * 4)
    await world.press("s")
    await world.until(lambda: world.main.sending.text and not world.main.sending.running)
    await world.press("tab", "n", "n")


async def the_words_before_sending(world: World) -> None:
    await an_incident(world)
    await top(world)
    await world.press("v", "j", "s")
    await world.until(lambda: world.app.screen is not world.main)


async def a_filter_and_a_selection(world: World) -> None:
    await an_incident(world)
    await world.press("l", "l", "slash", *"pool", "enter")
    await top(world)
    await world.press("v", "j")
    await world.until(lambda: world.main.pane.viewport.view.matched == 6)
    await world.until(lambda: "6 of 9" in world.main.prompt.summary.right)
    await counted(world, 6)


async def a_query_that_is_typed(world: World) -> None:
    await an_incident(world)
    await world.press("ampersand", *keys("|~ `pool|client` | level >= err"))
    await world.until(lambda: "error" in world.main.hints.left)
    await world.press("tab")
    await counted(world, 3)


async def a_query_that_is_wrong(world: World) -> None:
    await an_incident(world)
    await world.press("ampersand", *keys("|~ `(?=pool)`"), "enter")
    await world.until(lambda: "look-around" in world.main.prompt.summary.left)
    await hush(world)


async def matches_among_all_lines(world: World) -> None:
    await an_incident(world)
    await world.press("ampersand", *"pool", "enter")
    await world.lines(4)
    await world.press("x")
    await counted(world, 9)


async def the_list_of_filters(world: World) -> None:
    await an_incident(world)
    await world.press("ampersand", *"pool", "enter", "vertical_line", *"timeout", "enter", "X", "space")
    await counted(world, 1)


async def a_bucket_zoomed_in(world: World) -> None:
    await an_incident(world)
    await top(world)
    await world.press("right_square_bracket", "m", "z")
    await world.until(lambda: world.main.narrowing.now.since is not None)
    await world.until(lambda: 0 < world.main.pane.viewport.view.matched < 9)
    await counted(world, world.main.pane.viewport.view.matched)


async def a_line_whole(world: World) -> None:
    await an_incident(world)
    await top(world)
    await world.press(*["j"] * 6, "enter")
    await world.until(lambda: len(world.app.screen.list.rows) > 2)  # type: ignore[attr-defined]


async def pretty_lines_and_a_column(world: World) -> None:
    await an_incident(world)
    await world.press("P")
    world.main.pane.toggle_column("msg")
    await world.pilot.pause()


async def wrapped_lines(world: World) -> None:
    await an_incident(world)
    await world.press("w")


async def the_tree_alone(world: World) -> None:
    await an_incident(world)
    await world.press("ctrl+t", "j", "right", "j", "right")


async def the_receipts(world: World) -> None:
    await an_incident(world)
    world.cluster.logs.known[2].change(StreamState.RECONNECTING, 0, "the connection was cut")
    await world.press("R")
    await world.until(lambda: len(world.app.screen.list.rows) == 3)  # type: ignore[attr-defined]


async def the_patterns(world: World) -> None:
    await an_incident(world)
    # Ticks of a pulse all through, and something that began lately.
    start = NOON - 20 * MINUTES
    world.write("redis-0", *(f"INFO pulse {n}" for n in range(1200)), time_=start)
    world.write("redis-0", *(f"ERROR order {n} timed out" for n in range(100)), time_=NOON - 100 * SECONDS)
    await counted(world, 1309)
    await world.until(lambda: world.main.snapshot is not None and world.main.snapshot.hub.rate == 0)
    await world.press("ctrl+l")
    await world.until(lambda: any(row.badge for row in world.app.screen.list.rows))  # type: ignore[attr-defined]
    await world.press("j", "minus", "s", "s", "s")
    await world.until(lambda: world.main.pane.viewport.view.matched == 1209)
    await counted(world, 1209)


async def the_report(world: World) -> None:
    world.write("web-1", *(f"INFO GET /cart/{n} 200" for n in range(800)), time_=NOON)
    world.write("checkout-a", *(f"INFO order {n} done" for n in range(600)), time_=NOON)
    errors = [f"ERROR order {n}: pool timeout after 5000 ms" for n in range(199)]
    world.write("checkout-b", "INFO pool size is 2", *errors, time_=NOON + 601 * SECONDS)
    await world.lines(1600)
    world.main.pane.timestamps = "utc"
    await world.until(lambda: world.main.snapshot is not None and world.main.snapshot.hub.rate == 0)
    await counted(world, 1600)
    await world.press("r")
    await world.until(lambda: "### Report" in world.main.sending.text)
    await world.press("n")


async def the_notebook(world: World) -> None:
    folder = TemporaryDirectory(prefix="notebooks-")
    world.main.notebooks.shelf = shelf = NotebookFolder(Path(folder.name))
    await an_incident(world)
    await top(world)
    kept = lambda: sum(one.entries for one in shelf.list())  # noqa: E731 - one condition
    await world.press("j", "v", "j", "j", "K")
    await world.until(lambda: kept() == 1)
    await world.press("ctrl+k")
    await world.until(lambda: kept() == 2)
    world.main.notebooks.pin_answer(PinnedAnswer("why is checkout down?", "The pool is empty [L1].", "scripted"))
    await world.until(lambda: kept() == 3)
    await world.pilot.pause()
    world.app.clear_notifications()
    await world.press("ctrl+n")
    await world.until(lambda: len(world.app.screen.list.rows) == 3)  # type: ignore[attr-defined]
    await world.press("n", *keys("the first sign"), "enter")
    await world.until(lambda: bool(world.app.screen.list.rows[0].note))  # type: ignore[attr-defined]
    await world.press("t", *["backspace"] * 40, *keys("Checkout is down"), "enter")
    await world.until(lambda: "Checkout" in str(world.app.screen.query_one(".popup").border_title))
    folder.cleanup()


async def a_notebook_entry(world: World) -> None:
    await the_notebook(world)
    await world.press("j", "enter")


async def the_help(world: World) -> None:
    await an_incident(world)
    await world.press("question_mark")


def keys(text: str) -> list[str]:
    """The keys that type a text."""
    return [_character_to_key(char) for char in text]


STATES: dict[str, tuple[Callable[[World], Awaitable[None]], tuple[int, int], dict[str, Any]]] = {
    "incident": (an_incident, (160, 50), {}),
    "incident-narrow": (an_incident, (80, 24), {}),
    "incident-light": (an_incident, (120, 30), {"settings": Settings(screen=ScreenSettings(theme="light"))}),
    "incident-contrast": (an_incident, (120, 30), {"settings": Settings(screen=ScreenSettings(theme="high-contrast"))}),
    "filter-and-selection": (a_filter_and_a_selection, (120, 30), {}),
    "query-typed": (a_query_that_is_typed, (120, 30), {}),
    "query-wrong": (a_query_that_is_wrong, (120, 30), {}),
    "marked-only": (matches_among_all_lines, (120, 30), {}),
    "filters": (the_list_of_filters, (120, 30), {}),
    "zoomed": (a_bucket_zoomed_in, (120, 30), {}),
    "line": (a_line_whole, (160, 50), {}),
    "line-narrow": (a_line_whole, (80, 24), {}),
    "pretty": (pretty_lines_and_a_column, (120, 30), {}),
    "wrapped": (wrapped_lines, (80, 24), {}),
    "tree-alone": (the_tree_alone, (80, 24), {}),
    "receipts": (the_receipts, (120, 30), {}),
    "patterns": (the_patterns, (140, 40), {}),
    "patterns-narrow": (the_patterns, (80, 24), {}),
    "report": (the_report, (160, 50), {}),
    "report-narrow": (the_report, (80, 24), {}),
    "notebook": (the_notebook, (160, 50), {}),
    "notebook-narrow": (the_notebook, (80, 24), {}),
    "notebook-entry": (a_notebook_entry, (120, 40), {}),
    "help": (the_help, (100, 60), {}),
    "before-sending": (the_words_before_sending, (120, 40), {"model": ScriptedModel(ANSWER)}),
    "answer": (an_answer, (160, 50), {"model": ScriptedModel(ANSWER), "confirm": "never"}),
    "answer-narrow": (an_answer, (80, 24), {"model": ScriptedModel(ANSWER), "confirm": "never"}),
}


@pytest.mark.parametrize("name", STATES)
def test_the_screen_looks_as_it_did(name: str, snap_compare: Callable[..., bool]) -> None:
    walk, size, more = STATES[name]
    prepared = prepare(**more)

    async def before(pilot: Any) -> None:
        world = prepared.enter(pilot)
        await world.until(lambda: world.main.tree_is_there, "an open cluster")
        for field in world.main.query(Input):
            field.cursor_blink = False  # whether it shows would depend on when the picture is taken
        await walk(world)

    try:
        assert snap_compare(prepared.app, terminal_size=size, run_before=before)
    finally:
        prepared.engine.stop()
