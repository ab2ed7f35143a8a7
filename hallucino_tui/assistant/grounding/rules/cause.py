"""Causes: whether lines tell of what a claim calls a cause, and not of the opposite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import tokens
from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label
from hallucino_tui.assistant.grounding.rules.order import Halves, bounded, halves_at, is_later, places_of
from hallucino_tui.assistant.grounding.rules.ties import HEDGE, Found, one_tells_both, untied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement, Unit

_CAUSE: Final = (
    (
        re.compile(
            r"\b(?:because(?: of)?(?! (?:of )?(?:that|this|which)\b)|due to(?! (?:that|this|which)\b)|(?:was|were|"
            r"is|are|been)? ?caused by|triggered by|as a (?:result|"
            r"consequence) of|owing to|resulting from|resulted from|thanks to|brought (?:on|about) by|"
            r"(?:was|is|were|are) (?:the|an?) (?:result|consequence|effect) of|stem(?:s|med|ming) from|followed from|"
            r"in response to|on account of|explained by|prompted by|set off by|"
            r"(?:faced|confronted) with|in the face of|"
            r"(?:c[ao]mes?|was|were|is|boils) down to(?! (?:just |only |about )?(?:\d|zero|one|two|three|"
            r"four|five|six|seven|eight|nine|ten)\b)|attribut(?:ed|able) to|traced (?:back )?to|blamed on|arose from|"
            r"as(?= (?:the|its?|no|they) (?:[\w\-]+ +){1,3}(?:is|was|were|are|has|had|have|did|does|could|can|cannot|"
            r"would|\w{3,}ed)\b)|"
            r"since(?= (?:the|an?|its?|no|it|they|all|only|there)\b))\b",
            re.IGNORECASE,
        ),
        False,
    ),
    (
        re.compile(
            r"\b(?:(?:because of|due to) (?:that|this|which),?|led to|leads to|leading to|caused|causing|causes|"
            r"triggered|triggering|triggers|resulted in|"
            r"(?<!is )(?<!was )(?<!were )(?<!been )(?<!be )(?:held up|slowed down|delayed|stalled|hindered)"
            r"(?= (?:the|an?|its?|their|all|any|every|each|both)\b)|"
            r"resulting in|"
            r"results in|therefore|which made|so that|as a result(?! of)|forced|forcing|consequently|"
            r"(?:is|was|were|are) what(?= (?:\w+ed|led|left|made|let|set|took|brought|broke|cost|drove|kept|cut|"
            r"sent|shut)\b)|prevented|kept(?= [\w\-' ]{1,60}? from \w+ing\b)|(?:brought|took|knocked)(?="
            r" [\w\-' ]{1,60}? (?:down|out|over)\b)|left(?= [\w\-' ]{1,60}? (?:without|unable)\b)|accounts? for|"
            r"(?:is|was|were|are) (?:also )?(?:the (?:root )?(?:reason|cause) (?:why|for|of|behind|that)|why|behind|"
            r"responsible for|to blame for)|brought about|gave rise to|giving rise to|set off|prompted|prompting|"
            r"(?:led|leading) (?:\w+ ){1,4}to|"
            r"made(?= [\w\-' ]{1,60}?\b(?:fail|crash|restart|stop|exit|time|lose|close|shut|go|wait|drop|break|die|"
            r"hang|abort|retry|reject|refuse|unavailable|unreachable|slow|slower|impossible)\b))\b(?! by)|, so\b",
            re.IGNORECASE,
        ),
        True,
    ),
)
# `The reason for B was A`: what comes first in it is the effect.
_NAMED_CAUSE: Final = re.compile(
    r"^\W*the (?:root |likely |main |underlying )?(?:cause|reason) (?:of|for|why|behind|that)\b", re.IGNORECASE
)
_LEAD: Final = re.compile(
    r"^\W*(?:(?:only |just |about |around |some |less than |shortly |right |almost |nearly )*[\w.\- ]{0,40}\b)?"
    r"(?:after|before|following|at|on|within|during|once)\b[^,;]{1,60}, ",
    re.IGNORECASE,
)
_AND: Final = re.compile(r", (?:and|but|while) ")
# `so this is no code change` is what the writer makes of it, not what happened.
_OWN_VIEW: Final = re.compile(
    r"\s*(?:it|this|that|these|those|they|there)(?:['\u2019]s| (?:is|are|does|do|can|must|looks?|seems?|begins?|"
    r"points?|means?|may|might|could|should|would))\b",
    re.IGNORECASE,
)
# A subject, a verb and something of it.
_CLAUSE: Final = 3
_TAIL: Final = re.compile(r", (?:with|which|while|whereas|and|but)\b")
_IS: Final = re.compile(r"\b(?:is|was|were|are)\b")
# A line that is the detail of an error above it: an exception by its class.
_DETAIL: Final = re.compile(
    r"^(?:(?:\S+/\S+|\S+-\w{5}|\S*\d\d:\d\d\S*) ){0,3}(?:Caused by: )?[A-Za-z_][\w.$]*(?:Error|Exception|Timeout|Full|"
    r"Violation|Unavailable)(?::|$)"
)
_SAYS_CAUSE: Final = re.compile(
    r"because|due to|caused|reason|result|: |, \w+ing\b|\bas\b|since|\bby\b| - |->|\bfor\b|error|err=|"
    r"^(?:\S+ ){0,2} *(?:File \"|at \w)",
    re.IGNORECASE,
)
_REASON: Final = re.compile(
    r"\b(?:because|due to|caused by|by rule|by policy|on account of)\b|\breason[=:]", re.IGNORECASE
)
_SOURCE: Final = re.compile(r"(?<!\S)[\w.\-]+/[\w.\-]+(?= )|^[a-z][\w.]*-[\w\-]+(?= )")
_TURN: Final = re.compile(
    r"(?<=[\w\"')\]]): | : |because|due to|caused by| - |\b(?:err|error|reason)=|\"error\":|,(?= Connection|"
    r" No | Permission| Timeout| timeout)",
    re.IGNORECASE,
)
# `So the machine booted` may be what one sees from the lines before it, which are its traces and not its causes.
_CONCLUSIONS: Final = frozenset({"so", "therefore", "consequently"})
_LEAST: Final = 0.61
_BY_GROUP: Final = 0.5


def wrong_cause(statement: Statement, lines: Sequence[Line]) -> Found | None:
    """Say why what a claim calls a cause is none by its lines; None if it may be one."""
    for pattern, is_left_first in _CAUSE:
        match = pattern.search(statement.bare)
        if match is None:
            continue
        halves = halves_at(statement, match, is_left_first=is_left_first)
        if halves is not None and not is_left_first:
            halves = _without_first(halves, statement.bare)
        if halves is not None:
            halves = bounded(
                _without_tail(_without_lead(halves, statement.bare), statement.bare), statement.bare, match
            )
        is_conclusion = match[0].lower().strip(" ,") in _CONCLUSIONS
        if is_conclusion and _OWN_VIEW.match(statement.bare, match.end()):
            continue
        if halves is not None and (found := _doubt(statement, lines, halves, is_conclusion=is_conclusion)) is not None:
            return found
    named = _NAMED_CAUSE.match(statement.bare)
    copula = _IS.search(statement.bare, named.end()) if named else None
    if named and copula:
        cause, effect = (copula.end(), len(statement.bare)), (named.end(), copula.start())
        return _doubt(statement, lines, Halves(cause, effect))
    return None


def _without_lead(halves: Halves, text: str) -> Halves:
    """Return two sides without an `after the start,` in front, which is when it happened and not what."""
    lead = _LEAD.match(text)
    if lead is None:
        return halves
    first, second = ((max(side[0], lead.end()), side[1]) for side in halves)
    return Halves(first, second) if first[0] < first[1] and second[0] < second[1] else halves


def _without_first(halves: Halves, text: str) -> Halves:
    """Return two sides without what a `, and` in front of an effect tells first: `A ran, and B failed because of C`."""
    start, end = halves.second
    cuts = [match.end() for match in _AND.finditer(text, start, end) if len(text[match.end() : end].split()) >= _CLAUSE]
    if not cuts or end > halves.first[0]:
        return halves
    return Halves(halves.first, (cuts[-1], end))


def _without_tail(halves: Halves, text: str) -> Halves:
    """Return two sides without a `, with line 2 having matched` behind, which is no part of cause or effect."""
    last = max(halves)
    tail = _TAIL.search(text, last[0] + 1, last[1])
    if tail is None or not text[last[0] : tail.start()].strip():
        return halves
    return Halves(*((side[0], tail.start()) if side == last else side for side in halves))


def _doubt(statement: Statement, lines: Sequence[Line], halves: Halves, *, is_conclusion: bool = False) -> Found | None:
    cause, effect = halves
    for half, what, least in ((cause, "that cause", _LEAST), (effect, "what it led to", 0.5)):
        share = _share(statement, half)
        if share is not None and share < least and not _hedged(statement, half):
            return Found(f"{what} is not told in {label(lines)}", is_hard=False)
    is_one = _rests_on_one(statement, halves) or one_tells_both(statement, lines, halves)
    placed = None if is_one else places_of(statement, lines, halves)
    if placed and not _tells_all(statement, placed, halves):
        late = None if is_conclusion else _late_cause(lines[placed[0]], lines[placed[1]])
        loose = late or untied(statement, lines, halves)
        return loose or _has_own_reason(statement, lines[placed[1]], placed[1], cause)
    if placed and (loose := untied(statement, lines, halves)) is not None:
        return loose
    for line in lines:
        if _is_turned(statement, line, cause, effect):
            return Found(f"L{line.number} says it the other way round", is_hard=True)
    is_said = any(_SAYS_CAUSE.search(line.text) for line in lines)
    return None if is_said else Found(f"what caused it is not said in {label(lines)}", is_hard=False)


def _has_own_reason(statement: Statement, line: Line, place: int, cause: tuple[int, int]) -> Found | None:
    """Say that the line of an effect gives a reason of its own, and nothing of the cause that a claim has for it."""
    reason = _REASON.search(line.text)
    told = [unit for unit in statement.units if cause[0] <= unit.start < cause[1] and unit.borne and unit.weight >= 1]
    if reason is None or not told or any(place in unit.firm for unit in told):
        return None
    return Found(f"L{line.number} gives another reason: `{reason[0]}`", is_hard=False)


def _rests_on_one(statement: Statement, halves: Halves) -> bool:
    """Say whether the part of a claim that tells of a cause and its effect cites one line for both."""
    start, end = min(halves)[0], max(halves)[1]
    cited = {number for one in find_loosely(statement.cited[start:end]) for number in one.numbers}
    return len(cited) == 1


def _tells_all(statement: Statement, placed: tuple[int, int], halves: Halves) -> bool:
    """Say whether the line of a cause has what went wrong for it, too, and the line of the effect has not.

    The line `answered 401: api key expired` has both; that of `syncing stock` before it has neither.
    """
    effect = [unit for unit in statement.units if halves.second[0] <= unit.start < halves.second[1]]
    deeds = [unit for unit in effect if unit.ideas & NEGATIVE]
    return (
        bool(deeds)
        and all(placed[0] in unit.borne for unit in deeds)
        and sum(placed[0] in unit.borne for unit in effect) * 2 >= len(effect)
        and not any(placed[1] in unit.borne for unit in deeds)
    )


def _late_cause(early: Line, late: Line) -> Found | None:
    """Say why the first of two lines cannot be the cause of the second; None if it can."""
    if _is_detail(late, early):
        return Found(f"L{late.number} says why L{early.number} happened, not the other way round", is_hard=True)
    if is_later(early, late) and not _is_detail(early, late):
        return Found(f"the cause in L{early.number} comes after its effect in L{late.number}", is_hard=True)
    return None


def _is_detail(detail: Line, error: Line) -> bool:
    """Say whether a line is an exception that explains the line of the same source shortly before it."""
    if detail.number <= error.number or not _DETAIL.match(detail.text) or _DETAIL.match(error.text):
        return False
    if detail.when is not None and error.when is not None and not 0 <= detail.when - error.when <= 1:
        return False
    sources = [match[0] if (match := _SOURCE.search(line.text[:120])) else "" for line in (detail, error)]
    return sources[0] == sources[1]


def _share(statement: Statement, span: tuple[int, int]) -> float | None:
    own = [unit for unit in statement.units if span[0] <= unit.start < span[1]]
    quoted = any(span[0] <= quote.start < span[1] for quote in statement.quotes)
    total = sum(unit.weight for unit in own)
    return (
        None
        if not total or quoted
        else sum(unit.weight * (1.0 if unit.firm else _BY_GROUP) for unit in own if unit.borne) / total
    )


def _hedged(statement: Statement, span: tuple[int, int]) -> bool:
    """Say whether a side is a guess: `so each worker probably has a pool of its own`."""
    return HEDGE.search(statement.bare, *span) is not None


def _is_turned(statement: Statement, line: Line, cause: tuple[int, int], effect: tuple[int, int]) -> bool:
    """Say whether a line has the cause of a claim in front of a colon or a ``because``, and its effect behind it."""
    for turn in _TURN.finditer(line.text):
        front, back = _ideas(line.text[: turn.start()]), _ideas(line.text[turn.end() :])
        sides = [
            [unit for unit in statement.units if span[0] <= unit.start < span[1] and unit.borne]
            for span in (cause, effect)
        ]
        # What stands on both sides of the turn tells nothing.
        told = [
            (
                sum(_is_in(unit, front) and not _is_in(unit, back) for unit in side),
                sum(_is_in(unit, back) and not _is_in(unit, front) for unit in side),
            )
            for side in sides
        ]
        if told[0][0] and told[1][1] and not told[0][1] and not told[1][0]:
            return True
    return False


def _ideas(text: str) -> tuple[frozenset[str], frozenset[str], str]:
    stems = frozenset(token.stem for token in tokens(text))
    found = frozenset[str]().union(*(meaning.concepts_of(one) for one in stems))
    low = text.lower()
    return stems, found.union(*(names for _, _, names in meaning.phrases_in(low))), low


def _is_in(unit: Unit, part: tuple[frozenset[str], frozenset[str], str]) -> bool:
    return unit.stem in part[0] or bool(unit.ideas & part[1]) or unit.text.lower() in part[2]
