"""Whether a claim says yes where its lines say no, or the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import meaning
from hallucino_tui.assistant.grounding.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.line import Line
    from hallucino_tui.assistant.grounding.statement import Statement, Unit

_PREFIXES: Final = ("un", "in", "im", "dis", "non", "ir", "ab")
_GOOD: Final = frozenset(
    map(
        stem,
        {
            *("success", "successful", "successfully", "succeeded", "succeed", "recovered", "recover", "restored"),
            *("healthy", "resolved", "accepted", "granted", "allowed", "passed", "fine", "normally", "ok"),
            *("authenticated", "available"),
        },
    )
)
_BAD: Final = frozenset(
    {
        "FAIL",
        "REFUSE",
        "TIMEOUT",
        "UNREACHABLE",
        "LOSE",
        "UNAVAILABLE",
        "UNKNOWN",
        "OOM",
        "CRASH",
        "SERVERERROR",
        "CORRUPT",
    }
)
# What is tried or suffered is not done when it fails.
_NO_DEED: Final = frozenset({"ATTACK", "RESTART", "STOP", "RETRY", "AUTH", "SLOW", "WAIT", "REPEAT"})
_LOGGED_IN: Final = re.compile(r"(?:logged|signed|authenticated|let in)\b", re.IGNORECASE)
_PLAINLY_NOT: Final = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|have|had|could|can|would|will) not\b(?! only| need|"
    r" have to)|\bnever\b|\bwithout\b(?! (?:\w+ )?(?:trouble|problem|error|issue|warning|fail|"
    r"delay|incident|interrupt))|\bcannot\b",
    re.IGNORECASE,
)
_TRIED: Final = re.compile(
    r"\b(?:try|tries|tried|trying|attempt(?:ed|ing)|attempts? (?:to|from|by|for|at|of|as|with)|"
    r"want\w*|ask\w*|request\w*|retr\w+|0|zero|none|warn\w*|"
    r"wait\w*|too|before|until|exceed\w*|larger|only|half|partial\w*|more than|than)\b",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(
    r"\b(?:failed(?! with\b)|fails|failure|unable to|could not|couldn|cannot|ca not|refused|rejected|"
    r"denied|timed out|not found)",
    re.IGNORECASE,
)
_UNDONE: Final = re.compile(
    r"\b(?:fail\w*|unable|refus\w*|reject\w*|den(?:y|ied)|un\w{3,}|time[d ]?-?out|without|instead|before|"
    r"until|abort\w*|"
    r"cancel\w*|exceed\w*|too|0|lost|lose|no|closed|reset)\b",
    re.IGNORECASE,
)
_NO_CODE: Final = re.compile(
    r"\b(?:no|not a single|zero|without(?: any)?) (?:HTTP )?(?P<code>[1-5]\d\d)\b", re.IGNORECASE
)
_ISE: Final = re.compile(r"is(?=(?:e|es|ed|ing|able|ation)$)")
_DEEDS: Final = meaning.MEDIUM | {"ANSWER"}
_SCALED: Final = re.compile(r"\bscal\w+ (up|down)\b|\b(up|down)scal", re.IGNORECASE)
_WENT: Final = re.compile(r"\b(?:went|came|come|is|was|are|were|goes|brought|back|link) (up|down)\b", re.IGNORECASE)


def contrary(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim says the other way round than its lines; "" if nothing."""
    return (
        _opposite_word(statement, lines)
        or _denied_there(statement, lines)
        or _denied_here(statement, lines)
        or _none_of_some(statement, lines)
        or _undone(statement, lines)
        or _good_for_bad(statement, lines)
        or _up_for_down(statement, lines)
        or _achieved(statement, lines)
        or _above_for_below(statement, lines)
    )


def _has_literally(unit: Unit, lines: Sequence[Line]) -> bool:
    return any(unit.stem in line.stems for line in lines)


def _opposite_word(statement: Statement, lines: Sequence[Line]) -> str:
    said = {token.stem for token in statement.words}
    for unit in statement.units:
        if not unit.stem or unit.stem in statement.denied or _has_literally(unit, lines):
            continue
        against = meaning.OPPOSITES.get(unit.stem, frozenset()) - said
        if against and not _is_meant(unit, lines, against):
            for line in lines:
                if found := against & line.stems - line.denied:
                    word = next(token.word for token in line.words if token.stem in found)
                    return f"{label([line])} says `{word}`, not `{unit.text}`"
        for line in lines:
            if word := _turned_round(unit.text, line):
                return f"{label([line])} says `{word}`, not `{unit.text}`"
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
    if any(unit.ideas & NEGATIVE - {"STOP"} for unit in statement.units) or _deny_the_same(statement, lines):
        return ""
    for unit in statement.units:
        if not unit.stem or unit.stem in statement.denied:
            continue
        having = [line for line in lines if unit.stem in line.stems or unit.ideas & line.ideas]
        if having and all(_is_denied(unit, line) for line in having):
            return f"{label(having[:1])} denies `{unit.text}`"
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


def _denied_here(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has a ``not``, the lines say nothing of the kind."""
    if not _PLAINLY_NOT.search(statement.text):
        return ""
    if any(line.denied or line.ideas & NEGATIVE or line.has_zero for line in lines):
        denied = [unit for unit in statement.units if unit.stem in statement.denied]
        plain = [
            unit
            for unit in denied
            if _has_literally(unit, lines) and not any(unit.stem in line.denied or line.denied for line in lines)
        ]
        if not plain or any(line.ideas & _BAD for line in lines):
            return ""
    return f"nothing is denied in {label(lines)}"


def _none_of_some(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim says that there was no 503 or the like, the lines count some."""
    for match in _NO_CODE.finditer(statement.text):
        counted = re.compile(rf"(?<![\w.]){match['code']}\W{{0,2}}[=:]\s?[1-9]")
        if line := next((line for line in lines if counted.search(line.text)), None):
            return f"{label([line])} counts some `{match['code']}`"
    return ""


def _undone(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim denies a deed, the lines tell of it as done: `error corrected`, and nothing near says otherwise."""
    if not _PLAINLY_NOT.search(statement.text):
        return ""
    for unit in statement.units:
        if not unit.stem or unit.stem not in statement.denied or unit.ideas & NEGATIVE:
            continue
        having = [(line, token) for line in lines for token in line.words if token.stem == unit.stem]
        if having and all(
            (token.word.endswith("ed") or (token.word.endswith("s") and unit.ideas & _DEEDS))
            and token.stem not in line.denied
            and not line.denied
            and not _UNDONE.search(line.text[max(0, token.start - 40) : token.end + 40])
            for line, token in having
        ):
            return f"{label([having[0][0]])} says `{unit.text}`, without a `not`"
    return ""


def _good_for_bad(statement: Statement, lines: Sequence[Line]) -> str:
    if statement.denied or _TRIED.search(statement.text) or any(unit.ideas & _BAD for unit in statement.units):
        return ""
    good = [unit for unit in statement.units if unit.stem in _GOOD]
    for unit in good:
        if _has_literally(unit, lines):
            continue
        bad = [line for line in lines if line.ideas & _BAD]
        if bad and len(bad) == len(lines):
            return f"what {label(bad[:1])} tells of is a failure, not `{unit.text}`"
    return ""


def _above_for_below(statement: Statement, lines: Sequence[Line]) -> str:
    said = {token.word for token in statement.words}
    for one, other in (("above", "below"), ("below", "above"), ("knew", "unknown"), ("more", "less"), ("less", "more")):
        if one in said and other not in said:
            there = [{token.word for token in line.words} for line in lines]
            if any(other in words for words in there) and not any(one in words for words in there):
                return f"`{other}` is said in {label(lines)}, not `{one}`"
    return ""


def _achieved(statement: Statement, lines: Sequence[Line]) -> str:
    """All lines tell of a failure, the claim only of what was to be done."""
    if statement.is_negative or _TRIED.search(statement.text) or statement.quotes:
        return ""
    if all(_FAILED.search(line.text) for line in lines) and (
        unit := next(
            (
                unit
                for unit in statement.units
                if unit.borne
                and (not unit.ideas & _NO_DEED or _LOGGED_IN.match(unit.text))
                and (unit.is_strong or unit.ideas & meaning.MEDIUM)
            ),
            None,
        )
    ):
        return f"it is a failure that stands in {label(lines)}, not only `{unit.text}`"
    return ""


def _up_for_down(statement: Statement, lines: Sequence[Line]) -> str:
    for pattern in (_SCALED, _WENT):
        claimed = pattern.search(statement.text)
        if claimed is None:
            continue
        way = (claimed[1] or claimed[claimed.lastindex or 1]).lower()
        ways = {
            (match[1] or match[match.lastindex or 1]).lower() for line in lines for match in pattern.finditer(line.text)
        }
        if ways and way not in ways:
            return f"`{ways.pop()}` is said in {label(lines)}, not `{way}`"
    return ""
