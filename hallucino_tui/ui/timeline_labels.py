"""Where the buckets of a timeline stand on a screen, and which times are written below them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.timeline_ladder import DAY, LADDER, MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import tzinfo

    from hallucino_tui.logs.timeline_snapshot import TimelineSnapshot

MARKS: Final = {
    NoticeKind.ROLLOUT: "▲",
    NoticeKind.OOM: "✖",
    NoticeKind.KILLED: "✖",
    NoticeKind.RESTART: "↻",
    NoticeKind.PROBE: "◇",
    NoticeKind.TROUBLE: "!",
    NoticeKind.ERROR: "!",
    NoticeKind.GAP: "?",
    NoticeKind.EVENT: "+",
}
"""What stands for a divider."""

WORDS: Final = {
    NoticeKind.ROLLOUT: "rollout",
    NoticeKind.OOM: "OOM",
    NoticeKind.KILLED: "killed",
    NoticeKind.RESTART: "restart",
    NoticeKind.PROBE: "probe",
    NoticeKind.TROUBLE: "trouble",
    NoticeKind.ERROR: "error",
    NoticeKind.GAP: "gap",
    NoticeKind.EVENT: "event",
}
"""What is written beside of a mark where there is room."""

FIRST: Final = frozenset((NoticeKind.ROLLOUT, NoticeKind.OOM, NoticeKind.KILLED))
"""What is worth more than a round time."""

_FARTHEST: Final = 12
"""Cells between a mark and the words of another one that has the same place."""

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


class Sign(NamedTuple):
    """A mark that is to be named.

    Attributes:
        cell: Where it is.
        kind: What it stands for.
        is_drawn: Whether it is drawn there; otherwise another one is, and this one stands with its word beside of it.
    """

    cell: int
    kind: NoticeKind
    is_drawn: bool = True

    @property
    def text(self) -> str:
        """What is written for it."""
        return WORDS[self.kind] if self.is_drawn else f"{MARKS[self.kind]} {WORDS[self.kind]}"


def words_for(signs: Sequence[Sign], width: int, taken: AbstractSet[int]) -> list[tuple[Label, NoticeKind]]:
    """Return the words of marks, each right of its mark or else left of it, where there is room.

    Args:
        signs: The marks.
        width: Cells of the line.
        taken: Cells that are not free, those of all marks among them.
    """
    found: list[tuple[Label, NoticeKind]] = []
    used = set(taken)
    for sign in signs:
        for start in _places(sign):
            own = range(start, start + len(sign.text))
            if start >= 0 and own.stop <= width and used.isdisjoint(_with_margins(own, sign)):
                found.append((Label(start, sign.text), sign.kind))
                used.update(own)
                break
    return found


def place_for(texts: Sequence[str], width: int, taken: AbstractSet[int]) -> Label:
    """Return the first of some texts for which there is room, as far to the left as there is; else the last, at cell 0.

    Args:
        texts: What may be written, the best first.
        width: Cells of the line.
        taken: Cells that are not free.
    """
    for text in texts:
        for start in range(width - len(text) + 1):
            if taken.isdisjoint(range(start - 1, start + len(text) + 1)):
                return Label(start, text)
    return Label(0, texts[-1])


def _places(sign: Sign) -> Iterator[int]:
    """Yield where the word of a mark may begin, the best place first."""
    length = len(sign.text)
    for away in range(1 if sign.is_drawn else _FARTHEST):
        yield sign.cell + 2 + away
        yield sign.cell - 1 - length - away


def _with_margins(own: range, sign: Sign) -> Iterable[int]:
    """Return the cells of a word and those on both of its sides, but not that of its own mark."""
    return (cell for cell in range(own.start - 1, own.stop + 1) if cell != sign.cell or not sign.is_drawn)


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
