"""Reading ``key=value`` pairs as Loki does."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hallucino_tui.logs.query.json_line import unescape
from hallucino_tui.logs.query.label_names import REPLACEMENT

_GAP: Final = re.compile(r"[\x00-\x20]*+")
_WORD: Final = re.compile(r"[^\x00-\x20]*+")
_PLAIN: Final = re.compile(r'[^\x00-\x20="]*+')
_QUOTED: Final = re.compile(r'([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_BAD_KEY: Final = "invalid key"
_BAD_QUOTE: Final = "invalid quoted value"
_NO_QUOTE: Final = "unterminated quoted value"
_LONE: Final = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")


class Pairs(NamedTuple):
    """What a line holds, in its order; `fault` is Loki's description of the first thing that is wrong, if asked for."""

    found: list[tuple[str, str]]
    fault: str


class _Fault(NamedTuple):
    what: str
    at: int
    next: int


def read_pairs(line: str, *, strict: bool = False) -> Pairs:
    """Read all pairs of a line; a key that stands alone has the value "".

    Args:
        line: The line.
        strict: Stop at what is wrong. Otherwise it is skipped up to the next space.
    """
    found: list[tuple[str, str]] = []
    position = 0
    while (position := _end(_GAP, line, position)) < len(line):
        pair = _pair(line, position)
        if isinstance(pair, _Fault):
            if strict:
                place = len(line[: pair.at].encode()) + 1
                return Pairs(found, f"logfmt syntax error at pos {place} : {pair.what}")
            position = pair.next
        else:
            key, value, position = pair
            found.append((key, value))
    return Pairs(found, "")


def _pair(line: str, start: int) -> tuple[str, str, int] | _Fault:
    end = _end(_PLAIN, line, start)
    key, after = line[start:end], line[end : end + 1]
    if after == '"' or (after == "=" and not key):
        return _unexpected(line, end)
    if REPLACEMENT in key:
        return _Fault(_BAD_KEY, end, _end(_WORD, line, end) if after == "=" else end)
    if after != "=":
        return key, "", end
    if line[end + 1 : end + 2] == '"':
        return _quoted(line, key, end + 2)
    stop = _end(_PLAIN, line, end + 1)
    if line[stop : stop + 1] in {"=", '"'}:
        return _unexpected(line, stop)
    return key, line[end + 1 : stop], stop


def _quoted(line: str, key: str, start: int) -> tuple[str, str, int] | _Fault:
    match = _QUOTED.match(line, start)
    if match is None:
        return _Fault(_NO_QUOTE, len(line), len(line))
    value = unquote(match[1])
    if value is None:
        return _Fault(_BAD_QUOTE, match.end(), match.end())
    return key, value, match.end()


def unquote(raw: str) -> str | None:
    """Return what is written between quotes, or None if it has an escape that does not exist."""
    if "\\" not in raw:
        return raw
    pieces: list[str] = []
    # Halves of a pair that stand alone are no fault here, unlike in JSON, and a single quote may be escaped.
    for number, part in enumerate(re.split(r"(\\\\|\\')", raw)):
        if number % 2:
            pieces.append(part[1])
            continue
        text = unescape(_LONE.sub(_without_half, part) if _LONE.search(part) else part)
        if text is None:
            return None
        pieces.append(text)
    return "".join(pieces)


def _without_half(match: re.Match[str]) -> str:
    whole = match.string
    if _PAIR.match(whole, match.start()) or (match.start() >= 6 and _PAIR.match(whole, match.start() - 6)):
        return match[0]
    return REPLACEMENT


def _unexpected(line: str, at: int) -> _Fault:
    return _Fault("unexpected '" + line[at] + "'", at, _end(_WORD, line, at))


def _end(form: re.Pattern[str], line: str, position: int) -> int:
    match = form.match(line, position)
    return match.end() if match else position
