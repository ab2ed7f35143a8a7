"""From rows on the screen to what is asked about, copied or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.pack import Record
from hallucino_tui.insight.summary import Line
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.text import copied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot
    from hallucino_tui.logs.stream import Stream, StreamTable

MOST_ASKED: Final = 20_000
"""Lines of a view that a question can be about; the newest are taken."""

_SLICE: Final = 4096


def source_of(stream: Stream) -> str:
    """Return the name of a stream in one word."""
    return "/".join(part for part in (stream.title, stream.part) if part) or "?"


def newest(view: ViewSnapshot, most: int = MOST_ASKED) -> list[int]:
    """Return the newest rows that show, in display order."""
    return view.rows(len(view) - most, len(view))


def records(store: StoreSnapshot, table: StreamTable, rows: Iterable[int]) -> list[Record]:
    """Return rows as records; dividers and evicted rows are left out."""
    found: list[Record] = []
    for row in rows:
        place = store.find(row)
        if place is None:
            continue
        columns, index = place
        level = int(columns.levels[index])
        if level < NOT_A_LINE:
            stream = int(columns.streams[index])
            text = columns.line(index).decode("utf-8", "replace")
            found.append(Record(row, int(columns.times[index]), stream, source_of(table[stream]), level, text))
    return found


def countable(records_: Sequence[Record], numbers: Sequence[int]) -> list[Line]:
    """Return records as lines that can be counted, with the numbers that they are cited by.

    Args:
        records_: The records.
        numbers: The rows that were packed, from ``L1`` on.
    """
    cited = {row: number for number, row in enumerate(numbers, start=1)}
    return [
        Line(record.time, record.source, record.level, record.text, cited.get(record.row, 0)) for record in records_
    ]


def to_paste(store: StoreSnapshot, rows: Iterable[int]) -> str:
    """Return whole lines as text that is safe to paste."""
    lines: list[str] = []
    for row in rows:
        place = store.find(row)
        if place is not None and place[0].levels[place[1]] < NOT_A_LINE:
            lines.append(copied(place[0].line(place[1]).decode("utf-8", "replace")))
    return "\n".join(lines)


class Counted:
    """Pieces of bytes that count their lines while they are taken."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Prepare.

        Args:
            pieces: The pieces, each of whole lines.
        """
        self._pieces = pieces
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces)
        self.lines += piece.count(b"\n")
        return piece


def to_save(store: StoreSnapshot, view: ViewSnapshot, start: int, stop: int) -> Iterator[bytes]:
    """Return lines exactly as they came, in pieces of some thousand lines.

    Args:
        store: The lines.
        view: In which order, and which of them.
        start: Position of the first.
        stop: Position behind the last.
    """
    for first in range(max(start, 0), min(stop, len(view)), _SLICE):
        piece: list[bytes] = []
        for row in view.rows(first, min(first + _SLICE, stop)):
            place = store.find(row)
            if place is not None and place[0].levels[place[1]] < NOT_A_LINE:
                piece.append(place[0].original(place[1]) + b"\n")
        if piece:
            yield b"".join(piece)
