"""Which lines are alike: of one kind but for names, numbers and times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line

_PLAIN: Final = re.compile(r"(?<![\w.@/\\-])[A-Za-z]{2,}(?![\w.@/\\]|-\w)")
_REPEATED: Final = re.compile(r"\bmessage repeated (?P<n>\d+) times: \[", re.IGNORECASE)
_MONTHS: Final = re.compile(r"^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)$")
# Of lines that are alike most words are the same; of those of one kind all but, maybe, a name.
ALIKE: Final = 0.6
SAME: Final = 0.85
_MOST = 100


def groups_of(lines: Sequence[Line], least: float = ALIKE) -> list[list[Line]]:
    """Return the lines in groups of those that are alike.

    Args:
        lines: The lines.
        least: The share of words that lines of a group have in common.
    """
    groups: list[tuple[frozenset[str], list[Line]]] = []
    for line in lines[:_MOST]:
        words = _words(line)
        for there, group in groups:
            if len(there & words) >= least * len(there | words):
                group.append(line)
                break
        else:
            groups.append((words, [line]))
    return [group for _, group in groups]


def repeats_of(line: Line) -> int:
    """Return how many lines a line stands for, those that `message repeated 5 times` is said of among them."""
    match = _REPEATED.search(line.text)
    return max(line.source.count, int(match["n"]) if match else 1)


def _words(line: Line) -> frozenset[str]:
    text = line.text
    if match := _REPEATED.search(text):
        text = text[: match.start()] + text[match.end() :]
    return frozenset(word for word in map(str.lower, _PLAIN.findall(text)) if not _MONTHS.match(word))
