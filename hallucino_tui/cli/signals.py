"""Signals that end a program: with a screen, the terminal is given back first, as after a key that leaves."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
import termios
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP)
_KILLED: Final = 128
"""What shells add to the number of the signal that ended a program."""
_PATIENCE: Final = 10.0
"""Seconds after which a program that was told to end does so, whatever waits for a terminal that takes nothing."""


@contextmanager
def ended_by_signals(leave: Callable[[int], object] = sys.exit) -> Generator[None]:
    """Clean up when the program is told to end: whatever is open around this is closed.

    Args:
        leave: Ends what runs on the event loop, with an exit code. Where no loop runs, the program ends at once.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        code = _KILLED + number
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            sys.exit(code)
        # Who lost a terminal is continued, too, and the screen would set itself up anew, without one.
        signal.signal(signal.SIGCONT, _nothing)
        _let_go_of_a_terminal_that_is_gone()
        at_last = threading.Timer(_PATIENCE, os._exit, (code,))
        at_last.daemon = True
        at_last.start()
        timers.append(at_last)
        # The loop may sleep: this wakes it.
        loop.call_soon_threadsafe(leave, code)

    timers: list[threading.Timer] = []
    # What is ignored stays so: nohup asks for that.
    before = {number: old for number in _SIGNALS if (old := signal.getsignal(number)) is not signal.SIG_IGN}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        for timer in timers:
            timer.cancel()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Do nothing."""


def _let_go_of_a_terminal_that_is_gone() -> None:
    """Write into nothing where there was a window: what draws would fail, and in the end wait for itself."""
    for descriptor in (1, 2):
        try:
            termios.tcgetattr(descriptor)
        except termios.error as error:
            if error.args[0] == errno.EIO:  # and not that it never was a terminal
                nothing = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nothing, descriptor)
                os.close(nothing)
