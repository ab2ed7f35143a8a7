"""One answer as it comes: drawn piece by piece, checked in the end, with what can be done with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from textual.timer import Timer

    from hallucino_tui.session.answer import Grounded, Restorer
    from hallucino_tui.session.ask import Question
    from hallucino_tui.session.asking import Heard, Prepared
    from hallucino_tui.session.chat import Usage
    from hallucino_tui.session.notebook_drafts import PinnedAnswer
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.cite_flow import CiteFlow
    from hallucino_tui.ui.widgets.assistant_panel import AssistantPanel
    from hallucino_tui.ui.widgets.conversation import Answer

_MOST_DRAWN: Final = 12_000
"""Characters of an answer that are drawn: each of its paragraphs is a widget, and more would hold up the screen."""

_SECONDS: Final = 5
"""So long nothing is said of how long it takes."""

_MOST_NAMED: Final = 20

_CHANGES: Final = re.compile(
    r"\b(?:delete|apply|create|replace|patch|edit|scale|drain|cordon|taint|evict|restart|undo|set|exec|cp|rm|mv|kill|stop|"
    r"start|drop|truncate|update|insert|install|uninstall|upgrade|rollback|sync|flushall|reboot|dd|mkfs)\b|[|>]"
)


class AnswerFlow:
    """Draws one question with what comes of it.

    Attributes:
        question: What was asked.
        text: The answer so far, as it came: with pseudonyms.
        running: Whether it is still coming.
        grounded: What came of checking it; None before that.
    """

    def __init__(
        self, bridge: Bridge, panel: AssistantPanel, cited: CiteFlow, question: Question, answer: Answer
    ) -> None:
        """Prepare.

        Args:
            bridge: The way to the engine.
            panel: Where it is drawn.
            cited: Told which rows the citations mean.
            question: What is asked.
            answer: The place in the panel.
        """
        self.question = question
        self.text = ""
        self.running = False
        self.grounded: Grounded | None = None
        self._bridge = bridge
        self._panel = panel
        self._cited = cited
        self._answer = answer
        self._restorer: Restorer | None = None
        self._timer: Timer | None = None
        self._waited = 0
        self._doing = ""
        self._usage = ""
        self._command = -1

    def begin(self) -> None:
        """Say that it was sent."""
        self.running = True
        self._restorer = self._bridge.restorer()
        self._wait_for(f"asking {self.question.model} at {self.question.host} …")
        self._timer = self._answer.set_interval(1, self._tick)

    async def hear(self, event: Heard) -> None:
        """Take what came from the model; what comes after it was given up is dropped."""
        if not self.running:
            return
        from hallucino_tui.session import chat  # noqa: PLC0415 - not before the first frame

        match event:
            case chat.Started():
                self._wait_for("answering …")
            case chat.Delta():
                self._stop_waiting()
                room = _MOST_DRAWN - len(self.text)
                self.text += event.text
                if room > 0:
                    await self._answer.add(self._shown(event.text[:room]))
            case chat.Usage():
                self._usage = self._words_of(event)
            case chat.Done():
                await self._end(f"complete{self._usage}")
            case chat.Cancelled():
                part = "what you see is a part of the answer" if self.text.strip() else "nothing of the answer had come"
                await self._end(f"cancelled: {part}")
            case chat.Failed():
                await self._end(event.sentence, "problem")
            case _:
                await self._hear_more(event)

    async def _hear_more(self, event: Heard) -> None:
        from hallucino_tui.session.answer import Grounded  # noqa: PLC0415 - known by now
        from hallucino_tui.session.asking import Repacked  # noqa: PLC0415
        from hallucino_tui.session.chat import Told, Waiting  # noqa: PLC0415

        match event:
            case Waiting():
                self._wait_for(event.sentence)
            case Told():
                self._answer.tell(event.sentence)
            case Repacked():
                self._start_over(event.prepared)
            case Grounded():
                await self._judge(event)
            case _:
                pass

    def next_command(self) -> str:
        """Return the next command that the answer offers, as it came: with pseudonyms; "" if it offers none.

        Lines may have told the model to offer one that sends a secret away, and whoever copies it may run it.
        """
        commands = () if self.grounded is None else self.grounded.commands
        if not commands:
            return ""
        self._command = (self._command + 1) % len(commands)
        return commands[self._command]

    def pinned(self) -> PinnedAnswer:
        """Return it as it is kept in a notebook: with pseudonyms."""
        from hallucino_tui.session.notebook_drafts import PinnedAnswer  # noqa: PLC0415 - not before the first frame

        question, grounded = self.question, self.grounded
        return PinnedAnswer(
            question.title,
            self.text,
            question.model,
            question.host,
            question.packing.entries,
            None if grounded is None else grounded.checked,
            "" if grounded is None else _verdict(grounded),
            str if self._restorer is None else self._restorer.restore,
            self._answer.counted,
            self._cited.rows(),
        )

    def copied(self) -> str:
        """Return it as it is copied: with its marks and under what came of checking it, and with pseudonyms."""
        if self.grounded is None:
            return self.text
        from hallucino_tui.assistant.grounding.mark import marked  # noqa: PLC0415 - not before the first frame

        return f"{_verdict(self.grounded)}\n\n{marked(self.text, self.grounded.checked)}"

    def _start_over(self, prepared: Prepared) -> None:
        """Take the lines that are left of a question that was too long: the numbers mean other lines now."""
        self.question = prepared.question
        self._cited.take(prepared.cited, prepared.looks, prepared.question.packing.entries)
        self._answer.recount(prepared.counted)

    async def _judge(self, grounded: Grounded) -> None:
        """Say how far the answer is supported, mark what is not, and offer what it suggests."""
        from hallucino_tui.assistant.grounding.mark import marked  # noqa: PLC0415 - not before the first frame

        self.grounded = grounded
        kind = _kind(grounded)
        self._answer.judge(_verdict(grounded), kind)
        words = f"{grounded.checked.words} · confidence {grounded.confidence.level}"
        await self._panel.head(f"{self.question.model}  {words}", kind)
        if len(self.text) <= _MOST_DRAWN:
            await self._answer.redraw(
                self._restored(marked(self.text, grounded.checked)), cited=self._restored(self.text)
            )
        else:
            self._name_claims(grounded)
        self._offer(grounded)

    def _name_claims(self, grounded: Grounded) -> None:
        """Name the claims of a long answer that are not supported: it is not drawn anew with marks."""
        bad = [claim for claim in grounded.checked.claims if claim.reason]
        for claim in bad[:_MOST_NAMED]:
            self._answer.tell(f"{claim.verdict}: {self._restored(claim.text)[:200]} ({claim.reason})")
        if len(bad) > _MOST_NAMED:
            self._answer.tell(f"and {plural(len(bad) - _MOST_NAMED, 'further claim')} that are not supported")

    def _offer(self, grounded: Grounded) -> None:
        from hallucino_tui.session.reporting import Look  # noqa: PLC0415 - known by now

        looks = [Look(self._restored(one.text), self._restored(one.query)) for one in grounded.suggestions]
        offers = [f"{place} shows  {look.query}" for place, look in self._cited.offer(looks)]
        offers += [f"x copies  {command}{_warning(command)}" for command in grounded.commands]
        self._answer.offer(offers)

    def _words_of(self, usage: Usage) -> str:
        cost = self._bridge.cost(usage)
        price = f", cost {cost:.4f}" if cost else ""
        return f", {usage.prompt_tokens:,} tokens sent, {usage.answer_tokens:,} received{price}"

    async def leave(self) -> None:
        """Give it up: something else is asked."""
        self.running = False
        self._stop()
        await self._answer.end()
        self._answer.say("cancelled: something else was asked")

    def _restored(self, text: str) -> str:
        return text if self._restorer is None else self._restorer.restore(text)

    def _shown(self, piece: str) -> str:
        return piece if self._restorer is None else self._restorer.feed(piece)

    def _wait_for(self, what: str) -> None:
        self._doing, self._waited = what, 0
        self._answer.say(f"{what} esc cancels")

    def _stop_waiting(self) -> None:
        if self._doing:
            self._doing = ""
            self._answer.say("answering … esc cancels")

    def _tick(self) -> None:
        """Say how long nothing has come: a model that reads a long question is silent for a while."""
        self._waited += 1
        if self._doing and self._waited >= _SECONDS:
            self._answer.say(f"{self._doing} nothing for {self._waited} s, esc cancels")

    def _stop(self) -> None:
        self._doing = ""
        if self._timer is not None:
            self._timer.stop()

    async def _end(self, words: str, kind: str = "") -> None:
        self.running = False
        self._stop()
        if self._restorer is not None and self.grounded is None and (rest := self._restorer.finish()):
            await self._answer.add(rest)
        if len(self.text) > _MOST_DRAWN:
            self._answer.tell(f"Only {_MOST_DRAWN:,} of {len(self.text):,} characters are drawn; y copies all.")
        await self._answer.end()
        self._answer.say(words, kind)
        self._panel.read_citations()


def _kind(grounded: Grounded) -> str:
    from hallucino_tui.assistant.grounding.claim import Verdict  # noqa: PLC0415 - known by now

    checked = grounded.checked
    if not checked.is_supported:
        return "unsupported"
    return "doubtful" if checked.count(Verdict.DOUBTFUL) else "supported"


def _verdict(grounded: Grounded) -> str:
    confidence, words = grounded.confidence, grounded.checked.words
    reasons = ", ".join(reason for reason in confidence.reasons if reason != words)
    return f"{words} · confidence {confidence.level}{reasons and f': {reasons}'}"


def _warning(command: str) -> str:
    """Return what to add to a command that changes something: a model may suggest any."""
    return "   ⚠ changes something, and nobody checked it" if _CHANGES.search(command) else ""
