"""Times as Kubernetes writes and reads them: RFC 3339 in UTC, nanosecond log prefixes, short ages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000_000_000
"""Nanoseconds in a second."""

PREFIX_LENGTH = 31
"""Bytes of a log line's prefix: 30 of the time with nine digits after the point, and one space."""

JsonTime = str
"""A time in an object, for example ``2026-11-22T21:03:09Z``."""

# The elements of an RFC 3339 time in order, each with the name that the Go library calls it by in its messages.
_ELEMENTS = (
    (r"\d{4}", "2006"),
    ("-", "-"),
    (r"\d{2}", "01"),
    ("-", "-"),
    (r"\d{2}", "02"),
    ("T", "T"),
    (r"\d{2}", "15"),
    (":", ":"),
    (r"\d{2}", "04"),
    (":", ":"),
    (r"\d{2}", "05"),
    (r"(?:[.,]\d+)?", ""),
    (r"Z|[+-]\d{2}:\d{2}", "Z07:00"),
)
_LAYOUT = "2006-01-02T15:04:05Z07:00"


def rfc3339(time_ns: int) -> JsonTime:
    """Return `time_ns` (nanoseconds since the epoch) as objects carry it, cut to whole seconds."""
    return datetime.fromtimestamp(time_ns // SECOND, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_micro(time_ns: int) -> JsonTime:
    """Return `time_ns` with six digits after the point, as ``eventTime`` and leases carry it."""
    return f"{rfc3339(time_ns)[:-1]}.{time_ns % SECOND // 1000:06d}Z"


@lru_cache(maxsize=1024)
def second_prefix(second: int) -> bytes:
    """Return the part of a log prefix that is the same for a whole second, for example ``2026-11-22T21:03:11.``."""
    return datetime.fromtimestamp(second, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S.").encode()


def log_prefix(time_ns: int) -> bytes:
    """Return the prefix of a log line, `PREFIX_LENGTH` bytes long and with the space at its end."""
    second, nanos = divmod(time_ns, SECOND)
    return b"%b%09dZ " % (second_prefix(second), nanos)


def parse_rfc3339(text: str) -> int:
    """Return the nanoseconds since the epoch of a time given in a query.

    Args:
        text: Any RFC 3339 time, with or without a fraction, with any offset.

    Raises:
        ValueError: It is none. The message is the one that the real server answers with.
    """
    rest = text
    for pattern, name in _ELEMENTS:
        match = re.match(pattern, rest)
        if match is None:
            raise ValueError(f'parsing time "{text}" as "{_LAYOUT}": cannot parse "{rest}" as "{name}"')
        rest = rest[match.end() :]
    if rest:
        raise ValueError(f'parsing time "{text}": extra text: "{rest}"')
    whole = re.sub(r"[.,]\d+", "", text)
    fraction = re.search(r"[.,](\d+)", text)
    try:
        seconds = int(datetime.fromisoformat(whole).timestamp())
    except ValueError as error:
        raise ValueError(f'parsing time "{text}": {str(error).split(" must ")[0]} out of range') from None
    return seconds * SECOND + (int(fraction[1][:9].ljust(9, "0")) if fraction else 0)


def human_duration(nanoseconds: int) -> str:
    """Return an age the way that the server prints it in tables: ``13s``, ``2m30s``, ``15m``, ``3h12m``, ``9d``."""
    seconds = nanoseconds // SECOND
    if seconds < 0:
        return "0s" if seconds >= -1 else "<invalid>"
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    # Whether it is shown in this unit, the unit's count and name, and the rest that is shown beside it.
    steps = (
        (minutes < 10, minutes, "m", seconds % 60, "s"),
        (minutes < 180, minutes, "m", 0, ""),
        (hours < 8, hours, "h", minutes % 60, "m"),
        (hours < 48, hours, "h", 0, ""),
        (days < 8, days, "d", hours % 24, "h"),
        (days < 730, days, "d", 0, ""),
        (days < 2920, days // 365, "y", days % 365, "d"),
        (True, days // 365, "y", 0, ""),
    )
    _, large, large_unit, small, small_unit = next(step for step in steps if step[0])
    return f"{large}{large_unit}{small}{small_unit}" if small else f"{large}{large_unit}"
