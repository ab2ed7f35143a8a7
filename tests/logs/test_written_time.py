"""The time that somebody wrote into a line."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.written_time import written_time

BERLIN = timezone(timedelta(hours=1))
NEAR = 1_795_608_361 * 10**9  # 2026-11-25T12:06:01Z


@pytest.mark.parametrize(
    ("line", "seconds", "zoned"),
    [
        ("2026-11-25T12:06:01.123Z GET /", 0.123, True),
        ("time=2026-11-25T13:06:01+01:00 level=info", 0, True),
        ("2026-11-25 12:06:00,999 INFO a", -0.001, False),
        ("2026-11-25 13:06:00,999 INFO a", -0.001, False),
        ("2026/11/25 12:06:01 [error] 7#7: x", 0, False),
        ('10.0.0.1 - - [25/Nov/2026:12:06:01 +0000] "GET / HTTP/1.1" 200 1', 0, True),
        ("I1125 12:06:01.500000       1 a.go:1] x", 0.5, False),
        ("Nov 25 12:06:02 host app[1]: x", 1, False),
        ('{"level":30,"time":1795608361500,"msg":"x"}', 0.5, True),
        ("ts=1795608361.25 msg=x", 0.25, True),
    ],
)
def test_times_of_many_forms_are_read(line: str, seconds: float, zoned: bool) -> None:
    found = written_time(line, NEAR, BERLIN)
    assert found is not None
    assert (found.time - NEAR) / 10**9 == pytest.approx(seconds)
    assert found.zoned == zoned
    assert found.text in line


@pytest.mark.parametrize("line", ["", "no time", "2026-99-25 12:06:01", "id=1795608361", "12:06", "port 1795608361500"])
def test_what_is_no_time_is_none(line: str) -> None:
    assert written_time(line, NEAR, BERLIN) is None


def test_the_year_is_the_one_that_fits() -> None:
    new_year = int(datetime(2027, 1, 1, 0, 0, 5, tzinfo=UTC).timestamp()) * 10**9
    found = written_time("E1231 23:59:59.000000 1 a.go:1] x", new_year, UTC)
    assert found is not None
    assert new_year - found.time == 6 * 10**9


@given(st.text(max_size=40), st.sampled_from([NO_TIME, 0, NEAR, 2**63 - 1]))
def test_nothing_that_is_written_makes_it_fail(tail: str, near: int) -> None:
    for head in ("2026-11-25T12:06:01", "I1125 12:06:01.1", "Feb 29 12:06:01", "9999-12-31 23:59:59 -23:59", "ts=9"):
        written_time(head + tail, near, BERLIN)
