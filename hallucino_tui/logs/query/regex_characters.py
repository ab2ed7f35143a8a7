"""Single characters and classes of characters in regular expressions."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.logs.query.regex_tree import Kind, Node, RegexSyntaxError

_PROPERTY: Final = re.compile(r"\\[pP](?:\{[^{}]+\}|[^{}])")
_NAMED_CLASS: Final = re.compile(r"\[:\^?([a-z]+):\]")
_CLASSES: Final = frozenset({
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
})  # fmt: skip
_CHARACTER: Final = re.compile(r"\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2})|([afnrtv]))")
_SPECIAL_IN_RUST: Final = frozenset("\\.+*?()|[]{}^$#&-~")
SHORTHANDS: Final = {
    r"\d": "[0-9]", r"\D": "[^0-9]",
    r"\s": r"[\t\n\f\r ]", r"\S": r"[^\t\n\f\r ]",
    r"\w": "[0-9A-Za-z_]", r"\W": "[^0-9A-Za-z_]",
}  # fmt: skip
_NAMED: Final = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class CharacterReader:
    """Reads characters and classes of them, and writes down how Rust spells them.

    Attributes:
        pattern: The regular expression.
        position: The index of the next character.
        written: What has been read, in Rust's notation.
        flags: The letters of the flags that are on.
        is_portable: Whether Python's `re` would read it the same way.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.written: list[str] = []
        self.flags = ""
        self.is_portable = True
        self._last_named = pattern.rfind(":]")

    def take(self, width: int) -> None:
        """Go on, where the notations are the same."""
        self.written.append(self.pattern[self.position : self.position + width])
        self.position += width

    def shorthand(self) -> str | None:
        r"""Take ``\d`` and its like, or a Unicode property."""
        start = self.position
        letter = self.pattern[start + 1 : start + 2]
        if letter in {"p", "P"}:
            self.is_portable = False
            match = _PROPERTY.match(self.pattern, start)
            if match is None:
                raise RegexSyntaxError("this is no property of characters such as \\pL or \\p{Greek}", start)
            self.position = match.end()
            return match[0]
        if letter and letter in "dDsSwW":
            self.position += 2
            return self.pattern[start : start + 2]
        return None

    def character(self) -> str:
        """Take an escape that stands for one character."""
        start = self.position
        letter = self.pattern[start + 1 : start + 2]
        if not letter:
            raise RegexSyntaxError("there is a lone backslash at the end", start)
        match = _CHARACTER.match(self.pattern, start)
        if match is not None:
            self.is_portable &= match[1] is None and match[3] is None
            self.position = match.end()
            if match[4]:
                return _NAMED[match[4]]
            code = int(match[3], 8) if match[3] else int(match[1] or match[2], 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise RegexSyntaxError("there is no character of this code", start)
            return chr(code)
        if letter.isascii() and not letter.isalnum():
            self.position += 2
            return letter
        if letter in "123456789":
            raise RegexSyntaxError("back references are not supported", start)
        raise RegexSyntaxError(f"\\{letter} has no meaning", start)

    def character_class(self) -> Node:
        """Take a class of characters in brackets."""
        pattern, start = self.pattern, self.position
        self.take(2 if pattern.startswith("[^", start) else 1)
        first, singles = self.position, set[str]()
        is_plain = self.position == start + 1
        while self.position == first or not pattern.startswith("]", self.position):
            if self.position >= len(pattern):
                raise RegexSyntaxError("this class of characters is not closed", start)
            if named := _NAMED_CLASS.match(pattern, self.position):
                if named[1] not in _CLASSES:
                    raise RegexSyntaxError(f"there is no class {named[0]}", self.position)
                self.take(len(named[0]))
                self.is_portable = is_plain = False
            elif pattern.startswith("[:", self.position) and self.position + 2 <= self._last_named:
                raise RegexSyntaxError("there is no such class of characters", self.position)
            elif pattern.startswith("\\", self.position) and (shorthand := self.shorthand()) is not None:
                self.written.append(SHORTHANDS.get(shorthand, shorthand))
                is_plain = False
            else:
                low, high = self._range()
                is_plain &= low == high
                singles.add(low)
        self.take(1)
        return self._as_node(pattern[start : self.position], singles if is_plain else set())

    def _range(self) -> tuple[str, str]:
        start = self.position
        low = high = self._class_character()
        rest = self.pattern[self.position : self.position + 2]
        if len(rest) == 2 and rest[0] == "-" and rest[1] != "]":
            self.position += 1
            high = self._class_character()
            if high < low:
                raise RegexSyntaxError("this range is the wrong way round", start)
        self.written.append(in_rust(low) if low == high else f"{in_rust(low)}-{in_rust(high)}")
        return low, high

    def _class_character(self) -> str:
        char = self.pattern[self.position : self.position + 1]
        if char == "\\":
            return self.character()
        if char in {"[", "&", "~", "-"}:
            self.is_portable = False  # Python warns of them: they may be set operations one day
        self.position += 1
        return char

    def _as_node(self, written: str, singles: set[str]) -> Node:
        """Make a class of one character, or of one letter in both cases, the literal that it is."""
        ignore_case = "i" in self.flags
        if len(singles) == 1 and not (ignore_case and (char := min(singles)).lower() != char.upper()):
            return Node(Kind.LITERAL, min(singles))
        if len(singles) <= 2 and len({char.lower() for char in singles}) == 1 and singles:
            return Node(Kind.LITERAL, min(singles), ignore_case=True)
        return Node(Kind.CLASS, written + ("i" if ignore_case else ""))


def in_rust(char: str) -> str:
    """Write a character that stands for itself in Rust's notation."""
    if char in _SPECIAL_IN_RUST:
        return "\\" + char
    return char if char.isprintable() else f"\\x{{{ord(char):x}}}"
