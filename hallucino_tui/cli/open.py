"""`hallucino open`: log files and standard input on the screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain, settings_of

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.cluster import Clusters
    from hallucino_tui.session.interactive import InteractiveRunner


def run(arguments: argparse.Namespace) -> int:
    """Open the screen on files; return the exit code."""
    try:
        return _open(arguments)
    except Refused as refused:
        complain(str(refused))
        return refused.code


def _open(arguments: argparse.Namespace) -> int:
    from hallucino_tui.cli.files import paths_of, reader_of
    from hallucino_tui.cli.screen import open_screen
    from hallucino_tui.session.choice import Choice
    from hallucino_tui.sources.files.paths import STDIN

    settings, paths = settings_of(arguments), paths_of(arguments)
    piped = STDIN in paths
    make = reader_of(arguments, paths, follow=True, stdin=_take_input() if piped else 0)

    def clusters(table: StreamTable, clock: Clock, ask: InteractiveRunner) -> Clusters:  # noqa: ARG001 - no login here
        from hallucino_tui.sources.files.library import FileLibraries

        return FileLibraries(lambda: make(table, clock))

    return open_screen(settings, Choice(), clusters, None, spill=arguments.spill, live=piped)


def _take_input() -> int:
    """Give standard input to the lines, and the terminal to the keyboard; return the lines' descriptor.

    Raises:
        Refused: There is no terminal for the keys.
    """
    lines = os.dup(0)
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise Refused("There is no terminal for the keys: use hallucino logs - without a screen.") from error
    os.dup2(terminal, 0)
    os.close(terminal)
    return lines
