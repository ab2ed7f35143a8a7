"""The timeline against a slow count in plain Python, whatever comes, leaves, is filtered, or is looked at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.file_body import FileBody, Part
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.order import chunk_of
from hallucino_tui.logs.severity import LEVEL_BITS, NOT_A_LINE, Level
from hallucino_tui.logs.snapshot import StoreSnapshot, ViewSnapshot
from hallucino_tui.logs.store import Bounds, Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.logs.timeline import Timeline
from hallucino_tui.logs.timeline_counts import count_lines
from hallucino_tui.logs.timeline_ladder import BASES, LADDER, MILLISECOND, MINUTE, base_for, width_for
from hallucino_tui.logs.timeline_snapshot import MARKED, Mark, TimelineSnapshot
from hallucino_tui.logs.view import View

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
SECOND = 10**9
WORDS = {Level.INFO: "INFO", Level.WARN: "WARN", Level.ERROR: "ERROR", Level.FATAL: "FATAL"}
CLASS = {Level.WARN: 1, Level.ERROR: 2, Level.FATAL: 3}


def settle(timeline: Timeline, view: ViewSnapshot) -> TimelineSnapshot:
    while (work := timeline.pending(view)) is not None:
        timeline.accept(work, work.run())
    snapshot = timeline.snapshot(view)
    assert snapshot.complete
    return snapshot


def rows_of(view: ViewSnapshot) -> list[tuple[int, int]]:
    """(time, level code) of each row that is still there."""
    found = [view.store.find(row) for row in view.rows(0, len(view))]
    return [(int(place[0].times[place[1]]), int(place[0].levels[place[1]])) for place in found if place is not None]


def obvious(view: ViewSnapshot, snapshot: TimelineSnapshot) -> list[tuple[int, ...]]:
    """The same count, one row at a time."""
    counts = [[0, 0, 0, 0] for _ in snapshot.counts]
    for time, level in rows_of(view):
        if level < NOT_A_LINE and snapshot.start <= time < snapshot.stop:
            counts[(time - snapshot.start) // snapshot.width][CLASS.get(Level(level & LEVEL_BITS), 0)] += 1
    return [tuple(count) for count in counts]


def obvious_marks(view: ViewSnapshot, snapshot: TimelineSnapshot) -> list[tuple[int, NoticeKind]]:
    """The first mark of each kind in each bucket, the heaviest last."""
    first: dict[tuple[int, int], int] = {}
    for time, level in rows_of(view):
        kind = level - NOT_A_LINE
        if kind in MARKED and snapshot.start <= time < snapshot.stop:
            key = time // snapshot.width, MARKED[NoticeKind(kind)]
            first[key] = min(first.get(key, time), time)
    kinds = {weight: kind for kind, weight in MARKED.items()}
    return [(time, kinds[weight]) for (_, weight), time in sorted(first.items())]


def assert_right(view: ViewSnapshot, snapshot: TimelineSnapshot) -> None:
    assert list(snapshot.counts) == obvious(view, snapshot)
    assert list(snapshot.marks) == obvious_marks(view, snapshot)


@dataclass
class Timed:
    """Knows the times of the lines before they are read."""

    times: np.ndarray
    name: str = "known"

    def parse(self, block: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        return self.times


class World:
    def __init__(self, bounds: Bounds | None = None, chunk_rows: int = 8) -> None:
        self.table = StreamTable()
        self.table.number(Stream(("a",)))
        self.store, self.intake, self.view = Store(bounds, chunk_rows), Intake(), View(self.table)
        self.timeline = Timeline()

    def add(self, *lines: tuple[int, Level]) -> None:
        made = batch_of([WORDS[level].encode() for _, level in lines], [time for time, _ in lines], 0)
        self.store.append(self.intake.prepare(made, 0))

    def open(self, *lines: tuple[int, Level]) -> None:
        """Add lines of a file, whose order is theirs, not that of their times."""
        text = [WORDS[level].encode() for _, level in lines]
        times = np.array([time for time, _ in lines], np.int64)
        offsets = np.cumsum([0, *map(len, text)]).astype(np.int32)
        body = FileBody(lambda: b"".join(line + b"\n" for line in text), offsets, 0, Timed(times), int(times[0]))
        keys = np.maximum.accumulate(times)
        self.store.add_part(Part(body, len(text), int(keys[0]), int(keys[-1]), int(offsets[-1])))

    def now(self) -> ViewSnapshot:
        store = self.store.snapshot()
        while (work := self.view.pending(store)) is not None:
            self.view.accept(work, work.run())
        return self.view.snapshot(store)


def times_around(unit: int) -> st.SearchStrategy[int]:
    return st.integers(-50, 200).map(lambda step: NOON + step * unit)


levels = st.sampled_from(list(WORDS))
moments = st.one_of(times_around(MILLISECOND), times_around(SECOND), times_around(7 * MINUTE), st.just(NOON))
batches = st.lists(st.tuples(moments, levels), min_size=1, max_size=20)
filters = st.sampled_from([Filter(), Filter(level=Level.WARN), Filter(level=Level.FATAL)])
spans = st.one_of(st.none(), moments)


class Changes(RuleBasedStateMachine):
    """Everything that can happen to a view, and to the picture of it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Bounds(lines=60))
        self.world.timeline.want(40)

    @rule(batch=batches)
    def lines_come(self, batch: list[tuple[int, Level]]) -> None:
        self.world.add(*batch)

    @rule(count=st.integers(1, 30), level=levels)
    def time_goes_on(self, count: int, level: Level) -> None:
        view = self.world.now()
        last = view.chunks[-1].last_time if view.chunks else NOON
        self.world.add(*((last + index * 40 * MILLISECOND, level) for index in range(count)))

    @rule(time=moments, kind=st.sampled_from(list(NoticeKind)))
    def something_happens(self, time: int, kind: NoticeKind) -> None:
        self.world.store.add_notice(Notice(0, time, kind, "something"))

    @rule(batch=batches)
    def a_file_is_opened(self, batch: list[tuple[int, Level]]) -> None:
        self.world.open(*batch)

    @rule()
    def the_segment_is_full(self) -> None:
        self.world.store._open[False].capacity = 0

    @rule()
    def old_lines_leave(self) -> None:
        self.world.store.evict()

    @rule(wanted=filters)
    def another_filter(self, wanted: Filter) -> None:
        self.world.view.change(wanted)

    @rule(buckets=st.integers(1, 300), start=spans, stop=spans, most=st.booleans(), works=st.integers(0, 3))
    def another_picture(self, buckets: int, start: int | None, stop: int | None, most: bool, works: int) -> None:
        self.world.timeline.want(buckets, start, stop, most=most)
        self.show(works)

    @rule(works=st.integers(0, 3), level=levels)
    def a_picture_is_shown_too_early(self, works: int, level: Level) -> None:
        self.time_goes_on(9, level)
        self.show(works)

    def show(self, works: int) -> None:
        view = self.world.now()
        for _ in range(works):
            if (work := self.world.timeline.pending(view)) is not None:
                self.world.timeline.accept(work, work.run())
        early = self.world.timeline.snapshot(view)
        assert early.complete == (self.world.timeline.pending(view) is None)

    @invariant()
    def the_picture_is_right(self) -> None:
        view = self.world.now()
        snapshot = settle(self.world.timeline, view)
        assert_right(view, snapshot)
        times = [time for time, _ in rows_of(view)]
        if snapshot.counts:
            assert (snapshot.first, snapshot.last) == ((min(times), max(times)) if times else (0, 0))
            assert snapshot.leaves_out == (snapshot.first < snapshot.start)
        if self.world.timeline._wanted[2] is None:
            lines = [time for time, level in rows_of(view) if level < NOT_A_LINE]
            assert snapshot.older == sum(time < snapshot.start for time in lines)
        assert len(self.world.timeline._known) <= 2 * (len(view.chunks) + len(view.store.chunks)) + 17


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


@given(batches, st.integers(1, 100))
def test_with_no_span_given_every_line_is_in_the_picture(batch: list[tuple[int, Level]], buckets: int) -> None:
    world = World()
    world.add(*batch)
    world.timeline.want(buckets)
    snapshot = settle(world.timeline, world.now())
    assert sum(map(sum, snapshot.counts)) == len(batch)
    assert len(snapshot.counts) <= max(buckets, 4)
    assert snapshot.start % snapshot.width == 0
    assert any(snapshot.counts[0])
    assert any(snapshot.counts[-1])


def pictured(*times: int, **more: bool) -> TimelineSnapshot:
    """A picture of nearly all lines."""
    world = World(chunk_rows=100)
    world.add(*((time, Level.INFO) for time in sorted(times)))
    world.timeline.want(100, **{"most": True, **more})
    view = world.now()
    snapshot = settle(world.timeline, view)
    assert_right(view, snapshot)
    return snapshot


OLD = [NOON - 8 * 24 * 60 * MINUTE, NOON - 5 * 24 * 60 * MINUTE, NOON - 4 * 60 * MINUTE]
NEW = [NOON + index * SECOND for index in range(300)]


def test_a_few_lines_of_days_ago_do_not_squeeze_all_others_into_one_bucket_and_are_counted() -> None:
    snapshot = pictured(*OLD, *NEW)
    assert snapshot.start == NOON
    assert snapshot.width == 5 * SECOND
    assert (snapshot.leaves_out, snapshot.older, snapshot.first) == (True, 3, OLD[0])
    whole = pictured(*OLD, *NEW, most=False)
    assert whole.start <= OLD[0]
    assert (whole.leaves_out, whole.older) == (False, 0)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([*OLD, *NEW[:30]], id="more than one line in twenty is old"),
        pytest.param([NOON - 20 * MINUTE, *NEW], id="the old line is not so old"),
        pytest.param([*(NOON - index * MINUTE for index in range(1, 8)), *NEW], id="it began slowly"),
        pytest.param([NOON - 2**step * 250 * SECOND for step in range(12)][::-1] + NEW, id="there is no gap"),
        pytest.param(NEW, id="none is old"),
        pytest.param([NOON], id="there is one line"),
    ],
)
def test_where_no_few_lines_are_much_older_all_are_in_the_picture(times: list[int]) -> None:
    snapshot = pictured(*times)
    assert (snapshot.leaves_out, snapshot.older) == (False, 0)
    assert sum(map(sum, snapshot.counts)) == len(times)


def test_old_lines_are_left_out_while_lines_come_and_without_a_look_at_those_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(chunk_rows=1000)
    world.timeline.want(100, most=True)
    world.add(*((time, Level.INFO) for time in OLD))
    world.add(*((time, Level.INFO) for time in NEW[:200]))
    settle(world.timeline, world.now())
    looks = Looks(monkeypatch)
    for time in NEW[200:]:
        world.add((time, Level.WARN))
        snapshot = settle(world.timeline, world.now())
        assert (snapshot.start, snapshot.older) == (NOON, 3)
    assert looks.taken() == 100


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=50), st.data())
def test_folding_loses_no_line(times: list[int], data: st.DataObject) -> None:
    times.sort()
    codes = data.draw(st.lists(st.integers(0, 15), min_size=len(times), max_size=len(times)))
    base = data.draw(st.sampled_from(BASES))
    width = data.draw(st.sampled_from([width for width in LADDER if width >= base]))
    column, levels = np.array(times, np.int64), np.array(codes, np.uint8)
    folded = count_lines(column, levels, base).folded(width)
    direct = count_lines(column, levels, width)
    wanted = Counter(time // width for time in times)
    assert folded.numbers.tolist() == direct.numbers.tolist() == sorted(wanted)
    assert folded.counts.tolist() == direct.counts.tolist()
    assert folded.counts.sum(axis=1).tolist() == [wanted[number] for number in sorted(wanted)]


def test_every_width_of_a_picture_can_be_folded_from_every_narrower_base() -> None:
    assert list(LADDER) == sorted(set(LADDER))
    assert set(BASES) <= set(LADDER)
    for base in BASES:
        assert [width % base for width in LADDER if width >= base] == [0] * sum(width >= base for width in LADDER)


@given(st.integers(-(2**62), 2**62), st.integers(1, 2**62), st.integers(1, 400))
def test_the_width_is_the_smallest_that_needs_no_more_buckets_than_wanted(start: int, span: int, buckets: int) -> None:
    width = width_for(start, start + span, buckets)

    def needed(width: int) -> int:
        return (start + span - 1) // width - start // width + 1

    assert needed(width) <= max(buckets, 4)
    assert all(needed(other) > max(buckets, 4) for other in LADDER if other < width)
    # A picture of a chunk of its own is made without a look at its rows.
    assert base_for(span) <= width_for(start, start + span, 290)


def test_rows_of_evicted_segments_count_nothing() -> None:
    world = World()
    world.add((NOON, Level.INFO), (NOON + SECOND, Level.ERROR))
    view = world.now()
    gone = np.array([99 << 16, 99 << 16 | 1], np.int64)
    chunk = chunk_of(np.concatenate((gone, view.chunks[0].rows)), NOON, NOON + SECOND)
    world.timeline.want(10)
    snapshot = settle(world.timeline, ViewSnapshot(view.store, (chunk,), (0, len(chunk))))
    assert sum(map(sum, snapshot.counts)) == 2
    nothing = ViewSnapshot(StoreSnapshot(), (chunk,), (0, len(chunk)))
    other = Timeline()
    other.want(10)
    assert sum(map(sum, settle(other, nothing).counts)) == 0


def test_nothing_is_shown_of_nothing() -> None:
    timeline = Timeline()
    assert timeline.snapshot(ViewSnapshot()) == TimelineSnapshot()
    timeline.want(100)
    assert timeline.pending(ViewSnapshot()) is None
    assert timeline.snapshot(ViewSnapshot()) == TimelineSnapshot()
    timeline.want(100, NOON, NOON)
    assert timeline.snapshot(ViewSnapshot()) == TimelineSnapshot()
    timeline.want(100, NOON, NOON + 10 * SECOND)
    snapshot = timeline.snapshot(ViewSnapshot())
    assert (snapshot.width, snapshot.counts, snapshot.complete) == (SECOND // 10, ((0, 0, 0, 0),) * 100, True)


class Looks:
    """Counts how many rows are looked at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = 0
        times = StoreSnapshot.times

        def looked(store: StoreSnapshot, rows: np.ndarray) -> np.ndarray:
            self.rows += len(rows)
            return times(store, rows)

        monkeypatch.setattr(StoreSnapshot, "times", looked)

    def taken(self) -> int:
        rows, self.rows = self.rows, 0
        return rows


def test_a_tick_looks_only_at_new_rows_and_a_wider_picture_at_none(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(chunk_rows=100)
    world.timeline.want(100)
    world.add(*((NOON + index * SECOND, Level.INFO) for index in range(1000)))
    looks = Looks(monkeypatch)
    settle(world.timeline, world.now())
    assert looks.taken() == 1000
    settle(world.timeline, world.now())
    assert looks.taken() == 0
    world.add((NOON + 1000 * SECOND, Level.ERROR), (NOON + 1001 * SECOND, Level.ERROR))
    settle(world.timeline, world.now())
    assert looks.taken() == 2
    # A late line among the last ones costs those that stand behind it, before and after.
    world.add((NOON + 999 * SECOND + 1, Level.WARN))
    looks.taken()
    view = world.now()
    assert_right(view, settle(world.timeline, view))
    assert looks.taken() == 2 + 3
    for buckets in (300, 50, 10, 4, 100):
        world.timeline.want(buckets)
        assert_right(view, settle(world.timeline, view))
    assert looks.taken() == 0
    # A close look counts the chunks that it needs, once.
    for _ in range(2):
        world.timeline.want(200, NOON + 250 * SECOND, NOON + 250 * SECOND + 150 * MILLISECOND)
        assert_right(view, settle(world.timeline, view))
    assert 0 < looks.taken() <= 200


def test_a_close_look_is_right_wherever_it_moves_and_however_often_it_is_shown() -> None:
    world = World(chunk_rows=10)
    # Every chunk is so long that a bucket of a close look is narrower than those that it is counted in.
    world.add(*((NOON + index * MINUTE + index * 7 * MILLISECOND, Level.INFO) for index in range(60)))
    view = world.now()
    settle(world.timeline, view)
    for start in (0, 4, 8, 12, 8, 30):
        world.timeline.want(10_000, NOON + start * MINUTE, NOON + (start + 25) * MINUTE)
        while (work := world.timeline.pending(view)) is not None:
            assert not world.timeline.snapshot(view).complete
            world.timeline.accept(work, work.run())
        snapshot = settle(world.timeline, view)
        assert snapshot.width == 200 * MILLISECOND
        assert sum(map(sum, snapshot.counts)) == 25
        assert_right(view, snapshot)


def test_the_newest_lines_are_counted_first_and_the_rest_shows_as_it_was() -> None:
    world = World(chunk_rows=10)
    world.timeline.want(100)
    world.add(*((NOON + index * SECOND, Level.INFO) for index in range(60)))
    view = world.now()
    work = world.timeline.pending(view)
    assert work is not None
    assert work.chunk is view.chunks[-1]
    world.timeline.accept(work, work.run())
    early = world.timeline.snapshot(view)
    assert not early.complete
    assert not any(map(sum, early.counts[:40]))
    assert all(map(sum, early.counts[-len(work.chunk) :]))
    whole = settle(world.timeline, view)
    # A new line makes the last chunk a new one; until it is counted, nothing of what was seen goes.
    world.store.add_notice(Notice(0, NOON + 59 * SECOND, NoticeKind.GAP, "a gap"))
    seen = settle(world.timeline, world.now())
    world.add((NOON + 60 * SECOND, Level.ERROR))
    view = world.now()
    meanwhile = world.timeline.snapshot(view)
    assert not meanwhile.complete
    assert meanwhile.counts == (*whole.counts, (0, 0, 0, 0))
    assert meanwhile.marks == seen.marks == (Mark(NOON + 59 * SECOND, NoticeKind.GAP),)
    assert settle(world.timeline, view).counts == (*whole.counts, (0, 0, 1, 0))
    # Another filter is another picture.
    world.view.change(Filter(level=Level.ERROR))
    assert not any(map(sum, world.timeline.snapshot(world.now()).counts))


def test_work_on_few_rows_need_not_leave_the_loop() -> None:
    world = World(chunk_rows=1 << 16)
    world.timeline.want(100)
    world.add(*((NOON + index, Level.INFO) for index in range(10_000)))
    work = world.timeline.pending(world.now())
    assert work is not None
    assert work.is_long
    world.timeline.accept(work, work.run())
    world.add((NOON + SECOND, Level.INFO))
    work = world.timeline.pending(world.now())
    assert work is not None
    assert not work.is_long


def test_buckets_are_found_by_time_and_by_what_is_in_them() -> None:
    counts = ((1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 0, 2), (0, 0, 0, 0))
    snapshot = TimelineSnapshot(NOON, SECOND, counts)
    assert [snapshot.bucket_at(NOON + step) for step in (-1, 0, SECOND - 1, SECOND, 6 * SECOND)] == [
        None, 0, 0, 1, None,
    ]  # fmt: skip
    assert snapshot.bucket_span(2) == (NOON + 2 * SECOND, NOON + 3 * SECOND)

    def there(time: int, step: int, *, errors_only: bool = False) -> int | None:
        found = snapshot.next_bucket(NOON + time, step, errors_only=errors_only)
        return None if found is None else snapshot.bucket_at(found)

    assert [there(time * SECOND, 1) for time in (-9, 0, 1, 2, 3, 4, 5, 9)] == [0, 2, 2, 3, 4, None, None, None]
    assert [there(time * SECOND, -1) for time in (-9, 0, 1, 2, 3, 4, 5, 9)] == [None, None, 0, 0, 2, 3, 4, 4]
    assert [there(time * SECOND, 1, errors_only=True) for time in (-1, 2, 4)] == [2, 4, None]
    assert there(9 * SECOND, -1, errors_only=True) == 4
    assert TimelineSnapshot().next_bucket(NOON, 1) is None
    assert TimelineSnapshot().next_bucket(NOON, -1) is None


def test_marks_stay_bounded() -> None:
    world = World(chunk_rows=50)
    world.timeline.want(200)
    for index in range(1500):
        world.store.add_notice(Notice(0, NOON + index * SECOND, NoticeKind.RESTART, "started again"))
    snapshot = settle(world.timeline, world.now())
    assert 0 < len(snapshot.marks) <= 200
    assert snapshot.marks[-1].time >= NOON + (1500 - 10) * SECOND
