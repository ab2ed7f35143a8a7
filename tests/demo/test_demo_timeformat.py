from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.demo.timeformat import (
    PREFIX_LENGTH,
    SECOND,
    human_duration,
    log_prefix,
    parse_rfc3339,
    rfc3339,
    rfc3339_micro,
)


@given(st.integers(0, 4_000_000_000 * SECOND))
def test_times_come_back(time_ns) -> None:
    prefix = log_prefix(time_ns)
    assert len(prefix) == PREFIX_LENGTH
    assert parse_rfc3339(prefix.decode().strip()) == time_ns
    assert parse_rfc3339(rfc3339(time_ns)) == time_ns // SECOND * SECOND
    assert parse_rfc3339(rfc3339_micro(time_ns)) == time_ns // 1000 * 1000


def test_offsets_count() -> None:
    expected = int(datetime(2026, 11, 22, 19, 3, 11, tzinfo=UTC).timestamp()) * SECOND
    assert parse_rfc3339("2026-11-22T21:03:11.5+02:00") == expected + SECOND // 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", 'cannot parse "yesterday" as "2006"'),
        ("2026", 'cannot parse "" as "-"'),
        ("2026-11-22", 'cannot parse "" as "T"'),
        ("2026-11-22T21:03:11", 'cannot parse "" as "Z07:00"'),
        ("2026-11-22T21:03:11Zz", 'extra text: "z"'),
        ("2026-13-22T21:03:11Z", "out of range"),
    ],
)
def test_what_is_no_time(text, problem) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        parse_rfc3339(text)
    assert str(caught.value).startswith(f'parsing time "{text}"')


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<invalid>"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (150, "2m30s"),
        (599, "9m59s"),
        (600, "10m"),
        (958, "15m"),
        (10_799, "179m"),
        (10_800, "3h"),
        (11_520, "3h12m"),
        (28_800, "8h"),
        (172_799, "47h"),
        (172_800, "2d"),
        (190_800, "2d5h"),
        (691_200, "8d"),
        (63_072_000, "2y"),
        (63_158_400, "2y1d"),
        (252_288_000, "8y"),
    ],
)
def test_ages(seconds, text) -> None:
    assert human_duration(seconds * SECOND) == text
