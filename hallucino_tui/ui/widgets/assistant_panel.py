"""The assistant's panel. What is in it is made when it first shows: the first frame needs none of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Vertical

from hallucino_tui.config.keys import Where
from hallucino_tui.ui.bindings import bindings_for
from hallucino_tui.ui.messages import CitationWanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType
    from textual.containers import VerticalScroll
    from textual.widgets import Markdown

    from hallucino_tui.assistant.citations import Citation
    from hallucino_tui.ui.widgets.conversation import Answer, Conversation


_OWN: Final = {
    "find_next", "find_previous", "jump", "scroll_down", "scroll_up", "page_down", "page_up", "top", "bottom",
}  # fmt: skip


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
        self._conversation: Conversation | None = None
        self._building = asyncio.Lock()

    async def on_show(self) -> None:
        await self._built()

    async def begin(self, title: str, counted: str, *, fresh: bool, follow: bool = True) -> Answer:
        """Begin a question.

        Args:
            title: What is asked.
            counted: What was counted of the lines, as Markdown.
            fresh: Whether this is about other lines, so that what is here goes.
            follow: Whether the end of what comes stays in sight, and not its beginning.
        """
        return await (await self._built()).begin(title, counted, fresh=fresh, follow=follow)

    def read_citations(self) -> None:
        """Find the citations of the last answer, or of what was counted where there is none."""
        if self._conversation is not None:
            self._conversation.read_citations()

    async def head(self, words: str, kind: str = "") -> None:
        """Say over all answers which model is asked, and how far the last answer is supported."""
        (await self._built()).head(words, kind)

    @property
    def citation(self) -> Citation | None:
        """The citation that `enter` follows."""
        return None if self._conversation is None else self._conversation.citation

    def say_citation(self, preview: str) -> None:
        """Say which citation it is, with the line that it names."""
        if self._conversation is not None:
            self._conversation.say_citation(preview)

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
        if self.citation is None:
            self._step(1)
        if self.citation is not None:
            self._hear(CitationWanted(self.citation.numbers))

    def action_scroll_down(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_page_up(animate=False)

    def action_top(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_home(animate=False)

    def action_bottom(self) -> None:
        if scroller := self._scroller:
            scroller.scroll_end(animate=False)

    @property
    def _scroller(self) -> VerticalScroll | None:
        return None if self._conversation is None else self._conversation.scroller

    def _step(self, step: int) -> None:
        if self._conversation is not None and self._conversation.step(step):
            self._hear(CitationWanted(()))

    async def _built(self) -> Conversation:
        """Return the conversation, making it if this is the first time."""
        async with self._building:  # a question may come while the panel shows for the first time
            if self._conversation is None:
                from hallucino_tui.ui.widgets.conversation import Conversation  # noqa: PLC0415 - brings Markdown

                conversation = Conversation()
                await self.mount(conversation)
                self._conversation = conversation
        return self._conversation
