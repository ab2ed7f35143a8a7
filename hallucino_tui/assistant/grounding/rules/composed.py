"""Quotations that put fields of one line together: ``POST /checkout`` of ``"method": "POST", "path": "/checkout"``."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading.line import flat

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.reading.line import Line

_JSON: Final = re.compile(
    r"\"(?P<key>[\w.\-]{1,40})\"\s*:\s*(?:\"(?P<text>(?:[^\"\\]|\\.){1,300})\"|(?P<bare>-?\d[\d.eE+\-]*|true|false|null))"
)
_LOGFMT: Final = re.compile(
    r"(?<![\w.\-\"])(?P<key>[A-Za-z][\w.\-]{0,40})=(?:\"(?P<text>(?:[^\"\\]|\\.){1,300})\"|(?P<bare>[^\s\",;(){}\[\]]{1,200}))"
)
_BETWEEN: Final = re.compile(r"[\s:,;=|\u2192>]+")
_PAIR: Final = re.compile(r"(?P<key>[\w.\-]+)\s*[=:]\s*(?P<value>\S.*)")
_FEWEST = 2


def is_composed(quote: str, line: Line) -> bool:
    """Say whether a quotation is nothing but whole values of the fields of a line, or one of them with its key."""
    fields = _fields(line.text)
    if len(fields) < _FEWEST:
        return False
    wanted = flat(quote)
    if (pair := _PAIR.fullmatch(wanted)) and (pair["key"], pair["value"]) in fields:
        return True
    return _is_made_of(wanted, frozenset(value for _, value in fields))


def has_other_value(key: str, value: str, line: Line) -> bool:
    """Say whether a line has a field of that name, but never with that value."""
    values = {there for name, there in _fields(line.text) if name == flat(key)}
    return bool(values) and not any(flat(value) in there for there in values)


@functools.lru_cache(maxsize=1024)
def _fields(text: str) -> frozenset[tuple[str, str]]:
    """Return the keys and values of a line that is JSON or logfmt, as quotations are compared."""
    matches = (*_JSON.finditer(text), *_LOGFMT.finditer(text))
    return frozenset((flat(match["key"]), flat(match["text"] or match["bare"])) for match in matches)


def _is_made_of(wanted: str, values: frozenset[str]) -> bool:
    """Say whether a text is a row of two values or more with blanks or signs between them."""
    at, parts = 0, 0
    while at < len(wanted):
        part = max((value for value in values if value and wanted.startswith(value, at)), key=len, default="")
        if not part:
            return False
        at += len(part)
        parts += 1
        between = _BETWEEN.match(wanted, at)
        if at < len(wanted) and between is None:
            return False
        at = between.end() if between else at
    return parts >= _FEWEST
