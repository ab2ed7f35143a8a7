"""The assistant's panel: what was asked, what can be counted, and the answer as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from hallucino_tui.assistant.citations import Citation, find_citations
from hallucino_tui.config.keys import Where
from hallucino_tui.ui.bindings import bindings_for
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.messages import CitationWanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Markdown
    from textual.widgets.markdown import MarkdownStream


_OWN: Final = {
    "find_next", "find_previous", "jump", "scroll_down", "scroll_up", "page_down", "page_up", "top", "bottom",
}  # fmt: skip


class Answer(Vertical):
    """One question with what came of it."""

    def __init__(self, title: str, counted: str) -> None:
        """Prepare.

        Args:
            title: What was asked.
            counted: What was counted, as Markdown; "" for nothing.
        """
        super().__init__(classes="answer")
        self._title = title
        self.counted = counted
        self._stream: MarkdownStream | None = None
        self.text = ""

    def compose(self) -> ComposeResult:
        """Make the parts."""
        from textual.widgets import Markdown  # noqa: PLC0415 - Markdown is not needed before the first question

        from hallucino_tui.ui.citation_markdown import make_parser  # noqa: PLC0415

        yield Static(harmless(self._title), classes="answer-title", markup=False)
        if self.counted:
            yield Markdown(self.counted, parser_factory=make_parser, open_links=False, classes="counted")
        yield Markdown("", parser_factory=make_parser, open_links=False, classes="said")
        yield Static("", classes="answer-state", markup=False)

    async def add(self, piece: str) -> None:
        """Take a piece of the answer."""
        from textual.widgets import Markdown  # noqa: PLC0415 - loaded by `compose` already

        self.text += piece
        if self._stream is None:
            self._stream = Markdown.get_stream(self.query_one(".said", Markdown))
        await self._stream.write(piece)

    async def end(self) -> None:
        """Draw what is left of the answer."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.stop()

    def say(self, words: str, kind: str = "") -> None:
        """Say how the question stands, under the answer."""
        state = self.query_one(".answer-state", Static)
        state.update(harmless(words))
        state.set_class(kind == "problem", "problem")


class AssistantPanel(Vertical, can_focus=True):
    """Holds a conversation."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.ASSISTANT, _OWN)

    def __init__(self, hear: Callable[[CitationWanted], None]) -> None:
        """Start empty.

        Args:
            hear: Told of which cited line is to be shown.
        """
        super().__init__(id="assistant")
        self._hear = hear
        self._citations: list[Citation] = []
        self._citation = -1

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with VerticalScroll(id="answers", can_focus=False):
            yield Static(
                "Select lines with v and press s for a summary, or a to ask about them. Without a selection "
                "it is about the lines that show.",
                id="assistant-hint",
                markup=False,
            )
        yield Static("", id="citation", markup=False)

    @property
    def scroller(self) -> VerticalScroll:
        """What scrolls."""
        return self.query_one("#answers", VerticalScroll)

    @property
    def answer(self) -> Answer | None:
        """The last question's part of the panel."""
        answers = self.query(Answer)
        return answers.last() if answers else None

    async def begin(self, title: str, counted: str, *, fresh: bool) -> Answer:
        """Begin a question.

        Args:
            title: What is asked.
            counted: What was counted of the lines, as Markdown.
            fresh: Whether this is about other lines, so that what is here goes.
        """
        if fresh:
            await self.query(Answer).remove()
        self.query_one("#assistant-hint").display = False
        answer = Answer(title, counted)
        await self.scroller.mount(answer)
        self._citations, self._citation = [], -1
        self.scroller.anchor()
        return answer

    def read_citations(self) -> None:
        """Find the citations of the last answer, or of what was counted where there is none."""
        answer = self.answer
        self._citations = [] if answer is None else find_citations(answer.text) or find_citations(answer.counted)
        self.say_citation("")

    @property
    def citation(self) -> Citation | None:
        """The citation that `enter` follows."""
        return self._citations[self._citation] if 0 <= self._citation < len(self._citations) else None

    def say_citation(self, preview: str) -> None:
        """Say which citation it is, with the line that it names."""
        words = ""
        if self._citations:
            place = f"{self._citation + 1} of " if self._citation >= 0 else ""
            words = f"{place}{len(self._citations)} citations"
            if self.citation is not None:
                words += f"  {self.citation.text}\n{preview}"
        self.query_one("#citation", Static).update(harmless(words))

    def on_markdown_link_clicked(self, event: Markdown.LinkClicked) -> None:
        from hallucino_tui.ui.citation_markdown import numbers_in  # noqa: PLC0415 - loaded with the answer already

        event.stop()
        event.prevent_default()
        if numbers := numbers_in(event.href):
            self._hear(CitationWanted(numbers))

    def action_find_next(self) -> None:
        self._step(1)

    def action_find_previous(self) -> None:
        self._step(-1)

    def action_jump(self) -> None:
        if self.citation is None and self._citations:
            self._step(1)
        if self.citation is not None:
            self._hear(CitationWanted(self.citation.numbers))

    def action_scroll_down(self) -> None:
        self.scroller.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        self.scroller.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        self.scroller.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self.scroller.scroll_page_up(animate=False)

    def action_top(self) -> None:
        self.scroller.scroll_home(animate=False)

    def action_bottom(self) -> None:
        self.scroller.scroll_end(animate=False)

    def _step(self, step: int) -> None:
        if self._citations:
            self._citation = (self._citation + step) % len(self._citations)
            self._hear(CitationWanted(()))
