"""A theme's colours as the styles that lines are drawn with, and as a theme of Textual's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

from rich.style import Style
from textual.theme import Theme as TextualTheme

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.severity import LEVEL_BITS, Level
from hallucino_tui.session.nodes import Health
from hallucino_tui.session.receipts import StreamState

if TYPE_CHECKING:
    from hallucino_tui.config.themes import Theme


@dataclass(frozen=True)
class Palette:
    """Styles made from a theme once, not once a line.

    Attributes:
        theme: The theme.
    """

    theme: Theme

    @cached_property
    def text(self) -> Style:
        """Plain text."""
        return Style(color=self.theme.surfaces.text)

    @cached_property
    def muted(self) -> Style:
        """What matters less."""
        return Style(color=self.theme.surfaces.muted)

    @cached_property
    def accent(self) -> Style:
        """What stands out."""
        return Style(color=self.theme.surfaces.accent, bold=True)

    @cached_property
    def cursor(self) -> Style:
        """The background of the line under the cursor."""
        return Style(bgcolor=self.theme.surfaces.cursor)

    @cached_property
    def selection(self) -> Style:
        """The background of selected lines."""
        return Style(bgcolor=self.theme.surfaces.selection)

    @cached_property
    def match(self) -> Style:
        """Text that was searched for."""
        return Style(color=self.theme.surfaces.match_text, bgcolor=self.theme.surfaces.match)

    @cached_property
    def control(self) -> Style:
        """Pictures of control bytes."""
        return Style(color=self.theme.states.control)

    @cached_property
    def _levels(self) -> tuple[Style, ...]:
        levels, text = self.theme.levels, self.theme.surfaces.text
        colours = (text, levels.trace, levels.debug, text, levels.notice, levels.warn, levels.error, levels.fatal)
        return tuple(Style(color=colour) for colour in colours)

    @cached_property
    def _gutters(self) -> tuple[Style, ...]:
        levels = self.theme.levels
        colours = (
            self.theme.surfaces.border,
            levels.trace, levels.debug, levels.info, levels.notice, levels.warn, levels.error, levels.fatal,
        )  # fmt: skip
        return tuple(Style(color=colour, bold=index >= Level.WARN) for index, colour in enumerate(colours))

    def level(self, code: int) -> Style:
        """Text of a line of a level."""
        return self._levels[code & LEVEL_BITS]

    def gutter(self, code: int) -> Style:
        """The mark in front of a line of a level."""
        return self._gutters[code & LEVEL_BITS]

    @cached_property
    def _streams(self) -> tuple[Style, ...]:
        return tuple(Style(color=colour) for colour in self.theme.streams)

    def stream(self, title: str) -> Style:
        """The name of a stream; equal names always look the same."""
        return self._streams[crc32(title.encode()) % len(self._streams)]

    @cached_property
    def _notices(self) -> dict[NoticeKind, Style]:
        states = self.theme.states
        return {
            NoticeKind.NOTE: Style(color=self.theme.surfaces.muted),
            NoticeKind.RECONNECT: Style(color=self.theme.surfaces.muted),
            NoticeKind.GAP: Style(color=states.gap, bold=True),
            NoticeKind.RESTART: Style(color=states.pending),
            NoticeKind.END: Style(color=self.theme.surfaces.muted),
            NoticeKind.ERROR: Style(color=states.bad),
            NoticeKind.EVENT: Style(color=states.done),
            NoticeKind.ROLLOUT: Style(color=states.pending, bold=True),
            NoticeKind.OOM: Style(color=states.bad, bold=True),
            NoticeKind.KILLED: Style(color=states.bad, bold=True),
            NoticeKind.PROBE: Style(color=states.pending),
            NoticeKind.TROUBLE: Style(color=states.bad),
        }

    def notice(self, kind: NoticeKind) -> Style:
        """A divider."""
        return self._notices[kind]

    @cached_property
    def _healths(self) -> dict[Health, Style]:
        states = self.theme.states
        return {
            Health.GOOD: Style(color=states.good),
            Health.PENDING: Style(color=states.pending),
            Health.BAD: Style(color=states.bad, bold=True),
            Health.DONE: Style(color=states.done),
            Health.UNKNOWN: Style(color=self.theme.surfaces.muted),
        }

    def health(self, health: Health) -> Style:
        """A node of the tree."""
        return self._healths[health]

    def state(self, state: StreamState) -> Style:
        """How a stream is."""
        return self.health(STATE_HEALTH[state])


STATE_HEALTH = {
    StreamState.WAITING: Health.PENDING,
    StreamState.OPENING: Health.PENDING,
    StreamState.LIVE: Health.GOOD,
    StreamState.RECONNECTING: Health.PENDING,
    StreamState.POLLING: Health.PENDING,
    StreamState.ENDED: Health.DONE,
    StreamState.FORBIDDEN: Health.BAD,
    StreamState.FAILED: Health.BAD,
}

HEALTH_MARKS = {Health.GOOD: "●", Health.PENDING: "◐", Health.BAD: "✖", Health.DONE: "○", Health.UNKNOWN: " "}


def to_textual(theme: Theme) -> TextualTheme:
    """Return a theme as Textual wants it, for what its own widgets draw."""
    surfaces, states = theme.surfaces, theme.states
    return TextualTheme(
        name=theme.name,
        dark=theme.dark,
        primary=surfaces.accent,
        secondary=surfaces.muted,
        accent=surfaces.accent,
        foreground=surfaces.text,
        background=surfaces.background,
        surface=surfaces.panel,
        panel=surfaces.raised,
        warning=states.pending,
        error=states.bad,
        success=states.good,
        variables={
            "line-border": surfaces.border,
            "line-border-focused": surfaces.border_focused,
            "text-muted": surfaces.muted,
            "line-cursor": surfaces.cursor,
            "line-selection": surfaces.selection,
            "block-cursor-background": surfaces.selection,
            "block-cursor-foreground": surfaces.text,
            "input-selection-background": surfaces.selection,
            "input-cursor-background": surfaces.accent,
            "input-cursor-foreground": surfaces.background,
            "scrollbar": surfaces.border,
            "scrollbar-hover": surfaces.muted,
            "scrollbar-active": surfaces.accent,
            "scrollbar-background": surfaces.panel,
            "scrollbar-background-hover": surfaces.panel,
            "scrollbar-background-active": surfaces.panel,
            "scrollbar-corner-color": surfaces.panel,
            "link-color": surfaces.accent,
            "link-color-hover": surfaces.match_text,
            "link-background-hover": surfaces.match,
            "markdown-h1-color": surfaces.accent,
            "markdown-h2-color": surfaces.accent,
            "markdown-h3-color": surfaces.accent,
            "markdown-h4-color": surfaces.accent,
        },
    )
