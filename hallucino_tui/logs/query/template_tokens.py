"""Go text templates cut into tokens: the text between actions, and what stands between ``{{`` and ``}}``."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final

_SPACES: Final = " \t\r\n"
_TRIM_LEFT: Final = re.compile(r"-(?=[ \t\r\n])")
_END: Final = re.compile(r"[ \t\r\n]-}}|}}")
_SPACE: Final = re.compile(r"[ \t\r\n]+?(?=[ \t\r\n]-}}|[^ \t\r\n]|\Z)")
_STRING: Final = re.compile(r'"(?:\\[^\n]|[^"\\\n])*"')
_CHARACTER: Final = re.compile(r"'(?:\\[^\n]|[^'\\\n])*'")
_RAW: Final = re.compile(r"`[^`]*`")
_NUMBER: Final = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)"
)
_WORD: Final = re.compile(r"\w+")
_AFTER_WORD: Final = frozenset(" \t\r\n.,|:)(")
_COMMENT_END: Final = re.compile(r"\*/(?:([ \t\r\n]-}})|}})?")


class TokenKind(enum.Enum):
    """What a token is."""

    TEXT = "text"
    OPEN = "{{"
    CLOSE = "}}"
    SPACE = "space"
    WORD = "word"
    FIELD = "field"
    DOT = "dot"
    VARIABLE = "variable"
    NUMBER = "number"
    CHARACTER = "character"
    STRING = "string"
    RAW = "raw string"
    DECLARE = ":="
    ASSIGN = "="
    PIPE = "|"
    COMMA = ","
    LEFT = "("
    RIGHT = ")"
    END = "end"


_MARKS: Final = {
    mark.value: mark for mark in (TokenKind.ASSIGN, TokenKind.PIPE, TokenKind.COMMA, TokenKind.LEFT, TokenKind.RIGHT)
}
_QUOTED: Final = {
    '"': (_STRING, TokenKind.STRING, "the text in double quotes does not end"),
    "`": (_RAW, TokenKind.RAW, "the text in backticks does not end"),
    "'": (_CHARACTER, TokenKind.CHARACTER, "the character in single quotes does not end"),
}


class TemplateSyntaxError(ValueError):
    """A text that is no template. ``str()`` is one sentence: where, and what is wrong.

    Attributes:
        what: What is wrong, as the beginning of a sentence without its full stop.
        position: The index of the character where it goes wrong.
    """

    def __init__(self, what: str, position: int) -> None:
        self.what = what
        self.position = position
        super().__init__(what, position)

    def __str__(self) -> str:
        return f"At character {self.position + 1} of the template: {self.what}."


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a template; `position` is the index of its first character."""

    kind: TokenKind
    text: str
    position: int

    def __str__(self) -> str:
        if self.kind is TokenKind.END:
            return "the end of the template"
        shown = self.text if len(self.text) <= 20 else self.text[:20] + "..."
        return "a space" if self.kind is TokenKind.SPACE else f"'{shown}'"


def tokenize(text: str) -> list[Token]:
    """Cut a template into tokens; the last one is END.

    Raises:
        TemplateSyntaxError: It cannot be cut.
    """
    return _Lexer(text).run()


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._depth = 0
        self._tokens: list[Token] = []
        self._trim_next = False

    def run(self) -> list[Token]:
        while self._position < len(self._text):
            begin = self._text.find("{{", self._position)
            self._plain(begin if begin >= 0 else len(self._text))
            if begin >= 0:
                self._action(begin)
        self._add(TokenKind.END, len(self._text))
        return self._tokens

    def _plain(self, end: int) -> None:
        piece = self._text[self._position : end]
        start = self._position
        if self._trim_next:
            start += len(piece) - len(piece.lstrip(_SPACES))
            piece = piece.lstrip(_SPACES)
            self._trim_next = False
        if _TRIM_LEFT.match(self._text, end + 2):
            piece = piece.rstrip(_SPACES)
        if piece:
            self._tokens.append(Token(TokenKind.TEXT, piece, start))
        self._position = end

    def _action(self, begin: int) -> None:
        inside = begin + 2
        if _TRIM_LEFT.match(self._text, inside):
            inside += 2
        if self._text.startswith("/*", inside):
            self._comment(inside)
            return
        self._add(TokenKind.OPEN, begin + 2)
        self._position = inside
        self._depth = 0
        while not self._close():
            self._inside(begin)

    def _comment(self, inside: int) -> None:
        match = _COMMENT_END.search(self._text, inside + 2)
        if match is None:
            raise TemplateSyntaxError("the comment does not end", inside)
        if match.end() == match.start() + 2:
            raise TemplateSyntaxError("after a comment, }} has to follow at once", match.end())
        self._trim_next = match[1] is not None
        self._position = match.end()

    def _close(self) -> bool:
        match = _END.match(self._text, self._position)
        if match is None:
            return False
        if self._depth:
            raise TemplateSyntaxError("a parenthesis is not closed", self._position)
        self._add(TokenKind.CLOSE, match.end())
        self._trim_next = match[0] != "}}"
        return True

    def _inside(self, begin: int) -> None:
        text, start = self._text, self._position
        char = text[start : start + 1]
        if not char:
            raise TemplateSyntaxError("the action does not end with }}", begin)
        if space := _SPACE.match(text, start):
            self._add(TokenKind.SPACE, space.end())
        elif char in _QUOTED:
            form, kind, wrong = _QUOTED[char]
            match = form.match(text, start)
            if match is None:
                raise TemplateSyntaxError(wrong, start)
            self._add(kind, match.end())
        elif text.startswith(":=", start):
            self._add(TokenKind.DECLARE, start + 2)
        elif char in _MARKS:
            self._mark(char)
        elif char in "+-" or char.isdecimal() or (char == "." and text[start + 1 : start + 2].isdecimal()):
            self._number()
        else:
            self._name(char)

    def _mark(self, char: str) -> None:
        self._depth += {"(": 1, ")": -1}.get(char, 0)
        if self._depth < 0:
            raise TemplateSyntaxError("a parenthesis is closed that was not opened", self._position)
        self._add(_MARKS[char], self._position + 1)

    def _number(self) -> None:
        match = _NUMBER.match(self._text, self._position)
        end = match.end() if match else self._position
        if end == self._position or _WORD.match(self._text, end):
            raise TemplateSyntaxError("this is no number", self._position)
        self._add(TokenKind.NUMBER, end)

    def _name(self, char: str) -> None:
        start = self._position
        word = _WORD.match(self._text, start + 1 if char in ".$" else start)
        kinds = {".": (TokenKind.FIELD, TokenKind.DOT), "$": (TokenKind.VARIABLE, TokenKind.VARIABLE)}
        kind, alone = kinds.get(char, (TokenKind.WORD, None))
        end = word.end() if word else start + 1
        if word is None and alone is None:
            raise TemplateSyntaxError(f"the character {char!r} has no meaning here", start)
        follower = self._text[end : end + 1]
        if follower and follower not in _AFTER_WORD and not self._text.startswith("}}", end):
            raise TemplateSyntaxError(f"the character {follower!r} cannot follow here", end)
        self._add(kind if word or alone is None else alone, end)

    def _add(self, kind: TokenKind, end: int) -> None:
        self._tokens.append(Token(kind, self._text[self._position : end], self._position))
        self._position = end
