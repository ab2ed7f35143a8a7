"""Where in a JSON object a value is: ``a.b[0]["c d"]``."""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = r"[ \t\n]*"
_FIRST: Final = re.compile(rf"{_SPACE}([A-Za-z_][A-Za-z0-9_]*){_SPACE}")
_NEXT: Final = re.compile(
    rf"{_SPACE}(?:\.{_SPACE}([A-Za-z_][A-Za-z0-9_]*)"
    rf"|\[{_SPACE}(?:([0-9]+)|\"([^\"\]\0]*)[\"\]]){_SPACE}\]){_SPACE}"
)
_DIGITS: Final = 19
_LARGEST_INDEX: Final = 2**63 - 1


def parse_json_path(text: str) -> tuple[str | int, ...]:
    """Read a path: names of properties as text, places in arrays as numbers.

    Raises:
        ValueError: It is none.
    """
    steps: list[str | int] = []
    first = _FIRST.match(text)
    position = first.end() if first else 0
    if first:
        steps.append(first[1])
    while position < len(text) or not steps:
        match = _NEXT.match(text, position)
        if match is None or (match[1] and not steps):
            raise ValueError(f"this is no path in a JSON object such as a.b[0], from its character {position + 1} on")
        index = int(match[2][-_DIGITS:]) if match[2] else 0
        if index > _LARGEST_INDEX or (match[2] and match[2][:-_DIGITS].strip("0")):
            raise ValueError("this index is too large")
        steps.append(match[1] or (index if match[2] else match[3]))
        position = match.end()
    return tuple(steps)
