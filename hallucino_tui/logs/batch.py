"""What a source hands over: batches of lines, and notices in order with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines in the order in which they came, columns side by side.

    Attributes:
        text: The bytes of all lines, one after the other, without newlines and without time prefixes (uint8).
        offsets: n + 1 positions in `text`; line i is ``text[offsets[i]:offsets[i + 1]]`` (int64).
        times: n times in nanoseconds since the epoch, `NO_TIME` where a line has none (int64).
        streams: n stream numbers (uint32).
    """

    text: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    times: NDArray[np.int64]
    streams: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.times)

    def line(self, index: int) -> bytes:
        """Return the bytes of line `index`."""
        return self.text[self.offsets[index] : self.offsets[index + 1]].tobytes()

    def select(self, keep: NDArray[np.bool_]) -> Batch:
        """Return the lines where `keep` (n booleans) is true, in the same order."""
        if bool(keep.all()):
            return self
        lengths = np.diff(self.offsets)
        text = self.text[: self.offsets[-1]][np.repeat(keep, lengths)] if len(self) else self.text
        return Batch(text, offsets_of(lengths[keep]), self.times[keep], self.streams[keep])


def offsets_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the n + 1 offsets of n lines with these lengths."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def batch_of(lines: list[bytes], times: list[int], stream: int) -> Batch:
    """Return a batch of a few separate lines of one stream (for short reads, notices and tests)."""
    return Batch(
        np.frombuffer(b"".join(lines), np.uint8),
        offsets_of(np.array([len(line) for line in lines], np.int64)),
        np.array(times, np.int64),
        np.full(len(lines), stream, np.uint32),
    )
