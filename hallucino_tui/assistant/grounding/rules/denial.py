"""What a claim denies and lines tell of as a fact: `did not fail` over `FAILED`, `none waiting` over `11 waiting`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.rules import severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_BAD: Final = frozenset(
    {
        *("FAIL", "REFUSE", "TIMEOUT", "UNREACHABLE", "LOSE", "UNAVAILABLE", "UNKNOWN", "OOM", "CRASH", "SERVERERROR"),
        "CORRUPT",
    }
)
_DEEDS: Final = meaning.MEDIUM | {"ANSWER"}
# That there was no trouble needs no `not` in a line.
_TROUBLE: Final = (
    r"trouble|problem|error|issue|warning|fail|fault|delay|incident|interrupt|exception|crash|loss|retr(?:y|ies)|restart|"
    r"timeout|complain|damage|outage|further|other|any\w*"
)
_DENY: Final = (
    r"\b(?:did|does|do|was|were|is|are|has|have|had|could|can|would|will) not\b(?! only| need| have to| just)|"
    rf"\bnever\b|\bwithout\b(?! (?:\w+ ){{0,2}}(?:{_TROUBLE}))|\bcannot\b|\bunable to\b|\bfail(?:s|ed)? to\b|"
    r"\b(?:im|not )possible to\b"
)
_PLAINLY_NOT: Final = re.compile(_DENY, re.IGNORECASE)
# Of `not until`, `not by this but by that` and `not because` the verb is no part of what is denied.
_OF_ANOTHER_PART: Final = re.compile(
    r"^[^.;,]*?\b(?:until|till|before|but|rather|instead|only|merely|just|because|since|again|any more|anymore|"
    r"any longer|"
    r"at first|initially|at once|immediately|right away|in time|"
    r"yet|either|further|as (?:an?|the)|(?:more|less|later|earlier|longer) than)\b",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"\b(?:(?:did|does|do|was|were|is|are|has|have|had|could|can|would|will) (?:not|never)|never|without|not|no longer|"
    r"cannot|"
    r"unable to|fail(?:s|ed)? to|impossible to)\s+"
    r"(?:(?:been|be|being|yet|even|ever|actually|really|get|got|have|an?|the|any|its|\w+ly)\s+)*(?P<head>[a-z]{3,})\b",
    re.IGNORECASE,
)
_NO_ONE: Final = re.compile(
    r"\b(?:no|neither(?: of the)?) (?:\w+ ){1,2}(?:(?:of|in|from|to|for|on) (?:the |an? )?[\w./\-]+ )?"
    r"(?:(?:was|were|is|are|has|had|been|ever|got|could|can|be) )*"
    r"(?P<head>[a-z]{2,}ed|ran|went|came|took|got|began|fell|rose|left|sent|lost|met|"
    r"(?<=be )(?:read|found|kept|made|built|taken|given|written))\b(?! by)",
    re.IGNORECASE,
)
_WITH_CODE: Final = re.compile(
    r"\bnot (?:\w+ )?(?:with|as|return|yield|get|give) (?:(?:an?|the|HTTP|status|exit|code|signal|of|error) )*"
    r"(?P<code>\d{1,3})\b",
    re.IGNORECASE,
)
_NONE: Final = re.compile(
    r"\b(?:no|zero|not any|not a single|without any|none of the|none (?:of (?:the )?[\w ]{1,20}? )?(?:was|were|is|are)|"
    r"not (?P<verb>[a-z]+) any)\s+(?P<rest>(?:[a-z]+\s+){0,4}[a-z]+)",
    re.IGNORECASE,
)
_FAIL: Final = stem("fail")
_MORE: Final = frozenset(
    {"more", "further", "other", "additional", "new", "longer", "such", "matter", "one", "doubt", "less"}
)
_STATE: Final = re.compile(
    r"(?:ed|ing|en)$|^(?:sent|lost|left|free|busy|open|idle|active|inactive|spare|dead|alive|live|ready|new|stale|healthy)$"
)
_SKIPPED: Final = frozenset({"was", "were", "is", "are", "has", "had", "have", "been", "single", "at", "all"})
_MANAGED: Final = re.compile(
    r"\b(?:did|does|could|has|have|had) not (?:manage|succeed|work|go (?:well|through)|come off|complete|finish|"
    r"pass)\b|\bunable to\b|\bfail(?:s|ed)? to\b|\bwithout success\b|\bin vain\b|\bunsuccessful",
    re.IGNORECASE,
)
_OFF: Final = re.compile(
    r"[\w\-][=:] ?(?:false|no|off|none|0)\b|"
    r"\b(?:disabled?|off|inactive|deactivated|absent|lacks?|lacking|skipped|ignored|excluded|permissive|non(?=[- ]))\b",
    re.IGNORECASE,
)
_UNDONE: Final = re.compile(
    r"\b(?:fail\w*|unable|refus\w*|reject\w*|den(?:y|ied)|un\w{3,}|time[d ]?-?out|without|instead|before|"
    r"until|abort\w*|cancel\w*|exceed\w*|too|0|lost|lose|no|closed|reset)\b",
    re.IGNORECASE,
)


_UNDONE_AFTER: Final = re.compile(
    r"^[^.;]*?\b(?:fail\w*|unable|refus\w*|reject\w*|denied|abort\w*|cancel\w*|instead|but|only|(?<!\b0 )skipped)\b",
    re.IGNORECASE,
)
# Of some it is denied, of others not.
_SOME_OF: Final = re.compile(
    r"\b(?:only|some|most|half|part|not all|(?:one|two|three|four|five|\d+) (?:of|out of))\b", re.IGNORECASE
)


def wrongly_denied(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim denies that its lines tell of, or that they do not deny; "" if nothing."""
    return (
        _denied_here(statement, lines)
        or _undone(statement, lines)
        or _told(statement, lines)
        or _some(statement, lines)
        or _managed(statement, lines)
    )


def _is_plain(statement: Statement, lines: Sequence[Line]) -> bool:
    """Say whether a claim denies what it tells of as a whole, not only when, how, or by whom it came about."""
    return any(
        not _OF_ANOTHER_PART.match(statement.text[match.end() :]) and not _is_borne(statement, lines, match)
        for match in _PLAINLY_NOT.finditer(statement.text)
    )


def _is_borne(statement: Statement, lines: Sequence[Line], match: re.Match[str]) -> bool:
    """Say whether some cited line has the failure that a claim denies by: `failed to`."""
    cited = {number for one in find_loosely(statement.cited) for number in one.numbers}
    # Other lines than those at hand may tell of it; `attempt` alone, as a part of an id, tells of no failure.
    may_be = len(cited) > len(lines) or any(map(severity.shows_trouble, lines))
    return (
        may_be
        and " not" not in match[0].lower()
        and any(
            bool(unit.firm) and bool(unit.ideas & NEGATIVE)
            for unit in statement.units
            if unit.start < match.end() and match.start() < unit.end
        )
    )


def _denied_here(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has a ``not``, the lines say nothing of the kind."""
    if not _is_plain(statement, lines) or any(_OFF.search(line.text) for line in lines):
        return ""
    if any(line.denied or line.ideas & NEGATIVE or line.has_zero for line in lines):
        heads = {stem(match["head"].lower()) for match in _HEAD.finditer(statement.text)}
        denied = [unit for unit in statement.units if unit.stem in statement.denied and unit.stem in heads]
        plain = [
            unit
            for unit in denied
            if (any(unit.stem in line.stems for line in lines) or _has_succeeded(unit, lines))
            and not any(unit.stem in line.denied or line.denied for line in lines)
        ]
        if not plain or any(line.ideas & _BAD for line in lines):
            return ""
    return f"nothing is denied in {label(lines)}"


def _has_succeeded(unit: Unit, lines: Sequence[Line]) -> bool:
    """Say whether a unit stands for success, and lines have a word for that, too."""
    return "SUCCESS" in unit.ideas and any(map(_tells_of_success, lines))


def _tells_of_success(line: Line) -> bool:
    return any("SUCCESS" in meaning.concepts_of(token.stem) for token in line.words if token.stem not in line.denied)


def _managed(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has it that it did not come off, all that the lines tell of is success."""
    if not _MANAGED.search(statement.text) or not _is_plain(statement, lines):
        return ""
    if any(line.ideas & _BAD or line.denied for line in lines) or not all(map(_tells_of_success, lines)):
        return ""
    return f"{label(lines)} tells of a success"


def _undone(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim denies a deed, a line tells of it as done: `error corrected`, and nothing near says otherwise."""
    if not _is_plain(statement, lines) or _SOME_OF.search(statement.text):
        return ""
    ideas = {unit.stem: unit.ideas for unit in statement.units}
    heads = {stem(match["head"].lower()) for match in _heads(statement)} - {""}
    for head in heads | {unit.stem for unit in statement.units if unit.stem in statement.denied and unit.stem}:
        if meaning.concepts_of(head) & NEGATIVE:
            continue
        having = [(line, token) for line in lines for token in line.words if token.stem == head]
        if having and all(
            (token.word.endswith("ed") or (token.word.endswith("s") and ideas.get(head, frozenset()) & _DEEDS))
            and head not in line.denied
            and (head in heads or not line.denied)
            and not _UNDONE.search(line.text[max(0, token.start - 40) : token.start])
            and not _UNDONE_AFTER.search(line.text[token.end : token.end + 40])
            for line, token in having
        ):
            return f"{label([having[0][0]])} says `{having[0][1].word}`, without a `not`"
    return ""


def _heads(statement: Statement) -> Iterator[re.Match[str]]:
    """Give the words right behind a `not` of a claim, unless it is something else about them that is denied."""
    for match in _HEAD.finditer(statement.text):
        if not _OF_ANOTHER_PART.match(statement.text[match.end() :]):
            yield match


def _told(statement: Statement, lines: Sequence[Line]) -> str:
    """The very word that the claim denies is what a line tells of: `was not refused` over `refused`."""
    for match in (*_heads(statement), *_NO_ONE.finditer(statement.text)):
        if _OF_ANOTHER_PART.match(statement.text[match.end() :]) or _SOME_OF.search(statement.text[: match.start()]):
            continue
        # What else is said of it may be what is denied.
        if all(unit.borne for unit in _after(statement, match.end()) if unit.is_name or unit.is_strong):
            for line in lines:
                if said := _said(match, line, statement.units):
                    return said
    for match in _WITH_CODE.finditer(statement.text):
        if line := next((line for line in lines if match["code"] in line.digits), None):
            return f"`{match['code']}` stands in {label([line])}"
    return ""


def _said(match: re.Match[str], line: Line, units: Sequence[Unit]) -> str:
    """Return what a line says of a word that a claim denies; "" if it does not plainly have it."""
    word = match["head"].lower()
    head = stem(word)
    ideas = meaning.concepts_of(head) & NEGATIVE
    is_still = f"still {word}" in line.flat
    if match.re is _HEAD and not ideas and not is_still:
        return ""
    if re.search(rf"(?<![\w.])(?:0|no) (?:\w+ )?{word}\b|\b{word}=0", line.flat):
        return ""
    if any(_is_zero(word, unit.text.lower(), line) for unit in units):
        return ""
    if head in line.stems and head not in line.denied and (ideas or is_still or not line.denied):
        return f"{label([line])} says `{match['head']}`, without a `not`"
    if "FAIL" in ideas and head == _FAIL and line.ideas & _BAD and not line.denied:
        return f"{label([line])} tells of a failure"
    return ""


def _is_zero(word: str, thing: str, line: Line) -> bool:
    """Say whether a line counts none of a thing in a state by a key of both, `AssignedReds:0` of assigned reducers."""
    root = re.escape(thing[:3])
    return re.search(rf"\b{word}[_-]?{root}[a-z]*\"?[=:] ?0\b", line.flat) is not None


def _after(statement: Statement, place: int) -> Iterator[Unit]:
    """Give the units of a claim from a place on to the end of the clause."""
    end = re.search(r"[,;:.](?=\s|$)", statement.text[place:])
    last = place + end.start() if end else len(statement.text)
    return (unit for unit in statement.units if place <= unit.start < last)


def _some(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim says that there was none of what a line counts some of: `no mail waiting` over `11 waiting`."""
    for match in _NONE.finditer(statement.text):
        thing = _thing(match["rest"].lower().split())
        if len(thing) < 4 or re.search(rf"\b{thing} (?:to|that|which|who|whose|where)\b", statement.text.lower()):
            continue
        root = re.escape(thing.rstrip("s"))
        counted = re.compile(
            rf"(?<![\w.:/,\-])[1-9]\d*(?: [a-z]+)? {root}s?\b(?![=:])|\b{root}s?\"?[=:] ?\"?[1-9]\d*(?![\d.:\-/])",
            re.IGNORECASE,
        )
        none = re.compile(rf"(?<![\w.:/,\-])(?:0|no) (?:[a-z]+ )?{root}s?\b|\b{root}s?\"?[=:] ?\"?0\b", re.IGNORECASE)
        some = [(line, there) for line in lines if (there := counted.search(line.text))]
        if match["verb"] and not any(stem(match["verb"].lower()) in line.stems for line, _ in some):
            continue
        if some and not any(none.search(line.text) for line in lines):
            return f"{label([some[0][0]])} counts `{some[0][1][0]}`"
    return ""


def _thing(words: Sequence[str]) -> str:
    """Return of what there was none: of `no mail was waiting` and of `no waiting mail` it is what waits."""
    things: list[str] = []
    for word in words:
        if word in _MORE:
            return ""
        if word in _SKIPPED:
            continue
        if word in meaning.LIGHT:
            break
        things.append(word)
    if len(things) == 1:
        return things[0]
    return next((word for word in things if _STATE.search(word)), "")
