"""JSON over several lines: nothing of it is lost, and it fits."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.json_text import MOST_TEXT
from hallucino_tui.logs.pretty import Kind, pretty, pretty_parts

NESTED = (
    '{"ts":1.50e3,"msg":"request \\"done\\"","user":{"id":1,"roles":["a","b"]},'
    '"trace":{"service_name":"checkout","span":"0123456789abcdef"}}'
)


def test_members_stand_below_each_other_and_short_ones_stay_on_a_line() -> None:
    assert pretty(NESTED, 50) == [
        "{",
        '  "ts": 1.50e3,',
        '  "msg": "request \\"done\\"",',
        '  "user": {"id": 1, "roles": ["a", "b"]},',
        '  "trace": {',
        '    "service_name": "checkout",',
        '    "span": "0123456789abcdef"',
        "  }",
        "}",
    ]


def test_a_prefix_stays_in_front() -> None:
    lines = pretty(f"2026-11-25T12:00:00Z INFO {NESTED}", 60)
    assert lines is not None
    assert lines[0] == "2026-11-25T12:00:00Z INFO {"
    assert lines[-1] == "}"


def test_a_stack_trace_in_a_string_is_spread_over_lines() -> None:
    line = json.dumps({"a": 1, "stack": "java.lang.X: y\n\tat a.b(C.java:1)\r\n\tat c.d\n", "z": {}})
    assert pretty(line, 200) == [
        "{",
        '  "a": 1,',
        '  "stack": "java.lang.X: y',
        "        at a.b(C.java:1)",
        "        at c.d",
        '    ",',
        '  "z": {}',
        "}",
    ]


def test_a_newline_at_the_end_of_a_text_is_no_reason_to_spread_it() -> None:
    assert pretty('{"msg":"done\\n"}', 80) is None
    assert pretty('{"path":"C:\\\\new\\\\name"}', 80) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "{",
        "{}",
        '{"a":1}',
        '{"a":1',
        '{"a":1} trailing words that are long',
        "a {b} c}",
        "f(x) { return 1 }",
    ],
)
def test_nothing_is_done_where_there_is_nothing_to_do(text: str) -> None:
    assert pretty(text, 30) is None


def test_what_does_not_fit_is_spread_whatever_the_width() -> None:
    assert pretty('{"a":"a text of some length"}', 1) == ["{", '  "a": "a text of some length"', "}"]


def test_an_endless_line_is_left_alone() -> None:
    assert pretty('{"a":"' + "x" * MOST_TEXT + '"}', 80) is None
    assert pretty('{"a":' * 200 + "1" + "}" * 200, 80) is None


def test_parts_say_what_they_are() -> None:
    lines = pretty_parts('at {"a":"b","n":-1,"t":true}', 80)
    assert lines is not None
    assert [(part.text, part.kind) for part in lines[0] if part.kind is not Kind.MARK] == [
        ("at ", Kind.PLAIN),
        ('"a"', Kind.KEY),
        ('"b"', Kind.TEXT),
        ('"n"', Kind.KEY),
        ("-1", Kind.NUMBER),
        ('"t"', Kind.KEY),
        ("true", Kind.WORD),
    ]


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text(max_size=8), TREES, min_size=1, max_size=5)


def squeezed(text: str) -> str:
    """A text without what the layout may change: space, and newlines and tabs in strings."""
    return re.sub(r"\s", "", re.sub(r"\\(.)", lambda match: "" if match[1] in "nrt" else match[0], text))


@given(OBJECTS, st.integers(1, 120), st.booleans(), st.sampled_from(["", "INFO ", "{x} "]))
def test_every_token_is_kept_in_its_order(tree: dict[str, object], width: int, plain: bool, prefix: str) -> None:
    line = prefix + json.dumps(tree, ensure_ascii=plain)
    lines = pretty(line, width)
    assert lines is not None or len(line) <= width
    if lines is not None:
        assert squeezed("".join(lines)) == squeezed(line)


@given(OBJECTS, st.integers(20, 120))
def test_a_line_is_too_long_only_if_it_holds_a_single_value(tree: dict[str, object], width: int) -> None:
    for line in pretty_parts(json.dumps(tree), width) or []:
        if sum(len(part.text) for part in line) > width:
            assert sum(part.kind in {Kind.TEXT, Kind.NUMBER, Kind.WORD} for part in line) <= 1


@given(OBJECTS, st.integers(20, 120))
def test_without_newlines_in_its_strings_it_is_the_same_json(tree: dict[str, object], width: int) -> None:
    line = json.dumps(tree)
    lines = pretty(line, width)
    if lines is not None and "\\n" not in line:
        assert json.loads("\n".join(lines)) == tree
