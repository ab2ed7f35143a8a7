"""Claims in pairs over the same lines: the one says what they say, its twin turns one thing round."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict

DAY = "2026-03-12"
LINK = f"{DAY} 10:00:01 WARN net: primary link is not ready; backup link is ready"
SCAN = f"{DAY} 10:00:02 INFO scan: volume v7 checked, no disk error"
POLICY = f"{DAY} 10:00:03 INFO server: started, access policy: strict"
RETRY = f"{DAY} 10:00:04 WARN upload: transfer of a.tgz timed out, will retry in 5 s"
POOL = f"{DAY} 10:00:05 INFO client: starting retries=3 queueSize=12 batchSize=40"
DONE = f"{DAY} 10:00:06 INFO hdfs: attempt_2026_0024_m_000002_998: Committed"
LATE = f"{DAY} 10:00:07 INFO hdfs: attempt_2026_0024_m_000002_970: Committed"
SENT = f"{DAY} 10:00:08 WARN node: 10.0.0.1:50010 failed to send block 7 to 10.0.0.2"
SEEN = f"{DAY} 10:09:01 WARN ring: member 2 lost, last seen at 10:00:05"
QUEUE = f"{DAY} 10:00:09 INFO queue: 82 jobs done, 11 waiting"
EXIT_A = f"[{DAY} 10:00:10 +0000] [1] [ERROR] Worker (pid:7) exited with code 3."
EXIT_B = f"[{DAY} 10:00:11 +0000] [1] [ERROR] Worker (pid:8) exited with code 3."
CODE_A = f"{DAY} 10:00:12 ERROR bus: module in state 8"
CODE_B = f"{DAY} 10:00:13 ERROR bus: module in state 7"
TALLY = f"{DAY} 10:00:14 load: 200=13 409=1 503=3"
SKIP = f"{DAY} 10:00:15 INFO cron: job cleanup skipped, previous run still active"
LOGIN = f"{DAY} 10:00:16 INFO auth: alice logged in using key, password login disabled"
SLOW = f"{DAY} 10:00:17 WARN api: request /v1/items took 5200 ms, limit is 3000 ms"
FULL = f"{DAY} 10:00:18 ERROR mq: message 881 rejected: queue jobs is full"
TO_C4 = f"{DAY} 10:00:19 INFO mq: message 882 delivered to consumer c4"
OUT = f"{DAY} 10:00:20 INFO lb: backend b2 removed from pool, 2 backends remaining"
PARSE = f"{DAY} 10:00:21 ERROR parser: error at line 7 column 3; see also line 12"
STALE = f"{DAY} 10:00:22 WARN cache: entry c1 is stale"
DENIED = f"{DAY} 10:00:23 ERROR web: access denied by rule 7"
SYNC = f"{DAY} 10:00:24 INFO sync: sync begins"
BACKED_UP = f"{DAY} 10:05:24 INFO backup: backup finished"
RACK_A = f"{DAY} 10:00:25 ALARM B2-M1 fan failed"
RACK_B = f"{DAY} 10:00:26 ALARM B3-M1 fan failed"
RACK_C = f"{DAY} 10:00:33 ALARM fan of rack 2 failed"
RACK_D = f"{DAY} 10:00:34 ALARM fan of rack 3 failed"
ROOT = "Mar 12 10:00:27 gate sshd[41]: Failed password for root from 10.0.0.9 port 41 ssh2"
CLOSED = "Mar 12 10:00:28 gate sshd[42]: Connection closed by 10.0.0.9 [preauth]"
CHECKSUM = f"{DAY} 10:00:29 ERROR import: row 12 rejected: checksum does not match"
JOB = f"{DAY} 10:00:30 INFO sched: job 12 not found, creating it"
POD_A = "api-5f774b796c-6wf7w/api 2026-03-12T10:00:31.100Z starting"
POD_B = "api-5f774b796c-8xx7w/api 2026-03-12T10:00:31.400Z starting"
SAME_POD = "api-5f774b796c-6wf7w/api 2026-03-12T10:00:31.900Z starting"
SECTORS = f"{DAY} 10:00:32 ERROR disk: sda: 3 unreadable sectors"

TWINS = [
    ("The primary link is not ready", "The primary link is ready", [LINK]),
    ("The backup link is ready", "The backup link is not ready", [LINK]),
    ("No disk error was found on v7", "A disk error was found on v7", [SCAN]),
    ("The server started with a strict access policy", "The server started without any access policy", [POLICY]),
    ("The transfer of a.tgz will be tried again", "The transfer of a.tgz will not be retried", [RETRY]),
    ("The client may retry", "The client does not retry", [POOL]),
    ("The client starts with retries=3", "The client starts with retries=5", [POOL]),
    ("The queue size is 12", "The queue size is 40", [POOL]),
    ("Attempt 998 was committed", "Attempt 998 failed to commit", [DONE]),
    ("Attempt 998 was committed before attempt 970", "Attempt 970 was committed ahead of attempt 998", [DONE, LATE]),
    ("10.0.0.1 could not send block 7 to 10.0.0.2", "10.0.0.2 could not send block 7 to 10.0.0.1", [SENT]),
    ("The failure was logged by 10.0.0.1", "The failure was logged by 10.0.0.2", [SENT]),
    ("Member 2 was last seen at 10:00:05", "Member 2 was last seen at 10:09:01", [SEEN]),
    ("11 jobs are waiting", "82 jobs are waiting", [QUEUE]),
    ("Two workers exited with code 3", "Three workers exited with code 3", [EXIT_A, EXIT_B]),
    ("The bus module came to state 8 once", "State 8 came up twice", [CODE_A, CODE_B]),
    ("The load test met one 409", "The load test met two conflicts", [TALLY]),
    ("There were 3 x 503", "There were 13 x 503", [TALLY]),
    ("The cleanup job was skipped", "The cleanup job was executed", [SKIP]),
    ("The previous run of cleanup was still active", "The previous run of cleanup had already ended", [SKIP]),
    ("alice used a key to log in", "alice used a password to log in", [LOGIN]),
    ("The request to /v1/items took more than its limit", "The request to /v1/items stayed within its limit", [SLOW]),
    ("The limit for /v1/items is 3 s", "The limit for /v1/items is 5200 ms", [SLOW]),
    ("Message 881 was rejected, as the queue jobs is full", "The queue jobs had room for message 881", [FULL]),
    ("Message 882 was delivered to c4", "Consumer c4 delivered message 882", [TO_C4]),
    ("Two backends remain in the pool", "Two backends were removed from the pool", [OUT]),
    ("The parser found an error at line 7, column 3", "The parser found an error at line 12, column 3", [PARSE]),
    ("Access was denied by rule 7", "Access was denied because the entry c1 was stale", [STALE, DENIED]),
    ("The backup did not finish until the sync had begun", "The sync did not begin until the backup had finished",
     [SYNC, BACKED_UP]),
    ("Both alarms tell of a fan", "Both alarms are from rack B2", [RACK_A, RACK_B]),
    ("Both alarms are from rack B2", "Replacing the fan will clear the alarm on B2", [RACK_A, RACK_A]),
    ("10.0.0.9 tried to log in as root", "The unknown user root failed to log in", [ROOT]),
    ("10.0.0.9 closed the connection", "10.0.0.9 tried a root login and closed the connection", [CLOSED]),
    ("Row 12 was rejected: its checksum does not match", "Although its checksum matches, row 12 was rejected",
     [CHECKSUM]),
    ("The scheduler did not find job 12", "The program raised a warning that job 12 was not found", [JOB]),
    ("Two api pods are starting", "It was the mailer that was starting", [POD_A, POD_B]),
    ("The api pod is starting", "Two api pods are starting", [POD_A, SAME_POD]),
    ("Three sectors of sda cannot be read", "All sectors of sda can be read", [SECTORS]),
    ("sda has sectors that are unreadable", "sda crashed because of its sectors", [SECTORS]),
    ("The alarms are of different racks", "Both alarms came from the same rack", [RACK_C, RACK_D]),
]  # fmt: skip


def judged(claim: str, lines: list[str]) -> tuple[Verdict, str]:
    cited = "".join(f"[L{number}]" for number in range(1, len(lines) + 1))
    (found,) = check(f"{claim} {cited}.", [Source(line, line) for line in lines]).claims
    return found.verdict, found.reason


@pytest.mark.parametrize(("right", "wrong", "lines"), TWINS, ids=[right for right, _, _ in TWINS])
def test_what_the_lines_say_is_supported(right: str, wrong: str, lines: list[str]) -> None:
    assert judged(right, lines) == (Verdict.SUPPORTED, "")


@pytest.mark.parametrize(("right", "wrong", "lines"), TWINS, ids=[wrong for _, wrong, _ in TWINS])
def test_its_twin_is_called_in_question(right: str, wrong: str, lines: list[str]) -> None:
    assert judged(wrong, lines)[0] is not Verdict.SUPPORTED
