"""What a claim says beside names and numbers: whether its lines speak of that at all, and of no more than they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.derived import tallies_of
from hallucino_tui.assistant.grounding.evidence import support
from hallucino_tui.assistant.grounding.meaning import MEDIUM
from hallucino_tui.assistant.grounding.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.stitch import VERB, clauses_of
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.evidence import Mark
    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

_ALL: Final = re.compile(
    r"\b(?:(?<!after )(?<!at )(?<!in )(?<!above )all|every|always|only|(?<!to )none|nobody|no one|nothing|"
    r"entire|everything|everywhere|"
    r"for the first time|first ever|"
    r"constantly|no other|never|solely|exclusively)\b(?! (?:but (?:HTTP )?[1-5]\d\ds?|within|in (?:one|\d+|the same|"
    r"an?)|the same\b|in all|good|of (?:them|these|those|"
    r"which)|\d|two|"
    r"three|four|five|six|later|after|then|once|when)\b)",
    re.IGNORECASE,
)
_NEGATIVE: Final = frozenset({"never", "none", "nobody", "nothing", "no one"})
_NONE: Final = re.compile(
    r"\b(?:no|without any|not any|free of) (?:\w+ )?(?:errors?|failures?|warnings?|problems?|retries|"
    r"restarts?|attempts?|issues?|"
    r"timeouts?|exceptions?|connections?|requests?|data loss|losses|damage|impact)\b",
    re.IGNORECASE,
)
_NO_DEED: Final = re.compile(
    r"^\W*no (?:other |further |more )?\w+ (?:\w+ed|ran|went|was|were|is|are|has|had)\b", re.IGNORECASE
)
_COUNTED: Final = re.compile(
    r"\b(?:all|both|each of the|every one of the)\b (?:the )?(?:\d+|two|three|four|five|six|seven|"
    r"eight|nine|ten|cited|listed|these|those|lines)\b",
    re.IGNORECASE,
)
# The shares of a claim that lines have to bear: of any, of one with an unsaid verb, subject, or strong word.
_LEAST: Final = 0.45
_HALF: Final = 0.5
_MOST: Final = 0.67
_SUBJECT: Final = 0.67
_STRONG: Final = 0.65
# How much a clause has to say to be missed as a whole.
_MUCH: Final = 2.0
_REMAINING: Final = frozenset(map(stem, ("remaining", "reserved", "left", "exclusively", "solely", "just", "single")))
_ONLY_CODE: Final = re.compile(
    r"\b(?:but|except|other than|only|just|solely) (?:an? |HTTP )*(?P<code>[1-5]\d\d)s?\b",
    re.IGNORECASE,
)
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
    share = support(statement.units, marks)
    missing = [unit for unit in statement.units if not unit.borne and not unit.is_name]
    strong = next((unit.text for unit in missing if unit.is_strong and not _is_absent(unit, statement)), "")
    said = (strong if share < _STRONG else "") or _unsaid_deed(statement, share)
    if said:
        return f"`{said}` is not said in {label(lines)}"
    if share < _SUBJECT and (name := _unsaid_title(statement) or _unsaid_subject(statement)):
        return f"`{name}` is not spoken of in {label(lines)}"
    anchored = bool(marks) or any(unit.is_name and unit.borne for unit in statement.units)
    if share < _LEAST or (share <= _HALF and len(missing) > 1 and not anchored):
        words = ", ".join(f"`{unit.text}`" for unit in missing)
        return f"little of it is said in {label(lines)}: not {words}"
    if clause := _unsaid_clause(statement, marks):
        return f"`{clause}` is not told in {label(lines)}"
    return ""


def _unsaid_clause(statement: Statement, marks: Sequence[Mark]) -> str:
    """Return a part of a claim of which no line bears anything."""
    for start, end in clauses_of(statement):
        units = [unit for unit in statement.units if start <= unit.start < end]
        weight = sum(unit.weight for unit in units)
        if weight < _MUCH or any(unit.borne for unit in units) or any(start <= mark.start < end for mark in marks):
            continue
        return statement.bare[units[0].start : units[-1].end].strip()
    return ""


def _is_absent(unit: Unit, statement: Statement) -> bool:
    """Say whether a claim says that something bad was not there: `without trouble`."""
    return unit.stem in statement.denied and bool(unit.ideas & NEGATIVE)


def _unsaid_deed(statement: Statement, share: float) -> str:
    """Return a verb, in the past or of a common idea, that no line bears, unless lines bear most of the claim."""
    if share >= _MOST:
        return ""
    for unit in statement.units:
        if unit.borne or unit.is_name or unit.weight < 1 or _is_absent(unit, statement):
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


def _unsaid_subject(statement: Statement) -> str:
    """Return the subject of a claim if no line bears any of it."""
    verb = VERB.search(statement.bare)
    if verb is None:
        return ""
    subject = [unit for unit in statement.units if unit.start < verb.start()]
    if subject and not any(unit.borne or unit.weight < 1 for unit in subject):
        return subject[-1].text
    for unit in statement.units:
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
    text = statement.text
    if absent := _NONE.search(text):
        said = absent[0].lower()
        is_thing = not re.search(r"error|fail|warn|problem|issue|timeout|exception|loss|damage|impact", said)
        if is_thing and any(line.denied or "FAIL" in line.ideas for line in lines):
            return ""
        if not any(said in line.text.lower() or " 0 " in f" {line.text} " for line in lines):
            return f"that there was `{said}` cannot be seen from {label(lines)}"
    if (nothing := _NO_DEED.search(text)) and not any(line.denied or line.has_zero for line in lines):
        return f"that there was `{nothing[0].lower()}` cannot be seen from {label(lines)}"
    return _universal(text, lines)


def _is_only_code(text: str, lines: Sequence[Line]) -> bool:
    """Say whether lines that count answers by their codes have no other than a claim says there were."""
    only = _ONLY_CODE.search(text)
    counted = [code for line in lines for code, _ in tallies_of(line)]
    counted = [code for code in counted if only is None or code == only["code"] or code not in text]
    return only is not None and only["code"] in counted and (len(lines) > 1 or set(counted) == {only["code"]})


def _universal(text: str, lines: Sequence[Line]) -> str:
    """Say which `all`, `only` or `never` lines cannot show; "" if none."""
    for match in _ALL.finditer(text):
        word = match[0].lower()
        if _COUNTED.match(text[match.start() :]) or any(
            re.search(rf"\b{word}\b", line.text, re.IGNORECASE) for line in lines
        ):
            continue
        if word == "only" and any(line.stems & _REMAINING for line in lines):
            continue
        if word in _NEGATIVE and any(line.denied or "REFUSE" in line.ideas or line.has_zero for line in lines):
            continue
        if _is_only_code(text, lines):
            continue
        if word == "all" and any(line.has_zero for line in lines):
            continue
        if word == "only" and re.match(
            r"only (?:(?:about|around|roughly|some|for|after|when|then|just|ever) )*(?:\d|one|two|three|four|five|"
            r"six|half|a |an |few|later|then|partial)",
            text[match.start() :].lower(),
        ):
            continue
        return f"`{word}` cannot be seen from {label(lines)}"
    return ""
