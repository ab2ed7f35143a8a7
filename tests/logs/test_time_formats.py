from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.logs.lines import cut
from hallucino_tui.logs.moment import NO_TIME
from tests.logs.time_format_lines import (
    Case,
    block_of,
    decimals,
    find,
    nanoseconds,
    offset,
    read,
    written,
    zones,
)

WITHOUT_OFFSET = [
    Case(lambda t, n: f"{t:%Y-%m-%d %H:%M:%S},{decimals(n, 3)} INFO [main] x", 3, "ISO 8601"),
    Case(lambda t, n: f"{t:%Y-%m-%d %H:%M:%S}.{decimals(n, 6)} +hello", 6, "ISO 8601"),
    Case(lambda t, n: f"{t:%Y-%m-%d %H:%M:%S} - hello", 0, "ISO 8601"),
    Case(lambda t, n: f"{t:%Y-%m-%d %H:%M:%S}, Info   CBS  Loaded", 0, "ISO 8601"),
    Case(lambda t, n: f"{t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 9)}", 9, "ISO 8601"),
    Case(lambda t, n: f"[{t:%Y-%m-%d %H:%M:%S},{decimals(n, 3)}] ERROR x", 3, "ISO 8601"),
    Case(lambda t, n: f"INFO [{t:%Y-%m-%d %H:%M:%S},{decimals(n, 3)}] x", 3, "ISO 8601 in brackets"),
    Case(lambda t, n: f"web-1  | {t:%Y-%m-%d %H:%M:%S},{decimals(n, 3)} x", 3, "ISO 8601 in field 3"),
    Case(lambda t, n: f"INFO|{t:%Y-%m-%d %H:%M:%S}.{decimals(n, 3)}|x", 3, "ISO 8601 in column 6"),
    Case(lambda t, n: f"{t:%Y/%m/%d %H:%M:%S} [error] 12#12: x", 0, "year/month/day"),
    Case(lambda t, n: f"{t:%Y/%m/%d %H:%M:%S}.{decimals(n, 6)} main.go:12: x", 6, "year/month/day"),
    Case(lambda t, n: f"{t:%y/%m/%d %H:%M:%S} INFO executor.Backend: x", 0, "yy/mm/dd", 1970, 2068),
    Case(lambda t, n: f"{t:%y%m%d %H%M%S} 148 INFO dfs.DataNode: x", 0, "yymmdd hhmmss", 1970, 2068),
    Case(lambda t, n: f"{t:%Y%m%dT%H%M%S}.{decimals(n, 3)} x", 3, "compact ISO 8601"),
    Case(lambda t, n: f"[{t:%a %b %d %H:%M:%S %Y}] [notice] x", 0, "date of C"),
    Case(lambda t, n: f"[{t:%a %b %d %H:%M:%S}.{decimals(n, 6)} {t:%Y}] [core:notice] x", 6, "date of C"),
    Case(lambda t, n: f"{t:%a %b} {t.day:2d} {t:%H:%M:%S %Y} x", 0, "date of C"),
    Case(lambda t, n: f"1:C {t:%d %b %Y %H:%M:%S}.{decimals(n, 3)} # x", 3, "day month year in field 2"),
    Case(lambda t, n: f"R02-M1 {t:%Y-%m-%d-%H.%M.%S}.{decimals(n, 6)} RAS x", 6, "dotted time in field 2"),
    Case(lambda t, n: f'{{"time":"{t:%Y-%m-%d %H:%M:%S}","x":1}}', 0, "ISO 8601 in JSON field time"),
]

WITH_OFFSET = [
    Case(lambda t, n: f"{t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 9)}{offset(t)} stderr F x", 9, "RFC 3339"),
    Case(lambda t, n: f"{t:%Y-%m-%dT%H:%M:%S}{offset(t, '')} host app[1]: x", 0, "RFC 3339"),
    Case(lambda t, n: f"[{t:%Y-%m-%d %H:%M:%S} {offset(t, '')}] [1] [INFO] x", 0, "RFC 3339"),
    Case(lambda t, n: f"{t:%Y-%m-%d %H:%M:%S}.{decimals(n, 3)} {offset(t)} x", 3, "RFC 3339"),
    Case(lambda t, n: f"\x1b[2m{t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 6)}{offset(t)}\x1b[0m INFO x", 6, "RFC 3339"),
    Case(lambda t, n: f"<34>1 {t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 3)}{offset(t)} h su - - x", 3, "syslog (RFC 5424)"),
    Case(lambda t, n: f'10.0.0.1 - al [{t:%d/%b/%Y:%H:%M:%S} {offset(t, "")}] "GET /[1]" 200', 0, "access log"),
    Case(lambda t, n: f"[{t:%d/%b/%Y:%H:%M:%S} {offset(t, '')}] GET /", 0, "access log"),
    Case(
        lambda t, n: f'{{"log":"a \\"time\\":\\"x\\"","time":"{t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 9)}{offset(t)}"}}',
        9,
        "RFC 3339 in JSON field time",
    ),
    Case(
        lambda t, n: f'{{"a": {{"@timestamp": 5}}, "@timestamp": "{t:%Y-%m-%dT%H:%M:%S}.{decimals(n, 3)}{offset(t)}"}}',
        3,
        "RFC 3339 in JSON field @timestamp",
    ),
    Case(lambda t, n: f"time={t:%Y-%m-%dT%H:%M:%S}{offset(t)} level=info", 0, "RFC 3339 in logfmt field time"),
    Case(lambda t, n: f'level=info ts="{t:%Y-%m-%dT%H:%M:%S}{offset(t)}"', 0, "RFC 3339 in logfmt field ts"),
]


def whole(moment: datetime) -> int:
    return nanoseconds(moment.astimezone(UTC)) // 10**9


NUMBERS = [
    Case(lambda t, n: f"{whole(t)} x", 0, "epoch", 2002, 2064),
    Case(lambda t, n: f"{whole(t)}.{decimals(n, 9)} x", 9, "epoch", 2002, 2064),
    Case(lambda t, n: f"[{whole(t)}.{decimals(n, 3)}] x", 3, "epoch", 2002, 2064),
    Case(lambda t, n: f"{whole(t)}{decimals(n, 3)}", 3, "epoch", 2002, 2064),
    Case(lambda t, n: f"{whole(t)}{decimals(n, 6)}\tx", 6, "epoch", 2002, 2064),
    Case(lambda t, n: f"{whole(t)}{decimals(n, 9)}: x", 9, "epoch", 2002, 2064),
    Case(lambda t, n: f"12 node-246 unix.hw state.unavailable {whole(t)} 1 x", 0, "epoch in field 5", 2002, 2064),
    Case(
        lambda t, n: f'{{"level":"info","ts":{whole(t)}.{decimals(n, 7)},"x":1}}',
        7,
        "epoch in JSON field ts",
        2002,
        2064,
    ),
    Case(lambda t, n: f'{{"level":30,"time":{whole(t)}{decimals(n, 3)}}}', 3, "epoch in JSON field time", 2002, 2064),
    Case(lambda t, n: f"level=info ts={whole(t)}.{decimals(n, 3)} x", 3, "epoch in logfmt field ts", 2002, 2064),
    Case(lambda t, n: f"type=SYSCALL msg=audit({whole(t)}.{decimals(n, 3)}:24287): x", 3, "audit log", 2002, 2064),
]


@pytest.mark.parametrize("case", [*WITHOUT_OFFSET, *WITH_OFFSET, *NUMBERS], ids=lambda case: case.name)
@given(data=st.data())
@settings(max_examples=25)
def test_every_time_is_read_as_datetime_reads_it(case: Case, data: st.DataObject) -> None:
    own = data.draw(zones)
    if case in WITH_OFFSET:
        own = data.draw(st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))))
    lines = data.draw(st.lists(written(case, own), min_size=1, max_size=12))
    foreign: tzinfo = own if case in WITHOUT_OFFSET else data.draw(zones)
    block = block_of([line for line, _ in lines])
    found = find([line for line, _ in lines], foreign)
    assert found is not None
    assert found.name == case.name
    assert found.parse(block, *cut(block)).tolist() == [time for _, time in lines]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.sampled_from("Tt "), st.sampled_from(",."))
def test_any_number_of_decimals_up_to_nine_is_read(digits: list[int], middle: str, point: str) -> None:
    lines = [f"2026-03-12{middle}10:02:03{point if n else ''}{'123456789'[:n]}Z x" for n in digits]
    times = read(lines)
    assert times == [
        nanoseconds(datetime(2026, 3, 12, 10, 2, 3, tzinfo=UTC), int("123456789"[:n].ljust(9, "0"))) for n in digits
    ]


MORNING = nanoseconds(datetime(2026, 3, 12, 10, 2, 3, tzinfo=UTC))
HOUR = 3600 * 10**9


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("2026-03-12 10:02:03 UTC [1] LOG:  x", MORNING),
        ("2026-03-12 10:02:03.000 GMT x", MORNING),
        ("2026-03-12 10:02:03UTC", MORNING),
        ("2026-03-12 10:02:03+01 x", MORNING - HOUR),
        ("2026-03-12 10:02:03-0130", MORNING + HOUR + HOUR // 2),
        ("2026-03-12 10:02:03 CET x", MORNING - HOUR),
        ("2026-03-12 10:02:03 - x", MORNING - HOUR),
        ("2026-03-12 10:02:03 -5 x", MORNING - HOUR),
        ("2026-03-12 10:02:03-x", MORNING - HOUR),
        ("2026-03-12 10:02:03 -1260 x", MORNING - HOUR),  # no offset has sixty minutes
        ("2026-03-12 10:02:03", MORNING - HOUR),
        ("2026-03-12 10:02:03,", MORNING - HOUR),
        ("2026-03-12 10:02:03\r", MORNING - HOUR),
        ('"2026-03-12 10:02:03","x"', MORNING - HOUR),
        ("\x1b[0m\x1b[90m2026-03-12T10:02:03Z x", MORNING),
        ("Thu, 12 Mar 2026 10:02:03 GMT x", MORNING),
        ("I0312 10:02:03.000000       1 main.go:12] x", MORNING - HOUR),
        ("I20260312 10:02:03.000000 1 main.cc:12] x", MORNING - HOUR),
        ("<13>Mar 12 10:02:03 host app: x", MORNING - HOUR),
        ("Mar 12 2026 10:02:03: %ASA-6-302013: x", MORNING - HOUR),
        ("03-12 10:02:03.000  1795  1825 I PowerManager: x", MORNING - HOUR),
        ("260312 10:02:03 [Note] x", MORNING - HOUR),
        ('::1 - - [12/Mar/2026:10:02:03 +0000] "GET / HTTP/1.1" 200 5', MORNING),
        ('[::1] - - [12/Mar/2026:10:02:03 +0000] "GET / HTTP/1.1" 200 5', MORNING),
        ('{"t":{"$date":"2026-03-12T10:02:03.000+00:00"},"s":"I"}', MORNING),
        ('{"instant":{"epochSecond":1773309723,"nanoOfSecond":0}}', MORNING),
        ("[pid: 1|app: 0] 10.0.0.1 () {30 vars} [Thu Mar 12 10:02:03 2026] GET /", MORNING - HOUR),
        ("I, [2026-03-12T10:02:03.000000 #1]  INFO -- : x", MORNING - HOUR),
    ],
)
def test_ways_of_well_known_programs_are_read(line: str, time: int) -> None:
    assert read([line], ZoneInfo("Europe/Berlin")) == [time]


@pytest.mark.parametrize(
    "line",
    [
        "2026-13-12 10:02:03 x",
        "2026-00-12 10:02:03 x",
        "2026-02-30 10:02:03 x",
        "2025-02-29 10:02:03 x",
        "2026-03-00 10:02:03 x",
        "2026-03-12 24:02:03 x",
        "2026-03-12 10:60:03 x",
        "2026-03-12 10:02:60 x",
        "2026-03-12 10:02:0x",
        "2026-03-12 10:02:031 x",
        "2026-03-12 10:02:03.1234567890 x",
        "2026-03-12T10:02:03+24:00 x",
        "2026-03-12T10:02:03+10:60 x",
        "9999-03-12T10:02:03Z x",
        "2026-03-12 10:02",
        "2026/02/30 10:02:03 x",
        "26/02/30 10:02:03 INFO x",
        "Feb 30 10:02:03 host x",
        "Foo 12 10:02:03 host x",
        "[Sun Feb 30 10:02:03 2026] x",
        '- - [30/Feb/2026:10:02:03 +0000] "GET"',
        "I0230 10:02:03.123456 1 x",
        "1773309723a x",
        "177330972 x",
        "17733097231 x",
        "3773309723 x",
        "1773309723. x",
        '{"ts":"1773309723-1"}',
    ],
)
def test_what_is_no_time_is_none(line: str) -> None:
    assert find([line]) is None


SAMPLES = [
    "2026-03-12T10:02:03.123Z x",
    "[Thu Mar 12 10:02:03 2026] x",
    "<34>Mar 12 10:02:03 x",
    '1.2.3.4 - - [12/Mar/2026:10:02:03 +0000] "GET /"',
    '{"time":"2026-03-12T10:02:03Z"}',
    "level=info ts=1773309723.5",
    "a b c d e 1773309723 x",
    "x|2026-03-12 10:02:03",
    "\x1b[2m2026-03-12T10:02:03Z x",
    "1773309723 x",
]
pieces = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [b"[", b"<34>", b"\x1b[", b'"time":', b" ts=", b"2026-03-12 ", b"10:02:03", b"1773309723", b" "]
        ),
    ),
    max_size=8,
).map(lambda parts: b"".join(parts).replace(b"\n", b""))


@pytest.mark.parametrize("sample", SAMPLES)
@given(st.lists(pieces, max_size=20))
@settings(max_examples=20)
def test_garbage_between_lines_neither_raises_nor_changes_them(sample: str, garbage: list[bytes]) -> None:
    format_ = find([sample])
    assert format_ is not None
    (time,) = read([sample])
    lines = [sample.encode()]
    for line in garbage:
        lines += [line, sample.encode()]
    block = block_of(lines)
    assert format_.parse(block, *cut(block))[::2].tolist() == [time] * (len(garbage) + 1)


@given(st.lists(pieces, max_size=30))
def test_garbage_alone_never_raises(garbage: list[bytes]) -> None:
    format_ = find(garbage)
    if format_ is not None:
        assert any(time != NO_TIME for time in read(garbage))


@given(st.lists(st.sampled_from(SAMPLES).map(str.encode) | pieces, min_size=1, max_size=30), st.data())
def test_parts_of_a_file_and_lines_without_newlines_read_the_same(lines: list[bytes], data: st.DataObject) -> None:
    format_ = find(data.draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=3)))
    assert format_ is not None
    block = block_of(lines)
    starts, ends = cut(block)
    times = format_.parse(block, starts, ends)
    first, last = sorted((data.draw(st.integers(0, len(lines))), data.draw(st.integers(0, len(lines)))))
    assert format_.parse(block, starts[first:last], ends[first:last]).tolist() == times[first:last].tolist()
    offsets = np.cumsum([0, *(len(line) for line in lines)])
    compact = np.frombuffer(b"".join(lines), np.uint8)
    assert format_.parse(compact, offsets[:-1], offsets[1:]).tolist() == times.tolist()


def test_more_lines_than_are_read_at_once() -> None:
    lines = [f"{1_773_309_723 + number} x" if number % 3 else "no time" for number in range(40_000)]
    expected = [(1_773_309_723 + number) * 10**9 if number % 3 else NO_TIME for number in range(40_000)]
    assert read(lines) == expected
