"""One time at a time: the RFC 3339 prefix of a line, read and written. Whole blocks are read by `timestamps`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

NANOSECONDS: Final = 1_000_000_000

NO_TIME: Final = -(2**63)
"""The time of a line that carries none, in the `times` of a batch."""

LONGEST_PREFIX: Final = 40
_ANY_PREFIX: Final = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ")


def parse_prefix(line: bytes) -> tuple[int, int]:
    """Read the time in front of one line; return (`NO_TIME`, 0) if there is none."""
    return _parse(line[:LONGEST_PREFIX])


def format_prefix(time: int) -> str:
    """Write a time as the Kubernetes log API does: UTC with nine decimals, no space behind it."""
    seconds, nanoseconds = divmod(time, NANOSECONDS)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"


def _parse(head: bytes) -> tuple[int, int]:
    match = _ANY_PREFIX.match(head)
    if match is None:
        return NO_TIME, 0
    try:
        moment = datetime.fromisoformat(match[1].decode() + match[3].decode())
    except ValueError:
        return NO_TIME, 0
    if not 1700 <= moment.year < 2262:
        return NO_TIME, 0
    fraction = int((match[2] or b"0").ljust(9, b"0"))
    whole = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * NANOSECONDS + fraction, match.end()
