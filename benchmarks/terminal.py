"""Programs in a pseudo-terminal, timed to what they draw."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def seconds_until(
    command: Sequence[str],
    mark: bytes,
    *,
    size: tuple[int, int] = (160, 50),
    environment: Mapping[str, str] | None = None,
) -> float:
    """Start a program in a pseudo-terminal; return seconds until its output holds a mark. The program is killed then.

    Args:
        command: The program and its arguments.
        mark: Bytes of its output.
        size: Columns and lines of the terminal.
        environment: Variables over the process's own.

    Raises:
        TimeoutError: The mark did not come in a minute.
    """
    began = time.perf_counter()
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})})
        os.execvp(command[0], list(command))
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        seen = b""
        while time.perf_counter() - began < 60:
            ready, _, _ = select.select([master], [], [], 1)
            if ready:
                seen += os.read(master, 1 << 16)
                if mark in seen:
                    return time.perf_counter() - began
        raise TimeoutError(f"{mark!r} never came")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)


def run_to_end(command: Sequence[str], *, size: tuple[int, int], seconds: float = 300) -> None:
    """Run a program in a pseudo-terminal until it ends, reading all that it draws.

    Args:
        command: The program and its arguments.
        size: Columns and lines of the terminal.
        seconds: How long it may take.

    Raises:
        TimeoutError: It did not end in time; it is killed then.
    """
    until = time.monotonic() + seconds
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor"})
        os.execvp(command[0], list(command))
    try:
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        while time.monotonic() < until:
            ready, _, _ = select.select([master], [], [], 1)
            try:
                if ready and not os.read(master, 1 << 16):
                    return
            except OSError:
                return  # the other end is closed
        raise TimeoutError(f"{command[0]} did not end in {seconds:.0f} s")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(master)
