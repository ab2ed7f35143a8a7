"""Patterns such as ``<ip> - <_> "<method> <path>"``: literal text, and captures between it."""

from __future__ import annotations

import collections
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.regex import escape

if TYPE_CHECKING:
    import polars as pl

_CAPTURE: Final = re.compile(r"<([A-Za-z_][A-Za-z0-9_]*)>")


@dataclass(frozen=True, slots=True)
class Capture:
    """A part that stands for any text; `name` is "" for ``<_>``."""

    name: str


Parts = tuple[str | Capture, ...]


def parse_pattern(text: str) -> Parts:
    """Cut a pattern into its parts. Whether they make sense depends on their use: see the two checks."""
    parts: list[str | Capture] = []
    position = 0
    for match in _CAPTURE.finditer(text):
        if match.start() > position:
            parts.append(text[position : match.start()])
        parts.append(Capture("" if match[1] == "_" else match[1]))
        position = match.end()
    if position < len(text):
        parts.append(text[position:])
    return tuple(parts)


def check_extraction(parts: Parts) -> None:
    """Check a pattern that extracts labels.

    Raises:
        ValueError: It has no named capture, one twice, or two captures side by side.
    """
    names = [part.name for part in parts if isinstance(part, Capture) and part.name]
    if not names:
        raise ValueError("the pattern has no named capture such as <name>")
    _check_neighbours(parts)
    name, count = collections.Counter(names).most_common(1)[0]
    if count > 1:
        raise ValueError(f"the pattern has the capture <{name}> twice")


def check_filter(parts: Parts) -> None:
    """Check a pattern that filters lines.

    Raises:
        ValueError: It has a named capture, or two captures side by side.
    """
    _check_neighbours(parts)
    for part in parts:
        if isinstance(part, Capture) and part.name:
            raise ValueError(
                f"a pattern that filters lines has only captures without a name, <_>, but here is <{part.name}>"
            )


def to_regex(parts: Parts, *, whole_line: bool) -> str:
    """Write a pattern as a regular expression.

    Args:
        parts: The pattern.
        whole_line: Whether it extracts labels: then the first literal has to begin the line, each capture goes to the
            first place where the next literal follows, and if that is missing it takes the rest of the line and the
            later captures are null. (An empty line gives empty captures.)
            Otherwise it filters lines, and the expression matches all lines that `matches_lines` finds and a few more:
            that a capture ends at the first possible place cannot be said in a regular expression.
    """
    return _extracting(parts) if whole_line else _filtering(parts)


def matches_lines(parts: Parts, lines: pl.Series) -> pl.Series:
    """Say of each of n strings whether a filtering pattern fits: exactly as in Loki.

    The first literal may be anywhere, each capture takes at least one character and goes to the first place where the
    next literal is, and the last literal has to end the line.
    """
    import polars as pl  # noqa: PLC0415 - it takes long to import, and parsing a query never needs it

    if not parts:
        return lines == ""
    rest = lines
    fits = lines != ""
    for index, part in enumerate(parts):
        if isinstance(part, Capture):
            continue
        cut = rest.str.splitn(part, 2).struct
        before, rest = cut.field("field_0"), cut.field("field_1")
        fits &= rest.is_not_null()
        if index:
            fits &= before != ""
    has_rest = rest != ""
    fits &= has_rest if isinstance(parts[-1], Capture) else ~has_rest
    return fits.fill_null(pl.Series([False]))


def _check_neighbours(parts: Parts) -> None:
    for pair in itertools.pairwise(parts):
        captures = [f"<{part.name or '_'}>" for part in pair if isinstance(part, Capture)]
        if len(captures) == 2:
            raise ValueError(f"the pattern has {captures[0]} and {captures[1]} side by side, with no text between them")


def _extracting(parts: Parts) -> str:
    begin, rest = (escape(parts[0]), parts[1:]) if parts and isinstance(parts[0], str) else ("", parts)
    written = ""
    for part in reversed(rest):
        if isinstance(part, str):
            written = f"(?:{escape(part)}{written}|$)"
        else:
            group = f"?P<{part.name}>" if part.name else "?:"
            written = f"({group}.*?){written}" if written else f"({group}.*)"
    return f"(?s)^{begin}{written}"


def _filtering(parts: Parts) -> str:
    if not parts:
        return "^$"
    written = "".join(escape(part) if isinstance(part, str) else ".+?" for part in parts)
    begin = "^" if isinstance(parts[0], Capture) else ""
    end = "" if isinstance(parts[-1], Capture) else "$"
    return f"(?s){begin}{written}{end}"
