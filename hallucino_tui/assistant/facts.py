"""What is known besides the lines, as drafts of entries, and which of it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.bodies import LONGEST, words
from hallucino_tui.assistant.draft import Draft
from hallucino_tui.assistant.neutralise import neutralise
from hallucino_tui.logs.moment import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.draft import Costs, Moments
    from hallucino_tui.assistant.material import Fact
    from hallucino_tui.assistant.redact import Redactor

_MOST: Final = 2000
"""Facts that are looked at."""
# What was concluded says more in fewer words than what happened, and that more than how things are.
_RANKS: Final = {"gap": 0, "surprise": 1, "statement": 1, "rollout": 2, "event": 3, "pod": 4}

FOUND: Final = frozenset({"statement", "surprise"})
"""What was concluded from all lines. Half of such a sentence would say something else."""

FACT_PART: Final = -1


def width_of(draft: Draft, width: int) -> int:
    """Return to how many characters a fact is cut where others are cut to a width."""
    return LONGEST if draft.kind in FOUND else width


def most_telling(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts, those that matter most first: gaps, what was found, what is severe, the newest."""
    return sorted(
        facts,
        key=lambda fact: (
            fact.kind != "gap",
            fact.kind not in FOUND,
            not fact.is_severe,
            _RANKS.get(fact.kind, len(_RANKS)),
            -(NO_TIME if fact.time is None else fact.time),
        ),
    )[:_MOST]


def draft_facts(facts: Sequence[Fact], redactor: Redactor, moments: Moments) -> list[Draft]:
    """Return drafts of facts, in their order."""
    drafts: list[Draft] = []
    for number, fact in enumerate(facts):
        body = words(fact.text, redactor)
        when = "" if fact.time is None else f"{moments.at(fact.time)} "
        place = number if fact.time is None else fact.time
        head = f"{when}{neutralise(fact.kind)}: "
        drafts.append(Draft(place, FACT_PART, head, body, fact.row, fact.kind, first=fact.time, last=fact.time))
    return drafts


def choose_facts(
    drafts: Sequence[Draft], costs: Costs, budget: float, share: float, width: int
) -> tuple[list[int], float]:
    """Choose the facts that fit: gaps in all of a budget, the others in a share of it.

    Args:
        drafts: The drafts, those that matter most first.
        costs: What they cost.
        budget: All that may be spent.
        share: The part of it for what is no gap, 0 to 1.
        width: The characters to which they are cut; see `width_of`.

    Returns:
        Their indices, and what they cost together.
    """
    kept: list[int] = []
    used = 0.0
    cut, whole = costs.at(width).tolist(), costs.at(LONGEST).tolist()
    for number, draft in enumerate(drafts):
        price = (whole if draft.kind in FOUND else cut)[number]
        if used + price <= (budget if draft.kind == "gap" else budget * share):
            used += price
            kept.append(number)
    return kept, used
