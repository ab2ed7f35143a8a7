"""Whether a claim drops what its lines hedge, or makes whole what they limit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon import meaning
from hallucino_tui.assistant.grounding.lexicon.words import stem
from hallucino_tui.assistant.grounding.reading.statement import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_HEDGE: Final = re.compile(
    r"\b(?P<hedge>possibly|perhaps|maybe|probably|presumably|potentially|supposedly|allegedly|apparently|likely|"
    r"(?:may|might|could) (?:have |be |have been |also )?)\b\s*(?P<word>[a-z]{4,})",
    re.IGNORECASE,
)
# A claim that hedges as well, or only passes on what was said, or warned of.
_HEDGED: Final = re.compile(
    r"\b(?:possib\w+|perhaps|maybe|probab\w+|presum\w+|potential\w*|suppos\w+|alleg\w+|apparent\w*|likel\w+|may|might|"
    r"could|can|would|should|risks?|suspect\w*|suggest\w*|hints?|seem\w*|appear\w*|fear\w*|in case|if|whether|unclear|"
    r"candidates?|uncertain\w*|assum\w+|believ\w+|warn\w*|conceivabl\w+|hypothe\w+|points? to)\b",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    r"\bnot (?:yet |been |be )*(?P<how>fully|completely|entirely|wholly|totally|all|always|every\w*|quite|properly|"
    r"cleanly)"
    r" (?P<word>[a-z]{3,})",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\b(?:at all|whatsoever|in any way|completely|totally|entirely|wholly|utterly|never|altogether)\b", re.IGNORECASE
)
_NOT: Final = re.compile(
    r"\b(?:not|no|never|non|without|cannot|un[a-z]{4,}|in[a-z]{4,}able|dead|down|dysfunction\w*)\b", re.IGNORECASE
)


def overstated(statement: Statement, lines: Sequence[Line]) -> str:
    """Say what a claim states more firmly, than its lines; "" if nothing."""
    return _hedge_dropped(statement, lines) or _made_whole(statement, lines)


def _hedge_dropped(statement: Statement, lines: Sequence[Line]) -> str:
    """A line says `possibly corrupted`, the claim `corrupted`."""
    if _HEDGED.search(statement.text):
        return ""
    said = {unit.stem for unit in statement.units if unit.stem and unit.stem not in statement.denied}
    for line in lines:
        for match in _HEDGE.finditer(line.text):
            root = stem(match["word"].lower())
            if root not in said or match["word"].lower() in meaning.LIGHT:
                continue
            free = sum(token.stem == root for other in lines for token in other.words)
            if free == 1:
                hedged = f"{match['hedge'].strip()} {match['word']}"
                return f"{label([line])} says `{hedged}`, which is less than `{match['word']}`"
    return ""


def _made_whole(statement: Statement, lines: Sequence[Line]) -> str:
    """A line says `not fully functional`, the claim `not functional at all`."""
    whole = _WHOLE.search(statement.text)
    if whole is None or not _NOT.search(statement.text):
        return ""
    said = {token.stem for token in statement.words}
    for line in lines:
        for match in _PART.finditer(line.text):
            if stem(match["word"].lower()) in said and f"not {match['how'].lower()}" not in statement.text.lower():
                return f"{label([line])} says `not {match['how']} {match['word']}`, not `{whole[0]}`"
    return ""
