"""One path read on: what is appended, and what becomes of the file (rotated, cut off, gone, back again)."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files.errors import FilesError, broke_off, cannot_read
from hallucino_tui.sources.files.generation import Generation
from hallucino_tui.sources.files.opening import open_file
from hallucino_tui.sources.files.outlet import Change
from hallucino_tui.sources.files.paths import refuse_what_is_no_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from hallucino_tui.sources.files.outlet import Item
    from hallucino_tui.sources.files.subject import Subject

LATE_SECONDS: Final = 10.0
"""How long a rotated file is still read beside its successor: a writer moves over when it is told to."""


class _Leaving(NamedTuple):
    generation: Generation
    until: float


class Follower:
    """Reads one path on. Each step looks at it and reads what is new. Runs in threads, one call at a time.

    Looking (two calls of stat) and not a watch of the system: watches tell nothing of what other machines write to a
    network drive, of what is written through another mount, or of a path that a link leads away from, and there are
    only so many of them. A look costs some microseconds.

    Attributes:
        subject: The path.
    """

    def __init__(self, subject: Subject, generation: Generation | None, said: str = "") -> None:
        """Start where the first reading ended.

        Args:
            subject: The path.
            generation: The open file; None if it could not be opened.
            said: The sentence about it that stands already.
        """
        self.subject = subject
        self._generation = generation
        self._leaving: list[_Leaving] = []
        self._said = {said} if said else set[str]()
        self._failing = False
        self._missed = 0
        self._refused: tuple[int, int, int] | None = None

    def step(self) -> Iterator[Item]:
        """Yield what is new since the last step."""
        self._failing = False
        yield from self._read_late()
        if self._generation is not None:
            yield from self._read_on(self._generation)
        try:
            there = self.subject.path.stat()
            refuse_what_is_no_file(self.subject.path, there.st_mode)
        except (FileNotFoundError, NotADirectoryError):
            yield from self._miss()
        except OSError as error:
            yield from self._say(str(cannot_read(self.subject.path, error)))
        except FilesError as error:
            yield from self._say(str(error))
        else:
            yield from self._compare(there)

    def close(self) -> Iterator[Item]:
        """Yield unfinished last lines, and close everything."""
        now = self.subject.rules.clock.now()
        for leaving in self._leaving:
            yield from leaving.generation.close(now)
        self._leaving = []
        if self._generation is not None:
            yield from self._generation.close(now)
            self._generation = None

    def _read_late(self) -> Iterator[Item]:
        """Yield what is still written to files that were rotated away."""
        clock = self.subject.rules.clock
        for leaving in self._leaving.copy():
            yield from self._appended(leaving.generation)
            if clock.monotonic() >= leaving.until:
                self._leaving.remove(leaving)
                yield from leaving.generation.close(clock.now())

    def _read_on(self, generation: Generation) -> Iterator[Item]:
        """Yield what was appended, from the start if the file was cut off."""
        try:
            was_cut = generation.was_cut(generation.status.st_size)
        except OSError as error:
            yield from self._break_off(generation, error)
            return
        if was_cut:
            yield from generation.shaper.finish(self.subject.rules.clock.now())
            words = f"{self.subject.title} was cut off and is read from its start: "
            yield self.subject.note(NoticeKind.GAP, words + "lines that were written just before may be missing")
            # The times of its lines may begin anew.
            generation = self._generation = Generation(generation.fd, self.subject.new_shaper())
        yield from self._appended(generation)

    def _appended(self, generation: Generation) -> Iterator[Item]:
        now = self.subject.rules.clock.now()
        try:
            size = generation.status.st_size
            if size and not generation.position:
                generation.skip_hole()
            # To the size of now and not to the end: there is none where lines come faster than they are read.
            yield from generation.read_to(size, now)
        except OSError as error:
            yield from self._break_off(generation, error)

    def _break_off(self, generation: Generation, error: OSError) -> Iterator[Item]:
        self._failing = True
        yield from self._say(broke_off(self.subject.path, error, generation.position))

    def _compare(self, there: os.stat_result) -> Iterator[Item]:
        """Look whether the path leads to the file that is read, and go over to another one."""
        generation = self._generation
        if generation is None:
            yield from self._open(there, "can be read now")
            return
        if generation.identity == (there.st_dev, there.st_ino):
            if (self._missed > 1 or self._said) and not self._failing:
                yield from self._fine()
        elif there.st_size:
            # An empty successor waits: until it is written to, all lines still come to the old file.
            yield from self._appended(generation)
            yield from self._open(there, "was rotated")

    def _open(self, there: os.stat_result, what: str) -> Iterator[Item]:
        """Go over to the file that the path leads to now."""
        mark = (there.st_dev, there.st_ino, there.st_ctime_ns)
        if mark == self._refused or not stat.S_ISREG(there.st_mode):
            return
        try:
            opened = open_file(self.subject.path, binary=self.subject.rules.binary)
        except FilesError as error:
            self._refused = mark
            yield from self._say(str(error))
            return
        rules = self.subject.rules
        if self._generation is not None:
            self._leaving.append(_Leaving(self._generation, rules.clock.monotonic() + LATE_SECONDS))
        if self._missed > 1:
            what = "is back"
        yield self.subject.note(NoticeKind.RESTART, f"{self.subject.title} {what}: the new file is read from its start")
        self.subject.latest = rules.clock.now()
        self._generation = Generation(opened.fd, self.subject.new_shaper())
        self._missed, self._refused = 0, None
        self._said.clear()
        yield Change(StreamState.LIVE)
        yield from self._appended(self._generation)

    def _miss(self) -> Iterator[Item]:
        self._missed += 1
        if self._missed == 2:  # once is the moment between the two halves of a rotation
            yield self.subject.note(NoticeKind.NOTE, f"{self.subject.title} is gone: it is waited for")
            yield Change(StreamState.WAITING, "the file is gone; it is waited for")

    def _say(self, sentence: str) -> Iterator[Item]:
        """Say what is wrong, once as long as it stays so."""
        if sentence not in self._said:
            self._said.add(sentence)
            yield self.subject.note(NoticeKind.ERROR, sentence)
            yield Change(StreamState.FAILED, sentence)

    def _fine(self) -> Iterator[Item]:
        self._missed = 0
        self._said.clear()
        yield self.subject.note(NoticeKind.NOTE, f"{self.subject.title} can be read again")
        yield Change(StreamState.LIVE)
