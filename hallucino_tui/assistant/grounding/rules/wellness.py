"""Claims that all is well, over lines that show the opposite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading.statement import NEGATIVE, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_WELL: Final = re.compile(
    r"\b(?:(?:all|every|both|each)(?: of)?(?: the)?(?: \w+){0,3}|everything|every\w+|(?:the )?(?:whole |"
    r"entire |complete )?"
    r"(?:system|cluster|service|platform|application|shop|environment|fleet|infrastructure|deployment|stack)s?)\b"
    r"[^.,;]{0,24}?\b(?:normal(?:ly)?|nominal|healthy|fine|ok|okay|well(?! as\b)|recovered|recovering|operational|"
    r"stable|(?:(?<=is )|(?<=are )|(?<=was )|(?<=were )|(?<=back )|(?<=came ))up|green|"
    r"good|working|successful(?:ly)?|succeeded|resolved|restored|available|ready|in order|as expected|as usual|"
    r"back to normal|correctly|properly|smoothly)\b",
    re.IGNORECASE,
)
_NO_TROUBLE: Final = re.compile(
    r"\b(?:no|zero|without(?: any)?|not any|free of|free from|nor any|never any|not a single)(?: \w+){0,2} "
    r"(?:errors?|warnings|problems?|issues?|failures?|incidents?|faults?|outages?|troubles?|difficult(?:y|ies)|anomal(?:y|"
    r"ies)|exceptions?|"
    r"crash(?:es)?|disruptions?|interruptions?)\b|\b(?:no|zero|without) (?:errors?|warnings|problems?|"
    r"issues?|failures?|"
    r"incidents?|faults?|outages?|trouble|difficult(?:y|ies)|anomal(?:y|ies)|exceptions?|crash(?:es)?|disruptions?|interruptions?)\b|"
    r"\bno (?:rejected|failed|failing|dropped|lost|refused|declined|denied|aborted|unhealthy|crashed|killed) \w+|"
    r"\bno (?:\w+ )?(?:failed|crashed|died|broke|errored|(?:were|was|got) (?:refused|rejected|lost|dropped|denied))\b|"
    r"\bnothing (?:\w+ ){0,2}(?:failed|wrong|unusual|suspicious|abnormal|crashed|broke)\b|\b(?:error|"
    r"trouble|problem)-free\b",
    re.IGNORECASE,
)
_BUT: Final = re.compile(
    r"\b(?:except|besides|other than|further|more|other|but|although|though|until|despite|after (?:the|a|"
    r"an|its)|not)\b",
    re.IGNORECASE,
)
_LEVEL: Final = re.compile(
    r"\b(?:error|err|fatal|critical|crit|panic|severe|emerg|alert|failed|failure|failing)\b|\bwarn(?:ing)?\b",
    re.IGNORECASE,
)
_NONE_BAD: Final = re.compile(
    r"(?<![\d.])(?:0|no) (?:\w+ )?(?:errors?|failures?|failed|warnings?|rejected)\b|\b(?:errors?|failures?|failed|"
    r"warnings?|rejected)[=:] ?\"?0\b",
    re.IGNORECASE,
)
_BAD: Final = NEGATIVE - {"STOP", "CLOSE", "EMPTY", "IGNORE", "UNEXPECTED", "DISCONNECT", "LOSE"}


def all_well(statement: Statement, lines: Sequence[Line]) -> str:
    """Say which line shows that not all is well, as a claim has it; "" if none does or it does not say so."""
    text = statement.text
    if (found := _NO_TROUBLE.search(text)) and not _BUT.search(text):
        bad = [line for line in lines if _is_bad(line) and found[0].lower() not in line.flat]
        # Of what one thing went through without trouble a line of another may tell.
        if bad and (len(bad) == len(lines) or not any(unit.is_name for unit in statement.units)):
            return f"{label(bad[:1])} shows trouble, though `{found[0]}` is claimed"
    if (found := _WELL.search(text)) and not _BUT.search(text) and not statement.denied:
        last = max(lines, key=lambda line: (line.when or 0.0, line.number))
        said = found[0].lower().split()[-1]
        if _is_bad(last) and said not in last.flat and (said not in _SAID_OF_ONE or all(map(_is_bad, lines))):
            return f"{label([last])} shows trouble, though it is said to be `{said}`"
    return ""


_SAID_OF_ONE: Final = frozenset({"up", "ok", "good", "well", "ready", "available", "working", "fine"})


def _is_bad(line: Line) -> bool:
    text = _NONE_BAD.sub(" ", line.text)
    return bool(line.ideas & _BAD) or _LEVEL.search(text) is not None
