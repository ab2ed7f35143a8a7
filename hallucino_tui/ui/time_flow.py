"""Moving in time: the last minutes, a point in time, the timeline's buckets, zooming in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.when import parse_when

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from textual.screen import Screen

    from hallucino_tui.logs.timeline_snapshot import TimelineSnapshot
    from hallucino_tui.ui.find_flow import FindFlow
    from hallucino_tui.ui.narrow_flow import NarrowFlow
    from hallucino_tui.ui.widgets.log_pane import LogPane

_MINUTE: Final = 60 * NANOSECONDS


class TimeFlow:
    """Turns keys about time into spans and jumps.

    Attributes:
        timeline: What the timeline shows; None before the first news.
        is_live: Whether new lines come as they are written.
        is_whole: Whether the timeline shows old lines, too, though few are so old.
        look_anew: Called when that changes.
    """

    def __init__(
        self,
        screen: Screen[Any],
        pane: LogPane,
        narrowing: NarrowFlow,
        finding: FindFlow,
        now: Callable[[], int],
    ) -> None:
        """Prepare.

        Args:
            screen: Where things are said.
            pane: The lines.
            narrowing: Narrows to a span.
            finding: Remembers where a jump came from.
            now: Tells the time.
        """
        self._screen = screen
        self._pane = pane
        self._narrowing = narrowing
        self._finding = finding
        self._now = now
        self.timeline: TimelineSnapshot | None = None
        self.is_whole = False
        self.look_anew: Callable[[], None] = lambda: None
        self.is_live = True

    @property
    def zone(self) -> tzinfo:
        """The zone in which the pane shows times."""
        local = datetime.now().astimezone().tzinfo
        return UTC if self._pane.timestamps == "utc" or local is None else local

    def last(self, minutes: int) -> None:
        """Show lines of the last minutes only: before now, or for files before the newest line."""
        end = self._now() if self.is_live else self._newest()
        self._narrowing.span(end - minutes * _MINUTE, None)

    def go_to(self, text: str) -> None:
        """Go to the first line at or after a point in time."""
        try:
            time = parse_when(text, self.at_cursor() or self._now(), self._newest(), self.zone)
        except ValueError as error:
            self._screen.notify(str(error), severity="warning")
            return
        self.jump(time)

    def step(self, step: int) -> None:
        """Go to the next bucket of the timeline that has lines, or to the one before."""
        at = self.at_cursor()
        if self.timeline is None or at is None:
            return
        start = self.timeline.next_bucket(at, step)
        if start is None and step < 0 and self.timeline.leaves_out:
            self._show_whole()
        elif start is None:
            self._screen.notify(f"There are no lines {'later' if step > 0 else 'earlier'} than here.")
        else:
            self.jump(start)

    def zoom(self) -> None:
        """Narrow to the selected lines' time, or to the bucket of the line under the cursor."""
        span, at = self._selected_span() or self._bucket_span(), self.at_cursor()
        if span is None and self.timeline is not None and at is not None and at < self.timeline.start:
            self._show_whole()
        elif span is None:
            self._screen.notify("There is nothing to zoom to: select lines with v, or show the timeline with h.")
        else:
            self._pane.drop_selection()
            self._narrowing.span(*span)

    def pick(self, start: int, stop: int) -> None:
        """Go to a bucket that somebody clicked on."""
        if start < stop:
            self.jump(start)

    def unzoom(self) -> None:
        """Show all times again; if they show, all of the timeline, or again the part with most lines."""
        now, timeline = self._narrowing.now, self.timeline
        is_zoomed = now.since is not None or now.until is not None
        if is_zoomed or not (self.is_whole or (timeline is not None and timeline.leaves_out)):
            self._narrowing.span(None, None)
        else:
            self.is_whole = not self.is_whole
            self.look_anew()

    def _show_whole(self) -> None:
        """Show all of the timeline to who goes to where it does not reach."""
        self.is_whole = True
        self.look_anew()
        self._screen.notify("The timeline shows the old lines now, too: press the key once more.")

    def at_cursor(self) -> int | None:
        """Return the time of the line under the cursor."""
        viewport = self._pane.viewport
        return None if viewport.cursor is None else viewport.view.store.time(viewport.cursor)

    def _newest(self) -> int:
        chunks = self._pane.viewport.view.store.chunks
        return chunks[-1].last_time if chunks else self._now()

    def jump(self, time: int) -> None:
        """Go to the first line at or after a point in time.

        Args:
            time: Nanoseconds since the epoch.
        """
        view = self._pane.viewport.view
        if not len(view):
            self._screen.notify("There are no lines to go to.")
            return
        position = view.position_of_time(time)
        row = view.row(min(position, len(view) - 1))
        if row is not None:
            self._finding.jump(row)
        if position >= len(view):
            self._screen.notify("There is no line so late: this is the newest.")

    def _selected_span(self) -> tuple[int, int] | None:
        first, last = self._pane.selected
        view = self._pane.viewport.view
        times = [view.store.time(row) for row in (*view.rows(first, first + 1), *view.rows(last - 1, last))]
        known = [time for time in times if time is not None]
        return (min(known), max(known) + 1) if first < last and known else None

    def _bucket_span(self) -> tuple[int, int] | None:
        at, timeline = self.at_cursor(), self.timeline
        index = None if at is None or timeline is None else timeline.bucket_at(at)
        return None if index is None or timeline is None else timeline.bucket_span(index)
