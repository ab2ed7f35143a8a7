"""The arithmetic of templates: texts and numbers of any kind go in, an int64 or a float comes out."""

from __future__ import annotations

import decimal
import math
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query.template_values import Int64, TemplateFailure, read_float, read_int, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

_DECIMAL: Final = re.compile(r"([+-]?)([0-9]*)\.[0-9]*", re.ASCII)
_CONTEXT: Final = decimal.Context(prec=1400, rounding=decimal.ROUND_HALF_UP)
_SMALLEST_QUOTIENT: Final = decimal.Decimal("1e-16")


def to_int(value: object) -> int:
    """Make a whole number of a value: what is after its point is cut off, and what is no number is 0."""
    if isinstance(value, str):
        match = _DECIMAL.fullmatch(value)
        return read_int((match[1] + (match[2] or "0")) if match else value) or 0
    if isinstance(value, float):
        return int(value) if -(2.0**63) <= value < 2.0**63 else 0
    return int(value) if isinstance(value, int) else 0


def to_float(value: object) -> float:
    """Make a float of a value; 0 of what is no number."""
    if isinstance(value, str):
        return read_float(value) or 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def add(*values: object) -> Int64:
    """Add whole numbers."""
    return Int64(wrap(sum(map(to_int, values))))


def sub(left: object, right: object) -> Int64:
    """Subtract whole numbers."""
    return Int64(wrap(to_int(left) - to_int(right)))


def mul(first: object, *others: object) -> Int64:
    """Multiply whole numbers."""
    product = to_int(first)
    for other in others:
        product = wrap(product * to_int(other))
    return Int64(product)


def div(left: object, right: object) -> Int64:
    """Divide whole numbers, towards 0.

    Raises:
        TemplateFailure: By 0.
    """
    return Int64(wrap(_divided(to_int(left), to_int(right))[0]))


def mod(left: object, right: object) -> Int64:
    """Return what is left after a division, with the sign of the dividend.

    Raises:
        TemplateFailure: By 0.
    """
    return Int64(_divided(to_int(left), to_int(right))[1])


def most(first: object, *others: object) -> Int64:
    """Return the largest whole number."""
    return Int64(max(map(to_int, (first, *others))))


def least(first: object, *others: object) -> Int64:
    """Return the smallest whole number."""
    return Int64(min(map(to_int, (first, *others))))


def most_float(first: object, *others: object) -> float:
    """Return the largest float; NaN if there is one."""
    numbers = [to_float(value) for value in (first, *others)]
    return math.nan if any(map(math.isnan, numbers)) else max(numbers)


def least_float(first: object, *others: object) -> float:
    """Return the smallest float; NaN if there is one."""
    numbers = [to_float(value) for value in (first, *others)]
    return math.nan if any(map(math.isnan, numbers)) else min(numbers)


def add_float(*values: object) -> float:
    """Add decimal numbers exactly."""
    return _exact(_CONTEXT.add, 0.0, *values)


def sub_float(first: object, *others: object) -> float:
    """Subtract decimal numbers exactly."""
    return _exact(_CONTEXT.subtract, first, *others)


def mul_float(first: object, *others: object) -> float:
    """Multiply decimal numbers exactly."""
    return _exact(_CONTEXT.multiply, first, *others)


def div_float(first: object, *others: object) -> float:
    """Divide decimal numbers, to 16 digits after the point.

    Raises:
        TemplateFailure: By 0.
    """
    return _exact(_quotient, first, *others)


def ceil(value: object) -> float:
    """Round up."""
    return _whole(math.ceil, to_float(value))


def floor(value: object) -> float:
    """Round down."""
    return _whole(math.floor, to_float(value))


def round_float(value: object, places: int, threshold: float = 0.5) -> float:
    """Round to a number of digits after the point: up from the threshold on, down below it."""
    try:
        power = math.pow(10, places)
    except OverflowError:
        power = math.inf
    shifted = power * to_float(value)
    fraction = math.modf(shifted)[0] if math.isfinite(shifted) else math.nan
    rounded = _whole(math.ceil if fraction >= threshold else math.floor, shifted)
    if power == 0:
        return math.nan if not rounded or math.isnan(rounded) else math.copysign(math.inf, rounded)
    return rounded / power


def _divided(left: int, right: int) -> tuple[int, int]:
    if not right:
        raise TemplateFailure("a division by 0")
    quotient, rest = divmod(abs(left), abs(right))
    return quotient if (left < 0) == (right < 0) else -quotient, -rest if left < 0 else rest


def _exact(step: Callable[[decimal.Decimal, decimal.Decimal], decimal.Decimal], *values: object) -> float:
    numbers = [to_float(value) for value in values]
    if not all(map(math.isfinite, numbers)):
        raise TemplateFailure("a calculation with infinity or NaN")
    result, *others = (decimal.Decimal(repr(number)) for number in numbers)
    for other in others:
        result = step(result, other)
    return float(result)


def _quotient(left: decimal.Decimal, right: decimal.Decimal) -> decimal.Decimal:
    if not right:
        raise TemplateFailure("a division by 0")
    return _CONTEXT.divide(left, right).quantize(_SMALLEST_QUOTIENT, context=_CONTEXT)


def _whole(rounding: Callable[[float], int], number: float) -> float:
    if not math.isfinite(number):
        return number
    return math.copysign(float(rounding(number)), number) if abs(number) < 1 else float(rounding(number))
