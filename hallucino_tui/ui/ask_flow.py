"""From the key to the answer in the panel: prepare, show what will be sent, send, draw what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hallucino_tui.ui.bindings import app_of
from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen

    from hallucino_tui.session.ask import Question
    from hallucino_tui.session.asking import Prepared
    from hallucino_tui.session.chat import Event
    from hallucino_tui.session.reporting import Written
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.cite_flow import CiteFlow
    from hallucino_tui.ui.widgets.assistant_panel import AssistantPanel
    from hallucino_tui.ui.widgets.conversation import Answer
    from hallucino_tui.ui.widgets.log_pane import LogPane


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
        self._question: Question | None = None
        self._asked: tuple[Sequence[int], str] = ((), "")
        self._answer: Answer | None = None
        self._run = -1
        self._usage = ""

    @property
    def text(self) -> str:
        """The last answer as it came, or what was written without a model where there is none."""
        return "" if self._answer is None else self._answer.text or self._answer.counted

    @property
    def running(self) -> bool:
        """Whether an answer is coming."""
        return self._run >= 0

    async def ask(self, text: str = "") -> None:
        """Ask about the selection, or about what shows.

        Args:
            text: The question; "" for a summary.
        """
        from hallucino_tui.session.collect import newest  # noqa: PLC0415 - not before the first frame

        rows = self._pane.viewport.view.rows(*self._pane.selected) or newest(self._pane.viewport.view)
        self._asked = (rows, text)
        await self._ask(rows, text)

    async def again(self) -> None:
        """Ask the same again."""
        if self._question is not None:
            await self._ask(*self._asked)

    async def follow_up(self, text: str) -> None:
        """Ask something more about the same lines."""
        prepared = await self._bridge.about(lambda asking: asking.follow_up(text))
        if prepared is None:
            await self.ask(text)
        else:
            await self._show(prepared, fresh=False)

    def show_sent(self) -> None:
        """Show what was sent, or would be."""
        if self._question is None:
            self._screen.notify("Nothing was asked yet: select lines and press s.")
        else:
            from hallucino_tui.ui.screens.popups import TextScreen  # noqa: PLC0415 - not before the first frame

            app_of(self._screen).push_screen(TextScreen(self._head(self._question), self._question.text))

    def cancel(self) -> bool:
        """Cancel the answer that is coming; return whether there was one."""
        if not self.running:
            return False
        self._bridge.cancel()
        return True

    async def hear(self, run: int, event: Event) -> None:
        """Take what came from the model."""
        from hallucino_tui.session.chat import (  # noqa: PLC0415 - not before the first frame
            Cancelled,
            Delta,
            Done,
            Failed,
            Started,
            Usage,
        )

        answer = self._answer
        if run != self._run or answer is None:
            return
        match event:
            case Started():
                answer.say("answering … esc cancels")
            case Delta():
                await answer.add(event.text)
            case Usage():
                self._usage = f", {event.prompt_tokens:,} tokens sent, {event.answer_tokens:,} received"
            case Done():
                await self._end(answer, f"complete{self._usage}")
            case Cancelled():
                await self._end(answer, "cancelled: what you see is a part of the answer")
            case Failed():
                await self._end(answer, event.sentence, "problem")

    async def begin_report(self, title: str) -> Answer:
        """Make room for a report, which needs no model."""
        self.cancel()
        self._run = -1
        self._question = None
        self._answer = await self._panel.begin(title, "", fresh=True, follow=False)
        self._cited.take(())
        self._panel.read_citations()
        return self._answer

    async def show_report(self, title: str, written: Written) -> None:
        """Show a report."""
        self._answer = await self._panel.begin(title, written.markdown, fresh=True, follow=False)
        self._cited.take(written.rows, written.looks)
        self._answer.say("written without any model")
        self._panel.read_citations()

    async def _ask(self, rows: Sequence[int], text: str) -> None:
        store = self._pane.viewport.view.store
        prepared = await self._bridge.about(lambda asking: asking.begin(store, rows, text))
        await self._show(prepared, fresh=True)

    async def _show(self, prepared: Prepared, *, fresh: bool) -> None:
        question = self._question = prepared.question
        if fresh:
            self._cited.take(prepared.cited, prepared.looks)
        answer = self._answer = await self._panel.begin(question.title, prepared.counted, fresh=fresh)
        if prepared.problem:
            answer.say(prepared.problem, "problem")
            self._panel.read_citations()
            return
        if prepared.needs_word:
            from hallucino_tui.ui.screens.popups import SendingScreen  # noqa: PLC0415 - not before the first frame

            answer.say("waiting for your word")
            app_of(self._screen).push_screen(SendingScreen(self._head(question), question.text), self._decided)
        else:
            self._send(question)

    def _decided(self, word: str | None) -> None:
        question, answer = self._question, self._answer
        if question is None or answer is None:
            return
        if word is None:
            answer.say("not sent")
            return
        if word == "agree":
            try:
                self._bridge.agree(question.host)
            except OSError as error:
                self._screen.notify(f"Agreed for now; it cannot be remembered: {error.strerror}.", severity="warning")
        self._send(question)

    def _send(self, question: Question) -> None:
        self._usage = ""
        if self._answer is not None:
            self._answer.say(f"asking {question.model} at {question.host} … esc cancels")
        self._run = self._bridge.send(question)

    async def _end(self, answer: Answer, words: str, kind: str = "") -> None:
        self._run = -1
        await answer.end()
        answer.say(words, kind)
        self._panel.read_citations()

    def _head(self, question: Question) -> str:
        packed = question.packed
        parts = [
            f"to {question.host or 'nobody'}",
            f"model {question.model}",
            f"at most {question.tokens:,} tokens",
            plural(len(packed.rows), "line"),
        ]
        if packed.left_out:
            parts.append(f"{packed.left_out:,} left out")
        if packed.secrets:
            parts.append(f"{plural(packed.secrets, 'secret')} replaced")
        return "  ·  ".join(parts)
