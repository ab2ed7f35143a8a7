"""`hallucino verify`: does an answer stand on the lines that it cites? No model and no network."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Checked, Source, Verdict
from hallucino_tui.assistant.grounding.mark import SIGNS, plain
from hallucino_tui.cli.common import Refused, complain, stop_writing
from hallucino_tui.cli.texts import read_text
from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    import argparse

    from hallucino_tui.assistant.grounding.claim import Claim

UNSUPPORTED: Final = 4


def run(arguments: argparse.Namespace) -> int:
    """Check an answer; return the exit code: 4 if a claim is unsupported or the answer as a whole is no good."""
    try:
        lines, answer = _inputs(arguments)
    except Refused as refused:
        complain(str(refused))
        return refused.code
    checked = check(answer, [Source(line, line) for line in _lines_of(lines)])
    try:
        sys.stdout.write(_as_json(checked) if arguments.json else _as_text(checked))
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()
    return UNSUPPORTED if checked.problem or checked.count(Verdict.UNSUPPORTED) else 0


def _inputs(arguments: argparse.Namespace) -> tuple[str, str]:
    """Read the lines and the answer.

    Raises:
        Refused: One of them cannot be read, or there is nothing to check.
    """
    if arguments.lines == "-" and arguments.answer == "-":
        raise Refused("Lines and answer cannot both be standard input: name a file for one of them.", 2)
    lines = read_text(arguments.lines, "the lines")
    answer = read_text(arguments.answer, "the answer")
    if not answer.strip():
        raise Refused("The answer is empty: there is nothing to check.", 2)
    return lines, answer


def _lines_of(content: str) -> list[str]:
    """Return physical lines; only line feeds end them, so that line n of the file is ``Ln`` in every tool."""
    lines = content.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _as_text(checked: Checked) -> str:
    parts = [checked.words]
    parts += [_claim_text(claim) for claim in checked.claims]
    return "\n".join(parts) + "\n"


def _claim_text(claim: Claim) -> str:
    text = f"{SIGNS[claim.verdict]} {shown(plain(claim.text))}"
    return f"{text}\n    {claim.verdict}: {shown(claim.reason)}" if claim.reason else text


def _as_json(checked: Checked) -> str:
    """Return the one JSON object that ``--json`` prints."""
    tree = {
        "claims": [
            {
                "text": claim.text,
                "citations": [f"L{number}" for number in claim.citations],
                "verdict": str(claim.verdict),
                "reason": claim.reason,
            }
            for claim in checked.claims
        ],
        "summary": {
            "claims": len(checked.claims),
            **{str(verdict): checked.count(verdict) for verdict in Verdict},
            "problem": checked.problem,
            "words": checked.words,
        },
    }
    return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
