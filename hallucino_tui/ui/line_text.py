"""A record as text for a widget: what is known of a line, and the line with the others of its record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.style import Style

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.pretty import Kind, Part, pretty_parts
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.logs.text import shown
from hallucino_tui.logs.written_time import written_time
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.log_line import json_style
from hallucino_tui.ui.numbers import plural, size

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from hallucino_tui.ui.line_record import LineRecord
    from hallucino_tui.ui.palette import Palette

MOST_SHOWN: Final = 64 << 10
"""Characters of a line, and of all others of its record, that are shown."""


def facts_of(record: LineRecord, palette: Palette, zone: tzinfo | None = None) -> Content:
    """Return what is known of a line: its times, its severity, where it stands and how long it is.

    Args:
        record: The line.
        palette: The colours.
        zone: The local time zone; None for the computer's.
    """
    muted = Style.from_rich_style(palette.muted)
    lines = [("time", _moment(record.time, zone))]
    written = written_time(record.text, record.time, zone)
    if written is not None and abs(written.time - record.time) >= written.precision:
        no_zone = "" if written.zoned else "  (without a zone)"
        distance = f"  {(written.time - record.time) / NANOSECONDS:+,.3f} s" if record.time != NO_TIME else ""
        lines.append(("in text", f"{_moment(written.time, zone)}{distance}{no_zone}"))
    level = Level(record.level & LEVEL_BITS)
    facts = [level.name.lower() if level else "no level", f"{record.size:,} bytes"]
    if record.level & CONTINUED:
        facts.append("goes on with a record")
    others = len(record.before) + len(record.after)
    if others:
        facts.append(f"{plural(others, 'other line')} in its record")
    lines.append(("line", "  ".join(facts)))
    parts = [Content.assemble((f"{name:<8}", muted), text) for name, text in lines]
    return Content("\n").join(parts)


def text_of(record: LineRecord, width: int, palette: Palette, *, pretty: bool) -> Content:
    """Return a line with the others of its record, made harmless.

    Args:
        record: The line.
        width: Cells that there are.
        palette: The colours.
        pretty: Whether JSON is spread over several lines.
    """
    muted = Style.from_rich_style(palette.muted)
    pieces = [
        *[Content.styled(text, muted) for text in _others(record.before)],
        _line(record, width, palette, pretty=pretty),
        *[Content(text) for text in _others(record.after)],
    ]
    return Content("\n").join(pieces)


def _others(texts: tuple[str, ...]) -> Iterator[str]:
    """Return the other lines of a record, as many as anybody scrolls through."""
    room = MOST_SHOWN
    for number, text in enumerate(texts):
        if room <= 0:
            yield f"… {plural(len(texts) - number, 'more line')}"
            return
        yield shown(text[:room])
        room -= len(text) + 1


def _line(record: LineRecord, width: int, palette: Palette, *, pretty: bool) -> Content:
    whole = len(record.text.encode()) == record.size
    lines = pretty_parts(record.text, width) if pretty and whole else None
    content = harmless(record.text[: MOST_SHOWN + 1]) if lines is None else _coloured(lines, palette)
    if whole and len(content) <= MOST_SHOWN:
        return content
    words = f"\n… This line is {size(record.size)} long, and this its beginning. Copying or saving takes all of it."
    return Content.assemble(content[:MOST_SHOWN], (words, Style.from_rich_style(palette.muted)))


def _coloured(lines: list[list[Part]], palette: Palette) -> Content:
    styles = {kind: Style.from_rich_style(json_style(kind, palette.text, palette)) for kind in Kind}
    plain = {Kind.PLAIN, Kind.TEXT}
    made = [
        Content.assemble(*[shown(text) if kind in plain else (shown(text), styles[kind]) for text, kind in line])
        for line in lines
    ]
    return Content("\n").join(made)


def _moment(time: int, zone: tzinfo | None) -> str:
    """Return a time in the local zone and in UTC; the day once, unless there are two."""
    if time == NO_TIME:
        return "none"
    seconds, rest = divmod(time, NANOSECONDS)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
        local = moment.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return "none"
    decimals = f"{rest:09d}"
    while len(decimals) > 3 and decimals.endswith("000"):
        decimals = decimals[:-3]
    if not local.utcoffset():
        return f"{moment:%Y-%m-%d %H:%M:%S}.{decimals} UTC"
    day = "" if local.date() == moment.date() else f"{moment:%Y-%m-%d} "
    return f"{local:%Y-%m-%d %H:%M:%S}.{decimals} {local:%z} · {day}{moment:%H:%M:%S}.{decimals} UTC"
