"""What is known of one path, for all that read it, and the words that they say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.sources.files.line_times import LineTimes
from hallucino_tui.sources.files.shaper import Shaper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from hallucino_tui.logs.file_body import Part, TimeFormat
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.sources.files.line_times import Detect


class Index(Protocol):
    """Finds the lines of a plain file without taking their text into memory."""

    def __call__(
        self, fd: int, start: int, stop: int, stream: int, format_: TimeFormat | None, carry: int, /
    ) -> Iterator[Part]:
        """Yield the lines between two places.

        Args:
            fd: The file. It is closed some time after the last part came: who reads text later keeps a duplicate.
            start: The first byte, the beginning of a line.
            stop: Where to end: behind a newline, or behind a last line without one.
            stream: The stream's number.
            format_: How lines write their times; None if they carry none.
            carry: The time of lines in front of the first one that has a time, in nanoseconds since the epoch.

        Raises:
            OSError: The file cannot be read on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How all files of a source are read.

    Attributes:
        clock: Tells the time. `now` and `monotonic` are asked in threads.
        zone: What times without a zone mean.
        detect: Finds out how lines write their times.
        follow: Whether to go on at the end of files.
        binary: Whether bytes that are no text are read all the same.
        index: Reads what plain files hold at first; None to read it like everything else.
    """

    clock: Clock
    zone: tzinfo
    detect: Detect
    follow: bool
    binary: bool
    index: Index | None


@dataclass(slots=True)
class Subject:
    """One path.

    Attributes:
        path: Where it leads.
        title: What the reader calls it.
        stream: Number of its stream in the stream table.
        rules: How it is read.
        latest: When it was last written, in nanoseconds, made different for any two files of a source.
        times: The times of the lines that were read last.
        prefixed: Whether a cluster may have put a time in front of each line.
    """

    path: Path
    title: str
    stream: int
    rules: Rules
    latest: int = 0
    times: LineTimes | None = None
    prefixed: bool = False

    def new_shaper(self) -> Shaper:
        """Return what makes lines of the bytes of a file that is read from its beginning."""
        self.times = LineTimes(self.rules.detect, self.rules.zone, self.latest)
        return Shaper(self.stream, self.times, prefixed=self.prefixed)

    def note(self, kind: NoticeKind, text: str) -> Notice:
        """Return a divider that stands behind the last line, in order of time too."""
        times = self.times
        time = self.rules.clock.now() if times is None or times.carry == NO_TIME else times.carry
        return Notice(self.stream, time, kind, text)
