"""The timeline above the log pane: how many lines there were when, and how bad they were."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.strip import Strip
from textual.widget import Widget

from hallucino_tui.logs.timeline_snapshot import ERROR, MARKED, Bucket, TimelineSnapshot
from hallucino_tui.ui.bindings import app_of, hint
from hallucino_tui.ui.numbers import short
from hallucino_tui.ui.timeline_labels import (
    FIRST,
    MARKS,
    Label,
    Layout,
    Sign,
    labels_for,
    layout_for,
    place_for,
    width_words,
    words_for,
)
from hallucino_tui.ui.timeline_painter import CURSOR, PLAIN, WINDOW, Cell, TimelinePainter, strip_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo

    from rich.style import Style
    from textual import events
    from textual.geometry import Size

    from hallucino_tui.logs.notice import NoticeKind
    from hallucino_tui.ui.palette import Palette


OLDER: Final = "◂"
"""Stands at the left where the bars do not begin with the first line."""


class _Shown(NamedTuple):
    """Everything that a picture is made from, but for its size and its colours."""

    snapshot: TimelineSnapshot = TimelineSnapshot()
    cursor: int | None = None
    window: tuple[int, int] | None = None
    zone: tzinfo | None = None


class TimelineBar(Widget):
    """Draws bars and times below them; on a single line only the bars."""

    DEFAULT_CSS = """
    TimelineBar { height: 2; }
    """

    def __init__(self, palette: Palette, on_pick: Callable[[int, int], None] = lambda _start, _stop: None) -> None:
        """Start with nothing to show.

        Args:
            palette: The colours.
            on_pick: Called with start and end, in nanoseconds since the epoch, of buckets that were clicked on.
        """
        super().__init__(id="timeline")
        self._painter = TimelinePainter(palette)
        self._on_pick = on_pick
        self._shown = _Shown()
        self._painted: tuple[Size, list[Strip]] | None = None
        self._labelled: tuple[object, list[Label]] | None = None

    def show(
        self,
        snapshot: TimelineSnapshot,
        cursor_time: int | None = None,
        window: tuple[int, int] | None = None,
        zone: tzinfo | None = None,
        utc: bool = False,
    ) -> None:
        """Take a newer state.

        Args:
            snapshot: The buckets.
            cursor_time: Time of the line under the cursor, in nanoseconds since the epoch.
            window: Times of the first and the last line in sight.
            zone: The local time zone; None for the machine's own.
            utc: Whether times are shown in UTC instead.
        """
        shown = _Shown(snapshot, cursor_time, window, UTC if utc else zone)
        if shown != self._shown:
            self._shown = shown
            self._anew()

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours."""
        self._painter = TimelinePainter(palette)
        self._anew()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        snapshot = self._shown.snapshot
        buckets = layout_for(len(snapshot), self.size.width).buckets_at(event.x - self.gutter.left)
        if buckets:
            self._on_pick(snapshot.bucket_span(buckets[0])[0], snapshot.bucket_span(buckets[-1])[1])

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        size = self.size
        if self._painted is None or self._painted[0] != size:
            self._painted = (size, self._paint(size.width, size.height))
        strips = self._painted[1]
        return strips[y] if y < len(strips) else Strip.blank(size.width, self._painter.background)

    def _anew(self) -> None:
        self._painted = None
        self.refresh()

    def _paint(self, width: int, height: int) -> list[Strip]:
        snapshot, painter = self._shown.snapshot, self._painter
        layout = layout_for(len(snapshot), width)
        buckets = _joined(snapshot.counts, layout.per)
        overs = self._overs(layout)
        rows = max(height - 1, 1)
        columns = painter.columns(buckets, overs, rows)
        room = [(" ", painter.background)] * (width - layout.width)
        lines = [[column[row] for column in columns for _ in range(layout.cells)] + room for row in range(rows)]
        if snapshot.counts:
            self._write_scale(lines[0], layout, max(map(sum, buckets)))
        if height > 1:
            lines.append(self._below(buckets, overs, layout, width))
        else:
            _add_style(lines[0], layout, overs, painter.underline)
            self._mark(lines[0], layout)
            if snapshot.leaves_out:
                _write(lines[0], 0, OLDER, painter.caret)
        return [strip_of(line) for line in lines]

    def _overs(self, layout: Layout) -> list[int]:
        """Return what lies over each column."""
        snapshot, (_, cursor, window, _) = self._shown.snapshot, self._shown
        overs = [PLAIN] * layout.columns
        if window is not None:
            first, last = ((at - snapshot.start) // snapshot.width // layout.per for at in window)
            for column in range(max(first, 0), min(last + 1, layout.columns)):
                overs[column] = WINDOW
        bucket = None if cursor is None else snapshot.bucket_at(cursor)
        if bucket is not None:
            overs[bucket // layout.per] |= CURSOR
        return overs

    def _write_scale(self, line: list[Cell], layout: Layout, peak: int) -> None:
        """Say on the right, where the bars leave room, how much a full bar is, or that it is not all yet."""
        snapshot = self._shown.snapshot
        words = f"max {short(peak)}/{width_words(snapshot.width * layout.per)}" if snapshot.complete else "counting…"
        start = len(line) - len(words) - 1
        if start > layout.width:
            _write(line, start, words, self._painter.label)

    def _below(self, buckets: Sequence[Bucket], overs: Sequence[int], layout: Layout, width: int) -> list[Cell]:
        """Draw the line of times, with marks, their words, and the cursor's place where nothing else stands."""
        painter = self._painter
        line: list[Cell] = [(" ", painter.background)] * width
        signs = self._mark(line, layout)
        taken = {sign.cell for sign in signs}
        taken |= self._write_words(line, [sign for sign in signs if sign.kind in FIRST], taken)
        taken |= self._write_older(line, taken)
        labels = self._labels(layout, width)
        free = [label for label in labels if taken.isdisjoint(range(label.cell - 1, label.end + 1))]
        for label in free or ([] if self._shown.snapshot.leaves_out else labels[:1]):
            _write(line, label.cell, label.text, painter.label)
            taken.update(range(label.cell, label.end))
        self._write_words(line, [sign for sign in signs if sign.kind not in FIRST], taken)
        _add_style(line, layout, overs, painter.in_sight)
        grey = app_of(self).no_color
        for column, over in enumerate(overs):
            if not over & CURSOR and not grey:
                continue
            cell = column * layout.cells
            if line[cell][0] == " ":
                # Shades of grey do not tell severities apart.
                word = "^" if over & CURSOR else "!" if any(buckets[column][ERROR:]) else ""
                _write(line, cell, word, painter.caret)
        return line

    def _write_older(self, line: list[Cell], taken: set[int]) -> set[int]:
        """Say on the left that there are older lines than the bars show; return the cells that this took."""
        snapshot = self._shown.snapshot
        if not snapshot.leaves_out:
            return set()
        what = f"{short(snapshot.older)} older" if snapshot.older else "older"
        key = hint(app_of(self), logs__unzoom=f"shows {what}")
        place = place_for((f"{OLDER} {key or what}", OLDER), len(line), taken)
        _write(line, place.cell, place.text, self._painter.caret)
        return set(range(place.cell, place.end))

    def _labels(self, layout: Layout, width: int) -> list[Label]:
        snapshot, zone = self._shown.snapshot, self._shown.zone
        key = (snapshot.start, snapshot.width, layout, width, zone)
        if self._labelled is None or self._labelled[0] != key:
            self._labelled = (key, labels_for(snapshot, layout, width, zone))
        return self._labelled[1]

    def _mark(self, line: list[Cell], layout: Layout) -> list[Sign]:
        """Draw what happened to streams; return it, the newest first, and what could not be drawn at the end."""
        snapshot = self._shown.snapshot
        found: dict[tuple[int, NoticeKind], None] = {}
        for mark in snapshot.marks:
            bucket = snapshot.bucket_at(mark.time)
            if bucket is not None:
                found[layout.cell_of(bucket), mark.kind] = None
        signs: dict[int, list[Sign]] = {}
        for cell, kind in sorted(found, key=lambda place: -MARKED[place[1]]):
            here = signs.setdefault(cell, [])
            here.append(Sign(cell, kind, is_drawn=not here))
        for cell, (first, *_) in signs.items():
            _write(line, cell, MARKS[first.kind], self._style_of(first.kind))
        every = (sign for here in signs.values() for sign in here)
        return sorted(every, key=lambda sign: (not sign.is_drawn, -sign.cell, -MARKED[sign.kind]))

    def _write_words(self, line: list[Cell], signs: Sequence[Sign], taken: set[int]) -> set[int]:
        """Write the words of marks where there is room; return the cells that this took."""
        words = words_for(signs, len(line), taken)
        for label, kind in words:
            _write(line, label.cell, label.text, self._style_of(kind))
        return {cell for label, _ in words for cell in range(label.cell, label.end)}

    def _style_of(self, kind: NoticeKind) -> Style:
        return self._painter.background + self._painter.palette.notice(kind)


def _write(line: list[Cell], start: int, text: str, style: Style) -> None:
    line[start : start + len(text)] = [(character, style) for character in text]


def _add_style(line: list[Cell], layout: Layout, overs: Sequence[int], style: Style) -> None:
    """Lay a style over the columns whose lines are in sight."""
    styles: dict[Style, Style] = {}
    for column, over in enumerate(overs):
        if over & WINDOW:
            for cell in range(column * layout.cells, (column + 1) * layout.cells):
                text, before = line[cell]
                line[cell] = text, styles.setdefault(before, before + style)


def _joined(counts: Sequence[Bucket], per: int) -> Sequence[Bucket]:
    """Return the sums of each `per` buckets."""
    if per == 1:
        return counts
    rest, warn, error, fatal = (
        [sum(column[start : start + per]) for start in range(0, len(column), per)]
        for column in zip(*counts, strict=True)
    )
    return list(zip(rest, warn, error, fatal, strict=True))
