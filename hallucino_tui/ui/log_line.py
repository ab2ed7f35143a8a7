"""One row of the log pane as strips: a line of a container, or a divider. Log text is never markup."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.pretty import Kind, pretty_parts
from hallucino_tui.logs.severity import NOT_A_LINE, Level
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.line_head import format_time, head_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from hallucino_tui.logs.stream import Stream
    from hallucino_tui.ui.palette import Palette

LONGEST: Final = 64 << 10
"""Bytes of one line that are drawn; a mark says how many more there are."""

MOST_STRIPS: Final = 400
"""Screen lines that pretty JSON takes; a mark says how many more there are."""

_PICTURES: Final = re.compile("[\u2400-\u2421]+|<U\\+[0-9A-F]{4,6}>")
_LEAST_TEXT: Final = 20
_LIGHT: Final = Style(bold=False)
TIMESTAMPS: Final = ("off", "local", "utc", "delta")


@dataclass(frozen=True, slots=True)
class Look:
    """What all rows of a picture have in common. Two equal looks draw equal rows.

    Attributes:
        width: Cells of a row.
        pan: Cells of the text that are out of sight on the left.
        wrap: Whether long lines go on in the next row.
        timestamps: ``off``, ``local``, ``utc`` or ``delta``.
        dates: Whether times carry the day.
        title: Cells for the stream's title; 0 to leave it out.
        part: Cells for its part; 0 to leave it out.
        columns: Names of stream labels or fields, each of which has a column of its own.
        cells: How wide the columns are; () as long as nobody looked at their values.
        pretty: Whether JSON is drawn over several rows, and a stack trace as one record.
        needle: What to highlight; None for nothing.
        theme: Name of the theme, so that another one draws anew.
        zone: The local time zone.
    """

    width: int
    pan: int = 0
    wrap: bool = False
    timestamps: str = "local"
    dates: bool = False
    title: int = 0
    part: int = 0
    columns: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    pretty: bool = False
    needle: re.Pattern[str] | None = None
    theme: str = ""
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn.

    Attributes:
        text: The line's text, valid UTF-8, cut at `LONGEST`.
        size: Its whole length in bytes.
        time: Nanoseconds since the epoch.
        before: The time of the row above; None for the first.
        level: Level code.
        stream: Where it comes from.
        values: What stands in each column of the look.
        joined: Whether it goes on with the record of the row above, and that is to be seen.
    """

    text: bytes
    size: int
    time: int
    before: int | None
    level: int
    stream: Stream
    values: tuple[str, ...] = ()
    joined: bool = False


_Runs = list[tuple[str, Style]]
"""A line of text as pieces, each drawn in one style."""


def render(row: Row, look: Look, palette: Palette, background: Style | None) -> list[Strip]:
    """Draw a row; more than one strip only if it wraps, or if it is pretty JSON.

    Args:
        row: What is drawn.
        look: How.
        palette: The colours.
        background: Of the cursor or the selection; None for the pane's own.
    """
    if row.level >= NOT_A_LINE:
        strips = [_divider(row, look, palette)]
    else:
        whole = row.text.decode("utf-8", "ignore")
        head = head_of(row, look, palette)
        bodies = _pretty_bodies(row, whole, head, look, palette) if look.pretty else None
        if bodies is None:
            text = shown(whole).expandtabs(8)
            if row.size > len(row.text):
                text += f" … {(row.size - len(row.text)) / 1024:,.0f} KiB more"
            if not look.wrap and look.needle is None and text.isascii():
                return [_plain_line(head, text, palette.level(row.level), look, background)]
            bodies = [[(text, palette.level(row.level))]]
        strips = _lines(bodies, head, palette.level(row.level), look, palette)
    return strips if background is None else [strip.apply_style(background) for strip in strips]


def highlight_pattern(texts: tuple[str, ...], patterns: tuple[str, ...] = ()) -> re.Pattern[str] | None:
    """Return a pattern that finds what stands out in lines; None if nothing does.

    Args:
        texts: Plain texts, found whatever their case.
        patterns: Regular expressions that Python may run on a line without taking long.
    """
    wanted = [f"(?i:{re.escape(text)})" for text in sorted(texts, key=len, reverse=True) if text]
    wanted += [f"(?:{pattern})" for pattern in patterns if _is_pattern(pattern)]
    return re.compile("|".join(wanted)) if wanted else None


def _is_pattern(pattern: str) -> bool:
    try:
        return re.compile(f"(?:{pattern})").match("") is None  # what matches nothing would stand out everywhere
    except re.error:
        return False


def _plain_line(head: list[Segment], text: str, base: Style, look: Look, background: Style | None) -> Strip:
    """Draw a line of which each character is one cell and nothing stands out: most lines are like that."""
    taken = sum([cell_len(segment.text) for segment in head])
    room = max(look.width - taken, 0)
    segments = [*head, Segment(text[look.pan : look.pan + room].ljust(room), base)]
    if background is not None:
        segments = [Segment(text, background if style is None else background + style) for text, style, _ in segments]
    return Strip(segments, taken + room).adjust_cell_length(look.width)


def _pretty_bodies(row: Row, text: str, head: list[Segment], look: Look, palette: Palette) -> list[_Runs] | None:
    """Return the lines of a row that is or ends with JSON, None for other rows."""
    if row.size > len(row.text) or "{" not in text:
        return None
    lines = pretty_parts(text, look.width - sum(cell_len(segment.text) for segment in head))
    if lines is None:
        return None
    base = palette.level(row.level)
    styles = {kind: json_style(kind, base, palette) for kind in Kind}
    bodies = [[(shown(text).replace("\t", " "), styles[kind]) for text, kind in line] for line in lines[:MOST_STRIPS]]
    if len(lines) > MOST_STRIPS:
        bodies.append([(f"… {len(lines) - MOST_STRIPS:,} more lines", palette.muted)])
    return bodies


def json_style(kind: Kind, base: Style, palette: Palette) -> Style:
    """Return how a part of pretty JSON is drawn; text is drawn as the line is."""
    match kind:
        case Kind.KEY:
            return palette.accent + _LIGHT
        case Kind.MARK:
            return palette.muted
        case Kind.NUMBER | Kind.WORD:
            return palette.level(Level.NOTICE)
        case Kind.PLAIN | Kind.TEXT:
            return base


def _lines(bodies: list[_Runs], head: list[Segment], base: Style, look: Look, palette: Palette) -> list[Strip]:
    """Draw the lines of a row one below the other; the text of each begins below that of the first."""
    taken = sum(cell_len(segment.text) for segment in head)
    indent = taken if look.width - taken >= _LEAST_TEXT else 2
    strips: list[Strip] = []
    for body in bodies:
        text = body[0][0] if len(body) == 1 else "".join([text for text, _ in body])
        runs = _marked(body, text, look, palette)
        first = look.width - (indent if strips else taken)
        pieces = _pieces(text, max(first, 1), max(look.width - indent, 1)) if look.wrap else [text]
        for part in _cut(runs, [len(piece) for piece in pieces]):
            front = [Segment(" " * indent, base)] if strips else head
            drawn = [Segment(*run) for run in part]
            if not look.wrap and (look.pan or cell_len(text) > first):
                drawn = list(Strip(drawn).crop(look.pan, look.pan + max(first, 0)))
            strips.append(Strip([*front, *drawn]).adjust_cell_length(look.width, base))
    return strips


def _pieces(text: str, first: int, others: int) -> list[str]:
    """Cut text into pieces of so many cells, none of them through a wide character."""
    if cell_len(text) <= first:
        return [text]
    head = chop_cells(text, first)[0]
    return [head, *chop_cells(text[len(head) :], others)]


def _marked(runs: _Runs, text: str, look: Look, palette: Palette) -> _Runs:
    """Let pictures of control bytes stand out, and matches over them."""
    if not text.isascii() or "<U+" in text:
        runs = _over(runs, [match.span() for match in _PICTURES.finditer(text)], palette.control)
    if look.needle is not None:
        runs = _over(runs, [match.span() for match in look.needle.finditer(text)], palette.match)
    return runs


def _over(runs: _Runs, spans: list[tuple[int, int]], style: Style) -> _Runs:
    """Put a style over parts of a line.

    Args:
        runs: The line.
        spans: Where the parts begin and end, in their order.
        style: What is put over what is there.
    """
    if not spans:
        return runs
    edges = list(itertools.chain.from_iterable(spans))
    total = sum([len(text) for text, _ in runs])
    lengths = [stop - start for start, stop in itertools.pairwise([0, *edges, total])]
    made: _Runs = []
    for number, part in enumerate(_cut(runs, lengths)):
        made.extend([(text, old + style) for text, old in part] if number % 2 else part)
    return made


def _cut(runs: _Runs, lengths: list[int]) -> Iterator[_Runs]:
    """Cut a line into parts of so many characters."""
    left = iter(runs)
    text, style = next(left)
    for length in lengths:
        part: _Runs = []
        wanted = length
        while wanted > len(text):
            part.append((text, style))
            wanted -= len(text)
            text, style = next(left)
        part.append((text[:wanted], style))
        text = text[wanted:]
        yield part


def _divider(row: Row, look: Look, palette: Palette) -> Strip:
    style = palette.notice(NoticeKind(row.level - NOT_A_LINE))
    where = "/".join(part for part in (row.stream.title, row.stream.part) if part)
    words = shown(f"{where}: {row.text.decode('utf-8', 'replace')}")
    moment = "" if look.timestamps in {"off", "delta"} else f"{format_time(row.time, row.before, look)} "
    line = f"── {moment}{words} "
    return Strip([Segment(line + "─" * max(look.width - cell_len(line), 0), style)]).adjust_cell_length(look.width)
