"""What a segment's rows are made of: held in memory, or read from a file whenever somebody looks at them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

LOOKS: Final = itertools.count(1)
"""Numbers the looks at bodies on a disk, of whatever kind: the one that was looked at longest ago leaves first."""

BYTES_A_ROW: Final = 4 + 8 + 4 + 1
"""What the columns of a segment hold for each line: offset, time, stream, level."""


class Body(Protocol):
    """The columns of a segment. Arrays may be longer than the segment's count; the rest is not yet written.

    Reading one that is not in memory brings it there; any thread may do so.
    """

    @property
    def text(self) -> NDArray[np.uint8]:
        """Bytes of the lines, valid UTF-8, one after the other without newlines."""
        ...

    @property
    def offsets(self) -> NDArray[np.int32]:
        """Count + 1 positions in `text`."""
        ...

    @property
    def times(self) -> NDArray[np.int64]:
        """Nanoseconds since the epoch."""
        ...

    @property
    def keys(self) -> NDArray[np.int64]:
        """What the display order sorts by: the times, but never one smaller than that of a line before in its file."""
        ...

    @property
    def streams(self) -> NDArray[np.uint32]:
        """Stream numbers."""
        ...

    @property
    def levels(self) -> NDArray[np.uint8]:
        """Level codes, see `hallucino_tui.logs.severity`."""
        ...

    @property
    def raw(self) -> Mapping[int, bytes]:
        """Original bytes of the lines that were not valid UTF-8, by index."""
        ...

    def size(self, count: int) -> int:
        """Return how many bytes of memory `count` rows take now."""
        ...


class StoredBody(Body, Protocol):
    """A body that lies on a disk and is in memory only while there is room."""

    @property
    def used(self) -> int:
        """A number that is higher the later the text was looked at; 0 for never."""
        ...

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be brought into memory before somebody looks."""
        ...

    @property
    def at_hand(self) -> bool:
        """Whether all of it is in memory, so that looking costs nothing."""
        ...

    @property
    def known(self) -> bool:
        """Whether times and levels are in memory."""
        ...

    def settle(self) -> None:
        """Bring all of it into memory."""
        ...

    def release(self) -> None:
        """Let the text go; it is read again when somebody looks."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A body in memory."""

    text: NDArray[np.uint8]
    offsets: NDArray[np.int32]
    times: NDArray[np.int64]
    streams: NDArray[np.uint32]
    levels: NDArray[np.uint8]
    raw: Mapping[int, bytes]

    @property
    def keys(self) -> NDArray[np.int64]:
        """Who hands over lines that are kept in memory gives them times that are in order."""
        return self.times

    def size(self, count: int) -> int:
        """Return how many bytes of memory `count` rows take."""
        return int(self.offsets[count]) + count * BYTES_A_ROW
