"""The line under the logs: what is filtered, how much of it shows, and the field for whatever has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from hallucino_tui.ui.messages import FieldChanged

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

SYMBOLS = {"search": "/", "filter": "&", "ask": "ask ▸", "follow_up": "ask ▸", "find": "find ▸", "save": "save as ▸"}


class Field(Input):
    """A text field that leaves tab alone and gives escape to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "nothing", show=False)]

    def action_nothing(self) -> None:
        """Stay in the field."""


class PromptBar(Horizontal):
    """Shows a summary, or a field for one purpose."""

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.purpose = ""
        self._summary = ""
        self._count = ""

    def compose(self) -> ComposeResult:
        """Make the parts; the field shows only while it is used."""
        yield Static("", id="prompt-symbol", markup=False)
        field = Field(id="prompt-field", compact=True, select_on_focus=False)
        field.display = False
        yield field
        yield Static("", id="prompt-count", markup=False)

    @property
    def field(self) -> Field:
        """The text field."""
        return self.query_one(Field)

    def say(self, summary: str, count: str) -> None:
        """Say what is filtered and how much of it shows."""
        if (summary, count) != (self._summary, self._count):
            self._summary, self._count = summary, count
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
        field.display = True
        field.focus()
        self._draw()

    def leave(self) -> None:
        """Hide the field."""
        self.purpose = ""
        self.field.display = False
        self._draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.purpose:
            self.post_message(FieldChanged(self.purpose, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        purpose = self.purpose
        self.leave()
        self.post_message(FieldChanged(purpose, event.value, done=True))

    def escape(self) -> None:
        """Leave the field without taking what was typed."""
        purpose, text = self.purpose, self.field.value
        self.leave()
        self.post_message(FieldChanged(purpose, text, left=True))

    def _draw(self) -> None:
        symbol = f" {SYMBOLS[self.purpose]} " if self.purpose else f" {self._summary}"
        self.query_one("#prompt-symbol", Static).update(Content(symbol))
        self.query_one("#prompt-count", Static).update(Content(f"{self._count} "))
