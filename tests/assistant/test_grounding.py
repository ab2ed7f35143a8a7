"""The verdict on one claim: each rule by a pair of claims, one that stands and one that does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.grounding.check import NO_CITATION, ONLY_NUMBERS, ONLY_REPEATS, check
from hallucino_tui.assistant.grounding.claim import Claim, Source, Verdict

LINES = [
    "2026-03-12T10:00:00Z checkout/app INFO started version 2.4.1 on port 8080",
    "2026-03-12T10:05:59Z checkout/app ERROR connection to 10.0.0.7:5432 refused after 5 attempts",
    "2026-03-12T10:06:10Z checkout/app WARN not ready: pool exhausted, total=50 waiting=37",
    "2026-03-12T10:06:12Z cart/app container cart ended, exit code 137, OOMKilled",
    "2026-03-12T10:06:40Z cart/app Back-off restarting failed container cart",
    '2026-03-12T10:07:00Z ingress/nginx 10.0.0.1 "GET /api/cart HTTP/1.1" 502 157 0.512',
    "2026-03-12T10:07:30Z batch/job row 12: Access denied for user 'importer' to table stock",
    "2026-03-12T10:08:00Z dns/core forwarded block blk_77 from 10.0.0.2 to 10.0.0.3 in 1500ms",
]


def judged(text: str, lines: list[str] = LINES) -> Claim:
    claims = check(text, [Source(line) for line in lines]).claims
    assert len(claims) == 1, claims
    return claims[0]


@pytest.mark.parametrize(
    "claim",
    [
        "Checkout 2.4.1 listens on port 8080 [L1].",
        'The log has "refused after 5 attempts" [L2].',
        "The server at `10.0.0.7` refused the connection just before 10:06 [L2].",
        "All 50 connections were in use and 37 requests waited [L3].",
        "The cart ran out of memory [L4].",
        "Cart was killed and is restarted with back-off [L4][L5].",
        "The ingress answered with status 502 after about half a second [L6].",
        "Between 10:05 and 10:08 checkout had no connections left [L2, L3].",
        "The cart ran out of memory before it was backing off [L4][L5].",
        "The user importer was denied access to table stock [L7].",
        "Block blk_77 went from 10.0.0.2 to 10.0.0.3 in 1.5 seconds [L8].",
        "Two lines tell of trouble in checkout [L2][L3].",
    ],
)
def test_a_claim_that_lines_bear_is_supported(claim: str) -> None:
    found = judged(claim)
    assert (found.verdict, found.reason) == (Verdict.SUPPORTED, "")


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("The cart ran out of memory.", "No line is cited"),
        ("The cart ran out of memory [L44].", "L44"),
        ('The log says "connection reset by peer" [L2].', "connection reset by peer"),
        ("The server at 10.0.0.9 refused the connection [L2].", "10.0.0.9"),
        ("The server at 10.0.0.70 refused the connection [L2].", "10.0.0.70"),
        ("The ingress answered with status 157 [L6].", "157"),
        ("Checkout listens on port 9090 [L1].", "9090"),
        ("Four lines tell of trouble in checkout [L2][L3].", "Four"),
        ("The connection was refused after 50 attempts [L2].", "50"),
        ("The block took 15 seconds [L8].", "15 seconds"),
        ("The cart was killed at 10:16 [L4].", "10:16"),
        ("The cart was killed on March 13 [L4].", "March 13"),
        ("Checkout was ready [L3].", "ready"),
        ("The server accepted the connection [L2].", "accepted"),
        ("The container was backing off before it was killed [L5][L4].", "L5"),
        ("The block went from 10.0.0.3 to 10.0.0.2 [L8].", "10.0.0.3"),
        ("The user admin was denied access to the table [L7].", "admin"),
        ("The out-of-memory kill was caused by the back-off [L4][L5].", "L5"),
    ],
)
def test_a_claim_with_evidence_against_it_is_unsupported_and_the_reason_names_it(claim: str, named: str) -> None:
    found = judged(claim)
    assert found.verdict is Verdict.UNSUPPORTED
    assert named in found.reason


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("A certificate of checkout expired [L2].", "certificate"),
        ("The connection was refused because of a broken cable on the node [L2].", "cause"),
        ("Every request to the ingress failed [L6].", "Every"),
        ("The cart was killed with no errors [L4].", "no errors"),
    ],
)
def test_a_claim_that_lines_hardly_bear_is_doubted(claim: str, named: str) -> None:
    found = judged(claim)
    assert found.verdict is not Verdict.SUPPORTED
    assert named.lower() in found.reason.lower()


def test_what_two_lines_tell_of_two_things_is_not_one_fact() -> None:
    found = judged("Block blk_77 was refused after 5 attempts [L8][L2].")
    assert found.verdict is Verdict.DOUBTFUL
    assert "blk_77" in found.reason


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Der Container cart endete um 10:06:12 mit Code 137 [L4].", Verdict.SUPPORTED),
        ("Der Container cart endete um 11:06:12 mit Code 137 [L4].", Verdict.UNSUPPORTED),
        ("Der Speicher reichte offenbar nicht mehr aus [L4].", Verdict.DOUBTFUL),
        ("コンテナがメモリ不足で終了した [L4]。", Verdict.DOUBTFUL),
    ],
)
def test_in_other_languages_names_numbers_and_times_still_count_and_words_are_at_worst_doubtful(
    claim: str, verdict: Verdict
) -> None:
    assert judged(claim).verdict is verdict


def test_a_line_that_stands_for_many_bears_their_number_and_their_times() -> None:
    source = Source(
        "x412 10:00:00-10:20:00 checkout connection refused",
        "connection refused",
        count=412,
        first=1_773_309_600_000_000_000,
        last=1_773_310_800_000_000_000,
    )
    good = check("The connection was refused 412 times within 20 minutes [L1].", [source])
    bad = check("The connection was refused 413 times [L1].", [source])
    assert [one.claims[0].verdict for one in (good, bad)] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]


def test_stand_ins_for_secrets_are_names_like_others() -> None:
    lines = ["login of <email:3> failed, token <secret:token:1>"]
    assert judged("The login of <email:3> failed [L1].", lines).verdict is Verdict.SUPPORTED
    assert judged("The login of <email:4> failed [L1].", lines).verdict is Verdict.UNSUPPORTED


def test_sources_may_have_any_numbers() -> None:
    checked = check("The cart ran out of memory [L17].", {17: Source(LINES[3])})
    assert checked.claims[0].verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("The shop is down. The database is to blame.", NO_CITATION),
        ("[L1][L2][L3]", ONLY_NUMBERS),
        (f"- {LINES[1]} [L2]\n- {LINES[3]} [L4]\n- {LINES[4]} [L5]", ONLY_REPEATS),
        ("The cart ran out of memory [L4].", ""),
    ],
)
def test_an_answer_as_a_whole_may_be_no_good(answer: str, problem: str) -> None:
    checked = check(answer, [Source(line) for line in LINES])
    assert checked.problem == problem
    assert checked.is_supported == (not problem)


@given(st.text(max_size=400), st.lists(st.text(max_size=120), max_size=4))
def test_nothing_that_a_model_or_a_program_writes_makes_it_fail(answer: str, lines: list[str]) -> None:
    sources = [Source(line) for line in lines]
    checked = check(f"{answer} [L1]", sources)
    for claim in checked.claims:
        assert bool(claim.reason) == (claim.verdict is not Verdict.SUPPORTED)
    assert checked == check(f"{answer} [L1]", sources)


@given(st.sampled_from(LINES), st.integers(1, 99))
def test_a_claim_that_cites_a_line_that_is_not_there_is_never_supported(line: str, number: int) -> None:
    checked = check(f"{line} [L{number + 1}].", [Source(line)])
    assert all(claim.verdict is Verdict.UNSUPPORTED for claim in checked.claims)


@pytest.mark.parametrize("text", ["a-" * 30_000, "A" * 60_000, "A. " * 3_000, "'" * 60_000, "[L1]" * 3_000])
def test_endless_words_and_sentences_take_no_endless_time(text: str) -> None:
    assert check(f"{text} [L1]", [Source(text)]) == check(f"{text} [L1]", [Source(text)])
