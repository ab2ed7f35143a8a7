import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.segment import SEGMENT_BYTES, SEGMENT_ROWS
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import StoreSnapshot
from hallucino_tui.logs.store import Bounds, Store


def rows_of(snapshot: StoreSnapshot) -> list[int]:
    return [row for chunk in snapshot.chunks for row in chunk.rows.tolist()]


def lines_of(snapshot: StoreSnapshot) -> list[bytes]:
    found = [snapshot.find(row) for row in rows_of(snapshot)]
    return [columns.original(index) for columns, index in (place for place in found if place is not None)]


class Filled:
    def __init__(self, bounds: Bounds | None = None) -> None:
        self.store = Store(bounds)
        self.intake = Intake()
        self.clock = 0

    def add(self, lines: list[bytes], times: list[int] | None = None, *, older: bool = False) -> list[int]:
        if times is None:
            times = list(range(self.clock, self.clock + len(lines)))
            self.clock += len(lines)
        spans = self.store.append(self.intake.prepare(batch_of(lines, times, 0), 0), older=older)
        return [(span.segment << 16) + index for span in spans for index in range(span.start, span.stop)]


@given(st.lists(st.lists(st.tuples(st.integers(0, 50), st.binary(max_size=30)), min_size=1, max_size=10), max_size=8))
def test_what_goes_in_comes_out_in_time_order_byte_for_byte(batches: list[list[tuple[int, bytes]]]) -> None:
    filled = Filled()
    for batch in batches:
        filled.add([line for _, line in batch], [time for time, _ in batch])
    everything = [item for batch in batches for item in batch]
    snapshot = filled.store.snapshot()
    assert lines_of(snapshot) == [line for _, line in sorted(everything, key=lambda item: item[0])]
    assert (snapshot.lines, snapshot.received, snapshot.evicted) == (len(everything), len(everything), 0)


def test_a_row_number_leads_to_its_line_for_ever() -> None:
    filled = Filled()
    first = filled.add([b"one", b"two"], [10, 20])
    filled.add([b"%d" % number for number in range(100_000)], [15] * 100_000)
    snapshot = filled.store.snapshot()
    columns, index = snapshot.find(first[1]) or (None, 0)
    assert columns is not None
    assert columns.line(index) == b"two"
    assert snapshot.find(1 << 40) is None


def test_lines_longer_than_a_segment_get_their_own() -> None:
    filled = Filled()
    long = b"x" * (SEGMENT_BYTES + 1000)
    rows = filled.add([b"before", long, b"after"])
    assert lines_of(filled.store.snapshot()) == [b"before", long, b"after"]
    assert len({row >> 16 for row in rows}) == 3


def test_segments_end_where_rows_or_bytes_run_out() -> None:
    filled = Filled()
    filled.add([b""] * (SEGMENT_ROWS + 5))
    filled.add([b"y" * 1000] * 5000)
    snapshot = filled.store.snapshot()
    assert all(columns.count <= SEGMENT_ROWS for columns in snapshot.segments.values())
    assert snapshot.lines == SEGMENT_ROWS + 5005
    assert rows_of(snapshot) == sorted(rows_of(snapshot))


def test_the_oldest_lines_leave_when_a_bound_is_reached_and_are_counted() -> None:
    filled = Filled(Bounds(lines=150_000))
    first = filled.add([b"%d" % number for number in range(70_000)])
    for _ in range(4):
        filled.add([b"%d" % number for number in range(70_000)])
        filled.store.evict()
    snapshot = filled.store.snapshot()
    assert snapshot.find(first[0]) is None
    assert snapshot.lines <= 150_000 + SEGMENT_ROWS
    assert snapshot.lines + snapshot.evicted == snapshot.received == 350_000
    assert len(rows_of(snapshot)) == snapshot.lines
    assert all(snapshot.find(row) is not None for row in rows_of(snapshot))


def test_a_bound_on_bytes_holds_too() -> None:
    filled = Filled(Bounds(bytes=20 << 20))
    for _ in range(60):
        filled.add([b"z" * 1000] * 1000)
        filled.store.evict()
    assert filled.store.snapshot().size < (20 << 20) + 2 * SEGMENT_BYTES


def test_lines_read_backwards_do_not_push_live_ones_out() -> None:
    filled = Filled(Bounds(lines=100_000, older_bytes=1 << 20))
    live = filled.add([b"live"] * 1000, [10**6] * 1000)
    filled.add([b"older"] * 200_000, list(range(200_000)), older=True)
    filled.store.evict()
    snapshot = filled.store.snapshot()
    assert snapshot.find(live[0]) is not None
    assert snapshot.evicted == 0
    assert filled.store.older_is_full
    assert lines_of(snapshot)[0] == b"older"


def test_a_divider_is_a_row_but_not_a_line() -> None:
    filled = Filled()
    filled.add([b"a", b"b"], [10, 20])
    filled.store.add_notice(Notice(0, 10, NoticeKind.GAP, "lines may be missing"))
    snapshot = filled.store.snapshot()
    assert lines_of(snapshot) == [b"a", b"lines may be missing", b"b"]
    assert snapshot.lines == 2
    codes = snapshot.levels(np.array(rows_of(snapshot)))
    assert int(codes[1]) == NOT_A_LINE | NoticeKind.GAP


def test_a_snapshot_is_not_touched_by_what_comes_later() -> None:
    filled = Filled(Bounds(lines=10))
    filled.add([b"first"], [5])
    before = filled.store.snapshot()
    filled.add([b"n"] * (3 * SEGMENT_ROWS), [1] * (3 * SEGMENT_ROWS))
    filled.store.evict()
    assert lines_of(before) == [b"first"]
