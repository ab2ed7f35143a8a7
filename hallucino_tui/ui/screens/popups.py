"""Pop-ups: text to read, questions with two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from hallucino_tui.config.keys import Where
from hallucino_tui.ui.bindings import app_of, bindings_for, close_bindings, hint
from hallucino_tui.ui.harmless import harmless

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

POPUP_CSS: Final = "../styles/popups.tcss"


class TextScreen(ModalScreen[str | None]):
    """Shows text that may be longer than the screen. None of it is markup."""

    CSS_PATH = POPUP_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.TEXT)]

    def __init__(self, title: str, text: str = "…", head: str = "") -> None:
        """Prepare.

        Args:
            title: What it is.
            text: What there is to read; it can come later by `set_text`.
            head: What stands over the text and does not scroll with it; "" for nothing.
        """
        super().__init__()
        self._title = title
        self._text = text
        self._head = head

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Vertical(classes="popup wide"):
            if self._head:
                yield Static(harmless(self._head), id="sending-head", markup=False)
            with VerticalScroll(id="popup-scroll"):
                yield Static(harmless(self._text), id="popup-text", markup=False)
            yield Static(self.foot(), classes="popup-foot", markup=False)

    def foot(self) -> str:
        """Return what the keys do here."""
        return hint(app_of(self), anywhere__back="closes")

    def on_mount(self) -> None:
        self.query_one(".popup", Vertical).border_title = harmless(self._title).markup

    def set_text(self, text: str) -> None:
        """Show other text."""
        self._text = text
        for static in self.query("#popup-text").results(Static):
            static.update(harmless(text))

    def action_close(self) -> None:
        self.dismiss(None)

    def action_scroll_down(self) -> None:
        self._scroller.scroll_relative(y=1, animate=False)

    def action_scroll_up(self) -> None:
        self._scroller.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        self._scroller.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        self._scroller.scroll_page_up(animate=False)

    def action_top(self) -> None:
        self._scroller.scroll_home(animate=False)

    def action_bottom(self) -> None:
        self._scroller.scroll_end(animate=False)

    @property
    def _scroller(self) -> VerticalScroll:
        return self.query_one("#popup-scroll", VerticalScroll)


class SendingScreen(TextScreen):
    """Shows what will be sent, and asks. Dismisses with ``send``, ``agree`` or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.SENDING)

    def __init__(self, head: str, text: str) -> None:
        """Prepare.

        Args:
            head: Where it goes, to which model, and how much it is.
            text: Everything that will be sent.
        """
        super().__init__("Before anything is sent", text, head)

    def foot(self) -> str:
        """Return what the keys do here."""
        return hint(
            app_of(self),
            sending__send="sends",
            sending__agree="sends and agrees for this host",
            anywhere__back="does not",
        )

    def action_send(self) -> None:
        self.dismiss("send")

    def action_agree(self) -> None:
        self.dismiss("agree")


class QuestionScreen(ModalScreen[bool]):
    """Asks a question that is answered with yes or no."""

    CSS_PATH = POPUP_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.QUESTION)]

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
            yield Static(harmless(self._question), markup=False)
            keys = hint(app_of(self), question__yes="yes", question__no="no")
            yield Static(keys, classes="popup-foot", markup=False)

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)

    def action_close(self) -> None:
        self.dismiss(False)
