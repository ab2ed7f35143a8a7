"""One path read for the first time: what it holds when it is opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files.decompress import BrokenArchiveError, gunzip, unzstd
from hallucino_tui.sources.files.errors import FilesError, broke_off, why
from hallucino_tui.sources.files.generation import CHUNK_BYTES, Generation
from hallucino_tui.sources.files.opening import HEAD_BYTES, FileKind, kind_of, open_file, refusal
from hallucino_tui.sources.files.outlet import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.sources.files.opening import Opened
    from hallucino_tui.sources.files.outlet import Item
    from hallucino_tui.sources.files.subject import Subject


class FileReader:
    """Reads one path up to the end that it has when it is opened. Runs in threads, one call at a time.

    Attributes:
        subject: The path.
        size: Bytes on disk that are read.
        done: How many of them were read.
        generation: The open file, to be read on; None if there is nothing to go on with.
        archive: Whether it is an archive: those are read once.
        failed: The sentence that says why it was not read to its end; "" if it was.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.size = 0
        self.done = 0
        self.generation: Generation | None = None
        self.archive = False
        self.failed = ""

    def look(self) -> int:
        """Note how large the file is; return when it was last written, in nanoseconds since the epoch."""
        try:
            status = self.subject.path.stat()
        except OSError:  # reading it says why
            return 0
        self.size = status.st_size
        return status.st_mtime_ns

    def begin(self) -> Iterator[Item]:
        """Yield all lines."""
        yield Change(StreamState.OPENING, "is being read")
        try:
            opened = open_file(self.subject.path, binary=self.subject.rules.binary)
        except FilesError as error:
            yield from self._fail(str(error))
            return
        self.size = opened.size
        self.archive = opened.kind in {FileKind.GZIP, FileKind.ZSTD}
        if self.archive:
            yield from self._unpack(opened)
        else:
            self.generation = Generation(opened.fd, self.subject.new_shaper())
            yield from self._read(self.generation, opened.size)
        self.done = self.size

    def close(self) -> Iterator[Item]:
        """Yield an unfinished last line, and close what is open."""
        if self.generation is not None:
            yield from self.generation.close(None)
            self.generation = None

    def _fail(self, sentence: str) -> Iterator[Item]:
        self.failed = sentence
        yield self.subject.note(NoticeKind.ERROR, sentence)
        yield Change(StreamState.FAILED, sentence)
        self.done = self.size

    def _read(self, generation: Generation, size: int) -> Iterator[Item]:
        """Yield the lines of a plain file."""
        follow = self.subject.rules.follow
        failed = ""
        shrunk = ""
        try:
            skipped = generation.skip_hole()
            if skipped:
                words = f"{self.subject.title} begins with {skipped} bytes that were never written: they are left out"
                yield self.subject.note(NoticeKind.NOTE, words)
            generation.learn_times(size)
            yield from self._lines(generation, size)
            left = generation.status.st_size
            if left < size:
                shrunk = f"{self.subject.title} shrank from {size} to {left} bytes while it was read: "
                shrunk += f"the {min(generation.position, size)} bytes that were read before are kept"
        except OSError as error:
            failed = broke_off(self.subject.path, error, generation.position)
        if not follow:
            yield from self.close()
        if failed:
            yield from self._fail(failed)
        elif shrunk and not follow:
            yield self.subject.note(NoticeKind.GAP, shrunk)
            yield Change(StreamState.ENDED, "it shrank while it was read")
        else:
            yield Change(StreamState.LIVE if follow else StreamState.ENDED)

    def _lines(self, generation: Generation, size: int) -> Iterator[Item]:
        rules, times = self.subject.rules, generation.shaper.times
        # A last line without its newline is a line of a file that is not followed. Of one that is, its writer may be
        # in the middle of it: given now, it would be one line and its rest another.
        stop = generation.end_of_lines(size) if rules.follow else size
        # What lies in a file as it is can stay there; prefixes are taken from lines on the way in.
        if rules.index is not None and not self.subject.prefixed and stop > generation.position:
            indexed = rules.index(
                generation.fd, generation.position, stop, self.subject.stream, times.format, times.start
            )
            for part in indexed:
                generation.position += part.bytes + part.count
                times.carry = part.last_key
                self.done = min(generation.position, size)
                yield part
            generation.move_to(stop)
        # Files of no size may have content all the same: those of /proc have.
        until = size if size or rules.follow else None
        for item in generation.read_to(until, None):
            self.done = min(generation.position, size)
            yield item

    def _unpack(self, opened: Opened) -> Iterator[Item]:
        """Yield the lines of an archive, as far as it is whole."""
        unpack = gunzip if opened.kind is FileKind.GZIP else unzstd
        shaper = self.subject.new_shaper()
        problem = ""
        first = True
        try:
            for text in unpack(lambda count: self._read_raw(opened.fd, count)):
                if first and text:
                    first = False
                    inside = refusal(self.subject.path, kind_of(text[:HEAD_BYTES]), binary=self.subject.rules.binary)
                    if inside is not None:
                        problem = f"What is packed in it cannot be shown: {inside}"
                        break
                for start in range(0, len(text), CHUNK_BYTES):
                    yield from shaper.feed(text[start : start + CHUNK_BYTES], None)
        except BrokenArchiveError as error:
            problem = f"{self.subject.path} is a broken {opened.kind} archive ({error}): lines up to there are read."
        except OSError as error:
            problem = f"{self.subject.path} cannot be read on ({why(error)}): lines up to there are read."
        finally:
            os.close(opened.fd)
        yield from shaper.finish(None)
        if problem:
            yield from self._fail(problem)
        else:
            yield Change(StreamState.ENDED)

    def _read_raw(self, fd: int, count: int) -> bytes:
        data = os.pread(fd, count, self.done)
        self.done += len(data)
        return data
