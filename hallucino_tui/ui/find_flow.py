"""Jumping in the logs: search as one types, next and previous match, errors, and back again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.logs.severity import Level
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from hallucino_tui.logs.query.ast import Query
    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.ui.widgets.log_pane import LogPane

_MOST_JUMPS: Final = 100


class FindFlow:
    """Finds rows in a thread, so that a long way never holds up a key."""

    def __init__(self, screen: Screen[Any], pane: LogPane, marked: Callable[[], tuple[Query, ...]]) -> None:
        """Start without a search.

        Args:
            screen: Where things are said.
            pane: Where rows are found.
            marked: Returns the filters that only mark lines, for which a search without a text of its own looks.
        """
        self._screen = screen
        self._pane = pane
        self._marked = marked
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
        what = self.needle or self._marked()
        if not what:
            self._screen.notify("There is no search yet: press / and type.")
            return
        self._find(what, self._pane.viewport.position, backwards=backwards)

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

    def _find(
        self, what: str | Level | tuple[Query, ...], position: int, *, backwards: bool, quiet: bool = False
    ) -> None:
        """Find text, or a level or worse, from a position on."""
        start(self._screen, "find", self._search, what, position, backwards=backwards, quiet=quiet)

    async def _search(
        self, what: str | Level | tuple[Query, ...], position: int, *, backwards: bool, quiet: bool
    ) -> None:
        view, table = self._pane.viewport.view, self._pane.table
        try:
            found = await asyncio.to_thread(_find_row, view, table, what, position, backwards=backwards)
        except ValueError as error:
            if not quiet:
                self._screen.notify(str(error), severity="warning")
            return
        if found is not None:
            self.jump(found)
        elif not quiet:
            name = "error" if isinstance(what, Level) else f"match of {what!r}" if isinstance(what, str) else "match"
            here, there = ("above", "below") if backwards else ("below", "above")
            self._screen.notify(f"There is no {name} {here}; the other way looks {there}.")


def _find_row(
    view: ViewSnapshot,
    table: StreamTable,
    what: str | Level | tuple[Query, ...],
    position: int,
    *,
    backwards: bool,
) -> int | None:
    """Return the row of the next match; runs in a thread, where imports that take long hold up nobody."""
    from hallucino_tui.logs import search  # noqa: PLC0415 - brings the arrays' library
    from hallucino_tui.logs.filters import Filter  # noqa: PLC0415 - brings the arrays' library
    from hallucino_tui.session.filtering import search_queries  # noqa: PLC0415 - not before the first frame

    if isinstance(what, Level):
        test = search.at_least(what)
    else:
        test = search.passes(Filter(queries=search_queries(what) if isinstance(what, str) else what), table)
    place = search.find(view, test, position, backwards=backwards)
    return None if place is None else view.row(place)
