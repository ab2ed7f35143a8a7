"""The functions that every Go template has: comparing, indexing, escaping."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Final, cast

from hallucino_tui.logs.query import template_texts as texts
from hallucino_tui.logs.query.template_printf import sprint
from hallucino_tui.logs.query.template_time import GoTime
from hallucino_tui.logs.query.template_values import (
    Labels,
    TemplateFailure,
    Uint8,
    decode,
    encode,
    is_true,
    size_of,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS: Final = ((bool, "bool"), (int, "int"), (float, "float"), (str, "string"))
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def equal(first: object, *others: object) -> bool:
    """Say whether the first value equals one of the others.

    Raises:
        TemplateFailure: They cannot be compared, or there is only one.
    """
    if not others:
        raise TemplateFailure("eq has only one value to compare")
    return any(_equal_two(first, other) for other in others)


def not_equal(left: object, right: object) -> bool:
    """Say whether two values differ.

    Raises:
        TemplateFailure: They cannot be compared.
    """
    return not _equal_two(left, right)


def less(left: object, right: object) -> bool:
    """Say whether a value is less than another.

    Raises:
        TemplateFailure: They have no order.
    """
    kind, other = _kind(left), _kind(right)
    if kind != other or kind in {"", "bool"}:
        raise TemplateFailure(f"{type_name(left)} and {type_name(right)} cannot be compared")
    return cast("float", left) < cast("float", right)


def less_or_equal(left: object, right: object) -> bool:
    """Say whether a value is at most another.

    Raises:
        TemplateFailure: They have no order.
    """
    return less(left, right) or _equal_two(left, right)


def greater(left: object, right: object) -> bool:
    """Say whether a value is more than another.

    Raises:
        TemplateFailure: They have no order.
    """
    return not less_or_equal(left, right)


def greater_or_equal(left: object, right: object) -> bool:
    """Say whether a value is at least another.

    Raises:
        TemplateFailure: They have no order.
    """
    return not less(left, right)


def negated(value: object) -> bool:
    """Say whether a value counts as false."""
    return not is_true(value)


def length(value: object) -> int:
    """Return the number of bytes of a text, or of the elements of a list or a map.

    Raises:
        TemplateFailure: It has no length.
    """
    if isinstance(value, str):
        return size_of(value)
    if _is_simple(value):
        raise TemplateFailure(f"{type_name(value)} has no length")
    return len(cast("list[object]", value))


def index(value: object, *keys: object) -> object:
    """Return an element of an element of ... a value: a byte of a text, an element of a list or a map.

    Raises:
        TemplateFailure: There is no such element.
    """
    for key in keys:
        value = _element(value, key)
    return value


def cut(value: object, *bounds: object) -> object:
    """Return a part of a text (counted in bytes) or of a list.

    Raises:
        TemplateFailure: It has no such part.
    """
    if not isinstance(value, str | list):
        raise TemplateFailure(f"{type_name(value)} cannot be sliced")
    parts = encode(value) if isinstance(value, str) else cast("list[object]", value)
    if len(bounds) > (2 if isinstance(value, str) else 3):
        raise TemplateFailure("slice has too many bounds")
    numbers = [_whole(bound) for bound in bounds]
    begin, end, *capacity = [*numbers, *(0, len(parts))[len(numbers) :]]
    if not 0 <= begin <= end <= (capacity or [len(parts)])[0] <= len(parts):
        raise TemplateFailure("the bounds of slice are outside of the value")
    part = parts[begin:end]
    return decode(part) if isinstance(part, bytes) else part


def html(*values: object) -> str:
    """Write values, escaped for HTML."""
    return texts.html(_printed(values))


def js(*values: object) -> str:
    """Write values, escaped for a string in JavaScript."""
    return texts.js(_printed(values))


def url_query(*values: object) -> str:
    """Write values, escaped for the query of a URL."""
    return texts.url_encode(_printed(values))


def default(fallback: object, *values: object) -> object:
    """Return the value, or the fallback if it is empty, 0 or false."""
    return values[0] if values and is_true(values[0]) else fallback


def from_json(text: str) -> object:
    """Read JSON: texts, floats, booleans, lists, dicts with texts as keys; None for null and for what is no JSON."""
    try:
        value = json.loads(text, parse_int=float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return _mended(value) if "\\u" in text else value


def _printed(values: Sequence[object]) -> str:
    return sprint(*("<no value>" if value is None else value for value in values))


def _refuse(name: str) -> object:
    raise ValueError(name)


def _mended(value: object) -> object:
    """Put U+FFFD for halves of surrogate pairs."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mended(part) for part in cast("list[object]", value)]
    if isinstance(value, dict):
        return {_SURROGATE.sub("\ufffd", key): _mended(part) for key, part in cast("dict[str, object]", value).items()}
    return value


def _is_simple(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str | GoTime)


def _kind(value: object) -> str:
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "")


def _equal_two(left: object, right: object) -> bool:
    if left is None or right is None:
        return left is right
    if isinstance(left, GoTime) and isinstance(right, GoTime):
        return left == right
    kind = _kind(left)
    if not kind or kind != _kind(right):
        raise TemplateFailure(f"{type_name(left)} and {type_name(right)} cannot be compared")
    return left == right and not (isinstance(left, float) and math.isnan(left))


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TemplateFailure(f"{type_name(value)} is no index")
    return int(value)


def _element(value: object, key: object) -> object:
    if isinstance(value, str | list):
        parts = encode(value) if isinstance(value, str) else cast("list[object]", value)
        number = _whole(key)
        if not 0 <= number < len(parts):
            raise TemplateFailure(f"the index {number} is out of range")
        element = parts[number]
        return Uint8(element) if isinstance(element, int) and isinstance(value, str) else element
    if not isinstance(value, dict):
        raise TemplateFailure(f"{type_name(value)} has no elements")
    if not isinstance(key, str):
        raise TemplateFailure(f"{type_name(key)} is no key of a map")
    return cast("Mapping[str, object]", value).get(key, "" if isinstance(value, Labels) else None)
