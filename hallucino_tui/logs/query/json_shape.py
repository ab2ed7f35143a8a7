"""Regular expressions that follow the structure of a JSON line from its beginning.

They know objects within objects to some depth and skip arrays. Of a line that is that simple they say exactly what
`json_line` reads in it; other lines do not match.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

_S: Final = r"[ \t\r\n]*"
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_KEY: Final = r'"\s*[^\s"\\][^"\\]*"'
_NUMBER: Final = r'[-0-9][^ \t\r\n,}\]"{\[:\\]*'
_SCALAR: Final = rf"(?:{_STRING}|{_NUMBER}|true|false)"
_ARRAY_DEPTH: Final = 2
_DEPTH: Final = 4
_BETWEEN: Final = r'[^A-Za-z0-9"\\]'
"""One character of a key that a label has an underscore for."""


def _skipped(depth: int) -> str:
    """Return what may stand between brackets that are skipped."""
    inner = _skipped(depth - 1) if depth else ""
    return rf'(?:[^\[\]{{}}"]|{_STRING}' + (rf"|\[{inner}\]|\{{{inner}\}}" if depth else "") + ")*"


_ARRAY: Final = rf"\[{_skipped(_ARRAY_DEPTH)}\]"


def _value(depth: int) -> str:
    inner = f"|{_object(depth - 1)}" if depth else ""
    return rf"(?:{_SCALAR}|null|{_ARRAY}{inner})"


def _member(depth: int) -> str:
    return f"{_S}{_KEY}{_S}:{_S}{_value(depth)}{_S}"


def _object(depth: int) -> str:
    member = _member(depth)
    return rf"\{{(?:{_S}|{member}(?:,{member})*)\}}"


OBJECT: Final = rf"^{_S}\{{"
"""Lines that may be an object."""

WHOLE: Final = rf"(?s)^{_S}{_object(_DEPTH)}"
"""Lines that are an object as simple as that."""

_BEGIN: Final = rf"(?s)^{_S}\{{(?:{_member(_DEPTH)},)*?{_S}"

SIMPLE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
"""Names of labels whose keys can be told from the name."""


def label_key(pieces: list[str]) -> str:
    """Return an expression for the key that some pieces of a label's name make together, without its first quote."""
    return rf'{_BETWEEN.join(pieces)}\s*"'


def label_ways(pieces: list[str]) -> list[list[str]]:
    """Return all ways to the value of a label: the keys from the outside in, as expressions; the shortest way first.

    Args:
        pieces: What is between the underscores of its name.
    """
    ways: list[list[str]] = []
    for cuts in itertools.product((False, True), repeat=len(pieces) - 1):
        keys = [[pieces[0]]]
        for piece, cut in zip(pieces[1:], cuts, strict=True):
            if cut:
                keys.append([piece])
            else:
                keys[-1].append(piece)
        ways.append([rf'"\s*{label_key(key)}' for key in keys])
    return ways


def at_keys(ways: list[list[str]], *, any_value: bool) -> str:
    """Return an expression for lines with a value at one of some places; each place has one group for its value.

    Args:
        ways: For each place the keys from the outside in, as expressions. The first place in the line counts.
        any_value: Whether null, arrays and objects are values, too.
    """
    value = _value(_DEPTH) if any_value else _SCALAR
    return rf"{_BEGIN}(?:{'|'.join(_way(way, value, _DEPTH) for way in ways)}){_S}[,}}]"


def anywhere(key: str, *, any_value: bool) -> str:
    """Return an expression for the end of a key wherever it is, with a group for its value."""
    return f"(?s)(?:{key}){_S}:{_S}({_value(_DEPTH) if any_value else _SCALAR})"


def _way(keys: list[str], value: str, depth: int) -> str:
    begin = f"{keys[0]}{_S}:{_S}"
    if len(keys) == 1:
        return f"{begin}({value})"
    member = _member(max(depth - 1, 0))
    inner = _way(keys[1:], value, depth - 1)
    return rf"{begin}\{{(?:{member},)*?{_S}{inner}{_S}(?:,{member})*\}}"
