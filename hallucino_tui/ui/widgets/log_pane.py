"""The log pane: the visible rows of a view, a cursor and a selection by row."""

from __future__ import annotations

import textwrap
import time
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.ui.bindings import app_of, bindings_for
from hallucino_tui.ui.log_line import TIMESTAMPS, highlight_pattern
from hallucino_tui.ui.messages import WantOlder
from hallucino_tui.ui.row_painter import Over, RowPainter
from hallucino_tui.ui.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Region

    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.ui.palette import Palette

_OWN: Final = {
    "cursor_down", "cursor_up", "half_page_down", "half_page_up", "page_down", "page_up", "top", "bottom", "follow",
    "pan_left", "pan_right", "wrap", "timestamps", "select",
}  # fmt: skip
_WHEEL_LINES: Final = 3
_PAN_CELLS: Final = 16


class LogPane(Widget, can_focus=True):
    """Shows a view and follows it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.LOGS, _OWN)

    wrap: var[bool] = var(default=False)
    timestamps: var[str] = var("local")

    def __init__(
        self,
        table: StreamTable,
        palette: Palette,
        moved: Callable[[], None] = lambda: None,
        missing: Callable[[frozenset[int]], None] = lambda _numbers: None,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        """Start with nothing to show.

        Args:
            table: Names the streams.
            palette: The colours.
            moved: Called when the window or the cursor moved, or what shows changed.
            missing: Told which segments hold rows in sight that have to be read from a file first.
            now: Tells the time, in nanoseconds since the epoch; lines of other days show their date.
        """
        self._moved = moved
        self._missing = missing
        self._now = now
        self.painter = RowPainter(table, palette)
        self.viewport = Viewport(lambda row: self.painter.height(self.viewport.view.store, row))
        self.mark: int | None = None
        self.bookmarks: frozenset[int] = frozenset()
        self.empty_words = ""
        self.table = table
        self._needle: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._widest = (0, 0, 0)
        super().__init__(id="logs")

    def show(self, view: ViewSnapshot) -> None:
        """Take a newer state of the rows."""
        self.viewport.show(view)
        self.changed()

    def set_needle(self, texts: tuple[str, ...], patterns: tuple[str, ...] = ()) -> None:
        """Highlight texts wherever they stand, whatever their case, and what regular expressions match."""
        if (texts, patterns) != self._needle:
            self._needle = (texts, patterns)
            self._look_anew()

    def set_pretty(self, *, pretty: bool) -> None:
        """Draw JSON over several lines and stack traces as one record, or all as it came."""
        self.painter.look = replace(self.painter.look, pretty=pretty)
        self._look_anew()

    def toggle_column(self, name: str) -> None:
        """Give a field a column of its own, or take it away."""
        names = self.painter.look.columns
        rest = tuple(one for one in names if one != name)
        self.painter.set_columns(rest if len(rest) < len(names) else (*names, name))
        self._look_anew()
        self.changed()

    def set_bookmarks(self, rows: frozenset[int]) -> None:
        """Mark some rows as those that a reader wants to find again."""
        self.bookmarks = rows
        self.changed()

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours."""
        self.painter.set_palette(palette)
        self._look_anew()

    @property
    def selected(self) -> tuple[int, int]:
        """Positions of the first selected row and behind the last one; an empty range without a selection."""
        if self.mark is None:
            return 0, 0
        one, other = sorted((self.viewport.view.nearest(self.mark), self.viewport.position))
        return one, other + 1

    def drop_selection(self) -> bool:
        """Drop the selection; return whether there was one."""
        had, self.mark = self.mark is not None, None
        self.changed()
        return had

    def go(self, position: int) -> None:
        """Put the cursor on a position."""
        self.viewport.go(position)
        self.changed()

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a row; return False if it does not show."""
        found = self.viewport.go_to_row(row)
        self.changed()
        return found

    def changed(self) -> None:
        """Draw anew, and let others know: rows, cursor or window are not what they were."""
        self.viewport.height = max(self.size.height, 1)
        look = self.painter.look
        if look.columns and self.painter.fit(self.viewport.view.store, [line.row for line in self.viewport.lines()]):
            look = self.painter.look
        if (*self._name_cells(look.width), self._needs_dates()) != (look.title, look.part, look.dates):
            self._look_anew()
            return
        self._ask_for_missing()
        self.refresh()
        self._moved()

    # ── keys ──

    def action_cursor_down(self) -> None:
        self._move(1)

    def action_cursor_up(self) -> None:
        self._move(-1)

    def action_half_page_down(self) -> None:
        self._page(0.5)

    def action_half_page_up(self) -> None:
        self._page(-0.5)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def action_top(self) -> None:
        self.viewport.to_top()
        self.changed()
        self._ask_older()

    def action_bottom(self) -> None:
        self.viewport.to_bottom()
        self.changed()

    def action_follow(self) -> None:
        if self.viewport.follow:
            self.viewport.stay()
        else:
            self.viewport.to_bottom()
        self.changed()

    def action_pan_left(self) -> None:
        self._pan(-_PAN_CELLS)

    def action_pan_right(self) -> None:
        self._pan(_PAN_CELLS)

    def action_wrap(self) -> None:
        self.wrap = not self.wrap

    def action_timestamps(self) -> None:
        self.timestamps = TIMESTAMPS[(TIMESTAMPS.index(self.timestamps) + 1) % len(TIMESTAMPS)]

    def action_select(self) -> None:
        if self.viewport.cursor is not None:
            self.viewport.stay()
            self.mark = self.viewport.cursor if self.mark is None else None
            self.changed()

    def _move(self, rows: int) -> None:
        self.viewport.move(rows)
        self.changed()
        if rows < 0:
            self._ask_older()

    def _page(self, pages: float) -> None:
        self.viewport.page(pages)
        self.changed()
        if pages < 0:
            self._ask_older()

    def _ask_older(self) -> None:
        if self.viewport.position == 0:
            self.post_message(WantOlder())

    def _pan(self, cells: int) -> None:
        look = self.painter.look
        if not look.wrap:
            self.painter.look = replace(look, pan=max(look.pan + cells, 0))
            self.changed()

    # ── mouse ──

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.viewport.scroll(_WHEEL_LINES)
        if not self.viewport.below() and self.mark is None:
            self.viewport.to_bottom()
        self.changed()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.viewport.scroll(-_WHEEL_LINES)
        self.changed()
        if self.viewport.at_top() and len(self.viewport.view):
            self.post_message(WantOlder())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        x, y = event.x - self.gutter.left, event.y - self.gutter.top
        lines = self.viewport.lines()
        if x >= self.painter.look.width:
            self.go(int(y / max(self.size.height, 1) * len(self.viewport.view)))
        elif 0 <= y < len(lines):
            self.go(self.viewport.view.nearest(lines[y].row))

    # ── drawing ──

    def watch_wrap(self) -> None:
        self._look_anew()

    def watch_timestamps(self) -> None:
        self._look_anew()

    def on_resize(self) -> None:
        self._look_anew()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the visible rows. Textual's cache of styles has nothing to add where there is no border."""
        if self.gutter.totals != (0, 0):
            return super().render_lines(crop)
        strips = self._draw(crop.y, crop.bottom)
        background = self.background_colors[1]
        for filter_ in app_of(self).get_line_filters():
            if not isinstance(filter_, ANSIToTruecolor):  # there is no ANSI colour in any theme, and each row is new
                strips = [strip.apply_filter(filter_, background) for strip in strips]
        start, stop = crop.column_span
        return strips if (start, stop) == (0, self.size.width) else [strip.crop(start, stop) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        return self._draw(y, y + 1)[0]

    def _draw(self, start: int, stop: int) -> list[Strip]:
        viewport, painter = self.viewport, self.painter
        view, lines = viewport.view, viewport.lines()
        first, last = self.selected
        width, height = self.size  # Textual works it out anew each time it is asked
        top = view.nearest(lines[0].row) if lines else 0
        drawn: list[Strip] = []
        for y in range(start, stop):
            if y >= len(lines):
                drawn.append(painter.blank(width, self._empty_line(y)))
                continue
            row, offset = lines[y]
            over: Over = "plain"
            if first < last and first <= view.nearest(row) < last:
                over = "selected"
            if row == viewport.cursor and self.has_focus:
                over = "cursor" if over == "plain" else "selected cursor"
            strips = painter.strips(view.store, row, lines[y - 1].row if y else None, over)
            strip = strips[min(offset, len(strips) - 1)]
            if row in self.bookmarks and not offset:
                strip = Strip.join([self._bookmark(), strip.crop(1)])
            drawn.append(painter.with_bar(strip, y, height, top, len(view)))
        return drawn

    def _ask_for_missing(self) -> None:
        """Ask for rows in sight that are not in memory; they are drawn when they have come."""
        viewport = self.viewport
        numbers = viewport.view.store.missing(line.row for line in viewport.lines())
        if numbers:
            self._missing(numbers)

    def _bookmark(self) -> Strip:
        """Return the mark that stands in the first cell of a row with a bookmark."""
        return Strip([Segment("◆", self.painter.palette.accent)], 1)

    def _empty_line(self, y: int) -> str:
        """Return the words in a line of an empty pane."""
        if len(self.viewport.view) or not self.empty_words:
            return ""
        words = textwrap.wrap(self.empty_words, max(self.size.width - 4, 10))
        index = y - max((self.size.height - len(words)) // 2, 0)
        return words[index] if 0 <= index < len(words) else ""

    def _look_anew(self) -> None:
        """Find out what all rows have in common now."""
        width = max(self.size.width - 1, 1)
        title, part = self._name_cells(width)
        self.painter.look = replace(
            self.painter.look,
            width=width,
            pan=0 if self.wrap else self.painter.look.pan,
            wrap=self.wrap,
            timestamps=self.timestamps,
            dates=self._needs_dates(),
            title=title,
            part=part,
            needle=highlight_pattern(*self._needle),
            zone=datetime.now().astimezone().tzinfo,
        )
        self.viewport.height = max(self.size.height, 1)
        self._ask_for_missing()
        self.refresh()
        self._moved()

    def _name_cells(self, width: int) -> tuple[int, int]:
        """Return how wide the names of streams are drawn: as wide as the longest, within bounds."""
        count, title, part = self._widest
        if count != len(self.table):
            for number in range(count, len(self.table)):
                title = max(title, len(self.table[number].title))
                part = max(part, len(self.table[number].part))
            self._widest = (len(self.table), title, part)
        return min(title, max(width // 6, 8), 28), min(part, max(width // 12, 4), 12)

    def _needs_dates(self) -> bool:
        """Whether the day matters: some line in sight is not of today."""
        lines, store = self.viewport.lines(), self.viewport.view.store
        if not lines:
            return False
        day = 86_400 * NANOSECONDS
        today = self._now() // day
        return any((store.time(line.row) or 0) // day != today for line in (lines[0], lines[-1]))
