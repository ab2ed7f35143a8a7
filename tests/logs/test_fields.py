"""The fields of one line, and that the queries made of them ask for just that line."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.logs.fields import Field, Kind, fields_of, filter_text, label_fields, stage_for, values_of
from hallucino_tui.logs.json_text import MOST_TEXT
from hallucino_tui.logs.query import ast
from hallucino_tui.logs.severity import Level
from tests.logs.query import obvious

NGINX = (
    '10.0.0.1 - bob [25/Nov/2026:12:06:01 +0000] "GET /api/cart?x=1 HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11)" 341 0.001'
)
KLOG = 'I1125 12:06:01.123456       1 controller.go:116] "Reconciling" pod="a/b" err="x \\"y\\""'


def values(line: str, **more: object) -> dict[str, str]:
    return {field.name: field.value for field in fields_of(line, **more)}


def kinds(line: str) -> dict[str, Kind]:
    return {field.name: field.kind for field in fields_of(line)}


def unquoted(text: str) -> str:
    """What a string between double quotes says in Go."""
    named = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
    assert re.fullmatch(r'"(?:[^"\\\x00-\x1f]|\\.)*"', text), text

    def one(match: re.Match[str]) -> str:
        return named[match[1]] if match[1] in named else chr(int(match[1][1:], 16))

    return re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)", one, text[1:-1])


def passes(field: Field, line: str, operator: ast.MatchOp, labels: dict[str, str] | None = None) -> bool:
    """Whether a line passes a field's stage with a comparison behind it, by an evaluator that knows nothing of it."""
    word, _, text = field.stage.partition(" ")
    stages: dict[str, ast.Stage] = {"json": ast.Json(), "logfmt": ast.Logfmt()}
    stages["pattern"], stages["regexp"] = ast.Pattern(text.strip("`")), ast.Regexp(text.strip("`"))
    query = ast.Query((), (stages[word], ast.LabelFilter(ast.Matcher(field.name, operator, field.value))))
    return obvious.evaluate(query, line, labels or {}, Level.UNKNOWN) is not None


# What is found


def test_nested_json_has_the_names_that_a_query_gives_it() -> None:
    line = '{"status":500,"user":{"id":7,"full name":"Ann"},"ok":true,"none":null,"9":"x"}'
    assert values(line) == {
        "status": "500",
        "user_id": "7",
        "user_full_name": "Ann",
        "ok": "true",
        "none": "",
        "_9": "x",
    }
    assert {field.source for field in fields_of(line)} == {"json"}
    assert kinds(line)["status"] == "number"
    assert kinds(line)["none"] == kinds(line)["ok"] == "word"


def test_numbers_are_as_they_were_written() -> None:
    assert values('{"a":1.50e3,"b":12345678901234567890123,"c":-0}') == {
        "a": "1.50e3",
        "b": "12345678901234567890123",
        "c": "-0",
    }


def test_an_array_is_shown_and_cannot_be_filtered_by() -> None:
    (field,) = fields_of('{"tags":["a", {"b": 1}]}')
    assert (field.value, field.kind, field.filterable) == ('["a", {"b": 1}]', "array", False)
    with pytest.raises(ValueError, match="cannot be filtered by tags"):
        filter_text(field)


def test_a_field_with_the_name_of_a_label_is_called_extracted() -> None:
    assert values('{"pod":"x","level":"error","a":1}', labels={"pod": "y"}) == {
        "pod_extracted": "x",
        "level_extracted": "error",
        "a": "1",
    }


def test_the_first_of_equal_names_holds() -> None:
    assert values('{"a":null,"a_b":1,"a":{"b":2},"a":3,"c":[1],"c":"4"}') == {"a": "3", "a_b": "1", "c": "4"}
    assert values("a=1 b= a=2 b=3") == {"a": "1", "b": "3"}


def test_logfmt_needs_two_pairs() -> None:
    assert values('ts=1 msg="hello \\"you\\"" path=/x empty= broken"x" n=1.5') == {
        "ts": "1",
        "msg": 'hello "you"',
        "path": "/x",
        "n": "1.5",
    }
    assert fields_of("the answer is a=1") == ()
    assert fields_of("nothing at all") == ()
    assert fields_of("") == ()


def test_an_access_log_has_method_path_status_bytes_and_agent() -> None:
    found = values(NGINX)
    assert (found["method"], found["path"], found["status"], found["bytes"], found["agent"]) == (
        "GET",
        "/api/cart?x=1",
        "200",
        "512",
        "Mozilla/5.0 (X11)",
    )
    assert found["user"] == "bob"
    assert "referer" not in found
    assert {field.source for field in fields_of(NGINX)} == {"pattern"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('INFO:     10.0.0.1:4321 - "GET /healthz HTTP/1.1" 200 OK', ("GET", "/healthz", "200")),
        ('[2026-11-25T12:06:01.123Z] "POST /x HTTP/2" 503 UF - "-" 0 91', ("POST", "/x", "503")),
        ('10.0.0.1 - - [25/Nov/2026:12:06:01 +0000] "PUT / HTTP/1.0" 304 -', ("PUT", "/", "304")),
        ('"GET / HTTP/1.1" 200', ("GET", "/", "200")),
    ],
)
def test_other_access_logs_have_at_least_what_was_asked_and_answered(line: str, expected: tuple[str, ...]) -> None:
    found = values(line)
    assert (found["method"], found["path"], found["status"]) == expected


def test_the_head_of_klog_and_the_pairs_behind_it_are_fields() -> None:
    found = values(KLOG)
    assert (found["thread"], found["source"], found["pod"], found["err"]) == ("1", "controller.go:116", "a/b", 'x "y"')
    assert values("E1125 12:06:01.1 7 a.go:1] failed to sync")["message"] == "failed to sync"


def test_json_behind_text_is_shown_and_filtered_by_as_text() -> None:
    found = {field.name: field for field in fields_of('2026-11-25 INFO {"a":{"b":"c\\td"},"n":null,"s":1}')}
    assert {name: field.value for name, field in found.items()} == {"a_b": "c\td", "n": "", "s": "1"}
    assert {field.source for field in found.values()} == {""}
    assert filter_text(found["a_b"]) == r'|= "c\\td"'
    assert filter_text(found["s"], exclude=True) == '!= "1"'
    assert not found["n"].filterable


def test_broken_json_has_no_fields() -> None:
    assert fields_of('{"a":1') == ()
    assert fields_of('{"a":01}') == ()
    assert fields_of('{"a":"\\ud800"}') == ()


def test_no_more_fields_than_asked_for() -> None:
    line = json.dumps({f"k{number}": number for number in range(500)})
    assert len(fields_of(line)) == 200
    assert list(values(line, most=3)) == ["k0", "k1", "k2"]
    assert len(fields_of(" ".join(f"k{number}=1" for number in range(500)), most=5)) == 5


@pytest.mark.parametrize(
    "line",
    [
        '{"a":1,"b":"' + "x" * 2_000_000 + '"}',
        '{"a":1,' + '"b":{"c":2},' * 300_000,
        '{"a":' * 300_000,
        "{" * 3_000_000,
        '"' * 3_000_000,
        "k=v " * 1_000_000,
        "- " * 1_000_000,
        'a=1 b="' + '\\"' * 1_000_000,
    ],
    ids=lambda line: line[:8],
)
def test_of_an_endless_line_the_beginning_is_looked_at(line: str) -> None:
    assert len(line) > MOST_TEXT
    assert set(values(line)) <= {"a", "b_c", "k"}


# Queries


def test_queries_name_the_stage_that_gives_the_field() -> None:
    (status,) = fields_of('{"status":"500"}')
    assert filter_text(status) == '| json | status="500"'
    assert filter_text(status, exclude=True) == '| json | status!="500"'
    path = next(field for field in fields_of("path=/healthz n=1") if field.name == "path")
    assert filter_text(path, exclude=True) == '| logfmt | path!="/healthz"'
    method = next(field for field in fields_of(NGINX) if field.name == "method")
    assert filter_text(method) == f'{stage_for(method)} | method="GET"'
    assert stage_for(method).startswith("| pattern `<client> ")
    assert [filter_text(field) for field in label_fields({"pod": "checkout-1", "node": ""})] == ['{pod="checkout-1"}']
    assert stage_for(label_fields({"pod": "a"})[0]) == ""


def test_a_value_that_is_a_page_long_is_not_filtered_by() -> None:
    (field,) = fields_of(json.dumps({"a": "x" * 5000}))
    assert not field.filterable


@given(st.text(max_size=60), st.booleans())
def test_a_value_is_quoted_so_that_it_reads_back(value: str, exclude: bool) -> None:
    operator = "!=" if exclude else "="
    label = filter_text(Field("pod", value, source="label"), exclude=exclude)
    head = f"{{pod{operator}"
    assert label.startswith(head)
    assert unquoted(label.removeprefix(head).removesuffix("}")) == value
    head = f"| json | a{operator}"
    field = filter_text(Field("a", value, source="json", stage="json"), exclude=exclude)
    assert field.startswith(head)
    assert unquoted(field.removeprefix(head)) == value
    if value:
        text = filter_text(Field("a", value), exclude=exclude)
        assert unquoted(text.removeprefix("!= " if exclude else "|= ")) == value


KEYS = st.text(st.characters(codec="utf-8"), max_size=6)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
LABELS = st.dictionaries(st.sampled_from(["pod", "a", "b", "A_B"]), st.just("x"))


@given(st.dictionaries(KEYS, TREES, max_size=5), LABELS, st.booleans())
def test_a_line_passes_by_each_of_its_json_fields_and_is_excluded_by_it(
    tree: dict[str, object], labels: dict[str, str], plain: bool
) -> None:
    line = json.dumps(tree, ensure_ascii=plain)
    for field in fields_of(line, labels=labels):
        if field.filterable:
            assert passes(field, line, ast.MatchOp.EQUAL, labels), field
            assert not passes(field, line, ast.MatchOp.NOT_EQUAL, labels), field


PIECES = st.sampled_from(
    ["a=1", "b=", 'c="x,y"', 'd="\\n\\u00e9"', "word", '"q"', "=x", 'e=f"', 'g="h', "pod=p", "a=2", 'k="v"l=m', "\t"]
)


@given(st.lists(PIECES, max_size=8))
def test_a_line_passes_by_each_of_its_logfmt_fields(pieces: list[str]) -> None:
    line = " ".join(pieces)
    for field in fields_of(line, labels={"pod"}):
        assert passes(field, line, ast.MatchOp.EQUAL, {"pod": "y"}), field


@pytest.mark.parametrize(
    "line", [NGINX, KLOG, NGINX[:80], 'x - "GET /healthz HTTP/1.1" 200 12 OK', "W1125 12:00:00.1 7 a.go:1]"]
)
def test_a_line_passes_by_each_of_its_pattern_fields(line: str) -> None:
    assert fields_of(line)
    for field in fields_of(line):
        assert passes(field, line, ast.MatchOp.EQUAL), field
        assert not passes(field, line, ast.MatchOp.NOT_EQUAL), field


def test_values_of_names_come_from_labels_first() -> None:
    line = '{"status":500,"pod":"other"}'
    assert values_of(["pod", "status", "pod_extracted", "missing"], line, {"pod": "a-1"}) == ("a-1", "500", "other", "")
