"""Claims that were written for the checker, with what they are; the lines of some are copied, of others looked up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hallucino_tui.assistant.grounding.claim import Source

FOLDER = Path(__file__).parents[1] / "golden/claims"
LOGHUB = Path(__file__).parents[3] / "shared/data/loghub/loghub_2k"


@dataclass
class Written:
    """A claim, its lines, its kind, whether it is supported, and whether the rules were tuned on it."""

    claim: str
    sources: dict[int, Source]
    kind: str
    supported: bool
    half: str


def written(name: str) -> list[Written]:
    """Return the claims of ``own`` or, where the corpora are, of ``loghub``.

    All but the first ones were written by others, who did not know the rules. No rule was made or changed with one of
    ``others_own``, ``others_loghub``, ``unseen_own`` or ``unseen_loghub`` in view. How well the first two were judged
    was watched while rules were made; the last two were counted after each round of work.
    """
    groups: dict[str, dict[int, Source]] = {}
    found = []
    for row in map(json.loads, (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
        if "claim" not in row:
            copied = {int(label[1:]): Source(text, text) for label, text in row.get("lines", {}).items()}
            looked_up = {int(label[1:]): Source(_line(*place)) for label, place in row.get("places", {}).items()}
            groups[row["group"]] = copied | looked_up
        else:
            found.append(Written(row["claim"], groups[row["group"]], row["kind"], row["supported"], row["half"]))
    return found


def _line(file: str, number: int) -> str:
    return (LOGHUB / file).read_text(encoding="utf-8", errors="replace").splitlines()[number - 1]
