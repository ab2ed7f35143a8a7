"""What the commands that read files share: which files, and who reads them."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING, Final

from hallucino_tui.cli.common import Refused, complain, zone_of
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.session.cluster import SourceError
from hallucino_tui.sources.files.paths import STDIN, expand

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.source import Item
    from hallucino_tui.sources.files.log_source import FileLogs

    MakeLogs = Callable[[StreamTable, Clock], FileLogs]

_FOR_CLUSTERS: Final = {
    "context": "--context", "kubeconfig": "--kubeconfig", "namespace": "-n", "all_namespaces": "-A",
    "selector": "-l", "pod": "--pod", "container": "-c", "previous": "--previous", "tail": "--tail",
}  # fmt: skip
_WAIT: Final = 0.01


def refuse_flags_for_clusters(arguments: argparse.Namespace) -> None:
    """Make sure that nothing is asked for that only clusters have.

    Raises:
        Refused: Something is.
    """
    for name, flag in _FOR_CLUSTERS.items():
        if getattr(arguments, name, None):
            raise Refused(f"{flag} belongs to clusters: leave it out where files are read.", 2)


def paths_of(arguments: argparse.Namespace, *, as_given: bool = False) -> list[Path]:
    """Return the files that a command line means.

    Args:
        arguments: The command line.
        as_given: Whether they stand in the order in which they were named.

    Raises:
        Refused: There are none, or one cannot be read.
    """
    try:
        paths = expand(arguments.files, as_given=as_given)
    except SourceError as error:
        raise Refused(str(error), 2) from error
    if STDIN in paths and os.isatty(0):
        raise Refused("Standard input is the keyboard: pipe lines into it, or name a file instead of -.", 2)
    return paths


def reader_of(arguments: argparse.Namespace, paths: Sequence[Path], *, follow: bool, stdin: int = 0) -> MakeLogs:
    """Return what makes the reader of files.

    Args:
        arguments: The command line: ``zone`` and ``binary``.
        paths: The files.
        follow: Whether to go on at their ends.
        stdin: The descriptor of standard input.

    Raises:
        Refused: There is no such time zone.
    """
    zone = zone_of(arguments)

    def make(table: StreamTable, clock: Clock) -> FileLogs:
        from hallucino_tui.sources.files.index import index_plain
        from hallucino_tui.sources.files.log_source import FileLogs

        index = partial(index_plain, exact=len(paths) > 1)
        binary: bool = arguments.binary
        return FileLogs(table, clock, paths, follow=follow, zone=zone, index=index, binary=binary, stdin=stdin)

    return make


async def items_of(logs: FileLogs, table: StreamTable, problems: list[str]) -> AsyncIterator[Sequence[Item]]:
    """Yield everything that files hold, piece by piece, and say what happens to them meanwhile.

    Args:
        logs: Reads them; not followed.
        table: Names the streams.
        problems: Takes a sentence for each file that could not be read to its end.
    """
    reading = asyncio.create_task(logs.run())
    try:
        while True:
            over, items = reading.done(), logs.take()
            tell(items, table)
            problems.extend(one.text for one in items if isinstance(one, Notice) and one.kind is NoticeKind.ERROR)
            if items:
                yield items
            elif over:
                reading.result()
                return
            await asyncio.sleep(0 if items else _WAIT)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


def tell(items: Sequence[Item], table: StreamTable) -> bool:
    """Say what happened to files; return whether one of them could not be read."""
    failed = False
    for item in items:
        if isinstance(item, Notice) and item.kind in {NoticeKind.ERROR, NoticeKind.GAP}:
            title = table[item.stream].title
            complain(item.text if title in item.text else f"{title}: {item.text}")
            failed = failed or item.kind is NoticeKind.ERROR
    return failed
