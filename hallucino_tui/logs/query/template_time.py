"""Points in time as templates see them: Go's time.Time, and its layouts such as ``2006-01-02T15:04:05Z07:00``.

The local zone is UTC here, as it is on most Loki servers.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

SECOND: Final = 1_000_000_000
DAY: Final = 86_400
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
AS_STRING: Final = "2006-01-02 15:04:05.999999999 -0700 MST"
"""The layout in which Go prints a time."""

_FIRST: Final = -62_135_510_400
_LAST: Final = 253_402_214_399
"""The seconds for which Python knows the offset of a zone, less a day on both ends."""

_CHUNK: Final = re.compile(
    r"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm"
    r"|[-Z](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class FixedZone:
    """A zone that is always the same offset, in seconds, from UTC; its name may be ""."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class GoTime:
    """A point in time.

    Attributes:
        nanoseconds: Since the epoch; any whole number.
        zone: Where its clock is read; None for UTC.
    """

    nanoseconds: int
    zone: tzinfo | FixedZone | None = None

    def __str__(self) -> str:
        return self.format(AS_STRING)

    @property
    def seconds(self) -> int:
        """Whole seconds since the epoch."""
        return self.nanoseconds // SECOND

    def format(self, layout: str) -> str:
        """Write the time in one of Go's layouts."""
        clock = clock_of(self)
        return "".join(_FORMATS[piece](clock) if is_chunk else piece for piece, is_chunk in _pieces(layout, clock))


ZERO: Final = GoTime(-62_135_596_800 * SECOND)
"""What Go has for a time that could not be read."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock and the calendar of a zone show; `offset` in seconds, `weekday` from 0 for Sunday."""

    year: int
    month: int
    day: int
    weekday: int
    year_day: int
    second_of_day: int
    nanosecond: int
    zone: str
    offset: int

    @property
    def hour(self) -> int:
        """From 0 to 23."""
        return self.second_of_day // 3600

    @property
    def minute(self) -> int:
        """From 0 to 59."""
        return self.second_of_day // 60 % 60

    @property
    def second(self) -> int:
        """From 0 to 59."""
        return self.second_of_day % 60


def clock_of(time: GoTime) -> Clock:
    """Read the clock at a time, in its zone."""
    name, offset = zone_at(time.seconds, time.zone)
    days, second_of_day = divmod(time.seconds + offset, DAY)
    year, month, day = civil(days)
    year_day = days - days_since_epoch(year, 1, 1) + 1
    return Clock(
        year, month, day, (days + 4) % 7, year_day, second_of_day, time.nanoseconds % SECOND, name, offset
    )  # fmt: skip


def zone_at(seconds: int, zone: tzinfo | FixedZone | None) -> tuple[str, int]:
    """Return the name and the offset (seconds) that a zone has at a time (seconds since the epoch)."""
    if zone is None:
        return "UTC", 0
    if isinstance(zone, FixedZone):
        return zone.name, zone.offset
    moment = datetime.fromtimestamp(min(max(seconds, _FIRST), _LAST), UTC).astimezone(zone)
    offset = moment.utcoffset()
    return moment.tzname() or "", round(offset.total_seconds()) if offset else 0


def days_since_epoch(year: int, month: int, day: int) -> int:
    """Return the number of a day of the Gregorian calendar, 0 for 1970-01-01; any year."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def civil(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a day's number."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = (shifted + 2) % 12 + 1
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def load_zone(name: str) -> tzinfo | None:
    """Return the zone of a name from the IANA database; None, which is UTC, for UTC, Local and what is not known."""
    if name in {"", "UTC", "Local"}:
        return None
    import zoneinfo  # noqa: PLC0415 - few templates name a zone

    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return None


@functools.lru_cache(maxsize=64)
def chunks(layout: str) -> tuple[tuple[str, bool], ...]:
    """Cut a layout into its pieces: literal text, or (True) an element such as ``2006``."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    for match in _CHUNK.finditer(layout):
        pieces.append((layout[position : match.start()], False))
        pieces.append((match[0], True))
        position = match.end()
    pieces.append((layout[position:], False))
    return tuple(piece for piece in pieces if piece[0])


def _pieces(layout: str, clock: Clock) -> list[tuple[str, bool]]:
    """Put what depends on how it is written (fractions of a second, offsets) in place; leave the other elements."""
    written: list[tuple[str, bool]] = []
    for piece, is_chunk in chunks(layout):
        if is_chunk and piece[0] in ".,":
            written.append((_fraction(piece, clock.nanosecond), False))
        elif is_chunk and piece[0] in "-Z":
            written.append((_offset(piece, clock.offset), False))
        else:
            written.append((piece, is_chunk))
    return written


def _fraction(piece: str, nanosecond: int) -> str:
    digits = f"{nanosecond:09d}"[: len(piece) - 1].ljust(len(piece) - 1, "0")
    if piece[1] == "0":
        return piece[0] + digits
    digits = digits.rstrip("0")
    return piece[0] + digits if digits else ""


def _offset(piece: str, offset: int) -> str:
    if piece[0] == "Z" and not offset:
        return "Z"
    hours, rest = divmod(abs(offset), 3600)
    parts = [f"{hours:02d}", f"{rest // 60:02d}", f"{rest % 60:02d}"]
    count = (len(piece.replace(":", "")) - 1) // 2
    return ("-" if offset < 0 else "+") + (":" if ":" in piece else "").join(parts[:count])


def _year(clock: Clock) -> str:
    return f"{clock.year:04d}" if clock.year >= 0 else f"-{-clock.year:04d}"


def _hour_of_half(clock: Clock) -> int:
    return clock.hour % 12 or 12


_FORMATS: Final[dict[str, Callable[[Clock], str]]] = {
    "2006": _year,
    "06": lambda clock: f"{clock.year % 100:02d}",
    "January": lambda clock: MONTHS[clock.month - 1],
    "Jan": lambda clock: MONTHS[clock.month - 1][:3],
    "01": lambda clock: f"{clock.month:02d}",
    "1": lambda clock: str(clock.month),
    "Monday": lambda clock: DAYS[clock.weekday],
    "Mon": lambda clock: DAYS[clock.weekday][:3],
    "02": lambda clock: f"{clock.day:02d}",
    "_2": lambda clock: f"{clock.day:2d}",
    "2": lambda clock: str(clock.day),
    "002": lambda clock: f"{clock.year_day:03d}",
    "__2": lambda clock: f"{clock.year_day:3d}",
    "15": lambda clock: f"{clock.hour:02d}",
    "03": lambda clock: f"{_hour_of_half(clock):02d}",
    "3": lambda clock: str(_hour_of_half(clock)),
    "04": lambda clock: f"{clock.minute:02d}",
    "4": lambda clock: str(clock.minute),
    "05": lambda clock: f"{clock.second:02d}",
    "5": lambda clock: str(clock.second),
    "PM": lambda clock: "PM" if clock.hour >= 12 else "AM",
    "pm": lambda clock: "pm" if clock.hour >= 12 else "am",
    "MST": lambda clock: clock.zone or _offset("-0700", clock.offset),
}  # fmt: skip
