"""A selection of lines as what a model gets: numbered, redacted, one line each, within a budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.neutralise import neutralise, plain
from hallucino_tui.assistant.tokens import most_tokens
from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.assistant.redact import Redactor

_LONGEST_LINE: Final = 600
"""Characters of one line that are sent; a line's end rarely says more than its beginning."""

_LONGEST_READ: Final = 8 * _LONGEST_LINE
"""Characters of one line that are looked at, so that no line takes long; what is sent of it lies well inside."""


class Record(NamedTuple):
    """A line to be sent.

    Attributes:
        row: Its number in the store.
        time: Nanoseconds since the epoch.
        stream: Number of its stream.
        source: Where it comes from, for example pod and container.
        level: Its level code.
        text: Its text.
    """

    row: int
    time: int
    stream: int
    source: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Packed:
    """What is sent of a selection.

    Attributes:
        text: One line for each record, ``[L1]`` and so on in front.
        rows: The row of each number, from ``L1`` on.
        left_out: How many records did not fit.
        tokens: Upper bound of the tokens of `text`.
        secrets: How many different secrets were replaced.
    """

    text: str
    rows: tuple[int, ...]
    left_out: int = 0
    tokens: int = 0
    secrets: int = 0


def pack(records: Sequence[Record], redactor: Redactor, budget: int) -> Packed:
    """Pack lines into a budget of tokens.

    If not all fit, the most severe come first and then the newest; what is sent stays in the order of time.

    Args:
        records: Lines in the order in which they show.
        redactor: Replaces secrets.
        budget: Most tokens.
    """
    lines = _render(records, redactor)
    kept = _choose(records, lines, budget)
    text = "\n".join(f"[L{number}] {lines[index]}" for number, index in enumerate(kept, start=1))
    return Packed(
        text, tuple(records[index].row for index in kept), len(records) - len(kept), most_tokens(text), redactor.count
    )


def _render(records: Sequence[Record], redactor: Redactor) -> list[str]:
    """Return one physical line for each record, without its number."""
    by_stream: dict[int, list[int]] = {}
    for index, record in enumerate(records):
        by_stream.setdefault(record.stream, []).append(index)
    texts = [""] * len(records)
    for indices in by_stream.values():
        # Colours go first: what stands between a name and its value would hide it from the rules.
        redacted = redactor.redact_all(plain(records[index].text[:_LONGEST_READ]) for index in indices)
        for index, text in zip(indices, redacted, strict=True):
            texts[index] = text
    return [_line(record, text) for record, text in zip(records, texts, strict=True)]


def _line(record: Record, text: str) -> str:
    more = max(len(text) - _LONGEST_LINE, 0) + max(len(record.text) - _LONGEST_READ, 0)
    text = neutralise(text[:_LONGEST_LINE]) + (f"… ({more} characters more)" if more else "")
    moment = format_prefix(record.time)[:23] + "Z"
    return f"{moment} {neutralise(record.source)} {text}"


def _choose(records: Sequence[Record], lines: Sequence[str], budget: int) -> list[int]:
    """Return the indices of the lines that fit, ascending."""
    costs = [most_tokens(line) + 6 for line in lines]
    if sum(costs) <= budget:
        return list(range(len(lines)))
    kept: list[int] = []
    for index in _by_weight(records):
        if costs[index] <= budget:
            budget -= costs[index]
            kept.append(index)
    return sorted(kept)


def _by_weight(records: Sequence[Record]) -> Iterable[int]:
    """Return indices, the ones that matter most first: severe heads of records, then the newest lines."""

    def weight(index: int) -> tuple[bool, bool, int]:
        code = records[index].level
        severe = code & LEVEL_BITS >= Level.WARN
        return (not severe, bool(code & CONTINUED), -index)

    return sorted(range(len(records)), key=weight)
