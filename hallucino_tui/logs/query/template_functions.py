"""The functions that templates may call in Loki, with the types of their parameters."""

from __future__ import annotations

import enum
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.query import template_builtins as builtins
from hallucino_tui.logs.query import template_numbers as numbers
from hallucino_tui.logs.query import template_texts as texts
from hallucino_tui.logs.query.durations import parse_duration
from hallucino_tui.logs.query.sizes import parse_size
from hallucino_tui.logs.query.template_printf import sprint, sprintf, sprintln
from hallucino_tui.logs.query.template_time import SECOND, ZERO, GoTime, clock_of, load_zone
from hallucino_tui.logs.query.template_time_reading import parse_time
from hallucino_tui.logs.query.template_values import Int64, TemplateFailure, Uint8, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTHS: Final = {5: 86_400 * SECOND, 10: SECOND, 13: 1_000_000, 16: 1_000, 19: 1}
"""How many nanoseconds the unit of an epoch has, by the number of its characters."""

_EPOCH: Final = re.compile(r"[+-]?[0-9]+")


_COST_OF_REGEX: Final = 1 << 13
_LONGEST_LAYOUT: Final = 1000


class Param(enum.Enum):
    """The type of a parameter. A value of another type makes the evaluation fail, as in Go."""

    TEXT = "string"
    INT = "int"
    FLOAT = "float64"
    TIME = "time.Time"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of templates.

    Attributes:
        call: What runs; it raises ValueError or ArithmeticError where Go would fail.
        params: The types of what it takes.
        rest: The type of what it takes after that, in any number; None if nothing.
        cost: How much more work it is than most, in characters that are looked at.
    """

    call: Callable[..., object]
    params: tuple[Param, ...] = ()
    rest: Param | None = None
    cost: int = 0


def _now() -> GoTime:
    return GoTime(time.time_ns())


def _format(moment: GoTime, layout: str) -> str:
    _check_layout(layout)
    return moment.format(layout)


def _check_layout(layout: str) -> None:
    if len(layout) > _LONGEST_LAYOUT:
        raise TemplateFailure("the layout of the time is too long")


def _date(layout: str, value: object) -> str:
    if isinstance(value, GoTime):
        moment = GoTime(value.nanoseconds)
    elif isinstance(value, int) and not isinstance(value, bool | Uint8):
        moment = GoTime(value * SECOND)
    else:
        moment = _now()
    return _format(moment, layout)


def _to_date(layout: str, text: str) -> GoTime:
    return _to_date_in_zone(layout, "UTC", text)


def _to_date_in_zone(layout: str, zone: str, text: str) -> GoTime:
    _check_layout(layout)
    return parse_time(layout, text, load_zone(zone)) or ZERO


def _unix_epoch(moment: GoTime) -> str:
    return str(moment.seconds)


def _unix_epoch_millis(moment: GoTime) -> str:
    return str(wrap(moment.nanoseconds // 1_000_000))


def _unix_epoch_nanos(moment: GoTime) -> str:
    return str(wrap(moment.nanoseconds))


def _unix_to_time(text: str) -> GoTime:
    unit = _LENGTHS.get(len(text))
    if unit is None or not _EPOCH.fullmatch(text) or abs(int(text)) >= 1 << 63:
        raise TemplateFailure(f'"{text}" is no time in whole days, seconds, milli-, micro- or nanoseconds')
    return GoTime(int(text) * unit)


def _duration(text: str) -> float:
    nanoseconds = parse_duration(text)
    seconds, rest = divmod(abs(nanoseconds), SECOND)
    value = float(seconds) + rest / 1e9
    return -value if nanoseconds < 0 else value


def _size(text: str) -> float:
    return float(parse_size(text))


def _last_first(function: Callable[[str, str], object]) -> Callable[[str, str], object]:
    return lambda first, second: function(second, first)


def _not_callable(*values: object) -> object:
    del values
    raise TemplateFailure("call has no function to call")


_TEXT: Final = (Param.TEXT,)
_TWO_TEXTS: Final = (Param.TEXT, Param.TEXT)
_THREE_TEXTS: Final = (Param.TEXT, Param.TEXT, Param.TEXT)
_COUNT_AND_TEXT: Final = (Param.INT, Param.TEXT)
_TIME: Final = (Param.TIME,)
_ANY: Final = (Param.ANY,)
_TWO: Final = (Param.ANY, Param.ANY)

_OF_GO: Final = {
    # `and` and `or` are here for their names: they leave out the evaluation of what does not matter.
    "and": Function(_not_callable, _ANY, Param.ANY),
    "or": Function(_not_callable, _ANY, Param.ANY),
    "call": Function(_not_callable, _ANY, Param.ANY),
    "not": Function(builtins.negated, _ANY),
    "eq": Function(builtins.equal, _ANY, Param.ANY),
    "ne": Function(builtins.not_equal, _TWO),
    "lt": Function(builtins.less, _TWO),
    "le": Function(builtins.less_or_equal, _TWO),
    "gt": Function(builtins.greater, _TWO),
    "ge": Function(builtins.greater_or_equal, _TWO),
    "len": Function(builtins.length, _ANY),
    "index": Function(builtins.index, _ANY, Param.ANY),
    "slice": Function(builtins.cut, _ANY, Param.ANY),
    "print": Function(sprint, (), Param.ANY),
    "printf": Function(sprintf, _TEXT, Param.ANY),
    "println": Function(sprintln, (), Param.ANY),
    "html": Function(builtins.html, (), Param.ANY),
    "js": Function(builtins.js, (), Param.ANY),
    "urlquery": Function(builtins.url_query, (), Param.ANY),
}
_OF_TEXTS: Final = {
    "ToLower": Function(texts.lower, _TEXT),
    "ToUpper": Function(texts.upper, _TEXT),
    "Replace": Function(texts.replace, (*_THREE_TEXTS, Param.INT)),
    "Trim": Function(str.strip, _TWO_TEXTS),
    "TrimLeft": Function(str.lstrip, _TWO_TEXTS),
    "TrimRight": Function(str.rstrip, _TWO_TEXTS),
    "TrimPrefix": Function(str.removeprefix, _TWO_TEXTS),
    "TrimSuffix": Function(str.removesuffix, _TWO_TEXTS),
    "TrimSpace": Function(texts.trim_space, _TEXT),
    "lower": Function(texts.lower, _TEXT),
    "upper": Function(texts.upper, _TEXT),
    "title": Function(texts.title, _TEXT),
    "trunc": Function(texts.trunc, _COUNT_AND_TEXT),
    "substr": Function(texts.substr, (Param.INT, *_COUNT_AND_TEXT)),
    "contains": Function(_last_first(str.__contains__), _TWO_TEXTS),
    "hasPrefix": Function(_last_first(str.startswith), _TWO_TEXTS),
    "hasSuffix": Function(_last_first(str.endswith), _TWO_TEXTS),
    "indent": Function(texts.indent, _COUNT_AND_TEXT),
    "nindent": Function(texts.indent_below, _COUNT_AND_TEXT),
    "replace": Function(texts.replace_all, _THREE_TEXTS),
    "repeat": Function(texts.repeat, _COUNT_AND_TEXT),
    "trim": Function(texts.trim_space, _TEXT),
    "trimAll": Function(_last_first(str.strip), _TWO_TEXTS),
    "trimSuffix": Function(_last_first(str.removesuffix), _TWO_TEXTS),
    "trimPrefix": Function(_last_first(str.removeprefix), _TWO_TEXTS),
    "alignLeft": Function(texts.align_left, _COUNT_AND_TEXT),
    "alignRight": Function(texts.align_right, _COUNT_AND_TEXT),
    "b64enc": Function(texts.base64_encode, _TEXT),
    "b64dec": Function(texts.base64_decode, _TEXT),
    "urlencode": Function(texts.url_encode, _TEXT),
    "urldecode": Function(texts.url_decode, _TEXT),
    "regexReplaceAll": Function(texts.regex_replace, _THREE_TEXTS, cost=_COST_OF_REGEX),
    "regexReplaceAllLiteral": Function(texts.regex_replace_literal, _THREE_TEXTS, cost=_COST_OF_REGEX),
    "count": Function(texts.count_matches, _TWO_TEXTS, cost=_COST_OF_REGEX),
    "fromJson": Function(builtins.from_json, _TEXT),
    "default": Function(builtins.default, _ANY, Param.ANY),
}
_OF_NUMBERS: Final = {
    "int": Function(numbers.to_int, _ANY),
    "float64": Function(numbers.to_float, _ANY),
    "add": Function(numbers.add, (), Param.ANY),
    "sub": Function(numbers.sub, _TWO),
    "mul": Function(numbers.mul, _ANY, Param.ANY),
    "div": Function(numbers.div, _TWO),
    "mod": Function(numbers.mod, _TWO),
    "addf": Function(numbers.add_float, (), Param.ANY),
    "subf": Function(numbers.sub_float, _ANY, Param.ANY),
    "mulf": Function(numbers.mul_float, _ANY, Param.ANY),
    "divf": Function(numbers.div_float, _ANY, Param.ANY),
    "max": Function(numbers.most, _ANY, Param.ANY),
    "min": Function(numbers.least, _ANY, Param.ANY),
    "maxf": Function(numbers.most_float, _ANY, Param.ANY),
    "minf": Function(numbers.least_float, _ANY, Param.ANY),
    "ceil": Function(numbers.ceil, _ANY),
    "floor": Function(numbers.floor, _ANY),
    "round": Function(numbers.round_float, (Param.ANY, Param.INT), Param.FLOAT),
    "bytes": Function(_size, _TEXT),
    "duration": Function(_duration, _TEXT),
    "duration_seconds": Function(_duration, _TEXT),
}
_OF_TIMES: Final = {
    "now": Function(_now),
    "date": Function(_date, (Param.TEXT, Param.ANY)),
    "toDate": Function(_to_date, _TWO_TEXTS),
    "toDateInZone": Function(_to_date_in_zone, _THREE_TEXTS),
    "unixEpoch": Function(_unix_epoch, _TIME),
    "unixEpochMillis": Function(_unix_epoch_millis, _TIME),
    "unixEpochNanos": Function(_unix_epoch_nanos, _TIME),
    "unixToTime": Function(_unix_to_time, _TEXT),
}

LINE: Final = "__line__"
TIMESTAMP: Final = "__timestamp__"
FUNCTIONS: Final = {**_OF_GO, **_OF_TEXTS, **_OF_NUMBERS, **_OF_TIMES}
NAMES: Final = frozenset((*FUNCTIONS, LINE, TIMESTAMP))

PATTERNS: Final = {"regexReplaceAll", "regexReplaceAllLiteral", "count"}
"""The functions whose first argument is a regular expression."""

_OF_A_TIME: Final[dict[str, Callable[[GoTime], object]]] = {
    "String": str,
    "UTC": lambda time: GoTime(time.nanoseconds),
    "Local": lambda time: GoTime(time.nanoseconds),
    "Unix": lambda time: Int64(time.seconds),
    "UnixMilli": lambda time: Int64(wrap(time.nanoseconds // 1_000_000)),
    "UnixMicro": lambda time: Int64(wrap(time.nanoseconds // 1_000)),
    "UnixNano": lambda time: Int64(wrap(time.nanoseconds)),
    "Year": lambda time: clock_of(time).year,
    "YearDay": lambda time: clock_of(time).year_day,
    "Day": lambda time: clock_of(time).day,
    "Hour": lambda time: clock_of(time).hour,
    "Minute": lambda time: clock_of(time).minute,
    "Second": lambda time: clock_of(time).second,
    "Nanosecond": lambda time: clock_of(time).nanosecond,
}
METHODS: Final = {
    "Format": Function(_format, (Param.TIME, Param.TEXT)),
    **{name: Function(call, _TIME) for name, call in _OF_A_TIME.items()},
}
"""What a time can be asked, as in ``{{ __timestamp__.Format "15:04" }}``."""
