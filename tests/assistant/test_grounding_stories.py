"""Which lines tell one story and which do not, and what a claim may therefore join."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Claim, Source, Verdict
from hallucino_tui.assistant.grounding.reading.line import Line, read_line
from hallucino_tui.assistant.grounding.rules.story import are_apart, are_near, belong, share_request, workloads_of

WEB = "web-5f774b796c-6wf7w/web 2026-03-12T10:00:0"
DB = "store-0/store 2026-03-12T10:00:0"
LINES = [
    f"{WEB}0.100Z starting version=1.14.2",
    f"{WEB}0.900Z not ready: pool timeout, no connection after 1.50 sec",
    f'{DB}1.000Z [468] app@shop FATAL:  password authentication failed for user "app"',
    f'{DB}1.001Z [468] app@shop DETAIL:  line 2 of pg_hba.conf: "host all all"',
    f"{WEB}2.000Z order rejected: card declined (request_id=ed0152a5605e6e3e)",
    f"{WEB}2.200Z POST /order -> 503 in 106 ms (request_id=7a9ff2f1f039d014)",
    f"{WEB}3.000Z row 12 rejected: not a number",
    f"{WEB}3.010Z row 58 rejected: checksum does not match",
    f"{WEB}4.000Z charge captured order=7 provider=acme-pay duration_ms=39",
    f"{WEB}5.000Z load: 200=17(max 0.10s) 409=1(max 0.09s)",
    f"{WEB}6.000Z pool stats total=3 active=3 idle=0",
    f"{WEB}7.000Z catalog service not reachable (Connection refused)",
    f"{WEB}8.000Z sync with warehouse 3",
    f"{WEB}8.500Z warehouse 3 answered 401: api key expired",
    f"{WEB}9.000Z question section contains no SOA",
    f"{WEB}9.100Z access denied, client 10.0.0.7",
]
NUMBERS = {number: Source(line) for number, line in enumerate(LINES, start=1)}


def judged(text: str) -> Claim:
    claims = check(text, NUMBERS).claims
    assert len(claims) == 1, claims
    return claims[0]


def line(number: int) -> Line:
    return read_line(number, NUMBERS[number])


def test_lines_of_one_pod_within_seconds_are_near_and_those_of_two_requests_are_apart() -> None:
    assert are_near(line(1), line(2))
    assert not are_near(line(1), line(16))
    assert not are_near(line(2), line(3))
    assert are_apart(line(5), line(6))
    assert are_apart(line(7), line(8))
    assert not are_near(line(5), line(6))


def test_lines_of_one_process_or_request_belong_together() -> None:
    assert belong(line(3), line(4))
    assert not share_request(line(5), line(6))
    assert share_request(line(5), line(5))


def test_a_claim_with_very_many_parts_is_judged() -> None:
    assert judged("1 and " * 1500 + "row 12 was rejected [L7][L8].").verdict is not Verdict.SUPPORTED


def test_the_workload_of_a_line_is_the_name_without_hashes_of_its_pod() -> None:
    assert workloads_of(LINES[0]) == {"web"}
    assert workloads_of(LINES[2]) == {"store"}
    assert workloads_of("2026-03-12T10:00:00Z Warning Unhealthy Pod/cart-7f4c9c5c59-gt4mq: failed") == {"cart"}
    assert workloads_of("no source at all") == frozenset()


@given(st.text(max_size=120), st.text(max_size=120))
def test_near_and_apart_hold_both_ways_and_never_at_once(one: str, other: str) -> None:
    first, second = read_line(1, Source(f"{WEB}0Z {one}")), read_line(2, Source(f"{WEB}1Z {other}"))
    assert are_apart(first, second) == are_apart(second, first)
    assert are_near(first, second) == are_near(second, first)
    assert not (are_near(first, second) and are_apart(first, second))


@pytest.mark.parametrize(
    "claim",
    [
        "Less than a second after version 1.14.2 started, the web pod had no connection [L1][L2].",
        "About 0.8 s after the start, the web pod is not ready because of a pool timeout [L1][L2].",
        "The user app failed to authenticate, with line 2 of pg_hba.conf having matched [L3][L4].",
        "Row 12 holds no number [L7], row 58 has a wrong checksum [L8].",
        "The load generator got nothing but 200s and one 409 [L10].",
        "Of 18 requests, 94 % got a 200 [L10].",
        "The catalog service was unreachable [L12].",
        "The sync with warehouse 3 was refused, since its API key has expired [L13][L14].",
        "Access was denied to 10.0.0.7 [L16].",
        "Request 7a9ff2f1… ended with a 503 [L6].",
    ],
)
def test_what_lines_of_one_story_tell_together_is_supported(claim: str) -> None:
    found = judged(claim)
    assert (found.verdict, found.reason) == (Verdict.SUPPORTED, "")


@pytest.mark.parametrize(
    "claim",
    [
        "The order with the declined card was answered with a 503 [L5][L6].",
        "Row 12 was rejected since its checksum does not match [L7][L8].",
        "A storefront pod was not ready [L2].",
        "The password of user store was refused [L3].",
        "The charge went through the provider stripe [L9].",
        "The pool had idle connections left [L11].",
        "The catalog service could be reached [L12].",
        "The question section contained an SOA [L15].",
        "The web pod was not ready first, and version 1.14.2 was started after it [L1][L2].",
        "The web pod had already reported the pool timeout when version 1.14.2 was starting [L1][L2].",
        "Of 18 requests, 84 % got a 200 [L10].",
        "The key expired because the sync had been started again for the fifth time [L13][L14].",
    ],
)
def test_what_is_of_another_story_pod_or_user_or_turned_round_is_not_supported(claim: str) -> None:
    assert judged(claim).verdict is not Verdict.SUPPORTED
