"""JSON over several lines: every word as it was written, only the space between them is ours."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.json_text import find_object

if TYPE_CHECKING:
    from hallucino_tui.logs.json_text import Branch, Node

_STEP: Final = 2
_LEAST_WIDTH: Final = 20
_SEVERAL_LINES: Final = 1 << 30
_ESCAPE: Final = re.compile(r"\\(.)")
_SPREAD: Final = {"n": "\n", "t": "    ", "r": ""}


class Kind(enum.Enum):
    """What a piece of pretty JSON is, for who colours it."""

    PLAIN = "plain"
    MARK = "mark"
    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"


class Part(NamedTuple):
    """A piece of a line."""

    text: str
    kind: Kind


def pretty(text: str, width: int) -> list[str] | None:
    """Return a text that is or ends with a JSON object over several lines, None if there is nothing to do.

    Keys keep their order and numbers their digits. A string with newlines (a stack trace) is spread over lines.

    Args:
        text: The line of the log; nothing is done for one of more than `MOST_TEXT` characters.
        width: Cells that an object or array may take to stay on one line.
    """
    lines = pretty_parts(text, width)
    if lines is None or (len(lines) == 1 and len(text) <= width):
        return None
    return ["".join(part.text for part in line) for line in lines]


def pretty_parts(text: str, width: int) -> list[list[Part]] | None:
    """Return the lines of `pretty` as their parts, also if that is one line; None for what is no JSON."""
    found = find_object(text)
    if found is None:
        return None
    layout = _Layout(max(width, _LEAST_WIDTH))
    head = text[: found.start]
    if head.strip():
        layout.add(head, Kind.PLAIN)
    layout.put(found.root, 0, 0)
    return layout.lines


class _Layout:
    """Writes a tree line by line."""

    def __init__(self, width: int) -> None:
        self.lines: list[list[Part]] = [[]]
        self._width = width
        self._cells = 0
        self._widths: dict[int, int] = {}

    def add(self, text: str, kind: Kind) -> None:
        """Go on with the last line."""
        self.lines[-1].append(Part(text, kind))
        self._cells += len(text)

    def put(self, node: Node, indent: int, behind: int) -> None:
        """Write a value.

        Args:
            node: The value.
            indent: Cells in front of the line that it begins in.
            behind: Cells that follow it in its last line.
        """
        if isinstance(node, str):
            self._put_scalar(node, indent)
        elif self._cells + self._flat(node) + behind <= self._width or not node.items:
            self._put_flat(node)
        else:
            self._put_branch(node, indent)

    def _put_branch(self, branch: Branch, indent: int) -> None:
        self.add("{" if branch.is_object else "[", Kind.MARK)
        last = len(branch.items) - 1
        for number, (key, value) in enumerate(branch.items):
            self._new_line(indent + _STEP)
            self._put_key(key)
            comma = number < last
            self.put(value, indent + _STEP, int(comma))
            if comma:
                self.add(",", Kind.MARK)
        self._new_line(indent)
        self.add("}" if branch.is_object else "]", Kind.MARK)

    def _put_flat(self, node: Node) -> None:
        if isinstance(node, str):
            self.add(node, _kind(node))
            return
        self.add("{" if node.is_object else "[", Kind.MARK)
        for number, (key, value) in enumerate(node.items):
            if number:
                self.add(", ", Kind.MARK)
            self._put_key(key)
            self._put_flat(value)
        self.add("}" if node.is_object else "]", Kind.MARK)

    def _put_key(self, key: str) -> None:
        if key:
            self.add(key, Kind.KEY)
            self.add(": ", Kind.MARK)

    def _put_scalar(self, token: str, indent: int) -> None:
        first, *others = _spread(token) or [token]
        self.add(first, _kind(token))
        for line in others:
            self._new_line(indent + _STEP)
            self.add(line, Kind.TEXT)

    def _new_line(self, indent: int) -> None:
        self.lines.append([Part(" " * indent, Kind.MARK)] if indent else [])
        self._cells = indent

    def _flat(self, node: Node) -> int:
        """Return how many cells a value takes on one line."""
        if isinstance(node, str):
            return _SEVERAL_LINES if _spread(node) else len(node)
        width = self._widths.get(id(node))
        if width is None:
            width = 2 * max(len(node.items), 1)
            for key, value in node.items:
                width += self._flat(value) + (len(key) + 2 if key else 0)
            self._widths[id(node)] = width
        return width


def _kind(token: str) -> Kind:
    if token[0] == '"':
        return Kind.TEXT
    return Kind.WORD if token in {"true", "false", "null"} else Kind.NUMBER


def _spread(token: str) -> list[str] | None:
    """Return a string with newlines inside as its lines, None for any other value."""
    if "\\n" not in token:
        return None
    lines = _ESCAPE.sub(lambda match: _SPREAD.get(match[1], match[0]), token).split("\n")
    # A newline at the end alone is no reason.
    return lines if len(lines) > 2 or (len(lines) == 2 and lines[1] != '"') else None
