"""How many of the written claims are judged as they should be. Both halves are counted; the rules saw only one."""

from __future__ import annotations

import pytest
from claims_written import LOGHUB, Written, written

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Verdict


def shares(claims: list[Written]) -> tuple[float, float]:
    """Return the share of the unsupported that are caught, and of the supported that are called in question."""
    flagged = {True: [], False: []}
    for one in claims:
        checked = check(one.claim, one.sources)
        # What only passes an order on is no claim: it is not supported either.
        assert len(checked.claims) == 1 or not one.supported, one.claim
        flagged[one.supported].append([claim.verdict for claim in checked.claims] != [Verdict.SUPPORTED])
    return sum(flagged[False]) / len(flagged[False]), sum(flagged[True]) / len(flagged[True])


def test_of_our_own_lines_most_unsupported_claims_are_caught_and_few_supported_ones_are_doubted() -> None:
    caught, false = shares(written("own"))
    assert caught >= 0.85
    assert false <= 0.1


def test_the_half_that_no_rule_was_tuned_on_is_caught_as_well() -> None:
    caught, false = shares([one for one in written("own") if one.half == "held out"])
    assert caught >= 0.85
    assert false <= 0.15


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not here")
def test_of_public_logs_most_unsupported_claims_are_caught_and_few_supported_ones_are_doubted() -> None:
    caught, false = shares(written("loghub"))
    assert caught >= 0.85
    assert false <= 0.1


def test_of_a_second_set_of_our_lines_in_other_words_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("own_second"))
    assert caught >= 0.85
    assert false <= 0.1


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not here")
def test_of_a_second_set_of_public_logs_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("loghub_second"))
    assert caught >= 0.85
    assert false <= 0.1


def test_of_terse_claims_over_a_cluster_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("own_third"))
    assert caught >= 0.85
    assert false <= 0.1


def test_the_half_of_them_that_no_rule_was_tuned_on_is_caught_as_well() -> None:
    caught, false = shares([one for one in written("own_third") if one.half == "held out"])
    assert caught >= 0.85
    assert false <= 0.15


def test_of_claims_by_others_over_a_cluster_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("others_own"))
    assert caught >= 0.85
    assert false <= 0.1


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not here")
def test_of_all_claims_by_others_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("others_own") + written("others_loghub"))
    assert caught >= 0.85
    assert false <= 0.1


def test_of_claims_over_recorded_incidents_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("own_fourth"))
    assert caught >= 0.9
    assert false <= 0.05


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not here")
def test_of_a_third_set_of_public_logs_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("loghub_third"))
    assert caught >= 0.9
    assert false <= 0.05


def test_of_claims_over_incidents_that_no_rule_was_made_for_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("unseen_own"))
    assert caught >= 0.85
    assert false <= 0.125


@pytest.mark.corpora
@pytest.mark.skipif(not LOGHUB.is_dir(), reason="the log corpora are not here")
def test_of_claims_over_public_logs_that_no_rule_was_made_for_most_are_judged_as_they_should_be() -> None:
    caught, false = shares(written("unseen_loghub"))
    assert caught >= 0.85
    assert false <= 0.1


@pytest.mark.parametrize("kind", ["quote", "number"])
def test_no_invented_quotation_and_no_wrong_number_passes(kind: str) -> None:
    passed = [
        one.claim
        for one in written("own")
        if one.kind == kind and check(one.claim, one.sources).claims[0].verdict is Verdict.SUPPORTED
    ]
    assert passed == []
