"""The offline report in the assistant's panel: written up at once, with no model at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.session.reporting import Written
    from hallucino_tui.session.workspace import Workspace
    from hallucino_tui.ui.screens.main import MainScreen


class ReportFlow:
    """One report at a time, drawn into the panel."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with the panel and the lines.
        """
        self._main = main
        self._runs = 0
        self._running = 0

    async def write(self) -> None:
        """Write up the selection, or all that shows."""
        main = self._main
        if main.bridge.workspace is None:
            main.notify("Still starting: press the key once more.")
            return
        view, (first, last) = main.pane.viewport.view, main.pane.selected
        selected = first < last
        self._runs += 1
        run = self._running = self._runs
        main.asking.forget()
        answer = await main.sending.begin_report("Report")
        answer.say(f"reading {plural(last - first if selected else view.matched, 'line')} … esc cancels")

        rows = await asyncio.to_thread(_rows, view, first, last)

        def ask(workspace: Workspace) -> Coroutine[object, object, Written]:
            return workspace.reporter.write(view.store, rows)

        written = await main.bridge.ask(ask)
        if run == self._running:
            self._running = 0
            what = "selected" if selected else "that show"
            await main.sending.show_report(f"Report on {plural(written.lines, 'line')} {what}", written)
            await main.asking.cause(rows)
        elif run == self._runs:
            answer.say("cancelled")

    def cancel(self) -> bool:
        """Give up the report that is being written; return whether there was one."""
        was_running, self._running = bool(self._running), 0
        return was_running


def _rows(view: ViewSnapshot, first: int, last: int) -> Sequence[int] | NDArray[np.int64]:
    """Return the rows of a selection, or all that show; in a thread."""
    from hallucino_tui.session.evidence import rows_of  # noqa: PLC0415 - brings Polars

    return view.rows(first, last) if first < last else rows_of(view)
