import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.when import parse_when

SECOND = 1_000_000_000
AT = int(datetime(2026, 11, 25, 9, 30, tzinfo=UTC).timestamp()) * SECOND
NEWEST = AT + 3600 * SECOND


def when(text: str, zone: ZoneInfo | None = None) -> datetime:
    found = parse_when(text, AT, NEWEST, zone or UTC)
    return datetime.fromtimestamp(found / SECOND, UTC)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12:06", datetime(2026, 11, 25, 12, 6, tzinfo=UTC)),
        ("7:06:01", datetime(2026, 11, 25, 7, 6, 1, tzinfo=UTC)),
        ("12:06:01.5", datetime(2026, 11, 25, 12, 6, 1, 500_000, tzinfo=UTC)),
        ("2026-11-24 23:59", datetime(2026, 11, 24, 23, 59, tzinfo=UTC)),
        ("2026-11-24T23:59:00+02:00", datetime(2026, 11, 24, 21, 59, tzinfo=UTC)),
        ("-5m", datetime(2026, 11, 25, 10, 25, tzinfo=UTC)),
        ("+1h30m", datetime(2026, 11, 25, 11, 0, tzinfo=UTC)),
        (" -250ms ", datetime(2026, 11, 25, 10, 29, 59, 750_000, tzinfo=UTC)),
    ],
)
def test_a_time_is_understood(text: str, wanted: datetime) -> None:
    assert when(text) == wanted


def test_a_clock_time_is_on_the_day_of_the_cursor_in_the_readers_zone() -> None:
    assert when("23:00", ZoneInfo("Asia/Tokyo")) == datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "noon", "25:00", "12:61", "5m", "2026-13-01", "--5m", "12:06 today"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time: write 12:06"):
        when(text)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_time_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_when(text, AT, NEWEST, UTC), int)
