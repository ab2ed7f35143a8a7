"""`hallucino notebook`: list incident notebooks, show one, export one. Nothing in them is run again."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from hallucino_tui.cli.common import Refused, complain, run_to_end, settings_of

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.session.notebook import Notebook
    from hallucino_tui.sinks.notebooks import NotebookFolder


def run(arguments: argparse.Namespace) -> int:
    """Do what a command line asks for; return the exit code."""
    return run_to_end(_run(arguments))


async def _run(arguments: argparse.Namespace) -> int:
    from hallucino_tui.config.paths import notebook_folder
    from hallucino_tui.session.notebook import NotebookError
    from hallucino_tui.sinks.notebooks import NotebookFolder

    _check(arguments)
    folder = NotebookFolder(notebook_folder())
    try:
        if arguments.action == "list":
            return await asyncio.to_thread(_list, folder)
        _check_ending(arguments)
        notebook = await asyncio.to_thread(_load, folder, arguments.name)
        if arguments.action == "show":
            await asyncio.to_thread(_show, notebook)
        else:
            await _export(arguments, notebook)
    except NotebookError as error:
        raise Refused(str(error)) from error
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.action == "list":
        given = [arguments.name, arguments.format, arguments.output, arguments.no_redact]
        if any(given):
            raise Refused("hallucino notebook list takes nothing else: show or export take a name.", 2)
        return
    if not arguments.name:
        raise Refused(f"Name the notebook to {arguments.action}: hallucino notebook list tells the names.", 2)
    if arguments.action == "show" and any((arguments.format, arguments.output, arguments.no_redact)):
        raise Refused("--format, --no-redact and -o belong to hallucino notebook export.", 2)


def _check_ending(arguments: argparse.Namespace) -> None:
    """Refuse a file whose name promises what is not written; `--format` says what is.

    Raises:
        Refused: It does.
    """
    from hallucino_tui.session.notebook import NotebookError
    from hallucino_tui.session.notebook_export import format_for

    try:
        if arguments.output and not arguments.format:
            format_for(arguments.output)
    except NotebookError as error:
        raise Refused(str(error), 2) from error


def _load(folder: NotebookFolder, wanted: str) -> Notebook:
    from hallucino_tui.session.notebook_names import name_meant

    return folder.load(name_meant(wanted, folder.list()))


def _list(folder: NotebookFolder) -> int:
    from hallucino_tui.logs.text import shown
    from hallucino_tui.session.notebook_blocks import stamp

    listed = folder.list()
    good = [one for one in listed if not one.problem]
    width = max([len(one.name) for one in good], default=0)
    for one in good:
        _print(f"{one.name:<{width}}  {stamp(one.changed, None)}  {one.entries:>4}  {shown(one.title)}\n")
    for one in listed:
        if one.problem:
            complain(one.problem)
    if not listed:
        complain("No notebook was kept yet: K keeps lines in the screen of logs.")
    return 1 if len(good) < len(listed) else 0


def _show(notebook: Notebook) -> None:
    from hallucino_tui.logs.text import shown, shown_lines
    from hallucino_tui.session.notebook_blocks import kind_of, stamp, whole

    _print(f"{shown(notebook.title or notebook.name)}\n")
    for number, entry in enumerate(notebook.entries, start=1):
        head = f"{number}. {kind_of(entry).capitalize()}, kept {stamp(entry.moment, None)}"
        _print(f"\n{head}\n{shown_lines(whole(entry))}\n")


async def _export(arguments: argparse.Namespace, notebook: Notebook) -> None:
    from hallucino_tui.session.notebook_export import FORMATS, format_for
    from hallucino_tui.sinks.files import SaveError, save_lines

    if not arguments.no_redact:
        notebook = await asyncio.to_thread(_redacted, arguments, notebook)
    written = FORMATS[arguments.format or format_for(arguments.output)]
    text = await asyncio.to_thread(written, notebook)
    if not arguments.output:
        _print(text)
        return
    try:
        await save_lines(arguments.output, iter([text.encode()]))
    except SaveError as error:
        raise Refused(str(error)) from error


def _redacted(arguments: argparse.Namespace, notebook: Notebook) -> Notebook:
    """Return a notebook as today's settings want it; what was replaced when it was kept is replaced in any case."""
    from hallucino_tui.assistant.redact import RedactionError, Redactor
    from hallucino_tui.session.notebook_secrets import redacted

    settings = settings_of(arguments)
    try:
        return redacted(notebook, Redactor(settings.assistant.redaction))
    except RedactionError as error:
        raise Refused(str(error), 2) from error


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
