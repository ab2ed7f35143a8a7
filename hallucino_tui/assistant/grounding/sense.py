"""What a claim says beside names and numbers: whether its lines speak of that at all, and of no more than they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import failures, hedges, severity, sweeping
from hallucino_tui.assistant.grounding.evidence import support
from hallucino_tui.assistant.grounding.meaning import MEDIUM, OPPOSITES
from hallucino_tui.assistant.grounding.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.stitch import VERB, clauses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.evidence import Mark
    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

# The shares of a claim that lines have to bear: of any, of one with an unsaid verb, subject, or strong word.
_LEAST: Final = 0.45
_HALF: Final = 0.5
_MOST: Final = 0.67
_SUBJECT: Final = 0.67
_STRONG: Final = 0.65
# How much a clause has to say to be missed as a whole.
_MUCH: Final = 2.0
# What a claim only points at by: `the failing statement`.
_GIVEN: Final = re.compile(
    r"\b(?:the|this|that|these|those|its|each|every) (?:failing|failed|faulty|affected)$", re.IGNORECASE
)
_EMPTY: Final = re.compile(r"\(\)|\"\"|[=:]\s*$|=\s(?!\S+=)|<none>|\bnull\b")
_GUESS: Final = re.compile(
    r"\b(?:(?:which|that|this|and|so|it) (?:may|might|could)|possibly|perhaps|maybe|presumably|probably|"
    r"suggest(?:s|ing)|hint(?:s|ing)? at|point(?:s|ing)? to|(?:very |most )?likely)\b",
    re.IGNORECASE,
)
_TOLD: Final = 2.0
_DOER: Final = re.compile(r"\b(?:from|by|against) (?:the |an? )?$")
_TITLE: Final = re.compile(r"(?<=[a-z,\w] )[A-Z][a-z]{2,}(?![\w./:@-])")
_CALENDAR: Final = re.compile(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)


def unsaid(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> str:
    """Say what a claim says that its lines do not speak of; "" if they speak of enough.

    Args:
        statement: The claim.
        lines: What it cites.
        marks: What of it stands in lines letter by letter.
    """
    if not statement.is_english:
        return _unsaid_elsewhere(statement, lines)
    units = [unit for unit in statement.units if not _is_excused(unit, statement, lines, marks)]
    share = support(units, marks)
    missing = [unit for unit in units if not unit.borne and not unit.is_name]
    strong = next((unit.text for unit in missing if unit.is_strong), "")
    said = (strong if share < _STRONG else "") or _unsaid_deed(units, share)
    if said:
        return f"`{said}` is not said in {label(lines)}"
    if share < _SUBJECT and (name := _unsaid_title(statement) or _unsaid_subject(statement, units)):
        return f"`{name}` is not spoken of in {label(lines)}"
    anchored = bool(marks) or any(unit.is_name and unit.borne for unit in units)
    if share < _LEAST or (share <= _HALF and len(missing) > 1 and not anchored):
        words = ", ".join(f"`{unit.text}`" for unit in missing)
        return f"little of it is said in {label(lines)}: not {words}"
    if clause := _unsaid_clause(statement, units, marks):
        return f"`{clause}` is not told in {label(lines)}"
    return ""


def _unsaid_clause(statement: Statement, units: Sequence[Unit], marks: Sequence[Mark]) -> str:
    """Return a part of a claim of which no line bears anything."""
    for start, end in clauses_of(statement):
        inside = [unit for unit in units if start <= unit.start < end]
        weight = sum(unit.weight for unit in inside)
        if weight < _MUCH or any(unit.borne for unit in inside) or any(start <= mark.start < end for mark in marks):
            continue
        return statement.bare[inside[0].start : inside[-1].end].strip()
    return ""


def _is_excused(unit: Unit, statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Say whether lines need not have a word of a claim: what it takes for granted, denies, guesses, or finds empty."""
    if unit.borne or unit.is_name:
        return False
    if unit.stem in statement.denied:
        against = OPPOSITES.get(unit.stem, frozenset())
        if unit.ideas & NEGATIVE or any(against & line.stems for line in lines):
            return True
    if "EMPTY" in unit.ideas and any(_EMPTY.search(line.text) for line in lines):
        return True
    return bool(_GIVEN.search(statement.text, 0, unit.end)) or _is_guessed(unit, statement, marks)


def _is_guessed(unit: Unit, statement: Statement, marks: Sequence[Mark]) -> bool:
    """Say whether a claim has told enough that lines bear when it begins to guess at what that may mean."""
    guess = _GUESS.search(statement.bare)
    if guess is None or unit.start < guess.start():
        return False
    borne = sum(one.weight for one in statement.units if one.borne and one.end <= guess.start())
    return borne + sum(mark.start < guess.start() for mark in marks) >= _TOLD


def _unsaid_deed(units: Sequence[Unit], share: float) -> str:
    """Return a verb, in the past or of a common idea, that no line bears, unless lines bear most of the claim."""
    if share >= _MOST:
        return ""
    for unit in units:
        if unit.borne or unit.is_name or unit.weight < 1:
            continue
        if unit.ideas & MEDIUM or (not unit.ideas and unit.text.endswith("ed") and len(unit.text) > 4):
            return unit.text
    return ""


def _unsaid_title(statement: Statement) -> str:
    """Return a word inside a sentence that begins with a capital, as names do, and that no line bears."""
    titles = {match.start(): match[0] for match in _TITLE.finditer(statement.bare) if not _CALENDAR.match(match[0])}
    return next(
        (titles[unit.start] for unit in statement.units if unit.start in titles and not unit.borne and not unit.ideas),
        "",
    )


def _unsaid_subject(statement: Statement, units: Sequence[Unit]) -> str:
    """Return the subject of a claim if no line bears any of it."""
    verb = VERB.search(statement.bare)
    if verb is None:
        return ""
    subject = [unit for unit in units if unit.start < verb.start()]
    if subject and not any(unit.borne or unit.weight < 1 for unit in subject):
        return subject[-1].text
    for unit in units:
        if not unit.borne and unit.weight >= 1 and unit.text.islower() and _DOER.search(statement.bare[: unit.start]):
            return unit.text
    return ""


def _unsaid_elsewhere(statement: Statement, lines: Sequence[Line]) -> str:
    """Names, numbers, times and quotations have been found before this; without any there is nothing to go by."""
    if statement.quotes or statement.clocks or statement.numbers or any(unit.is_name for unit in statement.units):
        return ""
    if sum(bool(unit.borne) for unit in statement.units) * 2 >= max(len(statement.units), 1):
        return ""
    return f"its words could not be compared with {label(lines)}"


def too_much(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which word claims more than lines can show; "" if none."""
    return (
        sweeping.sweeping(statement, lines)
        or failures.came_through(statement, lines)
        or hedges.overstated(statement, lines)
        or severity.graver(statement, lines)
    )
