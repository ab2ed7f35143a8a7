"""Whether a claim says yes where its lines say no, or the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding import amounts, meaning
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
    r"wait\w*|nobody|no one|nothing|vain|too|before|until|exceed\w*|larger|only|half|partial\w*|more than|than)\b",
    re.IGNORECASE,
)
_PASSED_ON: Final = re.compile(r"passed (?:\S+ ){0,4}(?:on|along|through|to|back)\b", re.IGNORECASE)
_ABLE: Final = re.compile(
    r"\b(?:could|can|(?:was|were|is|are) able to|managed to|succeeded in|in time|let in|let through|had no (?:trouble|"
    r"difficulty))\b(?! not|n't| only)",
    re.IGNORECASE,
)
_PARTLY: Final = re.compile(
    r"\b(?:only|just|merely|no more than|at most) (?:\w+ ){0,2}(?:half|part|\d|one|two|some|partial)|\bhalf\b|"
    r"\bpartial",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(
    r"\b(?:failed(?! with\b)|fails|failure|unable to|could not|couldn|cannot|ca not|refused|rejected|"
    r"denied|timed out|not found|NXDOMAIN|SERVFAIL|FATAL(?=:)|deadline exceeded|no such host)",
    re.IGNORECASE,
)
_UNDONE: Final = re.compile(
    r"\b(?:fail\w*|unable|refus\w*|reject\w*|den(?:y|ied)|un\w{3,}|time[d ]?-?out|without|instead|before|"
    r"until|abort\w*|"
    r"cancel\w*|exceed\w*|too|0|lost|lose|no|closed|reset)\b",
    re.IGNORECASE,
)
_OFF: Final = re.compile(
    r"\b(?:disabled?|off|inactive|deactivated|absent|lacks?|lacking|skipped|ignored|excluded)\b",
    re.IGNORECASE,
)
_BAD_STATUS: Final = re.compile(r"\b(?:an?|with|of|HTTP|status|code) [45]\d\ds?\b(?! \w*(?:byte|row|line|second))")
_BAD_NAME: Final = re.compile(r"[a-z](?:Error|Exception|Full|Timeout|Refused|Failed|BackOff|Killed|Unavailable)\b")
_ISE: Final = re.compile(r"is(?=(?:e|es|ed|ing|able|ation)$)")
_DEEDS: Final = meaning.MEDIUM | {"ANSWER"}


def contrary(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim says the other way round than its lines; "" if nothing."""
    return (
        _opposite_word(statement, lines)
        or _denied_there(statement, lines)
        or _denied_here(statement, lines)
        or _undone(statement, lines)
        or _good_for_bad(statement, lines)
        or _achieved(statement, lines)
        or amounts.contrary(statement, lines)
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
    if any(unit.ideas & NEGATIVE - {"STOP"} for unit in statement.units) or _deny_the_same(statement, lines):
        return ""
    if _PARTLY.search(statement.text):
        return ""
    for unit in statement.units:
        if not unit.stem or unit.stem in statement.denied:
            continue
        having = [line for line in lines if unit.stem in line.stems or unit.ideas & line.ideas]
        if having and all(_is_denied(unit, line) for line in having):
            return f"{label(having[:1])} denies `{unit.text}`"
    return ""


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


def _denied_here(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has a ``not``, the lines say nothing of the kind."""
    if not _PLAINLY_NOT.search(statement.text) or any(_OFF.search(line.text) for line in lines):
        return ""
    if any(line.denied or line.ideas & NEGATIVE or line.has_zero for line in lines):
        denied = [unit for unit in statement.units if unit.stem in statement.denied]
        plain = [
            unit
            for unit in denied
            if (_has_literally(unit, lines) or _has_succeeded(unit, lines))
            and not any(unit.stem in line.denied or line.denied for line in lines)
        ]
        if not plain or any(line.ideas & _BAD for line in lines):
            return ""
    return f"nothing is denied in {label(lines)}"


def _has_succeeded(unit: Unit, lines: Sequence[Line]) -> bool:
    """Say whether a unit stands for success, and lines have a word for that, too."""
    return "SUCCESS" in unit.ideas and any(
        "SUCCESS" in meaning.concepts_of(token.stem) for line in lines for token in line.words
    )


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
        if _has_literally(unit, lines) or _PASSED_ON.match(statement.text, unit.start):
            continue
        bad = [line for line in lines if line.ideas & _BAD]
        if bad and len(bad) == len(lines):
            return f"what {label(bad[:1])} tells of is a failure, not `{unit.text}`"
    return ""


def _achieved(statement: Statement, lines: Sequence[Line]) -> str:
    """All lines tell of a failure, the claim only of what was to be done."""
    if statement.is_negative or _TRIED.search(statement.text) or statement.quotes:
        return ""
    if _BAD_STATUS.search(statement.text) or _BAD_NAME.search(statement.text):
        return ""
    has_failed = all(_FAILED.search(line.text) for line in lines)
    if has_failed and (able := _ABLE.search(statement.text)):
        return f"it is a failure that stands in {label(lines)}, not `{able[0]}`"
    if has_failed and (
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
