"""Lines as insight sees them: merged, in columns, and each with the place that it came from."""

from __future__ import annotations

from itertools import count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.batch import Batch, batch_of
from hallucino_tui.logs.filters import Filter
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.query.plain import parse_filter
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.logs.view import View
from hallucino_tui.session.clock import SystemClock
from hallucino_tui.session.evidence import Gathered, LineNumbers, gather, lines_of, rows_of
from hallucino_tui.session.sieve import Sieve

# Some batches: of which stream, and the times of their lines.
BATCHES = st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 9), min_size=1, max_size=6)), max_size=8)


def table_of(streams: int = 3) -> StreamTable:
    table = StreamTable()
    for number in range(streams):
        table.number(Stream((str(number),), title=f"s{number}"))
    return table


def batches_of(drawn: list[tuple[int, list[int]]]) -> list[Batch]:
    """Return batches in which the times of a stream ascend, as sources give them; lines say where they are."""
    last, counts = [0, 0, 0], [count(1), count(1), count(1)]
    batches: list[Batch] = []
    for stream, steps in drawn:
        times: list[int] = []
        for step in steps:
            last[stream] += step
            times.append(last[stream])
        batches.append(batch_of([f"{stream}:{next(counts[stream])}".encode() for _ in times], times, stream))
    return batches


async def picked(batches: list[Batch], table: StreamTable, query: str = "") -> Gathered:
    queries = (parse_filter(query),) if query else ()
    sieve = Sieve(table, Filter(queries=queries), SystemClock())
    return gather([one async for one in sieve.pick(batches)], table)


def places(gathered: Gathered) -> list[str]:
    streams = gathered.lines.streams.tolist()
    return [f"{stream}:{number}" for stream, number in zip(streams, gathered.numbers.tolist(), strict=True)]


@given(BATCHES)
async def test_lines_are_merged_by_time_and_know_their_numbers(drawn: list[tuple[int, list[int]]]) -> None:
    batches = batches_of(drawn)
    gathered = await picked(batches, table_of())
    lines = gathered.lines
    assert lines.text.to_list() == places(gathered)
    assert lines.times.tolist() == sorted(time for batch in batches for time in batch.times.tolist())
    assert len(lines) == len(lines.levels) == len(lines.text)
    for stream in range(3):  # lines of one stream keep their order
        own = gathered.numbers[lines.streams == stream]
        assert own.tolist() == list(range(1, len(own) + 1))


@given(BATCHES)
async def test_numbers_count_lines_that_a_query_holds_back(drawn: list[tuple[int, list[int]]]) -> None:
    gathered = await picked(batches_of(drawn), table_of(), "!1:2 !0:1")
    assert gathered.lines.text.to_list() == places(gathered)
    assert not {"1:2", "0:1"} & set(gathered.lines.text.to_list())


@given(BATCHES, st.data())
def test_rows_of_the_store_come_in_the_order_that_is_asked_for(
    drawn: list[tuple[int, list[int]]], data: st.DataObject
) -> None:
    table, store, intake = table_of(), Store(), Intake()
    for batch in batches_of(drawn):
        store.append(intake.prepare(batch, 0))
        store.add_notice(Notice(0, int(batch.times[-1]), NoticeKind.GAP, "a divider"))
    snapshot = store.snapshot()
    rows = rows_of(View(table).snapshot(snapshot))
    order = data.draw(st.permutations(range(len(rows))))
    rows = rows[np.array(order, np.int64)]
    gathered = lines_of(snapshot, table, rows)
    texts = [place[0].line(place[1]).decode() for row in rows.tolist() if (place := snapshot.find(row)) is not None]
    assert gathered.lines.text.to_list() == [text for text in texts if text != "a divider"]
    assert [snapshot.find(row)[0].line(snapshot.find(row)[1]).decode() for row in gathered.numbers.tolist()] == (
        gathered.lines.text.to_list()
    )
    assert gathered.lines.times.tolist() == snapshot.times(gathered.numbers).tolist()


def test_rows_that_have_left_are_left_out() -> None:
    table, store = table_of(1), Store()
    store.append(Intake().prepare(batch_of([b"here"], [1], 0), 0))
    gathered = lines_of(store.snapshot(), table, np.array([7 << 16, 0, 5], np.int64))
    assert (gathered.lines.text.to_list(), gathered.numbers.tolist()) == (["here"], [0])


async def test_lines_of_a_stream_without_times_have_none() -> None:
    table = table_of(2)
    sieve = Sieve(table, Filter(), SystemClock())
    batches = [batch_of([b"a", b"b"], [5, 5], 0), batch_of([b"c"], [3], 1)]
    gathered = gather([one async for one in sieve.pick(batches)], table, {0})
    assert gathered.lines.text.to_list() == ["c", "a", "b"]
    assert gathered.lines.times.tolist() == [3, NO_TIME, NO_TIME]


async def test_levels_and_records_are_known() -> None:
    trace = [b"ERROR it broke", b"Traceback (most recent call last):", b'  File "a.py", line 1', b"INFO well"]
    gathered = await picked([batch_of(trace, [1, 1, 1, 2], 0)], table_of(1))
    error = int(Level.ERROR)
    assert gathered.lines.levels.tolist() == [error, error | CONTINUED, error | CONTINUED, int(Level.INFO)]


def test_nothing_is_nothing() -> None:
    for gathered in (gather([], table_of()), lines_of(Store().snapshot(), table_of(), np.empty(0, np.int64))):
        assert len(gathered.lines) == len(gathered.numbers) == 0
        assert len(gathered.lines.table) == 3


async def test_batches_of_several_streams_are_numbered_by_stream() -> None:
    table = table_of(2)
    batch = batch_of([b"a", b"b", b"c"], [1, 2, 3], 0)
    mixed = Batch(batch.text, batch.offsets, batch.times, np.array([0, 1, 0], np.uint32))
    numbers = LineNumbers()
    sieve = Sieve(table, Filter(), SystemClock())
    found = [numbers.of(columns).tolist() async for columns, _ in sieve.pick([mixed, mixed])]
    assert found == [[1, 1, 2], [3, 2, 4]]
