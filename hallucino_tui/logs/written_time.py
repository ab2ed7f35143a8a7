"""The time that somebody wrote into one line, for who looks at that line. Whole files are read by `time_formats`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.moment import NANOSECONDS

if TYPE_CHECKING:
    from datetime import tzinfo

_HEAD: Final = 1024
_MOST_MINUTES: Final = 24 * 60 - 1
_YEAR: Final = 31_556_952 * NANOSECONDS
_CLOCK: Final = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<decimals>\d{1,9}))?"
_ZONE: Final = r"(?: ?(?P<zone>Z\b|UTC\b|[+-]\d\d:?\d\d\b))?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME: Final = r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d)(?P<year>\d{{4}})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[T ]{_CLOCK}{_ZONE}",
        rf"(?<!\d)(?P<day>\d\d)/{_NAME}/(?P<year>\d{{4}}):{_CLOCK}{_ZONE}",
        rf"^[IWEF](?P<month>\d\d)(?P<day>\d\d) {_CLOCK}",
        rf"\b{_NAME} (?P<day>[ \d]\d) {_CLOCK}",
    )
)
_EPOCH: Final = re.compile(r'(?i)\b(?:ts|time|timestamp)"?[=:] ?"?(?P<whole>\d{10,19})(?:\.(?P<part>\d{1,9}))?\b')


class WrittenTime(NamedTuple):
    """A time in a line.

    Attributes:
        time: Nanoseconds since the epoch.
        text: How it is written.
        precision: Nanoseconds that its last digit stands for.
        zoned: Whether it names its zone; if not, UTC or the local zone was taken, whichever fits better.
    """

    time: int
    text: str
    precision: int
    zoned: bool


def written_time(line: str, near: int, zone: tzinfo | None = None) -> WrittenTime | None:
    """Return the first time in the beginning of a line, None if there is none.

    Args:
        line: The text.
        near: About when that is, in nanoseconds since the epoch: decides what the line leaves out, year and zone.
        zone: The local zone; None for the computer's.
    """
    head = line[:_HEAD]
    matches = [match for form in _FORMS if (match := form.search(head))]
    for match in sorted(matches, key=lambda match: match.start()):
        found = _read(match, near, zone)
        if found is not None:
            return found
    epoch = _EPOCH.search(head)
    return None if epoch is None else _read_epoch(epoch)


def _read(match: re.Match[str], near: int, zone: tzinfo | None) -> WrittenTime | None:
    parts = match.groupdict()
    month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["month"])
    around = 1970 + near // _YEAR
    years = [int(parts["year"])] if parts.get("year") else [around, around - 1, around + 1]
    zones = [UTC, zone] if not parts.get("zone") else [_zone(parts["zone"])]
    decimals = parts["decimals"] or ""
    clock = int(parts["hour"]), int(parts["minute"]), int(parts["second"])
    times: list[int] = []
    for year in years:
        for where in zones:
            try:
                moment = datetime(year, month, int(parts["day"]), *clock, tzinfo=where or UTC)
                moment = moment if where else moment.replace(tzinfo=None).astimezone()
            except (ValueError, OverflowError, OSError):
                continue
            whole = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
            times.append(whole * NANOSECONDS + int(decimals.ljust(9, "0")))
    if not times:
        return None
    best = min(times, key=lambda time: abs(time - near))
    return WrittenTime(best, match[0].strip(), 10 ** (9 - len(decimals)), bool(parts.get("zone")))


def _zone(text: str) -> timezone:
    if text in {"Z", "UTC"}:
        return UTC
    minutes = min(int(text[1:3]) * 60 + int(text[-2:]), _MOST_MINUTES)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _read_epoch(match: re.Match[str]) -> WrittenTime | None:
    digits = match["whole"]
    # Seconds, milliseconds, microseconds or nanoseconds: only one of them is a time of these decades.
    scale = {10: 9, 13: 6, 16: 3, 19: 0}.get(len(digits))
    if scale is None or (match["part"] and scale != 9):
        return None
    decimals = match["part"] or ""
    time = int(digits) * 10**scale + int(decimals.ljust(9, "0"))
    written = match[0][match.start("whole") - match.start() :]
    return WrittenTime(time, written, 10 ** (scale - len(decimals)), zoned=True)
