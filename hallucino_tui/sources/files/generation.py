"""One open file, as long as its descriptor lives: read on from where it was left, and seen to be cut off."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.logs.batch import Batch
    from hallucino_tui.logs.notice import Notice
    from hallucino_tui.sources.files.shaper import Shaper

CHUNK_BYTES: Final = 4 << 20
_ANCHOR_BYTES: Final = 64
_SAMPLE_BYTES: Final = 256 << 10
_END_BYTES: Final = 64 << 10


class Generation:
    """A plain file that is open.

    Attributes:
        fd: Its descriptor.
        shaper: Makes lines of its bytes.
        position: How far it was read, in bytes.
        identity: Device and inode; no other file has them as long as this one is open.
    """

    __slots__ = ("_anchor", "_behind_hole", "fd", "identity", "position", "shaper")

    def __init__(self, fd: int, shaper: Shaper) -> None:
        """Start in front of its first byte.

        Args:
            fd: The descriptor; it is closed by `close`.
            shaper: Makes lines of its bytes.
        """
        self.fd = fd
        self.shaper = shaper
        self.position = 0
        self._anchor = b""
        self._behind_hole = False
        status = os.fstat(fd)
        self.identity = (status.st_dev, status.st_ino)

    @property
    def status(self) -> os.stat_result:
        """How the file is now."""
        return os.fstat(self.fd)

    def learn_times(self, size: int) -> None:
        """Find out how lines write their times: at the beginning, else in the middle or at the end."""
        times = self.shaper.times
        for start in (0, size // 2, size - _END_BYTES) if size > 2 * _SAMPLE_BYTES else (0,):
            if times.learn(self._sample(start)):
                break
        else:
            return
        position = 0
        while start and position < size and not times.find_first(self._sample(position)):
            position += _SAMPLE_BYTES

    def _sample(self, start: int) -> bytes:
        """Return the whole lines in some bytes of the file."""
        sample = os.pread(self.fd, _SAMPLE_BYTES, start)
        begin = sample.find(b"\n") + 1 if start else 0
        return sample[begin : sample.rfind(b"\n") + 1]

    def read_to(self, stop: int | None, arrival: int | None) -> Iterator[Batch | Notice]:
        """Yield the lines up to a position, or to the end.

        Args:
            stop: The position in bytes; None for the end.
            arrival: When the bytes came if they were written just now, in nanoseconds.

        Raises:
            OSError: It cannot be read on. `position` says how far it was.
        """
        while stop is None or self.position < stop:
            wanted = CHUNK_BYTES if stop is None else min(CHUNK_BYTES, stop - self.position)
            chunk = os.pread(self.fd, wanted, self.position)
            if not chunk:
                return
            self.position += len(chunk)
            self._anchor = chunk[-_ANCHOR_BYTES:]
            if self._behind_hole:  # holes end where a block of the disk ends
                chunk = chunk.lstrip(b"\0")
                self._behind_hole = not chunk
            yield from self.shaper.feed(chunk, arrival)

    def move_to(self, position: int) -> None:
        """Take everything up to a position, the end of a line, as read."""
        self.position = position
        length = min(_ANCHOR_BYTES, position)
        self._anchor = os.pread(self.fd, length, position - length)

    def end_of_lines(self, stop: int) -> int:
        """Return where the last whole line in front of a position ends."""
        while stop > 0:
            start = max(stop - CHUNK_BYTES, 0)
            end = os.pread(self.fd, stop - start, start).rfind(b"\n") + 1
            if end:
                return start + end
            stop = start
        return 0

    def was_cut(self, size: int) -> bool:
        """Say whether the bytes that were read are not there any more: the file was cut off, or written anew.

        A file that was cut off and has grown beyond where it was since then shows it by the bytes in front of that
        place.
        """
        if size <= self.position:
            return size < self.position
        return os.pread(self.fd, len(self._anchor), self.position - len(self._anchor)) != self._anchor

    def skip_hole(self) -> int:
        """Go to the first byte that was ever written; return how many are left out.

        A writer that does not append goes on at its old place when a file is cut off under it, and what is in front
        of that is a hole, maybe of gigabytes, that reads as NUL.
        """
        try:
            start = os.lseek(self.fd, self.position, os.SEEK_DATA)
        except OSError:  # nothing but a hole, or a file system that does not tell
            return 0
        skipped = start - self.position
        self.position = start
        if skipped:
            self._anchor = b""
            self._behind_hole = True
        return skipped

    def close(self, arrival: int | None) -> Iterator[Batch]:
        """Yield the unfinished last line and close the file."""
        os.close(self.fd)
        yield from self.shaper.finish(arrival)
