"""Numbers, characters and texts as they are written in the actions of a template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.errors import QueryError
from hallucino_tui.logs.query.go_strings import unquote
from hallucino_tui.logs.query.template_nodes import Number
from hallucino_tui.logs.query.template_tokens import TemplateSyntaxError
from hallucino_tui.logs.query.template_values import read_float, read_int

if TYPE_CHECKING:
    from hallucino_tui.logs.query.template_tokens import Token

_ONE_CHARACTER: Final = re.compile(r"'(?:[^\\']|\\')'", re.DOTALL)


def read_unquoted(token: Token) -> str:
    """Read a text in quotes that has escapes.

    Raises:
        TemplateSyntaxError: An escape is not known.
    """
    try:
        return unquote(token.text[1:-1], token.position + 1)
    except QueryError as error:
        raise TemplateSyntaxError(f"{error.what}; expected {error.expected}", error.column) from None


def read_character(token: Token) -> Number:
    """Read a character in single quotes; it is the number that Unicode gives it.

    Raises:
        TemplateSyntaxError: It is not one character.
    """
    body = token.text[1:-1].replace("\\'", "'") if _ONE_CHARACTER.fullmatch(token.text) else read_unquoted(token)
    if len(body) != 1 or body == '"' != token.text[1:-1]:
        raise TemplateSyntaxError("between single quotes there has to be one character", token.position)
    return Number(token.text, ord(body), float(ord(body)), is_float=False)


def read_number(token: Token) -> Number:
    """Read a number.

    Raises:
        TemplateSyntaxError: It is none, or too large.
    """
    text = token.text
    if (whole := read_int(text)) is not None:
        return Number(text, whole, float(whole), is_float=False)
    real = read_float(text)
    is_written_as_float = any(mark in text for mark in ".eEpP")
    if real is None or not is_written_as_float:
        raise TemplateSyntaxError(f"{text} is no number, or too large", token.position)
    whole = int(real) if real == int(real) and -(2.0**63) <= real < 2.0**63 else None
    return Number(text, whole, real, is_float=not text.lower().startswith("0x") or "p" in text.lower())
