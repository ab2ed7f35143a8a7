"""Rows of the pane as pictures: columns of fields, JSON over several rows, stack traces as one record."""

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.config.themes import read_theme
from hallucino_tui.logs import fields
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.snapshot import StoreSnapshot
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.ui.log_line import MOST_STRIPS, highlight_pattern
from hallucino_tui.ui.palette import Palette
from hallucino_tui.ui.row_painter import RowPainter

NOON = 1_795_435_200 * 10**9  # 2026-11-23T12:00:00Z
PALETTE = Palette(read_theme(Path(__file__).parents[2] / "themes" / "dark.toml"))
JSON = '{"level":"info","msg":"request done","path":"/api/cart/items","status":500,"user":{"id":7}}'


class Pane:
    """Rows of two streams and what draws them."""

    def __init__(self, width: int = 60, **look: object) -> None:
        self.table = StreamTable()
        labels = {"pod": "checkout-1", "node": ""}
        self.numbers = [
            self.table.number(Stream((name,), labels | {"pod": name}, title=name)) for name in ("cart-1", "db-0")
        ]
        self.store, self.intake = Store(), Intake()
        self.painter = RowPainter(self.table, PALETTE)
        self.look(width=width, title=6, zone=UTC, **look)

    def look(self, **changes: object) -> None:
        self.painter.look = replace(self.painter.look, **changes)  # type: ignore[arg-type]

    def write(self, *lines: str, stream: int = 0) -> None:
        batch = batch_of([line.encode() for line in lines], [NOON] * len(lines), self.numbers[stream])
        self.store.append(self.intake.prepare(batch, 0))

    def divide(self) -> None:
        self.store.add_notice(Notice(self.numbers[0], NOON, NoticeKind.GAP, "a gap"))

    @property
    def rows(self) -> StoreSnapshot:
        return self.store.snapshot()

    def draw(self, row: int = 0, above: int | None = None) -> list[str]:
        return [strip.text.rstrip() for strip in self.painter.strips(self.rows, row, above)]

    def fit(self, *rows: int) -> bool:
        return self.painter.fit(self.rows, rows)


# Columns


def test_labels_and_fields_stand_in_columns_behind_the_names() -> None:
    pane = Pane(width=160)
    pane.write(JSON, "plain", 'status=404 path=/x msg="no"')
    pane.painter.set_columns(("status", "path", "pod"))
    pane.fit(0, 1, 2)
    head = "▏ 12:00:00.000 cart-1 "
    assert pane.draw(0)[0].startswith(f"{head}500      /api/cart/items cart-1   {{")
    assert pane.draw(1) == [f"{head}                         cart-1   plain"]
    assert pane.draw(2)[0].startswith(f"{head}404      /x              cart-1   status=404")


def test_a_column_is_as_wide_as_its_values_within_bounds_and_never_shrinks() -> None:
    pane = Pane(width=100)
    pane.write("a=1 b=2", f"a={'x' * 12} b=2", f"a={'y' * 70}abc b=2")
    pane.painter.set_columns(("a",))
    assert pane.fit(0)
    assert pane.painter.look.cells == (8,)
    assert pane.fit(1)
    assert pane.painter.look.cells == (12,)
    assert not pane.fit(0)
    assert pane.fit(0, 2)
    assert pane.painter.look.cells == (24,)
    assert f"{'y' * 17}…yyyabc a=yy" in pane.draw(2)[0]
    pane.painter.set_columns(("a", "b"))
    pane.fit(0)
    assert pane.painter.look.cells == (8, 8)


def test_many_columns_leave_room_for_the_text() -> None:
    pane = Pane(width=90)
    pane.write(f"a={'x' * 40} b={'x' * 40}")
    pane.painter.set_columns(("a", "b"))
    pane.fit(0)
    assert pane.painter.look.cells == (15, 15)


def test_hostile_values_are_harmless_in_columns() -> None:
    pane = Pane(width=100)
    pane.write(json.dumps({"a": "\x1b[2J\t\u202e[red]\n"}))
    pane.painter.set_columns(("a",))
    pane.fit(0)
    assert "␛[2J <U+202E>[red]␊ {" in pane.draw(0)[0]


def test_only_rows_in_sight_are_read_and_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    found = fields.fields_of

    def counted(line: str, most: int = 200, labels: object = ()) -> object:
        read.append(line)
        return found(line, most)

    monkeypatch.setattr(fields, "fields_of", counted)
    pane = Pane(width=100)
    pane.write(*(f"a={number} b=2" for number in range(50)))
    pane.painter.set_columns(("a",))
    for _ in range(2):
        pane.fit(10, 11)
        pane.draw(10)
        pane.draw(11)
    assert read == ["a=10 b=2", "a=11 b=2"]
    pane.painter.set_columns(("pod",))
    pane.fit(20)
    assert len(read) == 2


def test_a_divider_has_no_columns() -> None:
    pane = Pane(width=80)
    pane.write("a=1 b=2")
    pane.divide()
    pane.painter.set_columns(("a",))
    pane.fit(0, 1)
    assert pane.draw(1)[0].startswith("── 12:00:00.000 cart-1: a gap ─")


# Pretty


def test_json_is_drawn_over_several_rows_below_its_own_text() -> None:
    pane = Pane(pretty=True)
    pane.write(JSON)
    head = "▏ 12:00:00.000 cart-1 "
    blank = " " * len(head)
    assert pane.draw() == [
        f"{head}{{",
        f'{blank}  "level": "info",',
        f'{blank}  "msg": "request done",',
        f'{blank}  "path": "/api/cart/items",',
        f'{blank}  "status": 500,',
        f'{blank}  "user": {{"id": 7}}',
        f"{blank}}}",
    ]
    assert pane.painter.height(pane.rows, 0) == 7
    pane.look(pretty=False)
    assert pane.painter.height(pane.rows, 0) == 1
    assert pane.draw()[0].startswith(f"{head}{JSON[:20]}")


def test_what_is_no_json_is_drawn_as_ever() -> None:
    pane = Pane(pretty=True)
    pane.write("plain {words}", "{broken")
    assert pane.draw(0) == ["▏ 12:00:00.000 cart-1 plain {words}"]
    assert pane.draw(1) == ["▏ 12:00:00.000 cart-1 {broken"]


def test_keys_and_numbers_have_colours_of_their_own() -> None:
    pane = Pane(pretty=True, width=120)
    pane.write('{"status":500}')
    (strip,) = pane.painter.strips(pane.rows, 0)
    colours = {segment.text: segment.style.color for segment in strip if segment.style is not None}
    assert len({colours['"status"'], colours[": "], colours["500"]}) == 3


def test_text_that_is_searched_for_stands_out_in_pretty_json() -> None:
    pane = Pane(pretty=True, needle=highlight_pattern(("CART",)))
    pane.write(JSON)
    marked = [
        segment.text
        for strip in pane.painter.strips(pane.rows, 0)
        for segment in strip
        if segment.style is not None and segment.style.bgcolor == PALETTE.match.bgcolor
    ]
    assert marked == ["cart"]


def test_hostile_text_in_json_is_harmless() -> None:
    pane = Pane(pretty=True, width=60)
    pane.write('{"a":"\u202e\x80 and more than fits on a single line","[red]":"b\\u001b"}')
    drawn = "\n".join(pane.draw())
    assert '"<U+202E><U+0080> and' in drawn
    assert '"[red]": "b\\u001b"' in drawn


def test_json_that_fills_many_screens_is_cut() -> None:
    pane = Pane(pretty=True)
    pane.write(json.dumps({f"key{number}": number for number in range(1000)}))
    drawn = pane.draw()
    assert len(drawn) == MOST_STRIPS + 1
    assert drawn[-1].strip() == "… 602 more lines"


def test_frames_of_a_trace_stand_below_their_first_line_without_time_and_name() -> None:
    pane = Pane(pretty=True)
    pane.write("ERROR boom", "\tat a.b(C.java:1)", "Caused by: x")
    blank = " " * len("12:00:00.000 cart-1 ")
    assert pane.draw(0) == ["E 12:00:00.000 cart-1 ERROR boom"]
    assert pane.draw(1, above=0) == [f"▏ {blank}          at a.b(C.java:1)"]
    assert pane.draw(2, above=1) == [f"▏ {blank}  Caused by: x"]
    pane.look(pretty=False)
    assert pane.draw(2, above=1) == ["▏ 12:00:00.000 cart-1 Caused by: x"]


def test_a_frame_behind_a_line_of_another_stream_says_where_it_is_from() -> None:
    pane = Pane(pretty=True)
    pane.write("ERROR boom")
    pane.write("INFO other", stream=1)
    pane.write("Caused by: x")
    named = ["▏ 12:00:00.000 cart-1   Caused by: x"]
    assert pane.draw(2, above=1) == named
    assert pane.draw(2, above=None) == named
    assert pane.draw(2, above=0) != named
    pane.divide()
    assert pane.draw(2, above=3) == named


LINES = st.sampled_from(
    [
        JSON,
        f"INFO {JSON}",
        "plain",
        "ERROR boom",
        "\tat a.b(C.java:1) and much more text than fits in a narrow pane",
        '{"msg":"a\\n\\tb","wide":"日本語日本語日本語日本語日本語日本語","z":[1,2,3]}',
        "wide 日本語日本語日本語日本語日本語日本語日本語日本語 \x1b[31m",
        '{"a":"' + "long " * 40 + '"}',
        "{}",
        "",
    ]
)


@given(
    st.lists(LINES, min_size=1, max_size=6),
    st.integers(8, 120),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("msg",), ("pod", "msg", "z")]),
    st.sampled_from([None, "a"]),
    st.integers(0, 30),
)
def test_each_row_is_as_high_as_it_says_and_each_picture_as_wide_as_the_pane(
    lines: list[str],
    width: int,
    wrap: bool,
    pretty: bool,
    columns: tuple[str, ...],
    needle: str | None,
    pan: int,
) -> None:
    pane = Pane(width, wrap=wrap, pretty=pretty, pan=0 if wrap else pan)
    pane.look(needle=highlight_pattern((needle,) if needle else ()))
    pane.write(*lines)
    pane.write("Caused by: other", stream=1)
    pane.divide()
    pane.painter.set_columns(columns)
    pane.fit(*range(len(lines)))
    for row in range(len(lines) + 2):
        height = pane.painter.height(pane.rows, row)
        for above in (None, *range(len(lines) + 2)):
            for over in ("plain", "cursor"):
                strips = pane.painter.strips(pane.rows, row, above, over)
                assert len(strips) == height
                assert {strip.cell_length for strip in strips} == {width}
                assert all(sum(segment.cell_length for segment in strip) == width for strip in strips)
