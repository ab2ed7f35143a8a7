"""Whether a number of a line is the one that a claim means: rounded, in another unit, or with a bound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.reading.numbers import Number

_SHARE: Final = re.compile(r"pct|percent|usage|util|progres|ratio|full|cpu|load|free")
_UNLIKE: Final = 0.35
_TIMELY: Final = re.compile(
    r"\b(?:tim\w*|take|took|latenc\w*|elaps\w*|durat\w*|delay\w*|wait\w*|interv\w*|u?rt|max|sleep\w*|total|boot|init|"
    r"finish\w*|age|ttl|ms|second\w*|expir\w*)\b"
)


def is_same(claimed: Number, there: Number) -> bool:
    """Say whether a number of a line is the one that a claim means, but for its role."""
    if claimed.kind == "percent" and not there.kind and not _SHARE.search(there.before):
        return 0 <= there.value <= 1 and _is_close(claimed, there.value * 100)
    if claimed.kind == there.kind or not there.kind or not claimed.kind:
        # Without a unit beside it, a port or a pid is not "more than" some seconds.
        is_bare = claimed.kind and not there.kind and claimed.bound != "=" and not is_timely(there)
        if _is_close(claimed._replace(bound="=") if is_bare else claimed, there.value):
            return True
        if claimed.kind in {"time", "size", "rate"} and not there.kind:
            return _is_unit_unwritten(claimed, there)
        if there.kind == "time" and not claimed.kind:
            return _is_close(claimed, there.value * 1000)
    if claimed.kind == "percent" and not there.kind:
        return _is_close(claimed, there.value * 100)
    return False


def is_timely(number: Number) -> bool:
    """Say whether a number of a line stands beside a word for a span of time."""
    return _TIMELY.search(" ".join((number.before, *number.ahead[-2:]))) is not None


def _is_unit_unwritten(claimed: Number, there: Number) -> bool:
    if claimed.kind == "rate":
        # `cpu MHz 731.219`
        return any(_is_close(claimed, there.value * scale) for scale in (1e3, 1e6, 1e9))
    if claimed.kind == "time":
        scales = (1.0, 1e-3, 60.0) if is_timely(there) else ()
        claimed = claimed if scales else claimed._replace(bound="=")
        scales = scales or (1.0,)
        return any(_is_close(claimed, there.value * scale) for scale in scales)
    if claimed.kind == "size":
        return any(
            _is_close(claimed, there.value * scale) for scale in (1.0, 1000.0, 1024.0, 1e6, 1024.0**2)
        ) or _is_close(claimed, there.value / 1.048576)
    return False


def _is_close(claimed: Number, value: float) -> bool:
    if claimed.bound == ">":
        return claimed.value * 0.999 <= value <= claimed.value * 2
    if claimed.bound == "<":
        return value <= claimed.value + claimed.step / 2 and value >= claimed.value / 3
    slack = abs(claimed.value) * 0.15 if claimed.bound == "~" else 0.0
    coarse = claimed.step / 2 if claimed.kind or claimed.step != 1 else 0.0
    if claimed.is_word and claimed.value == claimed.step:
        # Half a minute is no minute.
        coarse = min(coarse, claimed.step * _UNLIKE)
    return abs(claimed.value - value) <= max(slack, coarse, 1e-9)
