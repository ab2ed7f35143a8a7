"""An answer as it is printed: with the lines that it cites, and what came of checking it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hallucino_tui.assistant.citations import find_loosely
from hallucino_tui.assistant.grounding.claim import Verdict
from hallucino_tui.assistant.lifeless import lifeless
from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from hallucino_tui.assistant.packed import Entry
    from hallucino_tui.cli.ask import Answered
    from hallucino_tui.cli.asked_lines import AskedLines

_MARKS = {Verdict.DOUBTFUL: "⚠ doubtful", Verdict.UNSUPPORTED: "✖ unsupported"}


def to_markdown(answered: Answered, lines: AskedLines) -> str:
    """Return an answer with its marks, the lines that it cites, and what came of checking it."""
    from hallucino_tui.assistant.grounding.mark import marked

    answer = answered.answer
    if answered.grounded is not None:
        answer = marked(answer, answered.grounded.checked)
    return f"{lifeless(answer).rstrip()}\n\n{under(answered, lines)}"


def under(answered: Answered, lines: AskedLines, *, marks: bool = False) -> str:
    """Return what stands under an answer.

    Args:
        answered: The answer.
        lines: What it is about.
        marks: Whether to list the claims that are not supported: the answer stands there without marks.
    """
    from hallucino_tui.assistant.grounding.mark import plain

    grounded = answered.grounded
    parts: list[str] = []
    if marks and grounded is not None:
        parts += [
            f"- {_MARKS[claim.verdict]}: {plain(claim.text)} ({claim.reason})"
            for claim in grounded.checked.claims
            if claim.verdict in _MARKS
        ]
        parts += [""] if parts else []
    cited = [f"L{number}  {_place(entry, lines)}  {entry.text}" for number, entry in _cited(answered)]
    if cited:
        # No line of a log has a break, and none of these begins like a fence.
        parts += ["```text", *cited, "```", ""]
    if grounded is not None:
        confidence, words = grounded.confidence, grounded.checked.words
        reasons = "; ".join(reason for reason in confidence.reasons if reason != words)
        parts.append(f"{words}, confidence {confidence.level}{reasons and f' ({reasons})'}")
    return "\n".join(parts) + "\n" if parts else ""


def to_json(answered: Answered, lines: AskedLines) -> str:
    """Return an answer and all that is known of it as one JSON object."""
    question, grounded = answered.prepared.question, answered.grounded
    packing, usage = question.packing, answered.usage
    found: dict[str, Any] = {
        "answer": answered.answer,
        "task": question.task.value,
        "complete": not answered.problem,
        "problem": answered.problem,
        "supported": grounded is not None and grounded.checked.is_supported,
        "category": "" if grounded is None else grounded.category,
        "claims": [] if grounded is None else [
            {
                "text": claim.text,
                "citations": [f"L{number}" for number in claim.citations],
                "verdict": claim.verdict.value,
                "reason": claim.reason,
            }
            for claim in grounded.checked.claims
        ],
        "citations": [
            {
                "id": f"L{number}",
                **(lines.place(entry.row) if entry.row >= 0 else {"file": None, "line": None}),
                "kind": entry.kind,
                "count": entry.count,
                "text": entry.text,
            }
            for number, entry in _cited(answered)
        ],
        "summary": "" if grounded is None else grounded.checked.words,
        "confidence": None if grounded is None else {
            "level": grounded.confidence.level,
            "reasons": list(grounded.confidence.reasons),
        },
        "queries": [] if grounded is None else [
            {"text": one.text, "query": one.query} for one in grounded.suggestions
        ],
        "commands": [] if grounded is None else list(grounded.commands),
        "model": question.body.get("model") or None,
        "host": question.host,
        "tokens": {
            "prepared": question.tokens,
            "sent": _sent(answered),
            "answered": None if usage is None else usage.answer_tokens,
            "counted_by_server": usage is not None,
        },
        "cost": answered.cost,
        "lines": packing.lines,
        "coverage": round(packing.coverage, 4),
        "secrets_replaced": packing.secrets,
        "report": answered.prepared.counted if answered.problem else "",
    }  # fmt: skip
    return f"{msgspec.json.encode(found).decode()}\n"


def _sent(answered: Answered) -> int | None:
    """Return how many tokens went out: 0 if nothing did, None if nobody counted what did."""
    if answered.usage is not None:
        return answered.usage.prompt_tokens
    return 0 if answered.end is None else None


def _cited(answered: Answered) -> list[tuple[int, Entry]]:
    """Return what an answer cites, by its number, ascending; numbers that name nothing are left out."""
    entries = answered.prepared.question.packing.entries
    numbers = {number for one in find_loosely(answered.answer) for number in one.numbers}
    return [(number, entries[number - 1]) for number in sorted(numbers) if 1 <= number <= len(entries)]


def _place(entry: Entry, lines: AskedLines) -> str:
    if entry.row < 0:
        return entry.kind
    place = lines.place(entry.row)
    return f"{shown(place['file'])}:{place['line']}"
