"""Draws the cells of a timeline: bars by severity, and what lies over them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from hallucino_tui.logs.timeline_snapshot import ERROR, FATAL, REST, WARN, Bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.ui.palette import Palette

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
PLAIN: Final = 0
CURSOR: Final = 1
WINDOW: Final = 2
"""What lies over a column, as bits: the bucket of the cursor, and those with the lines in sight."""

_STRENGTHS: Final = (0.6, 0.8, 1.0)
"""How much of the colour of severe lines a bar on a single line has. Even a small share is seen at once."""

Cell = tuple[str, Style]

_MOST_COLUMNS: Final = 4096


class Bar(NamedTuple):
    """What a column looks like.

    Attributes:
        height: All lines, in eighths of a cell; at least one if there is any.
        severe: The lines of the worst kind, from the bottom up: errors and fatal ones, or warnings if there are none.
        worst: Class of the worst line.
        share: Which part of the lines is severe: 0 for less than a tenth, 1 for less than a half, 2 for more.
        over: What lies over it.
    """

    height: int
    severe: int
    worst: int
    share: int
    over: int


def bar_of(bucket: Bucket, peak: int, cells: int, over: int) -> Bar:
    """Return the column of a bucket.

    Args:
        bucket: Its lines.
        peak: Lines of the fullest bucket; not less than there are here.
        cells: How high the fullest is.
        over: What lies over it.
    """
    rest, warn, error, fatal = bucket
    bad = error + fatal
    total, severe = rest + warn + bad, bad or warn
    worst = FATAL if fatal else ERROR if error else WARN if warn else REST
    share = 0 if severe * 10 < total else 1 if severe * 2 < total else 2
    peak = max(peak, 1)
    return Bar(-(-total * 8 * cells // peak), -(-severe * 8 * cells // peak), worst, share, over)


class TimelinePainter:
    """Knows the styles of all cells."""

    def __init__(self, palette: Palette) -> None:
        """Take the colours.

        Args:
            palette: The colours.
        """
        self.palette = palette
        surfaces, levels = palette.theme.surfaces, palette.theme.levels
        self._colours = (surfaces.muted, levels.warn, levels.error, levels.fatal)
        self._scale = (0, 0)
        self._columns: dict[tuple[Bucket, int], list[Cell]] = {}
        self._styles: dict[tuple[int, int, int, bool], Style] = {}

    @cached_property
    def background(self) -> Style:
        """What is under everything."""
        return Style(color=self.palette.theme.surfaces.muted, bgcolor=self.palette.theme.surfaces.background)

    @cached_property
    def label(self) -> Style:
        """Times."""
        return self.background

    @cached_property
    def caret(self) -> Style:
        """The cursor's place among the times."""
        return self.background + self.palette.accent

    @cached_property
    def in_sight(self) -> Style:
        """Times of lines that are in sight."""
        surfaces = self.palette.theme.surfaces
        return Style(color=surfaces.text, bgcolor=surfaces.cursor, underline=True)

    @cached_property
    def underline(self) -> Style:
        """Bars of lines that are in sight, where there is no line below them."""
        return Style(underline=True)

    def columns(self, buckets: Sequence[Bucket], overs: Sequence[int], rows: int) -> list[list[Cell]]:
        """Draw columns that are one cell wide, each from the top down.

        Args:
            buckets: The lines of each.
            overs: What lies over each.
            rows: How many cells the highest has.
        """
        peak = max(map(sum, buckets), default=0)
        if self._scale != (peak, rows):
            self._scale = (peak, rows)
            self._columns.clear()
        columns: list[list[Cell]] = []
        for key in zip(buckets, overs, strict=True):
            column = self._columns.get(key)
            if column is None:
                column = self._columns[key] = self._column(bar_of(key[0], peak, rows, key[1]), rows)
            columns.append(column)
        if len(self._columns) > _MOST_COLUMNS:
            self._columns.clear()
        return columns

    def _column(self, bar: Bar, rows: int) -> list[Cell]:
        if rows == 1:
            return [self._single(bar)]
        return [self._cell(bar, 8 * row, rows) for row in range(rows - 1, -1, -1)]

    def _single(self, bar: Bar) -> Cell:
        # The cursor's background has to show above a full bar, too.
        block = BLOCKS[min(bar.height, 7 if bar.over & CURSOR else 8)]
        return block, self._style(bar.worst, bar.share, bar.over)

    def _cell(self, bar: Bar, low: int, rows: int) -> Cell:
        is_top = low == 8 * (rows - 1)
        height = min(max(bar.height - low, 0), 7 if bar.over & CURSOR and is_top else 8)
        severe = min(max(bar.severe - low, 0), height)
        if severe and severe < height == 8:
            # Two colours fill the cell; a third one for what is above them there is not.
            return BLOCKS[severe], self._style(bar.worst, 2, bar.over, on_bar=True)
        return BLOCKS[height], self._style(bar.worst if severe else REST, 2, bar.over)

    def _style(self, worst: int, share: int, over: int, *, on_bar: bool = False) -> Style:
        key = (worst, share, over, on_bar)
        style = self._styles.get(key)
        if style is None:
            surfaces, rest = self.palette.theme.surfaces, self._colours[REST]
            under = surfaces.accent if over & CURSOR else surfaces.cursor if over & WINDOW else surfaces.background
            colour = _mixed(self._colours[worst], rest, _STRENGTHS[share])
            style = Style(color=colour, bgcolor=rest if on_bar else under, bold=worst >= ERROR)
            self._styles[key] = style
        return style


def strip_of(cells: Sequence[Cell]) -> Strip:
    """Return cells as a strip; neighbours of one style are one segment."""
    segments: list[Segment] = []
    text, style = "", None
    for character, its in cells:
        if its is not style:
            if text:
                segments.append(Segment(text, style))
            text, style = "", its
        text += character
    return Strip([*segments, Segment(text, style)], len(cells))


def _mixed(colour: str, other: str, strength: float) -> str:
    """Return a colour with some of another one in it; both as ``#rrggbb``."""
    channels = [
        round(int(colour[at : at + 2], 16) * strength + int(other[at : at + 2], 16) * (1 - strength))
        for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in channels)
