"""Reading a JSON object as Loki does: leniently, up to where it goes wrong.

What was read before that place counts, and what follows the object is not looked at. So a line that was cut off still
has the labels of its beginning.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.logs.query.label_names import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

MALFORMED: Final = "Malformed JSON error"
NO_OBJECT: Final = "Value looks like object, but can't find closing '}' symbol"
NO_ARRAY: Final = "Value is array, but can't find closing ']' symbol"
NO_STRING: Final = "Value is string, but can't find closing '\"' symbol"
NO_TYPE: Final = "Unknown value type"
NO_ESCAPE: Final = "Encountered an invalid escape sequence in a string"

_SPACE: Final = re.compile(r"[ \n\r\t]*+")
_STRING: Final = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_WORD: Final = re.compile(r"[^ \n\r\t,}\]]*+")
_BRACKETS: Final = re.compile(r'"(?:([^"\\]*+(?:\\.[^"\\]*+)*+")|)|([{}\[\]])', re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\(?:([\"\\/bfnrt])|u([dD][89a-fA-F][0-9a-fA-F]{2})\\u([0-9a-fA-F]{4})|u([0-9a-fA-F]{4})|)", re.DOTALL
)
_NAMED: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Kind(enum.Enum):
    """What a value is."""

    STRING = enum.auto()
    NUMBER = enum.auto()
    BOOLEAN = enum.auto()
    NULL = enum.auto()
    OBJECT = enum.auto()
    ARRAY = enum.auto()


class JsonError(ValueError):
    """A line is not JSON, from some place on; ``str()`` is Loki's description of it.

    Attributes:
        key: The property whose value is wrong, None if it is something else.
        start: Where that value begins, or would begin.
    """

    def __init__(self, what: str) -> None:
        self.key: str | None = None
        self.start = 0
        super().__init__(what)


class Value(NamedTuple):
    """Where a value is in its line; for a string, what is between its quotes."""

    kind: Kind
    start: int
    stop: int


class Member(NamedTuple):
    """A property of an object."""

    key: str
    value: Value


class JsonLine:
    """Reads one line."""

    def __init__(self, line: str) -> None:
        self.line = line
        self._ends: dict[int, int] | None = None

    def members(self, start: int, stop: int) -> Iterator[Member]:
        """Give the properties of the object in [`start`, `stop`), one after the other.

        Raises:
            JsonError: It is none, or something is wrong behind the last property that was given.
        """
        position = self._skip(start, stop, NO_OBJECT)
        if self.line[position] != "{":
            raise JsonError(NO_OBJECT)
        position = self._skip(position + 1, stop, MALFORMED)
        comma = -1
        while self.line[position] != "}":
            if self.line[position] != '"':
                raise JsonError(NO_OBJECT)
            key, position = self._key(position + 1, stop)
            position = self._skip(position, stop, MALFORMED)
            if self.line[position] != ":":
                raise JsonError(MALFORMED)
            try:
                value, position = self.value(position + 1, stop)
            except JsonError as error:
                error.key = key
                error.start = after_space(self.line, position + 1)
                raise
            yield Member(key, value)
            position = self._skip(position, stop, NO_ARRAY)
            if self.line[position] == "}":
                return
            if self.line[position] != ",":
                raise JsonError(NO_OBJECT)
            comma = position
            position = self._skip(position + 1, stop, NO_ARRAY)
            if self.line[position] == "}" and position == comma + 1:
                raise JsonError(NO_OBJECT)

    def items(self, start: int, stop: int) -> Iterator[Value]:
        """Give the values of the array in [`start`, `stop`); stops where something is wrong."""
        try:
            position = self._skip(start + 1, stop, MALFORMED)
            while self.line[position] != "]":
                value, position = self.value(position, stop)
                yield value
                position = self._skip(position, stop, NO_ARRAY)
                if self.line[position] != ",":
                    return
                position += 1
        except JsonError:
            return

    def value(self, start: int, stop: int) -> tuple[Value, int]:
        """Return the value that begins at `start` or behind white space, and where it ends.

        Raises:
            JsonError: There is none.
        """
        start = self._skip(start, stop, MALFORMED)
        char = self.line[start]
        if char == '"':
            match = _STRING.match(self.line, start + 1, stop)
            if match is None:
                raise JsonError(NO_STRING)
            return Value(Kind.STRING, start + 1, match.end() - 1), match.end()
        if char in "[{":
            end = self._end(start)
            if end > stop:
                raise JsonError(NO_ARRAY if char == "[" else NO_OBJECT)
            return Value(Kind.ARRAY if char == "[" else Kind.OBJECT, start, end), end
        match = _WORD.match(self.line, start, stop)
        word = match[0] if match else ""
        if word in {"true", "false"}:
            kind = Kind.BOOLEAN
        elif word == "null":
            kind = Kind.NULL
        elif char in "-0123456789":
            kind = Kind.NUMBER
        else:
            raise JsonError(NO_TYPE)
        return Value(kind, start, start + len(word)), start + len(word)

    def text(self, value: Value) -> str:
        """Return the text of a value, as a label has it; "" if a string has an escape that does not exist."""
        raw = self.line[value.start : value.stop]
        if value.kind is not Kind.STRING:
            return raw
        return label_text(raw)

    def _key(self, start: int, stop: int) -> tuple[str, int]:
        match = _STRING.match(self.line, start, stop)
        if match is None:
            raise JsonError(MALFORMED)
        key = unescape(match[0][:-1])
        if key is None:
            raise JsonError(NO_ESCAPE)
        return key, match.end()

    def _skip(self, position: int, stop: int, fault: str) -> int:
        match = _SPACE.match(self.line, position, stop)
        position = match.end() if match else stop
        if position >= stop:
            raise JsonError(fault)
        return position

    def _end(self, start: int) -> int:
        """Return the place behind the bracket that closes the one at `start`, or one beyond the line."""
        if self._ends is None:
            # All at once, or lines that are nothing but brackets would take for ever.
            self._ends = {}
            open_: dict[str, list[int]] = {"}": [], "]": []}
            for match in _BRACKETS.finditer(self.line, start):
                bracket = match[2]
                if bracket is None:
                    if match[1] is None:
                        break  # a string without an end
                elif bracket in "{[":
                    open_["}" if bracket == "{" else "]"].append(match.start())
                elif open_[bracket]:
                    self._ends[open_[bracket].pop()] = match.end()
        return self._ends.get(start, len(self.line) + 1)


def after_space(line: str, position: int) -> int:
    """Return where the white space ends that may begin at a place."""
    match = _SPACE.match(line, position)
    return match.end() if match else position


def label_text(raw: str) -> str:
    """Return what stands between the quotes of a string as the value of a label; "" if it has a wrong escape."""
    text = unescape(raw)
    return "" if text is None else text.replace(REPLACEMENT, " ")


def unescape(raw: str) -> str | None:
    """Return what is written between the quotes of a string, or None if it has an escape that does not exist."""
    if "\\" not in raw:
        return raw
    pieces: list[str] = []
    position = 0
    for match in _ESCAPE.finditer(raw):
        named, high, low, code = match.groups()
        pieces.append(raw[position : match.start()])
        position = match.end()
        if named is not None:
            pieces.append(_NAMED[named])
        elif code is not None and not 0xD800 <= int(code, 16) <= 0xDFFF:
            pieces.append(chr(int(code, 16)))
        elif low is not None and int(low, 16) >= 0xDC00:
            point = 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00
            pieces.append(chr(point) if point <= 0x10FFFF else REPLACEMENT)
        else:
            return None
    pieces.append(raw[position:])
    return "".join(pieces)
