"""`hallucino ask` and `hallucino summarise`: a model's words about logs, checked against the lines that they cite."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.cli.common import (
    Refused,
    agreements,
    categories_of,
    complain,
    make_model,
    run_to_end,
    settings_of,
)
from hallucino_tui.cli.rules import redactor_of
from hallucino_tui.session.answer import Grounded
from hallucino_tui.session.asking import Asking, Prepared, Repacked
from hallucino_tui.session.chat import Cancelled, Delta, Done, Failed, Told, Usage, Waiting

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.assistant.tasks import Task
    from hallucino_tui.cli.asked_lines import AskedLines
    from hallucino_tui.config.settings import Settings
    from hallucino_tui.session.asking import Heard
    from hallucino_tui.session.chat import ChatModel, End

UNSUPPORTED: Final = 4
"""Exit code for a whole answer with a claim that the lines do not support."""
_INTERRUPTED: Final = 130
"""Exit code after ctrl+c, as shells have it."""


@dataclass(slots=True)
class Answered:
    """A question and what came of it.

    Attributes:
        prepared: What was asked.
        held_back: Why it was not sent though it could be; "" if it was.
        answer: The answer, with pseudonyms; "" for none.
        end: How it ended.
        grounded: What came of checking it; None if there was nothing to check.
        usage: What it took, as the server counts; None if it does not say.
        cost: What it cost; None if nobody knows.
    """

    prepared: Prepared
    held_back: str = ""
    answer: str = ""
    end: End | None = None
    grounded: Grounded | None = None
    usage: Usage | None = None
    cost: float | None = None

    @property
    def problem(self) -> str:
        """Why there is no whole answer; "" if there is."""
        if not_sent := self.prepared.problem or self.held_back:
            return not_sent
        if isinstance(self.end, Done):
            return ""
        return self.end.sentence if isinstance(self.end, Failed) else "The answer was cancelled."

    @property
    def code(self) -> int:
        """The exit code."""
        if isinstance(self.end, Cancelled):
            return _INTERRUPTED
        if self.problem:
            return 1
        return 0 if self.grounded is not None and self.grounded.checked.is_supported else UNSUPPORTED


def run(arguments: argparse.Namespace) -> int:
    """Print an answer; return the exit code: 0 only for a whole one whose claims are supported."""
    return run_to_end(_run(arguments), unheard=1)


def task_of(arguments: argparse.Namespace) -> Task:
    """Return what a command line wants."""
    from hallucino_tui.assistant.tasks import Task

    if arguments.task:
        return Task(arguments.task)
    return Task.ASK if arguments.question else Task.SUMMARISE


async def _run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.question is not None and not arguments.question.strip() and not arguments.task:
        raise Refused("There is no question: write what you want to know, or use hallucino summarise.", 2)
    from hallucino_tui.cli.asked_lines import AskedLines
    from hallucino_tui.cli.gathering import read_containers, read_files

    categories, redactor = categories_of(settings), redactor_of(settings)
    if not arguments.files and arguments.tail is None and not arguments.since:
        arguments.tail = settings.logs.tail
    read = await (read_files if arguments.files else read_containers)(arguments)
    if not (len(read.gathered.lines) or read.happenings.events):
        raise Refused("There is no line to ask about: choose other files or containers, or a longer time.", 2)
    lines = AskedLines(read, categories, redactor, arguments.events)
    model = await _model_of(settings)
    asking = _asking_of(settings, model, redactor)
    try:
        return await _Command(arguments, asking, model, lines).run()
    finally:
        await asking.close()


async def _model_of(settings: Settings) -> ChatModel:
    import asyncio

    return await asyncio.to_thread(make_model, settings)


def _asking_of(settings: Settings, model: ChatModel, redactor: Redactor) -> Asking:
    from hallucino_tui.assistant.prompts import load_prompts
    from hallucino_tui.config.paths import config_folder
    from hallucino_tui.logs.stream import StreamTable

    asking = Asking(lambda: model, StreamTable(), agreements(), settings.assistant.confirm)
    asking.prompts = load_prompts(config_folder() / "prompts")
    # The same one: what is said without a model calls a secret as the question does.
    asking.make_redactor = lambda: redactor
    return asking


@dataclass(slots=True)
class _Command:
    """One question from the command line."""

    arguments: argparse.Namespace
    asking: Asking
    model: ChatModel
    lines: AskedLines
    streams: bool = field(init=False)

    def __post_init__(self) -> None:
        # Who looks on sees the answer as it comes; who reads it later gets it with its marks.
        self.streams = sys.stdout.isatty() and not self.arguments.json

    async def run(self) -> int:
        prepared = await self.asking.begin(self.lines, (), task_of(self.arguments), self.arguments.question or "")
        for note in prepared.notes:
            complain(note)
        question = prepared.question
        if self.arguments.show:
            write(f"{question.text}\n")
            return 0
        answered = Answered(prepared)
        if not prepared.problem:
            if prepared.needs_word and not self.arguments.yes:
                answered.held_back = (
                    f"{question.packing.lines:,} lines would go to {question.host}, which was not agreed to before: "
                    "see what is sent with --show, send it with --yes."
                )
            else:
                await self._send(answered)
        self._print(answered)
        if answered.problem:
            complain(answered.problem)
        return answered.code

    async def _send(self, answered: Answered) -> None:
        def hear(event: Heard) -> None:
            match event:
                case Delta() if self.streams:
                    write(event.text)
                case Usage():
                    answered.usage, answered.cost = event, self.model.cost(event)
                case Waiting() | Told():
                    complain(event.sentence)
                case Repacked():
                    answered.prepared = event.prepared
                case Grounded():
                    answered.grounded = event
                case _:
                    pass

        answered.end, answered.answer = await self.asking.send(answered.prepared.question, hear)

    def _print(self, answered: Answered) -> None:
        from hallucino_tui.cli import answer_output as output

        if self.arguments.json:
            write(output.to_json(answered, self.lines))
        elif not answered.answer:
            write(f"{answered.prepared.counted.rstrip()}\n")
        elif self.streams:
            write("\n\n" + output.under(answered, self.lines, marks=True))
        else:
            write(output.to_markdown(answered, self.lines))


def write(text: str) -> None:
    """Print text; to a terminal without anything that it would obey."""
    from hallucino_tui.logs.text import shown_lines

    sys.stdout.write(shown_lines(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()
