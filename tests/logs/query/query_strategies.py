"""Queries of all the stages that the language has, from the words that the lines are made of."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from hallucino_tui.logs.query import ast
from hallucino_tui.logs.query.ast import CompareOp, LineOp, MatchOp
from hallucino_tui.logs.severity import Level
from tests.logs.query.line_strategies import COMMON, KINDS, USUAL, batches

LITERALS = ["timeout", "500", "error", "größe", "\x1b[31m", '"', "\\", " ", "10.0.0", "日本", "=", "a", "{", "\t"]
REGEXES = [
    "timeout|pool", "(?i)timeout", "(?i)grösse", "^E[0-9]+", "[45][0-9]{2}$", "status.*500", "^$", "^\\{", "a.c|b",
    "^.?$", "\\bpool\\b", "[^ ]+=[^ ]+", "日", "(GET|POST) /", "\\[31m", "o{2}",
]  # fmt: skip
LIKES = ["<_>timeout<_>", "<_>500", "timeout <_>", "<_> - - [<_>] <_>", "timeout", "", "<_>", "<_> <_>", "GET<_>"]
ADDRESSES = ["10.0.0.7", "10.0.0.0/29", "10.0.0.5-10.0.0.9", "2001:db8::/32", "::1", "192.168.0.0/16", "10.0.0.9/24"]


def terms(values: list[str]) -> st.SearchStrategy[tuple[ast.LineTerm, ...]]:
    return st.lists(st.sampled_from(values).map(ast.LineTerm), min_size=1, max_size=2).map(tuple)


literal_terms = st.lists(
    st.sampled_from(LITERALS).map(ast.LineTerm)
    | st.sampled_from(LITERALS).map(ast.LineTerm)
    | st.sampled_from(ADDRESSES).map(lambda address: ast.LineTerm(address, ip=True)),
    min_size=1,
    max_size=3,
).map(tuple)
line_filters = st.one_of(
    st.builds(ast.LineFilter, st.sampled_from([LineOp.CONTAINS, LineOp.NOT_CONTAINS]), literal_terms),
    st.builds(ast.LineFilter, st.sampled_from([LineOp.MATCHES, LineOp.NOT_MATCHES]), terms(REGEXES)),
    st.builds(ast.LineFilter, st.sampled_from([LineOp.LIKE, LineOp.NOT_LIKE]), terms(LIKES)),
)

PATHS = ["status", "msg", "order.id", "order", "items[0]", "items", '["a b"]', 'order["a b"]', "missing", "user.id"]
json_stages = st.one_of(
    st.just(ast.Json()),
    st.just(ast.Json()),
    st.lists(
        st.builds(ast.Extraction, st.sampled_from(["x", "y", "app", "level"]), st.sampled_from(PATHS)),
        min_size=1,
        max_size=2,
        unique_by=(lambda one: one.name, lambda one: one.path),
    ).map(lambda made: ast.Json(tuple(made))),
)
logfmt_stages = st.builds(
    ast.Logfmt,
    st.booleans(),
    st.booleans(),
    st.just(())
    | st.lists(
        st.builds(ast.Extraction, st.sampled_from(["x", "y", "app"]), st.sampled_from(["status", "msg", "user"])),
        max_size=2,
        unique_by=(lambda one: one.name, lambda one: one.path),
    ).map(tuple),
)
regexps = st.sampled_from([
    "(?P<status>[45][0-9]{2})", "(?P<user>[a-z]+) (?P<msg>.*)", "(?P<app>^E)?(?P<x>0)", "^(?P<ip>[0-9.]+) ",
]).map(ast.Regexp)  # fmt: skip
patterns = st.sampled_from([
    '<ip> - - [<_>] "<method> <path> <_>" <status> <size>', "<msg> <_>", "timeout <x>", "<app>=<y> ", "<_>,<x>",
]).map(ast.Pattern)  # fmt: skip
parsers = st.one_of(json_stages, logfmt_stages, regexps, patterns, st.just(ast.Unpack()))
PARSERS = {
    "json": json_stages | json_stages | st.just(ast.Unpack()),
    "logfmt": logfmt_stages,
    "access": regexps | patterns,
    "plain": regexps | patterns,
    "odd": parsers,
}

LABELS = [
    "status", "msg", "dur", "size", "user", "app", "pod", "order_id", "x", "y", "ip", "_1st", "app_extracted",
    "level_extracted", "__error__", "missing", "x_id",
]  # fmt: skip
label_names = st.sampled_from(["status", "msg", "user"]) | st.sampled_from(LABELS)


def mostly(*names: str) -> st.SearchStrategy[str]:
    """Return labels that a test makes sense of, now and then any other."""
    return st.sampled_from([*names, *names, *names, *LABELS]) | st.sampled_from(names)


ANCHORED = ["5..", "timeout|pool.*", ".*error.*", "(?i)TIMEOUT", ".+", ".*", "", "[0-9.]+", "checkout", "JSON.*"]
equalities = st.sampled_from([MatchOp.EQUAL, MatchOp.NOT_EQUAL])
expressions = st.sampled_from([MatchOp.MATCHES, MatchOp.NOT_MATCHES])
usual_values = st.sampled_from([(key, str(value)) for key, values in USUAL.items() for value in values])
matchers = st.one_of(
    st.tuples(usual_values, equalities).map(lambda made: ast.Matcher(made[0][0], made[1], made[0][1])),
    st.builds(ast.Matcher, label_names, equalities, st.sampled_from([*COMMON, "JSONParserErr", "LabelFilterErr"])),
    st.builds(ast.Matcher, label_names, expressions, st.sampled_from(ANCHORED)),
)
level_matchers = st.builds(
    ast.Matcher,
    st.just("level"),
    equalities,
    st.sampled_from(["error", "ERR", "warning", "info", "unknown", "UNKNOWN", "", "no such level"]),
) | st.builds(
    ast.Matcher,
    st.just("level"),
    expressions,
    st.sampled_from(["error|warn", "e.*", "ERROR", "unknown"]),
)
compare_ops = st.sampled_from(list(CompareOp))
SIZES = {"10KB": 10_000, "1MiB": 1 << 20, "20MB": 20_000_000, "1B": 1, "12kB": 12_000}
leaves = st.one_of(
    matchers,
    matchers,
    level_matchers,
    st.builds(
        ast.NumberTest,
        mostly("status", "x"),
        compare_ops,
        st.sampled_from([500.0, 404.0, 12.5, -3.0, 0.0]),
    ),
    st.builds(ast.DurationTest, mostly("dur", "msg"), compare_ops, st.sampled_from([3 * 10**6, 10**9, 5400 * 10**9])),
    st.tuples(mostly("size", "status"), compare_ops, st.sampled_from(list(SIZES))).map(
        lambda made: ast.BytesTest(made[0], made[1], SIZES[made[2]], made[2])
    ),
    st.builds(ast.IpTest, mostly("ip"), st.booleans(), st.sampled_from(ADDRESSES)),
    st.builds(ast.LevelTest, compare_ops, st.sampled_from(list(Level))),
)
tests = st.recursive(
    leaves, lambda inner: st.builds(ast.And, inner, inner) | st.builds(ast.Or, inner, inner), max_leaves=3
)
label_filters = st.builds(ast.LabelFilter, leaves | leaves | tests)

TEMPLATES = ["{{.status}} {{.msg}}", "{{.user}}", "timeout", "<{{.app}}> {{.missing}}", "{{.x}}500"]
new_names = st.sampled_from(["x", "y", "status", "app", "new", "level"])
assignments = st.lists(
    st.builds(ast.Assignment, new_names, st.sampled_from(TEMPLATES), st.just(value=True))
    | st.builds(
        ast.Assignment, new_names, st.sampled_from(["msg", "user", "pod", "missing", "level"]), st.just(value=False)
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda one: one.name,
).map(tuple)
named = st.lists(
    label_names.map(ast.Named) | matchers.map(lambda matcher: ast.Named(matcher.name, matcher)), min_size=1, max_size=3
).map(tuple)
changes = st.one_of(
    st.just(ast.Decolorize()),
    st.builds(ast.LineFormat, st.sampled_from(TEMPLATES)),
    st.builds(ast.LabelFormat, assignments),
    st.builds(ast.Drop, named),
    st.builds(ast.Keep, named),
)

# A selector needs one matcher that wants something.
wanting = st.sampled_from([
    ast.Matcher("namespace", MatchOp.EQUAL, "shop"),
    ast.Matcher("namespace", MatchOp.MATCHES, ".+"),
    ast.Matcher("app", MatchOp.MATCHES, "c.*"),
    ast.Matcher("app", MatchOp.EQUAL, "cart"),
])  # fmt: skip
further = st.one_of(
    st.builds(ast.Matcher, st.sampled_from(["app", "env"]), equalities, st.sampled_from(["shop", "cart", ""])),
    st.builds(
        ast.Matcher, st.sampled_from(["app", "env"]), expressions, st.sampled_from(["c.*", "sho", ".*", "cart|x"])
    ),
)
selectors = st.one_of(
    st.just(()),
    st.just(()),
    st.just(()),
    st.tuples(wanting, st.lists(further, max_size=1)).map(lambda made: (made[0], *made[1])),
)
mixed = st.lists(st.one_of(line_filters, parsers, label_filters, changes), min_size=1, max_size=5).map(tuple)
alone = st.lists(line_filters, min_size=1, max_size=2).map(tuple)


def can_be_written(stages: tuple[ast.Stage, ...]) -> bool:
    """Say whether stages mean the same when they are written down: ``drop a != "b"`` is not ``drop a``, ``!= "b"``."""
    return not any(
        isinstance(one, ast.Drop | ast.Keep)
        and isinstance(other, ast.LineFilter)
        and other.op in {LineOp.NOT_CONTAINS, LineOp.NOT_MATCHES}
        for one, other in itertools.pairwise(stages)
    )


def queries(kind: str) -> st.SearchStrategy[ast.Query]:
    """Return queries that suit lines of one kind."""
    parser = PARSERS[kind] | PARSERS[kind] | parsers
    few = st.tuples(parser, label_filters)
    usual = st.tuples(
        st.lists(line_filters, max_size=1),
        parser.map(lambda stage: [stage]),
        st.lists(label_filters, max_size=2),
        st.lists(changes, max_size=2),
        st.lists(label_filters | line_filters, max_size=1),
    ).map(lambda made: tuple(stage for group in made for stage in group))
    return st.builds(ast.Query, selectors, st.one_of(few, few, usual, usual, alone, mixed).filter(can_be_written))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[list[tuple[int, str]], list[ast.Query]]:
    """Draw lines with the numbers of their streams, and queries about them."""
    kind = draw(st.sampled_from(list(KINDS)))
    return draw(batches(kind)), draw(st.lists(queries(kind), min_size=3, max_size=3))


any_queries = st.sampled_from(list(KINDS)).flatmap(queries)
