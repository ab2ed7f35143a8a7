"""Reads what stands after a pipe: parsers, label filters and formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.ast import (
    Assignment,
    Decolorize,
    Drop,
    Extraction,
    Json,
    Keep,
    LabelFilter,
    LabelFormat,
    LineFormat,
    Logfmt,
    Named,
    Pattern,
    Regexp,
    Stage,
    Unpack,
)
from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.json_path import parse_json_path
from hallucino_tui.logs.query.label_filter import read_label_filter
from hallucino_tui.logs.query.logfmt_key import parse_logfmt_key
from hallucino_tui.logs.query.patterns import check_extraction, parse_pattern
from hallucino_tui.logs.query.regex import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.logs.query.reader import Reader
    from hallucino_tui.logs.query.tokens import Token

_STAGES: Final = "the name of a stage (json, logfmt, pattern, regexp, line_format, ...) or of a label"
_LABEL: Final = "the name of a label"
_ERROR_LABEL: Final = "__error__"


def read_stage(reader: Reader) -> Stage:
    """Read a stage whose pipe has been taken."""
    kind = reader.ahead.kind
    if kind in _READERS:
        return _READERS[kind](reader, reader.take())
    if kind in {"word", "("}:
        return LabelFilter(read_label_filter(reader))
    reader.name(_STAGES)
    raise reader.unexpected(reader.ahead, _STAGES)


def _json(reader: Reader, _: Token) -> Stage:
    return Json(_extractions(reader, parse_json_path) if reader.ahead.kind == "word" else ())


def _logfmt(reader: Reader, _: Token) -> Stage:
    flags = set[str]()
    while reader.ahead.kind == "flag":
        flags.add(reader.take().text)
    if reader.ahead.kind == "-":
        raise reader.unexpected(reader.ahead, "--strict or --keep-empty, the flags of logfmt")
    extractions = _extractions(reader, parse_logfmt_key) if reader.ahead.kind == "word" else ()
    return Logfmt("--strict" in flags, "--keep-empty" in flags, extractions)


def _extractions(reader: Reader, check: Callable[[str], object]) -> tuple[Extraction, ...]:
    found: list[Extraction] = []
    while not found or _comma(reader):
        name = origin = reader.name(_LABEL)
        if reader.ahead.kind == "=":
            reader.take()
            origin = reader.expect("string", "text in quotes that says where the label comes from")
        path = str(origin.value)
        try:
            check(path)
        except ValueError as error:
            raise reader.error(str(error), origin) from None
        found.append(Extraction(name.text, path))
    return tuple(found)


def _regexp(reader: Reader, _: Token) -> Stage:
    token = reader.expect("string", "a regular expression in quotes")
    reader.check_regex(token)
    pattern = str(token.value)
    if not read(pattern).names:
        raise reader.error("the regular expression has no named group such as (?P<name>...)", token)
    return Regexp(pattern)


def _pattern(reader: Reader, _: Token) -> Stage:
    token = reader.expect("string", 'a pattern in quotes, as in "<ip> <_> <path>"')
    pattern = str(token.value)
    try:
        check_extraction(parse_pattern(pattern))
    except ValueError as error:
        raise reader.error(str(error), token) from None
    return Pattern(pattern)


def _line_format(reader: Reader, _: Token) -> Stage:
    token = reader.expect("string", 'a template in quotes, as in "{{.method}} {{.path}}"')
    _check_template(reader, token)
    return LineFormat(str(token.value))


def _label_format(reader: Reader, _: Token) -> Stage:
    parts: dict[str, Assignment] = {}
    while not parts or _comma(reader):
        name = reader.name(_LABEL)
        if name.text == _ERROR_LABEL:
            raise reader.error(f"{_ERROR_LABEL} cannot be set", name)
        if name.text in parts:
            raise reader.error(f"{name.text} is set twice in one label_format", name)
        reader.expect("=", "= and the name of another label or a template in quotes")
        is_template = reader.ahead.kind == "string"
        value = reader.take() if is_template else reader.name("the name of another label or a template in quotes")
        if is_template:
            _check_template(reader, value)
        parts[name.text] = Assignment(name.text, str(value.value), is_template)
    return LabelFormat(tuple(parts.values()))


def _check_template(reader: Reader, token: Token) -> None:
    from hallucino_tui.logs.query.template import parse_template  # noqa: PLC0415 - few queries have one

    try:
        parse_template(str(token.value))
    except QueryError:
        raise
    except ValueError as error:
        raise reader.error(str(error).removesuffix("."), token) from None


def _named(reader: Reader) -> tuple[Named, ...]:
    found: list[Named] = []
    while not found or _comma(reader):
        name = reader.name(_LABEL)
        matcher = None
        if reader.ahead.kind in {"=", "!=", "=~", "!~"}:
            matcher = reader.matcher(name, reader.take())
        found.append(Named(name.text, matcher))
    return tuple(found)


def _comma(reader: Reader) -> bool:
    return reader.ahead.kind == "," and bool(reader.take())


_READERS: Final[dict[str, Callable[[Reader, Token], Stage]]] = {
    "json": _json,
    "logfmt": _logfmt,
    "regexp": _regexp,
    "pattern": _pattern,
    "unpack": lambda _reader, _token: Unpack(),
    "decolorize": lambda _reader, _token: Decolorize(),
    "line_format": _line_format,
    "label_format": _label_format,
    "drop": lambda reader, _token: Drop(_named(reader)),
    "keep": lambda reader, _token: Keep(_named(reader)),
}
