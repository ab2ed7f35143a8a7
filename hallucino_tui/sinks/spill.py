"""Segments that leave memory, compressed in a file that nobody else can open and that is gone with the process."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from typing import TYPE_CHECKING, Final

import zstandard

from hallucino_tui.logs.spilled import SpilledBody, packed, unpacked

if TYPE_CHECKING:
    from pathlib import Path

    from hallucino_tui.logs.body import Held
    from hallucino_tui.logs.segment import Columns

_LEVEL: Final = 1


class FileSpill:
    """Keeps segments in one file without a name, in a folder of the user's own."""

    def __init__(self, folder: Path) -> None:
        """Make the file. Its name is taken away at once, so that nothing is left behind, however the program ends.

        Args:
            folder: Where; made if need be, for its owner alone.

        Raises:
            OSError: It cannot be made.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._descriptor, name = tempfile.mkstemp(dir=folder)
        os.unlink(name)  # noqa: PTH108 - a name like this needs no path
        self._end = 0

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def keep(self, columns: Columns) -> SpilledBody:
        """Write a segment, and return how to get it back.

        Raises:
            OSError: It cannot be written.
        """
        whole = b"".join([part.tobytes() for part in packed(columns)])
        frame = zstandard.ZstdCompressor(_LEVEL).compress(whole)
        start, done = self._end, 0
        while done < len(frame):
            done += os.pwrite(self._descriptor, frame[done:], start + done)
        self._end += len(frame)
        return SpilledBody(partial(self._read, start, len(frame), columns.count, dict(columns.raw)))

    def _read(self, start: int, length: int, count: int, raw: dict[int, bytes]) -> Held:
        frame = os.pread(self._descriptor, length, start)
        return unpacked(zstandard.ZstdDecompressor().decompress(frame), count, raw)
