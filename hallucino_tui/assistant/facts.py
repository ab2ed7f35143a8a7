"""What is known besides the lines, as drafts of entries, and which of it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.bodies import words
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

FACT_PART: Final = -1


def most_telling(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts, those that matter most first: gaps, what is severe, what was found, the newest."""
    return sorted(
        facts,
        key=lambda fact: (
            fact.kind != "gap",
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


def choose_facts(drafts: Sequence[Draft], costs: Costs, budget: float, share: float, width: int) -> list[int]:
    """Return the indices of the drafts that fit: gaps in all of a budget, the others in a share of it.

    Args:
        drafts: The drafts, those that matter most first.
        costs: What they cost.
        budget: All that may be spent.
        share: The part of it for what is no gap, 0 to 1.
        width: The characters to which they are cut.
    """
    kept: list[int] = []
    used = 0.0
    for number, price in enumerate(costs.at(width).tolist()):
        if used + price <= (budget if drafts[number].kind == "gap" else budget * share):
            used += price
            kept.append(number)
    return kept
