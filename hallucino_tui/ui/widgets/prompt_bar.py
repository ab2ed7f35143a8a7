"""The line under the logs: what is filtered, how much of it shows, and the field for whatever has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input

from hallucino_tui.ui.messages import FieldChanged
from hallucino_tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

SYMBOLS = {
    "search": "/",
    "filter": "&",
    "filter_more": "& one more",
    "time": "go to ▸",
    "ask": "ask ▸",
    "follow_up": "ask ▸",
    "find": "find ▸",
    "save": "save as ▸",
}


class Field(Input):
    """A text field in which tab completes, and that gives escape to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    def __init__(self, confirm: Callable[[], None], complete: Callable[[], None]) -> None:
        """Start empty.

        Args:
            confirm: Called when the text is confirmed, before the next key is looked at.
            complete: Called when the text is to be completed.
        """
        super().__init__(id="prompt-field", compact=True, select_on_focus=False)
        self._confirm = confirm
        self._complete = complete

    def action_complete(self) -> None:
        """Complete what was typed, if there is something to offer."""
        self._complete()

    async def action_submit(self) -> None:
        """Take what was typed."""
        self._confirm()


class PromptBar(Horizontal):
    """Shows a summary, or a field for one purpose."""

    def __init__(self, hear: Callable[[FieldChanged], None], complete: Callable[[], None]) -> None:
        """Start with the field hidden.

        Args:
            hear: Told of what is typed.
            complete: Completes it.
        """
        super().__init__(id="prompt")
        self._hear = hear
        self._complete = complete
        self.purpose = ""
        self.summary = TextLine("prompt-summary")
        self._count = TextLine("prompt-count")
        self._texts = ("", "")

    def compose(self) -> ComposeResult:
        """Make the parts; the field shows only while it is used."""
        yield self.summary
        field = Field(self._confirm, self._complete)
        field.display = self._count.display = False
        yield field
        yield self._count

    @property
    def field(self) -> Field:
        """The text field."""
        return self.query_one(Field)

    def say(self, summary: str, count: str) -> None:
        """Say what is filtered and how much of it shows."""
        self._texts = (summary, count)
        self._draw()

    def open(self, purpose: str, text: str = "", hint: str = "") -> None:
        """Let the user type.

        Args:
            purpose: What for; one of `SYMBOLS`.
            text: What stands there already.
            hint: What an empty field says.
        """
        self.purpose = purpose
        field = self.field
        with field.prevent(Input.Changed):
            field.value = text
        field.placeholder = hint
        field.cursor_position = len(text)
        self._arrange()
        self.screen.set_focus(field)

    def leave(self) -> None:
        """Hide the field."""
        self.purpose = ""
        self._arrange()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        # The message comes later than the change: what is typed by now may be for another purpose.
        if self.purpose and event.value == self.field.value:
            self._hear(FieldChanged(self.purpose, event.value))

    def _confirm(self) -> None:
        purpose, text = self.purpose, self.field.value
        self.leave()
        self._hear(FieldChanged(purpose, text, done=True))

    def escape(self) -> None:
        """Leave the field without taking what was typed."""
        purpose, text = self.purpose, self.field.value
        self.leave()
        self._hear(FieldChanged(purpose, text, left=True))

    def _arrange(self) -> None:
        """Make room for the field, or take it back."""
        typing = bool(self.purpose)
        self.field.display = self._count.display = typing
        self.summary.styles.width = len(SYMBOLS[self.purpose]) + 2 if typing else "1fr"
        self._draw()

    def _draw(self) -> None:
        summary, count = self._texts
        if self.purpose:
            self.summary.say(f" {SYMBOLS[self.purpose]} ")
            self._count.say("", f"{count.rpartition('  ')[2]} ")
        else:
            self.summary.say(f" {summary}", f"{count} ")
