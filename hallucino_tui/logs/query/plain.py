"""What stands in the filter bar: a query if it begins like one, plain words otherwise. And what of it to highlight."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.ast import LineFilter, LineOp, LineTerm, Query
from hallucino_tui.logs.query.parser import parse
from hallucino_tui.logs.query.patterns import parse_pattern
from hallucino_tui.logs.query.regex import in_any_case, is_quick_in_python, literal_of, read, texts_in
from hallucino_tui.logs.words import parse_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGINS: Final = ("{", "|", "!=", "!~", "!>")
_METRIC: Final = re.compile(
    r"\s*\(*\s*[a-z_]{3,30}\s*(?:(?:by|without)\s*)?\([^{]{0,200}\{[^}]{0,400}\}[^\[]{0,400}\[\w+\]"
)
"""How a query with a function begins: ``sum by (pod) (rate({app="a"}[5m]))``."""

_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Needle:
    """A text to highlight in lines.

    Attributes:
        text: The text, or a regular expression that Python's `re` may run on a line without taking long.
        is_regex: Which of the two.
        ignore_case: Whether it is found in any case.
    """

    text: str
    is_regex: bool = False
    ignore_case: bool = False


def is_query(text: str) -> bool:
    """Say whether a text is meant as a query, and not as plain words. A metric query is, and is then refused."""
    return text.lstrip().startswith(_BEGINS) or _METRIC.match(text) is not None


def parse_filter(text: str) -> Query:
    """Read what a user typed as a filter. An empty text is the query that lets all lines through.

    Raises:
        QueryError: It begins like a query and is none.
    """
    if is_query(text):
        return parse(text)
    return Query(
        stages=tuple(
            LineFilter(LineOp.NOT_MATCHES if word.exclude else LineOp.MATCHES, (LineTerm(in_any_case(word.text)),))
            for word in parse_words(text)
        )
    )


def needles(query: Query) -> tuple[Needle, ...]:
    """List what the lines that a query finds contain, in the order of its filters."""
    found = [
        needle
        for stage in query.stages
        if isinstance(stage, LineFilter)
        for term in stage.terms
        if not term.ip
        for needle in _needles(stage.op, term.text)
    ]
    return tuple(dict.fromkeys(needle for needle in found if needle.text))


def _needles(op: LineOp, text: str) -> Iterator[Needle]:
    if op is LineOp.CONTAINS:
        yield Needle(text)
    elif op is LineOp.LIKE:
        yield from (Needle(part) for part in parse_pattern(text) if isinstance(part, str))
    elif op is LineOp.MATCHES:
        yield from _needles_of_regex(text)


def _needles_of_regex(pattern: str) -> Iterator[Needle]:
    word = literal_of(pattern)
    if word is not None:
        yield Needle(word, ignore_case=True)
        return
    syntax = read(pattern)
    ignore_case = pattern.startswith("(?i)")
    text = pattern.removeprefix("(?i)")
    if is_quick_in_python(syntax) and _compiles(text):
        yield Needle(text, is_regex=True, ignore_case=ignore_case)
        return
    # What cannot be run safely on each line that is drawn is shown by the texts in it.
    yield from (
        Needle(part, ignore_case=ignore_case) for part in texts_in(syntax.tree) if len(part.strip()) >= _SHORTEST
    )


def _compiles(pattern: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            re.compile(pattern)
        except (re.error, Warning):
            return False
    return True
