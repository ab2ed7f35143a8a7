"""The label in front of a claim: `**Impact:** ..`, `**July 8:** ..`, `TL;DR: ..`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import tokens
from hallucino_tui.assistant.grounding.reading import anchors, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line

_HEAD: Final = re.compile(
    r"^(?P<mark>[\s>]{0,9}(?:\*\*|__)?\s{0,4})(?P<head>[^*_\n|]{1,60}?)(?P<inside>:?)\s{0,4}(?:\*\*|__)\s*"
    r"(?P<behind>:|[\u2013\u2014-](?=\s)|\((?=\D))?"
)
_PLAIN: Final = re.compile(r"^(?P<mark>\W*)(?P<head>[A-Za-z][A-Za-z; /-]{1,30})(?:\s*:|\s[\u2013\u2014-])(?=\s)")
# What such labels are where they only say what kind of statement follows.
_KIND: Final = re.compile(
    r"tl;?\s?dr|(?:\w+ )?(?:summary|impact|effects?|consequences?|conclusion|evidence|symptoms?|findings?|triggers?|"
    r"observations?|timeline|scope|details?|background|context|result|outcome|answer|explanation|interpretation|"
    r"assessment|bottom line|overview|notes?|remarks?|facts?|points?|takeaways?|issues?|signals?|hypothesis|"
    r"indicators?|duration|onset|start|end|beginning)|what (?:happened|went wrong|failed|broke|we know|i see)|"
    r"(?:why|when|where|who|how|what)(?: \w+)?|first|second|third|then|next|finally|before|after|later|caveat|"
    r"good news|bad news|in short|in summary|short answer|likely|probable|confirmed|unconfirmed|inferred|observed",
    re.IGNORECASE,
)
# `**3. Users get errors** ..` is the third point of its list.
_NUMBERED: Final = re.compile(r"^[\s>]{0,9}(?:\*\*|__)\s{0,4}\d{1,2}[.)](?=\s)")
_DAY: Final = re.compile(r"\d{1,2}")
_MONTH: Final = re.compile(
    r"^\W*(?P<month>[A-Z][a-z]{2,8})\.? (?P<days>\d{1,2}(?:st|nd|rd|th)?(?:\W{1,5}(?:and )?\d{1,2})*)$"
)


def without_head(text: str, lines: Sequence[Line]) -> str:
    """Return a claim as long as before with a blank label, unless the label says something that lines have to bear."""
    if numbered := _NUMBERED.match(text):
        text = re.sub(r"[\d.)]", " ", numbered[0]) + text[numbered.end() :]
    match = _HEAD.match(text)
    is_bold = match is not None and bool(match["inside"] or match["behind"]) and "*" in match[0] + "_"
    if match is None or not is_bold:
        match = _PLAIN.match(text)
        if match is None or not _KIND.fullmatch(match["head"].strip()):
            return text
    head = match["head"].strip()
    rest = text[match.end() :]
    if not any(char.isalpha() for char in rest):
        return text
    if _KIND.fullmatch(head) or _are_days(head, lines) or (is_bold and not _says(head)):
        return " " * match.end() + rest
    # Behind `July 8` a colon would make a time of day of it, and behind one none.
    at = match.start("inside") if is_bold and match["inside"] else match.end("head")
    return text[:at] + text[at : match.end()].replace(":", " ") + rest


def _are_days(head: str, lines: Sequence[Line]) -> bool:
    """Say whether a label is a day, or days of one month, and each is a day of some line: `August 12/13`."""
    match = _MONTH.match(head)
    if match is None:
        return False
    dates = [times.dates_of_claim(f"{match['month']} {day}") for day in _DAY.findall(match["days"])]
    there = {(date.month, date.day) for line in lines for date in line.dates}
    return all(bool(one) and (one[0].month, one[0].day) in there for one in dates)


def _says(head: str) -> bool:
    """Say whether a label has a name, a number or a definite idea in it, or is one word, which may be a name."""
    words = [token for token in tokens(head) if token.word not in meaning.LIGHT]
    return (
        any(char.isdigit() for char in head)
        or len(words) < 2
        or bool(anchors.names_in(head))
        or any(meaning.concepts_of(token.stem) & meaning.STRONG for token in words)
        or bool(meaning.phrases_in(head.lower()))
    )
