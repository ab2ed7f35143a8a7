"""Rows whose bytes lie in a file: read, checked and understood when somebody looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from hallucino_tui.logs.batch import Batch, offsets_of
from hallucino_tui.logs.body import LOOKS
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.records import LevelReader, carried
from hallucino_tui.logs.utf8 import make_valid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

NEWLINE: Final = 10
GONE: Final = b"(this line was in the file when it was opened, and is not there any more)"


class TimeFormat(Protocol):
    """Reads the times that lines of a file carry."""

    @property
    def name(self) -> str:
        """What a reader calls it."""
        ...

    def parse(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return one time in nanoseconds for each line, `NO_TIME` where it has none."""
        ...


class _Text(NamedTuple):
    text: NDArray[np.uint8]
    offsets: NDArray[np.int32]
    raw: Mapping[int, bytes]


class FileBody:
    """Lines of one stream that lie next to each other in a file.

    Where each line ends is known from the start; text, times and levels are found when they are first asked for. Two
    threads that ask at once may both do the work, and find the same.
    """

    __slots__ = ("_carry", "_format", "_keys", "_levels", "_offsets", "_read", "_streams", "_text", "_times", "used")

    def __init__(
        self,
        read: Callable[[], bytes],
        offsets: NDArray[np.int32],
        stream: int,
        format_: TimeFormat | None,
        carry: int,
    ) -> None:
        """Note where the lines are.

        Args:
            read: Returns the bytes with their newlines, as far as they are still there.
            offsets: n + 1 positions in the text without newlines.
            stream: The stream's number.
            format_: Reads the times; None if the lines carry none.
            carry: The time of the line before the first one, in nanoseconds: lines without a time have that one.
        """
        self._read = read
        self._offsets = offsets
        self._streams = np.broadcast_to(np.array(stream, np.uint32), len(offsets) - 1)
        self._format = format_
        self._carry = carry
        self._text: _Text | None = None
        self._times: NDArray[np.int64] | None = None
        self._keys: NDArray[np.int64] | None = None
        self._levels: NDArray[np.uint8] | None = None
        self.used = 0

    @property
    def text(self) -> NDArray[np.uint8]:
        """Bytes of the lines, valid UTF-8."""
        return self._look().text

    @property
    def offsets(self) -> NDArray[np.int32]:
        """N + 1 positions in `text`."""
        return self._look().offsets

    @property
    def raw(self) -> Mapping[int, bytes]:
        """Original bytes of the lines that were not valid UTF-8."""
        return self._look().raw

    @property
    def streams(self) -> NDArray[np.uint32]:
        """The one stream, n times, without memory for it."""
        return self._streams

    @property
    def times(self) -> NDArray[np.int64]:
        """N times; a line without one has that of the line before."""
        times = self._times
        if times is None:
            times = self._times = self._find_times()
        return times

    @property
    def keys(self) -> NDArray[np.int64]:
        """The times, none of them smaller than one before: lines of a file keep their order."""
        keys = self._keys
        if keys is None:
            times = self.times
            keys = np.maximum(np.maximum.accumulate(times), self._carry)
            keys = self._keys = times if bool((keys == times).all()) else keys
        return keys

    @property
    def levels(self) -> NDArray[np.uint8]:
        """N level codes."""
        levels = self._levels
        if levels is None:
            levels = self._levels = self._find_levels()
        return levels

    @property
    def settled(self) -> bool:
        """Whether text, times and levels are in memory."""
        return self._text is not None and self.known

    @property
    def at_hand(self) -> bool:
        """Whether text, times and levels are in memory."""
        return self.settled

    @property
    def known(self) -> bool:
        """Whether times and levels are in memory."""
        return self._times is not None and self._levels is not None

    def settle(self) -> None:
        """Bring text, times and levels into memory."""
        _ = self.text, self.times, self.levels

    def release(self) -> None:
        """Let the text go."""
        self._text = None

    def size(self, count: int) -> int:
        """Return how many bytes of memory `count` rows take now."""
        text, offsets = self._text, 4 * (count + 1)
        size = offsets if text is None else offsets + len(text.text)
        size += 0 if self._times is None else 8 * count
        size += 0 if self._keys is None or self._keys is self._times else 8 * count
        return size + (0 if self._levels is None else count)

    def _look(self) -> _Text:
        text = self._text
        if text is None:
            text = self._text = self._find_text()
        self.used = next(LOOKS)
        return text

    def _find_text(self) -> _Text:
        data, offsets = self._read(), self._offsets
        count = len(offsets) - 1
        whole = np.frombuffer(data, np.uint8)
        ends = offsets[1:].astype(np.int64) + np.arange(count)
        # The last line of a file may lack its newline.
        there = int(np.searchsorted(ends, len(whole) + int(len(whole) == int(ends[-1])), side="left"))
        stop = min(int(ends[there - 1]) + 1, len(whole)) if there else 0
        marks = ends[:there][ends[:there] < len(whole)]
        if not bool((whole[marks] == NEWLINE).all()) or data.count(b"\n", 0, stop) != len(marks):
            there = stop = 0  # the file holds something else by now
        compact = data.replace(b"\n", b"") if there == count else data[:stop].replace(b"\n", b"")
        if there < count:
            lengths = np.full(count, len(GONE), np.int64)
            lengths[:there] = np.diff(offsets[: there + 1])
            compact += GONE * (count - there)
            offsets = offsets_of(lengths).astype(np.int32)
        return _repaired(np.frombuffer(compact, np.uint8), offsets)

    def _find_times(self) -> NDArray[np.int64]:
        if self._format is None:
            return np.full(len(self._streams), self._carry, np.int64)
        offsets = self.offsets.astype(np.int64)
        times = self._format.parse(self.text, offsets[:-1], offsets[1:])
        return carried(times, times == NO_TIME, self._carry)

    def _find_levels(self) -> NDArray[np.uint8]:
        from hallucino_tui.logs.arrow import text_series  # noqa: PLC0415 - Polars takes long to import

        return LevelReader().read(text_series(self.text, self.offsets), self._streams)


def _repaired(text: NDArray[np.uint8], offsets: NDArray[np.int32]) -> _Text:
    """Return text that is valid UTF-8, and the bytes of the lines that were not."""
    batch, raw = make_valid(Batch(text, offsets.astype(np.int64), np.empty(0, np.int64), np.empty(0, np.uint32)))
    return _Text(batch.text, offsets, raw) if not raw else _Text(batch.text, batch.offsets.astype(np.int32), raw)


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a file that a source hands over without their text.

    Attributes:
        body: The lines.
        count: How many.
        first_key: What the first of them is sorted by, in nanoseconds.
        last_key: The same of the last one.
        bytes: Length of their text without newlines.
    """

    body: FileBody
    count: int
    first_key: int
    last_key: int
    bytes: int
