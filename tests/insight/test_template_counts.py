"""Counts of templates: the same however the lines come in pieces, robust against a wrong clock."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.insight.template_counts import TemplateCounts
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level

SECOND = 10**9
NOON = 1_795_435_200 * SECOND

LINES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([0, 3, 6, 6 | CONTINUED]), st.integers(0, 3), st.integers(0, 5_000)),
    min_size=1,
    max_size=60,
)


def added(counts: TemplateCounts, lines: list[tuple[int, int, int, int]]) -> TemplateCounts:
    numbers, levels, streams, seconds = (np.array(column) for column in zip(*lines, strict=True))
    counts.add(numbers.astype(np.int32), levels.astype(np.uint8), streams.astype(np.uint32), NOON + seconds * SECOND)
    return counts


@given(LINES, st.data())
def test_pieces_make_no_difference(lines: list[tuple[int, int, int, int]], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(lines)))
    whole, pieces = added(TemplateCounts(), lines), added(TemplateCounts(), lines[:cut])
    if lines[cut:]:
        added(pieces, lines[cut:])
    one, other = whole.table(8), pieces.table(8)
    for name in ("levels", "goes_on", "streams", "first", "last"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(one.trend.counts, other.trend.counts)
    assert one.levels.sum() == one.trend.counts.sum() == len(lines)


@given(LINES)
def test_counts_are_those_that_one_gets_by_counting(lines: list[tuple[int, int, int, int]]) -> None:
    table = added(TemplateCounts(), lines).table(8)
    for number in {one[0] for one in lines}:
        own = [one for one in lines if one[0] == number]
        assert table.levels[number].sum() == len(own)
        assert table.levels[number][Level.ERROR] == sum(one[1] & 7 == Level.ERROR for one in own)
        assert table.goes_on[number] == sum(one[1] & CONTINUED > 0 for one in own)
        assert table.streams[number] == len({one[2] for one in own})
        assert table.first[number] == NOON + min(one[3] for one in own) * SECOND
        assert table.last[number] == NOON + max(one[3] for one in own) * SECOND


def test_a_template_that_is_a_part_of_another_one_counts_with_it() -> None:
    counts = added(TemplateCounts(), [(0, 3, 0, 0), (1, 6, 0, 5), (1, 6, 1, 9)])
    table = counts.table(4, np.array([0, 0], np.int32))
    assert table.levels[0].sum() == 3
    assert table.levels[1].sum() == 0
    assert (table.streams[0], table.last[0]) == (2, NOON + 9 * SECOND)
    assert table.trend.counts[0].sum() == 3


def test_one_wrong_clock_does_not_flatten_the_trend() -> None:
    counts = added(TemplateCounts(), [(0, 3, 0, second) for second in range(5_000)])
    counts.add(np.zeros(1, np.int32), np.zeros(1, np.uint8), np.zeros(1, np.uint32), np.zeros(1, np.int64))
    table = counts.table(10)
    assert table.first[0] == 0
    assert table.trend.counts[0].min() > 400


def test_more_spans_of_time_than_there_is_room_for_are_joined() -> None:
    counts = TemplateCounts()
    times = NOON + np.arange(300_000, dtype=np.int64) * SECOND
    counts.add(np.zeros(len(times), np.int32), np.zeros(len(times), np.uint8), np.zeros(len(times), np.uint32), times)
    trend = counts.table(4).trend
    assert trend.counts.sum() >= 299_000
    assert counts.moment_width == 2 * SECOND


def test_lines_without_times_are_counted_and_stand_in_no_trend() -> None:
    counts = TemplateCounts()
    counts.add(np.zeros(2, np.int32), np.zeros(2, np.uint8), np.zeros(2, np.uint32), np.full(2, NO_TIME))
    table = counts.table(4)
    assert (table.levels.sum(), table.last[0], table.trend.counts.sum()) == (2, NO_TIME, 0)
