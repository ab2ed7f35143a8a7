"""Writes a query in its canonical form: what Loki's ``format_query`` gives, on one line."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from hallucino_tui.logs.query import ast
from hallucino_tui.logs.query.durations import format_duration
from hallucino_tui.logs.query.go_strings import quote
from hallucino_tui.logs.query.numerals import format_number
from hallucino_tui.logs.query.regex import is_plain_choice
from hallucino_tui.logs.query.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable


@functools.singledispatch
def write(node: ast.Node) -> str:
    """Write a query or a part of one. A query of all streams without stages is ""."""
    raise TypeError(f"{type(node).__name__} is no part of a query")


@write.register
def write_query(query: ast.Query) -> str:
    """Write a whole query."""
    selector = ["{" + _list(query.matchers, ", ") + "}"] if query.matchers else []
    return " ".join([*selector, *map(write, query.stages)])


def _list(parts: Iterable[ast.Node], separator: str = ",") -> str:
    return separator.join(map(write, parts))


# Parts of line filters and parsers.


@write.register
def _(matcher: ast.Matcher) -> str:
    return f"{matcher.name}{matcher.op.value}{quote(matcher.value)}"


@write.register
def _(term: ast.LineTerm) -> str:
    return f"ip({quote(term.text)})" if term.ip else quote(term.text)


@write.register
def _(stage: ast.LineFilter) -> str:
    op = stage.op.value
    if op.startswith("!"):
        return " ".join(f"{op} {write(term)}" for term in stage.terms)
    return f"{op} {_list(stage.terms, ' or ')}"


@write.register
def _(part: ast.Extraction) -> str:
    return f"{part.name}={quote(part.path)}"


@write.register
def _(stage: ast.Json) -> str:
    return f"| json {_list(stage.extractions)}".rstrip()


@write.register
def _(stage: ast.Logfmt) -> str:
    flags = " --strict" * stage.strict + " --keep-empty" * stage.keep_empty
    return f"| logfmt{flags} {_list(stage.extractions)}".rstrip()


@write.register
def _(stage: ast.Regexp) -> str:
    return f"| regexp {quote(stage.pattern)}"


@write.register
def _(stage: ast.Pattern) -> str:
    return f"| pattern {quote(stage.pattern)}"


@write.register
def _(_stage: ast.Unpack) -> str:
    return "| unpack"


@write.register
def _(_stage: ast.Decolorize) -> str:
    return "| decolorize"


# Label filters.


@write.register
def _(test: ast.NumberTest) -> str:
    return f"{test.name}{_sign(test.op)}{format_number(test.value)}"


@write.register
def _(test: ast.DurationTest) -> str:
    return f"{test.name}{_sign(test.op)}{format_duration(test.value)}"


@write.register
def _(test: ast.BytesTest) -> str:
    # Loki writes nothing as 0B, and then cannot read it: it looks like the beginning of a binary number.
    return f"{test.name}{_sign(test.op)}{format_size(test.value) if test.value else '0kB'}"


def _sign(op: ast.CompareOp) -> str:
    return "==" if op is ast.CompareOp.EQUAL else op.value


@write.register
def _(test: ast.IpTest) -> str:
    return f"{test.name}{'!=' if test.negated else '='}ip({quote(test.pattern)})"


@write.register
def _(test: ast.LevelTest) -> str:
    return f"level{test.op.value}{test.level.name.lower()}"


@write.register(ast.And)
@write.register(ast.Or)
def _(test: ast.And | ast.Or) -> str:
    return _label_test(test)


@write.register
def _(stage: ast.LabelFilter) -> str:
    return f"| {_label_test(stage.test)}"


def _label_test(test: ast.Test) -> str:
    """Write a part of a label filter. Loki puts regular expressions into backticks there, if it needs to run them."""
    if isinstance(test, ast.And | ast.Or):
        join = "," if isinstance(test, ast.And) else "or"
        return f"( {_label_test(test.left)} {join} {_label_test(test.right)} )"
    if isinstance(test, ast.Matcher) and test.op is ast.MatchOp.MATCHES and not is_plain_choice(test.value):
        needs_quotes = not {"`", "\0"}.isdisjoint(test.value)
        return f"{test.name}=~{quote(test.value) if needs_quotes else f'`{test.value}`'}"
    return write(test)


# Formats.


@write.register
def _(stage: ast.LineFormat) -> str:
    return f"| line_format {quote(stage.template)}"


@write.register
def _(part: ast.Assignment) -> str:
    return f"{part.name}={quote(part.value) if part.is_template else part.value}"


@write.register
def _(stage: ast.LabelFormat) -> str:
    return f"| label_format {_list(stage.assignments)}"


@write.register
def _(label: ast.Named) -> str:
    return write(label.matcher) if label.matcher else label.name


@write.register
def _(stage: ast.Drop) -> str:
    return f"| drop {_list(stage.labels)}"


@write.register
def _(stage: ast.Keep) -> str:
    return f"| keep {_list(stage.labels)}"
