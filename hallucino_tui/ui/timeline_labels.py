"""Where the buckets of a timeline stand on a screen, and which times are written below them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.timeline_ladder import DAY, LADDER, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from hallucino_tui.logs.timeline_snapshot import TimelineSnapshot

_GAP: Final = 3
_MANY_DAYS: Final = 200 * DAY
_SECOND: Final = timedelta(seconds=1)


class Layout(NamedTuple):
    """How buckets lie on a line.

    Attributes:
        buckets: How many there are.
        per: Buckets that share a column: 1 unless there are more buckets than cells.
        cells: Cells of a column.
    """

    buckets: int
    per: int
    cells: int

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return -(-self.buckets // self.per)

    @property
    def width(self) -> int:
        """Cells that all columns take."""
        return self.columns * self.cells

    def cell_of(self, bucket: int) -> int:
        """Return the first cell of a bucket."""
        return bucket // self.per * self.cells

    def buckets_at(self, cell: int) -> range:
        """Return the buckets that a cell shows; none if it is beside of the columns."""
        if not 0 <= cell < self.width:
            return range(0)
        first = cell // self.cells * self.per
        return range(first, min(first + self.per, self.buckets))


def layout_for(buckets: int, width: int) -> Layout:
    """Return how buckets lie on `width` cells: all of them, as wide as there is room for, one as wide as the other."""
    per = max(-(-buckets // max(width, 1)), 1)
    columns = -(-buckets // per)
    return Layout(buckets, per, max(width // columns, 1) if columns else 1)


class Label(NamedTuple):
    """A time, and the cell that it begins at."""

    cell: int
    text: str

    @property
    def end(self) -> int:
        """The cell behind it."""
        return self.cell + len(self.text)


def labels_for(snapshot: TimelineSnapshot, layout: Layout, width: int, zone: tzinfo | None) -> list[Label]:
    """Return round times where they fit, or the first bucket's time if none does.

    Args:
        snapshot: The buckets.
        layout: Where they are.
        width: Cells of the line.
        zone: In which zone times are round; None for the machine's own.
    """
    if not layout.buckets:
        return []
    column = snapshot.width * layout.per
    try:
        for step in LADDER:
            text = _text(snapshot.start, step, snapshot, zone)
            if step * layout.cells >= (len(text) + _GAP) * column:
                return _fitting(snapshot, layout, width, step, zone)
    except (OverflowError, OSError, ValueError):
        pass  # no calendar has such times
    return []


def _fitting(snapshot: TimelineSnapshot, layout: Layout, width: int, step: int, zone: tzinfo | None) -> list[Label]:
    found: list[Label] = []
    for time in _round_times(snapshot.start, snapshot.stop, step, zone):
        label = Label(layout.cell_of((time - snapshot.start) // snapshot.width), _text(time, step, snapshot, zone))
        end = found[-1].end + 1 if found else 0
        if end <= label.cell <= width - len(label.text):
            found.append(label)
    first = _text(snapshot.start, snapshot.width, snapshot, zone)
    return found or ([Label(0, first)] if len(first) <= width else [])


def _round_times(start: int, stop: int, step: int, zone: tzinfo | None) -> Iterator[int]:
    """Yield the times that are multiples of `step` on a clock in a zone."""
    offset = _offset(start, zone)
    local = -(-(start + offset) // step) * step
    while True:
        offset = _offset(local - offset, zone)
        time = local - offset
        if time >= stop:
            return
        if time >= start:
            yield time
        local += step


def _moment(time: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(time // NANOSECONDS, UTC).astimezone(zone)


def _offset(time: int, zone: tzinfo | None) -> int:
    offset = _moment(time, zone).utcoffset()
    return 0 if offset is None else offset // _SECOND * NANOSECONDS


def _text(time: int, step: int, snapshot: TimelineSnapshot, zone: tzinfo | None) -> str:
    """Return a time as exactly as labels `step` nanoseconds apart need it."""
    moment = _moment(time, zone)
    if step < NANOSECONDS:
        return f"{moment:%H:%M:%S}.{time % NANOSECONDS // 1_000_000:03d}"
    if step < MINUTE:
        return f"{moment:%H:%M:%S}"
    if step < DAY and (moment.hour or moment.minute):
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if step >= DAY and snapshot.stop - snapshot.start > _MANY_DAYS else f"{moment:%m-%d}"


def width_words(width: int) -> str:
    """Return the width of a bucket in few characters: 500ms, 15s, 2h."""
    for size, unit in ((DAY, "d"), (60 * MINUTE, "h"), (MINUTE, "m"), (NANOSECONDS, "s")):
        if width >= size and not width % size:
            return f"{width // size}{unit}"
    return f"{width // 1_000_000}ms"
