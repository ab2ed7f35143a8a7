"""A list of rows of one line each, of which only the visible ones are drawn: the base of the tree and other lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.config.keys import Where
from hallucino_tui.ui.bindings import bindings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.segment import Segment
    from textual import events
    from textual.binding import BindingType

    from hallucino_tui.ui.palette import Palette

T = TypeVar("T")

_WHEEL_LINES: Final = 3
_MOST_DRAWN: Final = 500


class RowList(Widget, Generic[T], can_focus=True):
    """Holds rows, a cursor and a window onto them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.LIST)

    class Chosen(Message):
        """The row under the cursor was chosen."""

    def __init__(self, palette: Palette, id: str) -> None:  # noqa: A002 - Textual's own name for it
        """Start empty.

        Args:
            palette: The colours.
            id: The widget's id.
        """
        super().__init__(id=id)
        self.palette = palette
        self.rows: Sequence[T] = ()
        self.index = 0
        self.top = 0
        self._drawn: dict[int, tuple[T, tuple[int, Style, str], Strip]] = {}

    def draw_row(self, row: T) -> list[Segment]:
        """Return a row's segments; the background is the list's business."""
        raise NotImplementedError

    def key_of(self, row: T) -> object:
        """Return what tells a row from all others, so that the cursor stays with it."""
        raise NotImplementedError

    @property
    def current(self) -> T | None:
        """The row under the cursor."""
        return self.rows[self.index] if 0 <= self.index < len(self.rows) else None

    def set_rows(self, rows: Sequence[T]) -> None:
        """Take newer rows; the cursor stays with its row while that exists, and the window with the cursor."""
        current = self.current
        offset = self.index - self.top
        self.rows = rows
        if current is not None:
            wanted = self.key_of(current)
            found = next((place for place, row in enumerate(rows) if self.key_of(row) == wanted), None)
            if found is not None:
                self.index, self.top = found, found - offset
        self._settle()

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours."""
        self.palette = palette
        self.refresh()

    def go(self, index: int) -> None:
        """Put the cursor on a row."""
        self.index = index
        self._settle()

    def action_cursor_down(self) -> None:
        self.go(self.index + 1)

    def action_cursor_up(self) -> None:
        self.go(self.index - 1)

    def action_page_down(self) -> None:
        self.go(self.index + max(self.size.height - 1, 1))

    def action_page_up(self) -> None:
        self.go(self.index - max(self.size.height - 1, 1))

    def action_top(self) -> None:
        self.go(0)

    def action_bottom(self) -> None:
        self.go(len(self.rows) - 1)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-_WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        index = self.top + event.y - self.gutter.top
        if 0 <= index < len(self.rows):
            twice = index == self.index and event.chain > 1
            self.go(index)
            if twice:
                self.action_choose()

    def on_resize(self) -> None:
        self._settle()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        surfaces, width = self.palette.theme.surfaces, self.size.width
        style = Style(color=surfaces.text, bgcolor=surfaces.panel)
        index = self.top + y
        if index >= len(self.rows):
            return Strip.blank(width, style)
        if index == self.index:
            style += self.palette.selection if self.has_focus else self.palette.cursor
        row = self.rows[index]
        look = (width, style, self.palette.theme.name)
        drawn = self._drawn.get(id(row))
        # A row that did not change is the same object as before; who draws it otherwise calls `forget_pictures`.
        if drawn is None or drawn[0] is not row or drawn[1] != look:
            if len(self._drawn) > _MOST_DRAWN:
                self._drawn.clear()
            strip = Strip(self.draw_row(row)).apply_style(style).adjust_cell_length(width, style)
            drawn = self._drawn[id(row)] = (row, look, strip)
        return drawn[2]

    def forget_pictures(self) -> None:
        """Draw all rows anew: what they look like depends on more than themselves."""
        self._drawn.clear()
        self.refresh()

    def _scroll(self, lines: int) -> None:
        self.top = max(min(self.top + lines, len(self.rows) - self.size.height), 0)
        self.index = min(max(self.index, self.top), self.top + max(self.size.height - 1, 0))
        self._settle()

    def _settle(self) -> None:
        """Keep cursor and window within the rows, and the cursor within the window."""
        height = max(self.size.height, 1)
        self.index = min(max(self.index, 0), max(len(self.rows) - 1, 0))
        self.top = min(max(self.top, self.index - height + 1, 0), self.index, max(len(self.rows) - 1, 0))
        if self.top > len(self.rows) - height:
            self.top = max(len(self.rows) - height, 0)
        self.refresh()
