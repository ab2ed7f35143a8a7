"""Which rows of a view are on the screen, where the cursor is, and what follows when either moves.

Everything is kept by row number, not by position: rows keep their place on the screen while others come, go, or land
between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hallucino_tui.logs.snapshot import ViewSnapshot

if TYPE_CHECKING:
    from collections.abc import Callable


class ScreenLine(NamedTuple):
    """One line of the screen.

    Attributes:
        row: The row that it shows a part of.
        offset: Which part, from 0.
    """

    row: int
    offset: int


@dataclass(slots=True)
class Viewport:
    """A window onto a view.

    Attributes:
        measure: Returns how many screen lines a row takes.
        height: Lines of the screen.
        view: The rows.
        follow: Whether the newest row stays in sight.
        cursor: The row under the cursor; None while there is no row.
    """

    measure: Callable[[int], int]
    height: int = 1
    view: ViewSnapshot = field(default_factory=ViewSnapshot)
    follow: bool = True
    cursor: int | None = None
    _top: ScreenLine | None = None

    def show(self, view: ViewSnapshot) -> None:
        """Take a newer state of the rows."""
        self.view = view
        if self.follow:
            self.cursor = view.row(len(view) - 1)

    @property
    def position(self) -> int:
        """Where the cursor stands in the view; -1 while there is no row."""
        return -1 if self.cursor is None else self.view.nearest(self.cursor)

    def lines(self) -> list[ScreenLine]:
        """Return the lines of the screen from top to bottom; fewer than `height` if there are not more."""
        total = len(self.view)
        if not total:
            return []
        if self.follow or self._top is None:
            return self._up_from(total - 1, self.height)
        position = self.view.nearest(self._top.row)
        exact = self.view.row(position) == self._top.row
        lines = self._down_from(position, self._top.offset if exact else 0)
        if len(lines) < self.height:
            # The end of the view is above the end of the screen: nothing is gained by showing nothing.
            lines = self._up_from(total - 1, self.height)
        return lines

    def below(self) -> int:
        """Return how many rows are below the screen."""
        lines = self.lines()
        if not lines:
            return 0
        return max(len(self.view) - 1 - self.view.nearest(lines[-1].row), 0)

    def at_top(self) -> bool:
        """Whether the oldest row is in sight."""
        lines = self.lines()
        return not lines or (lines[0].offset == 0 and self.view.nearest(lines[0].row) == 0)

    def move(self, rows: int) -> None:
        """Move the cursor; upwards leaves following, to the end takes it up again only by `to_bottom`."""
        total = len(self.view)
        if total:
            self.go(min(max(self.position + rows, 0), total - 1))

    def page(self, pages: float) -> None:
        """Move by pages, at least one row."""
        rows = max(int(abs(pages) * self.height) - 1, 1)
        self.move(rows if pages > 0 else -rows)

    def go(self, position: int) -> None:
        """Put the cursor on a position and bring it into sight; leaves following."""
        row = self.view.row(position)
        if row is None:
            return
        before = self.lines()
        self.cursor = row
        self.follow = False
        self._keep(before)
        self._bring_into_sight(position)

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a row, in the middle of the screen if it was out of sight; False if it does not show."""
        position = self.view.position(row)
        if position is None:
            return False
        seen = {line.row for line in self.lines()}
        self.go(position)
        if row not in seen:
            self._top = next(iter(self._up_from(position, max(self.height // 2, 1))), None)
        return True

    def scroll(self, lines: int) -> None:
        """Move the window by screen lines, as a mouse wheel does; the cursor stays in sight."""
        shown = self.lines()
        if not shown or not lines:
            return
        self.follow = False
        if lines < 0:
            first = self.view.nearest(shown[0].row)
            above = self._up_from(first, -lines + shown[0].offset + 1, shown[0].offset)
            self._top = above[0] if above else shown[0]
        else:
            further = self._down_from(self.view.nearest(shown[0].row), shown[0].offset, self.height + lines)
            self._top = further[min(lines, max(len(further) - self.height, 0))]
        self._keep_cursor_in_sight()

    def to_top(self) -> None:
        """Go to the oldest row."""
        self.go(0)

    def to_bottom(self) -> None:
        """Go to the newest row and follow."""
        self.follow = True
        self._top = None
        self.cursor = self.view.row(len(self.view) - 1)

    def stay(self) -> None:
        """Leave following; what is on the screen stays there."""
        if self.follow:
            self._keep(self.lines())
            self.follow = False

    def _keep(self, lines: list[ScreenLine]) -> None:
        self._top = lines[0] if lines else None

    def _bring_into_sight(self, position: int) -> None:
        lines = self.lines()
        rows = [line.row for line in lines]
        if self.cursor not in rows:
            first = self.view.nearest(lines[0].row) if lines else 0
            if position < first:
                self._top = ScreenLine(self.cursor or 0, 0)
            else:
                self._keep(self._up_from(position, self.height))
        elif rows[-1] == self.cursor and lines[-1].offset + 1 < self.measure(rows[-1]) and rows[0] != self.cursor:
            self._keep(self._up_from(position, self.height))
        elif rows[0] == self.cursor and lines[0].offset:
            self._top = ScreenLine(rows[0], 0)

    def _keep_cursor_in_sight(self) -> None:
        lines = self.lines()
        if lines and self.cursor not in {line.row for line in lines}:
            above = self.position < self.view.nearest(lines[0].row)
            self.cursor = lines[0].row if above else lines[-1].row

    def _up_from(self, position: int, count: int, last_offset: int | None = None) -> list[ScreenLine]:
        """Return `count` lines that end with the row at a position (or with one line of it)."""
        found: list[ScreenLine] = []
        while position >= 0 and len(found) < count:
            start = max(position - count, -1)
            for row in reversed(self.view.rows(start + 1, position + 1)):
                height = self.measure(row) if last_offset is None else last_offset + 1
                last_offset = None
                found.extend(ScreenLine(row, offset) for offset in range(height - 1, -1, -1))
                if len(found) >= count:
                    break
            position = start
        return found[count - 1 :: -1] if len(found) >= count else found[::-1]

    def _down_from(self, position: int, offset: int, count: int | None = None) -> list[ScreenLine]:
        """Return `count` lines (None: as many as fit the screen) from one line of the row at a position on."""
        count = self.height if count is None else count
        found: list[ScreenLine] = []
        for row in self.view.rows(position, position + count + 1):
            height = self.measure(row)
            found.extend(ScreenLine(row, part) for part in range(min(offset, height - 1), height))
            offset = 0
            if len(found) >= count:
                break
        return found[:count]
