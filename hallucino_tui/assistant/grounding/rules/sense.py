"""What a claim says beside names and numbers: whether its lines speak of that at all, and of no more than they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon.meaning import MEDIUM, OPPOSITES
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.rules import failures, hedges, moments, predicates, severity, sweeping
from hallucino_tui.assistant.grounding.rules.evidence import support
from hallucino_tui.assistant.grounding.rules.happenings import VIEWS, is_at_rest, is_passing
from hallucino_tui.assistant.grounding.rules.stitch import VERB, clauses_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit
    from hallucino_tui.assistant.grounding.rules.evidence import Mark

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
_COUNTED: Final = re.compile(r"\b\d+ (?:(?:are|were|is|was) )?(?:\w+ )?$")
_EMPTY: Final = re.compile(r"\(\)|\"\"|[=:]\s*$|=\s(?!\S+=)|<none>|\bnull\b")
_GUESS: Final = re.compile(
    r"\b(?:(?:which|that|this|and|so|it) (?:may|might|could)|possibly|perhaps|maybe|presumably|probably|"
    r"suggest(?:s|ing)|hint(?:s|ing)? at|point(?:s|ing)? to|(?:very |most )?likely|"
    r"(?:are|is|were|was) unlikely|doubtful)\b",
    re.IGNORECASE,
)
_GOOD: Final = frozenset({"RECOVER", "SUCCESS", "READY", "COMPLETE"})
_SEEMS: Final = re.compile(r"\b(?:apparently|seemingly|presumably|probably|supposedly)\b", re.IGNORECASE)
_DISASTERS: Final = frozenset({"CRASH", "OOM", "KILL", "DEADLOCK", "CORRUPT", "LEAK"})
# By which of two a thing is meant, as the rest of an answer has it.
_RELATIVE: Final = frozenset({"old", "new", "former", "original", "replacement", "replacements", "respective"})
# A time that the rest of an answer tells of: `in the window just before the crash`.
_WHEN: Final = re.compile(
    r"\b(?:in|during|for|over|within) the (?:[\w\-]+ ){1,3}(?:before|after|since|until|preceding|following) "
    r"(?:the |that |this )$",
    re.IGNORECASE,
)
_TOLD: Final = 2.0
_BEFORE_VERB: Final = re.compile(
    r"\b(?:to|and|then|will|would|can|could|may|might|must|should|did|does|do|not|it|they|which|that|who|"
    r"is|are|was|were|been|be|being|got|has|have|had) $",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(r" (?:the|an?|its|their|all|any|every|each|another|it|them)\b| [`\"\u201c]")
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
    said = (
        _unsaid_disaster(statement, units)
        or (strong if share < _STRONG else "")
        or _unsaid_deed(statement, units, share)
    )
    if said:
        return f"`{said}` is not said in {label(lines)}"
    least = _HALF if marks or any(unit.is_name and unit.borne for unit in units) else _SUBJECT
    if share < _SUBJECT and (
        name := _unsaid_title(statement) or (_unsaid_subject(statement, units) if share < least else "")
    ):
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
        # That something was not told of is told by no line.
        if all(unit.stem in statement.denied for unit in inside) or _SEEMS.search(statement.bare, start, end):
            continue
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
    if unit.stem in statement.denied and unit.ideas & _GOOD and any(line.ideas & NEGATIVE for line in lines):
        return True
    if unit.text in _RELATIVE or is_at_rest(unit, marks) or is_passing(unit, statement):
        return True
    if _is_seen_in(unit, statement, lines):
        return True
    is_when = bool(marks) and _WHEN.search(statement.text[: unit.start]) is not None
    return is_when or bool(_GIVEN.search(statement.text, 0, unit.end)) or _is_guessed(unit, statement, marks)


def _is_seen_in(unit: Unit, statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether lines show what a word says without having it: an empty value, a good line, a time reckoned back."""
    if unit.text == "successes" and _COUNTED.search(statement.text[: unit.start]):
        return any(not (line.denied or line.ideas & NEGATIVE) for line in lines)
    if "EMPTY" in unit.ideas and any(_EMPTY.search(line.text) for line in lines):
        return True
    return moments.is_reckoned(unit, statement, lines)


def _is_guessed(unit: Unit, statement: Statement, marks: Sequence[Mark]) -> bool:
    """Say whether a claim has told enough that lines bear when it begins to guess at what that may mean."""
    guess = _GUESS.search(statement.bare)
    if guess is None or unit.start < guess.start():
        return False
    borne = sum(one.weight for one in statement.units if one.borne and one.end <= guess.start())
    return borne + sum(mark.start < guess.start() for mark in marks) >= _TOLD


def _unsaid_disaster(statement: Statement, units: Sequence[Unit]) -> str:
    """Return a word for a crash or the like that no line has, nor follows from one: nobody says that in passing."""
    for unit in units:
        is_unsaid = not unit.firm and not unit.is_name and unit.ideas & _DISASTERS and "DIE" not in unit.ideas
        if is_unsaid and unit.stem not in statement.denied and not _GUESS.search(statement.bare):
            return unit.text
    return ""


def _unsaid_deed(statement: Statement, units: Sequence[Unit], share: float) -> str:
    """Return a verb of a common idea that no line bears, unless lines bear most of the claim."""
    if share >= _MOST:
        return ""
    for unit in units:
        if unit.borne or unit.is_name or unit.weight < 1 or unit.stem in VIEWS:
            continue
        if unit.ideas & MEDIUM and _is_deed(unit, statement):
            return unit.text
    return ""


def _is_deed(unit: Unit, statement: Statement) -> bool:
    """Say whether a word is a verb where it stands; a noun, as in `the page load`, is a matter of style."""
    if unit.text.endswith(("ed", "ing")):
        return True
    if not unit.stem or unit.text.endswith("er"):
        return False
    return _BEFORE_VERB.search(statement.text[: unit.start]) is not None or (
        unit.text.endswith("s") and _OBJECT.match(statement.text, unit.end) is not None
    )


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
        or predicates.called_unknown(statement, lines)
        or failures.came_through(statement, lines)
        or hedges.overstated(statement, lines)
        or severity.graver(statement, lines)
    )
