"""JSON objects as they are written: the order of keys, the text of numbers and the places of all parts are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import msgspec

MOST_TEXT: Final = 256 << 10
"""Characters of a line that are looked at."""

_TOKEN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+|"', re.DOTALL)
_DEEPEST: Final = 64
_LONGEST_PREFIX: Final = 400
_MOST_TRIES: Final = 4


@dataclass(slots=True)
class Branch:
    """An object or an array.

    Attributes:
        is_object: Whether it is an object.
        start: Where it begins in the text.
        end: Behind its last character.
        items: Keys (with their quotes; "" in an array) and values; a string, number or word is its text in the line.
    """

    is_object: bool
    start: int
    end: int = 0
    items: list[tuple[str, Node]] = field(default_factory=list[Any])


Node = str | Branch


class Embedded(NamedTuple):
    """An object and where it begins; what is in front of it is plain text."""

    start: int
    root: Branch


def read_object(text: str) -> Branch | None:
    """Return the object that a whole text is; None if it is none, or nested deeper than anybody reads.

    A text longer than `MOST_TEXT` is not checked: what is complete in its beginning is returned.
    """
    if not text.lstrip(" \t\r\n").startswith("{"):
        return None
    if len(text) <= MOST_TEXT and not _is_json(text):
        return None
    return _parse(text[:MOST_TEXT], 0)


def find_object(text: str) -> Embedded | None:
    """Return the object that a text ends with, behind a short prefix or none; None if there is none."""
    if len(text) > MOST_TEXT or not text.rstrip().endswith("}"):
        return None
    start = -1
    for _ in range(_MOST_TRIES):
        start = text.find("{", start + 1, _LONGEST_PREFIX)
        if start < 0:
            return None
        # An object begins with a key, or is empty: this spares most of the checks of what is no JSON.
        if text[start + 1 : start + 2] in {'"', "}", " "} and _is_json(text[start:]):
            root = _parse(text, start)
            return None if root is None else Embedded(start, root)
    return None


def string_value(token: str) -> str:
    """Return what a JSON string says."""
    return msgspec.json.decode(token, type=str) if "\\" in token else token[1:-1]


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return False
    return True


def _parse(text: str, start: int) -> Branch | None:
    """Build the tree of the object at `start`; as much of it as there is."""
    root = Branch(is_object=True, start=text.index("{", start), end=len(text))
    stack, key = [root], ""
    for match in _TOKEN.finditer(text, root.start + 1):
        part = match[0]
        if part in {"{", "["}:
            branch = Branch(part == "{", match.start(), len(text))
            stack[-1].items.append((key, branch))
            stack.append(branch)
            key = ""
        elif part in {"}", "]"}:
            stack.pop().end = match.end()
        elif part == ",":
            key = ""
        elif part != ":" and stack[-1].is_object and not key:
            key = part
        elif part not in {":", '"'} and match.end() < len(text):
            stack[-1].items.append((key, part))
        # A quote alone is a string that goes on behind the end of what is looked at.
        if not stack or part == '"':
            break
        if len(stack) > _DEEPEST:
            return None
    return root
