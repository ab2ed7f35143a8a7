"""Regular expressions: which ones the engine can run, and what they are for the rest of the program."""

from __future__ import annotations

import functools
import re
from typing import Final

from hallucino_tui.logs.query.regex_shape import is_list_of_texts, matches_empty
from hallucino_tui.logs.query.regex_syntax import parse_regex
from hallucino_tui.logs.query.regex_tree import Kind, Node, RegexSyntaxError, Syntax

_SPECIAL: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")
_INDENT: Final = 4
"""How far the engine indents the drawing of a wrong expression."""

_IN_ANY_CASE: Final = "(?i)"


def escape(text: str) -> str:
    """Write a text as the regular expression that matches just it, for Go, Rust and Python."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def check_regex(pattern: str) -> None:
    """Check that a regular expression can be run: in linear time, so without look-around and back references.

    Raises:
        RegexSyntaxError: It cannot; a sentence with the place and, where there is one, the way around.
    """
    read(pattern)


@functools.lru_cache(maxsize=256)
def read(pattern: str) -> Syntax:
    """Read a regular expression that Loki and the engine accept.

    Raises:
        RegexSyntaxError: One of them does not.
    """
    syntax = parse_regex(pattern)
    _compile(syntax.for_engine, pattern)
    return syntax


def for_engine(pattern: str) -> str:
    """Write a regular expression in Rust's notation, which is what Polars runs.

    Raises:
        RegexSyntaxError: It is none.
    """
    return read(pattern).for_engine


def can_match_nothing(pattern: str) -> bool:
    """Say whether a regular expression on a whole label matches a label that is missing."""
    return matches_empty(read(pattern).tree)


@functools.lru_cache(maxsize=256)
def is_plain_choice(pattern: str) -> bool:
    """Say whether a regular expression on a whole label is just a choice of texts to Loki."""
    try:
        return is_list_of_texts(parse_regex(pattern).tree)
    except RegexSyntaxError:
        return True


def literal_of(pattern: str) -> str | None:
    """Return the text that a regular expression matches in any case, if it was made from a plain word."""
    if not pattern.startswith(_IN_ANY_CASE):
        return None
    text = re.sub(r"\\(.)", r"\1", pattern[len(_IN_ANY_CASE) :], flags=re.DOTALL)
    return text if in_any_case(text) == pattern else None


def in_any_case(text: str) -> str:
    """Write a text as the regular expression that matches it in any case."""
    return _IN_ANY_CASE + escape(text)


def texts_in(node: Node) -> list[str]:
    """List the literal texts of a tree."""
    if node.kind is Kind.LITERAL:
        return [node.text]
    return [text for part in node.parts for text in texts_in(part)]


def is_quick_in_python(syntax: Syntax) -> bool:
    """Say whether Python's `re` reads the expression the same way, and cannot take exponential time for it."""
    return syntax.is_portable and _repetitions(syntax.tree, inside=False) <= 2


def _repetitions(node: Node, *, inside: bool) -> int:
    """Count repetitions without an upper bound; one within another counts as many."""
    own = 0
    if node.kind is Kind.REPEAT and node.most != 1:
        if inside:
            return 100
        own, inside = int(node.most is None), True
    return own + sum(_repetitions(part, inside=inside) for part in node.parts)


def _compile(pattern: str, source: str) -> None:
    import polars as pl  # noqa: PLC0415 - it takes long to import, and most queries have no regular expression
    from polars.exceptions import PolarsError  # noqa: PLC0415

    try:
        pl.Series([""]).str.contains(pattern)
    except PolarsError as error:
        report = str(error)
    else:
        return
    what = next((line.removeprefix("error: ") for line in report.splitlines() if line.startswith("error: ")), "")
    if "exceeds size limit" in report:
        what = "it is too large when its repetitions are written out"
    caret = next((line for line in report.splitlines() if line.strip().startswith("^")), "")
    position = len(caret) - len(caret.lstrip()) - _INDENT
    raise RegexSyntaxError(
        f"the engine does not take it: {what or report.splitlines()[0]}",
        position if pattern == source and 0 <= position < len(source) else 0,
    )
