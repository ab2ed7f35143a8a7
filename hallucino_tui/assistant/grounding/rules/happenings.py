"""Happenings: whether what a claim tells of as done is told by its lines at all, and as done by them.

A made-up happening may well have all the rest from its lines: its subject, its time, its object.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning, views
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules import guesses, moments
from hallucino_tui.assistant.grounding.rules.evidence import support

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit
    from hallucino_tui.assistant.grounding.rules.evidence import Mark

_PAST: Final = frozenset(views.PAST.split())
_PARTICIPLES: Final = frozenset(views.PARTICIPLES.split())
VIEWS: Final = frozenset(map(stem, views.VIEWS.split()))
_BE: Final = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "got", "get", "gets", "has", "have", "had"}
)  # fmt: skip
_AUX: Final = frozenset(
    {"will", "would", "can", "could", "may", "might", "must", "shall", "should", "did", "does", "do", "cannot", "let"}
)
# Behind these a word is a participle in front of its noun: `the failed login`.
_NO_SUBJECT: Final = re.compile(
    r"(?:the|an?|its|his|her|their|these|those|any|some|no|every|each|all|both|of|in|on|at|with|from|by|for|to|into|"
    r"after|before|during|without|about|as|than)$"
)
_OBJECT: Final = frozenset({"the", "a", "an", "its", "their", "his", "all", "any", "every", "each", "another"})
_BETWEEN: Final = re.compile(
    r"(?:not|never|also|then|again|already|soon|later|still|just|only|once|twice|therefore|thus|however|even|first|"
    r"\w+ly)$"
)
_AGENT: Final = re.compile(
    r"\b(?P<name>(?:administrator|operator|technician|engineer|developer|maintainer|supervisor|colleague)s?|"
    r"(?:support|operations|ops|security|on-call) (?:staff|team|people)|staff|admins)\b",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"\bby (?:the |an? )?$", re.IGNORECASE)
_NEAR: Final = 12
_AT_REST: Final = frozenset(
    map(
        stem, ("stopped", "stalled", "halted", "stagnated", "froze", "frozen", "stuck", "rested", "paused", "unchanged")
    )
)
_WILL_HELP: Final = re.compile(
    r"\W*(?P<deed>[A-Za-z]{3,}ing)\b[^.;:]{3,80}? will (?:\w+ly |then |also )?(?:clear|fix|solve|resolve|cure|remedy|"
    r"help|restore|prevent|stop|end|remove|mend|repair|bring|make|let|allow|get|put)\b"
)
_CLEFT: Final = re.compile(
    r"\bit (?:was|is) (?:not )?(?:the |an? )?(?P<who>(?:[\w\-]+ ){0,2}[\w\-]+)(?:, [^,;:]{1,40},)? "
    r"(?:that|which|who)\b",
    re.IGNORECASE,
)
# Beside verbs that say nothing it is the thing which tells what was done: `put on the blacklist`.
_HOLLOW: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|being|got) (?:\w+ly |then |also |later )?(?:put|placed|set|brought|taken|moved|"
    r"given|added|handed|switched|turned|sent) (?:in|into|on|onto|to|under|out of|off|through|up for|over to) "
)
_FOR: Final = re.compile(r"\bto (?P<verb>[a-z]{4,}) (?:the|an?|its|their|his|any|some|new|all|more)\b")
_STOP: Final = re.compile(r"[.,;:()]|\b(?:and|but|because|since|while|when|after|before|until)\b")
_DOER: Final = re.compile(r"(?:process|daemon|thread|[a-z]{3,}(?:er|or))s?$")
# Endings of adjectives and the like: `previous worker` is no kind of worker.
_NO_KIND: Final = re.compile(
    r"(?:ed|ing|ly|est|ful|less|ous|ish|th|rd|nd|ive|able|al|ic|ent|ant|ary|ory|ern|er|us)$|^.{1,3}$"
)
# Above this share of what a claim says one verb more is a matter of style.
_MOST: Final = 0.82


def unsaid_happening(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> str:
    """Say which happening of a claim, or who did it, its lines do not tell of; "" if they tell of all.

    Args:
        statement: The claim.
        lines: What it cites.
        marks: What of it stands in lines letter by letter.
    """
    if not statement.is_english:
        return ""
    said = _unsaid_agent(statement) or _other_doer(statement, lines) or _stressed(statement) or _remedy(statement)
    if not said and support(statement.units, marks) <= _MOST:
        said = _unsaid_verb(statement, lines, marks)
    return f"`{said}` is not said in {label(lines)}" if said else ""


def _unsaid_agent(statement: Statement) -> str:
    """Return a person of whom a claim tells a deed, though no line has one."""
    for match in _AGENT.finditer(statement.bare):
        if any(unit.firm for unit in statement.units if match.start() <= unit.start < match.end()):
            continue
        is_doer = _BY.search(statement.bare[: match.start()]) is not None
        near = (place for place, one in enumerate(statement.words) if 0 <= one.start - match.end() < _NEAR)
        if is_doer or any(_is_done(statement, place) for place in near):
            return match["name"].lower()
    return ""


def _remedy(statement: Statement) -> str:
    """Return what a claim says will help, as in `reseating the card will clear it`, if no line speaks of doing that."""
    match = _WILL_HELP.match(statement.bare)
    if match is None:
        return ""
    deed = next((unit for unit in statement.units if unit.start == match.start("deed")), None)
    return deed.text if deed is not None and not deed.borne else ""


def _stressed(statement: Statement) -> str:
    """Return whom a claim puts first, as in `it was the mailer that failed`, if no line has it."""
    match = _CLEFT.search(statement.bare)
    if match is None:
        return ""
    inside = [unit for unit in statement.units if match.start("who") <= unit.start < match.end("who")]
    is_told = not inside or any(unit.firm or unit.is_name or unit.weight < 1 for unit in inside)
    return "" if is_told else inside[-1].text


def _other_doer(statement: Statement, lines: Sequence[Line]) -> str:
    """Return what a claim says before a doer of which lines say something else: `autovacuum worker`."""
    units = {unit.start: unit for unit in statement.units if not unit.is_name}
    for one, other in itertools.pairwise(statement.words):
        kind, doer = units.get(one.start), units.get(other.start)
        if kind is None or doer is None or other.start - one.end != 1 or not _DOER.search(other.word):
            continue
        if kind.borne or kind.ideas or kind.groups or _NO_KIND.search(kind.text):
            continue
        before = [
            _kind_before(place, line)
            for line in lines
            for place, token in enumerate(line.words)
            if token.stem == other.stem
        ]
        if before and all(before):
            return kind.text
    return ""


def _kind_before(place: int, line: Line) -> str:
    """Return the word right before another in a line; "" if there is none that says what kind of thing it is."""
    if not place:
        return ""
    one, other = line.words[place - 1], line.words[place]
    is_beside = line.text[one.end : other.start] in {" ", "-"}
    return one.word if is_beside and one.word not in meaning.LIGHT else ""


def _unsaid_verb(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> str:
    for unit in happenings_of(statement):
        if unit.borne or unit.stem in VIEWS or unit.stem in statement.denied:
            continue
        if guesses.is_behind_guess(unit, statement):
            continue
        if not (is_at_rest(unit, marks) or is_passing(unit, statement) or moments.is_reckoned(unit, statement, lines)):
            return unit.text
    for match in _HOLLOW.finditer(statement.bare):
        if thing := _unsaid_thing(match.end(), statement, marks):
            return thing
    for match in _FOR.finditer(statement.bare):
        for unit in statement.units:
            if unit.start == match.start("verb") and not unit.borne and unit.ideas and unit.stem not in VIEWS:
                return unit.text
    return ""


def is_at_rest(unit: Unit, marks: Sequence[Mark]) -> bool:
    """Say whether a word has it that nothing moves, and two lines have the same number to show it."""
    return unit.stem in _AT_REST and any(mark.kind == "number" and len(mark.borne) > 1 for mark in marks)


def is_passing(unit: Unit, statement: Statement) -> bool:
    """Say whether a word only says that a time was spent, `134 ms of which it waited`, or how far a deed had come."""
    if "WAIT" in unit.ideas and any(number.kind == "time" for number in statement.numbers):
        return True
    # `finished shutting down` says no more than `shut down`.
    return "COMPLETE" in unit.ideas and any(
        0 < one.start - unit.end <= 1 and one.borne and one.text.split()[0].endswith("ing") for one in statement.units
    )


def _unsaid_thing(start: int, statement: Statement, marks: Sequence[Mark]) -> str:
    """Return the first thing behind a verb that says nothing, if no line has it."""
    unit = next((unit for unit in statement.units if unit.start >= start), None)
    if unit is None or unit.borne or unit.is_name or unit.weight < 1:
        return ""
    is_apart = _STOP.search(statement.text[start : unit.start]) is not None
    return "" if is_apart or any(start <= mark.start < unit.start for mark in marks) else unit.text


def happenings_of(statement: Statement) -> Iterator[Unit]:
    """Give the verbs of a claim that say what was done: finite, or participles behind an auxiliary."""
    places = {token.start: place for place, token in enumerate(statement.words)}
    for unit in statement.units:
        place = places.get(unit.start)
        if not unit.is_name and unit.stem and place is not None and _is_done(statement, place):
            yield unit


def _is_done(statement: Statement, place: int) -> bool:
    words = statement.words
    word = words[place].word
    before = place - 1
    while before >= 0 and _BETWEEN.match(words[before].word):
        before -= 1
    is_regular = word.endswith("ed") and len(word) > len("shed")
    left = words[before].word if before >= 0 else ""
    if left in _BE:
        return is_regular or word in _PARTICIPLES
    if left in _AUX:
        return not is_regular
    if before == place - 1 and word.endswith("s") and _is_present(statement, place):
        return True
    return bool(left) and (is_regular or word in _PAST) and not _NO_SUBJECT.match(left)


def _is_present(statement: Statement, place: int) -> bool:
    """Say whether a word in `s` is what its subject does: it stands after a noun, and before `the` or `its`."""
    words = statement.words
    if place + 1 >= len(words) or words[place + 1].word not in _OBJECT:
        return False
    one, other = words[place - 1], words[place]
    return other.start - one.end == 1 and not _NO_SUBJECT.match(one.word) and not one.word.endswith(("s", "ed"))
