"""Lines, stores and queries to try the evaluation of queries with."""

import numpy as np
from hypothesis import strategies as st

from hallucino_tui.logs.body import Held
from hallucino_tui.logs.query.ast import Query
from hallucino_tui.logs.query.evaluate import Matching
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.pipeline import Pipeline
from hallucino_tui.logs.segment import Columns
from hallucino_tui.logs.severity import CONTINUED, Level
from hallucino_tui.logs.stream import Stream, StreamTable

STREAMS = [
    Stream(("0",), {"pod": "web-1", "app": "shop"}),
    Stream(("1",), {"pod": "db-1"}),
    Stream(("2",), {"app": "x y", "status": "9", "a": "stream"}),
]
TABLE = StreamTable()
for _stream in STREAMS:
    TABLE.number(_stream)


def columns_of(lines: list[str], streams: list[int] | None = None, levels: list[int] | None = None) -> Columns:
    raw = [line.encode() for line in lines]
    count = len(raw)
    offsets = np.zeros(count + 1, np.int32)
    offsets[1:] = np.cumsum([len(line) for line in raw])
    return Columns(
        0,
        count,
        Held(
            np.frombuffer(b"".join(raw), np.uint8),
            offsets,
            np.arange(count, dtype=np.int64) * 10**9,
            np.array(streams or [0] * count, np.uint32),
            np.array(levels or [0] * count, np.uint8),
            {},
        ),
        0,
        0,
    )


def matched(query: Query, columns: Columns, rows: list[int] | None = None) -> list[int]:
    matching = Matching(query, TABLE)
    allowed = {number for number, stream in enumerate(STREAMS) if matching.allows(stream)}
    chosen = [row for row in (range(columns.count) if rows is None else rows) if int(columns.streams[row]) in allowed]
    return matching.match(columns, 0, columns.count, np.array(chosen, np.int64)).tolist()


def one_by_one(query: Query, columns: Columns) -> list[int]:
    pipeline = Pipeline(query)
    return [
        row
        for row in range(columns.count)
        if pipeline.run(
            columns.line(row).decode(),
            STREAMS[int(columns.streams[row])].labels,
            int(columns.times[row]),
            Level(int(columns.levels[row]) & 7),
        )
        is not None
    ]


PIECES = [
    "error", "Error", "x", " ", '"', "\\", "=", "{", "}", "[", "]", ":", ",", "status", "500", "200", "a", "b", "a_b",
    "10.0.0.7", "10ms", "1.5h", "2KB", "é", "\ufffd", "\x1b[31m", "\u00a0", "-", "null", "true", "1e3", "level", "warn",
    '"a":', '"a" : ', '{"a":', '"status":500', '"status":"x"', '"a":{"b":1}', '"a_b":"2"', '"a-b":true',
    '"b":[1,{"a":2}]', "a=1", 'a="x y"', 'a="', "a=", "status=500", "b=\\n", '"q\\"u"', "\\u0061", '"\\u0061":7',
    '" a ":3', '"":{"a":1}', '"_entry":"a=1"', "GET", "/", "\t", "a b=2", "a_b=10ms", "a=b=c",
]  # fmt: skip
SCALARS = [
    "1", "500", "-2.50", "1e3", "true", "false", "null", '"x"', '""', '"500"', '"10ms"', '"a \\"b\\" c"',
    '"\\u00e9\\n"', '"\\ud800"', '"2KB"', '"10.0.0.7"', '"\ufffd"', '"warn"', '"}{"', '"a=1"', "[]", "[1,2]",
    '["]",{"a":1}]', "tru", "1:2",
]  # fmt: skip
KEYS = ["a", "b", "a_b", "status", "a-b", " a", "", "level", "b_a", "_entry", "c\\u0061"]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.one_of(
        st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=4).map(
            lambda members: "{" + ",".join(f'"{key}":{value}' for key, value in members) + "}"
        ),
        st.lists(inner, max_size=2).map(lambda items: "[" + ",".join(items) + "]"),
    ),
    max_leaves=8,
)
ENDS = ["=1", "=500", "=10ms", '="x y"', '="a\\"b"', '="\\q"', "=", '=""', "", "=2KB", "=b=c", '="x', "=10.0.0.7"]
PAIRS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "a_b", "status", "a-b", "level", "xa", "é"]), st.sampled_from(ENDS)).map(
        "".join
    ),
    max_size=5,
).map(" ".join)
LINES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    VALUES,
    VALUES.map(lambda value: value + " x"),
    VALUES.map(lambda value: value[:-1]),
    PAIRS,
    st.sampled_from(
        ['10.0.0.7 - "GET /a" 500 12', '10.0.0.9 - "GET /b" 200 x', "\x1b[31merror\x1b[0m a=1", "plain error"]
    ),
)


def _written(form: str, *choices: list[str]) -> st.SearchStrategy[str]:
    return st.tuples(*map(st.sampled_from, choices)).map(lambda chosen: form.format(*chosen))


TEXTS = ['"error"', '"a"', '""', '"500"', '"é"', "`{`", '"x y"', '"10"']
REGEXES = [
    '"(?i)error"',
    '"^a"',
    '"5[0-9]+"',
    '"a|b"',
    "`\\berror\\b`",
    '"x$"',
    '"^$"',
    '"a.*b"',
    '""',
    '"[^a]b"',
    '"é"',
]
ADDRESSES = ['"10.0.0.7"', '"10.0.0.0/30"', '"10.0.0.4-10.0.0.8"', '"::1"']
LINE_FILTERS = st.one_of(
    _written("{} {}", ["|=", "!="], TEXTS),
    _written("{} {} or {}", ["|=", "!="], TEXTS, TEXTS),
    _written("{} {}", ["|~", "!~"], REGEXES),
    _written("{} {} or {}", ["|~", "!~"], REGEXES, REGEXES),
    _written("{} {}", ["|>", "!>"], ['"a<_>"', '"<_>error<_>"', '"<_>=<_>"']),
    _written("{} ip({})", ["|=", "!="], ADDRESSES),
)
NAMES = [
    "a", "b", "a_b", "b_a", "status", "level", "pod", "app", "a_extracted", "status_extracted", "level_extracted", "no",
]  # fmt: skip
ORDERS = [">", ">=", "<", "<=", "==", "!="]
TESTS = st.recursive(
    st.one_of(
        _written("{} {} {}", NAMES, ["=", "!="], ['"x"', '""', '"500"', '"1"', '"err"', '"a \\"b\\" c"', '"10ms"']),
        _written("{} {} {}", NAMES, ["=~", "!~"], ['"5.*"', '".*"', '".+"', '"x|1"', '"warn|error"']),
        _written(
            "{} {} {}",
            ["a", "b", "a_b", "status", "a_extracted"],
            ORDERS,
            ["1", "500", "-2.5", "9.5ms", "1h", "1KB", "2kB"],
        ),
        _written("{} {} ip({})", NAMES, ["=", "!="], ['"10.0.0.0/29"']),
        st.sampled_from(["level >= warn", "level < error", "level = unknown", 'level = "WARNING"', 'level != "info"']),
        st.sampled_from(['__error__ = ""', '__error__ != ""', '__error__ = "JSONParserErr"', '__error__ =~ "L.*"']),
    ),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=3,
)
STAGES = """
| json
| json
| json x="a.b", a="a"
| json b="b[0]"
| json a
| logfmt
| logfmt
| logfmt --strict
| logfmt --keep-empty
| logfmt a="b"
| logfmt a, status
| unpack
| decolorize
| regexp "(?P<a>[a-z]+)(?P<b>[0-9]+)?"
| regexp "(?P<status>5..)|(?P<level>x)"
| pattern `<a> - "<_> <b>" <status> <_>`
| pattern `<a>=<b>`
| pattern `{"<_>":<a>,<_>`
| line_format "{{.a}}"
| line_format "{{.a}} {{.status}}!"
| line_format "{{.a | ToUpper}}{{__line__}}"
| label_format status=a
| label_format a="{{.b}}x"
| label_format b=a, a=status
| label_format level=a
| drop a
| drop a="1", status
| drop level
| drop __error__
| keep a
| keep status="500", pod
| keep level
""".strip().splitlines()
SELECTORS = ["", "", '{app=~".+"}', '{pod="web-1", status=""}', '{level="warn", app!="y"}']


def _query(selector: str, stages: list[str]) -> Query:
    # Each stage is read alone: one after the other, some would mean something else.
    read = tuple(stage for text in stages for stage in parse(text).stages)
    return Query(parse(selector).matchers if selector else (), read)


QUERIES = st.builds(
    _query,
    st.sampled_from(SELECTORS),
    st.lists(
        st.one_of(LINE_FILTERS, TESTS.map("| {}".format), TESTS.map("| {}".format), st.sampled_from(STAGES)),
        min_size=1,
        max_size=5,
    ),
)


@st.composite
def stores(draw: st.DrawFn) -> Columns:
    lines = draw(st.lists(LINES, max_size=12))
    streams = draw(st.lists(st.integers(0, 2), min_size=len(lines), max_size=len(lines)))
    levels = draw(st.lists(st.sampled_from([0, 3, 5, 6, 6 | CONTINUED]), min_size=len(lines), max_size=len(lines)))
    return columns_of(lines, streams, levels)
