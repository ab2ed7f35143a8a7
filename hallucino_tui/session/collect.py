"""From rows on the screen to what is asked about, copied or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.text import copied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot
    from hallucino_tui.logs.stream import Stream
    from hallucino_tui.session.evidence import Gathered

MOST_ASKED: Final = 1_000_000
"""Lines that a question can be about; the newest are taken."""

_MOST_COUNTED: Final = 20_000

_SLICE: Final = 4096


def source_of(stream: Stream) -> str:
    """Return the name of a stream in one word."""
    return "/".join(part for part in (stream.title, stream.part) if part) or "?"


def count_words(gathered: Gathered, cited: Sequence[int]) -> str:
    """Return what can be counted of lines, as Markdown.

    Args:
        gathered: The lines; the newest of them are counted.
        cited: The numbers of lines that have ids from ``L1`` on.
    """
    from hallucino_tui.insight.summary import Line, summarise, to_markdown  # noqa: PLC0415 - only where it is wanted

    ids = {number: place for place, number in enumerate(cited, start=1)}
    lines, start = gathered.lines, max(len(gathered.lines) - _MOST_COUNTED, 0)
    names = [source_of(stream) for stream in lines.table]
    times: list[int] = lines.times[start:].tolist()
    streams: list[int] = lines.streams[start:].tolist()
    levels: list[int] = lines.levels[start:].tolist()
    texts: list[str] = lines.text[start:].to_list()
    numbers: list[int] = gathered.numbers[start:].tolist()
    counted = [
        Line(time, names[stream], level, text, ids.get(number, 0))
        for time, stream, level, text, number in zip(times, streams, levels, texts, numbers, strict=True)
    ]
    return to_markdown(summarise(counted))


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
