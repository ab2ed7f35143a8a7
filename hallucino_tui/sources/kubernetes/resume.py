r"""Going on with a log after a cut without losing or repeating a line.

``sinceTime`` has a granularity of one second, and a server sends that whole second again. A container's log keeps its
order, and a rotation only ever cuts off its beginning. So it is enough to know the last line that was seen: whatever
comes again before it, and itself, is a replay; if it does not come again, the log was rotated in between and lines may
be missing. Equal lines at the same nanosecond are told apart by counting.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME, parse_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT: Final = 2 * NANOSECONDS
_KEPT_BYTES: Final = 256 << 10
"""Lines that are kept to count equals. Equal lines have equal times, so they stand close together."""

_SLACK: Final = NANOSECONDS
"""Times of one container's lines may step back a little: its two output streams are stamped apart from each other."""


@dataclass(slots=True)
class Position:
    """The end of what was seen of one container instance.

    Attributes:
        line: The last line with its prefix, without its newline; None before the first.
        time: Its time in nanoseconds.
        first: The first line with its prefix; None before it.
        count: How many lines were seen.
    """

    line: bytes | None = None
    time: int = NO_TIME
    first: bytes | None = None
    count: int = 0
    _recent: deque[tuple[int, bytes]] = field(default_factory=deque[tuple[int, bytes]])
    _recent_bytes: int = 0

    def copy(self) -> Position:
        """Return a position that does not move on with this one."""
        return replace(self, _recent=self._recent.copy())

    def note_older(self, lines: bytes) -> None:
        """Note whole lines that come before the first one."""
        if lines:
            self.first = lines[: lines.index(b"\n")]
            self.count += lines.count(b"\n")

    def note(self, lines: bytes) -> None:
        """Note whole lines that were seen, in order, each with its newline."""
        last, time = _last_line(lines)
        if time == NO_TIME:
            return
        self.count += lines.count(b"\n")
        if self.first is None:
            self.first = lines[: lines.index(b"\n")]
        self.line, self.time = last, time
        self._recent.append((time, lines))
        self._recent_bytes += len(lines)
        while len(self._recent) > 1 and (self._recent[0][0] < time - _KEPT or self._recent_bytes > _KEPT_BYTES):
            self._recent_bytes -= len(self._recent.popleft()[1])

    @property
    def equals(self) -> int:
        """How many lines equal to the last one were seen, itself among them."""
        return 0 if self.line is None else sum(_count(lines, self.line) for _, lines in self._recent)

    @property
    def since(self) -> str | None:
        """The ``sinceTime`` to ask for: a little before the last line, whole seconds; None before the first line."""
        if self.line is None:
            return None
        moment = datetime.fromtimestamp((self.time - _SLACK) // NANOSECONDS, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


@dataclass(slots=True)
class Replay:
    """Watches the beginning of an answer for the last line that was seen before.

    Attributes:
        position: The end of what was seen.
        found: Whether the last line came again; None as long as that is open.
        dropped: Lines that came again.
    """

    position: Position
    found: bool | None = None
    dropped: int = 0
    _held: list[bytes] = field(default_factory=list[bytes])
    _equals: int = 0
    _wanted: int = 0

    def __post_init__(self) -> None:
        self._wanted = self.position.equals
        if self.position.line is None:
            self.found = False

    @property
    def holds(self) -> bool:
        """Whether lines are held back until it is clear what they are."""
        return bool(self._held)

    def feed(self, lines: bytes) -> bytes:
        """Take whole lines; return those that are new. Lines are held back while the question is open."""
        if self.found is not None:
            return lines
        consumed = 0
        for line in _split(lines):
            consumed += len(line)
            self._held.append(line)
            if line[:-1] == self.position.line:
                self._equals += 1
                if self._equals == self._wanted:
                    self.found = True
                    self.dropped += len(self._held)
                    self._held.clear()
                    return lines[consumed:]
            elif parse_prefix(line)[0] > self.position.time + _SLACK:
                return self.decide() + lines[consumed:]
        return b""

    def decide(self) -> bytes:
        """Close the question, because nothing more will come or time is up; return the lines that were held back.

        If the last line has not come by now, everything that came is newer than it.
        """
        if self.found is None:
            if self._equals:
                # Fewer equals than were seen: the log begins between them. What follows the last of them is new.
                last = max(index for index, line in enumerate(self._held) if line[:-1] == self.position.line)
                self.found, self.dropped = True, self.dropped + last + 1
                del self._held[: last + 1]
            elif self._held:
                self.found = False
        held = b"".join(self._held)
        self._held.clear()
        return held


def _last_line(lines: bytes) -> tuple[bytes, int]:
    """Return the last line that has a time, and that time; words of the server have none."""
    end = len(lines)
    while end > 0:
        start = lines.rfind(b"\n", 0, end - 1) + 1
        time, _ = parse_prefix(lines[start : end - 1])
        if time != NO_TIME:
            return lines[start : end - 1], time
        end = start
    return b"", NO_TIME


def _split(lines: bytes) -> Iterator[bytes]:
    """Return whole lines one by one, each with its newline."""
    start = 0
    while start < len(lines):
        end = lines.index(b"\n", start) + 1
        yield lines[start:end]
        start = end


def _count(lines: bytes, line: bytes) -> int:
    """Count how often `line` is one of some whole lines."""
    wanted = line + b"\n"
    found = 0
    start = lines.find(wanted)
    while start >= 0:
        found += start == 0 or lines[start - 1 : start] == b"\n"
        start = lines.find(wanted, start + 1)
    return found
