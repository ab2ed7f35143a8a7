"""Claims that take in more than their lines show: of one line that all do so, or of both what is true of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading.statement import label
from hallucino_tui.assistant.grounding.rules.derived import tallies_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

# As the subject: `a list of all pods` only says what the list is of, `every 10 s` how often.
_ALL: Final = re.compile(
    r"(?:^\W*|[,;:] |\b(?:that|and|but|so|since then|because|when|then|why|while|where|from then on),? )"
    r"(?P<word>all|every|everything|everyone|nothing|nobody|no one)\b"
    r"(?! (?:of (?:them|these|those|which|this)|[\d.,]+|two|three|four|five|six|seven|eight|nine|ten|the same|in all|"
    r"but|other|(?:second|minute|hour|day|few|couple|time)s?)\b)(?: (?:of )?(?:the |its |their )?(?P<noun>[a-z]+))?",
    re.IGNORECASE,
)
# `all of ALERT 0 to ALERT 3` are named one by one.
_OF_NAMED: Final = re.compile(r" (?:of )?(?:the )?(?:[A-Z]{2}|`|\w+ \d)")
_ALWAYS: Final = re.compile(
    r"\b(?P<word>always|constantly|first ever|never before|ever since|everywhere)\b", re.IGNORECASE
)
_NEGATIVE: Final = frozenset({"nobody", "nothing", "no one"})
_QUANTITY: Final = re.compile(r"\b(?:all|any|every|each|always|both|everything|nothing|none)\b", re.IGNORECASE)
# What would be told elsewhere, if there had been some.
_NONE: Final = re.compile(
    r"\b(?:no|without any|not any|free of) (?:\w+ )?(?:retries|restarts?|attempts?|connections?|requests?|data loss|"
    r"losses|damage|impact)\b",
    re.IGNORECASE,
)
_NO_DEED: Final = re.compile(
    r"^\W*no (?:other |further |more )?\w+ (?:\w+ed|ran|went|was|were|is|are|has|had)\b", re.IGNORECASE
)
_SOME_OF: Final = re.compile(
    r"(?<![\w.:/\-])(?P<some>\d{1,6}) ?(?:of|out of|/) ?(?:the )?(?P<all>\d{1,6}) (?P<noun>[a-z]{4,})", re.IGNORECASE
)
_BOTH: Final = re.compile(r"\b(?:both|neither)\b", re.IGNORECASE)
_JOINED: Final = re.compile(
    r"\b(?:and|or|nor|respectively|first|second|then|former|latter|one|other|later|earlier)\b", re.IGNORECASE
)


def sweeping(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which word of a claim takes in more than its lines show; "" if none."""
    return (
        _absence(statement.text, lines)
        or _universal(statement.text, lines)
        or _all_of_some(statement.text, lines)
        or _said_of_both(statement, lines)
    )


def _absence(text: str, lines: Sequence[Line]) -> str:
    if (absent := _NONE.search(text)) and not any(line.denied or "FAIL" in line.ideas for line in lines):
        said = absent[0].lower()
        if not any(said in line.text.lower() or line.has_zero for line in lines):
            return f"that there was `{said}` cannot be seen from {label(lines)}"
    if (nothing := _NO_DEED.search(text)) and not any(line.denied or line.has_zero for line in lines):
        return f"that there was `{nothing[0].lower()}` cannot be seen from {label(lines)}"
    return ""


def _universal(text: str, lines: Sequence[Line]) -> str:
    """Return what is said of all when only one is cited; several lines are taken for all that there are."""
    if len(lines) != 1 or _QUANTITY.search(lines[0].text) or tallies_of(lines[0]):
        return ""
    if found := _ALWAYS.search(text):
        return f"`{found['word'].lower()}` cannot be seen from {label(lines)}"
    for match in _ALL.finditer(text):
        if _OF_NAMED.match(text, match.end("word")):
            continue
        word, noun = match["word"].lower(), (match["noun"] or "").lower()
        if word in _NEGATIVE and (lines[0].denied or "REFUSE" in lines[0].ideas or lines[0].has_zero):
            continue
        # A line that speaks of `workers` itself speaks of more than one.
        if noun and noun.endswith("s") and noun in {token.word for token in lines[0].words}:
            continue
        return f"`{word}` cannot be seen from {label(lines)}"
    return ""


def _all_of_some(text: str, lines: Sequence[Line]) -> str:
    """The claim has all do what by its line only `2 of 3` did."""
    for line in lines:
        for match in _SOME_OF.finditer(line.text):
            if int(match["some"]) >= int(match["all"]) or match["some"] in text:
                continue
            if re.search(
                rf"(?<!not )\b(?:all|every|each|both|none|no)\b (?:of )?(?:the )?{match['noun']}", text, re.IGNORECASE
            ):
                return f"{label([line])} says `{match[0]}`"
    return ""


def _said_of_both(statement: Statement, lines: Sequence[Line]) -> str:
    """The claim gives both of two lines a number that stands in one of them."""
    both = _BOTH.search(statement.text)
    if both is None or len(lines) != 2 or _JOINED.search(statement.text, both.end()):
        return ""
    end = both.end() + len(re.split(r"[,;:](?=\s)", statement.text[both.end() :])[0])
    for number in statement.numbers:
        value = statement.text[number.start : number.end].strip()
        if not both.end() <= number.start < end:
            continue
        pattern = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\w.]|-\d)")
        without = [line for line in lines if not pattern.search(line.text)]
        if len(without) == 1:
            return f"`{value}` does not stand in {label(without)}"
    return ""
