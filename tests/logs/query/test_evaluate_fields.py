import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.logs.query import json_properties
from hallucino_tui.logs.query.ast import BytesTest, CompareOp, DurationTest, NumberTest
from hallucino_tui.logs.query.durations import parse_duration
from hallucino_tui.logs.query.json_fields import label_field, path_field
from hallucino_tui.logs.query.json_paths import read_paths
from hallucino_tui.logs.query.json_properties import read_properties
from hallucino_tui.logs.query.json_shape import OBJECT
from hallucino_tui.logs.query.label_names import REPLACEMENT, label_name
from hallucino_tui.logs.query.label_value import Comparison, parse_number, parser_of, read_values
from hallucino_tui.logs.query.logfmt_fields import LogfmtField
from hallucino_tui.logs.query.logfmt_line import read_pairs
from tests.logs.query.evaluating import LINES, PAIRS, VALUES

objects = st.lists(VALUES | LINES, min_size=1, max_size=8).map(
    lambda lines: [line for line in lines if line.strip()[:1] == "{"]
)


@given(VALUES | LINES)
@settings(max_examples=300, deadline=None)
def test_the_quick_reader_of_a_json_line_sees_what_the_careful_one_sees(line: str) -> None:
    quick = json_properties._read_strictly(line)
    assert quick is None or quick == json_properties._read_leniently(line)


@given(objects, st.sampled_from(["a", "b", "a_b", "status", "b_a", "a_b_a", "level", "a_b_a_b"]))
@settings(max_examples=300, deadline=None)
def test_a_json_label_of_many_lines_is_that_of_each_line(lines: list[str], name: str) -> None:
    field = label_field(name)
    assert field is not None
    values, unsure = field.read(pl.Series(lines, dtype=pl.String))
    for line, value, doubt in zip(lines, values.to_list(), unsure.tolist(), strict=True):
        first = next((own for key, own in read_properties(line).found if key == name), None)
        assert doubt or value == first, line


@given(objects, st.sampled_from([("a",), ("a", "b"), ("b", "a"), ("a-b",), ("status",)]))
@settings(max_examples=200, deadline=None)
def test_a_value_at_a_path_of_many_lines_is_that_of_each_line(lines: list[str], path: tuple[str, ...]) -> None:
    field = path_field(path)
    assert field is not None
    values, unsure = field.read(pl.Series(lines, dtype=pl.String))
    for line, value, doubt in zip(lines, values.to_list(), unsure.tolist(), strict=True):
        assert doubt or value == read_paths(line, [path]).found[0], line


@given(st.lists(PAIRS | LINES, min_size=1, max_size=8), st.sampled_from(["a", "b", "a_b", "status"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_logfmt_label_of_many_lines_is_that_of_each_line(lines: list[str], name: str, strict: bool) -> None:
    values, unsure = LogfmtField(name, strict=strict).read(pl.Series(lines, dtype=pl.String))
    for line, value, doubt in zip(lines, values.to_list(), unsure.tolist(), strict=True):
        found = [(label_name(key), own.replace(REPLACEMENT, " ")) for key, own in read_pairs(line, strict=strict).found]
        assert doubt or value == next((own for key, own in found if key == name and own), None), line


def test_usual_lines_are_not_set_aside() -> None:
    lines = [
        '{"level":"error","msg":"say \\"hi\\"","status":500,"user":{"id":7,"tags":["a","b"],"x":null}}',
        ' {"a": {"b": {"c": {"d": 1.5}}}, "list": [1, {"x": [2]}, "}"], "ok": true, "status" : "200"} trailing',
        '{"a_status":1}',
    ]
    field = label_field("status")
    assert field is not None
    values, unsure = field.read(pl.Series(lines))
    assert values.to_list() == ["500", "200", None]
    assert not unsure.any()
    assert all(pl.Series(lines).str.contains(OBJECT))


@pytest.mark.parametrize("name", ["", "_a", "a__b", "a_", "1a", "é", "a" * 1000])
def test_names_that_do_not_say_what_the_key_is_are_left_alone(name: str) -> None:
    assert label_field(name) is None


def test_paths_through_arrays_are_left_alone() -> None:
    assert path_field(("a", 0)) is None
    assert path_field(('a"b',)) is None


numbers = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=6).map(str),
    st.sampled_from(
        ["", "inf", "-Inf", "nan", "1e999", "0x1p-2", "0x1", "1_0", "٣", " 1", "1.", ".5", "+5", "1e", "--1", "x"]
    ),
)
durations = st.one_of(
    st.builds(
        lambda number, unit: f"{number}{unit}",
        st.decimals(0, 10**8, places=3),
        st.sampled_from(["ns", "us", "µs", "ms", "s", "m", "h", "d"]),
    ),
    st.sampled_from(
        ["1h30m", "-5ms", "0", "5", "", "1.s", ".5s", "9999999h", "1.123456789123456789s", "1.5", "\u03bcs", "3\u03bcs"]
    ),
)
sizes = st.builds(
    lambda number, unit: f"{number}{unit}",
    st.decimals(0, 10**6, places=2),
    st.sampled_from(["", "B", "KB", "kib", " MiB", "x", "EB"]),
)


@given(
    st.sampled_from(
        [
            NumberTest("a", CompareOp.EQUAL, 1.0),
            DurationTest("a", CompareOp.EQUAL, 1),
            BytesTest("a", CompareOp.EQUAL, 1, "1B"),
        ]
    ),
    st.lists(numbers | durations | sizes, min_size=1),
)
@settings(deadline=None)
def test_many_values_are_read_as_each_of_them(test: Comparison, texts: list[str]) -> None:
    values, readable = read_values(test, pl.Series(texts))
    for text, value, good in zip(texts, values.tolist(), readable.tolist(), strict=True):
        try:
            expected = parser_of(test)(text)
        except ValueError:
            assert not good, text
        else:
            assert good, text
            assert value == expected or value != value, text


def test_numbers_are_read_as_go_does() -> None:
    assert parse_number("0x1p-2") == 0.25
    assert parse_number("+.5e1") == 5.0
    assert parse_number("-Infinity") == float("-inf")
    for text in ("", " 1", "1e999", "0x1", "1_0", "٣", "1e", "infin"):
        with pytest.raises(ValueError):
            parse_number(text)


def test_durations_are_exact_to_the_nanosecond() -> None:
    values, readable = read_values(
        DurationTest("a", CompareOp.EQUAL, 0), pl.Series(["63.886ms", "1.0000001s", "0.1us", "2h"])
    )
    assert readable.all()
    assert values.tolist() == [parse_duration(text) for text in ("63.886ms", "1.0000001s", "0.1us", "2h")]
