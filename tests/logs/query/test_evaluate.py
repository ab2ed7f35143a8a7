from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings

from hallucino_tui.logs.query.ast import Query
from hallucino_tui.logs.query.evaluate import Matching
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.segment import Columns
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.stream import Stream
from tests.logs.query.evaluating import QUERIES, STREAMS, TABLE, columns_of, matched, one_by_one, stores


def passing(query: str, lines: list[str], levels: list[int] | None = None) -> list[str]:
    columns = columns_of(lines, levels=levels)
    return [lines[row] for row in matched(parse(query), columns)]


@given(QUERIES, stores())
@settings(max_examples=300, deadline=None)
def test_many_lines_at_once_pass_as_they_do_one_by_one(query: Query, columns: Columns) -> None:
    assert matched(query, columns) == one_by_one(query, columns)


def test_a_query_without_filters_passes_every_line_and_reads_nothing() -> None:
    class Unreadable:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    columns = Columns(0, 3, Unreadable(), 0, 0)
    matching = Matching(parse('{pod="web-1"} | json | line_format "{{.a}}" | drop a'), TABLE)
    assert matching.passes_all
    assert matching.match(columns, 0, 3, np.array([0, 2])).tolist() == [0, 2]


@pytest.mark.parametrize(
    "query", ['|= "a"', '| json | a = "x"', "| logfmt | a > 1 | b < 2ms", '| regexp "(?P<a>.)" | a = "x"']
)
def test_times_and_severities_are_not_read_where_they_do_not_matter(query: str) -> None:
    class Part:
        def __init__(self, columns: Columns) -> None:
            self._body = columns.body

        def __getattr__(self, name: str) -> object:
            assert name not in {"times", "levels"}
            return getattr(self._body, name)

    whole = columns_of(['{"a":"x"}', "a=2 b=1ms", "nothing"])
    columns = Columns(0, 3, Part(whole), 0, 0)
    matching = Matching(parse(query), TABLE)
    rows = np.arange(3, dtype=np.int64)
    assert matching.match(columns, 0, 3, rows).tolist() == matching.match(whole, 0, 3, rows).tolist()


def test_only_the_rows_that_are_asked_for_pass() -> None:
    columns = columns_of(["error"] * 1000)
    matching = Matching(parse('|= "error"'), TABLE)
    assert matching.match(columns, 10, 900, np.array([10, 500, 899])).tolist() == [10, 500, 899]
    assert matching.match(columns, 10, 900, np.array([], np.int64)).tolist() == []


def test_an_empty_segment_matches_nothing() -> None:
    for query in ('|= "a"', "| json | a > 1", "| level >= warn", '!~ "x"'):
        assert matched(parse(query), columns_of([])) == []


def test_empty_lines_are_lines() -> None:
    lines = ["", "a", "", ""]
    assert matched(parse('!= "a"'), columns_of(lines)) == [0, 2, 3]
    assert matched(parse('|~ "^$"'), columns_of(lines)) == [0, 2, 3]
    assert matched(parse('| json | a = ""'), columns_of(lines)) == [0, 1, 2, 3]


def test_a_match_does_not_run_over_the_end_of_a_line() -> None:
    lines = ["err", "or", "error"] * 200
    assert matched(parse('|= "error"'), columns_of(lines)) == list(range(2, 600, 3))
    assert matched(parse('|~ "e.*r$"'), columns_of(lines)) == [row for row in range(600) if lines[row] != "or"]
    assert matched(parse("|~ `\\bor`"), columns_of(lines)) == list(range(1, 600, 3))


def test_a_huge_line_is_a_line() -> None:
    huge = '{"a":"' + "x" * 20_000_000 + '","status":500}'
    lines = ["small", huge, '{"status":500}']
    assert matched(parse('|= "x\\""'), columns_of(lines)) == [1]
    assert matched(parse("| json | status >= 500"), columns_of(lines)) == [1, 2]
    assert matched(parse('| json | a = "x"'), columns_of(lines)) == []


def test_a_line_of_nothing_but_brackets_takes_no_longer_than_it_is() -> None:
    deep = '{"a":' * 20_000 + "1" + "}" * 20_000
    assert matched(parse('| json | __error__ = ""'), columns_of([deep, "[" * 100_000, "{" * 100_000])) == []


def test_bytes_that_are_no_text_are_replaced_by_a_space_in_labels() -> None:
    assert passing('| json | a = "x y"', ['{"a":"x\ufffdy"}', '{"a":"x y"}']) == ['{"a":"x\ufffdy"}', '{"a":"x y"}']


def test_threads_share_a_query() -> None:
    columns = [columns_of([f'{{"status":{500 + row % number}}}' for row in range(2000)]) for number in range(1, 9)]
    matching = Matching(parse("| json | status = 500"), TABLE)

    def count(part: Columns) -> int:
        return len(matching.match(part, 0, part.count, np.arange(part.count, dtype=np.int64)))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(count, columns)) == [-(-2000 // number) for number in range(1, 9)]


def test_the_selector_is_about_streams_and_anchors_its_expressions() -> None:
    def allowed(query: str) -> list[int]:
        matching = Matching(parse(query), TABLE)
        return [number for number, stream in enumerate(STREAMS) if matching.allows(stream)]

    assert allowed('{pod=~"web"}') == []
    assert allowed('{pod=~"web.*|db-1"}') == [0, 1]
    assert allowed('{pod!="", app=""}') == [1]
    assert allowed('{app=~".+", status!~"9|8"}') == [0]
    assert allowed('{level="error"}') == [0, 1, 2]


def test_a_stream_may_come_later() -> None:
    matching = Matching(parse('{pod=~"new-.*"} | json | status = "500"'), TABLE)
    late = Stream(("later",), {"pod": "new-1", "status": "500"})
    assert matching.allows(late)


def test_a_matcher_on_the_severity_tests_lines() -> None:
    lines = ["a", "b", "c", "d"]
    levels = [Level.ERROR, Level.WARN, Level.ERROR | CONTINUED, Level.UNKNOWN]
    assert passing('{level="error"}', lines, levels) == ["a", "c"]
    assert passing('{level="ERR"}', lines, levels) == ["a", "c"]
    assert passing('{pod="web-1", level!="error"}', lines, levels) == ["b", "d"]
    assert passing('{pod="web-1", level=~"warn|unknown"}', lines, levels) == ["b", "d"]
    assert passing("| level > warn", lines, levels) == ["a", "c"]
    assert passing("| level <= warn", lines, levels) == ["b"]
    assert passing("| level != warn", lines, levels) == ["a", "c", "d"]
    assert passing("| level = unknown or level = warn", lines, levels) == ["b", "d"]


def test_a_field_for_the_severity_gets_another_name() -> None:
    lines = ['{"level":"info"}', "level=info"]
    levels = [Level.ERROR, Level.ERROR]
    assert passing('| json | level_extracted = "info"', lines, levels) == lines[:1]
    assert passing('| logfmt | level_extracted = "info" | level = "error"', lines, levels) == lines[1:]
    assert passing('| json | label_format level=level_extracted | level = "info"', lines, levels) == lines[:1]


def test_a_value_that_cannot_be_read_passes_with_an_error() -> None:
    lines = ['{"a":"x"}', '{"a":"5"}', '{"b":1}']
    assert passing("| json | a > 1", lines) == lines[:2]
    assert passing('| json | a > 1 | __error__ = ""', lines) == lines[1:2]
    assert passing('| json | a > 1 | __error__ = "LabelFilterErr"', lines) == lines[:1]
    assert passing('| json | (a > 1 or a > 2) and __error__ != ""', lines) == lines[:1]


def test_a_dot_stands_for_a_newline_in_a_label() -> None:
    lines = [r'{"a":"first\nsecond"}', '{"a":"first"}']
    assert passing('| json | a =~ ".*second"', lines) == lines[:1]
    assert passing('| json | a =~ "first.+"', lines) == lines[:1]


def test_a_filter_sees_what_went_wrong_in_itself() -> None:
    lines = ['{"a":"x"}', '{"a":"5"}']
    assert passing('| json | a > 1 and __error__ = ""', lines) == lines[1:]
    assert passing('| json | (a > 1 and __error__ != "") or a = "y"', lines) == lines[:1]


def test_a_line_that_was_cut_off_still_has_its_first_labels() -> None:
    lines = ['{"level":"error","status":500,"msg":"it wa', '{"msg":"it was","status":500']
    assert passing('| json | status = "500"', lines) == lines
    assert passing('| json | status = "500" | __error__ != ""', lines) == lines
    assert passing('| json | msg != ""', lines) == lines[1:]


def test_of_two_values_the_first_one_counts() -> None:
    assert passing('| json | a = "1"', ['{"a":1,"a":2}', '{"a":2,"a":1}']) == ['{"a":1,"a":2}']
    assert passing('| json | a_b = "1"', ['{"a":{"b":1},"a_b":2}', '{"a-b":2,"a":{"b":1}}']) == [
        '{"a":{"b":1},"a_b":2}'
    ]
    assert passing('| logfmt | a = "1"', ["a= a=1 a=2", "a=2 a=1"]) == ["a= a=1 a=2"]
    assert passing('| json | logfmt | a = "1"', ['{"a":1} a=2']) == ['{"a":1} a=2']


def test_equal_texts_are_found_however_they_are_written() -> None:
    lines = ['{"a":"abc"}', r'{"a":"\u0061bc"}', '{"b":"abc"}', r'a="\u0061bc"', "a=abc", "abc"]
    assert passing('| json | a = "abc"', lines) == lines[:2]
    assert passing('| logfmt | a = "abc"', lines) == lines[3:5]


def test_a_label_of_the_stream_does_not_have_to_stand_in_the_line() -> None:
    columns = columns_of(["{}", '{"a":"stream"}'], streams=[2, 0])
    assert matched(parse('| json | a = "stream"'), columns) == [0, 1]


def test_only_what_stands_between_quotes_has_escapes_in_a_logfmt_line() -> None:
    lines = ['a="x\\ty"', "a=x\\ty"]
    assert passing('| logfmt | a = "x\\ty"', lines) == lines[:1]
    assert passing('| logfmt | a = "x\\\\ty"', lines) == lines[1:]


def test_objects_are_values_as_they_are_written() -> None:
    line = '{"a":{"b":["say \\"hi\\""]}}'
    assert passing('| json x="a" | x = `{"b":["say \\"hi\\""]}`', [line]) == [line]
