"""From the key to the question: which lines, what is asked, what will be sent, and the user's word for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hallucino_tui.ui.answer_flow import AnswerFlow
from hallucino_tui.ui.bindings import app_of
from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from textual.screen import Screen

    from hallucino_tui.assistant.tasks import Task
    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.session.ask import Question
    from hallucino_tui.session.asking import Asking, Heard, Prepared
    from hallucino_tui.session.notebook_drafts import PinnedAnswer
    from hallucino_tui.session.reporting import Written
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.cite_flow import CiteFlow
    from hallucino_tui.ui.widgets.assistant_panel import AssistantPanel
    from hallucino_tui.ui.widgets.conversation import Answer
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
    """One question at a time, drawn into one panel."""

    def __init__(
        self, screen: Screen[Any], bridge: Bridge, panel: AssistantPanel, pane: LogPane, cited: CiteFlow
    ) -> None:
        """Start without a question.

        Args:
            screen: Where pop-ups open.
            bridge: The way to the engine.
            panel: Where answers go.
            pane: The lines that it is about.
            cited: Told which rows the panel's citations mean.
        """
        self._screen = screen
        self._bridge = bridge
        self._panel = panel
        self._pane = pane
        self._cited = cited
        self._wanted: _Wanted | None = None
        self._kept: Rows | None = None
        self._flow: AnswerFlow | None = None
        self._answer: Answer | None = None
        self._run = -1

    @property
    def text(self) -> str:
        """The last answer as it came, or what was written without a model where there is none."""
        said = "" if self._flow is None else self._flow.text
        return said or ("" if self._answer is None else self._answer.counted)

    @property
    def running(self) -> bool:
        """Whether an answer is coming."""
        return self._flow is not None and self._flow.running

    async def ask(self, task: Task, text: str = "") -> None:
        """Ask about the selection, or about what shows.

        Args:
            task: What is wanted.
            text: The user's words; "" for none.
        """
        await self._ask(_Wanted(task, await self._rows(), text))

    async def explain(self) -> None:
        """Ask what the selected lines mean, or the one under the cursor."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        viewport = self._pane.viewport
        rows: Rows = viewport.view.rows(*self._pane.selected)
        if not rows and viewport.cursor is not None and viewport.view.store.find(viewport.cursor) is not None:
            rows = [viewport.cursor]
        if rows:
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
        if len(kept) == len(rows) and all(mine == other for mine, other in zip(kept, rows, strict=True)):
            self._screen.notify("These are the same lines: nothing is kept to compare any more.")
            return False
        await self._ask(_Wanted(Task.COMPARE, kept, others=rows))
        return True

    async def cause(self) -> None:
        """Ask for the cause behind a report that was written just now, if there is a model that was agreed to."""
        from hallucino_tui.assistant.tasks import Task  # noqa: PLC0415 - not before the first frame

        model = await self._bridge.about(lambda asking: asking.model())
        if not model.host:
            return
        wanted = self._wanted = _Wanted(Task.CAUSE, await self._rows())
        prepared = await self._prepare(wanted)
        if prepared.needs_word:
            # Who wanted the report is not asked for more; the question stands ready.
            self._take(prepared, AnswerFlow(self._bridge, self._panel, self._cited, prepared.question, self._here()))
            self._here().recount(prepared.counted)
            self._here().say(f"written without any model; ctrl+r asks {model.name} for the cause, too")
            self._panel.read_citations()
        else:
            await self._show(prepared, fresh=True)

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

    def show_sent(self) -> None:
        """Show what was sent, or would be."""
        if self._flow is None:
            self._screen.notify("Nothing was asked yet: select lines and press s.")
        else:
            from hallucino_tui.ui.screens.popups import TextScreen  # noqa: PLC0415 - not before the first frame

            question = self._flow.question
            app_of(self._screen).push_screen(TextScreen(_head(question), question.text))

    def next_command(self) -> str:
        """Return the next command that the answer offers; "" if it offers none."""
        return "" if self._flow is None else self._flow.next_command()

    def pinned(self) -> PinnedAnswer | None:
        """Return the last answer as it is kept in a notebook; None if there is none."""
        if self._flow is not None and self._flow.text:
            return self._flow.pinned()
        if self._answer is None or not self._answer.counted:
            return None
        from hallucino_tui.session.notebook_drafts import PinnedAnswer  # noqa: PLC0415 - not before the first frame

        return PinnedAnswer(self._answer.title, self._answer.counted)

    def cancel(self) -> bool:
        """Cancel the answer that is coming; return whether there was one."""
        if not self.running:
            return False
        self._bridge.cancel()
        return True

    async def hear(self, run: int, event: Heard) -> None:
        """Take what came from the model."""
        if run == self._run and self._flow is not None:
            await self._flow.hear(event)

    async def begin_report(self, title: str) -> Answer:
        """Make room for a report, which needs no model."""
        self.cancel()
        self._run, self._flow, self._wanted = -1, None, None
        self._answer = await self._panel.begin(title, "", fresh=True, follow=False)
        self._cited.take(())
        await self._panel.head("")
        self._panel.read_citations()
        return self._answer

    async def show_report(self, title: str, written: Written) -> None:
        """Show a report."""
        self._answer = await self._panel.begin(title, written.markdown, fresh=True, follow=False)
        self._cited.take(written.rows, written.looks)
        self._answer.say("written without any model")
        self._panel.read_citations()

    async def _rows(self) -> Rows:
        view = self._pane.viewport.view
        return view.rows(*self._pane.selected) or await asyncio.to_thread(_all_rows, view)

    async def _ask(self, wanted: _Wanted, *, is_fresh: bool = False) -> None:
        self._wanted = wanted
        await self._show(await self._prepare(wanted), fresh=True, is_fresh=is_fresh)

    async def _prepare(self, wanted: _Wanted) -> Prepared:
        store = self._pane.viewport.view.store

        def begin(asking: Asking) -> Coroutine[object, object, Prepared]:
            return asking.begin(store, wanted.rows, wanted.task, wanted.text, wanted.others)

        return await self._bridge.about(begin)

    async def _more(self, wanted: _Wanted, *, is_fresh: bool = False) -> None:
        prepared = await self._bridge.about(lambda asking: asking.follow_up(wanted.text, wanted.task))
        if prepared is not None:
            self._wanted = wanted
            await self._show(prepared, fresh=False, is_fresh=is_fresh)
        elif wanted.text:
            await self.ask(wanted.task, wanted.text)
        else:
            self._screen.notify(
                "An update is written from lines that were asked about: press s in the logs first."
            )

    async def _show(self, prepared: Prepared, *, fresh: bool, is_fresh: bool = False) -> None:
        question = prepared.question
        question.request = replace(question.request, fresh=is_fresh)
        self._answer = await self._panel.begin(question.title, prepared.counted, fresh=fresh or prepared.is_new)
        flow = AnswerFlow(self._bridge, self._panel, self._cited, question, self._answer)
        self._take(prepared, flow)
        await self._panel.head("" if prepared.problem else f"{question.model}  at {question.host}")
        for note in prepared.notes:
            self._answer.tell(note)
        if prepared.problem:
            self._answer.say(prepared.problem, "problem")
            self._panel.read_citations()
        elif prepared.needs_word:
            from hallucino_tui.ui.screens.popups import SendingScreen  # noqa: PLC0415 - not before the first frame

            self._answer.say("waiting for your word")
            app_of(self._screen).push_screen(SendingScreen(_head(question), question.text), self._decided)
        else:
            self._send()

    def _take(self, prepared: Prepared, flow: AnswerFlow) -> None:
        """Take what is asked now, and what the numbers of its lines mean."""
        self._flow, self._run = flow, -1
        if prepared.is_new:
            self._cited.take(prepared.cited, prepared.looks, prepared.question.packing.entries)

    def _here(self) -> Answer:
        if self._answer is None:
            raise RuntimeError("there is no place for an answer yet")
        return self._answer

    def _decided(self, word: str | None) -> None:
        if self._flow is None or self._answer is None:
            return
        if word is None:
            self._answer.say("not sent")
            return
        if word == "agree":
            try:
                self._bridge.agree(self._flow.question.host)
            except OSError as error:
                self._screen.notify(f"Agreed for now; it cannot be remembered: {error.strerror}.", severity="warning")
        self._send()

    def _send(self) -> None:
        if self._flow is not None:
            self._flow.begin()
            self._run = self._bridge.send(self._flow.question)


def _head(question: Question) -> str:
    packing = question.packing
    parts = [
        f"to {question.host or 'nobody'}",
        f"model {question.model}",
        f"at most {question.tokens:,} tokens",
        plural(packing.lines, "line"),
    ]
    if packing.covered < packing.lines:
        parts.append(f"{len(packing.entries):,} entries stand for {packing.coverage:.0%} of them")
    if packing.secrets:
        parts.append(f"{plural(packing.secrets, 'secret')} replaced")
    return "  ·  ".join(parts)


def _all_rows(view: ViewSnapshot) -> NDArray[np.int64]:
    """Return the rows of all that shows, in display order."""
    from hallucino_tui.session.evidence import rows_of  # noqa: PLC0415 - brings Polars, and runs in a thread

    return rows_of(view)
