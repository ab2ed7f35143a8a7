"""Where sentences end."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.assistant.citations import LOOSE, find_loosely

# A line that begins with a label or a sign begins something new, as one does behind a citation.
_END: Final = re.compile(
    r"[.!?\u2026](?:[\"'`\u201d\u2019)*_]*)(?=\s|$|<br)|[\u3002\uff01\uff1f]"
    r"|(?P<break><br ?/?>|\n(?=[ \t]{0,8}(?:[\u2190-\u2bff\U0001f300-\U0001faff]|(?:\*\*|__)[^*_\n]{1,40}(?:\*\*:|"
    r":\*\*|__:|:__)))|(?<=[\])])[ \t]{0,4}\n(?=[ \t]{0,8}[^\sa-z]))"
)
_SHORT: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nr|resp|ca|fig|st|dr|mr|mrs|inc|z\.B|d\.h|u\.a|bzw|max|min)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(r"\W*\d+[.]")
# Nothing longer is one sentence, whatever it looks like.
_LONGEST: Final = 2000
_QUOTE_OPENS: Final = re.compile(r"(?<!\w)'(?=\w)|\u201c")
_QUOTE_ENDS: Final = re.compile(r"(?<=[^\s])'(?!\w)|\u201d")
_CITES: Final = re.compile(rf"(?:\s*(?:{LOOSE.pattern}))+\s*[.;]?")
# Behind `[L7].`, or a word that is no short form, a sentence may begin with the name of a program in lower case.
_CITED: Final = re.compile(rf"(?:{LOOSE.pattern})$")
_FULL_STOP: Final = re.compile(
    rf"(?:{LOOSE.pattern})\s?[.!?][\"'*_)]*$"
    r"|(?<![\w./\-])(?!approx|incl|excl|resp|misc|temp|spec|dept|corp|univ|prof|orig|estd|abbr|init)[a-z]{4,}[.][*_]*$"
)
NEXT_SECTION: Final = re.compile(
    r"\b(?:next|recommend\w*|action items?|actions?|remediation|to do|todo|what to (?:look|check|do)|follow[- ]?ups?|"
    r"suggest\w*|mitigation|how to fix|fix(?:es)?|open questions?|questions?)\b",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return where sentences begin and end; citations behind a full stop belong to the sentence before it."""
    leads = bool(re.match(rf"\W{{0,4}}(?:{LOOSE.pattern})", text))
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if match["break"] is not None and match.start() >= start:
            if not _is_mere_break(text, match):
                spans += [(start, match.start())] if text[start : match.start()].strip() else []
                start = end
            continue
        if end <= start or (end - start < _LONGEST and _goes_on(text[start : match.start() + 1], text[start:end])):
            continue
        if not _begins_one(text[end:].lstrip()) and not _FULL_STOP.search(text[max(start, end - 60) : end]):
            continue
        if not leads and (cited := _CITES.match(text, end)):
            end = cited.end()
        spans.append((start, end))
        start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return [(begin + len(text[begin:end]) - len(text[begin:end].lstrip()), end) for begin, end in spans]


def _is_mere_break(text: str, match: re.Match[str]) -> bool:
    """Say whether a line only ends behind a bracket that is no citation."""
    before = text[max(0, match.start() - 60) : match.start()]
    return before.endswith((")", "]")) and text[match.start() : match.end()].isspace() and not _CITED.search(before)


def _begins_one(rest: str) -> bool:
    """Say whether a sentence may begin so; in lower case a name may, but so does the rest of `e.g. the`."""
    return not rest or rest[0].isupper() or rest[0].isdigit() or not rest[0].isascii() or rest[0] in '`"*_([<\u201c-'


def _goes_on(before: str, text: str) -> bool:
    """Say whether a full stop ends no sentence: that of a number, of an abbreviation, or inside of something quoted."""
    return _is_inside(text) or _SHORT.search(before[-12:]) is not None or _COUNTED.fullmatch(before) is not None


def _is_inside(text: str) -> bool:
    """Say whether a text ends inside backticks, quotation marks or brackets."""
    return (
        text.count("`") % 2 == 1
        or text.count('"') % 2 == 1
        or text.count("(") > text.count(")")
        or text.count("[") > text.count("]")
        or len(_QUOTE_OPENS.findall(text)) > len(_QUOTE_ENDS.findall(text))
    )


def without_citations(text: str) -> str:
    """Return a text with blanks in place of its citations."""
    for one in find_loosely(text):
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text
