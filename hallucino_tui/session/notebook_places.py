"""Where in the logs an entry of a notebook belongs, so that its lines can be found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.session.notebook import LABELS, AnswerEntry, Entry, LinesEntry, ViewEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable

_NO_LABELS: Final[Mapping[str, str]] = {}
_MOST_AT_ONCE: Final = 2_000
"""Lines of one moment that are looked at."""


class Place(NamedTuple):
    """A moment of one stream.

    Attributes:
        time: Nanoseconds since the epoch.
        labels: Those of its stream; empty for any.
    """

    time: int
    labels: Mapping[str, str] = _NO_LABELS


def place_of(entry: Entry) -> Place | None:
    """Return where what was kept begins: its first line, or the earliest thing that an answer rests on.

    Returns:
        The place; None if nothing of it has a time.
    """
    match entry:
        case LinesEntry():
            return next((Place(line.time, line.labels) for line in entry.lines if line.time is not None), None)
        case ViewEntry():
            times = [line.time for line in entry.lines if line.time is not None]
            start = entry.since if entry.since is not None else min(times, default=None)
        case AnswerEntry():
            cited = {number for claim in entry.claims for number in claim.citations}
            sent = (
                [one for number, one in enumerate(entry.sent, start=1) if number in cited] or entry.sent or entry.more
            )
            start = min((one.first for one in sent if one.first is not None), default=None)
    return None if start is None else Place(start)


def find_row(place: Place, view: ViewSnapshot, table: StreamTable) -> int | None:
    """Return the row of a view that stands at a place, or None if none does."""
    start = view.position_of_time(place.time)
    for row in view.rows(start, start + _MOST_AT_ONCE):
        found = view.store.find(row)
        if found is None:
            continue
        columns, index = found
        if int(columns.times[index]) != place.time:
            return None
        labels = table[int(columns.streams[index])].labels
        if all(labels.get(name) == place.labels[name] for name in LABELS if name in place.labels):
            return row
    return None
