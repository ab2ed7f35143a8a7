"""The civil calendar in columns: dates to seconds since the epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[np.integer[Any]]

DAY: Final = 86_400
_LAST_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int8)


def is_leap(year: Integers) -> NDArray[np.bool_]:
    """Say of each of n years whether it has a 29th of February."""
    return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))


def days_of(year: Integers, month: Integers, day: Integers) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Turn n dates into days since the epoch, and say which of them are real.

    Args:
        year: n years; those that nanoseconds in 64 bits cannot hold are not real.
        month: n months, January is 1.
        day: n days, the first is 1.
    """
    if len(year) < 2:
        return _days_of(year, month, day)
    # Lines of one day lie next to each other: only the first of each run is calculated.
    changes = (year[1:] != year[:-1]) | (month[1:] != month[:-1]) | (day[1:] != day[:-1])
    begins = np.concatenate([[0], np.flatnonzero(changes) + 1])
    days, valid = _days_of(year[begins], month[begins], day[begins])
    lengths = np.diff(begins, append=len(year))
    return days.repeat(lengths), valid.repeat(lengths)


def _days_of(year: Integers, month: Integers, day: Integers) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    # Years begin in March here, so that a leap day is a year's last.
    shifted = year - (month <= 2)
    era, in_era = np.divmod(shifted, 400)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146_097 + in_era * 365 + in_era // 4 - in_era // 100 + in_year - 719_468
    last_day = _LAST_DAYS[np.clip(month, 0, 12)] + (is_leap(year) & (month == 2))
    valid = (year >= 1700) & (year < 2262) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last_day)
    return days.astype(np.int64), valid
