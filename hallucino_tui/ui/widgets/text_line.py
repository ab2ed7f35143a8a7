"""One line of text with something at its right edge. New words never move other widgets: they cost one line's paint."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from rich.style import Style


class TextLine(Widget):
    """Draws two texts on one line; where there is no room for both, the left one is cut. None of it is markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--left", "text-line--right"}

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's own name for it
        """Start empty.

        Args:
            id: The widget's id.
        """
        super().__init__(id=id)
        self.left = ""
        self.right = ""

    def say(self, left: str, right: str = "") -> None:
        """Show other texts."""
        if (left, right) != (self.left, self.right):
            self.left, self.right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Draw the line."""
        width = self.size.width
        right = self.right if cell_len(self.right) <= width else ""
        room = width - cell_len(right)
        left = shown(self.left)
        if cell_len(left) > room:
            left = f"{set_cell_size(left, max(room - 2, 0))}… "
        left_style: Style = self.get_component_rich_style("text-line--left")
        right_style: Style = self.get_component_rich_style("text-line--right")
        return Strip([Segment(set_cell_size(left, room), left_style), Segment(right, right_style)], width)
