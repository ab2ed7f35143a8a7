"""What a claim says beside names and numbers: whether its lines speak of that at all, and of all of it together."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.facts import borne_numbers
from hallucino_tui.assistant.grounding.meaning import MEDIUM
from hallucino_tui.assistant.grounding.statement import NEGATIVE, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

_ALL: Final = re.compile(
    r"\b(?:all|every|always|only|(?<!to )none|nobody|no one|nothing|entire|everything|everywhere|"
    r"for the first time|first ever|"
    r"constantly|no other|never|solely|exclusively)\b(?! (?:of (?:them|these|those|which)|\d|two|"
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
_LEAST: Final = 0.5
_MOST: Final = 0.6
_CLAUSE: Final = re.compile(
    r";|, (?:and|but|so|which|who|then)\b|\b(?:while|whereas|and then|before|after|because|before|"
    r"after|due to|caused by|led to|leading to|until|"
    r"once|since|when|resulted in|triggered)\b"
)
_VERB: Final = re.compile(
    r"\b(?:is|was|were|are|has|had|have|did|does|could|can|cannot|will|would|\w{3,}ed|got|ran|came|went|lost|took|sent|"
    r"found|said|began|wrote|read|failed|waits?|shut|broke)\b"
)
_LIST: Final = re.compile(r"\b(?:and|or|nor|as well as|than|then|but|while|like|too)\b|[,;:&/]")
_DOER: Final = re.compile(r"\b(?:from|by|against) (?:the |an? )?$")
_TITLE: Final = re.compile(r"(?<=[a-z,\w] )[A-Z][a-z]{2,}(?![\w./:@-])")
_CALENDAR: Final = re.compile(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)
_BOTH: Final = re.compile(r"\band\b")


def unsaid(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim says that its lines do not speak of; "" if they speak of enough."""
    if not statement.is_english:
        return _unsaid_elsewhere(statement, lines)
    units = statement.units
    strong = (unit for unit in units if unit.is_strong and not unit.borne and not unit.is_name)
    said = next((unit.text for unit in strong if not _is_absent(unit, statement)), "") or _unsaid_deed(statement)
    if said:
        return f"`{said}` is not said in {label(lines)}"
    if name := _unsaid_title(statement) or _unsaid_subject(statement):
        return f"`{name}` is not spoken of in {label(lines)}"
    total = sum(unit.weight for unit in units)
    share = sum(unit.weight for unit in units if unit.borne) / total if total else 1.0
    missing = [unit for unit in units if not unit.borne and not unit.is_name]
    if share < _LEAST or (share == _LEAST and len(missing) > 1):
        words = ", ".join(f"`{unit.text}`" for unit in missing)
        return f"little of it is said in {label(lines)}: not {words}"
    return ""


def _is_absent(unit: Unit, statement: Statement) -> bool:
    """Say whether a claim says that something bad was not there: `without trouble`."""
    return unit.stem in statement.denied and bool(unit.ideas & NEGATIVE)


def _unsaid_deed(statement: Statement) -> str:
    """Return a verb, in the past or of a common idea, that no line bears, unless lines bear most of the claim."""
    total = sum(unit.weight for unit in statement.units)
    borne = sum(unit.weight for unit in statement.units if unit.borne)
    # Numbers and times have been found in the lines before this: they speak for the rest.
    told = len(statement.clocks) + sum(not number.is_word for number in statement.numbers)
    if not total or (borne + told) / (total + told) >= _MOST:
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
    verb = _VERB.search(statement.bare)
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
    for match in _ALL.finditer(text):
        word = match[0].lower()
        if _COUNTED.match(text[match.start() :]) or any(
            re.search(rf"\b{word}\b", line.text, re.IGNORECASE) for line in lines
        ):
            continue
        if word in _NEGATIVE and any(line.denied or "REFUSE" in line.ideas or line.has_zero for line in lines):
            continue
        if word == "all" and any(line.has_zero for line in lines):
            continue
        if word == "only" and re.match(r"only (?:\d|one|two|three|half|a |an )", text[match.start() :].lower()):
            continue
        return f"`{word}` cannot be seen from {label(lines)}"
    return ""


def stitched(statement: Statement, lines: Sequence[Line], known: frozenset[str]) -> str:
    """Say which name a claim joins with what another line tells; "" if it joins nothing that is apart.

    Args:
        statement: The claim.
        lines: What it cites.
        known: Plain words that are names somewhere in what was sent.
    """
    if len(lines) < 2 or not statement.is_english:
        return ""
    for start, end in _clauses(statement):
        apart = _apart(statement, lines, known, (start, end))
        if apart:
            return apart
    return ""


def _apart(statement: Statement, lines: Sequence[Line], known: frozenset[str], span: tuple[int, int]) -> str:
    start, end = span
    units = [unit for unit in statement.units if start <= unit.start < end and unit.borne]
    subject = _subject(statement, units, start, end)
    names = [unit for unit in units if unit.is_name or unit.text in known]
    says = [
        unit
        for unit in units
        if unit not in names
        and unit not in subject
        and unit.weight >= 1
        and (unit.is_strong or not unit.ideas or unit.ideas & MEDIUM)
    ]
    numbers = [set(places) for number, places in borne_numbers(statement, lines) if start <= number.start < end]
    told = [
        sum(place in unit.borne for unit in says) + sum(place in one for one in numbers) for place in range(len(lines))
    ]
    best = max(told)
    for name in [*names, *(unit for unit in subject if unit not in names)] if best else ():
        tells = [place for place in range(len(lines)) if told[place] == best]
        if max(told[place] for place in name.borne) * 2 > best or any(
            _belong(lines[one], lines[other], name) for one in name.borne for other in tells
        ):
            continue
        where = lines[min(name.borne)].number
        return f"`{name.text}` is in L{where}, but what is said of it is in L{lines[tells[0]].number}"
    return _names_apart(names, statement, lines) or _numbers_apart(numbers, says, lines)


def _subject(statement: Statement, units: list[Unit], start: int, end: int) -> list[Unit]:
    """Return what a clause speaks of, if it says so in words that no idea stands for."""
    verb = _VERB.search(statement.bare, start, end)
    return [unit for unit in units if verb and unit.start < verb.start() and not unit.ideas and not unit.is_name][-1:]


def _names_apart(names: list[Unit], statement: Statement, lines: Sequence[Line]) -> str:
    """Say which two names a clause joins, though no line has both and nothing ties their lines."""
    for one, other in itertools.pairwise(names):
        if one.borne & other.borne or one.text == other.text or _LIST.search(statement.bare[one.end : other.start]):
            continue
        if not any(_belong(lines[first], lines[second], one) for first in one.borne for second in other.borne):
            return f"no line has both `{one.text}` and `{other.text}`"
    return ""


def _numbers_apart(numbers: list[set[int]], says: list[Unit], lines: Sequence[Line]) -> str:
    """Say whether all numbers of a clause come from lines that say nothing of what it says."""
    if not numbers or len(says) < 2:
        return ""
    having = set[int]().union(*numbers)
    told = [sum(place in unit.borne for unit in says) for place in range(len(lines))]
    best = max(told)
    if best < 2 or max(told[place] for place in having) * 2 >= best:
        return ""
    one, other = lines[min(having)].number, lines[told.index(best)].number
    return f"its numbers are in L{one}, but what is said of them is in L{other}"


def _clauses(statement: Statement) -> list[tuple[int, int]]:
    ends = [match.start() for match in _CLAUSE.finditer(statement.bare)]
    for match in _BOTH.finditer(statement.bare):
        left = [unit for unit in statement.units if unit.end <= match.start() and unit.is_name]
        right = [unit for unit in statement.units if unit.start >= match.end() and unit.is_name]
        if left and right and _says(statement.units, match.start(), left) and _says(statement.units, -1, right):
            ends.append(match.start())
    cuts = [0, *sorted(ends), len(statement.bare)]
    return list(itertools.pairwise(cuts))


def _says(units: list[Unit], before: int, names: list[Unit]) -> bool:
    """Say whether one side of an ``and`` has something to say of its names."""
    if before >= 0:
        return any(not unit.is_name and names[0].end <= unit.start < before for unit in units)
    return any(not unit.is_name and unit.start >= names[0].end for unit in units)


def _belong(one: Line, other: Line, name: Unit) -> bool:
    """Say whether two lines share a name with digits that is not everywhere."""
    shared = {key for key in one.ids & other.ids if len(key) >= 5 and key not in name.text}
    return bool(shared)
