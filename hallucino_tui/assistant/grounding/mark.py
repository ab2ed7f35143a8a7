"""Writes into an answer which of its claims do not stand, so that the Markdown stays what it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.claim import Verdict

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.claim import Checked, Claim

SIGNS: Final = {Verdict.SUPPORTED: "\u2713", Verdict.DOUBTFUL: "\u26a0", Verdict.UNSUPPORTED: "\u2716"}
_ROW_END: Final = re.compile(r"\s*\|\s*$")
_CELLS: Final = re.compile(r"\s*(?<!\\)\|\s*")
_STRONG: Final = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_SOFT: Final = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![\w*_])")
_LEADS: Final = re.compile(r"^\s*(?:#{1,6}\s+|>\s?|[-*+\u2022]\s+)+", re.MULTILINE)
_LINKED: Final = re.compile(r"!?\[([^\]\n]+)\]\([^)\s]+\)")
_CODE: Final = re.compile(r"(`{1,3}[^`\n]+`{1,3})")


def words_of(claim: Claim) -> str:
    """Return the mark of a claim, for example ``✖ unsupported: There is no line L9.``; "" for one that is supported."""
    if claim.verdict is Verdict.SUPPORTED:
        return ""
    return f"{SIGNS[claim.verdict]} {claim.verdict}: {claim.reason}"


def plain(text: str) -> str:
    """Return a claim without Markdown, in one line: no signs of bold or headings, a row as its cells.

    What stands in backticks stays as it is: there a star is a star.
    """
    text = text.strip()
    if text.startswith("|"):
        cells = [plain(cell.replace("\\|", "|")) for cell in _CELLS.split(text)]
        return " \u00b7 ".join(cell for cell in cells if cell)
    parts = _CODE.split(_LEADS.sub("", text))
    parts[::2] = [_SOFT.sub(r"\2", _LINKED.sub(r"\1", part)) for part in parts[::2]]
    # Bold letters may have code among them.
    return " ".join(_STRONG.sub(r"\2", "".join(parts)).split())


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
        below = [f"- {_short(plain(claim.text))} {words_of(claim)}" for claim in doubted]
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
