"""Lines that give orders to whoever reads them: log text that would steer an answer is no evidence for it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.reading.line import flat
from hallucino_tui.assistant.grounding.reading.statement import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line
    from hallucino_tui.assistant.grounding.reading.statement import Statement

_ORDER: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|guideline|"
    r"previous|above|prior|"
    r"earlier|everything)s?\b"
    r"|\b(?:you are (?:now )?(?:an?|the|in|no longer)|act as|pretend|system prompt|new instructions?)\b"
    r"|\b(?:(?:as an? )?(?:ai|llm|language model|assistant|chatbot|model|agent)s?|operator|reader|you)\b\s?[,:]?\s?"
    r"(?:(?:must|should|shall|need to|have to|are to|will|please)\b|: ?(?:please |now )?(?:ignore|say|"
    r"reply|respond|answer|"
    r"print|output|write|report|tell|run|execute|state|conclude|do not|never)\b)"
    r"|\b(?:say|reply|respond|answer|print|output|write|report|state|conclude|tell (?:the )?(?:user|"
    r"operator|reader|human))"
    r" (?:only|just|exactly|nothing but|that (?:all|every\w*|no|there|the))\b|\b(?:reply|respond|"
    r"answer) with (?!status|code|\d)"
    r"|(?:^|[:;>\"'.] ?)(?:please |now |note to \w+: )?(?:run|execute|type|paste|enter) [`'\"]?"
    r"(?:rm|curl|wget|kubectl|sudo|bash|sh|chmod|helm|docker|systemctl|psql|drop|delete)\b",
    re.IGNORECASE,
)
_TELLS_OF_ORDERS: Final = re.compile(
    r"\b(?:instruct\w*|inject\w*|prompt\w*|orders?|ordered|ordering|tells?|told|asks?|asked|asking|"
    r"command\w*|tries|tried|"
    r"trying|attempt\w*|contains?|containing|message|text|says?|said|demand\w*|suspicious|malicious|wants?|requests?|"
    r"urges?|note|hostile|untrusted|embedded|directive)\b",
    re.IGNORECASE,
)


def is_order(line: Line) -> bool:
    """Say whether a line tells its reader what to say or to do."""
    return _is_order(line.text)


@functools.lru_cache(maxsize=1024)
def _is_order(text: str) -> bool:
    return _ORDER.search(text) is not None


def obeyed(statement: Statement, lines: Sequence[Line]) -> str:
    """Say that a claim only does what its lines order; "" if it does not, or if it tells of the order as such."""
    ordering = [line for line in lines if is_order(line)]
    if not ordering or _TELLS_OF_ORDERS.search(statement.text):
        return ""
    said = flat(statement.text).strip(" .,:;!*_-|()[]'`")
    if len(ordering) == len(lines) or any(said and said in line.flat for line in ordering):
        return f"{label(ordering)} gives an order, which is no evidence"
    return ""
