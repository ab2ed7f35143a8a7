"""What stands in front of a line's text: its severity, its time, the names of its stream, and columns of fields."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.segment import Segment

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.names import fit_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.ui.log_line import Look, Row
    from hallucino_tui.ui.palette import Palette

LEAST_CELLS: Final = 8
MOST_CELLS: Final = 24
_DEEPER: Final = 2
_GUTTERS: Final = {Level.WARN: "W", Level.ERROR: "E", Level.FATAL: "F"}


def head_of(row: Row, look: Look, palette: Palette) -> list[Segment]:
    """Return what stands in front of a line's text.

    Where records are drawn as one, lines that go on with a record stand deeper, and the rows among them that follow
    directly repeat neither time nor names.
    """
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
    if look.columns:
        for column, cells, value in zip(look.columns, column_cells(look), row.values, strict=True):
            segments.append(Segment(_name(value, cells), palette.stream(column)))
    if look.pretty and row.level & CONTINUED:
        segments.append(Segment(" " * _DEEPER, palette.muted))
        if row.joined:
            segments[1:] = [Segment(" " * sum(cell_len(segment.text) for segment in segments[1:]), palette.muted)]
    return segments


def column_cells(look: Look) -> tuple[int, ...]:
    """Return how wide each column of a look is drawn."""
    if len(look.cells) == len(look.columns):
        return look.cells
    return fit_columns(look, [[name] for name in look.columns])


def fit_columns(look: Look, values: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return how wide columns have to be for their values: never narrower than they are, and within bounds.

    Args:
        look: Says which columns there are, how wide they are now, and how much room all have together.
        values: The values of each column.
    """
    most = min(max(look.width // 3 // max(len(look.columns), 1), LEAST_CELLS), MOST_CELLS)
    before = look.cells if len(look.cells) == len(look.columns) else (LEAST_CELLS,) * len(look.columns)
    widest = [max([cell_len(_one_line(value[: 2 * MOST_CELLS])) for value in column], default=0) for column in values]
    return tuple(min(max(cells, old), most) for cells, old in zip(widest, before, strict=True))


@lru_cache(maxsize=1024)
def _name(name: str, cells: int) -> str:
    """Return a name with a space behind it; the same few come again with each line."""
    return f"{fit_name(_one_line(name), cells)} "


def _one_line(text: str) -> str:
    """Return text made harmless, each tab as a space."""
    return shown(text).replace("\t", " ")


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
