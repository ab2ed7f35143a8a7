"""Looking closely: one line whole with its fields, pretty JSON, fields as columns."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hallucino_tui.ui.bindings import app_of

if TYPE_CHECKING:
    from hallucino_tui.ui.screens.line_detail import DetailChoice
    from hallucino_tui.ui.screens.main import MainScreen


class LookFlow:
    """Opens the screen of one line and does what is chosen there."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with the lines and what narrows them.
        """
        self._main = main

    def detail(self) -> None:
        """Show the line under the cursor whole."""
        from hallucino_tui.ui.line_record import record_at  # noqa: PLC0415 - not before the first frame
        from hallucino_tui.ui.screens.line_detail import LineDetailScreen  # noqa: PLC0415

        pane = self._main.pane
        cursor, view = pane.viewport.cursor, pane.viewport.view
        if cursor is not None and view.store.missing([cursor]):
            self._main.notify("This line is just being read from its file: press the key once more.")
            return
        record = None if cursor is None else record_at(view.store, cursor, pane.table)
        if record is None:
            self._main.notify("There is no line under the cursor.")
            return
        pane.viewport.stay()
        zone = datetime.now().astimezone().tzinfo
        screen = LineDetailScreen(pane.painter.palette, record, pane.painter.look.columns, zone)
        app_of(self._main).push_screen(screen, self._do)

    def pretty(self) -> None:
        """Show JSON over several lines and stack traces as one record, or all as it came."""
        pane = self._main.pane
        pane.set_pretty(pretty=not pane.painter.look.pretty)
        self._main.narrowing.keep_records_whole(whole=pane.painter.look.pretty)

    def _do(self, choice: DetailChoice | None) -> None:
        if choice is None:
            return
        from hallucino_tui.logs.fields import filter_text  # noqa: PLC0415 - not before the first frame

        main, field = self._main, choice.field
        if choice.action == "copy":
            main.taking.copy_text(field.value, field.name)
        elif choice.action == "column":
            main.pane.toggle_column(field.name)
        else:
            main.narrowing.add(filter_text(field, exclude=choice.action == "exclude"))
