"""What could come next in a query that is being typed. The text need not make sense yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.go_strings import quote, unquote
from hallucino_tui.logs.query.plain import is_query
from hallucino_tui.logs.query.situation import Situation, situation_after
from hallucino_tui.logs.query.tokens import Token, tokens_of
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_MOST: Final = 100
_LEVEL: Final = "level"
_MATCH_OPS: Final = {
    "=": "is this text",
    "!=": "is not this text",
    "=~": "matches this expression",
    "!~": "does not match it",
}
_COMPARE_OPS: Final = {**_MATCH_OPS, ">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
_LINE_OPS: Final = {
    "|=": "the line contains",
    "!=": "the line does not contain",
    "|~": "the line matches",
    "!~": "the line does not match",
    "|>": "the line looks like <_> this",
    "!>": "the line does not look like it",
}
_STAGES: Final = {
    "json": "read JSON properties as labels",
    "logfmt": "read key=value as labels",
    "pattern": 'read labels by "<ip> <_> <path>"',
    "regexp": 'read labels by "(?P<name>...)"',
    "unpack": "open packed JSON",
    "decolorize": "take colours out",
    "line_format": "show another text",
    "label_format": "rename or make labels",
    "drop": "take labels away",
    "keep": "take all other labels away",
}


@dataclass(frozen=True, slots=True)
class CompletionContext:
    """What is known of the lines.

    Attributes:
        label_names: The labels of streams.
        values: The known values of a label or field, by its name.
        fields: Names that parsers have found in lines so far.
    """

    label_names: Sequence[str] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "Sequence[str]"])
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that could come next.

    Attributes:
        text: What is inserted.
        start: Where the part begins that it replaces; it ends at the cursor.
        help: What it is, in a few words.
    """

    text: str
    start: int
    help: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """What has been typed up to the cursor.

    Attributes:
        tokens: What is complete.
        prefix: The beginning of what is not: of a word, or of the text between quotes.
        start: Where that begins.
        in_string: Whether it is the text between quotes.
    """

    tokens: list[Token]
    prefix: str
    start: int
    in_string: bool = False


def complete(text: str, cursor: int, context: CompletionContext) -> list[Completion]:
    """List what could come next at the cursor, the likeliest first. Plain words are not completed."""
    before = text[:cursor]
    if before.strip() and not is_query(before):
        return []
    typed = _typed(before)
    if typed is None:
        return []
    situation = situation_after(typed.tokens)
    if typed.in_string and not situation.place.endswith("value"):
        return []
    if situation.place == "stage" and not typed.prefix and typed.tokens[-1].end == len(before):
        # The bar may also be the first half of a line filter.
        bar = [Completion(op, typed.tokens[-1].start, what) for op, what in _LINE_OPS.items() if op[0] == "|"]
    else:
        bar = []
    return bar + _matching(_offers(situation, context, typed.prefix.casefold()), typed)[: _MOST - len(bar)]


def _typed(before: str) -> _Typed | None:
    """Cut what has been typed; None if the cursor is in a comment, or behind something that is no query."""
    tokens: list[Token] = []
    try:
        tokens.extend(tokens_of(before))
    except QueryError:
        return _unfinished(before, tokens)
    tokens.pop()
    end = tokens[-1].end if tokens else 0
    if before[end:].strip():
        return _Typed(tokens, "", len(before)) if before.endswith("\n") else None
    if tokens and tokens[-1].end == len(before) and (tokens[-1].text[0].isalpha() or tokens[-1].text[0] == "_"):
        word = tokens.pop()
        return _Typed(tokens, word.text, word.start)
    return _Typed(tokens, "", len(before))


def _unfinished(before: str, tokens: list[Token]) -> _Typed | None:
    end = tokens[-1].end if tokens else 0
    rest = before[end:]
    start = end + len(rest) - len(rest.lstrip())
    mark, body = before[start : start + 1], before[start + 1 :]
    if mark == "`" and mark not in body:
        return _Typed(tokens, body, start, in_string=True)
    if mark == '"' and "\n" not in body:
        try:
            return _Typed(tokens, unquote(body.rstrip("\\"), start + 2), start, in_string=True)
        except QueryError:
            return None
    return None


def _offers(situation: Situation, context: CompletionContext, wanted: str) -> Iterator[tuple[str, str]]:
    """List what may come next, with what it is; `wanted` is what has been typed of it, in lower case."""
    place = situation.place
    if place == "start":
        yield "{", "choose streams"
    if place in {"start", "pipeline", "filter next", "names next", "extract next", "assign next"}:
        yield from _LINE_OPS.items()
        yield "|", "a stage"
    if place == "selector name":
        yield from ((name, "label") for name in context.label_names)
    elif place == "selector next":
        yield from ((",", "another label"), ("}", "the end of the selector"))
    elif place == "filter next":
        yield from (("and", "both"), ("or", "one of both"))
    elif place in {"selector op", "filter op"}:
        yield from (_MATCH_OPS if place == "selector op" else _COMPARE_OPS).items()
    elif place in {"selector value", "filter value", "names value"}:
        yield from _values(situation, context, wanted)
    elif place in {"stage", "filter name", "extract", "names", "assign", "assign target"}:
        if place == "stage":
            yield from _STAGES.items()
        yield from _names(place, context)


def _names(place: str, context: CompletionContext) -> Iterator[tuple[str, str]]:
    if place in {"stage", "filter name"}:
        yield _LEVEL, "severity of the line"
    yield from ((name, "field") for name in context.fields)
    yield from ((name, "label") for name in context.label_names)


def _values(situation: Situation, context: CompletionContext, wanted: str) -> Iterator[tuple[str, str]]:
    if situation.name == _LEVEL and situation.place == "filter value" and situation.op not in {"=~", "!~"}:
        yield from ((level.name.lower(), "severity") for level in reversed(Level))
    if situation.op in _MATCH_OPS:
        known = context.values.get(situation.name, ())
        # There may be very many: only what fits is worth quoting.
        fitting = (value for value in known if wanted in value.casefold()) if wanted else known[:_MOST]
        yield from ((quote(value), "value") for value in fitting)


def _matching(offers: Iterable[tuple[str, str]], typed: _Typed) -> list[Completion]:
    """Keep what fits what has been typed: first what begins like it, then what contains it."""
    wanted = typed.prefix.casefold()
    begins: dict[str, Completion] = {}
    contains: dict[str, Completion] = {}
    for text, what in offers:
        is_quoted = text.startswith('"')
        if typed.in_string and not is_quoted:
            continue
        shown = (unquote(text[1:-1], 1) if is_quoted else text).casefold()
        if shown.startswith(wanted) and (text != typed.prefix or typed.in_string):
            begins.setdefault(text, Completion(text, typed.start, what))
        elif wanted and wanted in shown and text != typed.prefix:
            contains.setdefault(text, Completion(text, typed.start, what))
    return [*begins.values(), *(found for text, found in contains.items() if text not in begins)]
