"""The whole program in a pseudo-terminal: what it draws is kept as a screen, keys are written to it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyte

PATIENCE = 60.0

# What pyte does not know and would draw: private CSI with a marker byte, as for keyboard protocols.
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;?<>=$]*|\][^\x07\x1b]*)?\Z")
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$[a-z]|\x1b\[[0-9;]*[tu]")


class Terminal:
    """A program and the screen that it draws."""

    def __init__(self, pid: int, master: int, size: tuple[int, int]) -> None:
        self.pid = pid
        self.raw = b""
        self._master = master
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._left = b""
        self._is_closed = False
        self.exit_code: int | None = None

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def send(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def read(self, seconds: float = 0.05) -> bool:
        """Take what it draws for a moment; return False when it has ended."""
        ready, _, _ = select.select([] if self._is_closed else [self._master], [], [], seconds)
        if not ready:
            return self.exit_code is None and not self._ended()
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self._ended(wait=True)
            return False
        self.raw += data
        data = self._left + data
        # A sequence may be cut anywhere: its beginning waits for the rest.
        unfinished = _UNFINISHED.search(data)
        whole, self._left = (data[: unfinished.start()], unfinished[0]) if unfinished else (data, b"")
        self._stream.feed(_UNKNOWN.sub(b"", whole))
        return True

    def until(self, condition: str | Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until a text stands on the screen, or something holds."""
        deadline = time.monotonic() + patience
        while not (condition in self.text if isinstance(condition, str) else condition()):
            if not self.read() or time.monotonic() > deadline:
                raise AssertionError(f"{condition!r} never came; the screen:\n{self.text}")

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait until it ends; return its exit code."""
        deadline = time.monotonic() + patience
        while self.exit_code is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"it never ended; the screen:\n{self.text}")
            self.read()
        return self.exit_code

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Close the window: from then on there is nothing to read, and nobody to write to."""
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, self._master)
        os.close(nothing)
        self._is_closed = True

    def _ended(self, *, wait: bool = False) -> bool:
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None


@contextmanager
def hallucino(
    *arguments: str,
    size: tuple[int, int] = (160, 50),
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] | None = None,
) -> Iterator[Terminal]:
    """Run the program with arguments; it is killed at the end if it still runs."""
    pid, master = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who runs the tests may ignore it, and that would be inherited
        command = command or [sys.executable, "-m", "hallucino_tui"]
        # Not what C libraries put into this process's environment behind Python's back: a size of another terminal.
        kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        os.execvpe(command[0], [*command, *arguments], kept)
    terminal = Terminal(pid, master, size)
    try:
        yield terminal
    finally:
        if terminal.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(master)
