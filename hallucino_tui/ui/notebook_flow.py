"""Keeping lines, views and answers in the incident notebook, and its screen."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from hallucino_tui.ui.bindings import app_of, hint
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor
    from datetime import tzinfo

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.config.settings import RedactionSettings
    from hallucino_tui.session.notebook import Entry, Notebook, Shelf
    from hallucino_tui.session.notebook_drafts import Draft, PinnedAnswer
    from hallucino_tui.session.notebook_keeper import Keeper
    from hallucino_tui.ui.screens.main import MainScreen

T = TypeVar("T")


class NotebookFlow:
    """Hands over what is to be kept, at once and in order, to a thread that waits for the disk.

    Attributes:
        shelf: Where notebooks are kept; None where nothing can be.
    """

    def __init__(self, main: MainScreen, redaction: RedactionSettings) -> None:
        """Prepare; nothing is read before it is needed.

        Args:
            main: The screen with the lines.
            redaction: What is replaced besides secrets.
        """
        self.shelf: Shelf | None = None
        self._main = main
        self._redaction = redaction
        self._keeper: Keeper | None = None
        self._hand: ThreadPoolExecutor | None = None

    def pin_lines(self) -> None:
        """Keep the selected lines, or the one under the cursor."""
        pane = self._main.pane
        first, last = pane.selected
        if first >= last:
            first, last = pane.viewport.position, pane.viewport.position + 1
        view, table = pane.viewport.view, pane.table

        def draft(keeper: Keeper) -> Draft | None:
            from hallucino_tui.session.notebook_drafts import (  # noqa: PLC0415 - not before the first frame
                MOST_LINES,
                draft_lines,
            )

            begin = max(first, last - MOST_LINES)
            return draft_lines(view.store, table, view.rows(begin, last), keeper.redactor, begin - first)

        if self._pin(draft):
            pane.drop_selection()

    def pin_view(self) -> None:
        """Keep what shows, and why just that."""
        snapshot, table, asked = self._main.snapshot, self._main.pane.table, self._main.bridge.redactor
        if snapshot is None:
            self._main.notify("Still starting: press the key once more.")
            return

        def draft(keeper: Keeper) -> Draft:
            from hallucino_tui.session.notebook_drafts import draft_view  # noqa: PLC0415 - not before the first frame

            return draft_view(snapshot, table, keeper.redactor, asked)

        self._pin(draft)

    def pin_answer(self, answer: PinnedAnswer) -> None:
        """Keep an answer."""

        def draft(keeper: Keeper) -> Draft:
            from hallucino_tui.session.notebook_drafts import draft_answer  # noqa: PLC0415 - not before the first frame

            return draft_answer(answer, keeper.redactor)

        self._pin(draft)

    def show(self) -> None:
        """Show the notebook."""
        from hallucino_tui.ui.screens.notebook import NotebookScreen  # noqa: PLC0415 - not before the first frame

        app = app_of(self._main)
        if self._can_keep() and not isinstance(app.screen, NotebookScreen):
            screen = NotebookScreen(self._main.pane.painter.palette, self, self.zone)
            app.push_screen(screen)
            self.do(lambda keeper: keeper.resume(), screen.take, screen.say)

    def go_to(self, entry: Entry) -> None:
        """Go to the lines of an entry, or to the time of lines that do not show; nothing is read or asked for it."""
        from hallucino_tui.session.notebook_places import find_row, place_of  # noqa: PLC0415 - not before the first frame

        main, place = self._main, place_of(entry)
        if place is None:
            main.notify("Nothing in this entry has a time: where it was cannot be told.", severity="warning")
            return
        main.go("logs")
        row = find_row(place, main.pane.viewport.view, main.pane.table)
        if row is not None:
            main.finding.jump(row)
        elif len(main.pane.viewport.view):
            main.timing.jump(place.time)
            main.notify("What was kept does not show here: these are the lines from then on.", timeout=10)
        else:
            main.notify("There are no lines to go to.")

    @property
    def zone(self) -> tzinfo | None:
        """The zone in which times are shown."""
        return UTC if self._main.pane.timestamps == "utc" else datetime.now().astimezone().tzinfo

    def do(self, work: Callable[[Keeper], T], then: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Let the notebook's thread do something, behind what it was given before, even if the program is left.

        Args:
            work: Called in that thread.
            then: Gets what it returns, on the screen's loop.
            failed: Gets the sentence if it cannot be done, on the screen's loop.
        """
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - not before the first frame

        from hallucino_tui.session.notebook import NotebookError  # noqa: PLC0415 - not before the first frame

        def heard(future: Future[T]) -> None:
            try:
                result = future.result()
            except NotebookError as error:
                failed(str(error))
            else:
                then(result)

        def tell(future: Future[T]) -> None:
            with contextlib.suppress(RuntimeError):  # the screen is gone: there is nobody to tell
                self._main.call_later(heard, future)

        if self._hand is None:
            self._hand = ThreadPoolExecutor(1, "notebook")
        self._hand.submit(lambda: work(self._made())).add_done_callback(tell)

    def export(self, path: str, then: Callable[[str], None], failed: Callable[[str], None]) -> None:
        """Write the notebook for others to read.

        Args:
            path: Where; its ending says whether as Markdown or HTML.
            then: Gets what was done.
            failed: Gets the sentence if it cannot be done.
        """

        def text(keeper: Keeper) -> bytes:
            from hallucino_tui.session.notebook import NotebookError  # noqa: PLC0415 - not before the first frame
            from hallucino_tui.session.notebook_export import FORMATS, format_for  # noqa: PLC0415 - the same
            from hallucino_tui.session.notebook_secrets import redacted  # noqa: PLC0415 - the same

            if keeper.notebook is None:
                raise NotebookError("There is nothing to export yet: keep a line first.")
            return FORMATS[format_for(path)](redacted(keeper.notebook, self._redactor())).encode()

        def save(data: bytes) -> None:
            start(self._main, "", self._save, path, data, then, failed)

        self.do(text, save, failed)

    async def _save(self, path: str, data: bytes, then: Callable[[str], None], failed: Callable[[str], None]) -> None:
        bridge = self._main.bridge
        try:
            await bridge.work(bridge.parts.save(path, iter([data])))
        except OSError as error:
            failed(str(error))
        else:
            then(f"Exported to {path}, secrets replaced.")

    def _pin(self, draft: Callable[[Keeper], Draft | None]) -> bool:
        """Keep something; say whether that was begun."""

        def keep(keeper: Keeper) -> Notebook | None:
            made = draft(keeper)
            return None if made is None else keeper.add(made)

        if not self._can_keep():
            return False
        self.do(keep, self._kept, self._failed)
        return True

    def _kept(self, notebook: Notebook | None) -> None:
        if notebook is None:
            self._main.notify("There is no line to keep here.")
            return
        keys = hint(app_of(self._main), anywhere__notebook="shows it")
        self._main.notify(f"Kept as entry {len(notebook.entries)} of {notebook.title!r}. {keys}".rstrip())

    def _failed(self, sentence: str) -> None:
        self._main.notify(sentence, severity="error", timeout=10)

    def _can_keep(self) -> bool:
        if self.shelf is None:
            self._main.notify("There is no place for notebooks in this program.", severity="warning")
        return self.shelf is not None

    def _made(self) -> Keeper:
        """Return the keeper; the first time it is made. Called in the notebook's thread."""
        from hallucino_tui.session.notebook import NotebookError  # noqa: PLC0415 - not before the first frame
        from hallucino_tui.session.notebook_keeper import Keeper  # noqa: PLC0415 - the same

        if self._keeper is None:
            if self.shelf is None:
                raise NotebookError("There is no place for notebooks in this program.")
            self._keeper = Keeper(self.shelf, self._redactor(), self._main.bridge.parts.now, self.zone)
        return self._keeper

    def _redactor(self) -> Redactor:
        from hallucino_tui.assistant.redact import RedactionError, Redactor  # noqa: PLC0415 - not before the first frame
        from hallucino_tui.session.notebook import NotebookError  # noqa: PLC0415 - the same

        try:
            return Redactor(self._redaction)
        except RedactionError as error:
            raise NotebookError(f"Nothing is kept: {error}") from error
