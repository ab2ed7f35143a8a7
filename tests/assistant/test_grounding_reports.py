"""What reports say around their facts, and what a reader of all lines knows: titles, datelines, parts, distances."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict
from hallucino_tui.assistant.grounding.reading.cut import cut

S, D, U = Verdict.SUPPORTED, Verdict.DOUBTFUL, Verdict.UNSUPPORTED

LINES = [
    "2025-02-03T09:15:00.100Z cache-7: ERROR eviction failed: disk /var/cache is full",
    "2025-02-03T09:15:12.300Z cache-9: INFO served key u:881 in 3 ms",
    "2025-02-03T09:16:30.000Z cache-7: WARN sync to mirror-2 has been failing for 75 seconds",
    "2025-02-03T09:20:00.000Z cache-7: INFO sweep done; 0 segment(s) created, 4 dropped, 19 reused",
    "2025-02-03T09:21:00.000Z sched: queue PendingJobs:3 RejectedJobs:0 RejectedTasks:5",
    "2025-02-03T09:22:00.000Z sshd[77]: rhost=ec2-203-0-113-7.eu-west-1.compute.amazonaws.com authentication failure",
    "2025-02-03T09:23:00.000Z org.apache.hadoop.mapreduce.v2.app.MRAppMaster: task_77 failed, no route to store-3",
    "2025-02-03T09:24:00.000Z org.apache.hadoop.hdfs.LeaseRenewer: lease kept",
    "2025-02-03T09:25:00.000Z cache-9: INFO Shutting down: worker",
    "2025-02-03T09:26:00.000Z auth: password check passed but user gina is locked, access denied",
    "2025-02-03T09:26:30.000Z auth: accepted token of gina",
    "2025-02-03T09:27:00.000Z cache-9: INFO ready to serve",
    "2025-02-03T09:28:00.000Z cache-9: ERROR stale handle",
]


def verdicts(answer: str) -> list[Verdict]:
    return [claim.verdict for claim in check(answer, [Source(line, line) for line in LINES]).claims]


@pytest.mark.parametrize(
    "text",
    [
        "The scheduler log reads:\n\n```\nqueue PendingJobs:3\n```",
        "The node then reports the following:",
        "Probably harmless.",
        "Likely not, at least for now.",
        "**Date of this report:** 3 February 2025, 10:00 UTC",
        "Last updated: 2025-02-03 10:00",
        "Audience: the storage team",
        "Since both caches slowed down together, I'd put my money on the disk.",
    ],
)
def test_an_introduction_a_dateline_and_a_short_opinion_claim_nothing(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Probably the cache crashed.",
        "Likely due to the full disk.",
        "Three caches report errors:\n\n- `cache-7` is full [L1]",
        "Time to recovery: the cache needed 40 seconds.",
        "I also don't see any sign of evictions failing.",
    ],
)
def test_what_tells_of_something_stays_a_claim(text: str) -> None:
    assert cut(text)


def test_a_title_in_bold_counts_only_where_what_it_tells_is_borne_out_or_wrong() -> None:
    assert verdicts("**The first error.** The eviction failed on a full disk [L1].") == [S]
    assert verdicts("**Storage trouble hits hard here.** The eviction failed on a full disk [L1].") == [S]
    assert verdicts("**The eviction failed on cache-3.** The disk is full [L1].") == [U, S]


def test_the_number_of_a_point_in_bold_is_no_number_of_the_claim() -> None:
    assert verdicts("**2. The cache fills up** – The eviction failed on `cache-7` [L1].") == [S]
    assert verdicts("**2. The cache fills up** – The eviction failed on 3 disks [L1].") == [U]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("No line shows a successful eviction.", S),
        ("No line shows a denied access.", U),
        ("No token passed.", D),
        ("No line shows a token that was accepted.", U),
        ("No key is reported as stale or lost.", S),
        ("I also don't see any sign of mirror-8 failing.", S),
        ("I also don't see any sign of failing evictions.", U),
        ("No jobs had been rejected at that point [L5].", S),
        ("No tasks had been rejected at that point [L5].", U),
    ],
)
def test_the_absence_of_a_combination_needs_a_line_with_all_of_it_to_be_wrong(claim: str, verdict: Verdict) -> None:
    assert verdicts(claim) == [verdict]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The failed login came from an AWS host in eu-west-1 [L6].", S),
        ("The rhost resolves to an EC2 name [L6].", S),
        ("The failed login came from an Azure host in eu-west-1 [L6].", U),
        ("`task_77` failed as HDFS had no route to `store-3` [L7].", S),
        ("`task_77` failed as Kafka had no route to `store-3` [L7].", U),
    ],
)
def test_a_product_is_known_by_its_lines_and_a_part_by_other_lines_of_its_product(claim: str, verdict: Verdict) -> None:
    assert verdicts(claim) == [verdict]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Just 12 seconds after the failed eviction, `cache-9` served a key [L2].", S),
        ("Just 40 seconds after the failed eviction, `cache-9` served a key [L2].", U),
        ("12 seconds before the failed eviction, `cache-9` served a key [L2].", U),
        ("So the sync trouble began around 09:15:15 [L3].", S),
        ("So the sync trouble began around 09:14:15 [L3].", U),
        ("The sweep was done before midnight [L4].", S),
        ("The sweep reused 19 segments [L4].", S),
        ("The sweep created 19 segments [L4].", U),
        ("The sweep created one segment [L4].", U),
        ("Right after that the disk is full [L1], and a key is served [L2].", S),
        ("The disk got full after the key was served [L1, L2].", U),
        ("`cache-9` finished shutting down [L9].", S),
        ("The cache ran out of disk space, recovered, and later met a stale handle [L1, L12, L13].", S),
    ],
)
def test_times_and_counts_are_reckoned_from_what_was_told_before(claim: str, verdict: Verdict) -> None:
    assert verdicts(f"The eviction failed on a full disk [L1].\n\n{claim}")[-1] is verdict
