"""Pop-ups: text to read, questions with two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from hallucino_tui.config.keys import Where
from hallucino_tui.ui.bindings import bindings_for

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

CLOSE: list[BindingType] = [Binding("escape,q", "close", "close", show=False)]


class TextScreen(ModalScreen[str | None]):
    """Shows text that may be longer than the screen. None of it is markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CLOSE,
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space,ctrl+f,ctrl+d", "page(1)", show=False),
        Binding("pageup,ctrl+b,ctrl+u", "page(-1)", show=False),
        Binding("g,home", "top", show=False),
        Binding("G,end", "bottom", show=False),
    ]

    def __init__(self, title: str, text: str = "…") -> None:
        """Prepare.

        Args:
            title: What it is.
            text: What there is to read; it can come later by `set_text`.
        """
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Vertical(classes="popup wide"):
            with VerticalScroll(id="popup-scroll"):
                yield Static(Content(self._text), id="popup-text", markup=False)
            yield Static("esc closes", classes="popup-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(".popup", Vertical).border_title = Content(self._title).markup

    def set_text(self, text: str) -> None:
        """Show other text."""
        self._text = text
        for static in self.query("#popup-text").results(Static):
            static.update(Content(text))

    def action_close(self) -> None:
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        self.query_one("#popup-scroll", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        scroll = self.query_one("#popup-scroll", VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)

    def action_top(self) -> None:
        self.query_one("#popup-scroll", VerticalScroll).scroll_home(animate=False)

    def action_bottom(self) -> None:
        self.query_one("#popup-scroll", VerticalScroll).scroll_end(animate=False)


class SendingScreen(TextScreen):
    """Shows what will be sent, and asks. Dismisses with ``send``, ``agree`` or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.SENDING)

    def __init__(self, head: str, text: str) -> None:
        """Prepare.

        Args:
            head: Where it goes, to which model, and how much it is.
            text: Everything that will be sent.
        """
        super().__init__("Before anything leaves this machine", text)
        self._head = head

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Vertical(classes="popup wide"):
            yield Static(Content(self._head), id="sending-head", markup=False)
            with VerticalScroll(id="popup-scroll"):
                yield Static(Content(self._text), id="popup-text", markup=False)
            yield Static(
                "enter sends    A sends and agrees for this host    esc does not", classes="popup-foot", markup=False
            )

    def action_send(self) -> None:
        self.dismiss("send")

    def action_agree(self) -> None:
        self.dismiss("agree")


class QuestionScreen(ModalScreen[bool]):
    """Asks a question that is answered with yes or no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "yes", show=False),
        Binding("n,escape,q", "answer(False)", "no", show=False),
    ]

    def __init__(self, question: str) -> None:
        """Prepare.

        Args:
            question: What is asked.
        """
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Vertical(classes="popup small"):
            yield Static(Content(self._question), markup=False)
            yield Static("y or enter: yes    n or esc: no", classes="popup-foot", markup=False)

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)
