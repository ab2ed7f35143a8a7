"""The incident notebook on the screen: keeping lines, views and answers, and working through what was kept."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, Static
from ui_world import NOON, SECONDS, World, many, running

from hallucino_tui.assistant.grounding.claim import Checked, Claim, Verdict
from hallucino_tui.assistant.packed import Entry as Sent
from hallucino_tui.config.settings import AssistantSettings, RedactionRule, RedactionSettings, Settings
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.notebook import AnswerEntry, LinesEntry, Notebook, ViewEntry
from hallucino_tui.session.notebook_blocks import whole
from hallucino_tui.session.notebook_drafts import PinnedAnswer
from hallucino_tui.sinks.notebooks import NotebookFolder
from hallucino_tui.ui.screens.notebook import NotebookScreen
from hallucino_tui.ui.screens.notebooks import NotebooksScreen
from hallucino_tui.ui.screens.popups import QuestionScreen, TextScreen

MADE_UP = "made-up" + "-q7" * 4


@pytest.fixture
def shelf(tmp_path: Path) -> NotebookFolder:
    return NotebookFolder(tmp_path / "notebooks")


@asynccontextmanager
async def noting(shelf: NotebookFolder, size: tuple[int, int] = (160, 50), **more: Any) -> AsyncIterator[World]:
    """The program with a place for notebooks, and some lines."""
    async with running(size, **more) as world:
        world.main.notebooks.shelf = shelf
        world.write("checkout-1", "INFO order 1 done", f"ERROR login failed, password={MADE_UP}")
        world.write("postgres-0", "FATAL:  sorry, too many clients already")
        await world.lines(3)
        world.main.pane.timestamps = "utc"
        await world.press("g")
        await world.until(lambda: world.main.pane.viewport.position == 0)
        yield world


def kept(shelf: NotebookFolder) -> Notebook:
    """The one notebook that there is."""
    (only,) = shelf.list()
    return shelf.load(only.name)


def entries(shelf: NotebookFolder) -> int:
    return sum(one.entries for one in shelf.list())


def said(world: World) -> str:
    return "\n".join(str(one.message) for one in world.app._notifications)


async def opened(world: World, count: int) -> NotebookScreen:
    """Open the notebook and wait for so many entries."""
    await world.press("ctrl+n")
    await world.until(lambda: isinstance(world.app.screen, NotebookScreen))
    screen = world.app.screen
    assert isinstance(screen, NotebookScreen)
    await world.until(lambda: screen.list.has_focus and len(screen.list.rows) == count, f"{count} entries")
    return screen


async def others(world: World, count: int) -> NotebooksScreen:
    """Open the list of notebooks and wait for so many rows; the last one is for a new notebook."""
    await world.press("o")
    await world.until(lambda: isinstance(world.app.screen, NotebooksScreen))
    screen = world.app.screen
    assert isinstance(screen, NotebooksScreen)
    await world.until(lambda: screen.list.has_focus and len(screen.list.rows) == count, f"{count} rows")
    return screen


def drawn(screen: NotebookScreen) -> list[str]:
    return [screen.list.render_line(y).text.rstrip() for y in range(len(screen.list.rows))]


def notebook_of(screen: NotebookScreen) -> Notebook:
    assert screen.notebook is not None
    return screen.notebook


async def three_kept(world: World, shelf: NotebookFolder) -> NotebookScreen:
    """Keep three lines, one after the other, and open the notebook."""
    await world.press("K", "j", "K", "j", "K")
    await world.until(lambda: entries(shelf) == 3)
    return await opened(world, 3)


def ids(screen: NotebookScreen) -> list[int]:
    return [entry.id for entry in screen.list.rows]


# ── keeping ──


async def test_a_key_keeps_the_line_under_the_cursor_at_once(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await world.press("j", "K")
        await world.until(lambda: "Kept as entry 1 of" in said(world))
        (entry,) = kept(shelf).entries
        assert isinstance(entry, LinesEntry)
        assert [line.text for line in entry.lines] == ["ERROR login failed, password=<secret:password:1>"]
        assert entry.lines[0].labels["pod"] == "checkout-1"
        assert entry.lines[0].time == NOON + SECONDS
        assert entry.moment == NOON


async def test_a_key_keeps_the_selection_and_drops_it(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        world.divide("checkout-1", NoticeKind.RESTART, "app started again")
        await world.press("v", "j", "j", "K")
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, LinesEntry)
        assert [line.source for line in entry.lines] == ["checkout-1/app", "checkout-1/app", "postgres-0/app"]
        assert world.main.pane.mark is None


async def test_what_is_kept_in_one_breath_keeps_its_order_and_leaving_loses_none(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        for _ in range(3):  # nothing else gets its turn in between, and the program is left at once
            world.main.notebooks.pin_lines()
            world.main.pane.action_cursor_down()
        world.app.exit(0)
    hand = world.main.notebooks._hand
    assert hand is not None
    hand.shutdown(wait=True)
    texts = [entry.lines[0].text[:5] for entry in kept(shelf).entries]  # type: ignore[union-attr]
    assert texts == ["INFO ", "ERROR", "FATAL"]


async def test_of_too_many_lines_the_newest_are_kept_and_the_others_counted(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        world.write("web-1", *many(2002), step=SECONDS // 1000)
        await world.lines(2005)
        await world.press("g", "v", "G", "K")
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, LinesEntry)
        assert (len(entry.lines), entry.left_out, entry.lines[-1].text) == (2000, 5, "line 2001")
        assert "not kept: 5 more lines of the selection" in whole(entry)


async def test_a_view_is_kept_with_what_narrowed_it_its_counts_and_its_lines(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await world.press("ampersand", *"failed", "enter")
        await world.lines(1)
        await world.press("l")
        await world.press("ctrl+k")
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, ViewEntry)
        assert (entry.context, [one.text for one in entry.filters], entry.level) == ("demo", ["failed"], "info")
        assert (entry.shown, entry.of, [line.level for line in entry.lines]) == (1, 3, ["error"])
        assert MADE_UP not in shelf.load(kept(shelf).name).title


async def test_a_filter_with_a_secret_is_kept_without_it(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await world.press("ampersand", *"password=", *MADE_UP.replace("-", ""), "enter")
        await world.press("ctrl+k")
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, ViewEntry)
        assert entry.filters[0].text == "password=<secret:password:1>"


async def test_an_answer_is_kept_with_its_verdict_and_its_lines(shelf: NotebookFolder) -> None:
    claim = Claim("It rained [L2].", 0, 15, (2,), Verdict.UNSUPPORTED, "there is no L2")
    answer = PinnedAnswer(
        "why?", "It rained [L2].", "small", "model.example", [Sent("12:00 a", "a")], Checked((claim,))
    )
    async with noting(shelf) as world:
        world.main.notebooks.pin_answer(answer)
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, AnswerEntry)
        assert entry.verdict == "0 of 1 claims supported, 1 unsupported"
        screen = await opened(world, 1)
        assert "why? (0 of 1 claims supported" in drawn(screen)[0]
        await world.press("enter")
        await world.until(lambda: isinstance(world.app.screen, TextScreen))
        text = str(world.app.screen.query_one("#popup-text", Static).render())
        for words in ("answered by: small at model.example", "✖ unsupported", "there is no L2", "[L1] 12:00 a"):
            assert words in text


async def test_half_a_character_of_a_model_is_no_trouble(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        world.main.notebooks.pin_answer(PinnedAnswer("why \ud83d?", "because \ud83d of it", "m"))
        await world.until(lambda: entries(shelf) == 1)
        (entry,) = kept(shelf).entries
        assert isinstance(entry, AnswerEntry)
        assert (entry.question, entry.answer) == ("why ??", "because ? of it")


async def test_without_a_line_there_is_nothing_to_keep(shelf: NotebookFolder) -> None:
    async with running() as world:
        world.main.notebooks.shelf = shelf
        await world.press("K")
        await world.until(lambda: "There is no line to keep here." in said(world))
        assert shelf.list() == []


async def test_a_disk_that_takes_nothing_is_said_and_nothing_else_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    async with noting(NotebookFolder(tmp_path / "file" / "notebooks")) as world:
        await world.press("K")
        await world.until(lambda: "cannot be kept in" in said(world))
        await world.press("j")
        assert world.main.pane.viewport.position == 1


async def test_a_wrong_rule_keeps_nothing_and_is_said(shelf: NotebookFolder) -> None:
    redaction = RedactionSettings(rules=(RedactionRule("mine", "("),))
    settings = Settings(assistant=AssistantSettings(redaction=redaction))
    async with noting(shelf, settings=settings) as world:
        await world.press("K")
        await world.until(lambda: "Nothing is kept: The redaction rule 'mine'" in said(world))
        assert shelf.list() == []


async def test_without_a_place_for_notebooks_that_is_said() -> None:
    async with running() as world:
        await world.press("K", "ctrl+n")
        assert "There is no place for notebooks" in said(world)
        assert world.app.screen is world.main


# ── the screen ──


async def test_an_empty_notebook_says_how_to_fill_it(shelf: NotebookFolder) -> None:
    async with noting(shelf, (80, 24)) as world:
        screen = await opened(world, 0)
        assert "Nothing was kept yet.  K in the logs" in str(screen.query_one("#notebook-detail", Static).render())
        await world.press("enter", "n", "d", "x", "t", "J", "escape")
        assert world.app.screen is world.main


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_entries_are_listed_in_order_and_shown_whole(shelf: NotebookFolder, size: tuple[int, int]) -> None:
    async with noting(shelf, size) as world:
        screen = await three_kept(world, shelf)
        assert [line.split()[:2] for line in drawn(screen)] == [["12:00:00", "lines"]] * 3
        assert "FATAL:  sorry" in drawn(screen)[2]
        assert screen.list.size.height >= 3
        await world.press("j", "enter")
        await world.until(lambda: isinstance(world.app.screen, TextScreen))
        text = str(world.app.screen.query_one("#popup-text", Static).render())
        assert "where: demo/shop/checkout-1/app" in text
        assert "2026-11-23T12:00:01.000000000Z checkout-1/app ERROR login failed, password=<secret:password:1>" in text
        await world.press("escape")
        assert world.app.screen is screen


async def test_notes_are_written_changed_and_kept(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        await world.press("n", *"first", "enter")
        await world.until(lambda: kept(shelf).entries[0].note == "first")
        await world.until(lambda: "✎" in drawn(screen)[0])
        assert screen.list.has_focus
        await world.press("n", *"-sign", "enter")
        await world.until(lambda: kept(shelf).entries[0].note == "first-sign")
        await world.press("n", *"never", "escape")
        assert world.app.screen is screen
        assert kept(shelf).entries[0].note == "first-sign"
        assert "first-sign" in str(screen.query_one("#notebook-detail", Static).render())


async def test_deleting_asks_first(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        await world.press("j", "d")
        await world.until(lambda: isinstance(world.app.screen, QuestionScreen))
        await world.press("n")
        assert ids(screen) == [1, 2, 3]
        await world.press("d", "y")
        await world.until(lambda: ids(screen) == [1, 3])
        assert [entry.id for entry in kept(shelf).entries] == [1, 3]


async def test_entries_are_moved_and_the_cursor_goes_with_them(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        await world.press("J")
        await world.until(lambda: ids(screen) == [2, 1, 3])
        assert screen.list.current is not None
        assert screen.list.current.id == 1
        await world.press("K")
        await world.until(lambda: ids(screen) == [1, 2, 3])
        assert [entry.id for entry in kept(shelf).entries] == [1, 2, 3]


async def test_the_incident_gets_a_name(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        await world.press("t", *["backspace"] * 40, *"down", "enter")
        await world.until(lambda: kept(shelf).title == "down")
        await world.until(lambda: "Notebook: down" in str(screen.query_one(".popup").border_title))


async def test_what_others_wrote_is_no_markup_and_no_command(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await world.press("K")
        await world.until(lambda: entries(shelf) == 1)
        text = "[bold]no markup[/] \x1b[31mred\u202e [link=http://evil.example]x[/link]"
        world.main.notebooks.pin_answer(PinnedAnswer(text, text, text, text, [Sent(text, text)], words=text))
        await world.until(lambda: entries(shelf) == 2)
        screen = await opened(world, 2)
        assert "[bold]no markup[/] ␛[31mred<U+202E>" in drawn(screen)[1]
        await world.press("j", "n", *"x", "enter")
        await world.until(lambda: kept(shelf).entries[1].note == "x")
        await world.press("enter")
        await world.until(lambda: isinstance(world.app.screen, TextScreen))
        shown = str(world.app.screen.query_one("#popup-text", Static).render())
        assert "question: [bold]no markup[/] ␛[31mred<U+202E> [link=http://evil.example]x[/link]" in shown


# ── export ──


@pytest.mark.parametrize(("name", "begin"), [("out.md", "# Incident 2026"), ("out.html", "<!DOCTYPE html>")])
async def test_an_export_is_a_new_file_of_the_users_own(
    shelf: NotebookFolder, tmp_path: Path, name: str, begin: str
) -> None:
    async with noting(shelf) as world:
        await three_kept(world, shelf)
        path = tmp_path / name
        for words in (f"Exported to {path}", "exists already: choose another name"):
            await world.press("x")
            world.app.screen.query_one("#notebook-field").value = str(path)  # type: ignore[attr-defined]
            await world.press("enter")
            await world.until(lambda words=words: words in said(world))  # type: ignore[misc]
        assert path.read_text().startswith(begin)
        assert MADE_UP not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("nowhere/x.md", "cannot be written: No such file or directory"),
        ("x.pdf", ".pdf is neither: end the name in .md or .html"),
    ],
)
async def test_the_field_stays_until_an_export_worked_so_that_no_letter_is_a_key(
    shelf: NotebookFolder, tmp_path: Path, bad: str, sentence: str
) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        title = kept(shelf).title
        await world.press("x")
        field = screen.query_one("#notebook-field", Input)
        field.value = str(tmp_path / bad)
        await world.press("enter")
        await world.until(lambda: sentence in said(world))
        assert field.has_focus
        assert sentence in str(screen.query_one("#notebook-detail", Static).render())
        field.cursor_position = len(field.value)
        await world.press(*["backspace"] * len(bad), *"td", "full_stop", *"html", "enter")
        await world.until(lambda: f"Exported to {tmp_path / 'td.html'}" in said(world))
        assert screen.list.has_focus
        assert (kept(shelf).title, ids(screen)) == (title, [1, 2, 3])
        await world.press("x", "escape")
        assert (screen.purpose, screen.list.has_focus) == (None, True)


# ── back to the lines ──


def at_end(world: World, back: int) -> str:
    """The line so many lines above the newest."""
    view = world.main.pane.viewport.view
    row = view.row(len(view) - 1 - back)
    found = None if row is None else view.store.find(row)
    return "" if found is None else found[0].line(found[1]).decode()


def under_cursor(world: World) -> str:
    viewport = world.main.pane.viewport
    found = viewport.view.store.find(viewport.cursor) if viewport.cursor is not None else None
    return "" if found is None else found[0].line(found[1]).decode()


async def test_a_key_goes_to_the_lines_of_an_entry(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await world.press("j", "j")
        wanted = under_cursor(world)
        await world.press("K")
        await world.until(lambda: entries(shelf) == 1)
        await world.press("g")
        assert under_cursor(world) != wanted
        await opened(world, 1)
        await world.press("l")
        await world.until(lambda: world.app.screen is world.main)
        assert under_cursor(world) == wanted
        assert world.main.pane.has_focus


async def test_of_lines_of_one_moment_it_finds_the_one_of_the_same_container(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        for pod in ("checkout-1", "payments-0", "postgres-0"):
            world.write(pod, f"INFO {pod} at once", time_=NOON + 60 * SECONDS)
        await world.lines(6)
        for count, pod in enumerate(("postgres-0", "payments-0", "checkout-1"), start=1):
            await world.press("G")
            await world.press(
                *["k"] * next(back for back in range(3) if at_end(world, back).endswith(f"{pod} at once"))
            )
            await world.press("K")
            await world.until(lambda count=count: entries(shelf) == count)  # type: ignore[misc]
            await opened(world, count)
            await world.press("G", "l")
            await world.until(lambda: world.app.screen is world.main)
            assert under_cursor(world) == f"INFO {pod} at once"


async def test_of_lines_that_do_not_show_it_goes_to_their_time_and_says_so(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await three_kept(world, shelf)
        await world.press("escape")
        world.main.narrowing.span(NOON + SECONDS, None)
        await world.until(lambda: len(world.main.pane.viewport.view) < 3)
        first = world.main.pane.viewport.view.row(0)
        await opened(world, 3)
        await world.press("g", "l")
        await world.until(lambda: "does not show here" in said(world))
        assert world.main.pane.viewport.cursor == first


async def test_without_lines_it_says_that_there_are_none(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await three_kept(world, shelf)
    async with running(fail="There is no cluster.") as world:
        world.main.notebooks.shelf = shelf
        await opened(world, 3)
        await world.press("l")
        await world.until(lambda: "There are no lines to go to." in said(world))
        assert world.cluster.begun == []


# ── other notebooks ──


async def test_another_notebook_is_begun_and_the_first_one_opened_again_from_its_file(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        first = notebook_of(screen).name
        await others(world, 2)
        await world.press("G", "enter")
        await world.until(lambda: len(screen.list.rows) == 0)
        assert notebook_of(screen).name != first
        await world.press("escape", "g", "K")
        await world.until(lambda: entries(shelf) == 4)
        assert len(shelf.load(first).entries) == 3
        screen = await opened(world, 1)
        listed = (await others(world, 3)).list
        listed.go([row.name for row in listed.rows].index(first))
        await world.press("enter")
        await world.until(lambda: len(screen.list.rows) == 3)


async def test_a_notebook_is_read_again_with_no_cluster_at_all(shelf: NotebookFolder) -> None:
    async with noting(shelf) as world:
        await three_kept(world, shelf)
    async with running(fail="There is no cluster.") as world:
        world.main.notebooks.shelf = shelf
        screen = await opened(world, 3)
        assert "sorry, too many clients" in drawn(screen)[2]
        assert world.cluster.begun == []


async def test_a_broken_notebook_is_said_and_the_others_open(shelf: NotebookFolder, tmp_path: Path) -> None:
    async with noting(shelf) as world:
        screen = await three_kept(world, shelf)
        (tmp_path / "notebooks" / "broken.json").write_bytes(b"{")
        listed = await others(world, 3)
        broken = next(place for place, row in enumerate(listed.list.rows) if row.problem)
        await world.press(*["j"] * broken, "enter")
        await world.until(
            lambda: any("is broken" in str(foot.render()) for foot in listed.query(".popup-foot").results(Static))
        )
        await world.press("escape")
        assert world.app.screen is screen
