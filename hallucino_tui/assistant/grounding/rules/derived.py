"""Numbers that stand in no line but follow from some: counts, sums, differences, spans of time."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading.same import is_timely
from hallucino_tui.assistant.grounding.reading.trends import CHANGE, by_key
from hallucino_tui.assistant.grounding.rules import spans
from hallucino_tui.assistant.grounding.rules.counting import is_count as is_count_of
from hallucino_tui.assistant.grounding.rules.counting import is_counted, tallies_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_MOST = 40
_ABOUT: Final = 0.15
_AS_MUCH: Final = re.compile(
    r"\s*(?:(?:times )?(?:as (?:many|much|long|large|big|high|often|fast)|the)|"
    r"times (?:more|longer|larger|higher|slower|faster))\b",
    re.IGNORECASE,
)
_CHANGING: Final = re.compile(
    r"\b(?:more|further|additional|extra|another|fewer|less|longer|shorter|higher|lower|larger|smaller|later|earlier|by|"
    r"differ\w*|ris\w+|rose|grew|grow\w*|fell|fall\w*|dropp?\w*|climb\w*|shr[aiu]nk\w*|gain\w*|lost|los\w+|added|"
    r"increas\w*|decreas\w*|went|up|down|between)\b",
    re.IGNORECASE,
)
_COMPARED: Final = re.compile(
    r" (?:\w+ )?(?:longer|shorter|later|earlier|more|less|fewer|slower|faster|higher|lower|apart)\b", re.IGNORECASE
)
_CHANGED: Final = re.compile(r"\b(?:from|to|of just) $", re.IGNORECASE)
_OF_ALL: Final = re.compile(r"\b(?:\w+ of(?: the)?|total(?: of)?|altogether|in all|out of) $", re.IGNORECASE)
_SHARE: Final = re.compile(
    r"(?<![\w./-])(\d+(?:\.\d+)?)[kKMG]?i?B?(?:\s?/\s?| of | out of )(\d+(?:\.\d+)?)(?=[kKMG]?i?B?(?![\w/]))"
)
_KEYED: Final = re.compile(r"(?<![\w.])[A-Za-z]\w+=(\d+)(?![\w.])")

_FEW: Final = 3
_DIGIT: Final = re.compile(r"\d+")
_CENTS: Final = re.compile(r"cent")
_MONEY: Final = re.compile(r"cents?|amount|minor|total|price|sum")


def is_derived(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number of a claim follows from what its lines say, or from how many they are."""
    if _is_sum_of_others(number, statement, lines):
        return True
    if number.kind == "time" and spans.is_elapsed(number, statement, lines):
        return True
    may_count = not number.roles - {"count"} or is_count_of(number, statement)
    if not number.kind and may_count and is_counted(number, statement, lines):
        return True
    if _is_tally(number, lines):
        return True
    if number.kind == "percent" and _is_share(number, statement, lines):
        return True
    return _is_reckoned(number, statement, lines) or _is_year(number, lines) or is_money(number, lines)


def _is_sum_of_others(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number is the sum of others that lines have: `19 requests: 18 went well, one did not`."""
    if number.kind:
        return False
    there = {other.value for line in lines for other in line.numbers}
    parts = [
        other.value for other in statement.numbers if other is not number and not other.kind and other.value in there
    ]
    return any(
        abs(sum(some) - number.value) < 1e-9 for size in (2, 3) for some in itertools.combinations(parts[:6], size)
    )


def _is_share(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a percentage is that of two numbers of a line: of `3/4`, or of two that the claim has, too."""
    pairs = [(float(match[1]), float(match[2])) for line in lines[:_MOST] for match in _SHARE.finditer(line.text)]
    for line in lines[:_MOST]:
        keyed = [float(value) for value in _KEYED.findall(line.text)]
        pairs += itertools.combinations(keyed, 2) if len(keyed) <= _FEW else ()
    own = [other.value for other in statement.numbers if other is not number and other.kind != "percent"]
    for line in lines[:_MOST]:
        there = {other.value for other in line.numbers}
        pairs += [(one, other) for one, other in itertools.combinations(own[:6], 2) if {one, other} <= there]
    return any(
        min(pair) > 0 and any(_is_near_share(number, 100 * share) for share in (min(pair) / max(pair), _rest(pair)))
        for pair in pairs
    )


def _is_tally(number: Number, lines: Sequence[Line]) -> bool:
    """Say whether a number is that of all answers which a line counts by their codes, as `200=17 409=1` does."""
    if number.kind not in {"", "percent"}:
        return False
    for line in lines[:_MOST]:
        counts = [int(count) for _, count in tallies_of(line)]
        total = sum(counts)
        if number.kind == "percent" and total:
            if any(_is_near_share(number, 100 * count / total) for count in counts):
                return True
        elif len(counts) > 1 and total == number.value:
            return True
    return False


def _rest(pair: tuple[float, float]) -> float:
    return 1 - min(pair) / max(pair)


def _is_near_share(number: Number, share: float) -> bool:
    if number.bound in {">", "<"}:
        low, high = (number.value, 100.0) if number.bound == ">" else (0.0, number.value)
        return low <= share <= high and abs(share - number.value) <= 10
    return abs(share - number.value) <= (5.0 if number.bound == "~" else max(number.step / 2, 0.5))


def _is_near(number: Number, value: float) -> bool:
    if number.bound == ">":
        return number.value <= value <= 2 * number.value
    if number.bound == "<":
        return number.value / 2 <= value <= number.value
    slack = number.value * _ABOUT if number.bound == "~" else number.step / 2 if number.kind or number.step < 1 else 0.0
    return abs(value - number.value) <= slack + 1e-9


def _is_reckoned(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number is a sum, a difference or a ratio of numbers that lines give for the same thing."""
    if _CHANGED.search(statement.text[: number.start]):
        return False
    if _OF_ALL.search(statement.text[: number.start]) and any(
        _is_near(
            number, sum(other.value for other in line.numbers if not other.kind and other.value < 1e6 and other.before)
        )
        for line in lines
    ):
        return True
    is_ratio = number.is_word and not number.kind and _AS_MUCH.match(statement.text, number.end) is not None
    if is_ratio and _is_ratio(number, statement, lines):
        return True
    changes = (
        ([float(match[1]), float(match[2])], True) for line in lines[:_MOST] for match in CHANGE.finditer(line.text)
    )
    is_change = _CHANGING.search(statement.text) is not None
    is_compared = _COMPARED.match(statement.text, number.end) is not None
    for values, is_meant in itertools.chain(_alike(number, lines), changes):
        if is_meant and not is_compared and len(values) > 1 and _is_near(number, sum(values)):
            return True
        if not is_meant and not is_change:
            continue
        if any(one != other and _is_near(number, abs(one - other)) for one, other in itertools.combinations(values, 2)):
            return True
    return False


def _alike(number: Number, lines: Sequence[Line]) -> Iterator[tuple[list[float], bool]]:
    """Give the numbers that lines have for the same thing, and whether one of a claim may be the sum of them."""
    is_small = number.is_word and not number.kind
    near = {*number.after, *number.following, *number.ahead, number.before}
    for word, numbers in by_key(lines):
        kinds = {other.kind for other in numbers}
        is_id = all(other.is_name for other in numbers)
        is_other = len(kinds) > 1 or (number.kind and kinds not in ({""}, {number.kind}))
        is_bare = number.kind == "time" not in kinds and word not in near and not all(map(is_timely, numbers))
        if is_other or is_bare or (is_id and (is_small or number.kind)):
            continue
        # Nor are pods so many as some bytes together.
        yield [other.value for other in numbers], not is_small or word in near


def _is_ratio(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number tells how many times a number of a line is another: one of the same thing, or of a claim."""
    own = {other.value for other in statement.numbers if other is not number}
    pairs = [pair for _, some in by_key(lines) for pair in itertools.combinations([one.value for one in some], 2)]
    for line in lines[:_MOST]:
        there = {other.value for other in line.numbers}
        pairs += [(one, other) for one in own & there for other in there - own]
        pairs += itertools.combinations(own & there, 2)
    pairs += [(one, other) for one, other in itertools.combinations(own, 2)]
    return any(min(pair) > 0 and _is_times(number, max(pair) / min(pair)) for pair in pairs)


def _is_times(number: Number, ratio: float) -> bool:
    if number.bound == ">":
        # `over twenty times` is more exact than to a quarter, `over twice` to one.
        return number.value < ratio < number.value + max(1.0, number.value / 4)
    if number.bound == "<":
        return number.value - 1 < ratio < number.value
    return abs(ratio - number.value) <= (_ABOUT * number.value if number.bound == "~" else 0.1 * number.value)


def _is_year(number: Number, lines: Sequence[Line]) -> bool:
    return not number.kind and any(date.year == number.value for line in lines for date in line.dates if date.year)


def is_money(number: Number, lines: Sequence[Line]) -> bool:
    """Say whether lines give an amount in hundredths, as prices are kept."""
    return not number.kind and any(
        round(number.value * 100) == other.value
        for line in lines
        for other in line.numbers
        if (_MONEY if number.step < 1 else _CENTS).search(other.before)
    )
