"""The format of the times in a file, as it was found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.time_formats.clock import Clock

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    from hallucino_tui.logs.time_formats.places import Spots

# So many lines, spots in them, and bytes of them (or one line) are read at once: it bounds the memory for it.
_SLICE: Final = 16_384
_SLICE_BYTES: Final = 8 << 20


class Place(Protocol):
    """Knows where in lines times may stand."""

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return the spots in n lines."""
        ...


class Way(Protocol):
    """Knows how times are written."""

    @property
    def name(self) -> str:
        """What a reader calls it."""
        ...

    @property
    def zoned_name(self) -> str:
        """What a reader calls it when an offset from UTC belongs to it."""
        ...

    @property
    def marks(self) -> bytes:
        """Bytes that every such time has in it."""
        ...

    def read(
        self, block: NDArray[np.uint8], positions: NDArray[np.int64], limits: NDArray[np.int64], clock: Clock
    ) -> NDArray[np.int64]:
        """Return one time for each position, or `NO_TIME`."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place, and how times are written there.

    Attributes:
        place: Where they stand.
        way: How they are written.
        where: The place in words, nothing for a line's beginning.
        name: What a reader calls the two together, if it has a name of its own.
        loose: Whether other things than times look like this now and then.
    """

    place: Place
    way: Way
    where: str = ""
    name: str = ""
    loose: bool = False

    def read(
        self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], clock: Clock
    ) -> NDArray[np.int64]:
        """Read the first time of each of n lines that is one; `NO_TIME` where there is none."""
        return self.read_at(self.place.find(block, starts, ends), block, ends, clock)

    def read_at(
        self, spots: Spots, block: NDArray[np.uint8], ends: NDArray[np.int64], clock: Clock
    ) -> NDArray[np.int64]:
        """Do the same where the place has been found already."""
        times = np.full(len(ends), NO_TIME, np.int64)
        rows, positions = spots
        # Backwards, so that the first of several times in a line is the last one written.
        for first in range(0, len(rows), _SLICE)[::-1]:
            part = slice(first, first + _SLICE)
            found = self.way.read(block, positions[part], ends[rows[part]], clock)
            good = np.flatnonzero(found != NO_TIME)[::-1]
            times[rows[part][good]] = found[good]
        return times

    def title(self, *, zoned: bool) -> str:
        """Return what a reader calls it, with an offset from UTC or without."""
        name = self.name or (self.way.zoned_name if zoned else self.way.name)
        return f"{name} in {self.where}" if self.where else name


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """Reads the times of any part of a file. It has no state: every thread may use it.

    Attributes:
        name: What a reader calls it.
        candidates: What is tried, one after the other, for lines that the ones before did not read.
        clock: Knows what times leave out.
    """

    name: str
    candidates: tuple[Candidate, ...]
    clock: Clock

    def parse(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return n times in nanoseconds since the epoch, `NO_TIME` where a line has none.

        Args:
            block: The bytes.
            starts: Where each line begins, ascending.
            ends: Where each line ends, at its newline or where the next line begins.
        """
        times = np.full(len(starts), NO_TIME, np.int64)
        first = 0
        while first < len(starts):
            within = int(ends.searchsorted(int(starts[first]) + _SLICE_BYTES, side="right"))
            part = slice(first, min(first + _SLICE, max(within, first + 1)))
            self._parse_part(block, starts[part], ends[part], times[part])
            first = part.stop
        return times

    def with_latest(self, latest: int, zone: tzinfo) -> TimeFormat:
        """Return the same format for a file that was written last at another time."""
        return replace(self, clock=Clock(latest, zone))

    def _parse_part(
        self,
        block: NDArray[np.uint8],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        times: NDArray[np.int64],
    ) -> None:
        low = int(starts[0])
        block = np.ascontiguousarray(block[low : int(ends[-1])])
        if not len(block):
            return
        starts, ends = starts - low, ends - low
        times[:] = self.candidates[0].read(block, starts, ends, self.clock)
        for candidate in self.candidates[1:]:
            rows = np.flatnonzero(times == NO_TIME)
            if not len(rows):
                return
            times[rows] = candidate.read(block, starts[rows], ends[rows], self.clock)
