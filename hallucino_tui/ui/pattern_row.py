"""One line of the list of patterns: its columns in the room that there is."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.segment import Segment

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.numbers import plural, short
from hallucino_tui.ui.timeline_painter import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from hallucino_tui.session.pattern_list import Pattern
    from hallucino_tui.ui.palette import Palette

VARIABLE: Final = "<*>"
_WIDE: Final = 104
_WIDEST: Final = 126
_MARKS: Final = {"kept": "+", "hidden": "-"}
_BADGES: Final = {"new": "new", "surging": "surge", "vanished": "gone"}
_CATEGORIES: Final = {"incident": "incident", "preventive_action": "prevent"}


class Room(NamedTuple):
    """How wide columns are; 0 for those that there is no room for.

    Attributes:
        trend: Cells of the trend.
        times: Cells of each of the two times.
        streams: Cells of the number of streams.
        category: Cells of the category.
    """

    trend: int
    times: int
    streams: int
    category: int


def room_in(width: int) -> Room:
    """Return which columns fit into so many cells."""
    if width >= _WIDEST:
        return Room(12, 8, 7, 8)
    return Room(12, 8, 7, 0) if width >= _WIDE else Room(8, 0, 0, 0)


def head(width: int) -> str:
    """Return the names of the columns."""
    room = room_in(width)
    parts = [f"  {'':<5} {'count':>6} {'share':>6} {'level':<6}"]
    if room.category:
        parts.append(f"{'category':<{room.category}}")
    if room.streams:
        parts.append(f"{'streams':>{room.streams}}")
    if room.times:
        parts.append(f"{'first':<{room.times}} {'last':<{room.times}}")
    return " ".join([*parts, f"{'trend':<{room.trend}}", "pattern"])


def segments(pattern: Pattern, state: str, width: int, palette: Palette, zone: tzinfo | None) -> list[Segment]:
    """Return the picture of a pattern.

    Args:
        pattern: What there is to say.
        state: ``kept`` or ``hidden``, "" for neither.
        width: How many cells there are.
        palette: The colours.
        zone: In which zone times are shown.
    """
    room = room_in(width)
    calm = palette.muted if state == "hidden" else palette.text
    level = "" if pattern.level is Level.UNKNOWN else pattern.level.name.lower()
    parts = [
        Segment(f"{_MARKS.get(state, ' ')} ", palette.accent),
        Segment(f"{_BADGES.get(pattern.badge, ''):<5} ", _badge_style(pattern.badge, palette)),
        Segment(f"{short(pattern.count):>6} ", calm),
        Segment(f"{share(pattern.share):>6} ", palette.muted),
        Segment(f"{level:<6} ", palette.muted if state == "hidden" else palette.gutter(pattern.level)),
    ]
    if room.category:
        style = palette.gutter(Level.ERROR if pattern.category == "incident" else Level.WARN)
        parts.append(Segment(f"{_CATEGORIES.get(pattern.category, ''):<{room.category}} ", style))
    if room.streams:
        parts.append(Segment(f"{pattern.streams:>{room.streams},} ", palette.muted))
    if room.times:
        times = (clock(pattern.first, zone), clock(pattern.last, zone))
        parts.append(Segment(" ".join(f"{time:<{room.times}.{room.times}}" for time in times) + " ", palette.muted))
    parts.append(Segment(f"{trend(pattern.trend, room.trend)} ", calm if state == "hidden" else palette.accent))
    return [*parts, *_template(pattern.text, calm, palette)]


def share(part: float) -> str:
    """Return a part of all lines in few characters."""
    percent = part * 100
    return f"{percent:.1f}%" if percent >= 0.1 else "<0.1%"


def clock(time: int | None, zone: tzinfo | None, *, day: bool = False) -> str:
    """Return a time of day, with the day if it is asked for; nothing for no time."""
    if time is None:
        return ""
    try:
        moment = datetime.fromtimestamp(time // NANOSECONDS, zone)
    except (OverflowError, OSError, ValueError):
        return "?"
    return f"{moment:%m-%d %H:%M:%S}" if day else f"{moment:%H:%M:%S}"


def trend(counts: Sequence[int], cells: int) -> str:
    """Return counts by time as blocks; the highest is full."""
    width = max(len(counts) // cells, 1)
    summed = [sum(counts[start : start + width]) for start in range(0, width * cells, width)]
    peak = max(summed, default=0)
    return "".join(BLOCKS[-(-count * (len(BLOCKS) - 1) // peak)] if peak else " " for count in summed)


def detail(pattern: Pattern, zone: tzinfo | None) -> str:
    """Return what the columns have no room for: the whole template, and behind it all facts."""
    category = pattern.category.replace("_", " ")
    facts = [
        f"{pattern.badge}: {pattern.evidence}" if pattern.evidence else pattern.badge,
        f"{category} (rule {pattern.rule})" if pattern.rule else category,
        f"{pattern.count:,} lines, {share(pattern.share)} of all, in {plural(pattern.streams, 'stream')}",
        f"{clock(pattern.first, zone, day=True)} to {clock(pattern.last, zone, day=True)}" if pattern.last else "",
        f"id {pattern.id}",
    ]
    text = shown(pattern.text.replace("\t", " "))
    return f"{text}\n{' · '.join(fact for fact in facts if fact)}"


def _template(text: str, style: Style, palette: Palette) -> list[Segment]:
    """Return a template with its variables standing out."""
    parts: list[Segment] = []
    for place, piece in enumerate(text.split(VARIABLE)):
        if place:
            parts.append(Segment(VARIABLE, palette.control))
        if piece:
            parts.append(Segment(shown(piece.replace("\t", " ")), style))
    return parts


def _badge_style(badge: str, palette: Palette) -> Style:
    styles = {"surging": palette.gutter(Level.WARN), "vanished": palette.muted}
    return styles.get(badge, palette.accent)
