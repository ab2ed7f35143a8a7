"""One row of the store with all that belongs to it: what the screen of one line shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.severity import CONTINUED, NOT_A_LINE

if TYPE_CHECKING:
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import Stream, StreamTable

MOST_BYTES: Final = 256 << 10
"""Bytes of a line, and of all others of its record together, that are taken."""

_MOST_ROWS: Final = 4000


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line.

    Attributes:
        row: The row's number.
        text: Its text, cut at `MOST_BYTES`.
        size: Its whole length in bytes.
        time: Nanoseconds since the epoch, as its source gave it.
        level: Level code.
        stream: Where it comes from.
        before: The lines that its record begins with, if it is not the first itself.
        after: The lines that its record goes on with.
    """

    row: int
    text: str
    size: int
    time: int
    level: int
    stream: Stream
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def record_at(store: StoreSnapshot, row: int, table: StreamTable) -> LineRecord | None:
    """Return a row with the other lines of its record; None for a divider and for a row that was evicted.

    The others are found whatever the filters hide, as far as they came in shortly before or after it.
    """
    found = store.find(row)
    if found is None or found[0].levels[found[1]] >= NOT_A_LINE:
        return None
    columns, index = found
    level = int(columns.levels[index])
    size = int(columns.offsets[index + 1]) - int(columns.offsets[index])
    return LineRecord(
        row,
        _text(columns, index, MOST_BYTES),
        size,
        int(columns.times[index]),
        level,
        table[int(columns.streams[index])],
        tuple(reversed(_others(columns, index, -1))) if level & CONTINUED else (),
        tuple(_others(columns, index, 1)),
    )


def _others(columns: Columns, index: int, step: int) -> list[str]:
    """Return the lines of a record in front of one of them (`step` -1), from there on, or behind it (1)."""
    stream, room = int(columns.streams[index]), MOST_BYTES
    found: list[str] = []
    for _ in range(_MOST_ROWS):
        index += step
        if not 0 <= index < columns.count or room <= 0:
            break
        level = int(columns.levels[index])
        if int(columns.streams[index]) != stream or level >= NOT_A_LINE:
            continue
        continues = bool(level & CONTINUED)
        if step > 0 and not continues:
            break
        found.append(_text(columns, index, room))
        room -= len(found[-1]) + 1
        if not continues:
            break
    return found


def _text(columns: Columns, index: int, most: int) -> str:
    start, end = int(columns.offsets[index]), int(columns.offsets[index + 1])
    return columns.text[start : min(end, start + most)].tobytes().decode("utf-8", "ignore")
