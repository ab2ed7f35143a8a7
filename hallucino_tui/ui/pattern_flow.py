"""Patterns on the screen: their list, and filters that keep or hide the lines of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hallucino_tui.ui.bindings import app_of
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from hallucino_tui.session.mine import PatternFilters
    from hallucino_tui.ui.screens.main import MainScreen


class PatternFlow:
    """Puts filters for patterns on the stack, and remembers which of them are for which pattern."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with the lines and what narrows them.
        """
        self._main = main
        self._filters: dict[int, set[tuple[str, str]]] = {}

    def list_patterns(self) -> None:
        """Show the list of patterns."""
        from hallucino_tui.ui.screens.patterns import PatternsScreen  # noqa: PLC0415 - not before the first frame

        main = self._main
        app, bridge = app_of(main), main.bridge
        if bridge.workspace is None or isinstance(app.screen, PatternsScreen):
            return
        zone = UTC if main.pane.timestamps == "utc" else datetime.now().astimezone().tzinfo
        screen = PatternsScreen(
            main.pane.painter.palette, lambda: bridge.ask(lambda workspace: workspace.patterns.read()), self, zone
        )
        app.push_screen(screen, self._chosen)

    def like(self, state: str) -> None:
        """Keep or hide lines like the one under the cursor.

        Args:
            state: ``kept`` or ``hidden``.
        """
        # After a line was hidden the cursor is where it was; the next one is meant, which stands there now.
        viewport = self._main.pane.viewport
        row = viewport.view.row(viewport.position) if len(viewport.view) else None
        if row is None:
            self._main.notify("There is no line under the cursor.")
        else:
            start(self._main, "pattern", self._like, row, state)

    def state(self, number: int) -> str:
        """Return whether a pattern is ``kept`` or ``hidden`` by a filter that holds; "" for neither."""
        texts = self._main.narrowing.now.texts
        return next((state for state, text in self._filters.get(number, ()) if text in texts), "")

    async def toggle(self, number: int, state: str) -> None:
        """Keep or hide a pattern, or no longer."""
        found = await self._main.bridge.ask(lambda workspace: workspace.patterns.filters_of(number))
        if found is not None:
            self._narrow(found, "" if self.state(number) == state else state)

    async def _like(self, row: int, state: str) -> None:
        found = await self._main.bridge.ask(lambda workspace: workspace.patterns.filters_of_row(row))
        if found is None:
            self._main.notify("What stands under the cursor is no line that has a pattern.")
            return
        kept = state == "kept" and self.state(found.number) == "kept"
        self._narrow(found, "" if kept else state)

    def _chosen(self, number: int | None) -> None:
        if number is not None:
            start(self._main, "pattern", self._keep, number)

    async def _keep(self, number: int) -> None:
        if self.state(number) != "kept":
            await self.toggle(number, "kept")
        self._main.go("logs")

    def _narrow(self, found: PatternFilters, state: str) -> None:
        """Put a pattern's filter on the stack in place of those that it would contradict; "" for none."""
        known = self._filters.setdefault(found.number, set())
        old = {text for _, text in known}
        if state == "kept":
            # Lines are of one kind only: two that are kept at once would leave nothing.
            old |= {text for pairs in self._filters.values() for kind, text in pairs if kind == "kept"}
        text = {"kept": found.keep, "hidden": found.hide}.get(state, "")
        if text:
            known.add((state, text))
        self._main.narrowing.exchange(old, text)
