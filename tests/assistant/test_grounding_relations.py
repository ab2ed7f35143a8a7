"""Facts of several lines: what belongs together, what caused what, which came first, and who did it to whom."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict

LINES = {
    1: 'api-5d8f7c9b6d-kx2lp/api 2026-03-04T09:12:00.100Z ERROR order 8812 not stored: connection to "db" refused',
    2: "db-6c9d8b7f5c-q7w2z/db 2026-03-04T09:11:58.004Z [77] FATAL:  the database system is starting up",
    3: "worker-7b6c5d4f3e-aa1bb/worker 2026-03-04T09:12:00.300Z job 41 failed: thumbnail of image 9 is over 5 MB",
    4: "worker-7b6c5d4f3e-cc2dd/worker 2026-03-04T09:12:00.350Z job 42 finished in 310 ms",
    6: "api-5d8f7c9b6d-kx2lp/api 2026-03-04T09:12:09.800Z WARN health check failed: 3 pings lost",
    7: "worker-7b6c5d4f3e-aa1bb/worker 2026-03-04T09:12:00.310Z job 41 moved to the dead letter box",
    8: "queue-0/queue 2026-03-04T09:13:00.000Z flushed 120 messages, 7 kept",
    9: "queue-0/queue 2026-03-04T09:14:00.000Z flushed 133 messages, 2 kept",
    10: "api-5d8f7c9b6d-kx2lp/api 2026-03-04T09:12:11.000Z shutting down",
    11: "api-5d8f7c9b6d-zz9yy/api 2026-03-04T09:12:12.000Z shutting down",
    12: "Mar  4 09:20:01 gate sshd[311]: Accepted password for lena from 10.1.2.3 port 4011 ssh2",
    13: "Mar  4 09:20:07 gate sshd[319]: Failed password for tom from 10.9.9.9 port 4055 ssh2",
    14: "Mar  4 09:20:09 gate sshd[319]: Connection closed by 10.9.9.9 port 4055 [preauth]",
    15: "Mar  4 09:21:00 gate kernel: eth0: link down",
    16: "Mar  4 09:21:02 gate kernel: bond0: no active slaves left",
    17: "2026-03-04T09:30:05.331Z ValueError: bad port",
    18: "2026-03-04 10:00:01,100 INFO replica: pipeline 10.4.0.1:9866, 10.4.0.2:9866: slow node 10.4.0.2:9866",
    19: "2026-03-04 10:00:02,200 INFO copier: sent block 501 to 10.4.0.3:9866",
    20: "2026-03-04 10:00:02,900 INFO copier: sent block 502 to 10.4.0.1:9866",
    21: "2026-03-04 10:00:03,000 WARN [Reaper-3] pool$Reaper-3: Stopping Fetcher-7",
    22: "2026-03-04 10:00:04 INFO reading page 17 of index/users.3",
    23: "2026-03-04 10:00:04 ERROR file data/log.9 is damaged",
    24: "db-6c9d8b7f5c-q7w2z/db 2026-03-04T09:11:50.004Z [1] LOG:  process (PID 77) was terminated by signal 9: Killed",
    25: "db-6c9d8b7f5c-q7w2z/db 2026-03-04T09:11:51.004Z [80] LOG:  recovery done at 0/1A2B3C",
    26: '  File "/srv/app.py", line 12, in load',
    27: "    return json.loads(text)",
    28: "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
    29: "[2026-03-04 09:30:05 +0000] [1] [ERROR] Worker (pid:8) exited with code 3.",
    30: "17/06/09 20:10:47 INFO executor.Executor: Finished task 3.0 (TID 11). 2364 bytes result sent to driver",
    31: "17/06/09 20:10:47 INFO executor.Executor: Finished task 4.0 (TID 12). 2401 bytes result sent to driver",
}


def verdict(claim: str) -> Verdict:
    """Return the verdict on a claim over the lines above."""
    (found,) = check(claim, {number: Source(text, text) for number, text in LINES.items()}).claims
    return found.verdict


@pytest.mark.parametrize(
    "claim",
    [
        "Job 41 failed, while job 42 finished in 310 ms [L3][L4].",
        "The queue flushed 120 messages first and 133 a minute later [L8][L9].",
        "The messages kept fell from 7 to 2 [L8][L9].",
        "Process 77 was killed by signal 9; process 80 recovered up to 0/1A2B3C [L24][L25].",
        "TID 11 and TID 12 returned 2364 and 2401 bytes [L30][L31].",
        "JSONDecodeError in app.py line 12 [L26][L28].",
        "Block 501 went to 10.4.0.3:9866, block 502 to 10.4.0.1:9866 [L19][L20].",
        "Two seconds after the db said that it was starting up, order 8812 could not be stored [L1][L2].",
    ],
)
def test_a_claim_over_several_lines_may_give_each_its_own(claim: str) -> None:
    assert verdict(claim) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "Job 41 finished in 310 ms [L3][L4].",
        "The queue flushed 120 messages and kept 2 [L8][L9].",
        "Process 80 was killed by signal 9 and recovered up to 0/1A2B3C [L24][L25].",
        "TID 11 returned 2401 bytes [L30][L31].",
        "Process 311, which accepted lena's password, lost its connection on port 4055 [L12][L14].",
        "kx2lp lost 3 pings and had finished job 42 [L4][L6].",
    ],
)
def test_what_two_records_say_is_not_told_of_one(claim: str) -> None:
    assert verdict(claim) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "Order 8812 was not stored because the db was still starting up [L1][L2].",
        "tom's connection from 10.9.9.9 was closed because his password had failed [L13][L14].",
        "eth0 lost its link, so bond0 had no active slave left [L15][L16].",
        "Job 41 failed because its thumbnail was over 5 MB, and it went to the dead letter box [L3][L7].",
        "The worker exited with code 3 because of the ValueError [L17][L29].",
    ],
)
def test_a_cause_is_believed_where_something_ties_it_to_its_effect(claim: str) -> None:
    assert verdict(claim) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The thumbnail job 41 failed due to the database starting up [L2][L3].",
        "The health check failed as the job 41 had failed [L3][L6].",
        "The failed password of tom led to the link going down [L13][L15].",
    ],
)
def test_a_cause_is_doubted_where_nothing_ties_its_line_to_that_of_the_effect(claim: str) -> None:
    assert verdict(claim) is Verdict.DOUBTFUL


@pytest.mark.parametrize(
    "claim",
    [
        "The link went down because no active slaves were left [L15][L16].",
        "The order that was not stored is what set off the start of the db [L1][L2].",
        "Moving job 41 to the dead letter box made it fail [L3][L7].",
    ],
)
def test_a_cause_that_came_after_its_effect_is_none(claim: str) -> None:
    assert verdict(claim) is Verdict.UNSUPPORTED


def test_a_cause_may_be_guessed() -> None:
    assert verdict("Job 41 failed, probably because the database was starting up [L2][L3].") is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("kx2lp was the first of the two api pods to shut down [L10][L11].", Verdict.SUPPORTED),
        ("zz9yy was the first of the two api pods to shut down [L10][L11].", Verdict.UNSUPPORTED),
        ("zz9yy was the last of the api pods to shut down [L10][L11].", Verdict.SUPPORTED),
        ("lena got in; tom failed six seconds later [L12][L13].", Verdict.SUPPORTED),
        ("tom failed; lena got in six seconds later [L12][L13].", Verdict.UNSUPPORTED),
        ("Later the messages kept fell from 7 to 2 [L8][L9].", Verdict.SUPPORTED),
        # A time in whole seconds is no earlier than one of the same second with a fraction.
        ("The ValueError came before the worker exited [L17][L29].", Verdict.SUPPORTED),
        ("The worker exited before the ValueError came [L17][L29].", Verdict.UNSUPPORTED),
    ],
)
def test_which_came_first_is_told_from_their_times(claim: str, expected: Verdict) -> None:
    assert verdict(claim) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Reaper-3 stopped Fetcher-7 [L21].", Verdict.SUPPORTED),
        ("Fetcher-7 stopped Reaper-3 [L21].", Verdict.UNSUPPORTED),
        ("The slow node was 10.4.0.2:9866 [L18].", Verdict.SUPPORTED),
        ("10.4.0.1:9866 was marked as the slow node [L18].", Verdict.UNSUPPORTED),
        ("Page 17 of index/users.3 was read [L22].", Verdict.SUPPORTED),
        ("Page 17 of data/log.9 was read [L22][L23].", Verdict.UNSUPPORTED),
        ("The failed password belonged to 10.9.9.9 [L13].", Verdict.SUPPORTED),
        ("The block 502 was sent to 10.4.0.1:9866 [L20].", Verdict.SUPPORTED),
        ("The block 502 was sent from 10.4.0.1:9866 [L20].", Verdict.UNSUPPORTED),
    ],
)
def test_each_name_keeps_its_part(claim: str, expected: Verdict) -> None:
    assert verdict(claim) is expected
