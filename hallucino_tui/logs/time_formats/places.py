"""Where in a line the time stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.time_formats.window import ZERO, columns, heads

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLANK, _TAB, _ESCAPE, _SMALL_M, _QUOTE = b' \t\x1bm"'
_OPENING: Final = np.isin(np.arange(256, dtype=np.uint8), np.frombuffer(b"[(\"'", np.uint8))
_LONGEST_COLOUR: Final = 12
_MOST_COLOURS: Final = 3
_WORD: Final = 4  # bytes that are compared at once
_WINDOW: Final = 64  # bytes of a line that are searched for fields at once, a bit for each
_MOST_WINDOWS: Final = 4


class Spots(NamedTuple):
    """Where times may begin.

    Attributes:
        rows: m line numbers, ascending; one line may have several spots, in their order, or none.
        positions: m positions in the block.
    """

    rows: NDArray[np.int64]
    positions: NDArray[np.int64]


class Start:
    """The line's beginning, behind the codes of a colour and a bracket if there are any."""

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return one spot for each line."""
        positions = starts
        first = block.take(positions, mode="clip")
        for _ in range(_MOST_COLOURS):
            rows = np.flatnonzero(first == _ESCAPE)
            if not len(rows):
                break
            positions = positions.copy()
            positions[rows] += _colour_widths(block, positions[rows], ends[rows])
            first = block.take(positions, mode="clip")
        return Spots(np.arange(len(starts)), positions + _OPENING[first])


class Priority:
    """Behind the number that syslog begins with, ``<34>``, and the version that may follow it."""

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return one spot for each line that has a number."""
        window = columns(block, starts, ends, 7)
        digits = window - ZERO <= 9
        width = np.zeros(len(starts), np.int64)
        good = window[0] == ord("<")
        for length in range(1, 4):
            good &= digits[length]
            width[good & (window[length + 1] == ord(">"))] = length + 2
        rows = np.flatnonzero(width)
        positions = starts[rows] + width[rows]
        window = columns(block, positions, ends[rows], 2)
        return Spots(rows, positions + 2 * ((window[0] == ord("1")) & (window[1] == _BLANK)))


class Column:
    """Behind a prefix of one length."""

    def __init__(self, number: int) -> None:
        """Choose how many bytes it has."""
        self.number = number

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return one spot for each line that is long enough. A line that begins with a blank is not."""
        first = block.take(starts, mode="clip")
        rows = np.flatnonzero((ends - starts > self.number) & (first != _BLANK) & (first != _TAB))
        return Spots(rows, starts[rows] + self.number)


class Field:
    """The first byte of a field between blanks, behind a bracket or a quote if there is one. Lines begin with a field.

    A field that begins far behind a line's start is not found.
    """

    def __init__(self, number: int) -> None:
        """Choose the field: 1 is the line's second."""
        self.number = number

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return one spot for each line that has the field."""
        first = block.take(starts, mode="clip")
        rows = np.flatnonzero((first != _BLANK) & (first != _TAB))
        found = np.full(len(starts), -1, np.int64)
        froms, left = starts[rows], np.full(len(rows), self.number)
        for _ in range(_MOST_WINDOWS):
            begins = _field_bits(heads(block, froms, ends[rows], _WINDOW))
            counts = np.bitwise_count(begins)
            here = np.flatnonzero(left <= counts)
            found[rows[here]] = froms[here] + _nth_bit(begins[here], left[here])
            # One byte is looked at twice, so that a field that begins with a window is seen to begin there.
            further = np.flatnonzero((left > counts) & (froms + _WINDOW < ends[rows]))
            if not len(further):
                break
            rows, froms, left = rows[further], froms[further] + (_WINDOW - 1), (left - counts)[further]
        rows = np.flatnonzero((found >= 0) & (found < ends))
        positions = found[rows]
        return Spots(rows, positions + _OPENING[block[positions]])


class Behind:
    """Behind a word that may stand anywhere in a line, a blank and a quote: the value of a field that has a name."""

    def __init__(self, word: bytes) -> None:
        """Choose the word; if it begins with a blank, it is found at a line's beginning too."""
        self.word = word

    def find(self, block: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spots:
        """Return all spots of each line."""
        positions: NDArray[np.int64] = find_all(block, self.word)
        rows = starts.searchsorted(positions, side="right") - 1
        positions += len(self.word)
        inside = (rows >= 0) & (positions < ends[rows])
        rows, positions = rows[inside], positions[inside]
        if self.word[0] == _BLANK:
            word = np.frombuffer(self.word[1:], np.uint8)
            fits = np.logical_and.reduce(columns(block, starts, ends, len(word)) == word[:, None])
            first = starts[fits & (ends - starts > len(word))] + len(word)
            # Positions ascend within a line and from line to line.
            positions = np.sort(np.concatenate([first, positions]))
            rows = starts.searchsorted(positions, side="right") - 1
        positions += block.take(positions, mode="clip") == _BLANK
        positions += block.take(positions, mode="clip") == _QUOTE
        return Spots(rows, positions)


def find_all(block: NDArray[np.uint8], word: bytes) -> NDArray[np.int64]:
    """Return where a word stands in a block, ascending."""
    if len(word) < _WORD:
        positions = np.flatnonzero(block == word[0])
        rest = 1
    else:
        # Four bytes are compared at once, which few other places share with the word.
        key = np.frombuffer(word[:_WORD], np.uint32)[0]
        found: list[NDArray[np.int64]] = []
        for shift in range(min(_WORD, len(block))):
            count = (len(block) - shift) // _WORD
            found.append(np.flatnonzero(block[shift : shift + count * _WORD].view(np.uint32) == key) * _WORD + shift)
        positions = np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
        rest = _WORD
    positions = positions[positions <= len(block) - len(word)]
    for place in range(rest, len(word)):
        positions = positions[block[positions + place] == word[place]]
    return positions


def _colour_widths(
    block: NDArray[np.uint8], positions: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how long the codes of a colour are that stand at some positions; 0 where they have no end."""
    window = columns(block, positions, ends, _LONGEST_COLOUR)
    end = (window == _SMALL_M).argmax(axis=0)
    return np.where((end > 0) & (window[1] == ord("[")), end + 1, 0)


def _field_bits(window: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return for each line 64 bits: those are set whose byte begins a field. The first one cannot be."""
    blank = (window == _BLANK) | (window == _TAB)
    bits = np.packbits(blank, axis=1, bitorder="little").view("<u8").reshape(-1)
    return ~bits & (bits << np.uint64(1))


def _nth_bit(bits: NDArray[np.uint64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each of n numbers the place of the bit that is set and has so many set ones below it, less one."""
    one = np.uint64(1)
    for place in range(1, int(number.max()) if len(number) else 1):
        bits = np.where(number > place, bits & (bits - one), bits)
    return np.bitwise_count((bits & ~(bits - one)) - one).astype(np.int64)
