"""The timeline as it is drawn: bars, times, marks, the cursor's bucket and the lines in sight."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style
from textual.app import App, ComposeResult

from hallucino_tui.config.themes import load_themes
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.timeline_ladder import DAY, HOUR, LADDER, MINUTE
from hallucino_tui.logs.timeline_snapshot import ERROR, FATAL, REST, WARN, Bucket, Mark, TimelineSnapshot
from hallucino_tui.ui.palette import Palette
from hallucino_tui.ui.timeline_labels import labels_for, layout_for, width_words
from hallucino_tui.ui.timeline_painter import BLOCKS, CURSOR, PLAIN, TimelinePainter, bar_of, strip_of
from hallucino_tui.ui.widgets.timeline import TimelineBar

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9
THEMES = load_themes([Path(__file__).parents[2] / "themes"]).by_name
DARK = THEMES["dark"]


@dataclass
class World:
    """A program with nothing but a timeline."""

    bar: TimelineBar
    app: App[None]
    pilot: object
    picked: list[tuple[int, int]]

    async def picture(self) -> list[str]:
        await self.pilot.pause()  # type: ignore[attr-defined]
        return [self.bar.render_line(y).text for y in range(self.bar.size.height)]

    def styles(self, y: int) -> list[Style]:
        """The style of each cell of a line."""
        strip = self.bar.render_line(y)
        return [segment.style or Style() for segment in strip for _ in segment.text]


@asynccontextmanager
async def running(width: int, height: int = 2) -> AsyncIterator[World]:
    picked: list[tuple[int, int]] = []
    bar = TimelineBar(Palette(DARK), lambda start, stop: picked.append((start, stop)))

    class Program(App[None]):
        def compose(self) -> ComposeResult:
            yield bar

    program = Program()
    async with program.run_test(size=(width, 8)) as pilot:
        bar.styles.height = height
        await pilot.pause()
        yield World(bar, program, pilot, picked)


def ramp(count: int, width: int, *, complete: bool = True, marks: tuple[Mark, ...] = ()) -> TimelineSnapshot:
    """Buckets that fill up, run over and begin again."""
    counts: list[Bucket] = [(index % 17 * 10, 0, 0, 0) for index in range(count)]
    return TimelineSnapshot(NOON, width, tuple(counts), complete, NOON, NOON + count * width, marks)


PICTURES = {
    (40, 40, 15 * SECOND): [
        " ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ ▁▁▂▂▃",
        "12:00   12:02   12:04   12:06   12:08   ",
    ],
    (40, 16, SECOND): [
        "  ▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇████        ",
        "12:00:00            12:00:10            ",
    ],
    (80, 30, HOUR): [
        "  ▁▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇████  ▁▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆         max 160/1h ",
        "12:00       18:00       11-24       06:00       12:00                           ",
    ],
    (80, 160, DAY): [
        "▁▂▃▄▅▆▇█▅▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▅▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▅▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▅▁▂▃▄▅▆▇█▁▂▃▄▅▆▇█▅▁▂▃",
        "           12-17         01-14         02-11         03-11         04-08        ",
    ],
}


@pytest.mark.parametrize("key", PICTURES, ids=str)
async def test_bars_fill_the_width_and_round_times_stand_below(key: tuple[int, int, int]) -> None:
    width, count, bucket = key
    async with running(width) as world:
        world.bar.show(ramp(count, bucket), zone=UTC)
        assert await world.picture() == PICTURES[key]


async def test_older_lines_are_told_of_at_the_left_beside_of_marks_or_by_an_arrow() -> None:
    snapshot = replace(ramp(60, SECOND), leaves_out=True, older=1234)
    async with running(60) as world:
        world.bar.show(snapshot, zone=UTC)
        assert (await world.picture())[1].startswith("◂ Z shows 1.2k older          12:00:30 ")
        mark = Mark(NOON + 3 * SECOND, NoticeKind.OOM)
        world.bar.show(replace(snapshot, marks=(mark,)), zone=UTC)
        assert "✖ OOM ◂ Z shows 1.2k older" in (await world.picture())[1]
        world.bar.show(replace(snapshot, older=0), zone=UTC)
        assert (await world.picture())[1].startswith("◂ Z shows older ")
    async with running(12) as world:
        world.bar.show(snapshot, zone=UTC)
        assert (await world.picture())[1].startswith("◂")
    async with running(60, 1) as world:
        world.bar.show(snapshot, zone=UTC)
        assert (await world.picture())[0].startswith("◂")


async def test_a_wide_and_high_screen_shows_more_of_each_bucket() -> None:
    async with running(200, 4) as world:
        world.bar.show(ramp(200, 5 * SECOND), zone=UTC)
        assert await world.picture() == [
            ("           ▁▂▄▅▇█" * 12)[:200],
            ("      ▁▃▄▆▇██████" * 12)[:200],
            (" ▂▃▅▆████████████" * 12)[:200],
            "".join(f"12:{minute:02}       " for minute in range(17))[:200],
        ]


async def test_marks_and_the_cursor_stand_between_the_times() -> None:
    marks = (
        Mark(NOON + 61 * SECOND, NoticeKind.RESTART),
        Mark(NOON + 150 * SECOND, NoticeKind.GAP),
        Mark(NOON + 9 * MINUTE, NoticeKind.ERROR),
    )
    async with running(40) as world:
        world.bar.show(ramp(40, 15 * SECOND, marks=marks), NOON + 330 * SECOND, None, UTC)
        # The times that marks would stand in or next to give way.
        assert (await world.picture())[1] == "    ↻     ? gap 12:04 ^ 12:06 error !   "
        styles = world.styles(0)
        assert [cell for cell, style in enumerate(styles) if style.bgcolor != styles[0].bgcolor] == [22]
        world.bar.show(ramp(40, 15 * SECOND, marks=marks), NOON + 16 * 15 * SECOND, None, UTC)
        bars, below = await world.picture()
        assert below == "    ↻     ? gap 12:04   12:06 error !   "
        # A full bar lets the cursor's background show, too.
        assert bars == " ▁▁▂▂▃▃▄▄▅▅▆▆▇▇█▇ ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ ▁▁▂▂▃"
        # A single line has room for bars and marks only.
        world.bar.styles.height = 1
        assert await world.picture() == [" ▁▁▂↻▃▃▄▄▅?▆▆▇▇█▇ ▁▁▂▂▃▃▄▄▅▅▆▆▇▇██ ▁!▂▂▃"]


async def test_a_rollout_and_a_kill_are_named_and_times_give_way() -> None:
    marks = (
        Mark(NOON + 90 * SECOND, NoticeKind.ROLLOUT),
        Mark(NOON + 250 * SECOND, NoticeKind.PROBE),
        Mark(NOON + 9 * MINUTE + 45 * SECOND, NoticeKind.OOM),
    )
    async with running(40) as world:
        world.bar.show(ramp(40, 15 * SECOND, marks=marks), zone=UTC)
        assert (await world.picture())[1] == "12:00 ▲ rollout ◇ probe 12:06      OOM ✖"


async def test_what_shares_the_place_of_something_weightier_stands_with_its_mark_beside_of_it() -> None:
    marks = (
        Mark(NOON + 9 * MINUTE + 32 * SECOND, NoticeKind.PROBE),
        Mark(NOON + 9 * MINUTE + 31 * SECOND, NoticeKind.ROLLOUT),
        Mark(NOON + 9 * MINUTE + 34 * SECOND, NoticeKind.OOM),
    )
    async with running(40) as world:
        world.bar.show(ramp(40, 15 * SECOND, marks=marks), zone=UTC)
        assert (await world.picture())[1] == "12:00   12:02   12:04   ▲ rollout OOM ✖ "


async def test_where_marks_stand_everywhere_one_time_stays() -> None:
    marks = tuple(Mark(NOON + index * 15 * SECOND, NoticeKind.RESTART) for index in range(40))
    async with running(40) as world:
        world.bar.show(ramp(40, 15 * SECOND, marks=marks), zone=UTC)
        assert (await world.picture())[1] == "12:00" + "↻" * 35


async def test_lines_in_sight_are_underlined() -> None:
    def underlined(world: World, y: int) -> list[int]:
        return [cell for cell, style in enumerate(world.styles(y)) if style.underline]

    async with running(40) as world:
        window = (NOON + 100 * SECOND, NOON + 200 * SECOND)
        world.bar.show(ramp(20, 15 * SECOND), None, window, UTC)
        await world.picture()
        assert underlined(world, 1) == list(range(12, 28))
        assert underlined(world, 0) == []
        world.bar.styles.height = 1
        await world.picture()
        assert underlined(world, 0) == list(range(12, 28))
        for window in ((NOON - HOUR, NOON - HOUR), (NOON + HOUR, NOON + 2 * HOUR)):
            world.bar.show(ramp(20, 15 * SECOND), None, window, UTC)
            await world.picture()
            assert underlined(world, 0) == []


async def test_it_says_how_much_a_full_bar_is_and_whether_all_is_counted() -> None:
    async with running(60) as world:
        world.bar.show(ramp(20, 15 * SECOND), zone=UTC)
        world.bar.show(ramp(35, 15 * SECOND), zone=UTC)
        assert (await world.picture())[0].endswith(" max 160/15s ")
        world.bar.show(ramp(35, 15 * SECOND, complete=False), zone=UTC)
        assert (await world.picture())[0].endswith(" counting… ")


async def test_an_empty_timeline_is_blank() -> None:
    async with running(40) as world:
        assert await world.picture() == [" " * 40] * 2
        world.bar.show(TimelineSnapshot(NOON, SECOND, ((0, 0, 0, 0),) * 10), NOON, (NOON, NOON), UTC)
        assert (await world.picture())[0].startswith(" " * 20)
        world.bar.show(TimelineSnapshot())
        assert await world.picture() == [" " * 40] * 2


async def test_a_click_picks_the_buckets_of_a_column() -> None:
    async with running(40) as world:
        world.bar.show(ramp(16, SECOND), zone=UTC)
        await world.pilot.click(TimelineBar, offset=(6, 0))  # type: ignore[attr-defined]
        await world.pilot.click(TimelineBar, offset=(39, 0))  # type: ignore[attr-defined]
        assert world.picked == [(NOON + 3 * SECOND, NOON + 4 * SECOND)]
        world.bar.show(ramp(81, SECOND), zone=UTC)
        await world.pilot.click(TimelineBar, offset=(26, 1))  # type: ignore[attr-defined]
        assert world.picked[1:] == [(NOON + 78 * SECOND, NOON + 81 * SECOND)]


async def test_only_a_change_is_painted() -> None:
    async with running(80) as world:
        paints = 0
        paint = world.bar._paint

        def counted(width: int, height: int) -> object:
            nonlocal paints
            paints += 1
            return paint(width, height)

        world.bar._paint = counted  # type: ignore[method-assign,assignment]
        for cursor, wanted in ((NOON, 1), (NOON, 1), (NOON + SECOND, 2), (NOON + SECOND, 2)):
            world.bar.show(ramp(80, 15 * SECOND), cursor, (NOON, NOON), UTC)
            await world.picture()
            assert paints == wanted
        world.bar.set_palette(Palette(THEMES["light"]))
        await world.picture()
        assert paints == 3


async def test_without_colours_errors_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[Bucket] = [(5, 0, 0, 0)] * 40
    counts[10] = (5, 0, 1, 0)
    counts[30] = (5, 1, 0, 0)
    monkeypatch.setenv("NO_COLOR", "1")
    async with running(40) as world:
        world.bar.show(TimelineSnapshot(NOON, SECOND, tuple(counts)), zone=UTC)
        assert [cell for cell, text in enumerate((await world.picture())[1]) if text == "!"] == [10]


def colours(painter: TimelinePainter, bucket: Bucket, rows: int) -> list[tuple[str, Style]]:
    return painter.columns([bucket, (100, 0, 0, 0)], [PLAIN, PLAIN], rows)[0]


@pytest.mark.parametrize("name", THEMES)
def test_severities_look_different_in_any_theme_and_in_16_colours(name: str) -> None:
    painter = TimelinePainter(Palette(THEMES[name]))
    found = {
        worst: colours(painter, bucket, 1)[0][1]
        for worst, bucket in ((REST, (9, 0, 0, 0)), (WARN, (1, 9, 0, 0)), (ERROR, (1, 0, 9, 0)), (FATAL, (1, 0, 0, 9)))
    }
    assert len({style.color for style in found.values()}) == 4
    few = colours(painter, (99, 0, 1, 0), 1)[0][1]
    assert few.color not in {style.color for style in found.values()}
    for style in (few, found[WARN], found[ERROR], found[FATAL]):
        coarse, rest = (its.color.downgrade(ColorSystem.STANDARD) for its in (style, found[REST]))  # type: ignore[union-attr]
        assert coarse != rest
        assert coarse != style.bgcolor.downgrade(ColorSystem.STANDARD)  # type: ignore[union-attr]


def test_on_more_lines_the_severe_part_stands_at_the_bottom() -> None:
    painter = TimelinePainter(Palette(DARK))
    levels = DARK.levels
    top, bottom = colours(painter, (75, 0, 25, 0), 2)
    assert (top[0], bottom[0]) == ("█", "▄")
    assert top[1].color == Style(color=DARK.surfaces.muted).color
    assert (bottom[1].color, bottom[1].bgcolor) == (
        Style(color=levels.error).color,
        Style(bgcolor=DARK.surfaces.muted).bgcolor,
    )
    top, bottom = colours(painter, (0, 0, 10, 90), 2)
    assert top[1].color == bottom[1].color == Style(color=levels.fatal).color
    # One error among very many lines is still seen.
    counts = painter.columns([(10**6, 0, 1, 0)], [PLAIN], 2)[0]
    assert counts[1] == ("▁", bottom[1] + Style(color=levels.error, bgcolor=DARK.surfaces.muted))


@given(st.tuples(*[st.integers(0, 10**9)] * 4), st.integers(1, 10**9), st.integers(1, 5))
def test_a_bar_is_as_high_as_its_bucket_is_full(bucket: Bucket, more: int, cells: int) -> None:
    total = sum(bucket)
    bar = bar_of(bucket, total + more - 1, cells, PLAIN)
    assert (bar.height > 0) == (total > 0)
    assert 0 <= bar.severe <= bar.height <= 8 * cells
    assert (bar.severe > 0) == (bar.worst != REST)
    assert bar.worst == max((index for index in (WARN, ERROR, FATAL) if bucket[index]), default=REST)
    painter = TimelinePainter(Palette(DARK))
    column = painter.columns([bucket], [PLAIN], cells)[0]
    assert len(column) == cells
    if total:
        assert all(text != " " for text, _ in column)
        assert painter.columns([bucket], [CURSOR], cells)[0][0][0] in BLOCKS[1:8]


def test_neighbours_of_one_style_are_one_segment() -> None:
    plain, bold = Style(), Style(bold=True)
    strip = strip_of([("a", plain), ("b", plain), ("c", bold), ("d", plain)])
    assert [segment.text for segment in strip] == ["ab", "c", "d"]
    assert strip.cell_length == 4


@given(st.integers(0, 700), st.integers(1, 320))
def test_all_buckets_have_a_place_and_each_cell_knows_its_own(buckets: int, width: int) -> None:
    layout = layout_for(buckets, width)
    assert layout.width <= width
    assert [bucket for cell in range(0, layout.width, layout.cells) for bucket in layout.buckets_at(cell)] == list(
        range(buckets)
    )
    assert all(bucket in layout.buckets_at(layout.cell_of(bucket)) for bucket in range(buckets))
    assert not layout.buckets_at(-1)
    assert not layout.buckets_at(layout.width)


ZONES = [UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-9, minutes=-30)), None]


@given(
    st.integers(-(10**9), 4 * 10**9),
    st.sampled_from(LADDER[:30]),
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from(ZONES),
)
def test_times_never_touch_each_other_or_the_edge(
    start: int, bucket: int, count: int, width: int, zone: timezone | None
) -> None:
    snapshot = TimelineSnapshot(start * SECOND // bucket * bucket, bucket, ((1, 0, 0, 0),) * count)
    layout = layout_for(count, width)
    labels = labels_for(snapshot, layout, width, zone)
    ends = [0, *(label.end + 1 for label in labels)]
    assert all(label.cell >= end for label, end in zip(labels, ends, strict=False))
    assert all(label.end <= width for label in labels)
    assert labels or width < 12


def test_times_are_round_in_the_zone_that_is_shown() -> None:
    snapshot = TimelineSnapshot(NOON, 15 * MINUTE, ((1, 0, 0, 0),) * 80)
    layout = layout_for(80, 80)
    kolkata = labels_for(snapshot, layout, 80, ZoneInfo("Asia/Kolkata"))
    assert [(label.cell, label.text) for label in kolkata[:3]] == [(2, "18:00"), (10, "20:00"), (18, "22:00")]
    assert kolkata[3].text == "11-24"
    berlin = labels_for(snapshot, layout, 80, ZoneInfo("Europe/Berlin"))
    assert [(label.cell, label.text) for label in berlin[:2]] == [(4, "14:00"), (12, "16:00")]


def test_when_the_clock_is_set_back_times_go_on() -> None:
    start = 1_792_886_400 * SECOND - 2 * HOUR  # 2026-10-24T22:00:00Z, the night of the change
    snapshot = TimelineSnapshot(start, 5 * MINUTE, ((1, 0, 0, 0),) * 100)
    labels = labels_for(snapshot, layout_for(100, 100), 100, ZoneInfo("Europe/Berlin"))
    assert [label.text for label in labels[:5]] == ["10-25", "01:00", "02:00", "03:00", "04:00"]
    assert [label.cell for label in labels[:5]] == [0, 12, 24, 48, 60]


def test_times_that_no_calendar_has_are_left_out() -> None:
    snapshot = TimelineSnapshot(2**62, LADDER[-1], ((1, 0, 0, 0),) * 60)
    assert labels_for(snapshot, layout_for(60, 60), 60, UTC) == []
    assert labels_for(TimelineSnapshot(2**70, DAY, ((1, 0, 0, 0),)), layout_for(1, 60), 60, UTC) == []


def test_widths_of_buckets_are_said_in_few_characters() -> None:
    assert [width_words(width) for width in (LADDER[0], 500 * LADDER[0], SECOND, 90 * SECOND, HOUR, 14 * DAY)] == [
        "1ms", "500ms", "1s", "90s", "1h", "14d",
    ]  # fmt: skip


def test_the_widget_loads_without_the_arrays_library() -> None:
    code = "import sys, hallucino_tui.ui.widgets.timeline; sys.exit(any(m in sys.modules for m in ('numpy', 'polars')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
