"""One row of the log pane as strips: a line of a container, or a divider. Log text is never markup."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.strip import Strip

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, NOT_A_LINE, Level
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.names import fit_name

if TYPE_CHECKING:
    from datetime import tzinfo

    from rich.style import Style

    from hallucino_tui.logs.stream import Stream
    from hallucino_tui.ui.palette import Palette

LONGEST: Final = 64 << 10
"""Bytes of one line that are drawn; a mark says how many more there are."""

_GUTTERS: Final = {Level.WARN: "W", Level.ERROR: "E", Level.FATAL: "F"}
_PICTURES: Final = re.compile("[\u2400-\u2421]+|<U\\+[0-9A-F]{4,6}>")
_LEAST_TEXT: Final = 20
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
    """

    text: bytes
    size: int
    time: int
    before: int | None
    level: int
    stream: Stream


def render(row: Row, look: Look, palette: Palette, background: Style | None) -> list[Strip]:
    """Draw a row; more than one strip only if it wraps.

    Args:
        row: What is drawn.
        look: How.
        palette: The colours.
        background: Of the cursor or the selection; None for the pane's own.
    """
    if row.level >= NOT_A_LINE:
        strips = [_divider(row, look, palette)]
    else:
        text = shown(row.text.decode("utf-8", "ignore")).expandtabs(8)
        if row.size > len(row.text):
            text += f" … {(row.size - len(row.text)) / 1024:,.0f} KiB more"
        if not look.wrap and look.needle is None and text.isascii():
            return [_plain_line(row, text, look, palette, background)]
        strips = _line(row, text, look, palette)
    return strips if background is None else [strip.apply_style(background) for strip in strips]


def highlight_pattern(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of some literal texts, whatever their case; None if there are none."""
    wanted = [re.escape(text) for text in texts if text]
    return re.compile("|".join(sorted(wanted, key=len, reverse=True)), re.IGNORECASE) if wanted else None


def _plain_line(row: Row, text: str, look: Look, palette: Palette, background: Style | None) -> Strip:
    """Draw a line of which each character is one cell and nothing stands out: most lines are like that."""
    segments = _prefix(row, look, palette)
    taken = sum([cell_len(segment.text) for segment in segments])
    room = max(look.width - taken, 0)
    segments.append(Segment(text[look.pan : look.pan + room].ljust(room), palette.level(row.level)))
    if background is not None:
        segments = [Segment(text, background if style is None else background + style) for text, style, _ in segments]
    return Strip(segments, taken + room).adjust_cell_length(look.width)


def _line(row: Row, text: str, look: Look, palette: Palette) -> list[Strip]:
    prefix = _prefix(row, look, palette)
    taken = sum(cell_len(segment.text) for segment in prefix)
    base = palette.level(row.level)
    if not look.wrap:
        body = Strip(_styled(text, base, look, palette))
        room = max(look.width - taken, 0)
        body = body.crop(look.pan, look.pan + room)
        return [Strip.join([Strip(prefix), body]).adjust_cell_length(look.width, base)]
    indent = taken if look.width - taken >= _LEAST_TEXT else 2
    strips: list[Strip] = []
    start = 0
    for piece in _pieces(text, max(look.width - taken, 1), max(look.width - indent, 1)):
        head = prefix if not strips else [Segment(" " * indent, base)]
        body = _styled(text, base, look, palette, start, start + len(piece))
        strips.append(Strip([*head, *body]).adjust_cell_length(look.width, base))
        start += len(piece)
    return strips


def _pieces(text: str, first: int, others: int) -> list[str]:
    """Cut text into pieces of so many cells, none of them through a wide character."""
    if cell_len(text) <= first:
        return [text]
    head = chop_cells(text, first)[0]
    return [head, *chop_cells(text[len(head) :], others)]


def _prefix(row: Row, look: Look, palette: Palette) -> list[Segment]:
    level = Level(row.level & LEVEL_BITS)
    head = level if not row.level & CONTINUED else Level.UNKNOWN
    segments = [Segment(_GUTTERS.get(head, "▏") + " ", palette.gutter(row.level))]
    if look.timestamps != "off":
        segments.append(Segment(f"{format_time(row.time, row.before, look)} ", palette.muted))
    name = palette.stream(row.stream.title)
    if look.title:
        segments.append(Segment(_name(row.stream.title, look.title), name))
    if look.part:
        segments.append(Segment(_name(row.stream.part, look.part), palette.muted))
    return segments


@lru_cache(maxsize=1024)
def _name(name: str, cells: int) -> str:
    """Return a name with a space behind it; the same few come again with each line."""
    return f"{fit_name(shown(name), cells)} "


def format_time(time: int, before: int | None, look: Look) -> str:
    """Return the time of a row as the pane shows it."""
    if look.timestamps == "delta":
        return f"{'':>10}" if before is None else f"{(time - before) / NANOSECONDS:>+10.3f}"
    seconds, rest = divmod(time, NANOSECONDS)
    try:
        moment = datetime.fromtimestamp(seconds, UTC if look.timestamps == "utc" else look.zone)
    except (OverflowError, OSError, ValueError):
        return "?" * 12
    day = f"{moment:%m-%d} " if look.dates else ""
    return f"{day}{moment:%H:%M:%S}.{rest // 1_000_000:03d}"


def _styled(
    text: str, base: Style, look: Look, palette: Palette, start: int = 0, stop: int | None = None
) -> list[Segment]:
    """Return a part of a line's text as segments: pictures of control bytes and matches stand out."""
    stop = len(text) if stop is None else stop
    marks: list[tuple[int, int, Style]] = [(*match.span(), palette.control) for match in _PICTURES.finditer(text)]
    if look.needle is not None:
        marks.extend((*match.span(), palette.match) for match in look.needle.finditer(text))
    if not marks:
        return [Segment(text[start:stop], base)]
    edges = sorted({start, stop, *(edge for mark in marks for edge in mark[:2] if start < edge < stop)})
    segments: list[Segment] = []
    for first, last in itertools.pairwise(edges):
        style = base
        for begin, end, over in marks:
            if begin <= first and last <= end:
                style += over
        segments.append(Segment(text[first:last], style))
    return segments


def _divider(row: Row, look: Look, palette: Palette) -> Strip:
    style = palette.notice(NoticeKind(row.level - NOT_A_LINE))
    where = "/".join(part for part in (row.stream.title, row.stream.part) if part)
    words = shown(f"{where}: {row.text.decode('utf-8', 'replace')}")
    moment = "" if look.timestamps in {"off", "delta"} else f"{format_time(row.time, row.before, look)} "
    line = f"── {moment}{words} "
    return Strip([Segment(line + "─" * max(look.width - cell_len(line), 0), style)]).adjust_cell_length(look.width)
