"""The work of the timeline that looks at rows: one chunk at a time, in any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.timeline_counts import Close, Known, count_chunk, count_close, count_grown

if TYPE_CHECKING:
    from hallucino_tui.logs.order import Chunk
    from hallucino_tui.logs.snapshot import StoreSnapshot

_LONG_ROWS: Final = 4096


class TimelineResult(NamedTuple):
    """What some work found out; what it was not asked for is None."""

    known: Known | None
    close: Close | None


class Newest(NamedTuple):
    """The chunk that was the last of its view when it was counted."""

    chunk: Chunk
    known: Known


@dataclass(frozen=True, slots=True, eq=False)
class TimelineWork:
    """One chunk whose lines are to be counted. It can be done in any thread.

    Attributes:
        chunk: Its rows.
        store: Holds them.
        close: Bucket width, start and stop of the part that needs narrower buckets; None if no line is counted yet.
        newest: What may be known of most of its rows; only for the last chunk of a view.
        is_last: Whether it is the last chunk of the view.
        replaces: Serial of the chunk that this one stands for now, if any.
    """

    chunk: Chunk
    store: StoreSnapshot
    close: tuple[int, int, int] | None
    newest: Newest | None
    is_last: bool
    replaces: int | None

    @property
    def is_long(self) -> bool:
        """Whether this takes so long that a loop should not wait for it."""
        known = 0 if self.newest is None else len(self.newest.chunk)
        return abs(len(self.chunk) - known) > _LONG_ROWS

    def run(self) -> TimelineResult:
        """Count the lines."""
        if self.close is not None:
            return TimelineResult(None, count_close(self.chunk, self.store, *self.close))
        known: Known | None = None
        if self.newest is not None:
            known = count_grown(self.newest.chunk, self.newest.known, self.chunk, self.store)
        return TimelineResult(known or count_chunk(self.chunk, self.store), None)
