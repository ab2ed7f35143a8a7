"""Lines of all the kinds that logs are made of, from few words, so that queries often meet them."""

from __future__ import annotations

import json
import string

from hypothesis import strategies as st

STREAMS = (
    {"app": "checkout", "namespace": "shop", "pod": "checkout-1"},
    {"app": "cart", "namespace": "shop", "pod": "cart-1", "env": "prod"},
    {"namespace": "edge", "pod": "500"},
)

TEXTS = [
    "", "timeout", "pool is empty", "Timeout", "GRÖSSE größe", "日本語", "500", "404", "12.5", "-3", "1e3", "0x10",
    "3ms", "1h30m", "1.5s", "2", "12KB", "1.5 MiB", "20MB", "1,024", "error", "warn", "INFO", "10.0.0.7", "10.0.0.70",
    "::1", "2001:db8::1", "checkout", "true", "null", 'say "hi"', "back\\slash", "a=b", "tab\there", "x,y", "inf",
]  # fmt: skip
COMMON = ["500", "timeout", "error", "", "3ms", "12KB", "10.0.0.7", "checkout"]
texts = st.sampled_from(COMMON) | st.sampled_from(TEXTS)
numbers = st.sampled_from([0, 1, 200, 404, 500, 503, 12.5, -3, 1e3, 10**20])
scalars = texts | numbers | st.sampled_from([True, False, None])
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "total", "a b", "in"]), inner, max_size=3)
    ),
    max_leaves=4,
)
USUAL: dict[str, list[str | int | float]] = {
    "status": [200, 404, 500, 503, "500", "404"],
    "msg": ["timeout", "pool is empty", "error", 'say "hi"', ""],
    "dur": ["3ms", "1.5s", "1h30m", "2"],
    "size": ["12KB", "1.5 MiB", "20MB", 1, "1,024"],
    "user": ["error", "timeout", "größe", ""],
    "ip": ["10.0.0.7", "10.0.0.70", "::1", "192.168.1.1"],
    "app": ["checkout", "cart"],
    "level": ["error", "warn", "INFO", "ERR"],
}
"""What the keys that occur most hold for the most part, as it is in real logs."""
keys = st.sampled_from([*USUAL, "status", "msg", "x-id", "1st", "order"])
usual_pairs = st.sampled_from([(key, value) for key, values in USUAL.items() for value in values])
json_pairs = st.one_of(
    usual_pairs, usual_pairs, st.tuples(keys | st.sampled_from(["_entry", "items", "a b", "order"]), json_values)
)


@st.composite
def json_lines(draw: st.DrawFn) -> str:
    wide, ascii_only = draw(st.booleans()), draw(st.booleans())
    members = [
        f"{json.dumps(key)}:{' ' if wide else ''}{json.dumps(value, ensure_ascii=ascii_only)}"
        for key, value in draw(st.lists(json_pairs, min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
    ]
    if members and draw(st.integers(0, 5)) == 0:
        members.append(f'{members[0].partition(":")[0]}:"again"')
    line = "{" + (", " if wide else ",").join(members) + "}"
    return f" {line} " if draw(st.integers(0, 7)) == 0 else line


broken_json = st.one_of(
    st.tuples(json_lines(), st.integers(1, 6)).map(lambda made: made[0][: -made[1]]),
    st.tuples(json_lines(), st.sampled_from([" trailing", "{}", ",", "]"])).map("".join),
    st.sampled_from(['["a",1]', '"text"', "12", "true", "{", '{"a":}', '{"status":500,}', "{'status':500}", "{}{"]),
    st.sampled_from(['{"status":01}', '{"status":NaN}', '{"msg":"a\tb"}', '{"msg":"\\x"}', "{status:500}", "[{}]"]),
)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


logfmt_values = st.one_of(
    texts.map(lambda text: text.replace(" ", "_")),
    texts.map(quoted),
    numbers.map(str),
    st.sampled_from(['"open', '"\\q"', '"\\u00e9"', "a=b", 'a"b', '"a"b', '""']),
)
logfmt_pieces = st.one_of(
    usual_pairs.map(lambda pair: f"{pair[0]}={quoted(str(pair[1])) if ' ' in str(pair[1]) else pair[1]}"),
    usual_pairs.map(lambda pair: f"{pair[0]}={quoted(str(pair[1]))}"),
    st.tuples(keys, logfmt_values).map("=".join),
    st.sampled_from(["status", "=500", '"word"', "größe=1", "a.b=2", "user=", "-"]),
)
logfmt_lines = st.tuples(st.sampled_from([" ", " ", "  ", "\t"]), st.lists(logfmt_pieces, max_size=6)).map(
    lambda made: made[0].join(made[1])
)
klog_lines = st.tuples(st.sampled_from("IWEF"), texts, texts).map(
    lambda made: f'{made[0]}0312 02:13:45.212192       1 server.go:10] {made[1]} "pod"="{made[2]}"'
)
access_lines = st.tuples(
    st.sampled_from(["10.0.0.7", "10.0.0.70", "192.168.1.1", "2001:db8::1"]),
    st.sampled_from(["GET", "POST"]),
    st.sampled_from(["/item/7", "/pay", "/"]),
    st.sampled_from([200, 404, 500, 503]),
    st.integers(0, 3000),
).map(lambda made: f'{made[0]} - - [22/Nov/2026:20:00:00 +0000] "{made[1]} {made[2]} HTTP/1.1" {made[3]} {made[4]}')
WORDS = ["timeout", "Timeout", "500", "error", "ERROR", "WARN", "pool", "10.0.0.7", "10.0.0.7.", "x10.0.0.7:80", "GET"]
plain_lines = st.lists(st.sampled_from(WORDS) | texts, max_size=5).map(" ".join)
coloured_lines = st.tuples(texts, texts).map(lambda made: f"\x1b[31mERROR\x1b[0m {made[0]} \x1b[1;32m{made[1]}\x1b[m")
odd_lines = st.one_of(
    st.sampled_from(["", " ", "\t", "nul\x00byte", "cr\r", "\x7f", "\u2028", "🦄 timeout", "e\u0301", "x" * 3000]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\ufffd"), max_size=20),
    st.text(string.punctuation + " 5a", max_size=12),
)
trace_lines = st.sampled_from(["\tat a.b.C(C.java:1)", "Caused by: x.YException: timeout", "    frame 500"])
KINDS = {
    "json": json_lines() | json_lines() | json_lines() | broken_json,
    "logfmt": logfmt_lines,
    "access": access_lines,
    "plain": plain_lines | klog_lines | coloured_lines | trace_lines,
    "odd": odd_lines,
}
lines = st.one_of(list(KINDS.values()))


def batches(kind: str) -> st.SearchStrategy[list[tuple[int, str]]]:
    """Return lines, mostly of one kind, each with the number of its stream."""
    return st.lists(
        st.tuples(st.integers(0, len(STREAMS) - 1), st.one_of(KINDS[kind], KINDS[kind], KINDS[kind], lines)),
        min_size=6,
        max_size=25,
    )
