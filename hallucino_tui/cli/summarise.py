"""`hallucino summarise`: a model's words about logs, as Markdown on standard output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, agreements, complain, make_model, run_to_end, settings_of
from hallucino_tui.cli.reading import open_reader
from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.text import shown_lines
from hallucino_tui.logs.view import View
from hallucino_tui.session import collect
from hallucino_tui.session.asking import Asking
from hallucino_tui.session.chat import Delta, Done, Failed
from hallucino_tui.sources.kubernetes.log_source import parse_pieces
from hallucino_tui.sources.kubernetes.outlet import Piece

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hallucino_tui.cli.reading import Reading
    from hallucino_tui.logs.snapshot import ViewSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.chat import Event


def run(arguments: argparse.Namespace) -> int:
    """Print a summary; return the exit code: 0 only for a whole answer."""
    return run_to_end(_run(arguments), unheard=1)


async def _run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    reader = await open_reader(arguments, settings.logs.tail)
    try:
        readings = await reader.read_all()
    finally:
        await reader.client.close()
    for reading in readings:
        if reading.problem:
            complain(f"{reading.pod.name}/{reading.container}: {reading.problem}")
    view = _in_order(readings, reader.table)
    if not view.store.lines:
        raise Refused("There is no line to sum up: choose other containers, or a longer time with --since.")
    asking = Asking(lambda: make_model(settings), reader.table, agreements(), settings.assistant.confirm)
    try:
        return await _ask(asking, view, arguments)
    finally:
        await asking.close()


async def _ask(asking: Asking, view: ViewSnapshot, arguments: argparse.Namespace) -> int:
    prepared = await asking.begin(view.store, collect.newest(view), arguments.question)
    question = prepared.question
    if arguments.show:
        _print(f"{question.text}\n")
        return 0
    if prepared.problem:
        _print(f"{prepared.counted}\n")
        complain(prepared.problem)
        return 1
    if prepared.needs_word and not arguments.yes:
        raise Refused(
            f"{len(question.packed.rows):,} lines would go to {question.host}, which was not agreed to before: "
            "see them with --show, send them with --yes."
        )

    def hear(event: Event) -> None:
        if isinstance(event, Delta):
            _print(event.text)

    end, answer = await asking.send(question, hear)
    if answer:
        _print("\n")
    if isinstance(end, Done):
        return 0
    _print("" if answer else f"{prepared.counted}\n")
    complain(end.sentence if isinstance(end, Failed) else "The answer was cancelled.")
    return 1


def _in_order(readings: Sequence[Reading], table: StreamTable) -> ViewSnapshot:
    """Return all lines that were read, merged by time."""
    store, intake = Store(), Intake()
    pieces = [Piece(reading.stream, lines) for reading in readings for lines in reading.lines]
    for item in parse_pieces(pieces, 0) if pieces else ():
        if isinstance(item, Batch):
            store.append(intake.prepare(item, 0))
    return View(table).snapshot(store.snapshot())


def _print(text: str) -> None:
    sys.stdout.write(shown_lines(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()
