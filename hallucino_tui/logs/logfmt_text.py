"""One logfmt line as its pairs, and the names that keys become."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY: Final = re.compile(r'[^\x00-\x20="]*')
_WORD: Final = re.compile(r"[^\x00-\x20]*")
_BLANK: Final = re.compile(r"[\x00-\x20]*")
_QUOTED: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
_ESCAPE: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\(.)", re.DOTALL)
_NAMED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/", "'": "'"}
_MOST_WORDS: Final = 10_000
_OTHER: Final = re.compile(r"[^A-Za-z0-9_]")


def label_name(key: str) -> str:
    """Return the label that a key becomes: letters, digits and ``_``, no digit in front."""
    key = key.strip()
    if "0" <= key[:1] <= "9":
        key = f"_{key}"
    return _OTHER.sub("_", key)


def logfmt_pairs(line: str, most: int) -> Iterator[tuple[str, str]]:
    """Return at most so many pairs of ``key=value`` or ``key="value"``; what is none is stepped over."""
    at = 0
    for _ in range(_MOST_WORDS):
        if at >= len(line) or most <= 0:
            return
        start = _end(_BLANK, line, at)
        stop = _end(_KEY, line, start)
        if start == stop or line[stop : stop + 1] != "=":
            # A word alone, or one of which a quote makes nothing. At least one character is stepped over.
            at = max(_end(_WORD, line, stop), start + 1)
            continue
        value, at = _value(line, stop + 1)
        if value is not None:
            most -= 1
            yield line[start:stop], value


def _value(line: str, start: int) -> tuple[str | None, int]:
    """Return the value that begins somewhere, None if it is malformed, and where it ends."""
    if line[start : start + 1] != '"':
        stop = _end(_KEY, line, start)
        whole = _end(_WORD, line, stop)
        return (line[start:stop] if stop == whole else None), whole
    quoted = _QUOTED.match(line, start)
    return (None, len(line)) if quoted is None else (_unescape(quoted[1]), quoted.end())


def _unescape(body: str) -> str | None:
    """Return the text of a quoted value, None if one of its escapes means nothing."""
    if "\\" not in body:
        return body
    if any(match[1] and match[1] not in _NAMED for match in _ESCAPE.finditer(body)):
        return None
    return _ESCAPE.sub(_character, body)


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    units = bytes.fromhex(match[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace")


def _end(pattern: re.Pattern[str], line: str, start: int) -> int:
    match = pattern.match(line, start)
    return start if match is None else match.end()
