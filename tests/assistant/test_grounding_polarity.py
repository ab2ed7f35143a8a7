"""Yes and no, levels, and hedges: the claim that goes with its line, and the twin that turns it round."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Source, Verdict

KLOG = "E0612 14:03:11.220134       1 controller.go:114] loading OpenAPI spec failed with status code 503"
NGINX = "2026/04/02 10:11:12 [warn] 7#7: *18 an upstream response is buffered to a temporary file /var/cache/x"
JSON_ERROR = '{"time":"2026-04-02T10:11:12Z","level":"error","msg":"flush of segment 81 failed"}'
JSON_INFO = '{"time":"2026-04-02T10:11:13Z","level":"info","msg":"flush of segment 82 done in 31 ms"}'
POSTGRES = '2026-04-02 10:11:12 UTC [88] FATAL:  role "report" does not exist'
SYSLOG = "Apr  2 10:11:12 gate dhclient[771]: error: lease file could not be written"
NO_LEVEL = "Apr  2 10:11:12 gate sshd[812]: Received disconnect from 10.0.0.9: 11: Bye [preauth]"
LOGFMT = 'ts=2026-04-02T10:11:12Z caller=db.go:71 level=warn msg="compaction took longer than planned" took=41s'
BLUE_GENE = "- 1124131896 2005.08.15 R40 2005-08-15-11.51.36 R40 RAS KERNEL SEVERE ciod: torus link broken"
FAN = "chassis: fan speed 900 below warning threshold"

MOUNT = "mount: FAILED : Lustre mount on /p/gb1 by io46"
ANSWERED = "2026-04-02 10:11:12 ERROR gateway - POST /cart answered with 500 in 12 ms"
SELINUX = "Apr  2 10:11:12 gate kernel: SELinux:  Starting in permissive mode"
CARD = "node card R05 is not fully functional"
MEMORY = "server process exited abnormally and possibly corrupted shared memory"
OUTBOX = "2026-04-02 10:11:12 INFO outbox: 40 mails sent, 6 waiting"
OUTBOX_EMPTY = "2026-04-02 10:11:12 INFO outbox: 40 mails sent, 0 waiting"
SERVED = "2026-04-02 10:11:12 INFO dfs: Served block blk_881 to /10.0.0.7"
KILLED = "kernel: Out of memory: Killed process 812 (java)"
SHUTDOWN = "cupsd shutdown succeeded"
REFUSED = 'connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.9.8.7:80/pay"'
ABORTED = "job 88 aborted after 3 attempts"
WRITER = "launching a non-blocking writer on port 9"
MATCHED = "DETAIL: Connection matched pg_hba.conf line 2"
POOL = "2026-05-01 08:00:01 WARN  HikariPool - Pool stats (total=10, active=10, idle=0, waiting=14)"
PROBE = "08:00:01 WARN health: probe of cart timed out, 2 of 3 attempts failed"
CERTIFICATE = "2026-05-01 08:00:01 INFO tls: certificate for api.example.org is still valid, not renewing"
BACKUP = "2026-05-01 08:00:01 INFO backup: 14 files copied, 0 skipped, no errors"
JOURNAL = "kernel: EXT4-fs (sda1): mounted filesystem without journal. Opts: (null)"
QUORUM = "2026-05-01 08:00:01 ERROR raft: node 3 lost quorum; not accepting writes"
PANIC = 'PANIC:  could not write to file "wal/17": No space left on device'
STATES = ("mod_jk: child workerEnv in error state 9", "mod_jk: child workerEnv in error state 7")
PAID = ("08:00:01 ERROR payment 71 declined", "08:00:05 INFO payment 71 accepted on retry")
OPENED = ("10:00 INFO a: session 5 opened", "10:01 INFO a: session 6 opened", "10:02 INFO a: session 7 opened")


def verdict(claim: str, lines: str | tuple[str, ...]) -> Verdict:
    sources = [Source(text, text) for text in ((lines,) if isinstance(lines, str) else lines)]
    cited = "".join(f"[L{number}]" for number in range(1, len(sources) + 1))
    claims = check(f"{claim} {cited}.", sources).claims
    assert len(claims) == 1, claims
    return claims[0].verdict


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("The controller logged an error: loading the OpenAPI spec failed with 503", KLOG),
        ("At ERROR level the controller says that loading the OpenAPI spec failed", KLOG),
        ("That an upstream response was buffered to a temporary file is only a warning", NGINX),
        ("The failed flush of segment 81 carries the level error", JSON_ERROR),
        ("The flush of segment 82, an info message, took 31 ms", JSON_INFO),
        ('The role "report" does not exist, which Postgres reports as FATAL', POSTGRES),
        ('An error says that the role "report" does not exist', POSTGRES),
        ("dhclient logged an error: the lease file could not be written", SYSLOG),
        ("This was not logged as an error but as a warning: the compaction took longer than planned", LOGFMT),
        ("ciod reports the broken torus link with severity SEVERE", BLUE_GENE),
        ("The fan speed fell below the warning threshold", FAN),
    ],
)
def test_a_level_that_the_line_carries_is_supported(claim: str, lines: str) -> None:
    assert verdict(claim, lines) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("The controller logged a warning that loading the OpenAPI spec failed with 503", KLOG),
        ("At INFO level the controller says that loading the OpenAPI spec failed", KLOG),
        ("That an upstream response was buffered to a temporary file is logged as an error", NGINX),
        ("That an upstream response was buffered to a temporary file is merely informational", NGINX),
        ("The failed flush of segment 81 carries the level warning", JSON_ERROR),
        ("The failed flush of segment 81 was not logged as an error", JSON_ERROR),
        ("An error entry tells of the flush of segment 82", JSON_INFO),
        ('The role "report" does not exist, which Postgres reports as a mere warning', POSTGRES),
        ("dhclient logged a critical error: the lease file could not be written", SYSLOG),
        ("When 10.0.0.9 said bye, sshd logged this as an error", NO_LEVEL),
        ("The long compaction of 41 s was logged at level error", LOGFMT),
        ("ciod reports the broken torus link with severity FATAL", BLUE_GENE),
        ("The fan speed fell below the critical threshold", FAN),
    ],
)
def test_a_level_that_the_line_does_not_carry_is_caught(claim: str, lines: str) -> None:
    assert verdict(claim, lines) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("Lustre could not be mounted on /p/gb1 by io46", MOUNT),
        ("POST /cart did not succeed; it took 12 ms", ANSWERED),
        ("SELinux starts in permissive mode", SELINUX),
        ("blk_881 was served to 10.0.0.7 without any exception being noted", SERVED),
        ("cupsd shut down successfully", SHUTDOWN),
        ("The proxy did not get through to the upstream 10.9.8.7", REFUSED),
        ("The connection to the upstream 10.9.8.7 was not accepted but refused", REFUSED),
        ("Job 88 did not run to completion", ABORTED),
        ("A writer that is not blocking is launched on port 9", WRITER),
        ("None of the ten connections was idle while 14 waited", POOL),
        ("Not all attempts of the probe failed", PROBE),
        ("The certificate for api.example.org was not renewed as it is still valid", CERTIFICATE),
        ("The backup ran without errors and skipped nothing", BACKUP),
        ("No file was skipped", BACKUP),
        ("sda1 was mounted without a journal", JOURNAL),
        ("Node 3 accepts no writes since it has lost its quorum", QUORUM),
        ("PANIC while writing `wal/17`", PANIC),
        ("Payment 71 was not accepted at first", PAID),
        ("Payment 71 went through on the second try", PAID),
        ("No mail is waiting", OUTBOX_EMPTY),
    ],
)
def test_a_denial_or_a_success_that_lines_bear_is_supported(claim: str, lines: str | tuple[str, ...]) -> None:
    assert verdict(claim, lines) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("The Lustre mount on /p/gb1 did not fail", MOUNT),
        ("Lustre was mounted on /p/gb1 by io46", MOUNT),
        ("POST /cart was not answered with 500", ANSWERED),
        ("SELinux starts in enforcing mode", SELINUX),
        ("blk_881 could not be served to 10.0.0.7", SERVED),
        ("10.0.0.7 was unable to serve blk_881", SERVED),
        ("Process 812 (java) was not killed", KILLED),
        ("cupsd did not manage to shut down", SHUTDOWN),
        ("The proxy got through to the upstream 10.9.8.7", REFUSED),
        ("The proxy did reach the upstream 10.9.8.7", REFUSED),
        ("The connection to the upstream 10.9.8.7 was not refused", REFUSED),
        ("Job 88 ran to completion", ABORTED),
        ("Job 88 was not aborted", ABORTED),
        ("A blocking writer is launched on port 9", WRITER),
        ("No line of pg_hba.conf matched the connection", MATCHED),
        ("None was waiting for a connection", POOL),
        ("The pool has no active connections", POOL),
        ("All attempts to probe cart failed", PROBE),
        ("The certificate for api.example.org is no longer valid", CERTIFICATE),
        ("No files were copied", BACKUP),
        ("The filesystem on sda1 was not mounted", JOURNAL),
        ("Node 3 did not lose its quorum", QUORUM),
        ("Payment 71 was never accepted", PAID),
        ("No mail is waiting", OUTBOX),
    ],
)
def test_a_denial_or_a_success_that_lines_contradict_is_caught(claim: str, lines: str | tuple[str, ...]) -> None:
    assert verdict(claim, lines) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "twin", "lines"),
    [
        (
            "The process exited abnormally and may have corrupted shared memory",
            "The process exited abnormally and corrupted shared memory",
            MEMORY,
        ),
        ("Shared memory was possibly corrupted", "The process left shared memory intact", MEMORY),
        ("Node card R05 is not fully functional", "Node card R05 is not functional at all", CARD),
        ("The error states were 9 and 7", "Both errors were state 7", STATES),
        ("Both errors came from mod_jk", "Both errors were state 9", STATES),
    ],
)
def test_a_hedge_is_kept_and_its_loss_is_caught(claim: str, twin: str, lines: str | tuple[str, ...]) -> None:
    assert verdict(claim, lines) is Verdict.SUPPORTED
    assert verdict(twin, lines) is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "All the sessions were opened by a",
        "Only sessions 5, 6 and 7 were opened",
        "Every minute a session is opened",
        "The sessions 5, 6 and 7 are all open",
    ],
)
def test_several_lines_may_be_all_that_there_are(claim: str) -> None:
    assert verdict(claim, OPENED) is Verdict.SUPPORTED


def test_of_one_line_nothing_is_said_of_all() -> None:
    assert verdict("All sessions were opened by then", OPENED[0]) is not Verdict.SUPPORTED
