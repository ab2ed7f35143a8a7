"""Rows that left memory and lie compressed on a disk until somebody looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from hallucino_tui.logs.body import LOOKS, Held

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from hallucino_tui.logs.segment import Columns


class Spill(Protocol):
    """Keeps segments on a disk."""

    def keep(self, columns: Columns) -> SpilledBody:
        """Write a segment, and return how to get it back.

        Raises:
            OSError: It cannot be written.
        """
        ...


class SpilledBody:
    """The columns of a segment that lies on a disk. All of it comes back at once."""

    __slots__ = ("_held", "_read", "used")

    def __init__(self, read: Callable[[], Held]) -> None:
        """Note where it is.

        Args:
            read: Returns the columns.
        """
        self._read = read
        self._held: Held | None = None
        self.used = 0

    @property
    def text(self) -> NDArray[np.uint8]:
        """Bytes of the lines, valid UTF-8."""
        return self._look().text

    @property
    def offsets(self) -> NDArray[np.int32]:
        """Count + 1 positions in `text`."""
        return self._look().offsets

    @property
    def times(self) -> NDArray[np.int64]:
        """Nanoseconds since the epoch."""
        return self._look().times

    @property
    def keys(self) -> NDArray[np.int64]:
        """What the display order sorts by."""
        return self._look().times

    @property
    def streams(self) -> NDArray[np.uint32]:
        """Stream numbers."""
        return self._look().streams

    @property
    def levels(self) -> NDArray[np.uint8]:
        """Level codes."""
        return self._look().levels

    @property
    def raw(self) -> Mapping[int, bytes]:
        """Original bytes of the lines that were not valid UTF-8."""
        return self._look().raw

    @property
    def settled(self) -> bool:
        """Nothing is brought back before somebody looks."""
        return True

    @property
    def at_hand(self) -> bool:
        """Whether it is in memory."""
        return self._held is not None

    @property
    def known(self) -> bool:
        """Nothing is brought back before somebody looks."""
        return True

    def settle(self) -> None:
        """Bring all of it into memory."""
        self._look()

    def release(self) -> None:
        """Let it go again."""
        self._held = None

    def size(self, count: int) -> int:
        """Return how many bytes of memory `count` rows take now."""
        held = self._held
        return 0 if held is None else held.size(count)

    def _look(self) -> Held:
        held = self._held
        if held is None:
            held = self._held = self._read()
        self.used = next(LOOKS)
        return held


def packed(columns: Columns) -> tuple[NDArray[np.uint8], ...]:
    """Return the columns of a segment as bytes, in the order that `unpacked` takes them."""
    count = columns.count
    offsets = columns.offsets[: count + 1]
    parts = (offsets, columns.times[:count], columns.streams[:count], columns.levels[:count])
    return (*(np.ascontiguousarray(part).view(np.uint8) for part in parts), columns.text[: offsets[-1]])


def unpacked(data: bytes, count: int, raw: Mapping[int, bytes]) -> Held:
    """Return the columns that `packed` gave as one run of bytes."""
    offsets = np.frombuffer(data, np.int32, count + 1)
    times = np.frombuffer(data, np.int64, count, start := offsets.nbytes)
    streams = np.frombuffer(data, np.uint32, count, start := start + times.nbytes)
    levels = np.frombuffer(data, np.uint8, count, start := start + streams.nbytes)
    return Held(np.frombuffer(data, np.uint8, offset=start + levels.nbytes), offsets, times, streams, levels, raw)
