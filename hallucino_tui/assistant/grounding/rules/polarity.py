"""Whether a claim says yes where its lines say no, or the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label, read_statement
from hallucino_tui.assistant.grounding.rules import amounts, denial, failures, predicates, severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_PREFIXES: Final = ("un", "in", "im", "dis", "non", "ir", "ab")
_PARTLY: Final = re.compile(
    r"\b(?:only|just|merely|no more than|at most) (?:\w+ ){0,2}(?:half|part|\d|one|two|some|partial)|\bhalf\b|"
    r"\bpartial",
    re.IGNORECASE,
)
_ALARM: Final = re.compile(r"\b(?:PANIC|FATAL|ERROR|CRITICAL|EMERG|ALERT)\b")
_GONE: Final = re.compile(
    r"\b(?:(?:ceas|stopp)(?:ed|es|ing)|(?:for )?(?:want|lack|absence) of|lack(?:ed|s|ing)?|without|missing)"
    r"(?: (?:to|be|being|the|an?|any|such))* $",
    re.IGNORECASE,
)
_ALTHOUGH: Final = re.compile(
    r"\b(?:even though|although|though|in spite of the fact that|despite the fact that)\b", re.IGNORECASE
)
_WHILE: Final = re.compile(r"\b(?:while|when|during|on|upon|in|for|before|of) (?:\w+ly )?$", re.IGNORECASE)
_NON: Final = re.compile(r"\bnon[- ](?P<word>[a-z]{4,})", re.IGNORECASE)
_NON_END: Final = re.compile(r"\bnon[- ]$", re.IGNORECASE)
_ISE: Final = re.compile(r"is(?=(?:e|es|ed|ing|able|ation)$)")


def contrary(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim says the other way round than its lines; "" if nothing."""
    return (
        _conceded(statement, lines)
        or _opposite_word(statement, lines)
        or _not_such(statement, lines)
        or predicates.contradicted(statement, lines)
        or severity.wrong_level(statement, lines)
        or _denied_there(statement, lines)
        or denial.wrongly_denied(statement, lines)
        or failures.undone(statement, lines)
        or amounts.contrary(statement, lines)
    )


def _conceded(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what one side of an `although` has the other way round; the trouble of the other side excuses nothing."""
    match = _ALTHOUGH.search(statement.text)
    if match is None:
        return ""
    text = statement.text
    comma = text.find(", ", match.end())
    if text[: match.start()].strip(" *_-"):
        parts = (text[: match.start()], text[match.end() :])
    elif comma > 0:
        parts = (text[match.end() : comma], text[comma + 1 :])
    else:
        return ""
    for part in parts:
        side = read_statement(part, lines)
        if said := _denied_there(side, lines) or failures.undone(side, lines) or failures.came_through(side, lines):
            return said
    return ""


def _has_literally(unit: Unit, lines: Sequence[Line]) -> bool:
    return any(unit.stem in line.stems for line in lines)


def _opposite_word(statement: Statement, lines: Sequence[Line]) -> str:
    said = {token.stem for token in statement.words}
    for unit in statement.units:
        if not unit.stem or unit.stem in statement.denied or _has_literally(unit, lines):
            continue
        against = meaning.OPPOSITES.get(unit.stem, frozenset())
        # Who speaks of both sides says which is which.
        if against and not against & said and not _is_meant(unit, lines, against):
            for line in lines:
                if found := against & line.stems - line.denied:
                    word = next(token.word for token in line.words if token.stem in found)
                    return f"{label([line])} says `{word}`, not `{unit.text}`"
        for line in lines:
            if word := _turned_round(unit.text, line):
                return f"{label([line])} says `{word}`, not `{unit.text}`"
    return ""


def _not_such(statement: Statement, lines: Sequence[Line]) -> str:
    """The line says `non-blocking`, the claim `blocking`."""
    for line in lines:
        for match in _NON.finditer(line.text):
            word = match["word"].lower()
            is_said = any(token.word == word and token.stem not in statement.denied for token in statement.words)
            is_free = any(token.word == word and not _NON_END.search(line.text[: token.start]) for token in line.words)
            if is_said and not is_free and not re.search(rf"\bnon[- ]?{word}", statement.text, re.IGNORECASE):
                return f"{label([line])} says `{match[0]}`, not `{match['word']}`"
    return ""


def _is_meant(unit: Unit, lines: Sequence[Line], against: frozenset[str]) -> bool:
    """Say whether lines have another word for what a unit says, one that is not its opposite."""
    own = [
        token.stem
        for line in lines
        for token in line.words
        if token.stem not in against and meaning.concepts_of(token.stem) & unit.ideas
    ]
    return bool(own)


def _turned_round(word: str, line: Line) -> str:
    """Return the word of a line that is a word with ``un`` and the like before it, or the word without it."""
    if len(word) < 4:
        return ""
    word = _ISE.sub("iz", word)
    # A word within the other is all that can be turned round; the rest need no closer look.
    core = word[2:]
    for token in line.words:
        there = token.word
        if token.stem in line.denied:
            # `not reachable` is what `unreachable` says.
            continue
        if len(there) < 4 or (core[:2] not in there and there[:2] not in word):
            continue
        there = _ISE.sub("iz", there) if "is" in there else there
        if there == word:
            return ""
        if there.endswith(word) and there[: -len(word)] in _PREFIXES:
            return there
        if len(there) > 3 and word.endswith(there) and word[: -len(there)] in _PREFIXES:
            return there
    return ""


def _denied_there(statement: Statement, lines: Sequence[Line]) -> str:
    """The lines say it only under a ``not``, the claim says it plainly."""
    if denied := _name_denied(statement, lines):
        return denied
    if _ALARM.search(statement.text) or any(unit.ideas & NEGATIVE - {"STOP"} for unit in statement.units):
        return ""
    if _deny_the_same(statement, lines):
        return ""
    if _PARTLY.search(statement.text):
        return ""
    for unit in statement.units:
        if not unit.stem or unit.stem in statement.denied or _is_beside(unit, statement):
            continue
        having = [line for line in lines if unit.stem in line.stems or unit.ideas & line.ideas]
        if having and all(_is_denied(unit, line) for line in having):
            return f"{label(having[:1])} denies `{unit.text}`"
    return ""


def _is_beside(unit: Unit, statement: Statement) -> bool:
    """Say whether a claim only has what was under way, `while writing`, or what came to an end or was missing."""
    before = statement.text[: unit.start]
    if _GONE.search(before):
        return True
    return unit.text.endswith("ing") and _WHILE.search(statement.text[: unit.start]) is not None


def _name_denied(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has it that something was there, and the lines say that there was `no SOA`."""
    for unit in statement.units:
        low = stem(unit.text.lower())
        if unit.is_name and unit.borne and unit.text.isalpha() and low not in statement.denied:
            having = [line for line in lines if low in line.stems]
            if having and all(low in line.denied and f"no {unit.text.lower()}" in line.flat for line in having):
                return f"{label(having[:1])} says `no {unit.text}`"
    return ""


def _deny_the_same(statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether something that a claim denies, or another word for it, is denied in its lines."""
    there = frozenset[str]().union(*(line.denied for line in lines))
    ideas = frozenset[str]().union(*(meaning.concepts_of(one) for one in there))
    return any(one in there or meaning.concepts_of(one) & ideas for one in statement.denied)


def _is_denied(unit: Unit, line: Line) -> bool:
    """Say whether a line has what a unit says, or another word for it, under a ``not`` and nowhere else."""
    own = {
        token.stem for token in line.words if token.stem == unit.stem or meaning.concepts_of(token.stem) & unit.ideas
    }
    return bool(own) and own <= line.denied
