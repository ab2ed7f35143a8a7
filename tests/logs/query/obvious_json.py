"""JSON read as Loki reads it: as far as it goes, and no further than asked.

The properties in front of a place where an object is broken count, what stands behind its end is not looked at, and
numbers are whatever begins like one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

SPACE = " \t\n\r"
ENDS = SPACE + ",}]"
CLOSING = {"{": "}", "[": "]"}


class Broken(ValueError):  # noqa: N818 - what is broken is the text
    """The text goes on in a way that is not JSON, or ends too early."""


@dataclass(frozen=True)
class Value:
    """A value: object, array, string, number, boolean or null; and its text, of a string without the quotes."""

    kind: str
    raw: str

    @property
    def label(self) -> str:
        """What a label of this value holds."""
        if self.kind == "null":
            return ""
        return (unescape(self.raw) or "") if self.kind in {"string", "array"} else self.raw


def unescape(raw: str) -> str | None:
    """Return the text of a string from what stands between its quotes, None if one of its escapes means nothing."""
    if "\\" not in raw:
        return raw
    # Only quotes that a backslash protects are in there.
    try:
        text = json.loads('"' + raw.replace('\\"', "\\u0022").replace('"', '\\"') + '"', strict=False)
    except ValueError:
        return None
    return None if re.search("[\ud800-\udfff]", text) else text


def skip(text: str, at: int) -> int:
    """Return the place of the next sign that is no space."""
    while at < len(text) and text[at] in SPACE:
        at += 1
    if at == len(text):
        raise Broken("the end came too early")
    return at


def string_end(text: str, at: int) -> int:
    """Return the place behind the string whose first quote is at `at`."""
    at += 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    if at >= len(text):
        raise Broken("a string without an end")
    return at + 1


def block_end(text: str, at: int) -> int:
    """Return the place behind the bracket that closes the one at `at`; the other kind of brackets does not count."""
    opening, closing, depth = text[at], CLOSING[text[at]], 0
    while at < len(text):
        if text[at] == '"':
            at = string_end(text, at)
            continue
        depth += {opening: 1, closing: -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at
    raise Broken("a bracket without its other")


def value_at(text: str, at: int) -> tuple[Value, int]:
    """Return the value at a place, and the place behind it."""
    at = skip(text, at)
    if text[at] == '"':
        end = string_end(text, at)
        return Value("string", text[at + 1 : end - 1]), end
    if text[at] in CLOSING:
        end = block_end(text, at)
        return Value("object" if text[at] == "{" else "array", text[at:end]), end
    end = at
    while end < len(text) and text[end] not in ENDS:
        end += 1
    word = text[at:end]
    if word in {"true", "false"}:
        return Value("boolean", word), end
    if word == "null":
        return Value("null", word), end
    if word and word[0] in "-0123456789":
        return Value("number", word), end
    raise Broken("a value of no known kind")


@dataclass
class Object:
    """The properties of an object in their order, as far as it could be read.

    Attributes:
        members: Keys and values.
        broken: Whether it goes wrong behind them.
        cut: The key whose value is what is wrong, if it is one, and the text from there on.
    """

    members: list[tuple[str, Value]]
    broken: bool = False
    cut: tuple[str, str] | None = None


def read_object(text: str) -> Object:
    """Read the object that a text begins with."""
    made = Object([])
    try:
        read_members(text, made)
    except Broken:
        made.broken = True
    return made


def read_members(text: str, made: Object) -> None:
    at = skip(text, 0)
    if text[at] != "{":
        raise Broken("no object")
    at = skip(text, at + 1)
    while text[at] != "}":
        if text[at] != '"':
            raise Broken("no key")
        end = string_end(text, at)
        key = unescape(text[at + 1 : end - 1])
        if key is None:
            raise Broken("a key with an escape that means nothing")
        at = skip(text, end)
        if text[at] != ":":
            raise Broken("no colon")
        made.cut = (key, text[at + 1 :].lstrip(SPACE))
        value, end = value_at(text, at + 1)
        made.cut = None
        made.members.append((key, value))
        at = skip(text, end)
        if text[at] == "}":
            return
        if text[at] != ",":
            raise Broken("no comma")
        if text[at + 1 : at + 2] == "}":
            raise Broken("a comma and nothing behind it")
        at = skip(text, at + 1)


def read_array(text: str) -> list[Value]:
    """Return the values of an array, as far as it can be read."""
    found: list[Value] = []
    try:
        at = skip(text, 1)
        while text[at] != "]":
            value, at = value_at(text, at)
            found.append(value)
            at = skip(text, at)
            if text[at] != ",":
                return found
            at += 1
    except Broken:
        pass
    return found


STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_]*)|\["((?:[^"\\]|\\.)*)"\]|\[([0-9]+)\]')


def steps(path: str) -> list[str | int]:
    """Return the keys and the positions of a path such as ``a.b[0]["c d"]``."""
    found: list[str | int] = []
    at = 0
    while at < len(path):
        step = STEP.match(path, at)
        assert step is not None, path
        at = step.end()
        name, quoted, number = step.groups()
        found.append(int(number) if number is not None else name or json.loads(f'"{quoted}"'))
    return found


def follow(text: str, path: list[str | int]) -> Value | None:
    """Return the first value that stands at a path in a text, None if nothing does.

    Raises:
        Broken: Something stands there, but it is no value.
    """
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        reached = read_array(text)[step : step + 1] if text.startswith("[") else []
        cut = None
    else:
        read = read_object(text)
        reached = [value for key, value in read.members if key == step]
        cut = read.cut[1] if read.cut is not None and read.cut[0] == step else None
    for value in reached:
        found = follow(value.raw, rest) if rest and value.kind in {"object", "array"} else None if rest else value
        if found is not None:
            return found
    if cut is None:
        return None
    if not rest:
        raise Broken("no value")
    # What comes first in a value that was cut off may be whole.
    return follow(cut, rest)
