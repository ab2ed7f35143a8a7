"""Taking something out of the screen: copies, files, descriptions, previous runs, receipts, another cluster."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hallucino_tui.session.cluster import SourceError
from hallucino_tui.session.nodes import NodeKey, pod_key
from hallucino_tui.ui.bindings import app_of
from hallucino_tui.ui.numbers import plural, size
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.screen import Screen

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.session.asking import Asking
    from hallucino_tui.session.cluster import ContextInfo
    from hallucino_tui.session.collect import Counted
    from hallucino_tui.session.receipts import Receipt
    from hallucino_tui.session.row_texts import CitedRows
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.screens.popups import TextScreen
    from hallucino_tui.ui.send_flow import SendFlow
    from hallucino_tui.ui.widgets.log_pane import LogPane


class TakeFlow:
    """Each of these is one request to the engine, and a word about how it went."""

    def __init__(self, screen: Screen[Any], bridge: Bridge, pane: LogPane, next_command: Callable[[], str]) -> None:
        """Prepare.

        Args:
            screen: Where things are said.
            bridge: The way to the engine.
            pane: What lines it is about.
            next_command: Returns the next command that the answer offers, "" if it offers none.
        """
        self._next_command = next_command
        self._screen = screen
        self._bridge = bridge
        self._pane = pane

    def copy(self) -> None:
        """Copy the selection, or the line under the cursor."""
        from hallucino_tui.session import collect  # noqa: PLC0415 - not before the first frame

        first, last = self._range_or_cursor()
        rows = self._pane.viewport.view.rows(first, last)
        if rows:
            self.copy_text(collect.to_paste(self._pane.viewport.view.store, rows), plural(len(rows), "line"))
            self._pane.drop_selection()

    def copy_text(self, text: str, what: str) -> None:
        """Copy text: to the terminal by OSC 52, and to the desktop's clipboard where there is one."""
        app_of(self._screen).copy_to_clipboard(text)
        start(self._screen, "", self._copy_to_desktop, text, what)

    def copy_answer(self, sending: SendFlow, cited: CitedRows) -> None:
        """Copy the last answer, or what was written without a model where there is none.

        Args:
            sending: What stands in the panel.
            cited: What the numbers in it mean.
        """
        if answer := sending.copied():
            self.copy_text(answer, "answer")
        elif sending.text:
            start(self._screen, "", self._copy_report, sending.text, cited)
        else:
            self._screen.notify("There is no answer to copy yet: select lines and press s.")

    def copy_selection(self, text: str, *, in_panel: bool) -> None:
        """Copy what the mouse selected.

        Args:
            text: What stands on the screen.
            in_panel: Whether it is the assistant's, where secrets are turned back for the screen.
        """
        if in_panel:
            start(self._screen, "", self._copy_selected, text)
        else:
            self.copy_text(text, "selection")

    def copy_command(self) -> None:
        """Copy the next command that the answer offers; it is never run."""
        command = self._next_command()
        if command:
            self.copy_text(command, f"The command {command.splitlines()[0]}")
        else:
            self._screen.notify("The answer offers no command.")

    def proposed_name(self) -> str:
        """Return a name for a file to save to."""
        return f"hallucino-{datetime.now().astimezone():%Y%m%d-%H%M%S}.log"

    def save(self, path: str) -> None:
        """Save the selection, or all that shows."""
        from hallucino_tui.session import collect  # noqa: PLC0415 - not before the first frame

        first, last = self._pane.selected
        view = self._pane.viewport.view
        pieces = collect.to_save(view.store, view, first, last if first < last else len(view))
        start(self._screen, "", self._save, path, collect.Counted(pieces))

    def describe(self, key: NodeKey | None) -> None:
        """Describe a node of the tree; None for the pod of the line under the cursor."""
        key = key or self.pod_under_cursor()
        if key is not None:
            from hallucino_tui.ui.screens.popups import TextScreen  # noqa: PLC0415 - not before the first frame

            popup = TextScreen("Describe")
            app_of(self._screen).push_screen(popup)
            start(self._screen, "", self._describe, key, popup)

    def previous_run(self, key: NodeKey | None) -> None:
        """Read the run before the last restart of a node's containers; None for those of the line under the cursor."""
        key = key or self.pod_under_cursor()
        if key is not None:
            start(self._screen, "", self._previous_run, key)

    def receipts(self) -> None:
        """List the receipts of all streams."""
        from hallucino_tui.ui.screens.lists import StreamsScreen  # noqa: PLC0415 - not before the first frame

        app_of(self._screen).push_screen(StreamsScreen(self._pane.painter.palette, self._read_receipts))

    def contexts(self) -> None:
        """List the clusters that can be opened, and open the one that is chosen."""
        from hallucino_tui.ui.screens.lists import ContextScreen  # noqa: PLC0415 - not before the first frame

        app_of(self._screen).push_screen(ContextScreen(self._pane.painter.palette, self._read_contexts), self._open)

    async def read_older(self) -> None:
        """Read lines before the oldest that show."""
        try:
            count = await self._bridge.ask(lambda workspace: workspace.read_older())
        except SourceError as error:
            self._screen.notify(str(error), severity="warning")
        else:
            if count or self._bridge.parts.live:
                self._screen.notify(f"{plural(count, 'older line')} read." if count else "There are no older lines.")

    def pod_under_cursor(self) -> NodeKey | None:
        """Return the pod of the line under the cursor."""
        viewport = self._pane.viewport
        found = None if viewport.cursor is None else viewport.view.store.find(viewport.cursor)
        if found is None:
            return None
        labels = self._pane.table[int(found[0].streams[found[1]])].labels
        return pod_key(labels["pod_uid"]) if "pod_uid" in labels else None

    def _range_or_cursor(self) -> tuple[int, int]:
        first, last = self._pane.selected
        position = self._pane.viewport.position
        return (first, last) if first < last else (position, position + 1)

    async def _copy_report(self, report: str, cited: CitedRows) -> None:
        """Copy a report, which quotes lines as they are, without their secrets."""
        redactor = await self._new_redactor()
        self.copy_text(await asyncio.to_thread(cited.without_secrets, report, redactor), "report")

    async def _copy_selected(self, text: str) -> None:
        redactor = await self._new_redactor()
        redacted = "\n".join(redactor.redact_all(text.split("\n")))
        self.copy_text(redactor.known(redacted, self._bridge.redactor), "selection")

    async def _new_redactor(self) -> Redactor:
        async def made(asking: Asking) -> Redactor:
            return asking.make_redactor()

        return await self._bridge.about(made)

    async def _copy_to_desktop(self, text: str, what: str) -> None:
        desktop = await self._bridge.work(self._bridge.parts.copy(text))
        self._screen.notify(f"{what} copied{' to the clipboard' if desktop else ' by the terminal (OSC 52)'}.")

    async def _save(self, path: str, pieces: Counted) -> None:
        try:
            written = await self._bridge.work(self._bridge.parts.save(path, pieces))
        except OSError as error:
            self._screen.notify(str(error), severity="error")
        else:
            self._screen.notify(f"{plural(pieces.lines, 'line')} saved to {path} ({size(written)}).")

    async def _describe(self, key: NodeKey, popup: TextScreen) -> None:
        try:
            popup.set_text(await self._bridge.ask(lambda workspace: workspace.describe(key)))
        except SourceError as error:
            popup.set_text(str(error))

    async def _previous_run(self, key: NodeKey) -> None:
        try:
            await self._bridge.ask(lambda workspace: workspace.read_previous(key))
        except SourceError as error:
            self._screen.notify(str(error), severity="warning")
        else:
            self._screen.notify("The previous run is in the pane, at its own times.")

    async def _read_receipts(self) -> Sequence[Receipt]:
        async def read() -> list[Receipt]:
            workspace = self._bridge.workspace
            return [] if workspace is None else workspace.receipts()

        return await self._bridge.work(read())

    async def _read_contexts(self) -> Sequence[ContextInfo]:
        return await self._bridge.ask(lambda workspace: workspace.contexts())

    def _open(self, context: str | None) -> None:
        if context is not None:
            start(self._screen, "", self._bridge.ask, lambda workspace: workspace.open(context))
