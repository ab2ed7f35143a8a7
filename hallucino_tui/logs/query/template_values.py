"""The values that templates compute with, and how Go reads and writes them.

Texts are those of Go: bytes. What is no UTF-8 in them is kept as lone surrogates (Python's ``surrogateescape``), so
that two halves of a character that were cut apart make a character again when they are joined. `clean` ends that.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, cast

from hallucino_tui.logs.query.template_time import GoTime

LARGEST_TEXT: Final = 1 << 20
"""How many characters a value or what is written may have."""

_INTEGER: Final = re.compile(r"[+-]?[0-9][0-9A-Za-z_]*", re.ASCII)
_OCTAL: Final = re.compile(r"([+-]?)0_?([0-7]+(?:_[0-7]+)*)", re.ASCII)
_REAL: Final = re.compile(
    r"[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?|[+-]?inf(?:inity)?|nan",
    re.ASCII | re.IGNORECASE,
)
_HEX_REAL: Final = re.compile(r"[+-]?0x[0-9a-f]*\.?[0-9a-f]*p[+-]?[0-9]+", re.ASCII | re.IGNORECASE)
_INFINITE: Final = frozenset({float("inf"), float("-inf")})
_SMALLEST_PLAIN: Final = 1e-4
_LARGEST_PLAIN: Final = 1e6
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class TemplateFailure(ValueError):  # noqa: N818 - it is what Loki calls the label's value, and no fault of ours
    """A template cannot be evaluated for a line; ``str()`` says why, as the beginning of a sentence."""


class Int64(int):
    """An int64: not the same type as int to Go, so that functions that want an int refuse it."""


class Uint8(int):
    """A byte of a text."""


class Labels(dict[str, str]):
    """All labels of a line: not a map of any values to Go but of texts, so that what is missing is ""."""


_TYPE_NAMES: Final[dict[type, str]] = {
    type(None): "<nil>",
    bool: "bool",
    int: "int",
    Int64: "int64",
    Uint8: "uint8",
    float: "float64",
    str: "string",
    GoTime: "time.Time",
    list: "[]interface {}",
    Labels: "map[string]string",
}


def encode(text: str) -> bytes:
    """Return the bytes that a text stands for."""
    return text.encode("utf-8", "surrogateescape")


def decode(raw: bytes) -> str:
    """Return the text that stands for bytes."""
    return raw.decode("utf-8", "surrogateescape")


def clean(text: str) -> str:
    """Join what was cut apart, and put U+FFFD for what is still no UTF-8."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def size_of(text: str) -> int:
    """Return how many bytes a text has."""
    return len(text) if text.isascii() else len(encode(text))


def check_size(size: float) -> None:
    """Check that a text may be so long.

    Raises:
        TemplateFailure: It may not.
    """
    if size > LARGEST_TEXT:
        raise TemplateFailure(f"the text would be longer than {LARGEST_TEXT} characters")


def wrap(number: int, bits: int = 64) -> int:
    """Keep the low bits of a number, as a signed integer."""
    half = 1 << (bits - 1)
    return ((number + half) & ((1 << bits) - 1)) - half


def is_true(value: object) -> bool:
    """Say whether Go's ``if`` takes a value for true: not nil, 0, false or empty."""
    return isinstance(value, GoTime) or bool(value)


def type_name(value: object) -> str:
    """Return Go's name for the type of a value."""
    return _TYPE_NAMES.get(type(value), "map[string]interface {}")


def write_value(value: object) -> str:
    """Write a value as Go's ``%v`` does."""
    match value:
        case None:
            written = "<nil>"
        case bool():
            written = "true" if value else "false"
        case int():
            written = str(int(value))
        case float():
            written = write_float(value)
        case list():
            written = f"[{' '.join(map(write_value, cast('list[object]', value)))}]"
        case dict():
            pairs = cast("dict[str, object]", value)
            written = f"map[{' '.join(f'{key}:{write_value(pairs[key])}' for key in sorted(pairs))}]"
        case _:
            written = str(value)
    return written


def write_float(number: float) -> str:
    """Write a float as Go does: the fewest digits that name it, with an exponent below 1e-04 and from 1e+06 on."""
    if number != number or number in _INFINITE:  # noqa: PLR0124 - true for NaN alone
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(number)]
    if number == 0 or _SMALLEST_PLAIN <= abs(number) < _LARGEST_PLAIN:
        return repr(number).removesuffix(".0")
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    shown = "".join(map(str, digits)).rstrip("0")
    power = len(digits) - 1 + cast("int", exponent)
    rest = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{'-' if sign else ''}{shown[0]}{rest}e{'-' if power < 0 else '+'}{abs(power):02d}"


def read_int(text: str) -> int | None:
    """Read an integer as Go does where the base is in the text: 12, 0x1f, 0o17, 017, 0b1, 1_000; None if it is none."""
    if not _INTEGER.fullmatch(text):
        return None
    octal = _OCTAL.fullmatch(text)
    try:
        number = int(octal[1] + octal[2], 8) if octal else int(text, 0)
    except ValueError:
        return None
    return number if -(1 << 63) <= number < 1 << 63 else None


def read_float(text: str) -> float | None:
    """Read a number as Go's ParseFloat does; None if it is none, or too large."""
    try:
        if _REAL.fullmatch(text):
            number = float(text)
        elif _HEX_REAL.fullmatch(text):
            number = float.fromhex(text)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if number in _INFINITE and "inf" not in text.lower() else number
