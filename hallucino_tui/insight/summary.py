"""What can be counted of some lines without any model: levels, time span, sources, and the most frequent lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.wording import how_many
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_VARIABLE: Final = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{7,}\b|\d+", re.IGNORECASE
)
_MOST: Final = 6
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be counted.

    Attributes:
        time: Nanoseconds since the epoch.
        source: Where it comes from.
        level: Its level code.
        text: Its text.
        number: What it is cited as, 0 for not at all.
    """

    time: int
    source: str
    level: int
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Repeated:
    """Lines that differ in numbers only.

    Attributes:
        count: How many.
        level: Their level.
        first: The first of them.
    """

    count: int
    level: Level
    first: Line


@dataclass(frozen=True, slots=True)
class Summary:
    """What was counted.

    Attributes:
        lines: How many lines.
        first: Time of the earliest, in nanoseconds.
        last: Time of the latest.
        levels: How many of each level, the worst first; frames of stack traces count with their records.
        sources: How many of each source, the loudest first.
        severe: The most frequent warnings and errors.
        frequent: The most frequent other lines.
    """

    lines: int
    first: int
    last: int
    levels: tuple[tuple[Level, int], ...]
    sources: tuple[tuple[str, int], ...]
    severe: tuple[Repeated, ...]
    frequent: tuple[Repeated, ...]


def summarise(lines: Sequence[Line]) -> Summary:
    """Count lines."""
    heads = [line for line in lines if not line.level & CONTINUED]
    levels = Counter(_level(line) for line in heads)
    sources = Counter(line.source for line in lines)
    groups: dict[tuple[Level, str], list[Line]] = {}
    for line in heads:
        groups.setdefault((_level(line), _VARIABLE.sub("#", line.text)), []).append(line)
    repeated = [Repeated(len(same), level, same[0]) for (level, _), same in groups.items()]
    repeated.sort(key=lambda one: (-one.count, one.first.time))
    return Summary(
        len(lines),
        min((line.time for line in lines), default=0),
        max((line.time for line in lines), default=0),
        tuple(sorted(levels.items(), reverse=True)),
        tuple(sources.most_common()),
        tuple(one for one in repeated if one.level >= Level.WARN)[:_MOST],
        tuple(one for one in repeated if one.level < Level.WARN)[:_MOST],
    )


def to_markdown(summary: Summary) -> str:
    """Write a summary as Markdown, with citations where lines have numbers."""
    if not summary.lines:
        return "### Counted\n\nNo lines."
    span = (summary.last - summary.first) / NANOSECONDS
    levels = ", ".join(f"{count:,} {level.name.lower()}" for level, count in summary.levels)
    sources = ", ".join(f"{_code(shown(source))} {count:,}" for source, count in summary.sources[:_MOST])
    more = len(summary.sources) - _MOST
    when = f"in {span:,.1f} s, from {_clock(summary.first)} to {_clock(summary.last)} UTC"
    when = when if summary.lines > 1 else f"at {_clock(summary.first)} UTC"
    parts = [
        "### Counted",
        "",
        f"- **{how_many(summary.lines, 'line')}** {when}",
        f"- **Levels**: {levels}",
        f"- **Sources**: {sources}" + (f" and {more} more" if more > 0 else ""),
    ]
    for title, group in (
        ("Most frequent warnings and errors", summary.severe),
        ("Most frequent other lines", summary.frequent),
    ):
        if group:
            parts += ["", f"**{title}**", "", *(_item(one) for one in group)]
    return "\n".join(parts)


def _item(one: Repeated) -> str:
    text = shown(one.first.text.strip().replace("\t", " "))
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    cited = f" [L{one.first.number}]" if one.first.number else ""
    level = "" if one.level is Level.UNKNOWN else f"{one.level.name.lower()} "
    return f"- {one.count:,} × {level}{_code(text)}{cited}"


def _level(line: Line) -> Level:
    return Level(line.level & LEVEL_BITS)


def _clock(time: int) -> str:
    return f"{datetime.fromtimestamp(time // NANOSECONDS, UTC):%H:%M:%S}"


def _code(text: str) -> str:
    """Return text as Markdown code that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
