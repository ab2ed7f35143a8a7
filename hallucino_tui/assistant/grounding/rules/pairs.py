"""Keys with their values: what a claim gives for a key has to be what a line gives for it, not what another key has."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.same import is_same
from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.counting import tallies_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_PAIR: Final = re.compile(r"(?<![\w.\-])(?P<key>[A-Za-z][\w\-]*)=(?P<value>\d[\w.]*\w|\d|[A-Za-z][\w\-]*)(?![\w(])")
_NUMBERED: Final = re.compile(
    r"(?<![\w.\-])\"?(?P<key>[A-Za-z][\w\-]{3,40})\"?[:=] ?\"?(?P<value>\d+(?:\.\d+)?)(?![\w.:])"
)
_PARTS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\-]")
_BETWEEN: Final = (
    r"(?: of [\w.\-`]+)?(?: (?:is|was|of|as|at|to|value))*(?: (?:set|given|reported|now))?(?: (?:to|as|at))?:? `?"
)
_NAMED: Final = re.compile(
    r"\b(?P<key>[A-Za-z]{3,})(?: (?:for|of|on|in) (?:the )?\S+)? (?:is|was|=) (?:set to )?$", re.IGNORECASE
)
_THE_SAME: Final = re.compile(
    r"\b(?:on|in|by|from|to|of|with|at|for|into|through) (?:one and )?the (?:very |exact )?same "
    r"(?P<noun>[A-Za-z]{3,})\b(?! as)"
)
_TWO: Final = 2
_PLACE: Final = re.compile(
    r"\b(?P<one>line|row|page) (?P<n>\d+)(?:,| and|, and)? (?P<two>column|col|char|position) (?P<m>\d+)\b"
)
# The plain words for the answers of HTTP.
_ANSWERS: Final = {"conflict": "409", "bad request": "400", "bad gateway": "502", "internal server error": "500"}
_MANY: Final = re.compile(r"\b(?P<n>\d+) ?[x\u00d7] ?(?:HTTP )?(?P<code>[1-5]\d\d)\b")
_PLAIN: Final = re.compile(rf"\b(?P<word>{'|'.join(_ANSWERS)})s\b")


def wrong_pair(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which key of a claim has another value in its lines; "" if none."""
    return (
        _not_the_same(statement, lines)
        or _other_value(statement, lines)
        or _of_other_word(statement, lines)
        or _of_other_key(statement, lines)
        or _other_tally(statement, lines)
    )


def _not_the_same(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has two things on the same node, the lines on `node 3` and `node4`."""
    match = _THE_SAME.search(statement.text) if len(lines) == _TWO else None
    if match is None or match["noun"].lower() in meaning.LIGHT:
        return ""
    noun = re.escape(match["noun"].lower())
    named = re.compile(rf"(?<![a-z]){noun}(?:_?id)?[-_=: #/\"]{{0,2}}(?P<value>\d[\w.\-]*)")
    one, other = ({there["value"] for there in named.finditer(line.flat)} for line in lines)
    if not one or not other or one & other:
        return ""
    return f"{label(lines)} have {match['noun']} `{min(one)}` and `{min(other)}`"


def _other_value(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has `v=9`, the line `v=13`."""
    for match in _PAIR.finditer(statement.text):
        key, value = match["key"], match["value"]
        there = [one for line in lines for one in re.findall(rf"(?<![\w.\-]){re.escape(key)}=\"?([\w.\-]+)", line.text)]
        if there and all(not one.lower().startswith(value.lower()) for one in there):
            return f"{label(lines)} has `{key}={there[0]}`, not `{match[0]}`"
    low = statement.text.lower()
    for match in _PLACE.finditer(low):
        place = re.compile(rf"\b{match['one']}\w* (?P<n>\d+)\W{{1,3}}(?:and )?{match['two']}\w* {match['m']}\b")
        told = [(line, there) for line in lines for there in place.finditer(line.flat)]
        if told and all(there["n"] != match["n"] for _, there in told):
            return f"{label([told[0][0]])} says `{told[0][1][0]}`, not `{match[0]}`"
    return ""


def _of_other_word(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has `the limit for /a is 5200 ms`, the line `limit is 3000 ms`."""
    for number in statement.numbers:
        said = _NAMED.search(statement.text[: number.start]) if number.bound == "=" and not number.is_word else None
        key = stem(said["key"].lower()) if said else ""
        if not said or said["key"].lower() in meaning.LIGHT:
            continue
        there = [one for line in lines for one in line.numbers if one.before == key and one.kind in {"", number.kind}]
        if there and not any(is_same(number, one) for one in there):
            written = statement.text[number.start : number.end].strip()
            return f"the {said['key'].lower()} in {label(lines)} is `{there[0].value:g}`, not `{written}`"
    return ""


@functools.lru_cache(maxsize=4096)
def _numbered(text: str) -> tuple[tuple[str, str], ...]:
    """Return the keys of two words and more that a line has numbers for, as the words."""
    found: list[tuple[str, str]] = []
    for match in _NUMBERED.finditer(text):
        parts = [part.lower() for part in _PARTS.split(match["key"]) if part]
        if len(parts) > 1:
            found.append((" ".join(parts), match["value"]))
    return tuple(found)


def _of_other_key(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has `the current state is 112`, the line `ApplicableState: 112, CurrentState: 0`."""
    low = statement.text.lower()
    pairs = [(key, value, line) for line in lines for key, value in _numbered(line.text)]
    for key, value, line in pairs:
        if key not in low:
            continue
        said = re.search(rf"\b{re.escape(key)}{_BETWEEN}(?P<value>\d+(?:\.\d+)?)(?![\w.]*\w)", low)
        if said and not any(other == said["value"] for name, other, _ in pairs if name == key):
            return f"the {key} in {label([line])} is `{value}`, not `{said['value']}`"
    return ""


def _other_tally(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim has `13 x 503` or `two conflicts`, the line `503=3` or `409=1`."""
    tallies = [tally for line in lines for tally in tallies_of(line)]
    if not tallies:
        return ""
    said = [(match["code"], match["n"], match[0]) for match in _MANY.finditer(statement.text)]
    for match in _PLAIN.finditer(statement.bare):
        number = next((one for one in statement.numbers if 0 <= match.start() - one.end <= 1), None)
        if number is not None and number.bound == "=":
            said.append((_ANSWERS[match["word"]], f"{number.value:g}", statement.text[number.start : match.end()]))
    for code, count, text in said:
        there = [int(many) for one, many in tallies if one == code]
        if there and int(count) not in {*there, sum(there)}:
            return f"{label(lines)} counts `{code}={there[0]}`, not `{text.strip()}`"
    return ""
