"""Bookmarks: lines that a reader wants to find again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    from hallucino_tui.ui.find_flow import FindFlow
    from hallucino_tui.ui.widgets.log_pane import LogPane


class MarkFlow:
    """Sets bookmarks and goes to them. A bookmark belongs to its line, whatever shows around it."""

    def __init__(self, screen: Screen[Any], pane: LogPane, finding: FindFlow) -> None:
        """Start without a bookmark.

        Args:
            screen: Where things are said.
            pane: The lines.
            finding: Remembers where a jump came from.
        """
        self._screen = screen
        self._pane = pane
        self._finding = finding

    def toggle(self) -> None:
        """Set a bookmark at the line under the cursor, or take it away."""
        row = self._pane.viewport.cursor
        if row is not None:
            self._pane.set_bookmarks(self._pane.bookmarks ^ {row})

    def step(self, step: int) -> None:
        """Go to the next bookmark that shows, or to the one before."""
        view, here = self._pane.viewport.view, self._pane.viewport.position
        places = {place: row for row in self._pane.bookmarks if (place := view.position(row)) is not None}
        ahead = [place for place in places if (place - here) * step > 0]
        if ahead:
            self._finding.jump(places[min(ahead) if step > 0 else max(ahead)])
            return
        hidden = len(self._pane.bookmarks) - len(places)
        where = "below" if step > 0 else "above"
        note = f" ({hidden} of them do not show)" if hidden else ""
        words = f"There is no bookmark {where}{note}." if self._pane.bookmarks else "There is no bookmark: m sets one."
        self._screen.notify(words)
