"""The top line: which cluster, how its streams are, how much came in, and whether anything may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.logs.text import shown
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.ui.numbers import plural, short, size
from hallucino_tui.ui.palette import HEALTH_MARKS, STATE_HEALTH

if TYPE_CHECKING:
    from hallucino_tui.session.workspace import WorkspaceSnapshot
    from hallucino_tui.ui.palette import Palette


class StatusLine(Widget):
    """Draws one line from the workspace's state."""

    def __init__(self, palette: Palette) -> None:
        """Start with nothing to say.

        Args:
            palette: The colours.
        """
        super().__init__(id="status")
        self.palette = palette
        self._snapshot: WorkspaceSnapshot | None = None
        self._doing = ""

    def show(self, snapshot: WorkspaceSnapshot) -> None:
        """Take a newer state."""
        self._snapshot = snapshot
        self.refresh()

    def say(self, doing: str) -> None:
        """Say what goes on that may have no panel on the screen; "" for nothing."""
        if doing != self._doing:
            self._doing = doing
            self.refresh()

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours."""
        self.palette = palette
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line only
        """Draw the line: what matters more comes first, what has no room goes."""
        surfaces, width = self.palette.theme.surfaces, self.size.width
        style = Style(color=surfaces.text, bgcolor=surfaces.raised)
        left = self._where()
        room = width - sum(cell_len(segment.text) for segment in left)
        right: list[Segment] = []
        for part in self._facts():
            taken = sum(cell_len(segment.text) for segment in part) + 2
            if taken <= room:
                right += [Segment("  "), *part]
                room -= taken
        segments = [*left, Segment(" " * max(room - 1, 0)), *right, Segment(" ")]
        return Strip(segments).apply_style(style).adjust_cell_length(width, style)

    def _where(self) -> list[Segment]:
        snapshot = self._snapshot
        parts = [Segment(" hallucino ", self.palette.accent)]
        if snapshot is None:
            return parts
        if snapshot.busy:
            parts.append(Segment(f" {shown(snapshot.busy)}", self.palette.muted))
        elif snapshot.context:
            name = shown(snapshot.context)
            choice = shown(snapshot.choice)
            most = max(self.size.width // 3, 12)
            text = f"{name} ▸ {choice}" if choice else name
            parts.append(Segment(f" {text if cell_len(text) <= most else text[: most - 1] + '…'}"))
        return parts

    def _facts(self) -> list[list[Segment]]:
        """Return what is said on the right, the most important first."""
        if self._snapshot is None:
            return []
        doing = [[Segment(self._doing, self.palette.accent)]] if self._doing else []
        hub = self._snapshot.hub
        totals, store = hub.totals, hub.view.store
        gaps = totals.gaps
        lost = Segment("0 lost", self.palette.state(StreamState.LIVE))
        if gaps:
            lost = Segment(plural(gaps, "possible gap"), self.palette.state(StreamState.FAILED))
        facts = [[lost]]
        facts.extend([self._state(state, count)] for state, count in totals.states.items() if count)
        facts.append([Segment(f"{short(store.lines)} lines", self.palette.muted)])
        facts.append([Segment(f"{short(hub.rate)}/s", self.palette.muted)])
        facts.append([Segment(size(store.size), self.palette.muted)])
        if store.evicted:
            facts.append([Segment(f"{short(store.evicted)} older ones gone", self.palette.muted)])
        return [*doing, *(facts if store.received or totals.states else [])]

    def _state(self, state: StreamState, count: int) -> Segment:
        mark = HEALTH_MARKS[STATE_HEALTH[state]]
        return Segment(f"{mark} {count} {state}", self.palette.state(state))
