"""Numbers as Go writes them, for queries and for their canonical form."""

from __future__ import annotations

import decimal
import math
import re
from typing import Final

from hallucino_tui.logs.query.errors import QueryError

_DECIMAL: Final = re.compile(r"([0-9_]*)(\.[0-9_]*)?(?:[eE]([+-]?[0-9_]*))?")
_HEXADECIMAL: Final = re.compile(r"0[xX]([0-9a-fA-F_]*)(\.[0-9a-fA-F_]*)?(?:[pP]([+-]?[0-9_]*))?")
_SEPARATED: Final = re.compile(r"(?:0[xX]_?)?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|")


def scan_number(text: str, start: int) -> int:
    """Return where a number ends that begins at `start` with a digit, or with a point and a digit.

    Raises:
        QueryError: It begins like a number and is none.
    """
    is_hexadecimal = text[start : start + 2] in {"0x", "0X"}
    match = (_HEXADECIMAL if is_hexadecimal else _DECIMAL).match(text, start)
    if match is None:  # cannot be: both forms match a digit
        return start
    whole, fraction, exponent = match.groups()
    digits = whole + (fraction or "")
    end = match.end()
    if (
        not digits.strip("._")
        or (exponent is not None and not exponent.strip("+-_"))
        or (not is_hexadecimal and text[start] == "0" and text[start + 1 : start + 2] in {"b", "B", "o", "O"})
        or (not is_hexadecimal and text[end : end + 1] in {"p", "P"} and exponent is None)
        or (is_hexadecimal and fraction is not None and exponent is None)
        or (not is_hexadecimal and _is_bad_octal(whole) and fraction is None and exponent is None)
        or not _is_separated(match[0])
    ):
        raise QueryError("this is no number", start + 1, "digits, as in 5, -1.5 or 2e6 (sizes go up to TB)")
    return end


def parse_number(text: str) -> float:
    """Read a number that `scan_number` has found.

    Raises:
        ValueError: It is too large, or a hexadecimal number without an exponent, which Loki does not take.
    """
    plain = text.replace("_", "")
    if plain[:2] in {"0x", "0X"}:
        if "p" not in plain.lower():
            raise ValueError(f"hexadecimal numbers such as {text} are not taken")
        try:
            return float.fromhex(plain)
        except OverflowError:
            raise ValueError("this number is too large") from None
    number = float(plain)
    if math.isinf(number):
        raise ValueError("this number is too large")
    return number


def format_number(number: float) -> str:
    """Write a number without an exponent, with as many digits as it takes to read the same one again."""
    text = format(decimal.Decimal(repr(number)), "f")
    return text.removesuffix(".0")


def _is_bad_octal(whole: str) -> bool:
    return whole.startswith("0") and any(digit in "89" for digit in whole)


def _is_separated(text: str) -> bool:
    """Say whether each underscore is between two digits, or after the ``0x``."""
    if "_" not in text:
        return True
    pieces = re.split("[.pP+-]" if text[:2] in {"0x", "0X"} else "[.eE+-]", text)
    return all(_SEPARATED.fullmatch(piece) is not None for piece in pieces)
