"""Claims that take two records for one: something of each is told of a single subject.

A claim is cut into what it says one after the other. A part that has no subject of its own, as ``and exited with 1`` or
``while serving block 5``, is told of the subject before it, so both must be in lines of one request, row or process.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.lexicon.meaning import MEDIUM
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE
from hallucino_tui.assistant.grounding.rules.story import are_apart, are_processes_apart, are_records, source_of
from hallucino_tui.assistant.grounding.rules.ties import reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit
    from hallucino_tui.assistant.grounding.rules.evidence import Mark

VERB: Final = re.compile(
    r"\b(?:is|was|were|are|has|had|have|did|does|could|can|cannot|will|would|\w{3,}ed|got|ran|came|went|lost|took|sent|"
    r"found|said|began|wrote|read|failed|waits?|shut|broke)\b"
)
_CUT: Final = re.compile(
    r"[;,:\u2192]|\b(?:and|but|while|whereas|then|before|after|when|once|until|because|since|so|which|who|whose|where)\b"
)
# What has no subject of its own begins with its verb.
_NO_SUBJECT: Final = re.compile(
    r"\W*(?:(?:and|but|while|then|before|after|when|once|until|also|later|again|still|already|finally|immediately|"
    r"thereby|only|even|so|just|soon|never|not|yet) +)*"
    r"(?:\w{2,}ing|is|was|were|are|has|had|have|did|could|cannot|will|would|\w{3,}ed|got|ran|came|went|lost|took|"
    r"sent|found|said|began|wrote|failed|shut|broke)\b",
    re.IGNORECASE,
)
# `For user a, the message was repeated`: what stands in front of the comma is told of as well.
_TOPIC: Final = re.compile(r"\W*(?:for|in|on|with|of|under|by|at)\b", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"\W*(?:which|who|whose|where)\b")
# Words by which a part speaks of several things and not of one.
_MANY: Final = re.compile(
    r"\b(?:both|(?:two|three|four|(?<![\d.])\d+) (?:\w+ )?(?:rows|orders|requests|charges|blocks|sessions|attempts|"
    r"processes|workers|connections|lines|users|pods|nodes|days|jobs|tasks|containers|alerts|logins|tries)|"
    r"(?<!with )(?<!had )(?<!has )(?<!after )(?:two|three|four|five|six|seven|eight|nine|ten|several|various|multiple) "
    r"(?:of\b|(?:[\w\-]+ ){0,2}(?!seconds|minutes|hours|days|times|bytes)\w+s\b)|"
    r"others?|another|each|all|as well|apart|difference|between|(?:more|fewer|less|faster|slower|"
    r"longer|shorter)(?! than \d)|than(?! \d)|first|second|last|same|again|next|followed|respectively|neither|nor|"
    r"or|either|every|different|in a row|instead of|rather than|"
    r"(?<![\dN])\d{1,2} (?:to|through|up to) [\dN]+|later|earlier|until|like|from\b.+?\bto|between)\b",
    re.IGNORECASE,
)
_KINDS: Final = frozenset({"quote", "number", "date"})
_PROCESS: Final = re.compile(r"\b(?:process|pid)\b", re.IGNORECASE)
_MOST: Final = 24
_DIGITS: Final = 3
_HASH: Final = 5


class Item(NamedTuple):
    """A part of a claim that some lines have: where it stands, and which lines, by their place."""

    text: str
    start: int
    places: frozenset[int]


def mixed(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> str:
    """Say which two lines that are of two records a claim takes for one; "" if it takes none so."""
    are_two = are_processes_apart if _PROCESS.search(statement.bare) else are_apart
    pairs = [
        (one, other)
        for one, other in itertools.combinations(range(min(len(lines), _MOST)), 2)
        if are_two(lines[one], lines[other]) or are_records(lines[one], lines[other])
    ]
    items = _items(statement, lines, marks)
    strange = _strangers(statement, items, lines)
    if not pairs and not strange:
        return ""
    text = _filled(statement)
    for spans in _told_of_one(text):
        if any(is_of_many(text[start:end]) for start, end in spans):
            continue
        own = [item for item in items if any(start <= item.start < end for start, end in spans)]
        for one, other in pairs:
            left = any(item.places == frozenset({one}) for item in own)
            if left and any(item.places == frozenset({other}) for item in own):
                return f"L{lines[one].number} and L{lines[other].number} tell of different things"
        for one, other in strange:
            if _is_lent(statement, lines, own, one, other):
                return f"nothing ties what L{lines[one].number} names to what went wrong in L{lines[other].number}"
    return ""


def _strangers(statement: Statement, items: Sequence[Item], lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return pairs of lines of two sources that nothing ties: the first has an id, the second what went on."""
    having = {min(item.places) for item in items if _is_id(item) or _is_source(item, lines)}
    told = [_places(unit, lines) for unit in statement.units if _is_deed(unit)]
    deeds = {min(places) for places in told if len(places) == 1}
    if not having or not deeds:
        return []
    reached = {one: reach(lines, frozenset({one})) for one in having if one < _MOST}
    return [
        (one, other)
        for one, near in reached.items()
        for other in sorted(deeds - near)
        if (source := source_of(lines[one].text)) and source != (source_of(lines[other].text) or source)
    ]


def _is_id(item: Item) -> bool:
    return len(item.places) == 1 and sum(map(str.isdigit, item.text)) >= _DIGITS


def _is_source(item: Item, lines: Sequence[Line]) -> bool:
    """Say whether a part of a claim is the name of the pod that wrote its only line."""
    text = item.text.lower()
    return len(item.places) == 1 and len(text) >= _HASH and text in source_of(lines[min(item.places)].text)


def _is_deed(unit: Unit) -> bool:
    return bool(unit.ideas & NEGATIVE) or unit.is_strong or bool(unit.ideas & MEDIUM)


def _is_lent(statement: Statement, lines: Sequence[Line], own: Sequence[Item], one: int, other: int) -> bool:
    """Say whether a part has an id that only one line has, and trouble, or any deed of a pod, only the other has."""
    first = [item for item in own if item.places == frozenset({one})]
    starts = {item.start for item in own}
    there = [
        unit
        for unit in statement.units
        if unit.start in starts and _is_deed(unit) and _places(unit, lines) == frozenset({other})
    ]
    if any(_is_source(item, lines) for item in first):
        return bool(there)
    return any(map(_is_id, first)) and any(unit.ideas & NEGATIVE and one not in unit.borne for unit in there)


def _items(statement: Statement, lines: Sequence[Line], marks: Sequence[Mark]) -> list[Item]:
    items = [Item(mark.text, mark.start, mark.borne) for mark in marks if mark.kind in _KINDS]
    items += [
        Item(unit.text, unit.start, _places(unit, lines))
        for unit in statement.units
        if unit.is_name or not unit.ideas or unit.is_strong or unit.ideas & MEDIUM
    ]
    return items


def _places(unit: Unit, lines: Sequence[Line]) -> frozenset[int]:
    """Return which lines have the very words of a unit; if none, those which say the same."""
    low = unit.text.lower()
    literal = frozenset(
        place for place in unit.firm if (low in lines[place].flat if not unit.stem else unit.stem in lines[place].stems)
    )
    return literal or unit.firm


def is_of_many(text: str) -> bool:
    """Say whether a part of a claim, its text without what it names, speaks of several things."""
    begin = match.end() if (match := _CUT.match(text.lstrip())) else 0
    return _MANY.search(text.lstrip(), begin) is not None


def _filled(statement: Statement) -> str:
    """Return a claim with an ``N`` for each letter of what it names or quotes, so that none is taken for a word."""
    pairs = zip(statement.text, statement.bare, strict=True)
    return "".join("N" if bare == " " and one != " " else bare for one, bare in pairs)


def _told_of_one(text: str) -> list[list[tuple[int, int]]]:
    """Return the parts of a claim, each with where its subject stands if that is in a part before it."""
    cuts = [0, *(match.start() for match in _CUT.finditer(text)), len(text)]
    parts = [(start, end) for start, end in itertools.pairwise(cuts) if any(map(str.isalnum, text[start:end]))]
    found: list[list[tuple[int, int]]] = []
    subject: tuple[int, int] | None = None
    is_plural = False
    for place, (start, end) in enumerate(parts):
        part = text[start:end]
        before = parts[place - 1] if place else None
        verb = VERB.search(part)
        has_own = not _NO_SUBJECT.match(part)
        if before is not None and _RELATIVE.match(part):
            found.append([before, (start, end)])
        elif subject is not None and not has_own:
            found += [] if is_plural else [[subject, (start, end)]]
        elif place == 1 and before is not None and _is_topic(text[slice(*before)]) and verb and part.startswith(","):
            found.append([before, (start, end)])
            subject, is_plural = (start, end), False
        elif place and verb is not None and before is not None and not VERB.search(text, *before):
            # `a and b returned 1 and 2`: who did what cannot be told from where it stands.
            subject, is_plural = (start, end), True
        elif is_plural and verb is None:
            continue
        else:
            found.append([(start, end)])
            if subject is None or verb is not None:
                subject = (start, start + verb.start() if verb is not None and verb.start() > 0 else end)
                is_plural = False
    return found


def _is_topic(text: str) -> bool:
    return _TOPIC.match(text) is not None and VERB.search(text) is None
