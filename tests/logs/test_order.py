import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.order import Order
from hallucino_tui.logs.snapshot import INDEX_BITS


class Model:
    """The obvious order: sort everything by (time, row)."""

    def __init__(self, chunk_rows: int) -> None:
        self.times: dict[int, int] = {}
        self.order = Order(lambda rows: np.array([self.times[row] for row in rows.tolist()], np.int64), chunk_rows)

    def add(self, rows: list[int], times: list[int]) -> None:
        self.times.update(zip(rows, times, strict=True))
        self.order.add(np.array(rows, np.int64), np.array(times, np.int64))

    def check(self) -> None:
        chunks = self.order.snapshot()
        rows = [row for chunk in chunks for row in chunk.rows.tolist()]
        assert rows == sorted(self.times, key=lambda row: (self.times[row], row))
        assert len(self.order) == len(self.times)
        for chunk in chunks:
            assert len(chunk)
            assert (chunk.first_time, chunk.last_time) == (
                self.times[int(chunk.rows[0])],
                self.times[int(chunk.rows[-1])],
            )
            assert [chunk.index(row) for row in chunk.rows.tolist()] == list(range(len(chunk)))


@given(st.lists(st.lists(st.integers(0, 200), min_size=1, max_size=30), max_size=15), st.integers(1, 16))
def test_any_arrivals_end_up_in_time_order(batches: list[list[int]], chunk_rows: int) -> None:
    model = Model(chunk_rows)
    row = 0
    for times in batches:
        model.add(list(range(row, row + len(times))), times)
        row += len(times)
        model.check()


@given(
    st.lists(st.lists(st.integers(0, 100), min_size=1, max_size=20), min_size=1, max_size=10),
    st.sets(st.integers(0, 9)),
    st.integers(1, 8),
)
def test_rows_of_dropped_segments_go_and_the_others_stay(
    batches: list[list[int]], gone: set[int], chunk_rows: int
) -> None:
    model = Model(chunk_rows)
    for segment, times in enumerate(batches):
        model.add([(segment << INDEX_BITS) + index for index in range(len(times))], times)
    gone &= set(range(len(batches)))
    dropped = [time for segment in gone for time in batches[segment]]
    if dropped:
        model.order.drop(gone, INDEX_BITS, min(dropped), max(dropped))
    model.times = {row: time for row, time in model.times.items() if row >> INDEX_BITS not in gone}
    model.check()


def test_a_snapshot_never_changes() -> None:
    model = Model(4)
    model.add(list(range(10)), list(range(10)))
    before = model.order.snapshot()
    rows = [chunk.rows.tolist() for chunk in before]
    model.add([10, 11, 12], [3, 0, 20])
    model.order.drop({0}, INDEX_BITS, 0, 20)
    assert [chunk.rows.tolist() for chunk in before] == rows
