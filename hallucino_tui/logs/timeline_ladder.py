"""Widths of the timeline's buckets. All are aligned to the epoch, so that a bucket is the same one whoever counts."""

from __future__ import annotations

from typing import Final

from hallucino_tui.logs.moment import NANOSECONDS

MILLISECOND: Final = 1_000_000
MINUTE: Final = 60 * NANOSECONDS
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_LONG: Final = tuple((7 << step) * DAY for step in range(14))
"""Weeks and their doubles, up to more than a century."""

LADDER: Final = (
    *(number * MILLISECOND for number in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(number * NANOSECONDS for number in (1, 2, 5, 10, 15, 30)),
    *(number * MINUTE for number in (1, 2, 5, 10, 15, 30)),
    *(number * HOUR for number in (1, 2, 3, 6, 12)),
    DAY,
    *_LONG,
)
"""The widths that a picture may have, in nanoseconds."""

BASES: Final = (
    *(number * MILLISECOND for number in (1, 5, 10, 50, 100, 500)),
    *(number * NANOSECONDS for number in (1, 5, 30)),
    *(number * MINUTE for number in (1, 5, 30)),
    *(number * HOUR for number in (1, 6)),
    DAY,
    *_LONG,
)
"""The widths that rows are counted at. Each divides the next, and all widths of the ladder that are not smaller."""

LEAST_BUCKETS: Final = 4
"""A picture of fewer buckets is never wanted, and the longest width could need as many."""

_BASE_BUCKETS: Final = 2048

FEW: Final = 20
"""One line in so many may be far from all others without deciding how they are counted and shown."""


def width_for(start: int, stop: int, buckets: int) -> int:
    """Return the smallest width that shows the times [`start`, `stop`) in at most `buckets` buckets, in nanoseconds."""
    buckets = max(buckets, LEAST_BUCKETS)
    for width in LADDER:
        if (stop - 1) // width - start // width < buckets:
            return width
    return LADDER[-1]


def base_for(span: int) -> int:
    """Return the width at which to count rows of which the first and the last are `span` nanoseconds apart."""
    for width in BASES:
        if span // width < _BASE_BUCKETS:
            return width
    return BASES[-1]
