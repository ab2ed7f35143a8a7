"""Programs that need the terminal for themselves for a while: a login plugin that asks for a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class TerminalCall:
    """A program to run.

    Attributes:
        arguments: The program and its arguments.
        environment: Its whole environment.
        sentence: What the user is told before it takes over the terminal.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    sentence: str


@dataclass(frozen=True, slots=True)
class TerminalOutput:
    """What a program left behind."""

    exit_code: int
    stdout: bytes
    stderr: bytes = b""


class InteractiveRunner(Protocol):
    """Runs a program that owns the terminal until it ends."""

    async def __call__(self, call: TerminalCall) -> TerminalOutput:
        """Tell the user the sentence, run the program with the terminal as its input, and return its output.

        Raises:
            OSError: It cannot be run.
        """
        ...
