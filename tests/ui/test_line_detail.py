"""The screen of one line: what it shows, and what it hands back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Static

from hallucino_tui.config.keys import KEYS, Where, shown
from hallucino_tui.config.themes import read_theme
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.fields import filter_text
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.ui.line_record import LineRecord, record_at
from hallucino_tui.ui.line_text import facts_of
from hallucino_tui.ui.palette import Palette, to_textual
from hallucino_tui.ui.screens.line_detail import DetailChoice, LineDetailScreen

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
PALETTE = Palette(read_theme(Path(__file__).parents[2] / "themes" / "dark.toml"))
BERLIN = timezone(timedelta(hours=1))
STREAM = Stream(("a",), {"namespace": "shop", "pod": "checkout-1", "container": "app"}, "checkout-1", "app")
JSON = (
    '{"time":"2026-11-23T11:59:58.500Z","level":"error","path":"/api/cart","status":500,"tags":[1,2],"user":{"id":7}}'
)


def record(text: str, **more: object) -> LineRecord:
    return replace(LineRecord(42, text, len(text.encode()), NOON, Level.ERROR, STREAM), **more)


class World:
    def __init__(self, app: App[None], pilot: Pilot[None], screen: LineDetailScreen, answers: list[object]) -> None:
        self.app, self.pilot, self.screen, self.answers = app, pilot, screen, answers

    @property
    def text(self) -> str:
        return self._words("#detail-text")

    @property
    def facts(self) -> str:
        return self._words("#detail-facts")

    def _words(self, selector: str) -> str:
        return str(self.screen.query_one(selector, Static).content)

    @property
    def table(self) -> dict[str, str]:
        return {row.field.name: row.field.value for row in self.screen.list.rows}

    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def go(self, name: str) -> None:
        place = list(self.table).index(name)
        await self.press("g", *["j"] * place)
        assert self.screen.list.current is not None
        assert self.screen.list.current.field.name == name


@asynccontextmanager
async def opened(
    shown_record: LineRecord, columns: Sequence[str] = (), size: tuple[int, int] = (80, 24)
) -> AsyncIterator[World]:
    app: App[None] = App()
    app.register_theme(to_textual(PALETTE.theme))
    app.theme = PALETTE.theme.name
    answers: list[object] = []
    async with app.run_test(size=size) as pilot:
        screen = LineDetailScreen(PALETTE, shown_record, columns, BERLIN)
        await app.push_screen(screen, answers.append)
        await pilot.pause()
        yield World(app, pilot, screen, answers)


# What shows


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_line_its_facts_and_its_fields_show(size: tuple[int, int]) -> None:
    async with opened(record(JSON), size=size) as world:
        screen = "\n".join(world.lines())
        assert "checkout-1/app" in screen
        assert "error  112 bytes" in screen
        assert '"path": "/api/cart"' in screen
        assert "level_extracted" in screen
        assert "esc closes" in screen
        assert world.table == {
            "time": "2026-11-23T11:59:58.500Z",
            "level_extracted": "error",
            "path": "/api/cart",
            "status": "500",
            "tags": "[1,2]",
            "user_id": "7",
            "namespace": "shop",
            "pod": "checkout-1",
            "container": "app",
        }


async def test_both_times_show_in_the_local_zone_and_in_utc() -> None:
    async with opened(record(JSON)) as world:
        assert "time    2026-11-23 13:00:00.000 +0100 · 12:00:00.000 UTC" in world.facts
        assert "in text 2026-11-23 12:59:58.500 +0100 · 11:59:58.500 UTC  -1.500 s" in world.facts


def test_where_the_local_zone_is_utc_each_time_shows_once() -> None:
    assert str(facts_of(record("a"), PALETTE, UTC)).startswith("time    2026-11-23 12:00:00.000 UTC\n")


@pytest.mark.parametrize("text", ["2026-11-23T12:00:00.250Z said", "2026-11-23 13:00:00 said", "nothing said"])
async def test_a_time_in_the_text_that_is_the_same_does_not_show_twice(text: str) -> None:
    async with opened(record(text, time=NOON + 250_000_000)) as world:
        assert "12:00:00.250 UTC" in world.facts
        assert "in text" not in world.facts


async def test_a_time_that_is_none_is_no_error() -> None:
    async with opened(record("2026-11-23T12:00:00Z a", time=NO_TIME)) as world:
        assert "time    none" in world.facts
        assert "in text 2026-11-23 13:00:00.000 +0100 · 12:00:00.000 UTC\n" in world.facts


async def test_json_is_spread_or_shown_as_it_came() -> None:
    async with opened(record(JSON)) as world:
        assert '  "status": 500,' in world.text.split("\n")
        await world.press("P")
        assert world.text == JSON
        await world.press("P")
        assert world.text.count("\n") > 5


async def test_hostile_text_is_shown_and_never_markup() -> None:
    async with opened(record("[bold red]x[/] \x1b[31m \x00 \u202e end [@click=app.quit]y[/]")) as world:
        assert world.text == "[bold red]x[/] ␛[31m ␀ <U+202E> end [@click=app.quit]y[/]"
        await world.pilot.pause()
    hostile = {"[red]": "[bold]\x1b[2J", "a\u202eb": "\x00"}
    stream = Stream(("b",), hostile, "[blink]\x1b", "x")
    async with opened(record('a="\x1b]0;t" b="[u]"', stream=stream)) as world:
        screen = "\n".join(world.lines())
        assert "[blink]␛/x" in screen
        assert "[bold]␛[2J" in screen
        assert "a<U+202E>b" in screen
        assert "\x1b" not in screen


async def test_of_an_endless_line_the_beginning_shows_and_a_sentence_says_so() -> None:
    async with opened(record("x" * (256 << 10), size=100 << 20)) as world:
        assert "104,857,600 bytes" in world.facts
        beginning, _, words = world.text.partition("\n")
        assert beginning == "x" * (64 << 10)
        assert words == "… This line is 100 MB long, and this its beginning. Copying or saving takes all of it."


async def test_the_whole_record_shows() -> None:
    after = ("\tat a.b(C.java:1)", "Caused by: [x]")
    async with opened(record("ERROR boom", after=after)) as world:
        assert world.text == "ERROR boom\n\tat a.b(C.java:1)\nCaused by: [x]"
        assert "2 other lines in its record" in world.facts
    async with opened(
        record(after[0], level=Level.ERROR | CONTINUED, before=("ERROR boom",), after=after[1:])
    ) as world:
        assert world.text == "ERROR boom\n\tat a.b(C.java:1)\nCaused by: [x]"
        assert "goes on with a record" in world.facts


async def test_a_long_text_is_scrolled_beside_the_table() -> None:
    async with opened(record("\n".join(map(str, range(100))), after=tuple(map(str, range(200))))) as world:
        scroller = world.screen.query_one("#detail-scroll", VerticalScroll)
        await world.press("J", "J", "K", "J")
        assert scroller.scroll_offset.y == 2
        assert world.screen.list.size.height >= 3


async def test_columns_are_marked_in_the_table() -> None:
    async with opened(record(JSON), columns=["path", "pod"]) as world:
        marked = [line for line in world.lines() if "●" in line]
        assert [line.split()[2] for line in marked] == ["path"]
        assert [row.field.name for row in world.screen.list.rows if row.is_column] == ["path", "pod"]


# What it hands back


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("enter", "filter"),
        ("equals_sign", "filter"),
        ("exclamation_mark", "exclude"),
        ("c", "column"),
        ("y", "copy"),
    ],
)
async def test_keys_choose_what_is_done_with_a_value(key: str, action: str) -> None:
    async with opened(record(JSON)) as world:
        await world.go("status")
        await world.press(key)
        (choice,) = world.answers
        assert isinstance(choice, DetailChoice)
        assert (choice.action, choice.field.name, choice.field.value) == (action, "status", "500")
        assert filter_text(choice.field) == '| json | status="500"'


async def test_labels_of_the_stream_are_filtered_by_as_labels() -> None:
    async with opened(record("plain words")) as world:
        await world.go("pod")
        await world.press("exclamation_mark")
        (choice,) = world.answers
        assert isinstance(choice, DetailChoice)
        assert filter_text(choice.field, exclude=True) == '{pod!="checkout-1"}'


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_closes_with_nothing_chosen(key: str) -> None:
    async with opened(record(JSON)) as world:
        await world.press(key)
        assert world.answers == [None]


async def test_an_array_is_no_filter_but_can_be_copied() -> None:
    async with opened(record(JSON)) as world:
        await world.go("tags")
        await world.press("enter", "exclamation_mark")
        assert world.answers == []
        assert [note.message for note in world.app._notifications][-1] == (
            "Lines cannot be filtered by tags: its value is a list."
        )
        await world.press("y")
        (choice,) = world.answers
        assert isinstance(choice, DetailChoice)
        assert choice.field.value == "[1,2]"


async def test_a_line_without_fields_and_labels_can_be_read_and_closed() -> None:
    async with opened(record("", stream=Stream(("c",)))) as world:
        await world.press("enter", "y", "c", "exclamation_mark", "P", "j", "G")
        assert world.answers == []
        await world.press("escape")
        assert world.answers == [None]


def test_each_of_its_keys_does_something() -> None:
    keys = [key for key in KEYS if key.where is Where.DETAIL]
    assert len(keys) == 7
    assert all(hasattr(LineDetailScreen, f"action_{key.action}") for key in keys)
    assert [shown(chord) for chord in ("equals_sign", "exclamation_mark")] == ["=", "!"]


# What belongs to a line


class Kept:
    """A store with the lines of two streams."""

    def __init__(self) -> None:
        self.table = StreamTable()
        self.store, self.intake = Store(), Intake()
        self.numbers = [self.table.number(Stream((name,), title=name)) for name in ("a", "b")]
        self.rows: list[int] = []

    def write(self, stream: int, *lines: str) -> None:
        batch = batch_of([line.encode() for line in lines], [NOON] * len(lines), self.numbers[stream])
        self.store.append(self.intake.prepare(batch, 0))

    def at(self, index: int) -> LineRecord | None:
        return record_at(self.store.snapshot(), index, self.table)


def test_a_record_is_gathered_from_among_the_lines_of_other_streams() -> None:
    kept = Kept()
    kept.write(0, "INFO before")
    kept.write(0, "ERROR boom", "\tat a.b(C.java:1)")
    kept.write(1, "INFO other")
    kept.write(0, "\tat c.d(E.java:2)", "INFO behind", "\tat x.y(Z.java:1)")
    head = kept.at(1)
    assert head is not None
    assert (head.text, head.before, head.after) == ("ERROR boom", (), ("\tat a.b(C.java:1)", "\tat c.d(E.java:2)"))
    frame = kept.at(4)
    assert frame is not None
    assert (frame.before, frame.after) == (("ERROR boom", "\tat a.b(C.java:1)"), ())
    assert frame.level == Level.ERROR | CONTINUED
    alone = kept.at(0)
    assert alone is not None
    assert (alone.before, alone.after, alone.size, alone.stream.title) == ((), (), 11, "a")


def test_a_row_that_is_gone_is_no_record() -> None:
    kept = Kept()
    kept.write(0, "one")
    assert kept.at(0) is not None
    assert kept.at(1) is None
