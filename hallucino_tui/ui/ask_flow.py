"""From the key to the question: which lines, and what is asked about them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from textual.screen import Screen

    from hallucino_tui.assistant.tasks import Task
    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.session.asking import Asking, Prepared
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.send_flow import SendFlow
    from hallucino_tui.ui.widgets.log_pane import LogPane

    Rows = Sequence[int] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked last.

    Attributes:
        task: What is wanted.
        rows: About which rows.
        text: The user's words.
        others: The rows that they are compared with.
        is_more: Whether it was a further question about the same lines.
    """

    task: Task
    rows: Rows
    text: str = ""
    others: Rows = ()
    is_more: bool = False


class AskFlow:
    """Prepares one question after another, and hands each over to be sent."""

    def __init__(self, screen: Screen[Any], bridge: Bridge, pane: LogPane, sending: SendFlow) -> None:
        """Start without a question.

        Args:
            screen: Where things are said.
            bridge: The way to the engine.
            pane: The lines that it is about.
            sending: Sends it.
        """
        self._screen = screen
        self._bridge = bridge
        self._pane = pane
        self._sending = sending
        self._wanted: _Wanted | None = None
        self._kept: Rows | None = None

    async def ask(self, task: Task, text: str = "") -> None:
        """Ask about the selection, or about what shows.

        Args:
            task: What is wanted.
            text: The user's words; "" for none.
        """
        rows = await self._rows()
        self._pane.drop_selection()  # it has done its work, and esc means the answer from now on
        await self._ask(_Wanted(task, rows, text))

    async def explain(self) -> None:
        """Ask what the selected lines mean, or the one under the cursor."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        viewport = self._pane.viewport
        rows: Rows = viewport.view.rows(*self._pane.selected)
        if not rows and viewport.cursor is not None and viewport.view.store.find(viewport.cursor) is not None:
            rows = [viewport.cursor]
        if rows:
            self._pane.drop_selection()
            await self._ask(_Wanted(Task.EXPLAIN, rows))
        else:
            self._screen.notify("There is no line under the cursor: go to one and press the key again.")

    async def compare(self) -> bool:
        """Keep lines to compare them, or ask what differs between them and others; return whether it was asked."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        rows, kept = await self._rows(), self._kept
        if kept is None:
            self._kept = rows
            self._screen.notify(
                f"{plural(len(rows), 'line')} kept to compare: select others, or narrow otherwise, and press it again."
            )
            self._pane.drop_selection()
            return False
        self._kept = None
        if await asyncio.to_thread(_are_same, kept, rows):
            self._screen.notify("These are the same lines: nothing is kept to compare any more.")
            return False
        await self._ask(_Wanted(Task.COMPARE, kept, others=rows))
        return True

    async def cause(self, rows: Rows) -> None:
        """Ask for the cause behind a report that was written just now, if there is a model that was agreed to.

        Args:
            rows: What the report is about.
        """
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        model = await self._bridge.about(lambda asking: asking.model())
        if not model.host:
            return
        wanted = self._wanted = _Wanted(Task.CAUSE, rows)
        prepared = await self._prepare(wanted)
        if prepared.needs_word:
            # Who wanted the report is not asked for more; the question stands ready.
            self._sending.stand_by(prepared, f"written without any model; ctrl+r asks {model.name} for the cause, too")
        else:
            await self._sending.show(prepared, fresh=True)

    def forget(self) -> None:
        """Forget what was asked: something else stands in the panel."""
        self._wanted = None

    async def again(self) -> None:
        """Ask the same again, and not for the answer that it had before."""
        wanted = self._wanted
        if wanted is None:
            self._screen.notify("Nothing was asked yet: select lines and press s.")
        elif wanted.is_more:
            await self._more(wanted, is_fresh=True)
        else:
            await self._ask(wanted, is_fresh=True)

    async def follow_up(self, text: str) -> None:
        """Ask something more about the same lines."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        await self._more(_Wanted(Task.ASK, (), text, is_more=True))

    async def update(self) -> None:
        """Ask for an incident update from the same lines and what was said of them."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        await self._more(_Wanted(Task.UPDATE, (), is_more=True))

    async def _rows(self) -> Rows:
        view = self._pane.viewport.view
        return view.rows(*self._pane.selected) or await asyncio.to_thread(_all_rows, view)

    async def _ask(self, wanted: _Wanted, *, is_fresh: bool = False) -> None:
        self._wanted = wanted
        await self._sending.show(await self._prepare(wanted), fresh=True, is_fresh=is_fresh)

    async def _prepare(self, wanted: _Wanted) -> Prepared:
        store = self._pane.viewport.view.store

        def begin(asking: Asking) -> Coroutine[object, object, Prepared]:
            return asking.begin(store, wanted.rows, wanted.task, wanted.text, wanted.others)

        return await self._bridge.about(begin)

    async def _more(self, wanted: _Wanted, *, is_fresh: bool = False) -> None:
        prepared = await self._bridge.about(lambda asking: asking.follow_up(wanted.text, wanted.task))
        if prepared is not None:
            self._wanted = wanted
            await self._sending.show(prepared, fresh=False, is_fresh=is_fresh)
        elif wanted.text:
            await self.ask(wanted.task, wanted.text)
        else:
            self._screen.notify("An update is written from lines that were asked about: press s in the logs first.")


def _are_same(rows: Rows, others: Rows) -> bool:
    """Say whether rows are the same ones; a view may have a million."""
    import numpy as np  # noqa: PLC0415 - the program starts without it, and this runs in a thread

    return np.array_equal(rows, others)


def _all_rows(view: ViewSnapshot) -> NDArray[np.int64]:
    """Return the rows of all that shows, in display order."""
    from hallucino_tui.session.evidence import rows_of  # noqa: PLC0415 - brings Polars, and runs in a thread

    return rows_of(view)
