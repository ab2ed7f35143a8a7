"""Draws rows of the log pane and remembers the pictures. The key of a picture holds every input of it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from hallucino_tui.logs.severity import CONTINUED, NOT_A_LINE
from hallucino_tui.ui.line_head import fit_columns
from hallucino_tui.ui.log_line import LONGEST, Look, Row, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.ui.palette import Palette

Over = Literal["plain", "cursor", "selected", "selected cursor"]

_CACHED_ROWS: Final = 2000
_LONGEST_VALUE: Final = 200


class RowPainter:
    """Turns rows into strips."""

    def __init__(self, table: StreamTable, palette: Palette) -> None:
        """Start with an empty memory.

        Args:
            table: Names the streams.
            palette: The colours.
        """
        self.look = Look(width=1)
        self._table = table
        self._strips: OrderedDict[tuple[int, int, int | None, bool, Over, Look], list[Strip]] = OrderedDict()
        self._heights: OrderedDict[tuple[int, Look], int] = OrderedDict()
        self._values: OrderedDict[tuple[int, tuple[str, ...]], tuple[str, ...]] = OrderedDict()
        self._joined: dict[tuple[int, int], tuple[Strip, Strip, Strip]] = {}
        self.set_palette(palette)

    def set_palette(self, palette: Palette) -> None:
        """Draw with other colours from now on."""
        self.palette = palette
        surfaces = palette.theme.surfaces
        plain = Style(color=surfaces.text, bgcolor=surfaces.background)
        self.backgrounds: dict[Over, Style] = {
            "plain": plain,
            "cursor": plain + palette.cursor,
            "selected": plain + palette.selection,
            "selected cursor": plain + palette.selection + Style(bold=True),
        }
        self._bars = [
            Strip([Segment(text, Style(color=colour, bgcolor=surfaces.background))], 1)
            for text, colour in ((" ", surfaces.text), ("│", surfaces.border), ("┃", surfaces.muted))
        ]
        self.look = replace(self.look, theme=palette.theme.name)

    def height(self, store: StoreSnapshot, row: int) -> int:
        """Return how many screen lines a row takes."""
        if not self.look.wrap and not self.look.pretty:
            return 1
        key = (row, self.look)
        height = self._heights.get(key)
        if height is None:
            found = store.find(row)
            if found is None or not found[0].at_hand:
                return 1
            divider = bool(found[0].levels[found[1]] >= NOT_A_LINE)
            height = self._heights[key] = 1 if divider else len(self.strips(store, row))
            if len(self._heights) > 4 * _CACHED_ROWS:
                self._heights.popitem(last=False)
        return height

    def strips(self, store: StoreSnapshot, row: int, above: int | None = None, over: Over = "plain") -> list[Strip]:
        """Return a row's picture, one strip for each screen line.

        Args:
            store: Holds the row.
            row: Its number.
            above: The row above it, for the time between them, and to tell whether they are of one record.
            over: Whether it is selected, or under the cursor.
        """
        found = store.find(row)
        background = self.backgrounds[over]
        if found is None:
            words = "(this line is no longer kept)"
            return [Strip([Segment(words, background)]).adjust_cell_length(self.look.width, background)]
        columns, index = found
        if not columns.at_hand:
            words = " …"  # it is being read: who draws rows has asked for it
            return [Strip([Segment(words, background)]).adjust_cell_length(self.look.width, background)]
        level = int(columns.levels[index])
        before = store.time(above) if self.look.timestamps == "delta" and above is not None else None
        joined = self.look.pretty and bool(level & CONTINUED) and self._same_stream(store, above, columns, index)
        key = (row, level, before, joined, over, self.look)
        strips = self._strips.get(key)
        if strips is None:
            text, size = _text(columns, index)
            stream = self._table[int(columns.streams[index])]
            values = self._values_of(row, columns, index)
            drawn = Row(text, size, int(columns.times[index]), before, level, stream, values, joined)
            strips = self._strips[key] = render(drawn, self.look, self.palette, background)
            if len(self._strips) > _CACHED_ROWS:
                self._strips.popitem(last=False)
        return strips

    def set_columns(self, names: tuple[str, ...]) -> None:
        """Draw columns of stream labels and fields; how wide they are is found out by `fit`."""
        self.look = replace(self.look, columns=names, cells=())

    def fit(self, store: StoreSnapshot, rows: Iterable[int]) -> bool:
        """Make the columns as wide as the values of some rows need; return whether the look is another now.

        Args:
            store: Holds the rows.
            rows: Those in sight.
        """
        if not self.look.columns:
            return False
        places = [(row, store.find(row)) for row in dict.fromkeys(rows)]
        found = [(row, place) for row, place in places if place is not None and place[0].at_hand]
        values = [self._values_of(row, *place) for row, place in found if place[0].levels[place[1]] < NOT_A_LINE]
        cells = fit_columns(self.look, list(zip(*values, strict=True)) or [()] * len(self.look.columns))
        if cells == self.look.cells:
            return False
        self.look = replace(self.look, cells=cells)
        return True

    def _values_of(self, row: int, columns: Columns, index: int) -> tuple[str, ...]:
        """Return what stands in the look's columns of a row; only rows in sight are ever read for it."""
        names = self.look.columns
        if not names:
            return ()
        values = self._values.get((row, names))
        if values is None:
            from hallucino_tui.logs.fields import values_of  # noqa: PLC0415 - not needed for the first frame

            line = _text(columns, index)[0].decode("utf-8", "ignore")
            found = values_of(names, line, self._table[int(columns.streams[index])].labels)
            values = self._values[row, names] = tuple(
                value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…" for value in found
            )
            if len(self._values) > _CACHED_ROWS:
                self._values.popitem(last=False)
        return values

    @staticmethod
    def _same_stream(store: StoreSnapshot, above: int | None, columns: Columns, index: int) -> bool:
        """Say whether the row above is a line of the same stream, so that it need not be named again."""
        found = None if above is None else store.find(above)
        if found is None or not found[0].at_hand or found[0].levels[found[1]] >= NOT_A_LINE:
            return False
        return bool(found[0].streams[found[1]] == columns.streams[index])

    def with_bar(self, strip: Strip, y: int, height: int, top: int, total: int) -> Strip:
        """Return a picture with its cell of the scroll bar behind it. Equal inputs give the same object again.

        Textual keeps what it works out for a strip with the strip, so a row that did not change costs next to nothing.

        Args:
            strip: The picture.
            y: Which line of the screen it is.
            height: Lines of the screen.
            top: Position of the first row in sight.
            total: How many rows there are.
        """
        bar = self._bars[_bar_part(y, height, top, total)]
        joined = self._joined.get((id(strip), id(bar)))
        if joined is None or joined[0] is not strip or joined[1] is not bar:
            if len(self._joined) > _CACHED_ROWS:
                self._joined.clear()
            joined = self._joined[id(strip), id(bar)] = (strip, bar, Strip.join([strip, bar]))
        return joined[2]

    def blank(self, width: int, words: str = "") -> Strip:
        """Draw an empty line, maybe with some words in its middle."""
        style = self.backgrounds["plain"]
        return Strip([Segment(words.center(width)[:width], style + self.palette.muted)]).adjust_cell_length(
            width, style
        )


def _text(columns: Columns, index: int) -> tuple[bytes, int]:
    """Return the beginning of a line's text, and how long the whole is."""
    start, end = int(columns.offsets[index]), int(columns.offsets[index + 1])
    return columns.text[start : min(end, start + LONGEST)].tobytes(), end - start


def _bar_part(y: int, height: int, top: int, total: int) -> int:
    """Return which part of the scroll bar stands in a line: 0 for none, 1 for its groove, 2 for its handle."""
    if total <= height:
        return 0
    size = max(height * height // total, 1)
    start = min(top * (height - size) // max(total - height, 1), height - size)
    return 2 if start <= y < start + size else 1
