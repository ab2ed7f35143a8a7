"""A conversation about lines: what was asked, what can be counted, and the answers as they come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.widgets import Markdown, Static

from hallucino_tui.assistant.citations import Citation, find_citations, find_loosely
from hallucino_tui.ui.citation_markdown import make_parser
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets.markdown import MarkdownStream

_STYLES = Path(__file__).parents[1] / "styles" / "conversation.tcss"


class Answer(Vertical):
    """One question with what came of it. Once it is taken out of the panel, what is said to it goes nowhere.

    Attributes:
        title: What was asked.
        counted: What was counted, as Markdown.
        said: The answer so far, as it is read, without marks.
    """

    def __init__(self, title: str, counted: str) -> None:
        """Prepare.

        Args:
            title: What was asked.
            counted: What was counted, as Markdown; "" for nothing.
        """
        super().__init__(classes="answer")
        self.title = title
        self.counted = counted
        self.said = ""
        self._stream: MarkdownStream | None = None
        self._notes: list[str] = []

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Static(harmless(self.title), classes="answer-title", markup=False)
        yield Static("", classes="answer-verdict", markup=False)
        if self.counted:
            yield Markdown(self.counted, parser_factory=make_parser, open_links=False, classes="counted")
        yield Markdown("", parser_factory=make_parser, open_links=False, classes="said")
        yield Static("", classes="answer-offers", markup=False)
        yield Static("", classes="answer-notes", markup=False)
        yield Static("", classes="answer-state", markup=False)

    def on_mount(self) -> None:
        for part in (".answer-verdict", ".answer-offers", ".answer-notes"):
            self.query_one(part).display = False

    async def add(self, piece: str) -> None:
        """Take a piece of the answer, as it is to be read."""
        self.said += piece
        for said in self.query(".said").results(Markdown):
            self._stream = self._stream or Markdown.get_stream(said)
            await self._stream.write(piece)

    async def end(self) -> None:
        """Draw what is left of the answer."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.stop()

    async def redraw(self, markdown: str, cited: str) -> None:
        """Draw the whole answer anew, with marks in it.

        Args:
            markdown: The answer with its marks.
            cited: The answer without them, whose citations can be followed.
        """
        await self.end()
        self.said = cited
        for said in self.query(".said").results(Markdown):
            await said.update(markdown)

    def judge(self, words: str, kind: str) -> None:
        """Say over the answer how far it is supported.

        Args:
            words: How many claims are.
            kind: ``supported``, ``doubtful`` or ``unsupported``.
        """
        for verdict in self.query(".answer-verdict").results(Static):
            verdict.update(harmless(words))
            verdict.set_classes(["answer-verdict", kind])
            verdict.display = True

    def offer(self, lines: Sequence[str]) -> None:
        """Say which keys do what the answer suggests."""
        for offers in self.query(".answer-offers").results(Static):
            offers.update(harmless("\n".join(line.replace("\n", " ") for line in lines)))
            offers.display = bool(lines)

    def recount(self, counted: str) -> None:
        """Show something else as what was counted."""
        self.counted = counted
        for markdown in self.query(".counted").results(Markdown):
            markdown.update(counted)

    def tell(self, sentence: str) -> None:
        """Say something that stays to be read under the answer."""
        if sentence not in self._notes:
            self._notes.append(sentence)
            for notes in self.query(".answer-notes").results(Static):
                notes.update(harmless("\n".join(self._notes)))
                notes.display = True

    def say(self, words: str, kind: str = "") -> None:
        """Say how the question stands, under the answer."""
        for state in self.query(".answer-state").results(Static):
            state.update(harmless(words))
            state.set_class(kind == "problem", "problem")


class Conversation(Vertical):
    """Holds the answers, and which of their citations is the current one."""

    DEFAULT_CSS = _STYLES.read_text(encoding="utf-8")

    def __init__(self) -> None:
        super().__init__(id="conversation")
        self._citations: list[Citation] = []
        self._citation = -1

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Static("", id="assistant-head", markup=False)
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

    async def begin(self, title: str, counted: str, *, fresh: bool, follow: bool = True) -> Answer:
        """Begin a question.

        Args:
            title: What is asked.
            counted: What was counted of the lines, as Markdown.
            fresh: Whether this is about other lines, so that what is here goes.
            follow: Whether the end of what comes stays in sight, and not its beginning.
        """
        if fresh:
            await self.query(Answer).remove()
        self.query_one("#assistant-hint").display = False
        answer = Answer(title, counted)
        await self.scroller.mount(answer)
        self._citations, self._citation = [], -1
        self.say_citation("")
        self.scroller.anchor(follow)
        return answer

    def read_citations(self) -> None:
        """Find the citations of the last answer, or of what was said before it where it has none."""
        found = (_citations_of(answer) for answer in reversed(self.query(Answer)))
        self._citations, self._citation = next(filter(None, found), list[Citation]()), -1
        self.say_citation("")

    def head(self, words: str, kind: str = "") -> None:
        """Say over all answers which model is asked, and how far the last answer is supported."""
        head = self.query_one("#assistant-head", Static)
        head.update(harmless(words))
        head.set_classes([kind] if kind else [])

    @property
    def citation(self) -> Citation | None:
        """The citation that `enter` follows."""
        return self._citations[self._citation] if 0 <= self._citation < len(self._citations) else None

    def step(self, step: int) -> bool:
        """Go to another citation; return whether there is any."""
        if self._citations:
            self._citation = (self._citation + step) % len(self._citations)
        return bool(self._citations)

    def say_citation(self, preview: str) -> None:
        """Say which citation it is, with the line that it names."""
        words = ""
        if self._citations:
            place = f"{self._citation + 1} of " if self._citation >= 0 else ""
            words = f"{place}{plural(len(self._citations), 'citation')}"
            if self.citation is not None:
                words += f"  {self.citation.text}\n{preview}"
        self.query_one("#citation", Static).update(harmless(words))


def _citations_of(answer: Answer) -> list[Citation]:
    return list(find_loosely(answer.said)) or find_citations(answer.counted)
