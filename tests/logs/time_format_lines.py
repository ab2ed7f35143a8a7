"""Lines of log files for the tests of their times, and an obvious way to say when they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.time_formats.detect import detect

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.logs.time_formats.time_format import TimeFormat

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2026, 3, 12, 10, 2, 3, tzinfo=UTC)

zones = st.one_of(
    st.sampled_from(
        [
            UTC,
            ZoneInfo("Europe/Berlin"),
            ZoneInfo("America/New_York"),
            ZoneInfo("Asia/Kolkata"),
            ZoneInfo("Australia/Lord_Howe"),  # half an hour of summer time
            ZoneInfo("Pacific/Apia"),  # left out a day once
        ]
    ),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


class Written(NamedTuple):
    """A line and the time that it says, in nanoseconds since the epoch."""

    line: str
    time: int


class Case(NamedTuple):
    """A way of writing times.

    Attributes:
        write: Makes a line of a wall-clock time with its zone, and of nanoseconds.
        digits: How many decimals of a second it writes.
        name: What it is called.
        first: The first year that it can write.
        last: The year after the last one.
    """

    write: Callable[[datetime, int], str]
    digits: int
    name: str
    first: int = 1971
    last: int = 2260


def nanoseconds(moment: datetime, nanos: int = 0) -> int:
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 10**9 + nanos


def offset(moment: datetime, colon: str = ":") -> str:
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{colon}{abs(minutes) % 60:02d}"


def decimals(nanos: int, digits: int) -> str:
    return f"{nanos:09d}"[:digits]


@st.composite
def written(draw: st.DrawFn, case: Case, zone: tzinfo) -> Written:
    naive = draw(st.datetimes(datetime(case.first, 1, 2), datetime(case.last, 1, 1)))  # noqa: DTZ001
    # Of an hour that a clock shows twice the first is meant: nothing in a line says which it was.
    naive = naive.replace(microsecond=0, fold=0)
    nanos = draw(st.integers(0, 10**case.digits - 1)) * 10 ** (9 - case.digits)
    moment = naive.replace(tzinfo=zone)
    return Written(case.write(moment, nanos), nanoseconds(moment.astimezone(UTC), nanos))


def block_of(lines: list[str] | list[bytes]) -> np.ndarray:
    whole = [line.encode() if isinstance(line, str) else line for line in lines]
    return np.frombuffer(b"".join(line + b"\n" for line in whole), np.uint8)


def find(lines: list[str] | list[bytes], zone: tzinfo = UTC, latest: datetime = LATEST) -> TimeFormat | None:
    block = block_of(lines)
    return detect(block, *cut(block), latest=nanoseconds(latest), zone=zone)


def read(lines: list[str] | list[bytes], zone: tzinfo = UTC, latest: datetime = LATEST) -> list[int]:
    format_ = find(lines, zone, latest)
    assert format_ is not None, lines
    block = block_of(lines)
    return format_.parse(block, *cut(block)).tolist()
