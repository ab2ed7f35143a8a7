"""The words and signs that a query consists of, cut as Loki cuts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.durations import parse_literal
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.go_strings import unquote
from hallucino_tui.logs.query.numerals import scan_number
from hallucino_tui.logs.query.sizes import parse_size

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS: Final = frozenset({
    "and", "bool", "by", "decolorize", "drop", "group_left", "group_right", "ignoring", "json", "keep", "label_format",
    "line_format", "logfmt", "of", "offset", "on", "or", "pattern", "regexp", "unless", "unpack", "unwrap", "variants",
    "without",
})  # fmt: skip
"""Words of the language. They cannot be names of labels, whatever their case."""

FUNCTIONS: Final = frozenset({
    "absent_over_time", "approx_topk", "avg", "avg_over_time", "bottomk", "bytes", "bytes_over_time", "bytes_rate",
    "count", "count_over_time", "duration", "duration_seconds", "first_over_time", "ip", "label_replace",
    "last_over_time", "max", "max_over_time", "min", "min_over_time", "quantile_over_time", "rate", "rate_counter",
    "sort", "sort_desc", "stddev", "stddev_over_time", "stdvar", "stdvar_over_time", "sum", "sum_over_time", "topk",
    "vector",
})  # fmt: skip
"""Words of the language only where a parenthesis follows."""

SYMBOLS: Final = (
    "|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", "<=", ">=",
    "=", "<", ">", "|", "{", "}", "(", ")", ",", ".", "+", "-", "*", "/", "%", "^", "]",
)  # fmt: skip

_ODD: Final = "this character cannot be in a query"
_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_SYMBOL: Final = re.compile("|".join(map(re.escape, SYMBOLS)))
_NUMBER: Final = re.compile(r"\.?[0-9]")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_CALL: Final = re.compile(r"\s*(?:\(|(?:by|without)\s*\()", re.IGNORECASE)
_STRING: Final = re.compile(r'"((?:[^"\\\n]|\\[^\n])*)"')
_RAW: Final = re.compile(r"`([^`]*)`")
_FLAG: Final = re.compile(r"--(?:strict|keep-empty)(?![^\W\d_]|-)")
_DURATION_REST: Final = re.compile("[0-9.nu\N{MICRO SIGN}mshdwy]{1,200}")
_SIZE_REST: Final = re.compile("[0-9.BikKMGTP]{1,200}")
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query.

    Attributes:
        kind: "word", "string", "number", "duration", "size", "flag", "range", "function", "ip", "end", or the keyword
            or sign that it is.
        text: How it is written.
        start: The index of its first character.
        value: What it stands for: a string's text; nanoseconds; bytes.
    """

    kind: str
    text: str
    start: int
    value: str | int = ""

    @property
    def column(self) -> int:
        """Where it begins, counted from 1."""
        return self.start + 1

    @property
    def end(self) -> int:
        """The index after its last character."""
        return self.start + len(self.text)


def tokens_of(text: str) -> Iterator[Token]:
    """Cut a text into tokens, one at a time; the last is of the kind "end".

    Raises:
        QueryError: What comes next is no token.
    """
    position = 1 if text.startswith("\ufeff") else 0
    while True:
        blank = _BLANK.match(text, position)
        position = blank.end() if blank else position
        if position >= len(text):
            yield Token("end", "", len(text))
            return
        token = _next(text, position)
        broken = _NO_TEXT.search(token.text)
        if broken:
            raise QueryError(_ODD, position + broken.start() + 1)
        yield token
        position = token.end


def _next(text: str, start: int) -> Token:
    if text[start] in '"`':
        return _string(text, start)
    if _NUMBER.match(text, start):
        return _number(text, start)
    word = _WORD.match(text, start)
    return _word(word) if word is not None else _sign(text, start)


def _sign(text: str, start: int) -> Token:
    char = text[start]
    special = _after_minus(text, start) if char == "-" else _range(text, start) if char == "[" else None
    if special is not None:
        return special
    if text.startswith("/*", start):
        raise QueryError("this comment is not closed", start + 1, "*/ after it")
    symbol = _SYMBOL.match(text, start)
    if symbol is not None:
        return Token(symbol[0], symbol[0], start)
    wanted = 'text in double quotes, "...", or in backticks' if char == "'" else ""
    raise QueryError(f"the character {char} has no meaning here" if char.isprintable() else _ODD, start + 1, wanted)


def _word(match: re.Match[str]) -> Token:
    word = match[0]
    lower = word.lower()
    if lower in FUNCTIONS:
        if not _CALL.match(match.string, match.end()):
            return Token("word", word, match.start(), word)
        return Token("ip" if lower == "ip" else "function", word, match.start(), lower)
    if lower in KEYWORDS:
        return Token(lower, word, match.start(), lower)
    return Token("word", word, match.start(), word)


def _string(text: str, start: int) -> Token:
    is_raw = text[start] == "`"
    match = (_RAW if is_raw else _STRING).match(text, start)
    if match is None:
        line_end = -1 if is_raw else text.find("\n", start)
        what = "the text ends inside of a string" if line_end < 0 else "the line ends inside of a string"
        raise QueryError(what, (len(text) if line_end < 0 else line_end) + 1, "the closing quote")
    return Token("string", match[0], start, match[1] if is_raw else unquote(match[1], start + 2))


def _number(text: str, start: int) -> Token:
    end = scan_number(text, start)
    duration = _with_unit(text, start, end, "duration")
    return duration or _with_unit(text, start, end, "size") or Token("number", text[start:end], start)


def _after_minus(text: str, start: int) -> Token | None:
    flag = _FLAG.match(text, start)
    if flag is not None:
        return Token("flag", flag[0], start, flag[0])
    return _with_unit(text, start, start + 1, "duration")


def _with_unit(text: str, start: int, end: int, kind: str) -> Token | None:
    """Return a number with its unit, if the characters after the number make it one."""
    rest = (_DURATION_REST if kind == "duration" else _SIZE_REST).match(text, end)
    if rest is None:
        return None
    written = text[start : rest.end()]
    try:
        value = parse_literal(written) if kind == "duration" else parse_size(written)
    except ValueError:
        return None
    return Token(kind, written, start, value)


def _range(text: str, start: int) -> Token:
    end = text.find("]", start)
    if end < 0:
        raise QueryError("this bracket is not closed", start + 1, "]")
    return Token("range", text[start : end + 1], start)
