"""The bottom line: what the keys do where the focus is. A click on one does it, too.

Textual's own footer mounts a widget for each key and styles them all anew with each change of focus. That is most of
what the first frame needs over an empty app's, so one line is drawn here instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.config.keys import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from hallucino_tui.config.keys import Key


class KeyLine(Widget):
    """Draws keys with their titles, as many as there is room for."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--title"}

    class Clicked(Message):
        """Somebody clicked on a key."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._keys: Sequence[Key] = ()

    def show(self, keys: Sequence[Key]) -> None:
        """Show other keys."""
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Draw the line."""
        key_style = self.get_component_rich_style("key-line--key")
        title_style = self.get_component_rich_style("key-line--title")
        segments: list[Segment] = []
        for _, _, key in self._places():
            segments += [Segment(f" {shown(key.keys[0])}", key_style), Segment(f" {key.title} ", title_style)]
        return Strip(segments).adjust_cell_length(self.size.width, title_style)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for start, stop, key in self._places():
            if start <= event.x < stop:
                self.post_message(self.Clicked(key))

    def _places(self) -> list[tuple[int, int, Key]]:
        """Return where each key stands: first cell, cell behind it, and the key."""
        places: list[tuple[int, int, Key]] = []
        start = 0
        for key in self._keys:
            stop = start + cell_len(shown(key.keys[0])) + cell_len(key.title) + 3
            if stop > self.size.width:
                break
            places.append((start, stop, key))
            start = stop
        return places
