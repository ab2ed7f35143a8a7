"""Counts of claims: of lines, of those alike, of different things that lines name."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading import times
from hallucino_tui.assistant.grounding.reading.templates import SAME, groups_of, repeats_of
from hallucino_tui.assistant.grounding.rules.story import pods_among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.numbers import Number
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_ABOUT: Final = 0.15
_RECORDS: Final = frozenset(map(stem, ("lines", "entries", "records", "messages", "events")))
# The first and the last of a kind, and maybe one more, stand for those between them.
_ENDS_CITED: Final = 3
_MOST_COUNTED: Final = 100
_DIGIT: Final = re.compile(r"\d+")
_ADDRESS: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_WITH_DIGIT: Final = re.compile(r"\b\w*\d[\w.-]*\w")
_WORD: Final = re.compile(r"[A-Za-z][\w'/-]*|[,;:.()\[\]\u2013]")
_ENDS: Final = frozenset(
    {
        *("and", "or", "but", "of", "in", "at", "for", "from", "to", "with", "on", "by", "that", "which", "who", "as"),
        *("were", "are", "is", "was", "has", "had", "have", "within", "between", "while", "after", "before", "when"),
        *("because", "since", "the", "a", "an", "its", "their"),
    }
)
_NOT_MANY: Final = frozenset(
    {"process", "address", "status", "access", "across", "always", "less", "this", "plus", "does", "versus"}
)
_MANY: Final = frozenset(["children", "people"])
_HAPPENED: Final = frozenset(map(stem, ("times", "occasions")))
_DIFFERENT: Final = re.compile(r" (?:\w+ )?(?:different|distinct|separate|unique|various)\b", re.IGNORECASE)
_SOME_OF_MORE: Final = re.compile(
    r"\b(?:first|last|next|previous|latest|earliest|final|remaining|other|another)\s+$", re.IGNORECASE
)
_FURTHER: Final = re.compile(r" (?:more|further|additional|other|others)\b", re.IGNORECASE)
_STRICTLY_MORE: Final = re.compile(r"(?:more than|over|exceed\w*|above|beyond|greater than|>)\s*$", re.IGNORECASE)
_MORE_OF: Final = re.compile(r"(?<![\w.])(\d{1,6}) (?:more|further|additional|other)\b")
_LIST: Final = re.compile(r"^[^.;:(\[]{0,60}[:(\u2013\u2014] ?(?P<list>[^.;:()]+)")
_ITEMS: Final = re.compile(r"\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|&|/(?= ))\s*")
_RANGE: Final = re.compile(r"\b(?:first|last|from|between|through|until|ranging|lines?)\b|\u2013", re.IGNORECASE)
_STOPS: Final = frozenset({"", *map(stem, _ENDS), "not", "no"})
_VALUE: Final = re.compile(r"\b([A-Za-z]\w+)[=:] ?([\w./-]+)")
_TURNS: Final = frozenset(map(stem, ("times", "occasions", "attempts", "tries", "retries", "repetitions")))
_BRACKETS: Final = re.compile(r"[(\[{]([^()\[\]{}]{3,200})[)\]}]")
_COMMA: Final = re.compile(r"\s*,\s*")
_TIME: Final = re.compile(r"\d:\d\d:\d\d")
_SMALL: Final = 1000
_TALLY: Final = re.compile(r"(?<![\w.])([1-5]\d\d)=(\d+)(?![\w.])")


def noun_of(number: Number, text: str) -> str:
    """Return the stem of what a number of a claim counts, the plural behind it; "" if there is none.

    Args:
        number: The number.
        text: The claim.
    """
    words = _WORD.findall(_WITH_DIGIT.sub(" ", text[number.end : number.end + 60]))[:5]
    if words[:1] == ["of"]:
        words = words[1:]
        words = words[1:] if words[:1] and words[0].lower() in {"the", "these", "those", "its", "their"} else words
    for word in map(str.lower, words):
        if not word[0].isalpha() or word in _ENDS:
            return ""
        if word in _MANY or (word.endswith("s") and not word.endswith(("ss", "ous")) and word not in _NOT_MANY):
            return stem(re.split(r"[-/]", word)[-1])
    return ""


def is_count(number: Number, statement: Statement, most: int = 12) -> bool:
    """Say whether a number of a claim tells how many there are, no size, id or state.

    Args:
        number: The number.
        statement: The claim.
        most: Up to which it is so if it is written in digits; larger ones hardly are the same by chance.
    """
    if number.kind or number.value != int(number.value) or not 2 <= number.value < _SMALL:
        return False
    written = statement.text[number.start : number.end].lower()
    if written in {"twice", "thrice"}:
        return True
    if not number.is_word and (number.value > most or _is_label(number)):
        return False
    return bool(noun_of(number, statement.text))


def _is_label(number: Number) -> bool:
    """Say whether a number in digits belongs to the word in front of it: `port 22 connections`."""
    return number.before in {"port", "cod", "error", "http", "status", "stat", "pid", "id", "line", "row", "versi"}


def is_counted(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a number of a claim is that of its lines, of some that are alike, or of things that they name."""
    noun = noun_of(number, statement.text)
    before, behind = statement.text[: number.start], statement.text[number.end :]
    if _DIFFERENT.match(behind) and (named := _named(noun, lines)):
        return _is_one_of(number, {len(named), *_listed(behind)}, before)
    if noun == "pod" and (pods := pods_among(lines, behind)):
        return _is_one_of(number, {len(pods), *_listed(behind)}, before)
    if _is_given(noun, lines):
        # Lines that count it themselves are not to be counted.
        return False
    counts = {len(lines), sum(map(repeats_of, lines)), *_listed(behind)}
    counts |= {line.source.count for line in lines}
    for group in (*groups_of(lines), *groups_of(lines, SAME)):
        counts |= {len(group), sum(map(repeats_of, group))}
    for some in _bearers(statement, lines):
        counts |= {len(some), sum(map(repeats_of, some))}
    counts |= _things(number, noun, statement, lines)
    if _FURTHER.match(behind):
        counts.add(len(lines) - 1)
    elif more := [int(match[1]) for line in lines for match in _MORE_OF.finditer(line.text)]:
        counts.add(len(lines) - len(more) + sum(more))
    counts.discard(1)
    if _SOME_OF_MORE.search(before):
        return number.value <= max(counts, default=0)
    return _is_one_of(number, counts, before)


def _bearers(statement: Statement, lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give the lines that have each name, time and date of a claim."""
    for unit in statement.units:
        if unit.is_name:
            yield [lines[place] for place in unit.firm]
    for clock in statement.clocks:
        yield [line for line in lines if any(times.is_near(clock, there.seconds) for there in line.clocks)]
    for date in statement.dates:
        yield [line for line in lines if any((one.month, one.day) == (date.month, date.day) for one in line.dates)]


def _things(number: Number, noun: str, statement: Statement, lines: Sequence[Line]) -> set[int]:
    """Return how many different things lines name that a number of a claim may count."""
    if noun in _HAPPENED or statement.text[number.start : number.end].lower() in {"twice", "thrice"}:
        return set()
    counts = {*_names_of(statement), *_alike_names(noun, lines), *_series(lines)}
    if named := _named(noun, lines):
        counts.add(len(named))
    if noun and not all(noun in line.stems for line in lines):
        # Where each line speaks of one, how many other names are different says nothing.
        counts |= set(_distinct(lines))
    return counts


def _is_given(noun: str, lines: Sequence[Line]) -> bool:
    """Say whether lines have numbers of what is counted: `receipts=4`, `3 failed rows`."""
    if not noun or noun in _TURNS:
        return False
    given = re.compile(
        rf"\b{re.escape(noun)}[a-z]*s[=: ]+\d|(?<![\w.])\d+ (?:[a-z]+ )?{re.escape(noun)}[a-z]*s\b", re.IGNORECASE
    )
    return all(given.search(line.text) for line in lines)


def _series(lines: Sequence[Line]) -> Iterator[int]:
    """Give how many items a line has in brackets: `[a, b, c]`, `( 3552 3534 **** )`."""
    for line in lines:
        for match in _BRACKETS.finditer(line.text):
            items = _COMMA.split(match[1].strip()) if "," in match[1] else match[1].split()
            # Words between blanks are a sentence, numbers are a list.
            if len(items) > 2 and ("," in match[1] or sum(map(str.isalpha, items)) == 0) and not _TIME.search(match[1]):
                yield len(items)


def is_range_counted(
    number: Number, statement: Statement, lines: Sequence[Line], stretch: Callable[[int, int], list[Line]]
) -> bool:
    """Say whether so many lines like the first and last that a claim cites stand from the one to the other."""
    if (
        not 2 <= len(lines) <= _ENDS_CITED
        or not _RANGE.search(statement.text)
        or not is_count(number, statement, most=_MOST_COUNTED)
    ):
        return False
    first, last = min(line.number for line in lines), max(line.number for line in lines)
    if last - first >= _MOST_COUNTED:
        return False
    between = stretch(first, last)
    cited = {line.number for line in lines}
    counts = {len(between)} if noun_of(number, statement.text) in _RECORDS else set[int]()
    for group in groups_of(between):
        if any(line.number in cited for line in group):
            counts |= {len(group), sum(map(repeats_of, group))}
    return _is_one_of(number, counts, statement.text[: number.start])


def is_stated(number: Number, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a line gives a number for what a claim counts."""
    noun = noun_of(number, statement.text)
    if any(number.value == float(count) for line in lines for _, count in tallies_of(line)):
        return True
    near = {*number.after, *number.following[:5], *number.ahead[-2:], number.before} - _STOPS
    if noun in _TURNS and any(
        other.after[:1] == (noun,) and other.before == number.before != "" and other.value != number.value
        for line in lines
        for other in line.numbers
    ):
        # `tried 0 times; max 10` is not ten times.
        return False
    for line in lines:
        for other in line.numbers:
            if other.kind or not _is_near(number, other.value):
                continue
            if other.is_name and other.before == noun and noun not in _TURNS:
                # `task 4` is one task.
                continue
            there = {other.before, *other.after[:2], *other.ahead[-2:]} - _STOPS
            if there & near or (noun in _TURNS and (there & _TURNS or other.roles & {"count"})):
                return True
    return False


def _is_near(number: Number, value: float) -> bool:
    if number.bound == ">":
        return number.value <= value <= 2 * number.value
    if number.bound == "<":
        return number.value / 2 <= value <= number.value
    slack = number.value * _ABOUT if number.bound == "~" else 0.0
    return abs(value - number.value) <= slack


def _is_one_of(number: Number, counts: set[int], before: str) -> bool:
    if number.bound == ">":
        least = number.value + (1 if _STRICTLY_MORE.search(before[-24:]) else 0)
        return any(count >= least for count in counts)
    if number.bound == "<":
        return any(count <= number.value for count in counts)
    slack = number.value * _ABOUT if number.bound == "~" else 0.0
    return any(abs(count - number.value) <= slack for count in counts)


def _listed(behind: str) -> set[int]:
    """Return how many things a claim lists behind a number: `three pods: a, b and c`."""
    match = _LIST.match(behind)
    items = [item for item in _ITEMS.split(match["list"]) if item.strip()] if match else []
    return {len(items)} if len(items) > 1 else set()


def _named(noun: str, lines: Sequence[Line]) -> set[str]:
    """Return the different things that lines name by what a claim counts, if each of the lines names one."""
    if not noun:
        return set()
    if noun == stem("addresses") or noun == "ip":
        found = [set(_ADDRESS.findall(line.text)) for line in lines]
    else:
        pattern = re.compile(rf"(?<![A-Za-z]){re.escape(noun)}[a-z]{{0,2}}[-_=: #/]{{1,2}}(\w[\w.-]*)", re.IGNORECASE)
        found = [{value for value in pattern.findall(line.text) if _DIGIT.search(value)} for line in lines]
    return set[str]().union(*found) if all(found) else set()


def _distinct(lines: Sequence[Line]) -> Iterator[int]:
    """Give how many different addresses, ids or names of one shape the lines have."""
    shapes: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for one in line.ids:
            shapes[_DIGIT.sub("0", one)[:12]].add(one)
    for names in shapes.values():
        yield len(names)


def _names_of(statement: Statement) -> Iterator[int]:
    """Give how many things of one kind a claim names."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for name in statement.names:
        if name.kind not in {"caps", "role"}:
            kinds[name.kind].add(name.text)
    for names in kinds.values():
        yield len(names)


def _alike_names(noun: str, lines: Sequence[Line]) -> Iterator[int]:
    """Give how many different values the lines have for a key of what is counted, as in `user=a` and `user=b`."""
    values: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        for key, value in _VALUE.findall(line.text):
            if noun and key.lower().endswith(noun):
                values[key].add(value)
    for found in values.values():
        yield len(found)


def tallies_of(line: Line) -> list[tuple[str, str]]:
    """Return how often a line counts each code of an answer, in order."""
    return _TALLY.findall(line.text)
