"""What is left of private keys where no line says so: lines that hold nothing but Base64, several in a row.

Whoever picks lines may pick some from the middle of a key, and a log may begin there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.redact_places import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

_FRONT: Final = r"^[\s\"'|>+*-]*"
_BACK: Final = r"(?:\\+[nr]|[\s\"',\\+])*$"
_LONG: Final = rf"{_FRONT}[A-Za-z0-9+/]{{40,}}={{0,2}}{_BACK}"
"""The engine and Python read it alike."""
_IS_LONG: Final = re.compile(_LONG)
_IS_ANY: Final = re.compile(rf"{_FRONT}(=?[A-Za-z0-9+/]{{4,}}={{0,2}}){_BACK}")
_SHORT_ONES: Final = 2
_IS_LAST: Final = re.compile(r"(?=.*[0-9+/])(?=.*[A-Za-z]).*|.*=")
"""The last line of a key is short: so is a word, but this is none."""
_IS_BEGIN: Final = re.compile(BEGIN)
_IS_END: Final = re.compile(END)
_MIXED: Final = re.compile(r"(?=.*[A-Z])(?=.*[a-z])", re.DOTALL)
_PUBLIC: Final = re.compile(r"-{4,5} ?BEGIN (?![A-Z0-9 ]{0,40}PRIVATE KEY)[A-Z0-9 ]{1,40}-{4,5}")
_MOST_SLASHES: Final = 4
_ALONE: Final = 60
"""A line by itself is of a key if it is as long as theirs are."""


def encoded_lines(lines: Sequence[str]) -> set[int]:
    """Return which of n lines of one stream look like what is inside of a private key.

    Args:
        lines: The lines, in order.
    """
    long = [place for place, line in enumerate(lines) if _IS_LONG.match(line)]
    ends = [place for place, line in enumerate(lines) if "PRIVATE" in line and _ends_only(line)]
    return _found(long, ends, lambda place: lines[place] if 0 <= place < len(lines) else "")


def encoded_in_columns(text: pl.Series, streams: NDArray[np.uint32]) -> set[int]:
    """Return which of n lines look like what is inside of a private key, in streams that are mixed.

    Args:
        text: n lines (String).
        streams: n streams; the lines of each in order.
    """
    import numpy as np  # noqa: PLC0415 - the program starts without it

    long = np.flatnonzero(text.str.contains(_LONG).fill_null(value=False).to_numpy())
    ends = np.flatnonzero(text.str.contains(END).fill_null(value=False).to_numpy())
    if not len(long) and not len(ends):
        return set()
    order = np.argsort(streams, kind="stable")
    ordered = streams[order]
    # Between two streams is a place where no line is, so that no run goes on from one into the other.
    place_of = np.empty(len(order), np.int64)
    place_of[order] = np.arange(len(order)) + np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])
    at = np.full(int(place_of.max()) + 1, -1, np.int64)
    at[place_of] = np.arange(len(order))

    def line(place: int) -> str:
        row = int(at[place]) if 0 <= place < len(at) else -1
        return (text[row] or "") if row >= 0 else ""

    ending = [place for place in np.sort(place_of[ends]).tolist() if _ends_only(line(place))]
    found = _found(np.sort(place_of[long]).tolist(), ending, line)
    return {int(at[place]) for place in found}


def _found(long: Iterable[int], ends: Iterable[int], line: Callable[[int], str]) -> set[int]:
    """Return places of lines that look like parts of a key.

    Args:
        long: Places of lines with much Base64 and nothing else, ascending.
        ends: Places of lines that end a private key.
        line: Returns the line at a place; "" where none is.
    """
    found: set[int] = set()
    for first, last in _runs([place for place in long if _is_encoded(line(place))]):
        alone = line(first).strip() if first == last else ""
        if _PUBLIC.search(line(first - 1)) or (alone and (len(alone) < _ALONE or not re.search(r"[0-9]", alone))):
            continue
        found.update(range(first, last + 1))
        if (short := _IS_ANY.match(line(last + 1))) and _IS_LAST.fullmatch(short[1]):
            found.add(last + 1)
    for end in ends:
        place = end - 1
        # The last one or two are shorter: what was left over, and a checksum.
        while place not in found and (_IS_LONG if end - place > _SHORT_ONES else _IS_ANY).match(line(place)):
            found.add(place)
            place -= 1
    return found


def _is_encoded(line: str) -> bool:
    """Say whether a line of letters, digits and slashes is no word, no number in hexadecimal, and no path."""
    line = line.strip()
    return _MIXED.match(line) is not None and not (line[0] == "/" and line.count("/") >= _MOST_SLASHES)


def _ends_only(line: str) -> bool:
    """Say whether a private key ends in a line that began in none of it."""
    end = _IS_END.search(line)
    return end is not None and _IS_BEGIN.search(line, 0, end.start()) is None


def _runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of places that stand side by side."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
