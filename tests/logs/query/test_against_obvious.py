"""The engine lets through what the obvious evaluator lets through, and shows what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallucino_tui.logs.query.parser import parse
from tests.logs.query.line_strategies import STREAMS
from tests.logs.query.obvious_store import Filled, check
from tests.logs.query.query_strategies import any_queries, scenes

if TYPE_CHECKING:
    from hallucino_tui.logs.query import ast

LINES = [
    '{"status":500,"msg":"timeout","dur":"3ms","size":"12KB","user":"ann","ip":"10.0.0.7","level":"error"}',
    '{"status":"404","msg":"pool is empty","dur":"1h30m","size":"1.5 MiB","app":"x","ip":"10.0.0.70 "}',
    '{"status": 200.5, "msg": "GRÖSSE", "order": {"id": 7, "total": 1.50, "a b": null, "in": {"id": true}}}',
    '{"status":-3,"items":[1,"two",{"id":3}],"a b":"c d","1st":1,"x-id":2,"order":"none","dur":"2"}',
    '{"status":500,"status":404,"msg":"","user":"\\u00e4\\t\\"","size":"1,024","dur":"-1.5s"}',
    '{"order":{"id":1},"order_id":2,"order":{"id":3},"user":null,"msg":false}',
    '{"_entry":"timeout 500","status":"500","app":"packed","user":1,"level":"debug"}',
    ' {"status":500} ', '{"status":500', '{"status":500} trailing', '{"user":1,}', '["status",500]', '"status"', "{}",
    '{"status":1e3,"msg":"\\ud83e\\udd84","big":123456789012345678901234567890}', "[]", '[{"id":7}]',
    '{"order":{"id":7', '{"order":{"id":7}', '{"order":{"id":7,"total":', '{"items":[1,2', "null",
    'level=warn status=500 msg="timeout of pool" dur=3ms size=12KB user=ann ip=10.0.0.7',
    'level=ERR status=404 msg="say \\"hi\\"" dur=1.5s size= user="" app=x', "status=500 status=404", "a=b=c status=500",
    'msg="open status=500', 'status=500 msg="\\q" user=ann', 'status="500"dur=3ms', "status", "=500", '"status=500"',
    "\tstatus=500\x00dur=3ms\x1fmsg=x ", "größe=1 x-id=2 1st=3", 'msg="\\u00e9\\t" user=a"b ip=10.0.0.7',
    '10.0.0.7 - - [22/Nov/2026:20:00:00 +0000] "GET /item/7 HTTP/1.1" 500 700',
    '10.0.0.70 - - [22/Nov/2026:20:00:00 +0000] "POST /pay HTTP/1.1" 200 12', "10.0.0.7. 10.0.0.7:80", "x10.0.0.7",
    "2001:db8::1 - - []", "at ::1 now", "1.2.3", "010.0.0.7", "1110.0.0.7", "from 10.0.0.7",
    'E0312 02:13:45.212192       1 server.go:10] timeout "pod"="a"', "I0312 02:13:45.212192       1 a.go:1] ok",
    "\x1b[31mERROR\x1b[0m timeout \x1b[1;32m500\x1b[m", "ERROR timeout", "WARN Timeout", "INFO TIMEOUT", "DEBUG 500",
    "NOTICE größe", "FATAL GRÖSSE", "panic: timeout", "TRACE x", "", " ", "\t", "nul\x00byte", "cr\r", "back\\slash",
    "timeout", "timeout timeout", "xtimeout", "a,b", "🦄 日本語", "e\u0301", "\u2028", "x" * 5000, 'quote " tick `',
    "\tat a.b.C(C.java:1)", "Caused by: x.YException: timeout",
]  # fmt: skip
QUERIES = """
|= "timeout"
|= "timeout" != "500"
|= "timeout" or "pool" or "größe"
!= "timeout" or "500"
|= ""
!= ""
|~ "(?i)timeout"
!~ "(?i)größe"
|~ "time(out)?|^$"
|~ "^.$"
|~ "[45][0-9]{2}$" or "^E"
|> "<_>timeout<_>"
|> "timeout<_>"
|> "<_> timeout"
|> "timeout"
!> "<_> <_>"
|> "<_>,<_>"
|= ip("10.0.0.7")
|= ip("10.0.0.0/29")
!= ip("10.0.0.5-10.0.0.9")
|= ip("2001:db8::/32") or ip("::1")
|= ip("10.0.0.7") or "timeout"
{app="checkout"} |= "timeout"
{namespace="shop", env=""}
{namespace=~"sho|edge"} !~ "timeout"
{namespace=~".+", app!~"c.+"} | json
| level >= warn
| level < error
| level != info
| level = unknown
| level != unknown
| level = "ERR"
| level != "warning"
| level =~ "e.*|fatal"
| level !~ "unknown"
| level = "nothing"
| level = ""
| level != ""
| keep status | level = "error"
| keep status | level >= warn
| drop level | level != error
| label_format level="WARNING" | level = "warn" or level >= error
| label_format severity=level | severity = "error"
| drop level="error" | level != "error"
| level >= warn or level = debug
| json
| json | status >= 500
| json | status < 500
| json | status != 500
| json | status = 500
| json | status = "500"
| json | status != "500"
| json | status =~ "[45].+"
| json | status !~ ".+"
| json | msg = ""
| json | order_id = 7
| json | order_in_id = "true"
| json | order_total = "1.50"
| json | __error__ = ""
| json | __error__ != ""
| json | dur > 1s
| json | dur <= 3ms
| json | size > 10KB
| json | size = 1024B
| json | ip = ip("10.0.0.0/8")
| json | ip != ip("10.0.0.7")
| json | app_extracted = "x"
| json | level_extracted = "error"
| json | _1st = 1 or x_id = 2
| json | a_b = "c d"
| json | missing = ""
| json | missing > 5
| json | missing != "x" | user = "ä\\t\\""
| json | status >= 500 and msg = "timeout" or user =~ ".+"
| json | (status >= 500 or msg = "GRÖSSE") and level != error
| json x="order.id" | x > 2
| json x="order.id", y="items[1]" | x = "7" or y = "2"
| json x="order.total" | __error__ != ""
| json x="order" | x =~ ".*id.*"
| json x="items[1]", y="items[2].id" | x = "two" and y = 3
| json x="[\\"a b\\"]" | x = "c d"
| json x="status" | x = ""
| json app="status" | app_extracted = 500
| json | status = 500 | __error__ = "LabelFilterErr"
| json | user = "ann" or status > 400 | __error__ = ""
| logfmt
| logfmt | status >= 500
| logfmt | status = "500"
| logfmt | msg = "timeout of pool"
| logfmt | msg =~ "say .hi."
| logfmt | user = ""
| logfmt --keep-empty | user = ""
| logfmt --keep-empty | size > 1KB
| logfmt --strict | status = 500
| logfmt --strict | __error__ = ""
| logfmt | dur > 1s or size >= 12KB
| logfmt | ip = ip("10.0.0.7")
| logfmt | gr__e = 1
| logfmt | level_extracted = "ERR"
| logfmt x="status" | x = 500
| logfmt x="status", y="msg" | x != 500
| logfmt --strict x="user" | x = "ann"
| regexp "(?P<status>[45][0-9]{2})" | status >= 500
| regexp "^(?P<ip>[^ ]+) - - .*\\"(?P<method>[A-Z]+)" | method = "GET"
| regexp "(?P<x>a)?(?P<y>t)" | x = "" | y = "t"
| pattern "<ip> - - [<_>] \\"<method> <path> <_>\\" <status> <size>" | status = 500
| pattern "<ip> - - <_>" | ip = ip("10.0.0.0/24")
| pattern "timeout<x>" | x = ""
| pattern "<x> timeout<_>" | x != ""
| unpack | status = 500
| unpack |= "timeout"
| unpack | __error__ = "JSONParserErr"
| decolorize |= "\\x1b"
| decolorize |~ "^ERROR timeout 500$"
| json | drop status | status = 500
| json | drop msg="timeout", __error__ | msg != ""
| json | drop status=~"5.." | status > 0
| json | keep status, level | msg = ""
| json | keep msg="timeout" | msg != "timeout" |= "500"
| json | label_format x=status | x >= 500
| json | label_format x="{{.status}}-{{.msg}}", y=msg | x = "500-timeout"
| json | label_format app="{{.msg}}" | app = "timeout"
| json | label_format status=status | status = ""
| json | label_format user=msg, msg=user | user = "timeout"
| json | label_format x="{{.status}}", y="{{.x}}" | y = ""
| json | drop status | json | status = ""
| json x="status", status="msg" | status = "timeout"
| logfmt status="msg" | status = "timeout of pool"
| json x="items[0]" | x = 1 or x = "1"
| json x="missing" | x = "" | missing = ""
| json | line_format "{{.status}} {{.msg}}" |= "500 timeout"
| json | line_format "{{.msg}}" | logfmt
| logfmt | line_format "status={{.status}}" | logfmt
| json | line_format "{{.user}}" |~ "^$" | level >= error
| json | logfmt | status = 500
| json | logfmt | __error__ = "JSONParserErr" and status = 500
|= "500" | json | status = 500 |= "timeout"
|= "status" | logfmt | dur < 1m | line_format "x" | app =~ "c.*"
| app = "checkout" or pod = "500"
| pod >= 500
| env = ""
""".strip().splitlines()


def filled_with(lines: list[tuple[int, str]]) -> Filled:
    filled = Filled(STREAMS)
    for time, (stream, text) in enumerate(lines):
        filled.add(stream, [text.encode()], [time])
    return filled


@settings(max_examples=50)
@given(scenes(), st.integers(1, 3))
def test_any_query_gives_any_line_the_same_verdict(
    scene: tuple[list[tuple[int, str]], list[ast.Query]], pieces: int
) -> None:
    lines, queries = scene
    filled = filled_with(lines)
    for query in queries:
        check(filled, query, pieces)


@pytest.fixture(scope="module")
def every_kind() -> Filled:
    return filled_with([(number % len(STREAMS), line) for number, line in enumerate(LINES)])


@settings(max_examples=100)
@given(any_queries)
def test_any_query_gives_lines_of_every_kind_the_same_verdict(every_kind: Filled, query: ast.Query) -> None:
    check(every_kind, query)


@settings(max_examples=100)
@given(any_queries)
def test_a_query_that_is_written_down_and_read_again_is_the_same(every_kind: Filled, query: ast.Query) -> None:
    again = parse(str(query))
    assert str(again) == str(query)
    if again != query:
        check(every_kind, again)


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_finds_the_same_lines_of_every_kind(text: str, every_kind: Filled) -> None:
    check(every_kind, parse(text), pieces=2)


STACK = r'{"msg":"boom\n\tat a.b","user":"ann"}'


@pytest.mark.parametrize("query", ['| json | drop msg=~"b.+" | msg = ""', '| json | keep msg=~".*at.*" | msg != ""'])
def test_a_dot_stands_for_a_newline_where_labels_are_dropped_and_kept(query: str) -> None:
    filled = filled_with([(0, STACK)])
    check(filled, parse(query))
    assert len(filled.found(parse(query))) == 1


@pytest.mark.parametrize("query", ['| json | msg =~ ".+"', '| json | msg =~ ".*at a.*"', '| json | msg =~ "boom.*"'])
def test_a_dot_stands_for_a_newline_in_label_filters(query: str) -> None:
    filled = filled_with([(0, STACK)])
    check(filled, parse(query))
    assert len(filled.found(parse(query))) == 1
