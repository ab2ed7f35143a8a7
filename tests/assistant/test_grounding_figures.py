"""The verdict on counts, spans of time, times of day and other numbers: each right claim has a wrong twin."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Claim, Source, Verdict

LINES = [
    "2026-05-04 08:59:40 gate sshd[811]: Failed password for root from 192.0.2.7 port 4021 ssh2",
    "2026-05-04 08:59:52 gate sshd[811]: message repeated 5 times: [ Failed password for root from 192.0.2.7]",
    "2026-05-04 09:00:10 gate sshd[815]: Failed password for root from 192.0.2.9 port 4077 ssh2",
    "2026-05-04 09:00:20 gate sshd[815]: Failed password for root from 192.0.2.9 port 4077 ssh2",
    "2026-05-04 09:02:03.250 sched INFO Finished task 4.0 in stage 2.0 (TID 79)",
    "2026-05-04 09:02:03.700 sched INFO Finished task 1.0 in stage 2.0 (TID 56)",
    "2026-05-04 09:02:05.100 sched INFO Finished task 0.0 in stage 2.0 (TID 42)",
    "2026-05-04 09:10:00 depot node-7 psu failure ambient=28",
    "2026-05-04 09:55:00 depot node-7 psu failure ambient=31",
    "2026-05-04 11:00:00 depot node-9 psu failure ambient=30",
    "2026-05-05 11:30:00 depot node-12 psu failure ambient=30",
    "2026-05-05 12:00:10 cache stats entries=40 evicted=3",
    "2026-05-05 12:00:20 cache stats entries=45 evicted=3",
    "2026-05-05 12:00:30 cache stats entries=52 evicted=9",
    "2026-05-05 12:01:00 shop starting, db_pool_min=2 db_pool_max=5",
    "2026-05-05 12:01:01 boot 7120 new: child of command 7118",
    "2026-05-05 12:01:02 cpu MHz 731.219, fans ( 3552 3534 11637 3479 )",
    "2026-05-05 12:01:03 web GET /a 200 took 1500 ms",
    "2026-05-05 12:06:30 web GET /b 200 took 500 ms",
    "2026-05-05 12:06:30 su session opened for ann by (uid=5)",
    "2026-05-05 12:06:30 su session closed for ann",
    "2026-05-05 12:06:31 su session opened for bob by (uid=5)",
    "2026-05-05 12:06:31 su session closed for bob",
]  # fmt: skip
NUMBERED = {number: Source(line) for number, line in enumerate(LINES, start=1)}


def judged(text: str) -> Claim:
    claims = check(text, NUMBERED).claims
    assert len(claims) == 1, claims
    return claims[0]


COUNTS = [
    ("The root password was refused six times from 192.0.2.7 [L1][L2].", "six", "seven"),
    ("Half a dozen passwords for root failed from 192.0.2.7 [L1][L2].", "Half a dozen", "Two dozen"),
    ("Eight passwords for root failed [L1-L4].", "Eight", "Nine"),
    ("Three tasks of stage 2.0 finished [L5-L7].", "Three", "Four"),
    ("Three different nodes had a psu failure [L8-L11].", "Three", "Four"),
    ("Of the four psu failures, two struck node-7 [L8-L11].", "two", "three"),
    ("node-7 had two psu failures [L8][L9].", "two", "three"),
    ("Two sessions were opened and closed [L20-L23].", "Two", "Three"),
    ("Twice a password for root failed on port 4077 [L3][L4].", "Twice", "Three times"),
    ("There were more than three psu failures [L8-L11].", "three", "four"),
    ("There were at least four psu failures [L8-L11].", "four", "five"),
    ("Three tasks finished between task 4.0 [L5] and task 0.0 [L7].", "Three", "Five"),
    ("All four psu failures are on file, the first for node-7 [L8] and the last for node-12 [L11].", "four", "five"),
    ("Twelve more entries were in the cache at the end [L12][L14].", "Twelve", "Eleven"),
    ("Six failed passwords came from 192.0.2.7 [L1][L2].", "Six", "Five"),
    ("Three psu failures are of May 4 [L8-L11].", "Three", "Two"),
    ("There are four fans [L17].", "four", "five"),
    ("The cache evicted nine entries [L14].", "nine", "eight"),
]
SPANS = [
    ("Ten seconds lie between the two failed passwords on port 4077 [L3][L4].", "Ten", "Eleven"),
    ("The task 0.0 finished less than two seconds after task 4.0 [L5][L7].", "two seconds", "half a second"),
    ("The task 0.0 finished a good second after task 1.0 [L6][L7].", "a good second", "a good two seconds"),
    ("Task 1.0 finished almost half a second after task 4.0 [L5][L6].", "almost half a second", "just over a second"),
    ("Task 1.0 finished within a second of task 4.0 [L5][L6].", "within a second of", "more than a minute after"),
    ("Task 1.0 finished five tenths of a second after task 4.0 [L5][L6].", "five tenths", "eight tenths"),
    ("Tasks 4.0 and 1.0 finished in the same second [L5][L6].", "second", "millisecond"),
    ("The psu of node-7 failed twice within an hour [L8][L9].", "an hour", "half an hour"),
    ("The two psu failures of node-7 are in the same hour [L8][L9].", "hour", "minute"),
    ("The psu of node-12 failed the next day [L10][L11].", "[L10][L11]", "[L9][L10]"),
    ("The cache logged its entries every ten seconds [L12][L13][L14].", "ten", "twenty"),
    ("Three psu failures came in under two hours [L8][L9][L10].", "two hours", "one hour"),
    ("A few minutes later, /b was requested [L18][L19].", "minutes", "seconds"),
    ("GET /a took one and a half seconds [L18].", "one and a half", "two and a half"),
    ("GET /a took 1.5 s [L18].", "1.5", "1.6"),
    ("GET /a took three times as long as GET /b [L18][L19].", "three", "four"),
    ("One of the fans is at 11637, over three times the value of any other [L17].", "three", "five"),
]  # fmt: skip
TIMES = [
    ("The psu of node-9 failed in the morning [L10].", "morning", "evening"),
    ("node-7 had a second psu failure minutes later [L8][L9].", "minutes", "days"),
    ("The password for root failed twice on port 4077 [L3][L4].", "twice", "only once"),
    ("A password for root failed shortly before nine o'clock [L1].", "before", "after"),
    ("A password for root failed shortly after nine in the morning [L3].", "morning", "evening"),
    ("A password for root failed twenty seconds before nine o'clock [L1].", "nine", "ten"),
    ("The session of ann was opened a few minutes after 12:00 [L20].", "12:00", "11:00"),
    ("**May 4:** the psu of node-9 failed [L10].", "4", "6"),
    ("**May 4/5:** two psu failures were seen [L10][L11].", "4/5", "4/6"),
    ("On 4 and 5 May two psu failures were seen [L10][L11].", "4 and 5", "4 and 6"),
    ("On May 4 and 5 two psu failures were seen [L10][L11].", "4 and 5", "3 and 5"),
]
NUMBERS = [
    ("Boot command 7120 is a child of 7118 [L16].", "7120", "7121"),
    ("The cpu runs at 731 MHz [L17].", "731", "732"),
    ("shop starts with a pool of 2 to 5 connections [L15].", "5", "6"),
]


@pytest.mark.parametrize("claim", [claim for claim, _, _ in (*COUNTS, *SPANS, *TIMES, *NUMBERS)])
def test_a_number_that_lines_have_or_that_follows_from_them_is_supported(claim: str) -> None:
    found = judged(claim)
    assert (found.verdict, found.reason) == (Verdict.SUPPORTED, "")


@pytest.mark.parametrize(
    "claim", [claim.replace(right, wrong, 1) for claim, right, wrong in (*COUNTS, *SPANS, *TIMES, *NUMBERS)]
)
def test_its_wrong_twin_is_not(claim: str) -> None:
    assert judged(claim).verdict is not Verdict.SUPPORTED


def test_what_is_counted_from_the_first_to_the_last_of_a_kind_need_not_be_cited() -> None:
    assert judged("Three lines tell of cache stats, the first [L12] and the last [L14].").verdict is Verdict.SUPPORTED
    assert judged("Five lines tell of cache stats, the first [L12] and the last [L14].").verdict is Verdict.UNSUPPORTED
