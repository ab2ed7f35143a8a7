"""The functions of templates that make texts from texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote_plus, unquote_to_bytes

from hallucino_tui.logs.query.regex import for_engine
from hallucino_tui.logs.query.template_values import LARGEST_TEXT, TemplateFailure, check_size, clean, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

_SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
_BASE64: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_EXPANSION: Final = re.compile(r"\$(?:\$|\{(\w+)\}|(\w+))|(\$)")
_ROOM: Final = 16
"""How many times the allowed length what is not known before may take."""

_HTML: Final = {
    ord('"'): "&#34;",
    ord("'"): "&#39;",
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    0: "\ufffd",
}
_JS: Final = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def upper(text: str) -> str:
    """Write a text in capitals; characters that would become two stay."""
    changed = text.upper()
    return changed if len(changed) == len(text) else _each(text, str.upper)


def lower(text: str) -> str:
    """Write a text in small letters; every sigma alike."""
    return text.lower() if "\u03a3" not in text and "\u0130" not in text else _each(text, str.lower)


def title(text: str) -> str:
    """Write the first letter of every word as a capital."""
    written: list[str] = []
    before = " "
    for char in text:
        written.append(_one(char.title(), char) if _ends_word(before) else char)
        before = char
    return "".join(written)


def trim_space(text: str) -> str:
    """Take away what Unicode calls white space from both ends."""
    return text.strip(_SPACES)


def replace(text: str, old: str, new: str, count: int) -> str:
    """Replace a text by another, `count` times; everywhere if that is negative.

    Raises:
        TemplateFailure: What comes out would be too long.
    """
    found = text.count(old)
    check_size(len(text) + (found if count < 0 else min(count, found)) * (len(new) - len(old)))
    return text.replace(old, new, max(count, -1))


def replace_all(old: str, new: str, text: str) -> str:
    """Replace a text by another everywhere.

    Raises:
        TemplateFailure: What comes out would be too long.
    """
    return replace(text, old, new, -1)


def repeat(count: int, text: str) -> str:
    """Write a text several times.

    Raises:
        TemplateFailure: The count is negative, or what comes out would be too long.
    """
    if count < 0:
        raise TemplateFailure("a text cannot be repeated a negative number of times")
    check_size(count * len(text))
    return text * count


def indent(spaces: int, text: str) -> str:
    """Put spaces before every line.

    Raises:
        TemplateFailure: The count is negative, or what comes out would be too long.
    """
    pad = repeat(spaces, " ")
    check_size(len(text) + spaces * (text.count("\n") + 1))
    return pad + text.replace("\n", "\n" + pad)


def trunc(count: int, text: str) -> str:
    """Keep so many bytes from the begin, or from the end if the count is negative."""
    raw = encode(text)
    if count < 0:
        return decode(raw[count:]) if len(raw) + count > 0 else text
    return decode(raw[:count])


def substr(start: int, end: int, text: str) -> str:
    """Cut bytes out; a negative start is the begin, a negative end the end.

    Raises:
        TemplateFailure: The numbers are outside of the text.
    """
    raw = encode(text)
    if start < 0:
        start = 0
    elif end < 0 or end > len(raw):
        end = len(raw)
    if not start <= end <= len(raw):
        raise TemplateFailure(f"there is no substr {start} {end} of a text of {len(raw)} bytes")
    return decode(raw[start:end])


def indent_below(spaces: int, text: str) -> str:
    """Put a newline before the text, and spaces before every line.

    Raises:
        TemplateFailure: The count is negative, or what comes out would be too long.
    """
    return "\n" + indent(spaces, text)


def align_left(count: int, text: str) -> str:
    """Keep so many characters from the begin, or add spaces at the end; nothing happens if the count is negative.

    Raises:
        TemplateFailure: What comes out would be too long.
    """
    check_size(count)
    return text if count < 0 else text[:count].ljust(count)


def align_right(count: int, text: str) -> str:
    """Keep so many characters from the end, or add spaces at the begin; nothing happens if the count is negative.

    Raises:
        TemplateFailure: What comes out would be too long.
    """
    check_size(count)
    return text if count < 0 else text[max(len(text) - count, 0) :].rjust(count)


def base64_encode(text: str) -> str:
    """Write the bytes of a text in base 64."""
    import base64  # noqa: PLC0415 - few templates need it

    return base64.b64encode(encode(text)).decode()


def base64_decode(text: str) -> str:
    """Read base 64; a text that says what is wrong if it is none."""
    import base64  # noqa: PLC0415 - few templates need it

    wrong = _wrong_base64(encode(text))
    if wrong is not None:
        return f"illegal base64 data at input byte {wrong}"
    return decode(base64.b64decode(re.sub(r"[\r\n]", "", text)))


def url_encode(text: str) -> str:
    """Escape a text for the query of a URL."""
    return quote_plus(encode(text))


def url_decode(text: str) -> str:
    """Take the escapes of a URL's query away.

    Raises:
        TemplateFailure: There is an escape that is none.
    """
    if _BAD_ESCAPE.search(text):
        raise TemplateFailure("the text has an invalid URL escape")
    return decode(unquote_to_bytes(encode(text.replace("+", " "))))


def html(text: str) -> str:
    """Escape a text for HTML."""
    return text.translate(_HTML)


def js(text: str) -> str:
    """Escape a text for a string in JavaScript."""
    return "".join(_JS.get(char) or (char if char.isprintable() else f"\\u{ord(char):04X}") for char in text)


def regex_replace(pattern: str, text: str, new: str) -> str:
    """Replace all matches; ``$1`` and ``${name}`` stand for what groups matched.

    Raises:
        TemplateFailure: What comes out would be too long, or it is no regular expression that the engine takes.
    """
    in_rust, values = _prepared(pattern, text)
    # All matches together are no longer than the text, so that this is the most that can come out.
    groups = sum(1 for part in _EXPANSION.finditer(new) if part[1] or part[2])
    room = _ROOM * LARGEST_TEXT - len(text) * (1 + groups)
    if room < len(new) * (len(text) + 1) and room < len(new) * int(values.str.count_matches(in_rust)[0]):
        raise TemplateFailure("the text could become too long")
    return str(values.str.replace_all(in_rust, _EXPANSION.sub(_in_rust, new))[0])


def regex_replace_literal(pattern: str, text: str, new: str) -> str:
    """Replace all matches by a text as it is.

    Raises:
        TemplateFailure: What comes out would be too long, or it is no regular expression that the engine takes.
    """
    return regex_replace(pattern, text, new.replace("$", "$$"))


def count_matches(pattern: str, text: str) -> int:
    """Count the matches of a regular expression.

    Raises:
        TemplateFailure: It is none that the engine takes.
    """
    in_rust, values = _prepared(pattern, text)
    return int(values.str.count_matches(in_rust)[0])


def _prepared(pattern: str, text: str) -> tuple[str, pl.Series]:
    """Return a regular expression in the engine's notation, and a text for the engine."""
    import polars as pl  # noqa: PLC0415 - it takes long to import, and most templates have no regular expression

    try:
        in_rust = for_engine(clean(pattern))
    except ValueError as error:
        raise TemplateFailure(str(error)) from None
    return in_rust, pl.Series([clean(text)], dtype=pl.String)


def _in_rust(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    return f"${{{name}}}" if name else "$$"


def _each(text: str, change: Callable[[str], str]) -> str:
    return "".join(_one(change(char), char) for char in text)


def _one(changed: str, char: str) -> str:
    if char == "\u0130":
        return "i" if changed != char else char
    return changed if len(changed) == 1 else char


def _ends_word(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return char.isspace()


def _wrong_base64(raw: bytes) -> int | None:
    """Return the place that Go complains of, None if all is well."""
    place = 0
    quantum = 0
    for place, byte in enumerate(raw):
        if byte in b"\r\n":
            continue
        if chr(byte) in _BASE64:
            quantum = (quantum + 1) % 4
        elif byte != ord("=") or quantum < 2:
            return place
        else:
            return _wrong_padding(raw, place, quantum)
    return len(raw) - quantum if quantum else None


def _wrong_padding(raw: bytes, place: int, quantum: int) -> int | None:
    rest = [index for index in range(place + 1, len(raw)) if raw[index] not in b"\r\n"]
    if quantum == 2:
        if not rest:
            return len(raw)
        if raw[rest[0]] != ord("="):
            return rest[0] - 1
        rest = rest[1:]
    return rest[0] if rest else None
