from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.moment import NO_TIME, format_prefix, parse_prefix
from hallucino_tui.logs.timestamps import parse_prefixes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(block: bytes) -> tuple[list[int], list[int]]:
    array = np.frombuffer(block, np.uint8)
    times, widths = parse_prefixes(array, *cut(array))
    return times.tolist(), widths.tolist()


def nanoseconds(moment: datetime, nanos: int) -> int:
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 10**9 + nanos


zones = st.one_of(
    st.just(UTC), st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)
moments = st.datetimes(datetime(1972, 1, 1), datetime(2255, 12, 31), timezones=zones)  # noqa: DTZ001 - hypothesis adds the zone


@st.composite
def prefixes(draw: st.DrawFn) -> tuple[bytes, int]:
    moment = draw(moments).replace(microsecond=0)
    digits = draw(st.integers(0, 9))
    nanos = draw(st.integers(0, 10**digits - 1)) * 10 ** (9 - digits)
    fraction = f".{nanos:09d}"[: digits + 1] if digits else ""
    zone = "Z" if moment.utcoffset() == timedelta(0) and draw(st.booleans()) else moment.strftime("%:z") or ""
    offset = moment.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    if zone != "Z":
        zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{zone} ".encode(), nanoseconds(moment, nanos)


@given(st.lists(st.tuples(prefixes(), st.binary(max_size=40).map(lambda text: text.replace(b"\n", b""))), max_size=30))
def test_every_valid_prefix_is_read_to_the_nanosecond(lines: list[tuple[tuple[bytes, int], bytes]]) -> None:
    times, widths = parse(b"".join(prefix + text + b"\n" for (prefix, _), text in lines))
    assert times == [time for (_, time), _ in lines]
    assert widths == [len(prefix) for (prefix, _), _ in lines]


@given(st.lists(st.binary(max_size=60).map(lambda text: text.replace(b"\n", b"")), max_size=20))
def test_a_block_and_single_lines_agree(lines: list[bytes]) -> None:
    times, widths = parse(b"".join(line + b"\n" for line in lines))
    assert list(zip(times, widths, strict=True)) == [parse_prefix(line) for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no time at all",
        b"2026-11-22T21:03:11.407207202Z",  # no space behind it
        b"2026-13-22T21:03:11.407207202Z x",
        b"2026-02-29T21:03:11.407207202Z x",
        b"2026-11-22T24:03:11.407207202Z x",
        b"2026-11-22T21:60:11.407207202Z x",
        b"2026-11-22T21:03:11.40720720xZ x",
        b"2026-11-22 21:03:11.407207202Z x",
        b"9999-11-22T21:03:11.407207202Z x",  # past what nanoseconds in 64 bits can hold
        b"2026-11-22T21:03:11.407207202+0200 x",
    ],
)
def test_what_is_no_prefix_is_left_alone(line: bytes) -> None:
    assert parse(line + b"\n") == ([NO_TIME], [0])


def test_a_prefix_at_the_very_end_of_a_block() -> None:
    assert parse(b"x\n2026-11-22T21:03:11.407207202Z \n") == ([NO_TIME, 1_795_381_391_407_207_202], [0, 31])


@given(st.integers(0, 8 * 10**18))
def test_a_written_prefix_reads_back(time: int) -> None:
    assert parse_prefix(format_prefix(time).encode() + b" text") == (time, 31)
