from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.time_formats.clock import Clock
from tests.logs.time_format_lines import find, nanoseconds, read, zones

BERLIN = ZoneInfo("Europe/Berlin")
wall_times = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, fold=0)
)


@given(zones, st.lists(wall_times, min_size=1, max_size=30))
def test_wall_clock_times_become_utc_as_datetime_has_it(zone: tzinfo, moments: list[datetime]) -> None:
    seconds = np.array([nanoseconds(moment.replace(tzinfo=UTC)) // 10**9 for moment in moments])
    expected = [nanoseconds(moment.replace(tzinfo=zone).astimezone(UTC)) // 10**9 for moment in moments]
    assert Clock(0, zone).to_utc(seconds).tolist() == expected


@given(st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]), st.data())
def test_times_around_a_change_of_the_clock_become_utc(name: str, data: st.DataObject) -> None:
    zone = ZoneInfo(name)
    year = data.draw(st.integers(1990, 2035))
    days = [datetime(year, 1, 1, tzinfo=zone) + timedelta(days=day) for day in range(366)]
    changes = [day for day, after in pairwise(days) if day.utcoffset() != after.utcoffset()]
    around = [
        change.replace(tzinfo=None) + timedelta(minutes=minute) for change in changes for minute in range(0, 1500, 10)
    ]
    seconds = np.array([nanoseconds(moment.replace(tzinfo=UTC)) // 10**9 for moment in around], np.int64)
    expected = [nanoseconds(moment.replace(tzinfo=zone).astimezone(UTC)) // 10**9 for moment in around]
    assert Clock(0, zone).to_utc(seconds).tolist() == expected


def test_an_hour_that_comes_twice_is_the_first_one_and_one_that_never_comes_is_moved_on() -> None:
    lines = ["2026-10-25 02:30:00 x", "2026-10-25 03:00:00 x", "2026-03-29 02:30:00 x", "2026-03-29 03:30:00 x"]
    assert read(lines, BERLIN) == [
        nanoseconds(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        nanoseconds(datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        nanoseconds(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        nanoseconds(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ]


class Nameless(tzinfo):
    """A zone that says nothing."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        return moment


def test_a_zone_that_knows_no_offset_is_taken_for_utc() -> None:
    assert read(["2026-03-12 10:02:03 x"], Nameless()) == [nanoseconds(datetime(2026, 3, 12, 10, 2, 3, tzinfo=UTC))]


def year_before(moment: datetime, latest: datetime) -> datetime:
    """Choose the year one after the other, the obvious way."""
    for year in range(latest.year + 1, 1900, -1):
        try:
            chosen = moment.replace(year=year)
        except ValueError:
            continue
        if chosen <= latest + timedelta(days=1):
            return chosen
    raise AssertionError


@pytest.mark.parametrize("layout", ["syslog", "klog", "logcat"])
@given(
    st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31)), min_size=1, max_size=20),  # noqa: DTZ001
    st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_time_without_a_year_gets_the_last_one_before_the_file_was_written(
    layout: str, moments: list[datetime], latest: datetime
) -> None:
    latest = latest.replace(microsecond=0)
    moments = [moment.replace(microsecond=0, tzinfo=UTC) for moment in moments]
    write = {
        "syslog": lambda t: f"{t:%b} {t.day:2d} {t:%H:%M:%S} host app[1]: x",
        "klog": lambda t: f"W{t:%m%d %H:%M:%S}.000000       1 main.go:12] x",
        "logcat": lambda t: f"{t:%m-%d %H:%M:%S}.000  1795  1825 I Power: x",
    }[layout]
    expected = [nanoseconds(year_before(moment, latest)) for moment in moments]
    assert read([write(moment) for moment in moments], latest=latest) == expected


def test_the_year_goes_on_where_the_lines_pass_its_end() -> None:
    lines = ["Dec 31 23:59:59 host x", "Jan  1 00:00:00 host x", "Feb 29 00:00:00 host x", "Feb 30 00:00:00 host x"]
    assert read(lines, BERLIN, latest=datetime(2025, 3, 1, tzinfo=UTC)) == [
        nanoseconds(datetime(2024, 12, 31, 22, 59, 59, tzinfo=UTC)),
        nanoseconds(datetime(2024, 12, 31, 23, 0, tzinfo=UTC)),
        nanoseconds(datetime(2024, 2, 28, 23, 0, tzinfo=UTC)),
        NO_TIME,
    ]


def test_a_day_more_than_the_file_is_old_is_allowed_for_clocks_that_run_ahead() -> None:
    lines = ["Jan  1 11:00:00 host x", "Jan  1 13:00:00 host x"]
    assert read(lines, latest=datetime(2026, 12, 31, 12, tzinfo=UTC)) == [
        nanoseconds(datetime(2027, 1, 1, 11, tzinfo=UTC)),
        nanoseconds(datetime(2026, 1, 1, 13, tzinfo=UTC)),
    ]


def test_a_file_that_was_written_on_gets_later_years() -> None:
    lines = ["Jan  5 11:00:00 host x"]
    format_ = find(lines, latest=datetime(2026, 12, 1, tzinfo=UTC))
    assert format_ is not None
    block = np.frombuffer(lines[0].encode(), np.uint8)
    later = format_.with_latest(nanoseconds(datetime(2027, 1, 6, tzinfo=UTC)), timezone(timedelta(hours=1)))
    starts, ends = np.array([0]), np.array([len(block)])
    assert format_.parse(block, starts, ends).tolist() == [nanoseconds(datetime(2026, 1, 5, 11, tzinfo=UTC))]
    assert later.parse(block, starts, ends).tolist() == [nanoseconds(datetime(2027, 1, 5, 10, tzinfo=UTC))]


@pytest.mark.parametrize("latest", [-(2**63), -1, 0, 2**63 - 1])
def test_a_file_of_any_age_has_a_clock(latest: int) -> None:
    assert Clock(latest, BERLIN).to_utc(np.array([0])).tolist() == [-3600]
