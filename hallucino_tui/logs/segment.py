"""A piece of the store: some MiB of text with its columns, append-only, read while it is written.

A row's number says where it is: the segment's number in the high bits, the index inside of the segment in the low 16.
So a number leads to its line without a search, stays valid for ever, and numbers of evicted rows never come back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.body import Held
from hallucino_tui.logs.file_body import FileBody
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.logs.body import StoredBody

SEGMENT_ROWS: Final = 1 << INDEX_BITS
SEGMENT_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Columns:
    """What can be read of a segment at one moment.

    Attributes:
        number: The segment's number.
        count: Rows that can be read.
        body: Where they are.
        first_time: Smallest time in the segment, as far as it is known.
        last_time: Largest time in the segment, as far as it is known.
        older: Whether the lines were read backwards on request, with a memory budget of their own.
    """

    number: int
    count: int
    body: Held | StoredBody
    first_time: int
    last_time: int
    older: bool = False

    @property
    def text(self) -> NDArray[np.uint8]:
        """Bytes of the lines, valid UTF-8 (uint8)."""
        return self.body.text

    @property
    def offsets(self) -> NDArray[np.int32]:
        """At least `count` + 1 positions in `text`."""
        return self.body.offsets

    @property
    def times(self) -> NDArray[np.int64]:
        """At least `count` times in nanoseconds since the epoch."""
        return self.body.times

    @property
    def streams(self) -> NDArray[np.uint32]:
        """At least `count` stream numbers."""
        return self.body.streams

    @property
    def levels(self) -> NDArray[np.uint8]:
        """At least `count` level codes, see `hallucino_tui.logs.severity`."""
        return self.body.levels

    @property
    def raw(self) -> Mapping[int, bytes]:
        """Original bytes of the lines that were not valid UTF-8, by index."""
        return self.body.raw

    @property
    def at_hand(self) -> bool:
        """Whether the rows are in memory; looking at others means to read a file first."""
        return isinstance(self.body, Held) or self.body.at_hand

    @property
    def has_dividers(self) -> bool:
        """Whether some rows may be dividers; the lines of files have none among them."""
        return not isinstance(self.body, FileBody)

    @property
    def span(self) -> tuple[int, int] | None:
        """Smallest and largest time, None while they are not known."""
        return None if isinstance(self.body, FileBody) else (self.first_time, self.last_time)

    @property
    def first_row(self) -> int:
        """The number of the segment's first row."""
        return self.number << INDEX_BITS

    @property
    def size(self) -> int:
        """Bytes of memory in use: text and columns."""
        return self.body.size(self.count)

    def line(self, index: int) -> bytes:
        """Return the text of a line (valid UTF-8)."""
        offsets = self.body.offsets
        return self.body.text[offsets[index] : offsets[index + 1]].tobytes()

    def original(self, index: int) -> bytes:
        """Return the bytes of a line exactly as they came."""
        raw = self.raw.get(index)
        return self.line(index) if raw is None else raw

    def series(self, start: int = 0, stop: int | None = None) -> pl.Series:
        """Return lines as a Polars series of strings that shares the segment's text."""
        # Polars takes long to import, and a reader that only draws lines never needs it.
        from hallucino_tui.logs.arrow import text_series  # noqa: PLC0415

        stop = self.count if stop is None else stop
        return text_series(self.text, self.offsets[start : stop + 1])


@dataclass(slots=True)
class SegmentWriter:
    """The one segment that still grows. Only one thread writes; `columns` can be read by any."""

    number: int
    capacity: int = SEGMENT_BYTES
    older: bool = False
    columns: Columns = field(init=False)
    _raw: dict[int, bytes] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = 1024
        body = Held(
            np.empty(self.capacity, np.uint8),
            np.zeros(rows + 1, np.int32),
            np.empty(rows, np.int64),
            np.empty(rows, np.uint32),
            np.empty(rows, np.uint8),
            self._raw,
        )
        self.columns = Columns(self.number, 0, body, np.iinfo(np.int64).max, NO_TIME, self.older)

    @property
    def free_bytes(self) -> int:
        """How many bytes of text still fit."""
        return self.capacity - int(self.columns.offsets[self.columns.count])

    @property
    def free_rows(self) -> int:
        """How many lines still fit."""
        return SEGMENT_ROWS - self.columns.count

    def append(
        self,
        text: NDArray[np.uint8],
        ends: NDArray[np.int64],
        times: NDArray[np.int64],
        streams: NDArray[np.uint32],
        levels: NDArray[np.uint8],
    ) -> tuple[int, int]:
        """Append n lines that fit; return the indices (start, stop) that they got.

        Args:
            text: Their bytes, one after the other.
            ends: Where each line ends in `text`.
            times: Their times.
            streams: Their stream numbers.
            levels: Their level codes.
        """
        old = self.columns
        start, stop = old.count, old.count + len(times)
        offsets, time_column, stream_column, level_column = self._with_room(stop)
        base = int(offsets[start])
        # What a reader sees ends at its own `count`, so everything written here is beyond its eyes.
        old.text[base : base + len(text)] = text
        offsets[start + 1 : stop + 1] = ends + base
        time_column[start:stop] = times
        stream_column[start:stop] = streams
        level_column[start:stop] = levels
        self.columns = Columns(
            self.number,
            stop,
            Held(old.text, offsets, time_column, stream_column, level_column, self._raw),
            min(old.first_time, int(times.min())),
            max(old.last_time, int(times.max())),
            self.older,
        )
        return start, stop

    def keep_raw(self, index: int, line: bytes) -> None:
        """Remember the original bytes of a line whose text had to be repaired."""
        self._raw[index] = line

    def _with_room(
        self, rows: int
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint8]]:
        old = self.columns
        if rows <= len(old.times):
            return old.offsets, old.times, old.streams, old.levels
        size = max(rows, min(2 * len(old.times), SEGMENT_ROWS))
        offsets = np.zeros(size + 1, np.int32)
        offsets[: old.count + 1] = old.offsets[: old.count + 1]
        times, streams, levels = np.empty(size, np.int64), np.empty(size, np.uint32), np.empty(size, np.uint8)
        times[: old.count] = old.times[: old.count]
        streams[: old.count] = old.streams[: old.count]
        levels[: old.count] = old.levels[: old.count]
        return offsets, times, streams, levels


def segments_in(rows: NDArray[np.int64]) -> list[int]:
    """Return the numbers of the segments that rows lie in, ascending."""
    if not len(rows):
        return []
    segments = rows >> INDEX_BITS
    low, high = int(segments.min()), int(segments.max())
    if high - low < 1 << 12:
        # Counting is several times faster than sorting, and rows that are neighbours in time are so in number, too.
        return [low + int(step) for step in np.flatnonzero(np.bincount(segments - low))]
    return [int(number) for number in np.unique(segments)]


def gather(rows: NDArray[np.int64], columns: Mapping[int, NDArray[np.generic]], out: NDArray[np.generic]) -> None:
    """Fill `out` with one value for each row from columns that are kept by segment.

    Args:
        rows: Row numbers in any order.
        columns: A column for each segment number. Rows of segments that are missing keep what `out` holds.
        out: Where the values go; as long as `rows`.
    """
    if not len(rows):
        return
    segments = rows >> INDEX_BITS
    index = rows & INDEX_MASK
    present = segments_in(rows)
    if len(present) == 1:
        if (column := columns.get(present[0])) is not None:
            out[:] = column[index]
        return
    for number in present:
        column = columns.get(number)
        if column is not None:
            here = segments == number
            out[here] = column[index[here]]


def gather_times(rows: NDArray[np.int64], segments: Mapping[int, Columns]) -> NDArray[np.int64]:
    """Return the times of rows; `NO_TIME` for those that were evicted."""
    out = np.full(len(rows), NO_TIME, np.int64)
    gather(rows, {number: segments[number].times for number in segments_in(rows) if number in segments}, out)
    return out


def gather_keys(rows: NDArray[np.int64], segments: Mapping[int, Columns]) -> NDArray[np.int64]:
    """Return what rows are sorted by; `NO_TIME` for those that were evicted."""
    out = np.full(len(rows), NO_TIME, np.int64)
    gather(rows, {number: segments[number].body.keys for number in segments_in(rows) if number in segments}, out)
    return out


def gather_levels(rows: NDArray[np.int64], segments: Mapping[int, Columns]) -> NDArray[np.uint8]:
    """Return the level codes of rows; 0 for those that were evicted."""
    out = np.zeros(len(rows), np.uint8)
    gather(rows, {number: segments[number].levels for number in segments_in(rows) if number in segments}, out)
    return out
