"""Numbers that stand in no line but follow from some: counts, sums, differences, spans of time."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.numbers import Number
    from hallucino_tui.assistant.grounding.statement import Statement

_MOST = 40
_ABOUT: Final = 0.15
_AS_MUCH: Final = re.compile(
    r"\s*(?:times )?(?:as (?:many|much|long|large|big|high|often|fast)|more|longer|larger|higher|slower|the)\b",
    re.IGNORECASE,
)
_CHANGE: Final = re.compile(r"\bfrom (\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)\b")
_CHANGED: Final = re.compile(r"\b(?:from|to|of just) $", re.IGNORECASE)
_OF_ALL: Final = re.compile(r"\b(?:\w+ of(?: the)?|total(?: of)?|altogether|in all|out of) $", re.IGNORECASE)
_SHARE: Final = re.compile(
    r"(?<![\w./-])(\d+(?:\.\d+)?)[kKMG]?i?B?(?:\s?/\s?| of | out of )(\d+(?:\.\d+)?)(?=[kKMG]?i?B?(?![\w/]))"
)
_TALLY: Final = re.compile(r"(?<![\w.])([1-5]\d\d)=(\d+)(?![\w.])")
_KEYED: Final = re.compile(r"(?<![\w.])[A-Za-z]\w+=(\d+)(?![\w.])")
_MILLI: Final = 0.001
_FEW: Final = 3
_DIGIT: Final = re.compile(r"\d+")
_CENTS: Final = re.compile(r"cent")
_MONEY: Final = re.compile(r"cents?|amount|minor|total|price|sum")


def is_derived(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number of a claim follows from what its lines say, or from how many they are."""
    if _is_sum_of_others(number, statement, lines):
        return True
    if number.kind == "time" and _is_elapsed(number, lines):
        return True
    if not number.kind and not number.roles - {"count"} and _is_count(number, statement, lines):
        return True
    if _is_tally(number, lines):
        return True
    if number.kind == "percent" and _is_share(number, statement, lines):
        return True
    return _is_reckoned(number, statement, lines) or _is_year(number, lines) or is_money(number, lines)


def _is_elapsed(number: Number, lines: Sequence[Line]) -> bool:
    moments = sorted({moment for line in lines[:_MOST] for moment in (line.when, line.until) if moment is not None})
    gaps = itertools.chain(
        (other - one for one, other in itertools.combinations(moments, 2)), *(_gaps(line) for line in lines[:_MOST])
    )
    for gap in gaps:
        slack = max(number.step * (_ABOUT * number.value / number.step if number.bound == "~" else 0.51), 0.0)
        if number.step <= _MILLI and round(number.value / number.step) % 10 == 0:
            # `90 ms` may be any from 85 to 95.
            slack = max(slack, 5 * number.step)
        if number.bound == "<" and gap <= number.value:
            return True
        if number.bound == ">" and number.value <= gap <= 3 * number.value:
            return True
        if number.value and abs(gap - number.value) <= max(slack, min(1.0, number.step)):
            return True
    return False


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


def tallies_of(line: Line) -> list[tuple[str, str]]:
    """Return how often a line counts each code of an answer, in order."""
    return _TALLY.findall(line.text)


def _rest(pair: tuple[float, float]) -> float:
    return 1 - min(pair) / max(pair)


def _is_near_share(number: Number, share: float) -> bool:
    if number.bound in {">", "<"}:
        low, high = (number.value, 100.0) if number.bound == ">" else (0.0, number.value)
        return low <= share <= high and abs(share - number.value) <= 10
    return abs(share - number.value) <= (5.0 if number.bound == "~" else max(number.step / 2, 0.5))


def _gaps(line: Line) -> Iterator[float]:
    """Give the spans between the times of one line, as between `startedAt` and when it was written."""
    for one, other in itertools.combinations(sorted({clock.seconds for clock in line.clocks[:6]}), 2):
        if other - one >= 1:
            yield other - one


def trends_of(lines: Sequence[Line]) -> frozenset[str]:
    """Return whether what lines give numbers for rises or falls: `INCREASE`, `DECREASE`, both or none."""
    found: set[str] = set()
    pairs = [(float(match[1]), float(match[2])) for line in lines[:_MOST] for match in _CHANGE.finditer(line.text)]
    if len(lines) > 1:
        ordered = sorted(lines[:_MOST], key=lambda line: (line.when or 0.0, line.number))
        pairs += [pair for values in _by_key(ordered) for pair in itertools.pairwise(values)]
    for one, other in pairs:
        if one != other:
            found.add("INCREASE" if one < other else "DECREASE")
    return frozenset(found)


def _is_near(number: Number, value: float) -> bool:
    if number.bound == ">":
        return number.value <= value <= 2 * number.value
    if number.bound == "<":
        return number.value / 2 <= value <= number.value
    slack = number.value * _ABOUT if number.bound == "~" else number.step / 2 if number.kind or number.step < 1 else 0.0
    return abs(value - number.value) <= slack + 1e-9


def _is_count(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    counts = {len(lines), sum(line.source.count for line in lines), len({name.text for name in statement.names})}
    counts |= {line.source.count for line in lines} | set(_distinct(lines))
    counts.discard(1)
    if number.bound == ">":
        return any(count >= number.value for count in counts)
    if number.bound == "<":
        return any(count <= number.value for count in counts)
    slack = number.value * _ABOUT if number.bound == "~" else 0.0
    return any(abs(count - number.value) <= slack for count in counts)


def _distinct(lines: Sequence[Line]) -> Iterator[int]:
    """Give how many different addresses, ids or names of one shape the lines have."""
    shapes: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for one in line.ids:
            shapes[_DIGIT.sub("0", one)[:12]].add(one)
    for names in shapes.values():
        yield len(names)


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
    changes = ([float(match[1]), float(match[2])] for line in lines[:_MOST] for match in _CHANGE.finditer(line.text))
    for values in itertools.chain(_by_key(lines), changes):
        if len(values) < 2:
            continue
        if _is_near(number, sum(values)):
            return True
        for one, other in itertools.combinations(values, 2):
            if one != other and _is_near(number, abs(one - other)):
                return True
            if is_ratio and min(one, other) > 0 and abs(max(one, other) / min(one, other) - number.value) < 0.2:
                return True
    return False


def _by_key(lines: Sequence[Line]) -> Iterator[list[float]]:
    """Give the numbers of different lines that the same word stands before, or behind."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in lines[:_MOST]:
        seen: set[tuple[str, str]] = set()
        for other in line.numbers:
            for key in (("before", other.before), ("after", other.after[0] if other.after else "")):
                if key[1] and key not in seen:
                    seen.add(key)
                    found[key].append(other.value)
    yield from found.values()


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
