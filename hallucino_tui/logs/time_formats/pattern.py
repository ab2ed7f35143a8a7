"""A written date and time: digits and marks at fixed places, then decimals, an offset or a year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.time_formats.civil import DAY, days_of
from hallucino_tui.logs.time_formats.offsets import LONGEST, read_offsets
from hallucino_tui.logs.time_formats.window import ZERO, column_at, columns, read_decimals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.logs.time_formats.clock import Clock

_PART: Final = re.compile(r"%(\w)|\[([^]]+)\]|(.)", re.DOTALL)
_WIDTHS: Final = {"a": 3, "b": 3, "Y": 4}
_BLANK: Final = ord(" ")
_BLANK_DIGIT: Final = (_BLANK - ord("0")) % 256  # a blank where a digit is looked for
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_DECIMALS: Final = 10  # with their point


def _month_tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return months by the last two letters of their names, which differ, and the letters of each month."""
    by_letters = np.zeros(1024, np.uint8)
    letters = np.zeros((3, 13), np.uint8)
    for number, name in enumerate(_MONTHS, 1):
        by_letters[(ord(name[1]) & 31) * 32 + (ord(name[2]) & 31)] = number
        letters[:, number] = np.frombuffer(name.encode(), np.uint8)
    return by_letters, letters


_MONTH_BY_LETTERS, _MONTH_LETTERS = _month_tables()


class _Found(NamedTuple):
    """Where in a window a pattern fits, and what stands there.

    Attributes:
        rows: Lines that fit.
        window: Their bytes.
        pairs: Their numbers, two digits each, in the order in which they are written.
        months: The months that are written as names.
    """

    rows: NDArray[np.int64]
    window: NDArray[np.uint8]
    pairs: NDArray[np.uint8]
    months: NDArray[np.uint8] | None


class Pattern:
    """One way of writing dates and times.

    Attributes:
        name: What a reader calls it.
        zoned_name: What a reader calls it if it comes with an offset from UTC.
        marks: Bytes that every such time has in it.
    """

    def __init__(self, layout: str, name: str, zoned_name: str = "", *, year_behind: bool = False) -> None:
        """Understand a layout.

        Args:
            layout: As for `strptime`, from the letters ``%Y %y %m %b %d %e %a %H %M %S``; ``[T ]`` stands for one of
                the bytes between the brackets. It ends with the seconds; decimals may follow them in what is read.
            name: What a reader calls it.
            zoned_name: The same if it comes with an offset.
            year_behind: Whether the year stands behind the seconds and no offset does.
        """
        self.name = name
        self.zoned_name = zoned_name or name
        self._year_behind = year_behind
        self._marks: list[tuple[int, bytes]] = []
        self._month = -1
        self._padded = -1
        self._at: dict[str, int] = {}
        digits: list[int] = []
        column = 0
        for match in _PART.finditer(layout):
            letter, choice, mark = match.groups()
            if letter is None:
                self._marks.append((column, (choice or mark).encode()))
            elif letter == "b":
                self._month = column
            elif letter != "a":
                if letter == "e":
                    self._padded = len(digits)
                self._at["d" if letter == "e" else letter] = len(digits) // 2
                digits.extend(range(column, column + _WIDTHS.get(letter, 2)))
            column += _WIDTHS.get(letter, 2) if letter else 1
        self.marks = bytes({choice[0] for _, choice in self._marks if len(choice) == 1})
        self._digits = np.array(digits)
        self._width = column

    def read(
        self, block: NDArray[np.uint8], positions: NDArray[np.int64], limits: NDArray[np.int64], clock: Clock
    ) -> NDArray[np.int64]:
        """Read n times.

        Args:
            block: The bytes.
            positions: Where each time begins.
            limits: Where its line ends.
            clock: Knows what the times leave out.

        Returns:
            Nanoseconds since the epoch, `NO_TIME` where there is none.
        """
        times = np.full(len(positions), NO_TIME, np.int64)
        window = columns(block, positions, limits, self._width + _MOST_DECIMALS + LONGEST)
        found = self._fit(window)
        if len(found.rows):
            times[found.rows] = self._convert(found, clock)
        return times

    def _fit(self, window: NDArray[np.uint8]) -> _Found:
        digits = window[self._digits] - ZERO
        if self._padded >= 0:
            tens = digits[self._padded]
            tens[tens == _BLANK_DIGIT] = 0
        good = np.logical_and.reduce(digits <= 9)
        for column, choice in self._marks:
            here = window[column] == choice[0]
            for other in choice[1:]:
                here |= window[column] == other
            good &= here
        months = None
        if self._month >= 0:
            letters = window[self._month : self._month + 3] | np.uint8(32)
            months = _MONTH_BY_LETTERS[(letters[1] & 31).astype(np.int16) * 32 + (letters[2] & 31)]
            good &= (_MONTH_LETTERS[:, months] == letters).all(axis=0) & (months > 0)
        rows = np.flatnonzero(good)
        if len(rows) < len(good):
            window, digits = window[:, rows], digits[:, rows]
            months = None if months is None else months[rows]
        return _Found(rows, window, digits[0::2] * np.uint8(10) + digits[1::2], months)

    def _convert(self, found: _Found, clock: Clock) -> NDArray[np.int64]:
        window, pairs = found.window, found.pairs
        behind = np.full(len(found.rows), self._width, np.int64)
        point = (window[self._width] == ord(".")) | (window[self._width] == ord(","))
        nanoseconds = np.zeros(len(behind), np.int32)
        if bool(point.any()):
            decimals, lengths = read_decimals(window[self._width + 1 : self._width + _MOST_DECIMALS] - ZERO)
            nanoseconds = np.where(point, decimals, 0)
            behind += np.where(point & (lengths > 0), lengths + 1, 0)
        mark = column_at(window, behind)
        valid = mark - ZERO > 9
        hour, minute, second = (pairs[self._at[letter]] for letter in "HMS")
        valid &= (hour < 24) & (minute < 60) & (second < 60)
        of_day = hour.astype(np.int32) * 3600 + minute.astype(np.int32) * 60 + second
        month = (pairs[self._at["m"]] if found.months is None else found.months).astype(np.int32)
        day = pairs[self._at["d"]].astype(np.int32)
        year, known = self._years(found, behind, clock, (month, day, of_day))
        days, real = days_of(year, month, day)
        valid &= known & real
        seconds = days * DAY + of_day
        seconds, possible = self._shift(seconds, valid, (window, behind, mark), clock)
        return np.where(valid & possible, seconds * NANOSECONDS + nanoseconds, NO_TIME)

    def _shift(
        self,
        seconds: NDArray[np.int64],
        valid: NDArray[np.bool_],
        place: tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint8]],
        clock: Clock,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Bring times to UTC; say also which have an offset that can be."""
        if self._year_behind:
            given, impossible = np.zeros(len(seconds), np.bool_), np.zeros(len(seconds), np.bool_)
        else:
            offsets, given, impossible = read_offsets(*place)
            seconds = seconds - offsets
        rows = np.flatnonzero(valid & ~given)
        if len(rows) == len(seconds):
            seconds = clock.to_utc(seconds)
        elif len(rows):
            seconds[rows] = clock.to_utc(seconds[rows])
        return seconds, ~impossible

    def _years(
        self,
        found: _Found,
        behind: NDArray[np.int64],
        clock: Clock,
        rest: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return the years and which of them are there at all."""
        known = np.ones(len(behind), np.bool_)
        if self._year_behind:
            digits = np.stack([column_at(found.window, behind + place) for place in range(1, 5)]) - ZERO
            known = (digits <= 9).all(axis=0) & (column_at(found.window, behind) == _BLANK)
            known &= column_at(found.window, behind + 5) - ZERO > 9
            pairs = (digits[0::2] * np.uint8(10) + digits[1::2]).astype(np.int32)
            return pairs[0] * 100 + pairs[1], known
        if "Y" in self._at:
            century = self._at["Y"]
            return found.pairs[century].astype(np.int32) * 100 + found.pairs[century + 1], known
        if "y" in self._at:
            year = found.pairs[self._at["y"]].astype(np.int32)
            return year + np.where(year < 69, 2000, 1900).astype(np.int32), known  # as POSIX has it
        return clock.years(*rest), known
