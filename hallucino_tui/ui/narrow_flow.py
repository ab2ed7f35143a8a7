"""Narrowing what shows: a stack of filters as one types, levels, times, nodes of the tree, and one step back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hallucino_tui.session.narrowing import Narrow, Narrowing, exchanged, looked, switched, with_filter
from hallucino_tui.session.selection import Selection
from hallucino_tui.ui.bindings import app_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from textual.screen import Screen

    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.ui.bridge import Bridge
    from hallucino_tui.ui.palette import Palette


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
        self._before = Narrow()
        self._place = 0

    @property
    def now(self) -> Narrow:
        """What holds now."""
        return self._steps.now

    def begin(self, place: int | None = None) -> str:
        """Note where typing begins; return the text that stands there.

        Args:
            place: Which filter of the stack; None for the last one, or the first if there is none.
        """
        self._before = self.now
        filters = self.now.filters
        self._place = max(len(filters) - 1, 0) if place is None else place
        return filters[self._place].text if self._place < len(filters) else ""

    def begin_more(self) -> str:
        """Note that one more filter is typed."""
        return self.begin(len(self.now.filters))

    def type(self, text: str) -> None:
        """Take what has been typed so far."""
        self._tell(self._steps.preview(with_filter(self._before, self._place, text)))

    def typed(self, text: str) -> None:
        """Take what was typed in the end, as one step."""
        self._steps.preview(self._before)
        self._tell(self._steps.change(with_filter(self._before, self._place, text)))

    def add(self, text: str) -> None:
        """Put one more filter on the stack."""
        self._tell(self._steps.change(with_filter(self.now, len(self.now.filters), text)))

    def exchange(self, old: Container[str], new: str) -> None:
        """Take filters away by their texts and put another one on the stack, as one step; "" for no other."""
        self._tell(self._steps.change(exchanged(self.now, old, new)))

    def look(self, text: str) -> None:
        """Show what one filter lets through, of all streams and levels; the others are switched off."""
        self._tell(self._steps.change(looked(self.now, text)))

    def switch(self, place: int) -> None:
        """Switch one filter on or off."""
        self._tell(self._steps.change(switched(self.now, place)))

    def remove(self, place: int) -> None:
        """Take one filter away."""
        self._tell(self._steps.change(with_filter(self.now, place, "")))

    def toggle_matches_only(self) -> None:
        """Hide what the filters do not let through, or only mark what they do."""
        if not self.now.filters:
            self._screen.notify("There is no filter yet: press & and type.")
            return
        self._tell(self._steps.change(replace(self.now, matches_only=not self.now.matches_only)))

    def keep_records_whole(self, *, whole: bool) -> None:
        """Let a line that passes bring the other lines of its record, or not."""
        self._tell(self._steps.preview(replace(self.now, whole_records=whole)))

    def span(self, since: int | None, until: int | None) -> None:
        """Show lines of a span of time only, in nanoseconds."""
        self._tell(self._steps.change(replace(self.now, since=since, until=until)))

    def next_level(self) -> None:
        """Show lines from the next higher level on."""
        self._tell(self._steps.next_level())

    def only(self, key: NodeKey) -> None:
        """Show the streams of one node only."""
        self._select(self.now.selection.only(key))

    def add_node(self, key: NodeKey) -> None:
        """Add the streams of a node, or take them away."""
        self._select(self.now.selection.toggled(key))

    def all_streams(self) -> None:
        """Show all streams that are read."""
        self._select(self.now.selection.all())

    def all(self) -> None:
        """Show all times of all streams that are read; filters stay."""
        self._tell(self._steps.change(replace(self.now, selection=self.now.selection.all(), since=None, until=None)))

    def undo(self) -> None:
        """Take the last step back."""
        narrow = self._steps.undo()
        if narrow is None:
            self._screen.notify("There is no filter to take back.")
        else:
            self._tell(narrow)

    def list_filters(self, palette: Palette, change: Callable[[int | None], None]) -> None:
        """List the filters, to switch, change or remove them.

        Args:
            palette: The colours.
            change: Told which filter is to be changed.
        """
        from hallucino_tui.ui.screens.filters import FiltersScreen  # noqa: PLC0415 - not before the first frame

        if self.now.filters:
            app_of(self._screen).push_screen(FiltersScreen(palette, self), change)
        else:
            self._screen.notify("There is no filter yet: press & and type.")

    async def hidden(self, text: str) -> int | None:
        """Return how many lines a filter hides by itself; None if that is not known."""
        return await self._bridge.ask(lambda workspace: workspace.count_hidden(text))

    def forget_streams(self) -> None:
        """Show all streams of a cluster that was opened just now."""
        self._steps.now = replace(self.now, selection=Selection())

    def _select(self, selection: Selection) -> None:
        self._tell(self._steps.change(replace(self.now, selection=selection)))

    def _tell(self, narrow: Narrow) -> None:
        self._bridge.tell(lambda workspace: workspace.narrow(narrow))
