"""Reading everything that a JSON line holds."""

from __future__ import annotations

import json
from typing import Final, NamedTuple, cast

from hallucino_tui.logs.query.json_line import MALFORMED, JsonError, JsonLine, Kind, after_space
from hallucino_tui.logs.query.label_names import REPLACEMENT, label_name, nested_name

_DEEPEST: Final = 1000


class Properties(NamedTuple):
    """What a line holds: names of labels and their values in its order, and Loki's words if it is broken."""

    found: list[tuple[str, str]]
    fault: str


def read_properties(line: str) -> Properties:
    """Read all texts, numbers and truth values of an object, also of those inside of it; arrays are left out."""
    return _read_strictly(line) or _read_leniently(line)


def _read_strictly(line: str) -> Properties | None:
    """Read a line with the standard library, ten times as fast; None if it might see it differently."""
    if "\\u" in line:
        return None  # halves of a pair that stand alone are no fault there
    try:
        top, _ = _DECODER.raw_decode(line, after_space(line, 0))
    except (ValueError, RecursionError):
        return None
    if not isinstance(top, tuple):
        return None
    found: list[tuple[str, str]] = []
    _flatten(cast(_Pairs, top), (), found)
    return Properties(found, "")


def _flatten(pairs: _Pairs, outer: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    for key, value in pairs:
        if isinstance(value, tuple):
            _flatten(cast(_Pairs, value), (*outer, key), found)
        elif value is not None and not isinstance(value, list):
            text = str(value).lower() if isinstance(value, bool) else str(value).replace(REPLACEMENT, " ")
            found.append((nested_name((*outer, key)) if outer else label_name(key), text))


def _read_leniently(line: str) -> Properties:
    reader = JsonLine(line)
    found: list[tuple[str, str]] = []
    keys: list[str] = []
    inner = [reader.members(0, len(line))]
    try:
        while inner:
            member = next(inner[-1], None)
            if member is None:
                inner.pop()
                if keys:
                    keys.pop()
            elif member.value.kind is Kind.OBJECT:
                if len(inner) == _DEEPEST:
                    return Properties(found, MALFORMED)
                keys.append(member.key)
                inner.append(reader.members(member.value.start, member.value.stop))
            elif member.value.kind in {Kind.STRING, Kind.NUMBER, Kind.BOOLEAN}:
                name = nested_name((*keys, member.key)) if keys else label_name(member.key)
                found.append((name, reader.text(member.value)))
    except JsonError as error:
        return Properties(found, str(error))
    return Properties(found, "")


def _refuse(word: str) -> None:
    raise ValueError(word)


_Pairs = tuple[tuple[str, object], ...]
_DECODER: Final = json.JSONDecoder(
    strict=False, object_pairs_hook=tuple, parse_float=str, parse_int=str, parse_constant=_refuse
)
