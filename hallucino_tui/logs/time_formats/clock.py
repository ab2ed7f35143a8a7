"""What a time leaves out and its file knows: the zone and the year."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.time_formats.civil import DAY, is_leap

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - wall-clock time, its zone is what is asked for
_WEEK: Final = 7 * DAY
_LAST_SECOND: Final = 9_000_000_000  # of 2255, early enough for a day more


class Clock:
    """A zone, and the time at which a file was written last.

    It remembers the changes of its zone, year by year. Two threads that ask for a year at once may both look them up,
    and find the same.
    """

    __slots__ = ("_changes", "_fixed", "_last_key", "_last_year", "_zone")

    def __init__(self, latest: int, zone: tzinfo) -> None:
        """Note both.

        Args:
            latest: Nanoseconds since the epoch. No line is more than a day younger.
            zone: Where lines are written that do not name a zone.
        """
        self._zone = zone
        self._fixed = _seconds(zone.utcoffset(None)) if isinstance(zone, timezone) else None
        self._changes: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        seconds = min(max(latest // NANOSECONDS, 0), _LAST_SECOND)
        last = datetime.fromtimestamp(seconds + DAY, zone)
        self._last_year = last.year
        self._last_key = (last.month * 32 + last.day) * DAY + last.hour * 3600 + last.minute * 60 + last.second

    def to_utc(self, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Turn n wall-clock times into times in UTC.

        An hour that comes twice when summer ends is taken for the first one.

        Args:
            seconds: n times in seconds since 1970 began on that wall's clock.
        """
        if self._fixed is not None or not len(seconds):
            return seconds - (self._fixed or 0)
        first, last = int(seconds.min()), int(seconds.max())
        tables = [self._year(year) for year in _years_of(seconds, first, last)]
        begins = np.concatenate([begins for begins, _ in tables])
        offsets = np.concatenate([offsets for _, offsets in tables])
        low, high = (begins.searchsorted((first, last), side="right") - 1).tolist()
        if low == high:
            return seconds - int(offsets[low])
        return seconds - offsets[begins.searchsorted(seconds, side="right") - 1]

    def years(self, month: NDArray[np.int32], day: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int32]:
        """Choose n years: for each time the last one in which it is not too young.

        Args:
            month: n months.
            day: n days. A 29th of February gets a year that has one.
            second: n times in seconds since midnight.
        """
        later = (month * np.int32(32) + day) * np.int32(DAY) + second > self._last_key
        years = self._last_year - later.astype(np.int32)
        odd = np.flatnonzero((month == 2) & (day == 29))
        for _ in range(8 if len(odd) else 0):  # leap years lie eight years apart at most
            years[odd] -= ~is_leap(years[odd])
        return years

    def _year(self, year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return from which wall-clock second on which offset holds in a year."""
        found = self._changes.get(year)
        if found is None:
            found = self._changes[year] = self._find_changes(year)
        return found

    def _find_changes(self, year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        start = (datetime(year, 1, 1) - _EPOCH) // timedelta(seconds=1)  # noqa: DTZ001 - wall-clock time
        begins, offsets = [start], [self._offset(start)]
        for week in range(start + _WEEK, start + 54 * _WEEK, _WEEK):  # no zone changes twice in one
            offset = self._offset(week)
            if offset != offsets[-1]:
                low, high = week - _WEEK, week
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (low, middle) if self._offset(middle) == offset else (middle, high)
                begins.append(high)
                offsets.append(offset)
        # The year's table ends where the next one's begins, so that both can be put together.
        end = (datetime(year + 1, 1, 1) - _EPOCH) // timedelta(seconds=1)  # noqa: DTZ001 - wall-clock time
        kept = [index for index, begin in enumerate(begins) if begin < end]
        return np.array(begins, np.int64)[kept], np.array(offsets, np.int64)[kept]

    def _offset(self, second: int) -> int:
        moment = (_EPOCH + timedelta(seconds=second)).replace(tzinfo=self._zone)
        return _seconds(moment.utcoffset())


def _years_of(seconds: NDArray[np.int64], first: int, last: int) -> list[int]:
    """Return the years in which times lie, ascending; they lie between `first` and `last`."""
    low, high = ((_EPOCH + timedelta(seconds=second)).year for second in (first, last))
    if high - low < 2:
        return list(range(low, high + 1))
    return (np.unique(seconds.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)) + 1970).tolist()


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(seconds=1)
