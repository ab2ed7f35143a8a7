"""What there is to see of a timeline at one moment. Knows no arrays, so that a screen can draw without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from hallucino_tui.logs.notice import NoticeKind

REST: Final = 0
WARN: Final = 1
ERROR: Final = 2
FATAL: Final = 3
CLASSES: Final = 4
"""The severities that a timeline tells apart, as indices of a bucket's counts."""

Bucket = tuple[int, int, int, int]
"""Lines of one bucket: all others, warnings, errors, fatal ones."""

MARKED: Final = {
    NoticeKind.EVENT: 1,
    NoticeKind.PROBE: 2,
    NoticeKind.RESTART: 3,
    NoticeKind.TROUBLE: 4,
    NoticeKind.GAP: 5,
    NoticeKind.ERROR: 6,
    NoticeKind.KILLED: 7,
    NoticeKind.ROLLOUT: 8,
    NoticeKind.OOM: 9,
}
"""The dividers that a timeline marks; where two share a place, the larger number wins."""


class Mark(NamedTuple):
    """Something that happened to a stream.

    Attributes:
        time: Nanoseconds since the epoch.
        kind: What it was: one of `MARKED`.
    """

    time: int
    kind: NoticeKind


@dataclass(frozen=True, slots=True)
class TimelineSnapshot:
    """Lines by time and severity.

    Attributes:
        start: Where the first bucket begins, in nanoseconds since the epoch; a multiple of `width`.
        width: Nanoseconds of a bucket.
        counts: The lines of each bucket, the oldest first.
        complete: Whether all lines are counted; the newest are counted first.
        first: Time of the view's first row.
        last: Time of the view's last row.
        marks: At most one of each kind for each bucket, the oldest first, and in a bucket the weightiest last.
        leaves_out: Whether rows of the view are older than the first bucket; dividers are rows, too.
        older: How many lines that are; 0 as long as not all are counted.
    """

    start: int = 0
    width: int = 1
    counts: tuple[Bucket, ...] = ()
    complete: bool = True
    first: int = 0
    last: int = 0
    marks: tuple[Mark, ...] = ()
    leaves_out: bool = False
    older: int = 0

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def stop(self) -> int:
        """Where the last bucket ends."""
        return self.start + len(self.counts) * self.width

    def bucket_at(self, time: int) -> int | None:
        """Return the index of the bucket that holds a time, or None if it is outside of the picture."""
        index = (time - self.start) // self.width
        return index if 0 <= index < len(self.counts) else None

    def bucket_span(self, index: int) -> tuple[int, int]:
        """Return when a bucket begins and ends, in nanoseconds since the epoch; the end is not part of it."""
        start = self.start + index * self.width
        return start, start + self.width

    def next_bucket(self, time: int, step: int, errors_only: bool = False) -> int | None:
        """Return when the next bucket with lines begins, or None if there is none.

        Args:
            time: Where to look from; the bucket that holds it does not count.
            step: 1 for later ones, -1 for earlier ones.
            errors_only: Whether only buckets with errors or fatal lines count.
        """
        index = (time - self.start) // self.width + step
        index = max(index, 0) if step > 0 else min(index, len(self.counts) - 1)
        while 0 <= index < len(self.counts):
            if any(self.counts[index][ERROR if errors_only else REST :]):
                return self.bucket_span(index)[0]
            index += step
        return None
