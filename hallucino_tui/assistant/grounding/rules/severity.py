"""Whether a claim gives its lines the level that they carry: `logged as an error`, `at level INFO`, `a mere warning`.

A line carries the level that its logger wrote in front of its text, in whatever way loggers do. The words for levels
are also plain words, and `the error` is said of anything that went wrong: only where a claim speaks of the level as
such is it held to that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
from hallucino_tui.assistant.grounding.reading.statement import Statement

# Names of one level, the rank of it.
_NAMES: Final = (
    (("trace", "finest"), 0),
    (("debug", "verbose", "fine"), 0),
    (("info", "information", "informational"), 1),
    (("notice",), 1),
    (("log",), 1),
    (("warning", "warn", "warnings", "warns"), 2),
    (("error", "err", "errors"), 3),
    (("severe",), 3),
    (("critical", "crit"), 4),
    (("fatal", "failure"), 4),
    (("alert", "alerts"), 4),
    (("emergency", "emerg"), 4),
    (("panic",), 4),
)
_RANK: Final = {name: rank for names, rank in _NAMES for name in names}
_SAME: Final = {name: names[0] for names, _ in _NAMES for name in names}
_KLOG: Final = {"I": "info", "W": "warning", "E": "error", "F": "fatal"}
_WORD: Final = (
    "trace|debug|verbose|info|information|informational|notice|warnings?|warn|errors?|err|severe|critical|crit|fatal|"
    "alert|emerg|emergency|panic"
)
_KEYED: Final = re.compile(
    r"(?:\"(?:log_?)?(?:level(?:name)?|lvl|severity)\"\s*:\s*\"|(?<![\w.])(?:level|lvl|severity)=\"?)(?P<level>[A-Za-z]+)",
    re.IGNORECASE,
)
_BY_LETTER: Final = re.compile(r"(?:^|[\s\"'])(?P<level>[IWEF])\d{4} \d\d:\d\d:\d\d")
# `[error]`, `ERROR`, `, Info   CBS`, and behind the name of a program `warning:`.
_WRITTEN: Final = re.compile(
    rf"\[(?:\w+:)?(?P<a>{_WORD})\]|(?i:(?<=, )(?P<b>info|warning|error)(?=\s{{2,}}))|"
    r"(?<![\w.\-/:=<])(?P<c>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|FAILURE|ALERT|EMERG|"
    r"PANIC|LOG(?=:))(?![\w\-/=.])|"
    rf"(?<=: )(?P<d>{_WORD})(?=: )|(?<=\*\*\* )(?P<e>{_WORD})(?= \[)"
)
_TOLD: Final = (
    r"(?:logg|report|record|flag|rais|mark|class(?:ed|es|if)|rank|rate|rating|issu|emit|not(?=es|ed|ing)|list|label|tag|categori|"
    r"grade|grading|written|writes|wrote|declar|enter|log(?=s\b))"
)
_OF: Final = r"[\"'`\[(<]*"
_LEVEL: Final = re.compile(
    rf"\b(?:level|severity)(?: (?:is|was|of(?! (?:err|warn)\w+s\b)|being|reads?))?:? (?:only |just |merely |an? )?"
    rf"{_OF}(?P<a>{_WORD})\b|"
    rf"\b(?P<b>{_WORD})[\"'`\])>]*[- ](?:level|severity)\b",
    re.IGNORECASE,
)
_AS: Final = re.compile(
    rf"\b{_TOLD}\w*\b(?:[^.;]|[.](?=\S)){{0,70}}?\bas "
    rf"(?:(?:an?|only|just|merely|plain|mere|simple|the|being) )*{_OF}(?P<a>{_WORD})\b"
    r"(?! (?:state|status|code|number|budget|rate|page))|"
    rf"\b(?:only|just|merely|mere|simply|no more than|nothing (?:more|worse|but)(?: than)?) "
    rf"(?:an? )?(?:plain |mere )?{_OF}"
    rf"(?P<b>{_WORD})\b(?=[\"'`\])]*(?:$|[\s,;:.]+(?:$|\[|that|and|but|from|by|about|in|on|to|while|when|entry|line|message)))",
    re.IGNORECASE,
)
_CAPITALS: Final = re.compile(
    r"(?<![\w.:/=\-])(?P<a>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?S?|ERRORS?|SEVERE|CRIT(?:ICAL)?|FATAL|ALERT|EMERG|PANIC)"
    r"(?![\w:=/\-]|[.]\w)|\[(?P<b>emerg|alert|crit|error|warn|notice|info|debug)\]"
)
_GRAVE: Final = re.compile(
    r"\b(?P<a>fatal|critical|severe) (?:\w+ )?(?:errors?|failures?|faults?|conditions?|problems?|exceptions?|exit)\b",
    re.IGNORECASE,
)
_ENTRY: Final = re.compile(
    rf"\b(?P<a>{_WORD})[\"'`\])]* (?:entry|entries|events?|records?|lines?|messages?)\b|"
    r"\b(?:an?|the|one|two|three|four|five|six|these|both|several|\d+) (?P<b>errors|warnings?)\b",
    re.IGNORECASE,
)
_RAISED: Final = re.compile(
    r"\b(?:raised|raises|issued|issues|emitted|emits|printed|prints|gave|logged|logs|wrote) (?:an?|one|the) "
    r"(?:single |plain |mere )?(?P<a>warning|error)\b(?! (?:code|page|count|rate|status|state))",
    re.IGNORECASE,
)
_THRESHOLD: Final = re.compile(
    r"\b(?P<a>warning|critical|fatal|normal|error|emergency|alarm) (?P<noun>threshold|limit|mark|range|temperature|"
    r"state|status|condition|zone|band|value)s?\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"(?:\bnot|\bnone|\bno|\bnever|\brather than|\binstead of|\bwithout|\bnor|\bneither|n't)\b"
    r"(?! only| (?:more|worse|less) than| just| merely)(?: [^\s.,;:]+){0,5} ?[\"'`\[(]*$",
    re.IGNORECASE,
)
_EACH: Final = re.compile(r"\b(?:all|both|each|every)\b", re.IGNORECASE)
_TROUBLE: Final = NEGATIVE - {"STOP", "EMPTY", "IGNORE", "DISCONNECT", "LOSE", "UNEXPECTED"}
_GRAVE_IDEAS: Final = frozenset({"CRASH", "DIE", "KILL", "OOM", "CORRUPT"})
_INFO, _WARN, _ERROR, _FATAL = 1, 2, 3, 4


class _Levels(NamedTuple):
    """What a line carries: its own level, "" if none; all that it has, those of others within it, too."""

    own: str
    all: frozenset[str]


def levels_of(line: Line) -> _Levels:
    """Return the levels of a line, by one name each."""
    text = line.text
    found = [
        _SAME[word.lower()]
        for match in _WRITTEN.finditer(text)
        if (word := match["a"] or match["b"] or match["c"] or match["d"] or match["e"])
    ]
    own = found[0] if found else ""
    if (keyed := _KEYED.search(text)) and keyed["level"].lower() in _SAME:
        own = _SAME[keyed["level"].lower()]
    elif letter := _BY_LETTER.search(text):
        own = _KLOG[letter["level"]]
    return _Levels(own, frozenset({*found, own} - {""}))


def wrong_level(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which level a claim gives lines that carry another; "" if none."""
    if not _mentions(statement.text):
        return ""
    levels = [levels_of(line) for line in lines]
    return (
        _not_that(statement, lines, levels, _LEVEL, is_own=True)
        or _not_that(statement, lines, levels, _AS, is_own=False)
        or _not_that(statement, lines, levels, _CAPITALS, is_own=False)
        or _other_threshold(statement, lines)
    )


def graver(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which word makes graver, or less so, what lines carry a level for; "" if none."""
    if not _mentions(statement.text):
        return ""
    levels = [levels_of(line) for line in lines]
    ranks = [_RANK[level.own] for level in levels if level.own]
    for match in (*_GRAVE.finditer(statement.text), *_ENTRY.finditer(statement.text)):
        word = (match["a"] or match["b"]).lower() if match.re is _ENTRY else match["a"].lower()
        if _is_denied(statement, match.start()) or _is_written(word, lines) or not ranks:
            continue
        if match.re is _GRAVE:
            is_wrong = max(ranks) < _FATAL and not any(line.ideas & _GRAVE_IDEAS for line in lines)
        else:
            is_wrong = _is_off(match, _RANK[_SAME[word]], ranks, lines)
        if is_wrong:
            return f"`{match[0]}` is not the level of {label(lines)}"
    return _raised(statement, lines, ranks) or _without_level(statement, lines, levels)


def _raised(statement: Statement, lines: Sequence[Line], ranks: Sequence[int]) -> str:
    """Return what a claim has a program raise, where its lines are mere information and tell of no trouble."""
    match = _RAISED.search(statement.text)
    if match is None or len(ranks) < len(lines) or max(ranks) > _INFO or _is_denied(statement, match.start()):
        return ""
    word = match["a"].lower()
    is_bad = any(map(shows_trouble, lines)) and word != "warning"
    return "" if is_bad or _is_written(word, lines) else f"`{match[0]}` is not the level of {label(lines)}"


def _mentions(text: str) -> bool:
    return _SOME.search(text) is not None


_OF_A_LOG: Final = re.compile(r"\b(?:entry|entries|records?|lines?)$", re.IGNORECASE)
_SOME: Final = re.compile(rf"\b(?:{_WORD}|normal)\b", re.IGNORECASE)


def _word_of(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups["a"] or groups.get("b") or "").lower()


def _not_that(
    statement: Statement, lines: Sequence[Line], levels: Sequence[_Levels], pattern: re.Pattern[str], *, is_own: bool
) -> str:
    """Return what is wrong with a level that a claim gives by name."""
    carrying = [(line, level) for line, level in zip(lines, levels, strict=True) if level.own]
    if not carrying:
        return ""
    for match in pattern.finditer(statement.text):
        word = _SAME.get(_word_of(match), _word_of(match).rstrip("s"))
        word = _SAME.get(word, word)
        there = [word == level.own if is_own else word in level.all for _, level in carrying]
        start = match.start("a") if match["a"] else match.start("b")
        if _is_denied(statement, start):
            if pattern is not _CAPITALS and all(word == level.own for _, level in carrying):
                return f"{label([carrying[0][0]])} carries the level `{word}`"
            continue
        if pattern is _CAPITALS and any(match[0] in line.text for line in lines):
            continue
        is_each = _EACH.search(statement.text) is not None and pattern is not _CAPITALS
        if not (all(there) if is_each else any(there)):
            wrong = next(place for place, is_there in enumerate(there) if not is_there)
            line, level = carrying[wrong]
            return f"{label([line])} carries the level `{level.own}`, not `{word}`"
    return ""


def _without_level(statement: Statement, lines: Sequence[Line], levels: Sequence[_Levels]) -> str:
    """Return a level that a claim gives lines which carry none, and which nothing in them hints at."""
    if any(level.own for level in levels):
        return ""
    for match in (*_LEVEL.finditer(statement.text), *_AS.finditer(statement.text)):
        word = _word_of(match)
        if _is_denied(statement, match.start("a") if match["a"] else match.start("b")) or _is_written(word, lines):
            continue
        is_bad = any(map(shows_trouble, lines))
        rank = _RANK.get(_SAME.get(word, word), _INFO)
        if (rank <= _INFO and is_bad) or rank == _WARN or (rank >= _ERROR and not is_bad):
            return f"{label(lines)} carries no level `{word}`"
    return ""


def _is_off(match: re.Match[str], rank: int, ranks: Sequence[int], lines: Sequence[Line]) -> bool:
    """Say whether a plain word such as `an error entry` does not go with what lines carry."""
    if rank in ranks or (rank >= _ERROR and max(ranks) >= _ERROR):
        return False
    if _OF_A_LOG.search(match[0]):
        return True
    if rank >= _ERROR:
        return max(ranks) <= _INFO and not any(map(shows_trouble, lines))
    return rank < min(ranks) and min(ranks) >= _ERROR


def shows_trouble(line: Line) -> bool:
    """Say whether a line has a word for trouble, or denies something; what only follows from words does not count."""
    return bool(line.denied) or any(meaning.concepts_of(token.stem) & _TROUBLE for token in line.words)


def _is_written(word: str, lines: Sequence[Line]) -> bool:
    root = _SAME.get(word, word)
    root = "warn" if root == "warning" else root
    return any(root in line.flat for line in lines)


def _is_denied(statement: Statement, place: int) -> bool:
    return _NOT.search(statement.text[max(0, place - 60) : place]) is not None


def _other_threshold(statement: Statement, lines: Sequence[Line]) -> str:
    """Return the threshold that a line names where the claim names another of the same scale."""
    for match in _THRESHOLD.finditer(statement.text):
        word, noun = match["a"].lower(), match["noun"].lower()
        others = [
            (line, there)
            for line in lines
            for there in _THRESHOLD.finditer(line.text)
            if there["noun"].lower() == noun and there["a"].lower() != word
        ]
        if others and not any(word in line.flat for line in lines) and not _is_denied(statement, match.start()):
            line, there = others[0]
            return f"{label([line])} says `{there[0]}`, not `{match[0]}`"
    return ""
