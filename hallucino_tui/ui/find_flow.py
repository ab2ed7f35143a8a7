"""Jumping in the logs: search as one types, next and previous match, errors, and back again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.logs.severity import Level
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from textual.screen import Screen

    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.ui.widgets.log_pane import LogPane

_MOST_JUMPS: Final = 100


class FindFlow:
    """Finds rows in a thread, so that a long way never holds up a key."""

    def __init__(self, screen: Screen[Any], pane: LogPane) -> None:
        """Start without a search.

        Args:
            screen: Where things are said.
            pane: Where rows are found.
        """
        self._screen = screen
        self._pane = pane
        self._origin = 0
        self._jumps: list[int] = []
        self.needle = ""

    def begin(self) -> None:
        """Note where a search begins, so that it goes on from there with every key."""
        self._pane.viewport.stay()
        self._origin = max(self._pane.viewport.position, 0)

    def type(self, text: str) -> None:
        """Take what has been typed so far: mark it everywhere and go to the nearest match."""
        self.needle = text
        if text:
            self._find(text, self._origin - 1, backwards=False, quiet=True)

    def clear(self) -> bool:
        """Forget the search; return whether there was one."""
        had, self.needle = bool(self.needle), ""
        return had

    def step(self, *, backwards: bool) -> None:
        """Go to the next match, or to the one before."""
        if not self.needle:
            self._screen.notify("There is no search yet: press / and type.")
            return
        self._find(self.needle, self._pane.viewport.position, backwards=backwards)

    def error(self, *, backwards: bool) -> None:
        """Go to the next line of level error or worse, or to the one before."""
        self._find(Level.ERROR, self._pane.viewport.position, backwards=backwards)

    def jump(self, row: int) -> bool:
        """Go to a row and remember from where; return False if it does not show."""
        before = self._pane.viewport.cursor
        if not self._pane.go_to_row(row):
            return False
        if before is not None:
            self._jumps.append(before)
            del self._jumps[:-_MOST_JUMPS]
        return True

    def back(self) -> None:
        """Go back to before the last jump."""
        while self._jumps:
            if self._pane.go_to_row(self._jumps.pop()):
                return
        self._screen.notify("There is no jump to go back from.")

    def _find(self, what: str | Level, position: int, *, backwards: bool, quiet: bool = False) -> None:
        """Find text, or a level or worse, from a position on."""
        start(self._screen, "find", self._search, what, position, backwards=backwards, quiet=quiet)

    async def _search(self, what: str | Level, position: int, *, backwards: bool, quiet: bool) -> None:
        view = self._pane.viewport.view
        found = await asyncio.to_thread(_find_row, view, what, position, backwards=backwards)
        if found is not None:
            self.jump(found)
        elif not quiet:
            name = "error" if isinstance(what, Level) else f"match of {what!r}"
            here, there = ("above", "below") if backwards else ("below", "above")
            self._screen.notify(f"There is no {name} {here}; the other way looks {there}.")


def _find_row(view: ViewSnapshot, what: str | Level, position: int, *, backwards: bool) -> int | None:
    from hallucino_tui.logs import search  # noqa: PLC0415 - brings heavy libraries, and this is another thread

    test = search.at_least(what) if isinstance(what, Level) else search.contains(search.words_of(what))
    found = search.find(view, test, position, backwards=backwards)
    return None if found is None else view.row(found)
