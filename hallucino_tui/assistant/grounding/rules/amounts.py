"""Whether a claim has it that there were some where lines count none, above for below, or up for down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.derived import tallies_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_NO_CODE: Final = re.compile(
    r"\b(?:no|not a single|zero|without(?: any)?) (?:HTTP )?(?P<code>[1-5]\d\d)s?\b", re.IGNORECASE
)
_ONLY_CODE: Final = re.compile(
    r"\b(?:nothing but|only|solely|exclusively|all (?:were|got|are)|nothing other than) (?:an? |"
    r"HTTP )*(?P<code>[1-5]\d\d)s?\b(?! ?m?s\b)",
    re.IGNORECASE,
)
_ZERO: Final = re.compile(
    r"(?<![\w.-])(?:(?P<key>[a-z]{4,})[=:] ?\"?0(?![\d.\w])|(?<![\d.,=])0 (?P<after>[a-z]{3,})\b)"
)
# `0 files added, 1 removed, 23 kept`: none of them in that state.
_BY_STATE: Final = re.compile(r"[^,;=]{0,20}\b(?P<state>\w+ed), \d+ \w+ed\b")
_NONE_OF: Final = re.compile(
    r"\b(?:no|not|none|nobody|nothing|zero|without|never|any|cannot|empty|0|0 \w+|neither|nor|free of|lack\w*|from|"
    r"to|all)\b|n't",
    re.IGNORECASE,
)
_NOT_BEYOND: Final = re.compile(
    r"\bnot (?:\w+ )?(?P<side>below|above|over|under|beyond|exceeding|too)\b",
    re.IGNORECASE,
)
_ROOM: Final = re.compile(
    r"\b(?:had|has|have|there (?:was|were|is|are)) (?:still )?(?:some |enough |plenty of |free |spare |unused )*"
    r"(?:room|space|capacity|free (?:\w+ )?(?:slots?|connections?|places?|space))\b",
    re.IGNORECASE,
)
_LIMITED: Final = re.compile(
    r"\b(?:(?P<within>within|below|under|less than|short of)|(?P<beyond>exceed\w*|beyond|above|over|more than)) "
    r"(?:its|the|their|that|a|this) (?:\w+ )?(?:limit|threshold|maximum|timeout|budget|quota)\b",
    re.IGNORECASE,
)
_BOUNDS: Final = frozenset(map(stem, ("limit", "threshold", "maximum", "max", "timeout", "budget", "quota")))
_SCALED: Final = re.compile(r"\bscal\w+ (up|down)\b|\b(up|down)scal", re.IGNORECASE)
_WENT: Final = re.compile(r"\b(?:went|came|come|is|was|are|were|goes|brought|back|link) (up|down)\b", re.IGNORECASE)


def contrary(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim counts, bounds or turns the other way round than its lines; "" if nothing."""
    return (
        _none_of_some(statement, lines)
        or _some_of_none(statement, lines)
        or _room_in_full(statement, lines)
        or _within_limit(statement, lines)
        or _up_for_down(statement, lines)
        or _above_for_below(statement, lines)
    )


def _none_of_some(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim says that there was no 503 or the like, the lines count some."""
    if len(lines) == 1 and (only := _ONLY_CODE.search(statement.text)):
        others = [code for code, _ in tallies_of(lines[0]) if code != only["code"] and code not in statement.text]
        if others and len(others) < len(tallies_of(lines[0])):
            return f"{label(lines)} counts some `{others[0]}`, too"
    for match in _NO_CODE.finditer(statement.text):
        counted = re.compile(rf"(?<![\w.]){match['code']}\W{{0,2}}[=:]\s?[1-9]")
        if line := next((line for line in lines if counted.search(line.text)), None):
            return f"{label([line])} counts some `{match['code']}`"
    return ""


def _some_of_none(statement: Statement, lines: Sequence[Line]) -> str:
    """The line counts none of something, as `idle=0` does, and the claim says that there were some."""
    if len(lines) != 1 or _NONE_OF.search(statement.text) or statement.quotes:
        return ""
    said = {token.word for token in statement.words}
    for match in _ZERO.finditer(lines[0].text.lower()):
        word = match["key"] or match["after"]
        state = _BY_STATE.match(lines[0].text, match.end()) if match["after"] else None
        if state is not None and state["state"].lower() not in said:
            continue
        if word in said and word not in meaning.LIGHT and lines[0].text.lower().count(word) == 1:
            return f"{label(lines)} counts no `{word}`"
    return ""


def _room_in_full(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has it that there was room, the lines that something was full."""
    room = _ROOM.search(statement.text)
    if room is None or statement.denied or any("FULL" in unit.ideas for unit in statement.units):
        return ""
    full = [line for line in lines if any("FULL" in names for _, _, names in meaning.phrases_in(line.flat))]
    full += [
        line for line in lines if line not in full and {stem("full"), stem("exhausted")} & line.stems - line.denied
    ]
    return f"{label(full[:1])} tells of no room" if len(full) == len(lines) else ""


def _within_limit(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has something within a limit, the line gives both, and it is beyond; or the other way round."""
    said = _LIMITED.search(statement.text)
    if said is None or statement.denied or len(lines) != 1:
        return ""
    there = [number for number in lines[0].numbers if number.kind]
    bounds = [number for number in there if {number.before, *number.ahead[-2:]} & _BOUNDS]
    others = [number for number in there if number not in bounds and number.kind == bounds[0].kind] if bounds else []
    if len(bounds) != 1 or len(others) != 1 or others[0].value == bounds[0].value:
        return ""
    is_beyond = others[0].value > bounds[0].value
    return (
        "" if is_beyond == bool(said["beyond"]) else f"it is {'beyond' if is_beyond else 'within'} it in {label(lines)}"
    )


def _above_for_below(statement: Statement, lines: Sequence[Line]) -> str:
    if (turned := _NOT_BEYOND.search(statement.text)) is not None:
        plain = re.compile(rf"(?<!not )\b{turned['side']}\b", re.IGNORECASE)
        if line := next((line for line in lines if plain.search(line.text)), None):
            return f"`{turned['side'].lower()}` is said in {label([line])}"
    said = {token.word for token in statement.words}
    for one, other in (
        ("above", "below"),
        ("below", "above"),
        ("knew", "unknown"),
        ("more", "less"),
        ("less", "more"),
        ("larger", "smaller"),
        ("smaller", "larger"),
    ):
        if one in said and other not in said:
            there = [{token.word for token in line.words} for line in lines]
            if any(other in words for words in there) and not any(one in words for words in there):
                return f"`{other}` is said in {label(lines)}, not `{one}`"
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
