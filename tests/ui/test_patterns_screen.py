"""Patterns on the screen: their list, the filters that keep and hide them, and what stands in the pane."""

from __future__ import annotations

from ui_world import NOON, SECONDS, World, running

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.ui.screens.filters import FiltersScreen
from hallucino_tui.ui.screens.patterns import PatternsScreen


async def opened(world: World, patterns: int) -> PatternsScreen:
    """Open the list and wait for so many patterns."""
    await world.press("ctrl+l")
    await world.until(lambda: isinstance(world.app.screen, PatternsScreen))
    screen = world.app.screen
    assert isinstance(screen, PatternsScreen)
    await world.until(lambda: len(screen.list.rows) == patterns, f"{patterns} patterns")
    return screen


def names(screen: PatternsScreen) -> list[str]:
    return [row.text for row in screen.list.rows]


async def shop(world: World) -> None:
    world.write("a-1", "INFO order 1 done", "INFO order 2 done", "INFO order 3 done", "WARN pool is nearly full")
    world.write("b-1", "ERROR pool timeout after 5000 ms", "INFO order 4 done")
    await world.lines(6)


async def test_patterns_are_listed_with_what_was_counted() -> None:
    async with running() as world:
        await shop(world)
        screen = await opened(world, 3)
        row = screen.list.rows[0]
        assert (row.text, row.count, row.streams) == ("INFO order <*> done", 4, 2)
        assert "of all 6 lines that came in" in str(screen.query_one(".popup").border_subtitle)
        drawn = screen.list.render_line(0).text
        assert "66.7%" in drawn
        assert "INFO order <*> done" in drawn
        await world.press("escape")
        assert world.app.screen is world.main


async def test_new_lines_are_counted_while_the_list_is_open_and_the_cursor_stays_with_its_pattern() -> None:
    async with running() as world:
        await shop(world)
        screen = await opened(world, 3)
        await world.press("j", "j")
        wanted = screen.list.current
        assert wanted is not None
        world.write("b-1", *["something else"] * 50)
        await world.until(lambda: len(screen.list.rows) == 4)
        assert screen.list.rows[0].text == "something else"
        assert screen.list.current is not None
        assert screen.list.current.number == wanted.number


async def test_the_list_is_sorted_by_count_age_level_and_surprise() -> None:
    async with running() as world:
        await shop(world)
        screen = await opened(world, 3)
        assert names(screen)[0] == "INFO order <*> done"
        await world.press("s")
        assert screen.sort == "newest"
        assert names(screen)[0].startswith("ERROR pool timeout")
        await world.press("s")
        assert [name.split()[0] for name in names(screen)] == ["ERROR", "WARN", "INFO"]
        await world.press("s")
        assert screen.sort == "surprise"
        await world.press("s")
        assert screen.sort == "count"


async def test_a_text_is_found_and_escape_lists_all_again() -> None:
    async with running() as world:
        await shop(world)
        screen = await opened(world, 3)
        await world.press("slash", *"POOL")
        await world.until(lambda: len(screen.list.rows) == 2)
        await world.press("enter")
        assert screen.list.has_focus
        await world.press("slash", "escape")
        await world.until(lambda: len(screen.list.rows) == 3)
        assert world.app.screen is screen


async def test_enter_shows_only_the_lines_of_a_pattern_and_backspace_all_again() -> None:
    async with running() as world:
        await shop(world)
        await opened(world, 3)
        await world.press("enter")
        await world.lines(4)
        assert world.app.screen is world.main
        assert all("order" in text for text in world.texts())
        assert "4 of 6" in world.main.prompt.summary.right
        await world.press("backspace")
        await world.lines(6)


async def test_patterns_are_hidden_and_kept_from_the_list_and_marked_in_it() -> None:
    async with running() as world:
        await shop(world)
        screen = await opened(world, 3)
        await world.press("minus")
        await world.lines(2)
        assert screen.list.render_line(0).text.startswith("-")
        await world.press("minus")
        await world.lines(6)
        await world.press("plus")
        await world.lines(4)
        assert screen.list.render_line(0).text.startswith("+")
        await world.press("j", "plus")
        await world.lines(1)
        assert len(world.main.narrowing.now.filters) == 1
        assert screen.list.render_line(0).text.startswith(" ")


async def test_lines_like_the_one_under_the_cursor_are_hidden_and_kept() -> None:
    async with running() as world:
        await shop(world)
        await world.press("g", "minus")
        await world.lines(2)
        assert world.texts() == ["WARN pool is nearly full", "ERROR pool timeout after 5000 ms"]
        await world.press("plus")
        await world.lines(1)
        assert world.main.narrowing.now.facts() == []
        await world.press("plus")
        await world.lines(2)
        await world.press("backspace", "backspace", "backspace")
        await world.lines(6)


async def test_a_divider_has_no_pattern() -> None:
    async with running() as world:
        world.divide("a-1", NoticeKind.GAP, "lines may be missing")
        await world.until(lambda: len(world.main.pane.viewport.view) == 1)
        await world.press("minus")
        await world.until(lambda: len(world.app._notifications) > 0)
        assert world.main.narrowing.now.filters == ()


async def test_the_list_of_filters_says_how_many_lines_each_hides() -> None:
    async with running() as world:
        await shop(world)
        await world.press("g", "minus")
        await world.lines(2)
        await world.press("vertical_line", *"timeout", "enter", "X")
        await world.until(lambda: isinstance(world.app.screen, FiltersScreen))
        screen = world.app.screen
        assert isinstance(screen, FiltersScreen)
        await world.until(lambda: "hides 4" in screen.list.render_line(0).text, "what the first one hides")
        await world.until(lambda: "hides 5" in screen.list.render_line(1).text, "what the second one hides")


async def test_new_and_vanished_patterns_have_badges() -> None:
    async with running() as world:
        start = NOON - 1200 * SECONDS
        world.write("a-1", *(f"INFO tick {n}" for n in range(1200)), step=SECONDS, time_=start)
        world.write("a-1", *(f"INFO old {n}" for n in range(440)), step=2 * SECONDS, time_=start)
        world.write("a-1", *(f"ERROR boom {n}" for n in range(100)), step=SECONDS, time_=NOON - 100 * SECONDS)
        await world.lines(1740)
        screen = await opened(world, 3)
        await world.until(lambda: {row.badge for row in screen.list.rows} >= {"new", "vanished"})
        badges = {row.text: row.badge for row in screen.list.rows}
        assert badges == {"INFO tick <*>": "", "INFO old <*>": "vanished", "ERROR boom <*>": "new"}
        assert "new" in screen.list.render_line(2).text
