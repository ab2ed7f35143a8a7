"""Confidence rests on what can be counted."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.confidence import confidence_of
from hallucino_tui.assistant.grounding.claim import Checked, Claim, Verdict
from hallucino_tui.assistant.packed import Packing

ALL_SENT = Packing("", lines=1000, covered=1000, severe=4, severe_kept=4)


def checked(supported: int, doubtful: int = 0, unsupported: int = 0, problem: str = "") -> Checked:
    verdicts = [Verdict.SUPPORTED] * supported + [Verdict.DOUBTFUL] * doubtful + [Verdict.UNSUPPORTED] * unsupported
    return Checked(tuple(Claim("x", 0, 1, (1,), verdict) for verdict in verdicts), problem)


def test_confidence_is_high_where_all_claims_stand_all_was_sent_and_the_rules_agree() -> None:
    found = confidence_of(checked(9), ALL_SENT, "incident", "Incident")
    assert found.level == "high"
    assert found.words == (
        "confidence high: 9 of 9 claims supported, 1,000 of 1,000 lines are covered by what was sent, "
        "4 of 4 kinds of warnings and errors were sent, rules and model both say incident"
    )


@pytest.mark.parametrize(
    ("answer", "packing", "rules", "model", "level"),
    [
        (checked(9, unsupported=1), ALL_SENT, "", "", "medium"),
        (checked(1, unsupported=3), ALL_SENT, "", "", "low"),
        (checked(0), ALL_SENT, "", "", "low"),
        (checked(9, problem="it only repeats lines"), ALL_SENT, "", "", "low"),
        (checked(9), Packing("", lines=1000, covered=700), "", "", "medium"),
        (checked(9), Packing("", lines=1000, covered=100), "", "", "low"),
        (checked(9), Packing("", lines=10, covered=10, severe=4, severe_kept=3), "", "", "medium"),
        (checked(9), ALL_SENT, "incident", "normal", "low"),
        (checked(9), ALL_SENT, "", "normal", "high"),
        (checked(9), Packing(""), "", "", "high"),
    ],
)
def test_the_weakest_ground_decides(answer: Checked, packing: Packing, rules: str, model: str, level: str) -> None:
    assert confidence_of(answer, packing, rules, model).level == level


def test_a_disagreement_is_told() -> None:
    assert (
        "the rules say incident, the model says normal"
        in confidence_of(checked(1), ALL_SENT, "incident", "normal").words
    )
