"""One container instance's log on its node: pieces with times, rotation, and readers that follow it.

It behaves as a container runtime that writes log files and a kubelet that reads them back do together: a line over
16 KiB is kept in pieces which are joined again when read, a last line without newline is not to be seen before the
container ends, only the newest file can be read, and a follower that is late misses the files in between.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from hallucino_tui.demo.timeformat import PREFIX_LENGTH, SECOND, log_prefix, second_prefix

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

LogStream = Literal["stdout", "stderr"]

PIECE = 16_384
"""Bytes of a line that are kept together."""

BLOCK = 1 << 20
"""About how many bytes a reader returns at once."""


class Segment:
    """One file. Entry `i` was written at `times[i]`; `records[i]` is its prefix, its text and, if whole, a newline."""

    __slots__ = ("monotonic", "partial", "records", "size", "times")

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.times: array[int] = array("q")
        self.partial: set[int] = set()
        self.size = 0
        self.monotonic = True

    def append(self, time_ns: int, content: bytes, *, whole: bool) -> None:
        """Add one entry; `whole` entries get a newline, others go on in the next entry."""
        if self.times and time_ns < self.times[-1]:
            self.monotonic = False
        if not whole:
            self.partial.add(len(self.records))
        record = b"%b%b%b" % (log_prefix(time_ns), content, b"\n" if whole else b"")
        self.records.append(record)
        self.times.append(time_ns)
        self.size += len(record)

    def extend(self, times: Sequence[int], records: list[bytes]) -> None:
        """Add whole entries that are rendered already."""
        if self.times and times[0] < self.times[-1]:
            self.monotonic = False
        self.records += records
        self.times.extend(times)
        self.size += sum(map(len, records))


class LogFile:
    """What one run of a container has written.

    Attributes:
        closed: The container has ended; nothing is written any more.
        lines: Whole lines written so far, in files that are gone too.
        max_bytes: Size at which a new file is begun, or None for never.
    """

    def __init__(self, *, clock: Callable[[], int] = time.time_ns, max_bytes: int | None = None) -> None:
        self.closed = False
        self.lines = 0
        self.max_bytes = max_bytes
        self.current = Segment()
        self._clock = clock
        self._last_time = 0
        self._held: dict[LogStream, bytes] = {}
        self._listeners: set[asyncio.Event] = set()

    def write(self, data: bytes, *, time_ns: int | None = None, stream: LogStream = "stdout") -> None:
        """Write bytes as the program does: any number of lines and a rest.

        Args:
            data: What was written. Bytes after the last newline wait for more, as in the real runtime.
            time_ns: Time of every line in it. None means now, later for each.
            stream: Which of the two; each has a rest of its own.
        """
        self._check_open()
        *complete, rest = (self._held.get(stream, b"") + data).split(b"\n")
        for line in complete:
            self._append_line(line, time_ns)
        start = 0
        while len(rest) - start > PIECE:
            self.current.append(self._time(time_ns), rest[start : start + PIECE], whole=False)
            start += PIECE
        self._held[stream] = rest[start:]
        self._wrote()

    def write_many(self, lines: Sequence[bytes], *, time_ns: int | None = None, step_ns: int = 1000) -> None:
        """Write many whole lines at little cost.

        Args:
            lines: Lines without newline.
            time_ns: Time of the first one. None means now, later than everything before.
            step_ns: Nanoseconds from one line to the next.

        Raises:
            ValueError: A line contains a newline.
        """
        self._check_open()
        if not lines:
            return
        if any(b"\n" in line for line in lines):
            raise ValueError("a line contains a newline")
        first = max(self._clock(), self._last_time + 1) if time_ns is None else time_ns
        last = first + step_ns * (len(lines) - 1)
        if self._held.get("stdout") or max(map(len, lines)) > PIECE:
            for number, line in enumerate(lines):
                self._append_line(self._held.pop("stdout", b"") + line, first + step_ns * number)
        else:
            times = range(first, last + 1, step_ns) if step_ns else [first] * len(lines)
            self.current.extend(times, _render(times, lines))
            self.lines += len(lines)
        self._last_time = max(self._last_time, last)
        self._wrote()

    def rotate(self) -> None:
        """Begin a new file; what was written before can no longer be read, except by who reads it just now."""
        self.current = Segment()
        self._wake()

    def close(self) -> None:
        """End the log; rests without a newline become visible now."""
        if self.closed:
            return
        for stream in ("stdout", "stderr"):
            if rest := self._held.get(stream):
                self.current.append(self._time(None), rest, whole=False)
        self._held.clear()
        self.closed = True
        self._wake()

    def listen(self, event: asyncio.Event) -> None:
        """Set `event` whenever there may be something new, from now on."""
        self._listeners.add(event)

    def forget(self, event: asyncio.Event) -> None:
        """Set `event` no longer."""
        self._listeners.discard(event)

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the container has ended")

    def _time(self, time_ns: int | None) -> int:
        chosen = max(self._clock(), self._last_time + 1) if time_ns is None else time_ns
        self._last_time = max(self._last_time, chosen)
        return chosen

    def _append_line(self, line: bytes, time_ns: int | None) -> None:
        start = 0
        while len(line) - start > PIECE:
            self.current.append(self._time(time_ns), line[start : start + PIECE], whole=False)
            start += PIECE
        self.current.append(self._time(time_ns), line[start:], whole=True)
        self.lines += 1

    def _wrote(self) -> None:
        if self.max_bytes is not None and self.current.size > self.max_bytes:
            self.current = Segment()
        self._wake()

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.set()


def _render(times: Sequence[int], lines: Sequence[bytes]) -> list[bytes]:
    second, nanos = divmod(times[0], SECOND)
    if times[-1] // SECOND == second:
        prefix = second_prefix(second)
        offset = nanos - times[0]
        return [b"%b%09dZ %b\n" % (prefix, when + offset, line) for when, line in zip(times, lines, strict=True)]
    return [b"%b%b\n" % (log_prefix(when), line) for when, line in zip(times, lines, strict=True)]


class LogReader:
    """Reads a log from a chosen point, piece by piece, and goes on with new files where it follows.

    Attributes:
        finished: There is nothing more to come: the limit is reached, or the end where it does not follow.
    """

    def __init__(
        self,
        log: LogFile,
        *,
        timestamps: bool = False,
        since_ns: int | None = None,
        tail: int | None = None,
        limit: int | None = None,
        follow: bool = False,
    ) -> None:
        """Open a log.

        Args:
            log: The log.
            timestamps: Whether lines carry their time.
            since_ns: Leave out what is older.
            tail: Begin this many pieces before the end.
            limit: End after this many bytes, in the middle of a line if need be.
            follow: Whether to go on with what is written later.
        """
        self.finished = False
        self._log = log
        self._segment = log.current
        count = len(self._segment.records)
        self._index = 0 if tail is None else max(0, count - tail)
        self._end = None if follow else count
        self._timestamps = timestamps
        self._since = since_ns
        self._left = limit
        self._at_line_start = True

    def read(self) -> bytes:
        """Return what there is now, about `BLOCK` bytes at most; b"" means nothing now."""
        parts = b""
        while not parts and not self.finished:
            stop = self._stop()
            if stop == self._index:
                if self._end is not None:
                    self.finished = True
                elif self._segment is not self._log.current:
                    self._segment, self._index = self._log.current, 0
                    continue
                break
            parts = self._take(stop)
        if self._left is not None:
            parts = parts[: self._left]
            self._left -= len(parts)
            self.finished = self.finished or self._left == 0
        return parts

    def _stop(self) -> int:
        records = self._segment.records
        end = len(records) if self._end is None else self._end
        average = self._segment.size // (len(records) or 1) + 1
        return min(end, self._index + max(1, BLOCK // average))

    def _take(self, stop: int) -> bytes:
        segment, start = self._segment, self._index
        self._index = stop
        if self._since is not None and segment.monotonic:
            skipped = max(start, bisect_left(segment.times, self._since, start, stop))
            if skipped > start:
                self._at_line_start = skipped - 1 not in segment.partial
            start = skipped
        elif self._since is not None:
            return self._take_singly(start, stop)
        if not self._at_line_start or (segment.partial and not segment.partial.isdisjoint(range(start, stop))):
            return self._take_singly(start, stop)
        records = segment.records[start:stop]
        return b"".join(records if self._timestamps else [record[PREFIX_LENGTH:] for record in records])

    def _take_singly(self, start: int, stop: int) -> bytes:
        segment, parts = self._segment, list[bytes]()
        for index in range(start, stop):
            if self._since is None or segment.times[index] >= self._since:
                with_prefix = self._timestamps and self._at_line_start
                parts.append(segment.records[index][0 if with_prefix else PREFIX_LENGTH :])
            self._at_line_start = index not in segment.partial
        return b"".join(parts)
