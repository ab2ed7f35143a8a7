"""Narrowing what shows: words as one types, levels, nodes of the tree, and one step back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hallucino_tui.session.narrowing import Narrow, Narrowing
from hallucino_tui.session.selection import Selection

if TYPE_CHECKING:
    from textual.screen import Screen

    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.ui.bridge import Bridge


class NarrowFlow:
    """Keeps the steps, and tells the engine what holds now."""

    def __init__(self, screen: Screen[Any], bridge: Bridge) -> None:
        """Start with everything showing.

        Args:
            screen: Where things are said.
            bridge: The way to the engine.
        """
        self._screen = screen
        self._bridge = bridge
        self._steps = Narrowing()
        self._before = ""

    @property
    def now(self) -> Narrow:
        """What holds now."""
        return self._steps.now

    def begin(self) -> str:
        """Note where typing begins; return the text that stands there."""
        self._before = self.now.text
        return self.now.text

    def type(self, text: str) -> None:
        """Take what has been typed so far."""
        self._tell(self._steps.preview(text))

    def typed(self, text: str) -> None:
        """Take what was typed in the end, as one step."""
        self._steps.preview(self._before)
        self._tell(self._steps.change(text=text))

    def next_level(self) -> None:
        """Show lines from the next higher level on."""
        self._tell(self._steps.next_level())

    def only(self, key: NodeKey) -> None:
        """Show the streams of one node only."""
        self._tell(self._steps.change(selection=self.now.selection.only(key)))

    def add(self, key: NodeKey) -> None:
        """Add the streams of a node, or take them away."""
        self._tell(self._steps.change(selection=self.now.selection.toggled(key)))

    def all(self) -> None:
        """Show all streams that are read."""
        self._tell(self._steps.change(selection=self.now.selection.all()))

    def undo(self) -> None:
        """Take the last step back."""
        narrow = self._steps.undo()
        if narrow is None:
            self._screen.notify("There is no filter to take back.")
        else:
            self._tell(narrow)

    def forget_streams(self) -> None:
        """Show all streams of a cluster that was opened just now."""
        self._steps.now = replace(self.now, selection=Selection())

    def _tell(self, narrow: Narrow) -> None:
        self._bridge.tell(lambda workspace: workspace.narrow(narrow))
