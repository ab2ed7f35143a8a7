"""Times that a claim reckons from what an earlier claim told: `8 seconds after the first exception`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.lexicon.units import WORDS
from hallucino_tui.assistant.grounding.reading.statement import read_statement
from hallucino_tui.assistant.grounding.rules.figures import wrong_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.grounding.reading.line import Line

_FROM: Final = re.compile(
    r"(?<![\w.])(?:(?:just|only|about|around|roughly|some|nearly|almost|barely|less than|more than|over|within|"
    r"approximately) ){0,2}(?:\d[\d.,]*|half an?|an?|"
    + "|".join(WORDS)
    + r")[ -]?(?:ms|s|min|h|milliseconds?|seconds?|minutes?|"
    r"hours?) (?P<turn>after|before) (?P<what>(?:the|that|this|its|their) [^,;:.()]{3,60}?)(?=[,;:.()]|\s{2}|$)",
    re.IGNORECASE,
)


def without_distance(text: str, lines: Sequence[Line], others: Sequence[Line]) -> str:
    """Return a text with a blank `8 seconds after the first exception` if another line has that and is so far away.

    Args:
        text: The claim.
        lines: What it cites.
        others: What earlier claims cite.
    """
    found = _FROM.search(text) if others and lines else None
    if found is None:
        return text
    for other in others:
        told = [unit for unit in read_statement(found["what"], [other]).units if unit.weight >= 1]
        if told and all(unit.firm for unit in told) and _is_so_far(found, lines[0], other):
            return text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return text


def _is_so_far(found: re.Match[str], line: Line, other: Line) -> bool:
    if line.when is None or other.when is None:
        return False
    early, late = (other, line) if found["turn"].lower() == "after" else (line, other)
    if (early.when or 0.0) > (late.when or 0.0):
        return False
    span = found[0][: found.start("turn") - found.start()]
    pair = [other, line]
    return not wrong_number(read_statement(f"{span}later", pair), pair)
