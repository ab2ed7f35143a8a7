"""Standard input and named pipes: bytes that come when they come, until their writer ends."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import select
import stat
from typing import TYPE_CHECKING, Any, Final

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.files.errors import why
from hallucino_tui.sources.files.generation import CHUNK_BYTES
from hallucino_tui.sources.files.opening import HEAD_BYTES, kind_of, refusal_of_pipe
from hallucino_tui.sources.files.outlet import Change

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.receipts import Receipt
    from hallucino_tui.sources.files.outlet import Item, Outlet
    from hallucino_tui.sources.files.shaper import Shaper
    from hallucino_tui.sources.files.subject import Subject

QUIET_SECONDS: Final = 0.1
"""Silence after which the first lines are enough to find out how they write their times."""

PAUSE_SECONDS: Final = 0.02
"""Wait after a small read, so that a slow writer's lines are not taken one at a time."""

_SMALL_BYTES: Final = 16 << 10
_READ_BYTES: Final = 1 << 20


class PipeReader:
    """Reads one descriptor to its end.

    It is not made non-blocking: the terminal, or another program, may share it. The loop tells when there is something
    to read, and a thread then takes what is there.
    """

    def __init__(self, subject: Subject, fd: int, receipt: Receipt, outlet: Outlet) -> None:
        """Begin nothing yet.

        Args:
            subject: What it is called.
            fd: The descriptor. It is not closed here.
            receipt: Counts.
            outlet: Takes the lines.
        """
        self._subject = subject
        self._fd = fd
        self._receipt = receipt
        self._outlet = outlet
        self._shaper: Shaper = subject.new_shaper()
        self._can_wait = not stat.S_ISREG(os.fstat(fd).st_mode)
        self._first: list[bytes] | None = []
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            with contextlib.suppress(OSError):  # no pipe, or the user's pipes are full
                fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, _READ_BYTES)

    async def run(self) -> None:
        """Read until the writer ends. What is held back is given when this is cancelled, too."""
        self._put(Change(StreamState.LIVE))
        try:
            await self._read()
        except OSError as error:
            self._give_rest()
            self._fail(f"{self._subject.title} cannot be read on ({why(error)}): what came before is kept.")
        except asyncio.CancelledError:
            self._give_rest()
            raise

    async def _read(self) -> None:
        clock = self._subject.rules.clock
        ended = False
        while not ended:
            await self._outlet.room()
            quiet = not await self._wait(QUIET_SECONDS if self._first else None)
            data, ended = (b"", False) if quiet else await asyncio.to_thread(self._drain)
            read = len(data)
            if self._first is not None:
                data = self._hold(self._first, data, enough=quiet or ended)
            if data and not await self._shape(data):
                return
            if not (ended or quiet) and read < _SMALL_BYTES:
                await clock.sleep(PAUSE_SECONDS)
        self._give_rest()
        self._put(self._subject.note(NoticeKind.END, f"{self._subject.title} ended"))
        self._put(Change(StreamState.ENDED))

    def _hold(self, first: list[bytes], data: bytes, *, enough: bool) -> bytes:
        """Keep the first bytes together until there are enough to find out how lines write their times."""
        first.append(data)
        if not enough and sum(map(len, first)) < HEAD_BYTES:
            return b""
        self._first = None
        return b"".join(first)

    async def _shape(self, data: bytes) -> bool:
        """Hand over the lines of some bytes; return False if they are no lines."""
        if self._receipt.last_line == 0 and self._is_refused(data[:HEAD_BYTES]):
            return False
        now = self._subject.rules.clock.now()
        for start in range(0, len(data), CHUNK_BYTES):
            items = await asyncio.to_thread(list, self._shaper.feed(data[start : start + CHUNK_BYTES], now))
            for item in items:
                self._put(item)
        return True

    def _is_refused(self, head: bytes) -> bool:
        sentence = refusal_of_pipe(self._subject.title, kind_of(head), binary=self._subject.rules.binary)
        if sentence is not None:
            self._fail(sentence)
        return sentence is not None

    def _give_rest(self) -> None:
        now = self._subject.rules.clock.now()
        first, self._first = self._first, None
        for item in self._shaper.feed(b"".join(first or ()), now):
            self._put(item)
        for item in self._shaper.finish(now):
            self._put(item)

    def _fail(self, sentence: str) -> None:
        self._put(self._subject.note(NoticeKind.ERROR, sentence))
        self._put(Change(StreamState.FAILED, sentence))

    def _put(self, item: Item) -> None:
        self._outlet.put(self._receipt, item)

    def _drain(self) -> tuple[bytes, bool]:
        """Return what is there to read, and whether it is the end. Runs in a thread; waits for nothing."""
        pieces: list[bytes] = []
        size = 0
        ready = select.poll()
        ready.register(self._fd, select.POLLIN)
        while size < CHUNK_BYTES and ready.poll(0):
            piece = os.read(self._fd, _READ_BYTES)
            if not piece:
                return b"".join(pieces), True
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces), False

    async def _wait(self, seconds: float | None) -> bool:
        """Wait until there is something to read or the end; return False if that many seconds pass before."""
        if not self._can_wait:
            return True
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._fd, ready.set)
        except OSError:  # what the system cannot wait for is there at once, for example /dev/null
            self._can_wait = False
            return True
        try:
            return await _within(ready, seconds, self._subject.rules.clock)
        finally:
            loop.remove_reader(self._fd)


async def _within(ready: asyncio.Event, seconds: float | None, clock: Clock) -> bool:
    """Wait for an event; return False if that many seconds pass before it happens."""
    if seconds is None:
        await ready.wait()
        return True
    waits: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(ready.wait()),
        asyncio.ensure_future(clock.sleep(seconds)),
    ]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return ready.is_set()
