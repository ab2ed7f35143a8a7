"""Finding out which way a file writes its times."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.levels import detect_continuations
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.time_formats.clock import Clock
from hallucino_tui.logs.time_formats.formats import candidates
from hallucino_tui.logs.time_formats.time_format import Candidate, TimeFormat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from numpy.typing import NDArray

    from hallucino_tui.logs.time_formats.places import Spots

_SAMPLE: Final = 512  # lines
_SAMPLE_BYTES: Final = 1 << 20
_MOST: Final = 3  # ways of writing times in one file
_ENOUGH: Final = 0.98  # of the lines that can have a time: no other format is looked for
_BETTER: Final = 1.02  # so many times the lines must a format read to go before one that is usually the better one
_LEAST: Final = 1 / 3  # of the lines that can have a time
_LEAST_MORE: Final = 0.02  # of them, for one format more
_LEAST_MORE_LOOSE: Final = 0.2


def detect(
    block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], *, latest: int, zone: tzinfo
) -> TimeFormat | None:
    """Find the format of the times in a file from its first lines.

    Args:
        block: The bytes.
        starts: Where each line begins, ascending.
        ends: Where each line ends.
        latest: When the file was written last, in nanoseconds since the epoch. A time without a year gets the last year
            in which it is not more than a day after that.
        zone: Where times were written that do not name their offset from UTC.

    Returns:
        The format that reads most of the first lines, with up to two more for the lines that it does not read; None if
        less than a third of the lines that may begin a record have a time.
    """
    starts, ends = starts[:_SAMPLE], ends[:_SAMPLE]
    if not len(starts):
        return None
    low = int(starts[0])
    count = max(int(ends.searchsorted(low + _SAMPLE_BYTES)), 1)
    starts, ends = starts[:count] - low, ends[:count] - low
    block = np.ascontiguousarray(block[low : low + min(int(ends[-1]), _SAMPLE_BYTES)])
    ends = np.minimum(ends, len(block))
    heads = _find_heads(block, starts, ends)
    if not len(heads):
        return None
    chosen, covered = _choose(block, starts[heads], ends[heads], Clock(latest, zone))
    if covered < _LEAST * len(heads):
        return None
    zoned = _is_zoned(chosen[0], block, starts[heads], ends[heads])
    return TimeFormat(chosen[0].title(zoned=zoned), tuple(chosen), Clock(latest, zone))


def _find_heads(block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which lines may begin a record: not blank ones, nor those that go on with a stack trace."""
    import polars as pl  # noqa: PLC0415 - it takes long to import

    texts = [
        block[start:end].tobytes().decode(errors="replace")
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    lines = pl.Series(texts, dtype=pl.String)
    outside = lines.str.contains(r"^[^\s})\]]").to_numpy()
    return np.flatnonzero(outside & ~detect_continuations(lines))


def _choose(
    block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], clock: Clock
) -> tuple[list[Candidate], int]:
    """Choose formats, each for the lines that the ones before do not read; return also how many lines all read."""
    text = block.tobytes()
    possible = [
        candidate
        for word, candidate in candidates()
        if word in text and all(mark in text for mark in candidate.way.marks)
    ]
    chosen: list[Candidate] = []
    missing = np.arange(len(starts))
    for _ in range(_MOST):
        best, read = _best(possible, block, starts[missing], ends[missing], clock)
        if best is None or (chosen and not _worth(best, int(read.sum()), len(starts))):
            break
        chosen.append(best)
        missing = missing[~read]
        if len(missing) <= (1 - _ENOUGH) * len(starts):
            break
    return chosen, len(starts) - len(missing)


def _best(
    possible: Iterable[Candidate],
    block: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    clock: Clock,
) -> tuple[Candidate | None, NDArray[np.bool_]]:
    """Return the format that reads most lines, and which lines those are."""
    best, most = None, np.zeros(len(starts), np.bool_)
    found: dict[int, Spots] = {}
    for candidate in possible:
        spots = found.get(id(candidate.place))
        if spots is None:
            spots = found[id(candidate.place)] = candidate.place.find(block, starts, ends)
        read = candidate.read_at(spots, block, ends, clock) != NO_TIME
        if read.sum() > _BETTER * most.sum():
            best, most = candidate, read
            if read.sum() >= _ENOUGH * len(starts):
                break
    return best, most


def _worth(candidate: Candidate, count: int, lines: int) -> bool:
    """Say whether a further format is one, or a few lines that happen to look like it."""
    return count >= 2 and count >= (_LEAST_MORE_LOOSE if candidate.loose else _LEAST_MORE) * lines


def _is_zoned(
    candidate: Candidate, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> bool:
    """Say whether times name their offset: then it does not matter where one thinks they were written."""
    here, there = (candidate.read(block, starts, ends, Clock(0, timezone(timedelta(hours=hours)))) for hours in (0, 1))
    read = here != NO_TIME
    return int((here == there)[read].sum()) * 2 > int(read.sum())
