"""Where sentences end, and which of them claim nothing about lines."""

from __future__ import annotations

import re
from typing import Final

from hallucino_tui.assistant.citations import LOOSE, find_loosely

_END: Final = re.compile(r"[.!?\u2026](?:[\"'`\u201d\u2019)*_]*)(?=\s|$)|[\u3002\uff01\uff1f]")
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
_VERBS: Final = (
    "check|verify|look|inspect|review|investigate|ensure|make sure|confirm|consider|restart|roll|"
    "rollback|revert|increase|"
    "decrease|reduce|raise|lower|scale|add|remove|set|run|examine|monitor|update|upgrade|fix|"
    "correct|use|try|compare|find|"
    "open|search|enable|disable|configure|change|adjust|tune|contact|ask|see|determine|identify|validate|test|reset|"
    "rotate|renew|replace|block|free|clean|delete|drop|stop|start|watch|follow|trace|collect|gather|correlate|apply|"
    "redeploy|deploy|kill|drain|cordon|limit|audit|harden|query|filter|read|get|list|describe|put|move|enlarge|extend|"
    "alert|grep|pin|give|wait|retry|implement|provide|document|analyze|analyse|tighten|rerun|re-run|double-check|undo"
)
_IMPERATIVE: Final = re.compile(
    r"^(?:\W|\d+[.)]\s|(?:first|then|next|finally|also|please|immediately|now|second|third|(?:in )?the next step),?\s)*"
    rf"(?:\*\*[^*]+:?\*\*:?\s*)?(?:{_VERBS})\b",
    re.IGNORECASE,
)
# What also is a noun or an adjective: `Clean disconnect from 10.0.0.1 [L3]` tells of something.
_NOUNS: Final = re.compile(
    r"\b(?:clean|open|block|test|free|lower|limit|alert|list|query|update|reset|retry|drop|trace|watch|filter|audit|"
    r"change|wait|search|read)$",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(
    r"\s+(?:the|a|an|that|whether|if|all|any|each|every|its|their|how|why|what|which|when|where|"
    r"your|access|more|both|into)\b",
    re.IGNORECASE,
)
_ADVICE: Final = re.compile(
    r"\b(?:should (?:be )?(?:check|verif|look|inspect|review|investigat|restart|increas|rais|roll|"
    r"confirm|fix|chang|consider|"
    r"examin|correct|monitor)\w*|(?:i|we) (?:would )?(?:recommend|suggest|advise)|it is (?:recommended|"
    r"advisable|worth)|"
    r"next steps?\b|worth (?:checking|a look|looking)|recommended (?:action|step)s?|you (?:can|"
    r"could|may|might|should))\b",
    re.IGNORECASE,
)
_META: Final = re.compile(
    r"\b(?:lines?|logs?|records?|excerpt|data|evidence|they|it|that)\b[^.]{0,60}\b(?:do|does|did|"
    r"is|are|can|could)(?: not|n't|not)\b"
    r"[^.]{0,30}\b(?:show|say|tell|explain|reveal|indicate|state|contain enough|prove|make clear|"
    r"known|clear|shown|give|provide|"
    r"identify|determine|name)\b(?!\s+any\s+(?:error|warning|failure|problem))"
    r"|\b(?:is|are|was|were|remains?|stays?) (?:unclear|unknown|not clear|not known|not shown|"
    r"not visible)\b[^.]{0,12}(?:$|\.|why|how|wh)"
    r"|\b(?:cannot be (?:determined|told|said|known|concluded)|"
    r"can't be (?:determined|told|said)|impossible to (?:say|tell)|no (?:line|evidence|indication|"
    r"sign|record)s? (?:of|that|why|"
    r"shows?|says?|tells?|explains?)|not enough (?:information|evidence|lines|data))\b"
    r"|^\W*(?:here is|here are|here's|below (?:is|are)|in (?:summary|short)\W*$|the following|"
    r"this (?:summary|answer)|based on the (?:lines|logs)"
    r"[^.]{0,20}:?$|let me|i (?:will|cannot|can't|am|have)|as an ai|note that the lines)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^\W*(?:overall )?(?:category|severity|confidence|classification|priority|verdict|impact level|"
    r"level|class|type|status|title)"
    r"\W{0,4}[:=]\W*(?:[\w\-]+\W*){0,4}$",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(
    r"(?:\b(?:because|since|as (?:it|they|the)|which|given that|where|who)\b|\s[\u2014\u2013-]\s|;|:(?=\s))",
    re.IGNORECASE,
)
_FACT: Final = re.compile(
    r"\b(?:is|are|was|were|has|had|have|did|does|cannot|could|shows?|\w{3,}ed|ran|lost|went|came|took|got|"
    r"sent|held|began|"
    r"rose|fell|grew|left|kept|broke|saw|gave|wrote|shut|hit|made|found|met|hung|threw|drew|led|says?|takes?|fails?|"
    r"returns?|contains?|needs?)\b",
    re.IGNORECASE,
)
NEXT_SECTION: Final = re.compile(
    r"\b(?:next|recommend\w*|action items?|actions?|remediation|to do|todo|what to (?:look|check|do)|follow[- ]?ups?|"
    r"suggest\w*|mitigation|how to fix|fix(?:es)?|open questions?|questions?)\b",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return where sentences begin and end; citations behind a full stop belong to the sentence before it."""
    leads = bool(re.match(rf"\W{{0,4}}(?:{LOOSE.pattern})", text))
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if end <= start or (end - start < _LONGEST and _goes_on(text[start : match.start() + 1], text[start:end])):
            continue
        rest = text[end:].lstrip()
        if rest and not (
            rest[0].isupper() or rest[0].isdigit() or not rest[0].isascii() or rest[0] in '`"*_([<\u201c-'
        ):
            continue
        if not leads and (cited := _CITES.match(text, end)):
            end = cited.end()
        spans.append((start, end))
        start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return [(begin + len(text[begin:end]) - len(text[begin:end].lstrip()), end) for begin, end in spans]


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


def claimed_part(sentence: str, *, in_next_section: bool, is_cited: bool) -> int:
    """Return from where on a sentence claims something about lines; -1 if nowhere.

    Args:
        sentence: The sentence.
        in_next_section: It stands under a heading like "What to look at next".
        is_cited: It has citations of its own.
    """
    bare = without_citations(sentence).strip().strip("*_-\u2022 ")
    if not _LETTERS.search(bare):
        return 0 if is_cited else -1
    if bare.endswith("?") or _LABEL.match(bare) or _META.search(bare):
        return -1
    if _is_imperative(bare, is_cited=is_cited) or _ADVICE.search(bare):
        hidden = _HIDDEN.search(sentence, min(len(sentence), 8))
        if hidden and _FACT.search(without_citations(sentence[hidden.end() :])):
            says_why = hidden[0].lower().startswith(("because", "since", "given", "as "))
            return hidden.start() if is_cited or says_why else -1
        return -1
    if in_next_section and not is_cited and not _FACT.search(bare):
        return -1
    return 0


def _is_imperative(bare: str, *, is_cited: bool) -> bool:
    """Say whether a sentence asks for something; `Block blk_1 was received` begins with a noun."""
    verb = _IMPERATIVE.match(bare)
    if verb is None:
        return False
    if is_cited and _NOUNS.search(bare[: verb.end()]) and not _OBJECT.match(bare, verb.end()):
        return False
    return _OBJECT.match(bare, verb.end()) is not None or _FACT.search(bare, verb.end()) is None
