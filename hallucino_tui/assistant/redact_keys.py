"""Private keys over many lines: which lines of a stream lie within one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.neutralise import CONCEALING
from hallucino_tui.assistant.redact_places import BEGIN, END

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

_BEGIN: Final = re.compile(BEGIN)
_END: Final = re.compile(END)
_BODY: Final = re.compile(r"[A-Za-z0-9+/=]{24}")

MOST_LINES: Final = 500
"""Longer is no key. One of 16,384 bits has 200 lines."""
MOST_OTHER_LINES: Final = 8
"""After so many lines in a row that cannot be of a key, it is over: a beginning alone must not hide a whole log."""


class Split(NamedTuple):
    """A line that begins within a key.

    Attributes:
        hidden: What is of the key.
        end: The mark of its end; "" if it goes on.
        rest: What stands behind.
    """

    hidden: str
    end: str
    rest: str


def split_in_key(line: str) -> Split:
    """Return the parts of a line that begins within a key."""
    end = _END.search(line)
    return Split(line, "", "") if end is None else Split(line[: end.start()], end[0], line[end.end() :])


class KeyLines:
    """Follows one stream from line to line."""

    __slots__ = ("_inside", "_lines", "_others")

    def __init__(self) -> None:
        self._inside = False
        self._lines = self._others = 0

    @property
    def is_inside(self) -> bool:
        """Whether the next line begins within a key."""
        return self._inside

    def read(self, line: str) -> Split | None:
        """Take the next line; return its parts if it begins within a key, else None."""
        split = self._split(line) if self._inside else None
        rest = line if split is None else split.rest
        if split is None or split.end:
            begun = [match.end() for match in _BEGIN.finditer(rest)]
            self._inside = bool(begun) and _END.search(rest, begun[-1]) is None
            self._lines = self._others = 0
        return split

    def _split(self, line: str) -> Split:
        split = split_in_key(line)
        if not split.end:
            self._lines += 1
            self._others = 0 if _BODY.search(line) else self._others + 1
            self._inside = self._lines < MOST_LINES and self._others < MOST_OTHER_LINES
        return split


def without_concealed(text: pl.Series) -> pl.Series:
    """Return n lines (String) without what may stand in the middle of a word and is not seen."""
    import polars as pl  # noqa: PLC0415 - the program starts without it

    concealed = text.str.contains(CONCEALING).fill_null(value=False)
    if not concealed.any():
        return text
    return pl.select(pl.when(concealed).then(text.str.replace_all(CONCEALING, "")).otherwise(text)).to_series()


def lines_in_keys(
    text: pl.Series, streams: NDArray[np.uint32], left_open: dict[int, KeyLines] | None = None
) -> dict[int, Split]:
    """Find the lines that begin within a private key, in streams that are mixed.

    Args:
        text: n lines (String).
        streams: n streams.
        left_open: Streams whose last line before these lay within a key. Says the same of the last of these afterwards.

    Returns:
        The parts of these lines by their indices.
    """
    import numpy as np  # noqa: PLC0415 - the program starts without it

    left_open = {} if left_open is None else left_open
    found: dict[int, Split] = {}
    # The engine's notation is the same for this one.
    begins = np.flatnonzero(text.str.contains(BEGIN).fill_null(value=False).to_numpy())
    if not len(begins) and not left_open:
        return found
    order = np.argsort(streams, kind="stable")
    ordered = streams[order]

    def follow(place: int, keys: KeyLines) -> int:
        """Read a stream from a place on, as long as a key lasts; return the place behind."""
        stream = ordered[place]
        while place < len(order) and ordered[place] == stream:
            row = int(order[place])
            split = keys.read(text[row] or "")
            if split is not None:
                found[row] = split
            place += 1
            if not keys.is_inside:
                return place
        left_open[int(stream)] = keys
        return place

    read_to: dict[int, int] = {}
    for stream, keys in list(left_open.items()):
        first = int(np.searchsorted(ordered, stream))
        if first < len(order) and ordered[first] == stream:
            del left_open[stream]
            read_to[stream] = follow(first, keys)
    place_of = np.empty(len(order), np.int64)
    place_of[order] = np.arange(len(order))
    behind = 0
    for place in np.sort(place_of[begins]).tolist():
        if place >= max(behind, read_to.get(int(ordered[place]), 0)):
            behind = follow(place, KeyLines())
    return found
