"""Filters as a stack, times, bookmarks, the timeline, one line whole: what their keys do on the screen."""

from datetime import UTC, datetime

from ui_world import NOON, SECONDS, World, many, running

from hallucino_tui.ui.screens.filters import FiltersScreen
from hallucino_tui.ui.screens.line_detail import LineDetailScreen


def cursor_text(world: World) -> str:
    found = world.main.pane.viewport.view.store.find(world.main.pane.viewport.cursor or 0)
    assert found is not None
    return found[0].line(found[1]).decode()


async def test_filters_stack_and_are_switched_one_by_one() -> None:
    async with running() as world:
        world.write("a-1", "pool timeout", "pool fine", "other timeout", "nothing")
        await world.lines(4)
        await world.press("ampersand", *"pool", "enter")
        await world.lines(2)
        await world.press("vertical_line", *"timeout", "enter")
        await world.lines(1)
        await world.press("X")
        await world.until(lambda: isinstance(world.app.screen, FiltersScreen))
        await world.press("space")
        await world.lines(2)
        assert world.texts() == ["pool timeout", "other timeout"]
        await world.press("d")
        await world.press("escape")
        assert world.main.narrowing.now.texts == ("timeout",)
        await world.press("backspace", "backspace", "backspace", "backspace")
        await world.lines(4)


async def test_a_filter_of_the_stack_is_changed_from_the_list() -> None:
    async with running() as world:
        world.write("a-1", "pool timeout", "pool fine")
        await world.lines(2)
        await world.press("ampersand", *"pool", "enter", "vertical_line", *"timeout", "enter")
        await world.lines(1)
        await world.press("X", "down", "enter")
        await world.until(lambda: world.main.prompt.purpose == "filter")
        assert world.main.prompt.field.value == "timeout"
        await world.press(*["backspace"] * 7, *"fine", "enter")
        await world.until(lambda: world.texts() == ["pool fine"])


async def test_a_query_shows_its_canonical_form_and_a_wrong_one_why() -> None:
    async with running() as world:
        world.write("a-1", '{"status":503}', '{"status":200}')
        await world.lines(2)
        await world.press("ampersand", *[_name(char) for char in "|json|status>=500"], "enter")
        await world.lines(1)
        await world.until(lambda: "& | json | status>=500" in world.main.prompt.summary.left)
        await world.press("ampersand", *[_name(char) for char in "|x~"], "enter")
        await world.until(lambda: "column" in world.main.prompt.summary.left)
        assert world.texts() == ['{"status":503}']


async def test_tab_completes_what_is_typed() -> None:
    async with running() as world:
        world.write("a-1", '{"status":503}')
        await world.lines(1)
        await world.press("ampersand", *[_name(char) for char in "{po"])
        await world.until(lambda: "pod" in world.main.hints.left)
        await world.press("tab")
        await world.until(lambda: world.main.prompt.field.value.startswith("{pod"))
        await world.press("escape")
        assert not world.main.hints.display


async def test_filters_that_only_mark_leave_all_lines_and_n_goes_through_them() -> None:
    async with running() as world:
        world.write("a-1", "pool one", "other", "pool two", "other")
        await world.lines(4)
        await world.press("ampersand", *"pool", "enter")
        await world.lines(2)
        await world.press("x")
        await world.lines(4)
        assert "marked only" in world.main.prompt.summary.left
        await world.press("g", "n")
        await world.until(lambda: cursor_text(world) == "pool two")
        await world.press("N")
        await world.until(lambda: cursor_text(world) == "pool one")
        await world.press("x")
        await world.lines(2)


async def test_the_last_minutes_and_all_times_again() -> None:
    async with running() as world:
        for text, ago in (("old", 600), ("middle", 90), ("new", 0)):
            world.write("a-1", text, time_=NOON - ago * SECONDS)
        await world.lines(3)
        await world.press("2")
        await world.until(lambda: world.texts() == ["new"])
        await world.press("3")
        await world.until(lambda: world.texts() == ["middle", "new"])
        await world.press("0")
        await world.lines(3)


async def test_a_time_is_gone_to_and_back() -> None:
    async with running() as world:
        world.write("a-1", *many(100))
        await world.lines(100)
        await world.press("t")  # UTC, so that what is typed is the same everywhere
        clock = datetime.fromtimestamp(NOON / SECONDS + 40, UTC)
        await world.press("ctrl+g", *[_name(char) for char in f"{clock:%H:%M:%S}"], "enter")
        await world.until(lambda: world.main.pane.viewport.position == 40)
        await world.press("ctrl+o")
        await world.until(lambda: world.main.pane.viewport.position == 99)


async def test_bookmarks_are_set_and_gone_to() -> None:
    async with running() as world:
        world.write("a-1", *many(50))
        await world.lines(50)
        await world.press("g", "m", "j", "j", "m", "G")
        assert len(world.main.pane.bookmarks) == 2
        await world.press("U")
        await world.until(lambda: world.main.pane.viewport.position == 2)
        await world.press("U")
        await world.until(lambda: world.main.pane.viewport.position == 0)
        await world.press("u")
        await world.until(lambda: world.main.pane.viewport.position == 2)
        await world.press("m")
        assert len(world.main.pane.bookmarks) == 1


async def test_the_timeline_is_walked_zoomed_and_hidden() -> None:
    async with running() as world:
        world.write("a-1", *many(60), step=30 * SECONDS)
        await world.lines(60)
        await world.until(lambda: world.main.timing.timeline is not None and len(world.main.timing.timeline) > 0)
        await world.until(lambda: world.main.timing.timeline.complete)
        await world.press("g", "right_square_bracket")
        await world.until(lambda: world.main.pane.viewport.position > 0)
        first = world.main.pane.viewport.position
        await world.press("left_square_bracket")
        await world.until(lambda: world.main.pane.viewport.position < first)
        await world.press("g", "v", "j", "j", "z")
        await world.lines(3)
        await world.press("Z")
        await world.lines(60)
        assert world.main.timeline.display
        await world.press("h")
        assert not world.main.timeline.display


async def test_a_few_old_lines_are_named_beside_the_timeline_and_one_key_shows_it_whole() -> None:
    day = 86_400 * SECONDS
    async with running() as world:
        world.write("init-1", "loading", "done", time_=NOON - 8 * day)
        world.write("a-1", *many(60))
        await world.lines(62)

        def begins() -> tuple[int, int]:
            timeline = world.main.timing.timeline
            return (0, 0) if timeline is None or not timeline.complete else (timeline.start, timeline.older)

        await world.until(lambda: begins() == (NOON, 2), "the time of most lines")
        await world.pilot.pause()
        assert "◂ Z shows 2 older" in world.main.timeline.render_line(1).text
        await world.press("Z")
        await world.until(lambda: 0 < begins()[0] <= NOON - 8 * day, "the whole timeline")
        assert "older" not in world.main.timeline.render_line(1).text
        await world.press("Z")
        await world.until(lambda: begins() == (NOON, 2), "the time of most lines again")
        # Who goes by buckets to where the picture does not reach gets all of it.
        await world.press("g", "left_square_bracket")
        await world.until(lambda: 0 < begins()[0] <= NOON - 8 * day, "the whole timeline")
        assert any("old lines" in one.message for one in world.app._notifications)
        # A zoom is left first, and then the whole timeline.
        await world.press("z")
        await world.lines(2)
        await world.press("Z")
        await world.lines(62)
        assert world.main.timing.is_whole


async def test_the_timeline_comes_back_when_another_panel_had_a_screen_that_became_narrow() -> None:
    async with running() as world:
        world.write("a-1", *many(60), step=30 * SECONDS)
        await world.lines(60)
        await world.press("ctrl+e")
        await world.pilot.resize_terminal(80, 24)
        await world.until(lambda: not world.main.pane.size.width)
        await world.press("ctrl+e")
        await world.until(lambda: 0 < len(world.main.timing.timeline) <= world.main.pane.size.width <= 80)


async def test_a_line_is_shown_whole_and_its_fields_filter() -> None:
    async with running() as world:
        world.write("a-1", '{"status":503,"path":"/a"}', '{"status":200,"path":"/b"}', '{"status":503,"path":"/c"}')
        await world.lines(3)
        await world.press("enter")
        await world.until(lambda: isinstance(world.app.screen, LineDetailScreen))
        await world.until(lambda: len(world.app.screen.list.rows) > 1)
        await world.press("enter")
        await world.lines(2)
        assert world.main.narrowing.now.texts == ('| json | status="503"',)
        await world.press("backspace", "enter")
        await world.until(lambda: isinstance(world.app.screen, LineDetailScreen))
        await world.press("exclamation_mark")
        await world.lines(1)
        await world.press("backspace")
        await world.lines(3)
        await world.press("enter")
        await world.until(lambda: isinstance(world.app.screen, LineDetailScreen))
        await world.press("c")
        await world.until(lambda: world.main.pane.painter.look.columns == ("status",))


async def test_pretty_joins_traces_and_filters_keep_records_whole() -> None:
    async with running() as world:
        world.write("a-1", "ERROR boom", "\tat a.pool(A.java:1)", "fine", '{"a":{"b":1}}')
        await world.lines(4)
        await world.press("ampersand", *"pool", "enter")
        await world.lines(1)
        await world.press("P")
        await world.lines(2)
        assert world.texts() == ["ERROR boom", "\tat a.pool(A.java:1)"]
        await world.press("P")
        await world.lines(1)


def _name(char: str) -> str:
    from textual.keys import _character_to_key

    return _character_to_key(char)
