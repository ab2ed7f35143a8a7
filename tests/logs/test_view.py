import random

from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs import search
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.query.plain import parse_filter
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds, Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.logs.view import View
from hallucino_tui.session.filtering import search_queries

WORDS = ["timeout", "Pool", "ERROR", "WARN", "level=info", "ok", "größe", "a.b*c"]
QUERIES = {
    parse_filter(f"{'!' if exclude else ''}{word}"): (word.lower(), exclude)
    for word in ("timeout", "pool", "error", "GRÖSSE", "größe", ".b*")
    for exclude in (False, True)
}
lines = st.tuples(st.integers(0, 2), st.integers(0, 40), st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
filters = st.builds(
    Filter,
    st.sampled_from([None, "0", "1,2"]).map(
        lambda names: None if names is None else (lambda stream: stream.labels["pod"] in names.split(","))
    ),
    st.sampled_from([Level.UNKNOWN, Level.INFO, Level.WARN, Level.ERROR]),
    st.lists(st.sampled_from(list(QUERIES)), max_size=2).map(tuple),
)
SEVERITY = {"ERROR": Level.ERROR, "WARN": Level.WARN, "level=info": Level.INFO}


def obvious(line: tuple[int, int, str], wanted: Filter, table: StreamTable) -> bool:
    """The same test, one line at a time."""
    stream, _, text = line
    if wanted.streams is not None and not wanted.streams(table[stream]):
        return False
    level = (
        Level.INFO
        if "level=info" in text
        else next((SEVERITY[word] for word in text.split() if word in SEVERITY), Level.UNKNOWN)
    )
    if level < wanted.level:
        return False
    return all((word in text.lower()) != exclude for word, exclude in map(QUERIES.__getitem__, wanted.queries))


class World:
    def __init__(self, bounds: Bounds | None = None) -> None:
        self.table = StreamTable()
        for pod in "012":
            self.table.number(Stream((pod,), {"pod": pod}))
        self.store, self.intake, self.view = Store(bounds, chunk_rows=8), Intake(), View(self.table)

    def add(self, batch: list[tuple[int, int, str]]) -> None:
        for stream in range(3):
            own = [(time, text.encode()) for number, time, text in batch if number == stream]
            if own:
                made = batch_of([text for _, text in own], [time for time, _ in own], stream)
                self.store.append(self.intake.prepare(made, 0))

    def settle(self) -> ViewSnapshot:
        while (work := self.view.pending(self.store.snapshot())) is not None:
            self.view.accept(work, work.run())
        return self.view.snapshot(self.store.snapshot())


def texts(view: ViewSnapshot) -> list[str]:
    found = [view.store.find(row) for row in view.rows(0, len(view))]
    return [columns.line(index).decode() for columns, index in (place for place in found if place is not None)]


@given(st.lists(st.lists(lines, min_size=1, max_size=12), max_size=6), st.lists(filters, min_size=1, max_size=3))
def test_a_view_shows_what_the_obvious_test_lets_through(
    batches: list[list[tuple[int, int, str]]], changes: list[Filter]
) -> None:
    world = World()
    everything: list[tuple[int, int, str]] = []
    for number, batch in enumerate(batches):
        world.view.change(changes[number % len(changes)])
        world.add(batch)
        everything += batch
        view = world.settle()
        wanted = [line for line in everything if obvious(line, world.view.filter, world.table)]
        assert sorted(texts(view)) == sorted(text for _, _, text in wanted)
        times = [view.store.time(row) for row in view.rows(0, len(view))]
        assert times == sorted(time for _, time, _ in wanted)
        assert (view.matched, view.complete) == (len(wanted), True)


@given(st.lists(lines, min_size=1, max_size=60), filters)
def test_positions_and_rows_are_two_sides_of_one_thing(batch: list[tuple[int, int, str]], wanted: Filter) -> None:
    world = World()
    world.view.change(wanted)
    world.add(batch)
    view = world.settle()
    rows = view.rows(0, len(view))
    assert [view.position(row) for row in rows] == list(range(len(rows)))
    assert [view.row(position) for position in range(-1, len(rows) + 1)] == [None, *rows, None]
    for chunk in view.store.chunks:
        for row in chunk.rows.tolist():
            nearest = view.nearest(row)
            assert (view.position(row) is None) == (row not in rows)
            if rows:
                time = view.store.time(row)
                here = [place for place, other in enumerate(rows) if view.store.time(other) == time]
                later = [place for place, other in enumerate(rows) if (view.store.time(other) or 0) > (time or 0)]
                behind = {*here, later[0] if later else len(rows) - 1}
                assert nearest == rows.index(row) if row in rows else nearest in behind


def test_a_new_filter_tests_the_newest_lines_first_and_says_how_far_it_is() -> None:
    world = World()
    for start in range(0, 200_000, 20_000):
        world.add([(0, start + index, "timeout") for index in range(20_000)])
    world.view.change(Filter(queries=(parse_filter("timeout"),)))
    store = world.store.snapshot()
    work = world.view.pending(store)
    assert work is not None
    assert [piece.columns.number for piece in work.pieces] == [max(store.segments)]
    world.view.accept(work, work.run())
    part = world.view.snapshot(store)
    assert 0 < part.matched == part.scanned < store.lines
    assert not part.complete
    assert part.row(len(part) - 1) == store.chunks[-1].rows[-1]
    assert world.settle().matched == 200_000


def test_a_result_for_an_older_filter_is_dropped() -> None:
    world = World()
    world.add([(0, 1, "timeout")])
    world.view.change(Filter(queries=(parse_filter("timeout"),)))
    work = world.view.pending(world.store.snapshot())
    assert work is not None
    world.view.change(Filter(queries=(parse_filter("!timeout"),)))
    world.view.accept(work, work.run())
    assert world.settle().matched == 0


def test_dividers_show_with_their_stream_and_are_not_counted() -> None:
    world = World()
    world.add([(0, 1, "timeout"), (1, 2, "ok")])
    world.store.add_notice(Notice(0, 1, NoticeKind.GAP, "gap here"))
    world.store.add_notice(Notice(1, 1, NoticeKind.END, "end here"))
    world.view.change(Filter(lambda stream: stream.labels["pod"] == "0", Level.UNKNOWN, (parse_filter("timeout"),)))
    view = world.settle()
    assert texts(view) == ["timeout", "gap here"]
    assert view.matched == 1


def test_eviction_leaves_no_trace_in_a_filtered_view() -> None:
    world = World(Bounds(lines=70_000))
    world.view.change(Filter(queries=(parse_filter("timeout"),)))
    for start in range(0, 300_000, 10_000):
        world.add([(0, start + index, "timeout" if index % 3 else "ok") for index in range(10_000)])
        world.store.evict()
        view = world.settle()
    assert view.store.evicted > 0
    assert view.matched == len(view) == len(texts(view))
    assert view.complete


def test_finding_walks_both_ways_and_stops_at_the_ends() -> None:
    world = World()
    generator = random.Random(3)
    marks = sorted(generator.sample(range(100), 7))
    world.add([(0, index, "ERROR pool" if index in marks else "ok") for index in range(100)])
    view = world.settle()
    for test in (search.at_least(Level.ERROR), search.passes(Filter(queries=search_queries("POOL")), world.table)):
        forwards, position = [], -1
        while (found := search.find(view, test, position)) is not None:
            forwards.append(found)
            position = found
        backwards, position = [], len(view)
        while (found := search.find(view, test, position, backwards=True)) is not None:
            backwards.append(found)
            position = found
        assert forwards == backwards[::-1] == marks


def test_an_error_is_found_once_and_not_again_in_its_stack_trace() -> None:
    world = World()
    trace = ["ERROR boom", "\tat a.b(C.java:1)", "\tat a.c(C.java:2)", "ok", "ERROR again"]
    world.add([(0, index, text) for index, text in enumerate(trace)])
    view = world.settle()
    assert search.find(view, search.at_least(Level.ERROR), 0) == 4


def test_a_line_of_a_record_that_passes_brings_the_whole_record() -> None:
    world = World()
    trace = ["ERROR boom", "\tat a.b(C.java:1)", "\tat a.pool(C.java:2)", "ok", "ERROR again", "\tat x.y(Z.java:1)"]
    world.add([(0, index, text) for index, text in enumerate(trace)])
    world.view.change(Filter(queries=(parse_filter("pool"),), whole_records=True))
    assert texts(world.settle()) == trace[:3]
    world.view.change(Filter(queries=(parse_filter("again"),), whole_records=True))
    assert texts(world.settle()) == trace[4:]


def test_a_span_of_time_lets_through_what_lies_in_it() -> None:
    world = World()
    world.add([(0, index, f"line {index}") for index in range(10)])
    world.view.change(Filter(since=3, until=6))
    assert texts(world.settle()) == ["line 3", "line 4", "line 5"]
    world.view.change(Filter(since=8))
    assert texts(world.settle()) == ["line 8", "line 9"]
