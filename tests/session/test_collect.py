"""From rows on the screen to what is asked about, copied or saved."""

from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, FakeLogs, hub_of, stream_of

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds
from hallucino_tui.logs.stream import Stream
from hallucino_tui.session import collect

WRITTEN = [b"ERROR pool is empty", b"broken \xff\xfe text", b"\x1b[31mred\x1b[0m\x07", b"", "größe\u202e".encode()]


async def view_of(*lines: bytes, divider: str = "lines may be missing") -> tuple[ViewSnapshot, FakeLogs]:
    """Return a view of lines with a divider in their middle."""
    logs = FakeLogs()
    hub, heard = hub_of(logs)
    half = len(lines) // 2
    logs.write("web-1", *lines[:half], times=range(NOON, NOON + half))
    logs.divide("web-1", divider, NOON + half)
    logs.write("db-1", *lines[half:], times=range(NOON + half + 1, NOON + len(lines) + 1))
    await hub.tick()
    return heard.last.view, logs


def test_a_streams_name_is_one_word() -> None:
    assert collect.source_of(stream_of("web-1")) == "web-1/app"
    assert collect.source_of(Stream(("file",), title="app.log")) == "app.log"
    assert collect.source_of(Stream(("file",))) == "?"


async def test_rows_become_records_without_dividers() -> None:
    view, logs = await view_of(*WRITTEN)
    rows = view.rows(0, len(view))
    assert len(rows) == 6
    records = collect.records(view.store, logs.table, rows)
    assert [record.text for record in records] == [
        "ERROR pool is empty", "broken \ufffd\ufffd text", "\x1b[31mred\x1b[0m\x07", "", "größe\u202e",
    ]  # fmt: skip
    assert [record.source for record in records] == ["web-1/app"] * 2 + ["db-1/app"] * 3
    assert (records[0].level, records[0].time, records[0].row) == (Level.ERROR, NOON, rows[0])


async def test_rows_that_have_left_are_left_out() -> None:
    logs = FakeLogs()
    hub, heard = hub_of(logs, bounds=Bounds(lines=10))
    logs.items.append(batch_of([b"x"] * 65_536, list(range(NOON, NOON + 65_536)), logs.stream("web-1")))
    await hub.tick()
    old = heard.last.view.rows(0, 3)
    logs.write("web-1", "new", times=[NOON + SECOND])
    await hub.tick()
    view = heard.last.view
    rows = [*old, *view.rows(0, len(view))]
    assert [record.text for record in collect.records(view.store, logs.table, rows)] == ["new"]
    assert collect.to_paste(view.store, rows) == "new"


async def test_the_newest_lines_are_asked_about() -> None:
    view, logs = await view_of(*[f"line {number}".encode() for number in range(10)])
    newest = collect.newest(view, 3)
    assert [record.text for record in collect.records(view.store, logs.table, newest)] == ["line 7", "line 8", "line 9"]
    assert collect.newest(view) == view.rows(0, len(view))
    assert collect.newest(ViewSnapshot()) == []


async def test_counted_lines_carry_the_numbers_that_they_are_cited_by() -> None:
    view, logs = await view_of(b"one", b"two", b"three")
    records = collect.records(view.store, logs.table, view.rows(0, len(view)))
    counted = collect.countable(records, [records[2].row, records[0].row])
    assert [(line.text, line.number) for line in counted] == [("one", 2), ("two", 0), ("three", 1)]


async def test_what_is_copied_is_whole_lines_that_are_safe_to_paste() -> None:
    view, _ = await view_of(*WRITTEN)
    pasted = collect.to_paste(view.store, view.rows(0, len(view)))
    assert pasted.split("\n") == ["ERROR pool is empty", "broken \ufffd\ufffd text", "␛[31mred␛[0m␇", "", "größe\ufffd"]


async def test_what_is_saved_is_the_very_bytes_that_came() -> None:
    view, _ = await view_of(*WRITTEN)
    assert b"".join(collect.to_save(view.store, view, 0, len(view))) == b"".join(line + b"\n" for line in WRITTEN)


async def test_a_part_is_saved_as_it_shows() -> None:
    view, _ = await view_of(*[f"line {number}".encode() for number in range(10)])
    for start, stop, saved in (
        (0, 2, [0, 1]),
        (4, 7, [4, 5]),
        (-5, 1, [0]),
        (9, 99, [8, 9]),
        (7, 7, []),
        (99, 120, []),
    ):
        found = b"".join(collect.to_save(view.store, view, start, stop))
        assert found == b"".join(f"line {number}\n".encode() for number in saved)


async def test_many_lines_are_saved_piece_by_piece() -> None:
    view, _ = await view_of(*[f"line {number}".encode() for number in range(10_000)])
    counted = collect.Counted(collect.to_save(view.store, view, 0, len(view)))
    pieces = list(counted)
    assert len(pieces) > 2
    assert all(piece.endswith(b"\n") for piece in pieces)
    assert b"".join(pieces) == b"".join(f"line {number}\n".encode() for number in range(10_000))
    assert counted.lines == 10_000


@given(st.lists(st.lists(st.binary(max_size=5).map(lambda line: line.replace(b"\n", b"") + b"\n")).map(b"".join)))
def test_lines_are_counted_while_they_are_taken(pieces: list[bytes]) -> None:
    counted = collect.Counted(iter(pieces))
    seen = 0
    for piece in counted:
        seen += piece.count(b"\n")
        assert counted.lines == seen
    assert counted.lines == b"".join(pieces).count(b"\n")
