"""From rows on the screen to what is asked about, copied or saved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from session_world import NOON, SECOND, FakeLogs, hub_of, stream_of

from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Bounds
from hallucino_tui.logs.stream import Stream
from hallucino_tui.session import collect
from hallucino_tui.session.evidence import Gathered, lines_of

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


async def gathered(view: ViewSnapshot, logs: FakeLogs, rows: list[int]) -> Gathered:
    return lines_of(view.store, logs.table, np.array(rows, np.int64))


async def test_what_is_counted_is_lines_without_dividers_by_their_ids() -> None:
    view, logs = await view_of(b"ERROR pool is empty", b"INFO ready", b"INFO ready")
    rows = view.rows(0, len(view))
    counted = collect.count_words(await gathered(view, logs, rows), [-1, rows[0]])
    assert "**3 lines**" in counted
    assert "- 1 × error `ERROR pool is empty` [L2]" in counted
    assert "lines may be missing" not in counted


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
    assert "**1 line**" in collect.count_words(await gathered(view, logs, rows), rows)
    assert collect.to_paste(view.store, rows) == "new"


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
