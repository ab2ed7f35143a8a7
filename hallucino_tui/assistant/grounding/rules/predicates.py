"""What a claim says of a thing in the very words of a line, with or without a ``not`` where the line has it otherwise.

Such a pair of words is so close to its line that nothing else in the claim can excuse it: `PGOOD is asserted` over
`PGOOD is not asserted`, `a disk error` over `no disk error`, `will not retry` over `will retry`.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_STATE: Final = re.compile(
    r"(?P<subject>(?:[a-z0-9][\w\-]* ){1,3})(?:is|was|are|were) (?P<no>(?:not|no longer|never) )?"
    r"(?:(?:still|already|now|also|yet) )?(?P<word>[a-z]{2,})\b"
)
_OPEN: Final = re.compile(r"\b(?:if|whether|unless|until|once|when|no|none|neither|nothing|not all)\b[^.;,]*$")
_NO_PAIR: Final = re.compile(r"\bno (?P<pair>[a-z]{3,} [a-z]{3,})\b")
_ANY_DENIAL: Final = re.compile(
    r"\b(?:no|not|none|never|nothing|without|neither|nor|zero|0|absent|absence|lacks?|lacking|free of|any|cannot|empty|"
    r"clean|clear|rule[sd]? out|(?:run|ran|runs) out|out of|exhausted|used up|gone|missing|short of|left)\b|n't"
)
_CLAUSE: Final = re.compile(r"[;,:]\s|\b(?:and|but|while|whereas|although|though)\b")
_WITHOUT: Final = re.compile(
    r"\b(?:without (?:any |an? )?|(?:no|not any|lacks? (?:an?|any)) )(?P<thing>[a-z]{3,}(?: [a-z]{3,})?)\b"
)
_NULL: Final = frozenset(
    {"no", "none", "null", "nil", "off", "false", "disabled", "0", "unknown", "undefined", "empty", "n/a", "-", "never"}
)
_UNKNOWN_USER: Final = re.compile(
    r"(?<!not )(?<!not an )\b(?:unknown|invalid|non-?existent|illegal|unrecogni[sz]ed) "
    r"(?:user|account|login|username|name)s?\b"
)
_UNKNOWN: Final = re.compile(
    r"unknown|invalid|illegal|no such|not exist|non-?existent|not found|unrecogni|no user|not known|never heard"
)
_AGAINST: Final = re.compile(
    r"\b(?:advis|warn|recommend|caution|counsel|speak|spok|argu|decid)\w* against (?P<verb>[a-z]{3,}ing)\b"
)
_NO_RETRY: Final = re.compile(
    r"\b(?:(?:will|would|does|did|is|was|going) not (?:\w+ ){0,3}?(?:retry|retrying|retried|"
    r"try(?:ing)? (?:\S+ ){0,5}?again|"
    r"be (?:retried|tried|repeated))|no (?:further|more|other|second|new) (?:attempts?|tr(?:y|ies)|retr(?:y|ies))|"
    r"(?:gave|given|gives|giving) up\b(?! (?:its|the|control)))",
)
_RETRY: Final = re.compile(
    r"\b(?:will (?:be )?(?:retry|retried|try again|go on)|retry (?:at|in|after|on|with)|retrying|trying again|"
    r"next (?:retry|attempt) (?:in|at)|try again (?:in|at|later))\b"
)
_LAST_TRY: Final = re.compile(
    r"\b(?:gave|give|giving|given) up|no (?:more|further)|exhaust|not (?:be )?retr|"
    r"max(?:imum)? retries|abort|last\b|final"
)
_TURNED: Final = re.compile(r"\b(?:instead of|rather than) (?P<verb>[a-z]{3,}ing)\b")
_NO_TURN: Final = re.compile(
    r"\b(?:instead|rather|not|no|never|fail\w*|unable|cannot|skip\w*|but|against|avoid\w*|without|before|abort\w*|cancel\w*)\b"
)
_CAN_BE: Final = re.compile(r"\b(?:can|could) (?:still |all |both )?be (?P<verb>[a-z]{4,})\b")
_UNABLE: Final = re.compile(r"\b(?:un|in|ir)(?P<verb>[a-z]{3,})[ai]ble\b")
_IS_OFF: Final = re.compile(r"\b(?:disabled?|deactivated|off)\b")
_SWITCHED_OFF: Final = re.compile(
    r"\b(?P<thing>[a-z]{3,})(?: [a-z]+)? (?:is |was |are |were )?(?:disabled|deactivated|(?:turned|switched) off)\b"
)
_ENDED: Final = re.compile(
    r"\b(?:had|has|have|was|were|is|are) (?:already |long )?"
    r"(?:ended|finished|stopped|completed|over|closed|gone|done)\b"
)
_ONGOING: Final = re.compile(r"\b(?:still|active|running|ongoing|going on|in progress|before|until|after|once|when)\b")
_STILL: Final = re.compile(r"\bstill (?:active|running|ongoing|going on|in progress|open|alive|up|at work)\b")
_OVER: Final = re.compile(r"\b(?:ended|finished|stopped|completed|closed|done|complete)\b")
_KEYED_TIMES: Final = re.compile(r"\b(?:do|does|did|will|would) not (?:\w+ly )?(?P<verb>[a-z]{4,})\b(?! until| before)")


def contradicted(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which words of a line a claim has without its ``not``, or with one of its own; "" if none."""
    low = statement.text.lower()
    return (
        _other_state(low, lines)
        or _none_there(low, lines)
        or _has_value(low, lines)
        or _tries_again(low, lines)
        or _turned(statement, low, lines)
        or _not_able(low, lines)
        or _turned_off(low, lines)
        or _still_on(low, lines)
    )


def _other_state(low: str, lines: Sequence[Line]) -> str:
    """The claim has `A is b`, the line `A is not b`, or the other way round."""
    for match in _STATE.finditer(low):
        words = match["subject"].split()
        if words[-1] in meaning.LIGHT or _OPEN.search(low[: match.end("subject")]):
            continue
        for line in lines:
            there = _states(line.flat, words, match["word"])
            if there and bool(match["no"]) not in there:
                said = "" if match["no"] else "not "
                return f"{label([line])} says `{said}{match['word']}` of `{words[-1]}`"
    return ""


def _states(text: str, words: Sequence[str], word: str) -> set[bool]:
    """Return whether a text denies a word of a thing, by as many of the words for the thing as it has before it."""
    for first in range(len(words)) if word in text else ():
        subject = " ".join(words[first:])
        if first < len(words) - 1 and words[first] in meaning.LIGHT:
            continue
        found = {bool(no) for no, said in _said_of(text, subject) if said == word}
        if found or f"{subject} is " in text or f"{subject} was " in text:
            return found
    return set()


@functools.lru_cache(maxsize=4096)
def _said_of(text: str, subject: str) -> tuple[tuple[str, str], ...]:
    if subject not in text:
        return ()
    pattern = (
        rf"(?<![\w\-.]){re.escape(subject)} (?:is|was|are|were) (not )?(?:(?:still|already|now|also|yet) )?([a-z]+)"
    )
    return tuple((match[1] or "", match[2]) for match in re.finditer(pattern, text))


def _none_there(low: str, lines: Sequence[Line]) -> str:
    """The claim has a thing of two words, the line has `no` before the two."""
    for line in lines:
        for match in _NO_PAIR.finditer(line.flat):
            pair = match["pair"]
            at = low.find(pair)
            if at < 0 or any(word in meaning.LIGHT for word in pair.split()):
                continue
            begin = max((stop.end() for stop in _CLAUSE.finditer(low, 0, at)), default=0)
            stop = _CLAUSE.search(low, at)
            if _ANY_DENIAL.search(low, begin, stop.start() if stop else len(low)):
                continue
            if not any(re.search(rf"(?<!\bno ){re.escape(pair)}\b", one.flat) for one in lines):
                return f"{label([line])} says `{match[0]}`"
    return ""


def _has_value(low: str, lines: Sequence[Line]) -> str:
    """The claim denies a thing for which the line has a value: `without risk scoring` over `risk scoring: builtin`."""
    for match in _WITHOUT.finditer(low):
        things = {match["thing"], match["thing"].split()[0]}
        for line in lines:
            for thing in things:
                # A single word before a colon may be the name of a program.
                sign = r"\"?(?:: ?|=)" if " " in thing else r"\"?="
                gap = r"[ _\-]?".join(map(re.escape, thing.split()))
                found = re.search(rf"(?<![\w\-]){gap}{sign}(?P<value>[^\s,;=\"')]+)(?!=)", line.flat)
                if found and found["value"] not in _NULL and not _is_number(found["value"]):
                    return f"{label([line])} says `{found[0]}`"
    return ""


def _is_number(text: str) -> bool:
    return text[:1].isdigit()


def called_unknown(statement: Statement, lines: Sequence[Line]) -> str:
    """Say that a claim calls a user unknown though no line does: a wrong password is no unknown user."""
    match = _UNKNOWN_USER.search(statement.text.lower())
    if match is None or any(_UNKNOWN.search(line.flat) for line in lines):
        return ""
    return f"no user is called unknown in {label(lines)}"


def _tries_again(low: str, lines: Sequence[Line]) -> str:
    """The claim has it that nothing more will be tried, the line that it will."""
    denied = _NO_RETRY.search(low)
    if denied is not None:
        text = next((line for line in lines if _RETRY.search(line.flat)), None)
        if text is not None and not any(_LAST_TRY.search(line.flat) for line in lines):
            return f"{label([text])} says that it will be tried again"
    for match in _KEYED_TIMES.finditer(low):
        root = re.escape(match["verb"].removesuffix("y").removesuffix("e"))
        # Of `timeout=5.0s` nobody says that it did not happen: only plain counts tell how often something may.
        counted = re.compile(rf"\b(?:\w+_)?{root}(?:s|es|ies)=(?P<n>[1-9]\d*)(?![\w.])")
        if line := next((line for line in lines if counted.search(line.flat)), None):
            return f"{label([line])} says otherwise than `not {match['verb']}`"
    return ""


def _not_able(low: str, lines: Sequence[Line]) -> str:
    """The claim has it that something can be read, the line calls it unreadable."""
    for match in _CAN_BE.finditer(low):
        verb = stem(match["verb"])
        for line in lines:
            found = next((one for one in _UNABLE.finditer(line.flat) if stem(one["verb"]) == verb), None)
            if found:
                return f"{label([line])} says `{found[0]}`"
    return ""


def _turned_off(low: str, lines: Sequence[Line]) -> str:
    """The claim has something used which the line has as disabled."""
    for line in lines if not _IS_OFF.search(low) and not _ANY_DENIAL.search(low) else ():
        for off in _SWITCHED_OFF.finditer(line.flat):
            if re.search(
                rf"\b(?:used|using|uses|by|with|via) (?:an? |the |his |her |its |their )?{off['thing']}(?![\w=])", low
            ):
                return f"{label([line])} says `{off[0]}`"
    return ""


def _still_on(low: str, lines: Sequence[Line]) -> str:
    """The claim has it that something had ended, the line that it is still running."""
    ended = _ENDED.search(low)
    if ended is None or _ONGOING.search(low) or _ANY_DENIAL.search(low):
        return ""
    having = next((line for line in lines if _STILL.search(line.flat)), None)
    if having is None or any(_OVER.search(line.flat) for line in lines):
        return ""
    return f"{label([having])} has it as still going on"


def _turned(statement: Statement, low: str, lines: Sequence[Line]) -> str:
    """The claim has something done against, or instead of, what the line has."""
    for match in (*_AGAINST.finditer(low), *_TURNED.finditer(low)):
        root = stem(match["verb"])
        having = [line for line in lines if root in line.stems]
        if not having or any(root in line.denied or _NO_TURN.search(line.flat) for line in having):
            continue
        if match.re is _TURNED and any(
            unit.firm and unit.text.endswith(("ed", "ing")) and unit.stem != root for unit in statement.units
        ):
            continue
        return f"{label([having[0]])} does not say `{match[0]}`"
    return ""
