"""Strings as Go writes them: between double quotes with escapes, or between backticks as they are."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.logs.query.errors import QueryError

_ESCAPE: Final = re.compile(
    r"\\(?:([abfnrtv\\\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|(\\)|([^\\]+)", re.DOTALL
)
_NAMED: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
_SHOWN: Final = {char: f"\\{name}" for name, char in _NAMED.items()}
_LAST_CHARACTER: Final = 0x10FFFF


def unquote(body: str, column: int) -> str:
    r"""Read what stands between double quotes.

    Bytes that are written as ``\xff`` and are no UTF-8 together become U+FFFD: that is what they are in the store, too.

    Args:
        body: The text without its quotes.
        column: Where it begins.

    Raises:
        QueryError: There is an escape that Go does not know.
    """
    if "\\" not in body:
        return body
    pieces: list[bytes] = []
    for match in _ESCAPE.finditer(body):
        name, byte, octal, short, long, bad, plain = match.groups()
        if plain is not None:
            pieces.append(plain.encode())
        elif name is not None:
            pieces.append(_NAMED[name].encode())
        elif byte is not None:
            pieces.append(bytes([int(byte, 16)]))
        elif octal is not None and int(octal, 8) <= 0xFF:
            pieces.append(bytes([int(octal, 8)]))
        elif bad is None and octal is None and int(short or long, 16) <= _LAST_CHARACTER:
            pieces.append(_character(int(short or long, 16)).encode())
        else:
            raise QueryError(
                "this escape is not known",
                column + match.start(),
                r"one of \" \\ \n \t \r \a \b \f \v, \x and 2 hex digits, \u and 4, \U and 8",
            )
    return b"".join(pieces).decode("utf-8", "replace")


def _character(code: int) -> str:
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def quote(text: str) -> str:
    """Write a text between double quotes, as Go's ``%q`` does."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_shown, text)) + '"'


def _shown(char: str) -> str:
    if char in _SHOWN:
        return _SHOWN[char]
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
