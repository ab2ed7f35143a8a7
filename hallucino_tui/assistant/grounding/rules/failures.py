"""Whether a claim has it that something came off where its lines tell of a failure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.rules.counting import tallies_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

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
# What is tried or suffered is not done when it fails.
_NO_DEED: Final = frozenset(
    {"ATTACK", "RESTART", "STOP", "RETRY", "AUTH", "SLOW", "WAIT", "REPEAT", "PERMISSION", "MEMORY", "DISK", "FAN"}
)
# An answer that all went well.
_GOOD_CODE: Final = re.compile(r"(?:HTTP/[\d.]+\\?\" |-> |[sS]tatus\W{1,4})2\d\d\b")
_LOGGED_IN: Final = re.compile(r"(?:logged|signed|authenticated|let in)\b", re.IGNORECASE)
_TRIED: Final = re.compile(
    r"\b(?:try|tries|tried|trying|attempt(?:ed|ing)|attempts? (?:to|from|by|for|at|of|as|with)|"
    r"want\w*|ask\w*|request\w*|retr\w+|0|zero|none|warn\w*|"
    r"wait\w*|nobody|no one|nothing|vain|too|before|until|exceed\w*|larger|only|half|partial\w*|more than|than)\b",
    re.IGNORECASE,
)
_MADE_IT: Final = re.compile(r"\b(?:made|makes) it (?:to|into|onto|as far as)\b", re.IGNORECASE)
_THE_ATTEMPT: Final = re.compile(
    r"^\W*(?:the|its|this|that|an?) (?:\w+ )?(?:attempt|try|request|retry)\b", re.IGNORECASE
)
# What was overcome, or went before, takes nothing from what is said to have come off.
_OVERCOME: Final = re.compile(
    r"\b(?:despite|in spite of|notwithstanding|regardless of)\b[^,.;:]*|"
    r"\bafter (?:\w+ )?(?:trying|attempting|waiting|retrying)\b(?: (?:for|to|again))?",
    re.IGNORECASE,
)
# `passed it on` is no success, `resolves to a name` no remedy.
_TURN: Final = re.compile(r"passed (?:\S+ ){0,4}(?:on|along|through|to|back)\b|resolv\w+ (?:back )?to\b", re.IGNORECASE)
_ABLE: Final = re.compile(
    r"\b(?:could|can|(?:was|were|is|are) able to|managed to|succeeded in|in time|let in|"
    r"let (?:\w+ ){0,3}through|worked(?! (?:on|for|with|as|in)\b)|"
    r"had no (?:trouble|"
    r"difficulty))\b(?! not|n't| only)",
    re.IGNORECASE,
)
_THROUGH: Final = re.compile(
    r"\b(?:(?:got|gets?|went|goes|came|comes|ran|runs|made it|makes it) through(?= (?:to|on|at|in|for|with|after|"
    r"without|and|but|again|as)\b|\W*$|[,.;:])|"
    r"(?:ran|run|runs|came|brought|carried) (?:through |on )?to (?:the |its |their )?"
    r"(?:completion|end)|(?:went|goes) ahead|(?:worked|came) (?:out|off)|(?:was|is|were|are) (?:a |all )?success|"
    r"did (?!not|the|an?|it|so|this|that|its|nothing|no|at|on|in|by|for|and|or|only|before|after|when|fail)[a-z]+)",
    re.IGNORECASE,
)
_FAILED: Final = re.compile(
    r"\b(?:failed(?! with\b)|fails|failure|unable to|could not|couldn|cannot|ca not|refused|rejected|"
    r"denied|timed out|not found|NXDOMAIN|SERVFAIL|FATAL(?=:)|deadline exceeded|no such host)",
    re.IGNORECASE,
)
_ABORTED: Final = re.compile(
    r"\b(?:abort(?:ed|ing)?|cancel(?:l?ed|l?ing)|gave up|giving up|given up|abandon(?:s|ed|ing)?)\b", re.IGNORECASE
)
_FAILED_BEFORE: Final = re.compile(
    r"\b(?:fail(?:s|ed|ure|ing)?|unable|refus(?:ed|es)|could not|cannot|can not|couldn) (?:to |in )?(?:\w+ )?\W*$",
    re.IGNORECASE,
)
_FAILED_BEHIND: Final = re.compile(
    r"^(?:\(\)|\w+)?\W{0,3}(?:\w+ ){0,2}(?:has |have |was |were )?"
    r"(?:failed|fails|failure|refused|rejected|timed out)\b",
    re.IGNORECASE,
)
_RAN: Final = re.compile(
    r"\b(?:ran\b(?! (?:into|out|up))|"
    r"(?:was|were|been) (?:run|executed|performed|processed|carried out|done)|executed|took place)\b",
    re.IGNORECASE,
)
_SKIPPED: Final = re.compile(r"(?<!\b0 )\b(?:skipp(?:ed|ing)|left out|bypassed|omitted)\b(?!=0)", re.IGNORECASE)
_DONE: Final = re.compile(
    r"\b(?:was|were|is|are|been|being|got|gets) (?:\w+ly )?(?P<verb>[a-z]+(?:ed|en|t|ad|un|ut))\b", re.IGNORECASE
)
_BAD_STATUS: Final = re.compile(r"\b(?:an?|with|of|HTTP|status|code) [45]\d\ds?\b(?! \w*(?:byte|row|line|second))")
_BAD_NAME: Final = re.compile(r"[a-z](?:Error|Exception|Full|Timeout|Refused|Failed|BackOff|Killed|Unavailable)\b")
_BAD: Final = frozenset(
    {
        *("FAIL", "REFUSE", "TIMEOUT", "UNREACHABLE", "LOSE", "UNAVAILABLE", "UNKNOWN", "OOM", "CRASH", "SERVERERROR"),
        "CORRUPT",
    }
)


def undone(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim has as done, or as well, where its lines tell of a failure; "" if nothing."""
    text, units = _main(statement)
    if _TRIED.search(text):
        return ""
    if (ran := _RAN.search(text)) and not _is_negative(statement, units) and not _SKIPPED.search(text):
        skipped = [line for line in lines if _SKIPPED.search(line.text)]
        if len(skipped) == len(lines):
            return f"{label(skipped[:1])} has it as left out, not `{ran[0]}`"
    return _good_for_bad(statement, units, lines) or (
        "" if _is_negative(statement, units) else _achieved(statement, text, units, lines) or _done(text, lines)
    )


def came_through(statement: Statement, lines: Sequence[Line]) -> str:
    """Say by which turn of phrase a claim has it that something came off, when lines tell of failure and no success."""
    text, units = _main(statement)
    # `The second attempt to reach it got through` tells of more than of an attempt.
    if _TRIED.search(_THE_ATTEMPT.sub(" ", text)) or _is_negative(statement, units):
        return ""
    failed = [line for line in lines if _FAILED.search(line.text) or _ABORTED.search(line.text)]
    through = _THROUGH.search(text) or _MADE_IT.search(text)
    if through is None or not failed or any(map(_tells_of_success, lines)):
        return ""
    return f"it is a failure that stands in {label(failed[:1])}, not `{through[0]}`"


def _main(statement: Statement) -> tuple[str, list[Unit]]:
    """Return a claim without what it has as overcome: `despite the full disk`."""
    overcome = [match.span() for match in _OVERCOME.finditer(statement.text)]
    units = [unit for unit in statement.units if not any(start <= unit.start < end for start, end in overcome)]
    return _OVERCOME.sub(lambda match: " " * len(match[0]), statement.text), units


def _is_negative(statement: Statement, units: Sequence[Unit]) -> bool:
    return bool(statement.denied) or any(unit.ideas & NEGATIVE for unit in units)


def _good_for_bad(statement: Statement, units: Sequence[Unit], lines: Sequence[Line]) -> str:
    if statement.denied or any(unit.ideas & _BAD for unit in units):
        return ""
    for unit in units:
        # Another of the cited lines may tell of it.
        if unit.stem not in _GOOD or unit.firm or _TURN.match(statement.text, unit.start):
            continue
        # Of `200=19 409=1` most went well.
        bad = [line for line in lines if line.ideas & _BAD and not any(code[0] == "2" for code, _ in tallies_of(line))]
        if bad and len(bad) == len(lines):
            return f"what {label(bad[:1])} tells of is a failure, not `{unit.text}`"
    return ""


def _achieved(statement: Statement, text: str, units: Sequence[Unit], lines: Sequence[Line]) -> str:
    """All lines tell of a failure, the claim only of what was to be done."""
    if statement.quotes or _ABORTED.search(text) or _BAD_STATUS.search(text) or _BAD_NAME.search(text):
        return ""
    has_failed = all(_FAILED.search(line.text) for line in lines)
    if has_failed and (able := _ABLE.search(text)):
        return f"it is a failure that stands in {label(lines)}, not `{able[0]}`"
    if has_failed and (
        unit := next(
            (
                unit
                for unit in units
                if unit.borne
                and (not unit.ideas & _NO_DEED or _LOGGED_IN.match(unit.text))
                and (unit.is_strong or unit.ideas & meaning.MEDIUM)
            ),
            None,
        )
    ):
        return f"it is a failure that stands in {label(lines)}, not only `{unit.text}`"
    return ""


def _tells_of_success(line: Line) -> bool:
    good = {"SUCCESS", "READY", "ALLOW"}
    return _GOOD_CODE.search(line.text) is not None or any(
        meaning.concepts_of(token.stem) & good for token in line.words if token.stem not in line.denied
    )


def _done(text: str, lines: Sequence[Line]) -> str:
    """The claim says that something was done, and the line has just that as failed: `mounted` over `mount FAILED`."""
    for match in _DONE.finditer(text):
        verb = stem(match["verb"].lower())
        having = [(line, token) for line in lines for token in line.words if token.stem == verb]
        failed = {
            line.number
            for line, token in having
            if _FAILED_BEFORE.search(line.text[max(0, token.start - 40) : token.start])
            or _FAILED_BEHIND.search(line.text[token.end : token.end + 40])
        }
        is_told = any(token.word.endswith("ed") for _, token in having)
        if having and not is_told and all(line.number in failed for line, _ in having):
            return f"{label([having[0][0]])} says that it failed, not that it was `{match['verb']}`"
    return ""
