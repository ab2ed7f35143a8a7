"""From a question that stands ready to its answer: what will be sent is shown, the user says the word, it is sent."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hallucino_tui.ui.answer_flow import AnswerFlow
from hallucino_tui.ui.bindings import app_of
from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from hallucino_tui.session.ask import Question
    from hallucino_tui.session.asking import Heard, Prepared
    from hallucino_tui.session.notebook_drafts import PinnedAnswer
    from hallucino_tui.session.reporting import Written
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.cite_flow import CiteFlow
    from hallucino_tui.ui.widgets.assistant_panel import AssistantPanel
    from hallucino_tui.ui.widgets.conversation import Answer


class SendFlow:
    """One question at a time, drawn into one panel.

    Attributes:
        changed: Called when an answer may have begun or ended.
    """

    def __init__(self, screen: Screen[Any], bridge: Bridge, panel: AssistantPanel, cited: CiteFlow) -> None:
        """Start without a question.

        Args:
            screen: Where pop-ups open.
            bridge: The way to the engine.
            panel: Where answers go.
            cited: Told which rows the panel's citations mean.
        """
        self._screen = screen
        self._bridge = bridge
        self._panel = panel
        self._cited = cited
        self._flow: AnswerFlow | None = None
        self._answer: Answer | None = None
        self._run = -1
        self._early: deque[Heard] | None = None
        self.changed: Callable[[], None] = lambda: None

    @property
    def text(self) -> str:
        """The last answer as it came, or what was written without a model where there is none."""
        said = "" if self._flow is None else self._flow.text
        return said or ("" if self._answer is None else self._answer.counted)

    @property
    def running(self) -> bool:
        """Whether an answer is coming."""
        return self._early is not None or (self._flow is not None and self._flow.running)

    def show_sent(self) -> None:
        """Show what was sent, or would be."""
        if self._flow is None:
            self._screen.notify("Nothing was asked yet: select lines and press s.")
        else:
            from hallucino_tui.ui.screens.popups import TextScreen  # noqa: PLC0415 - not before the first frame

            question = self._flow.question
            app_of(self._screen).push_screen(TextScreen("What is sent, or was", question.text, _head(question)))

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

        return PinnedAnswer(self._answer.title, "", report=self._answer.counted, cited=self._cited.rows())

    def copied(self) -> str:
        """Return the last answer as it is copied: with its marks; "" for none."""
        return "" if self._flow is None or not self._flow.text else self._flow.copied()

    def cancel(self) -> bool:
        """Cancel the answer that is coming; return whether there was one."""
        if not self.running:
            return False
        self._bridge.cancel()
        return True

    async def hear(self, run: int, event: Heard) -> None:
        """Take what came from the model."""
        if run != self._run:
            return
        if self._early is not None:
            self._early.append(event)
        elif self._flow is not None:
            await self._flow.hear(event)
        self.changed()

    async def begin_report(self, title: str) -> Answer:
        """Make room for a report, which needs no model."""
        await self._leave()
        self._run, self._flow = -1, None
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

    async def show(self, prepared: Prepared, *, fresh: bool, is_fresh: bool = False) -> None:
        """Show a question, and send it, with the user's word if that is needed.

        Args:
            prepared: The question.
            fresh: Whether what is in the panel goes.
            is_fresh: Whether an answer that it had before will not do.
        """
        question = prepared.question
        question.request = replace(question.request, fresh=is_fresh)
        # Before its place in the panel goes: what still comes of it has nowhere to be drawn.
        await self._leave()
        self._flow = None
        is_sent = not (prepared.problem or prepared.needs_word)
        if is_sent:
            # At once: to draw the place for the answer takes longer than to send the question.
            self._early, self._run = deque(), self._bridge.send(question)
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
            flow.begin()
            await self._catch_up(flow)
        self.changed()

    async def _catch_up(self, flow: AnswerFlow) -> None:
        """Draw what came before there was a place for it, in its order."""
        while self._early:
            await flow.hear(self._early.popleft())
        self._early = None

    def stand_by(self, prepared: Prepared, words: str) -> None:
        """Let a question stand ready that is not sent yet, under what stands in the panel already.

        Args:
            prepared: The question.
            words: What is said of it.
        """
        answer = self._answer
        if answer is not None:
            self._take(prepared, AnswerFlow(self._bridge, self._panel, self._cited, prepared.question, answer))
            answer.recount(prepared.counted)
            answer.say(words)
            self._panel.read_citations()

    def _take(self, prepared: Prepared, flow: AnswerFlow) -> None:
        """Take what is asked now, and what the numbers of its lines mean."""
        self._flow = flow
        if prepared.is_new:
            self._cited.take(prepared.cited, prepared.looks, prepared.question.packing.entries)

    async def _leave(self) -> None:
        """Give up what runs."""
        was_running = self.cancel()
        self._run, self._early = -1, None
        if was_running and self._flow is not None:
            await self._flow.leave()
        self.changed()

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
            self.changed()


def _head(question: Question) -> str:
    packing = question.packing
    parts = [
        f"to {question.host or 'nobody'}",
        f"model {question.model}",
        f"at most {question.tokens:,} tokens",
        plural(packing.lines, "line"),
    ]
    if packing.covered < packing.lines:
        parts.append(f"{len(packing.entries):,} entries stand for {min(packing.coverage, 0.999):.1%} of them")
    if packing.secrets:
        parts.append(f"{plural(packing.secrets, 'secret')} replaced")
    return "  ·  ".join(parts)
