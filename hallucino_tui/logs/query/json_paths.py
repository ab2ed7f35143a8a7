"""Reading single values of a JSON line by where they are."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.query.json_line import JsonError, JsonLine, Kind, Value, label_text

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]

_KINDS: Final = {"{": Kind.OBJECT, "[": Kind.ARRAY}


class PathValues(NamedTuple):
    """The value at each path, None where there is none; and Loki's words if one of those is broken."""

    found: list[str | None]
    fault: str


def read_paths(line: str, paths: list[Path]) -> PathValues:
    """Return the values at some paths. A line that is broken behind them does not matter."""
    found: list[str | None] = []
    fault = ""
    for path in paths:
        reader = JsonLine(line)
        top = Value(Kind.OBJECT if line.startswith("{") else Kind.ARRAY, 0, len(line))
        try:
            value = next(_at(reader, top, path), None)
        except JsonError as error:
            value = None
            if error.key == path[-1]:
                fault = str(error)
        found.append(None if value is None else _shown(reader, value))
    return PathValues(found, fault)


def _at(reader: JsonLine, value: Value, path: Path) -> Iterator[Value]:
    """Give the values at a path, the first one first: a property may be there twice."""
    if not path:
        yield value
    elif isinstance(path[0], int):
        if value.kind is Kind.ARRAY:
            for item in itertools.islice(reader.items(value.start, value.stop), path[0], path[0] + 1):
                yield from _at(reader, item, path[1:])
    elif value.kind is Kind.OBJECT:
        yield from _in_object(reader, value, path)


def _in_object(reader: JsonLine, value: Value, path: Path) -> Iterator[Value]:
    try:
        for member in reader.members(value.start, value.stop):
            if member.key == path[0]:
                yield from _at(reader, member.value, path[1:])
    except JsonError as error:
        if len(path) == 1 or error.key != path[0] or reader.line[error.start : error.start + 1] not in _KINDS:
            raise
        # The value was cut off; its beginning may still be good.
        yield from _at(reader, Value(_KINDS[reader.line[error.start]], error.start, value.stop), path[1:])


def _shown(reader: JsonLine, value: Value) -> str:
    raw = reader.line[value.start : value.stop]
    if value.kind is Kind.NULL:
        return ""
    return label_text(raw) if value.kind in {Kind.STRING, Kind.ARRAY} else raw
