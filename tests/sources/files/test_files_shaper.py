"""Bytes become lines, and lines get times that never make them change places."""

from __future__ import annotations

from datetime import UTC

import numpy as np
from files_world import NOON, SECONDS, at, lines_of, stamped
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.notice import Notice
from hallucino_tui.logs.time_formats.detect import detect
from hallucino_tui.sources.files.line_times import LineTimes
from hallucino_tui.sources.files.shaper import Shaper


def shaper(longest: int = 1 << 20) -> Shaper:
    return Shaper(0, LineTimes(detect, UTC, NOON), longest)


def feed(shaper: Shaper, *chunks: str | bytes, arrival: int | None = None) -> list[Batch]:
    data = [chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in chunks]
    return [item for chunk in data for item in shaper.feed(chunk, arrival) if isinstance(item, Batch)]


def times(batches: list[Batch]) -> list[int]:
    return [time for batch in batches for time in batch.times.tolist()]


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_any_bytes_in_any_chunks_give_the_same_lines(data: bytes, sizes: list[int]) -> None:
    one = shaper()
    batches: list[Batch] = []
    position = turn = 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        batches += feed(one, data[position : position + size])
        position, turn = position + size, turn + 1
    batches += one.finish(None)
    lines = [line for batch in batches for line in lines_of(batch)]
    assert lines == (data.removesuffix(b"\n").split(b"\n") if data else [])
    assert list(one.finish(None)) == []


@given(
    st.lists(st.integers(0, 60), max_size=8).map(lambda sizes: b"".join(b"x" * size + b"\n" for size in sizes)),
    st.integers(1, 16),
)
def test_a_line_that_is_too_long_is_cut_at_the_same_place_whatever_the_chunks(data: bytes, size: int) -> None:
    one = shaper(longest=16)
    lines: list[bytes] = []
    cuts = 0
    for start in range(0, len(data), size):
        for item in one.feed(data[start : start + size], None):
            if isinstance(item, Notice):
                assert "longer than" in item.text
                cuts += 1
            else:
                lines += lines_of(item)
    expected = [
        line[start : start + 16] for line in data.split(b"\n")[:-1] for start in range(0, max(len(line), 1), 16)
    ]
    assert lines == expected
    assert cuts == len(expected) - data.count(b"\n")


def test_lines_have_their_own_times_and_keep_them_in_their_text() -> None:
    (batch,) = feed(shaper(), f"{stamped(1)}\n{stamped(2)}\n")
    assert batch.times.tolist() == [at(1), at(2)]
    assert batch.line(0).decode() == stamped(1)


def test_a_time_that_goes_back_stands_still() -> None:
    one = shaper()
    assert times(feed(one, f"{stamped(5)}\n{stamped(3)}\n", f"{stamped(4)}\n{stamped(6)}\n")) == [
        at(5),
        at(5),
        at(5),
        at(6),
    ]


def test_lines_without_a_time_have_that_of_the_one_before_and_the_first_ones_that_of_the_first() -> None:
    one = shaper()
    chunks = (f"a header\n{stamped(5)}\n  at a frame\n", "  at another\n", f"{stamped(7)}\n")
    assert times(feed(one, *chunks)) == [at(5), at(5), at(5), at(5), at(7)]


def test_lines_of_a_file_without_times_have_the_time_of_the_file() -> None:
    assert times(feed(shaper(), "one\ntwo\n", "three\n")) == [NOON, NOON, NOON]


def test_lines_without_times_that_are_written_now_have_the_time_of_now() -> None:
    one = shaper()
    feed(one, "one\n")
    assert times(feed(one, "two\n", arrival=NOON + 5)) == [NOON + 5]
    assert times(feed(one, "three\n", arrival=NOON + 2)) == [NOON + 5]


def test_a_format_that_shows_later_is_found_later() -> None:
    one = shaper()
    feed(one, "starting\n", arrival=at(0))
    assert times(feed(one, f"{stamped(5)}\n{stamped(6)}\n", arrival=at(6))) == [at(5), at(6)]


def test_a_year_that_is_left_out_moves_on_with_a_file_that_is_followed() -> None:
    one = shaper()
    feed(one, "Nov 23 11:00:00 host app[1]: started\n", arrival=NOON)
    later = NOON + 200 * 86_400 * SECONDS  # the eleventh of June of the next year
    assert times(feed(one, "Jun 11 12:00:00 host app[1]: still there\n", arrival=later)) == [later]


def test_nothing_is_known_of_nothing() -> None:
    read = LineTimes(detect, UTC, NOON)
    nothing = np.empty(0, np.int64)
    assert len(read.read(np.empty(0, np.uint8), nothing, nothing, None)) == 0
    assert read.carry == NO_TIME
    assert read.start == NOON
    assert not read.learn(b"")
    assert not read.find_first(b"a\n")
