"""Writes into an answer which of its claims do not stand, so that the Markdown stays what it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.claim import Verdict

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.claim import Checked, Claim

SIGNS: Final = {Verdict.SUPPORTED: "\u2713", Verdict.DOUBTFUL: "\u26a0", Verdict.UNSUPPORTED: "\u2716"}
_ROW_END: Final = re.compile(r"\s*\|\s*$")


def words_of(claim: Claim) -> str:
    """Return the mark of a claim, for example ``✖ unsupported: There is no line L9.``; "" for one that is supported."""
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    return f"{SIGNS[claim.verdict]} {claim.verdict}: {claim.reason}"


def marked(answer: str, checked: Checked) -> str:
    """Return an answer with a mark behind each claim that is not supported.

    In a table the mark stands in the last cell of its row. Where a mark would break what the answer is, as in JSON, all
    marks stand below it.

    Args:
        answer: The answer that was checked.
        checked: What came of it.
    """
    doubted = [claim for claim in checked.claims if claim.verdict is not Verdict.SUPPORTED]
    if answer.lstrip().startswith(("{", "[{")):
        below = [f"- {_short(claim.text)} {words_of(claim)}" for claim in doubted]
        return answer if not below else answer.rstrip() + "\n\n" + "\n".join(below) + "\n"
    for claim in reversed(doubted):
        answer = _with_mark(answer, claim)
    return answer


def _with_mark(answer: str, claim: Claim) -> str:
    mark = words_of(claim)
    if claim.text.startswith("|") and (end := _ROW_END.search(claim.text)):
        at = claim.start + end.start()
        mark = mark.replace("|", "\\|")
        return f"{answer[:at]} {mark}{answer[at:]}"
    return f"{answer[: claim.end]} {mark}{answer[claim.end :]}"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "\u2026"
