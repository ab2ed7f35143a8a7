"""How far an answer can be trusted, by what can be counted; what the model says of itself never counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hallucino_tui.assistant.grounding.claim import Verdict

if TYPE_CHECKING:
    from hallucino_tui.assistant.grounding.claim import Checked
    from hallucino_tui.assistant.packed import Packing

Level = Literal["low", "medium", "high"]
_LEVELS: Final[tuple[Level, Level, Level]] = ("low", "medium", "high")
_ENOUGH_CLAIMS: Final = 0.9
_SOME_CLAIMS: Final = 0.6
_ENOUGH_LINES: Final = 0.9
_SOME_LINES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far an answer can be trusted.

    Attributes:
        level: ``low``, ``medium`` or ``high``.
        reasons: What it rests on, one phrase each.
    """

    level: Level
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """The line for the head of an answer, for example ``confidence medium: 3 of 5 claims supported, ...``."""
        return f"confidence {self.level}: {', '.join(self.reasons)}"

    def of_a_part(self) -> Confidence:
        """Return how far it can be trusted if it is only a part of an answer: what is missing may say otherwise."""
        return Confidence("low", ("the answer is not whole", *self.reasons))


def confidence_of(checked: Checked, packing: Packing, rule_category: str, model_category: str) -> Confidence:
    """Return how far an answer can be trusted. The weakest of its grounds decides.

    Args:
        checked: The checked answer.
        packing: What was sent of the material.
        rule_category: What the rules say that the lines are about; "" if they say nothing.
        model_category: What the answer says; "" if it says nothing.
    """
    grounds = [
        _of_claims(checked),
        _of_lines(packing),
        _of_severe(packing),
        _of_category(rule_category, model_category),
    ]
    known = [ground for ground in grounds if ground is not None]
    level = _LEVELS[min(rank for rank, _ in known)]
    return Confidence(level, tuple(reason for _, reason in known))


def _of_claims(checked: Checked) -> tuple[int, str]:
    total = len(checked.claims)
    if not total or checked.problem:
        return 0, checked.words
    # A doubtful claim is half of one: it was not refuted.
    good = checked.count(Verdict.SUPPORTED) + checked.count(Verdict.DOUBTFUL) / 2
    rank = (
        2
        if good >= _ENOUGH_CLAIMS * total and not checked.count(Verdict.UNSUPPORTED)
        else int(good >= _SOME_CLAIMS * total)
    )
    return rank, checked.words


def _of_lines(packing: Packing) -> tuple[int, str]:
    share = packing.coverage
    rank = 2 if share >= _ENOUGH_LINES else int(share >= _SOME_LINES)
    return rank, f"{packing.covered:,} of {packing.lines:,} lines are covered by what was sent"


def _of_severe(packing: Packing) -> tuple[int, str] | None:
    if not packing.severe:
        return None
    rank = 2 if packing.severe_kept >= packing.severe else int(packing.severe_kept * 2 >= packing.severe)
    kinds = "kind" if packing.severe == 1 else "kinds"
    return rank, f"{packing.severe_kept} of {packing.severe} {kinds} of warnings and errors were sent"


def _of_category(rule_category: str, model_category: str) -> tuple[int, str] | None:
    ours, theirs = rule_category.strip().casefold(), model_category.strip().casefold()
    if not ours or not theirs:
        return None
    if ours == theirs:
        return 2, f"rules and model both say {ours}"
    return 0, f"the rules say {ours}, the model says {theirs}"
