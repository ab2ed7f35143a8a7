"""Looks in all lines for what a claim says to be in none of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.reading import anchors, times
from hallucino_tui.assistant.grounding.reading.absence import SEEING
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, read_statement
from hallucino_tui.assistant.grounding.rules import wellness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hallucino_tui.assistant.grounding.claim import Source
    from hallucino_tui.assistant.grounding.reading.absence import Absent
    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_TROUBLE: Final = re.compile(
    r"(?:errors?|failures?|problems?|issues?|faults?|troubles?|incidents?|warnings?|exceptions?)(?: (?:occurred|"
    r"happened|at all|whatsoever|here|in the logs?))?\W*",
    re.IGNORECASE,
)
_NO: Final = re.compile(r"(?<![\w.])(?:0|no|zero) (?:\w+ )?$", re.IGNORECASE)
_ZERO: Final = re.compile(r"[\"']?[=: ]{1,2}0\b")
# What lines of something that went well tell of.
_DONE: Final = frozenset({"SUCCESS", "ALLOW", "OPEN"})
# How many lines are taken apart to search them for other words of the same meaning.
_MOST: Final = 300


def mentioned(absent: Absent, sources: dict[int, Source], line_of: Callable[[int], Line]) -> tuple[str, bool]:
    """Return which line mentions what is said to be absent, and whether that is certain; "" if none does.

    Args:
        absent: What is said to be absent.
        sources: All lines.
        line_of: Gives one of them, taken apart.
    """
    clocks = times.clocks_of_claim(absent.scope)
    loose = ""
    if absent.silence is not None and (number := _first_within(absent.silence, sources, line_of)):
        return f"L{number} is of that time", True
    for thing in absent.things:
        statement = read_statement(thing, [])
        units = [unit for unit in statement.units if unit.is_name or unit.stem not in SEEING]
        if not units and not statement.quotes and not statement.numbers:
            continue
        what = " ".join(dict.fromkeys(unit.text for unit in units)) or thing.strip(" \"'`")
        if _TROUBLE.fullmatch(thing.strip()) and (bad := _trouble(thing, sources, line_of)):
            return bad, True
        for number, is_literal in _lines_with(statement, units, sources, line_of):
            if clocks and not _is_in(line_of(number), clocks):
                continue
            if is_literal and (clocks or not absent.scope):
                return f"L{number} mentions `{what}`", True
            loose = loose or f"L{number} may be about `{what}`"
    return loose, False


def unknown_of(absent: Absent, sources: dict[int, Source], line_of: Callable[[int], Line]) -> str:
    """Return what is said not to have happened though no line is about anything of the kind; "" if there is none.

    Lines about logins that all fail show that none succeeded. Lines that never speak of customers do not show that none
    was affected.

    Args:
        absent: What is said to be absent.
        sources: All lines.
        line_of: Gives one of them, taken apart.
    """
    lines = [line_of(number) for number in list(sources)[:_MOST]]
    for thing in absent.deeds:
        if _TROUBLE.fullmatch(thing.strip()):
            continue
        statement = read_statement(thing, lines)
        told = [unit for unit in statement.units if unit.weight >= 1 and unit.stem not in SEEING]
        if told and not told[0].borne and not any(told[0].ideas & line.ideas - meaning.WEAK for line in lines):
            return told[0].text
    return ""


def _trouble(thing: str, sources: dict[int, Source], line_of: Callable[[int], Line]) -> str:
    """Say which line shows trouble, of whatever kind; "" if none."""
    lines = [line_of(number) for number in list(sources)[:_MOST]]
    return wellness.all_well(read_statement(f"There were no {thing.strip()}", lines), lines) if lines else ""


def _first_within(span: tuple[float, float], sources: dict[int, Source], line_of: Callable[[int], Line]) -> int | None:
    """Return the first line of a time between two others; None if there is none, or the lines are of several days."""
    lines = [line_of(number) for number in list(sources)[:_MOST]]
    if len({line.day for line in lines}) > 1:
        return None
    return next((line.number for line in lines if line.clocks and span[0] <= line.clocks[0].seconds < span[1]), None)


def _lines_with(
    statement: Statement, units: list[Unit], sources: dict[int, Source], line_of: Callable[[int], Line]
) -> Iterable[tuple[int, bool]]:
    """Give the lines that have all of a thing, first those which have it word by word."""
    words = [{unit.text.lower(), unit.stem or unit.text.lower()} for unit in units]
    digits = {
        number for one in statement.numbers if (number := statement.text[one.start : one.end].strip(" s")).isdigit()
    }
    others: list[int] = []
    for number, source in sources.items():
        low = source.text.lower()
        if all(any(word in low for word in either) for either in words) and all(digit in low for digit in digits):
            line = line_of(number)
            if (
                all(_is_said(unit, line) for unit in units)
                and digits <= line.digits
                and all(anchors.is_quoted_in(quote.text, line) for quote in statement.quotes)
            ):
                yield number, True
                continue
        others.append(number)
    # One word alone has too many others that may mean the same.
    if len(units) < 2 or statement.quotes or digits:
        return
    for number in others[:_MOST]:
        line = line_of(number)
        if not line.denied and all(_is_said(unit, line) or _is_meant(unit, line) for unit in units):
            yield number, False


def _is_meant(unit: Unit, line: Line) -> bool:
    """Say whether a line has another word for a part of what is looked for."""
    if "SUCCESS" in unit.ideas:
        # `check pass; user unknown` is none, `Accepted password` and `session opened` are.
        return bool(line.ideas & _DONE) and not line.ideas & NEGATIVE
    if unit.ideas & NEGATIVE:
        return bool(unit.ideas & _own_ideas(line) - meaning.WEAK)
    return bool(unit.ideas & line.ideas - meaning.WEAK)


def _own_ideas(line: Line) -> frozenset[str]:
    """Return what the words of a line stand for, without what may follow: not all that is closed is unreachable."""
    words = (meaning.concepts_of(token.stem) for token in line.words)
    return frozenset[str]().union(*words, *(ideas for _, _, ideas in meaning.phrases_in(line.flat)))


def _is_said(unit: Unit, line: Line) -> bool:
    if unit.is_name:
        return anchors.has_name(anchors.Name(unit.text, unit.kind, unit.start, unit.end), line)
    if not unit.stem:
        return unit.text.lower() in line.flat
    if unit.stem in line.denied:
        return False
    return any(
        token.stem == unit.stem
        and not _ZERO.match(line.text, token.end)
        and not _NO.search(line.text, max(0, token.start - 12), token.start)
        for token in line.words
    )


def _is_in(line: Line, clocks: list[times.Clock]) -> bool:
    """Say whether a line is of the time that is spoken of."""
    if not line.clocks:
        return False
    at = line.clocks[0].seconds
    for clock in clocks:
        if clock.relation == "before" or (clock.relation == "to" and len(clocks) > 1):
            is_in = at < clock.seconds
        elif clock.relation in {"after", "from"}:
            is_in = at >= clock.seconds + (clock.unit if clock.relation == "after" else 0)
        else:
            is_in = times.is_near(clock, at)
        if not is_in:
            return False
    return True
