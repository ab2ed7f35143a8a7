"""Claims in other words than those of their lines: a paraphrase passes, its wrong twin does not."""

from __future__ import annotations

import pytest

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Claim, Source, Verdict

WEB = "web-5f774b796c-6wf7w/web 2026-03-12T10:00:0"
LINES = [
    f"{WEB}0.100Z [2026-03-12 10:00:00 +0000] [6] [INFO] Booting worker with pid: 6",
    f"{WEB}1.600Z [2026-03-12 10:00:01 +0000] [6] [ERROR] Exception in worker process",
    f'{WEB}1.601Z   File "/srv/web.py", line 48, in <module>',
    f"{WEB}1.602Z     LIMITS = yaml.safe_load(f)",
    'edge-7bb8498bc4-zbwmz/edge 2026-03-12T10:00:02.000Z 10.2.0.1 - - "GET /cart HTTP/1.1" 503 84 rt=0.181 urt=0.134',
    "load-544d87bb8c-5l4cg/load 2026-03-12T10:00:05.000Z 10:00:05 load: 200=19(max 0.07s) 409=1(max 0.06s)",
    "load-544d87bb8c-5l4cg/load 2026-03-12T10:00:10.000Z 10:00:10 load: 502=16(max 0.01s)",
    "mail-544d87bb8c-aaaaa/mail 2026-03-12T10:00:11.000Z INFO:mail:58 letters sent, 0 waiting",
    "mail-544d87bb8c-aaaaa/mail 2026-03-12T10:01:11.000Z INFO:mail:58 letters sent, 0 waiting",
    "Mar 12 10:02:00 quay udev[701]: removing device node '/udev/ttyS0'",
    "Mar 12 10:02:00 quay udev[702]: creating device node '/udev/ttyS0'",
    "Mar 12 10:03:00 quay kernel: Detected 866.412 MHz processor.",
    "Mar 12 10:03:01 quay kernel: CPU: L1 I cache: 32K, L1 D cache: 32K",
    "Mar 12 10:03:02 quay kernel: isapnp: No Plug & Play device found",
    "Mar 12 10:04:00 quay sshd[810]: Failed password for invalid user amy from 10.9.8.7 port 40112 ssh2",
    "Mar 12 10:04:09 quay sshd[811]: pam_unix(sshd:session): session closed for user bob",
    "Mar 12 10:04:09 quay sshd[812]: Received disconnect from 10.9.8.9: 11: Bye Bye",
    "Mar 12 10:05:00 quay store: domain d7 is no longer served by node quay-3",
    "Mar 12 10:05:30 quay store: checkpoint complete: total=0.190 s",
    "Mar 12 10:05:40 quay store: checkpoint complete: total=4.280 s",
    "Mar 12 10:06:00 quay store: commit of batch 12, coldpatching=FALSE",
    "Mar 12 10:06:10 quay store: chdir(/data/x) failed: No such file or directory",
    "Mar 12 10:06:20 quay store: received block b7 of size 3552954",
    "Mar 12 10:07:00 quay pool: started child 411 in slot 2",
    "Mar 12 10:07:00 quay pool: started child 412 in slot 3",
    "Mar 12 10:07:00 quay pool: started child 413 in slot 4",
    "Mar 12 10:07:09 quay pool: init() ok /etc/pool.conf",
    "Mar 12 10:08:00 quay pool: worker exited with code 3",
    "Mar 12 10:09:00 quay sched: task_7781_0001_m_000002 done",
    "Mar 12 10:09:30 quay sched: Failed login for root from ec2-52-80-1-2.eu.compute.example",
    "Mar 12 10:10:00 quay sched: queue length 3",
]

# (a right claim, the wrong twin)
WORDS = (
    ("The failed cart load took 181 ms at the edge [L5].", "The failed cart download took 781 ms at the edge [L5]."),
    ("It handed out a 503 and was done in 181 ms [L5].", "It handed out a 500 and was done in 181 ms [L5]."),
    ("Of the 181 ms 134 ms were spent waiting [L5].", "Of the 181 ms 34 ms were spent waiting [L5]."),
    ("udev took away ttyS0 and recreated it [L10][L11].", "udev took away ttyS0 and corrupted it [L10][L11]."),
    ("sshd 810 dealt with the invalid user amy [L15].", "sshd 810 dealt with the invalid user eve [L15]."),
    ("In other words, amy could not log in [L15].", "In other words, eve could not log in [L15]."),
    (
        "The error goes back to line 48 of /srv/web.py [L3][L4].",
        "The error goes back to line 84 of /srv/web.py [L3][L4].",
    ),
    (
        "Letters have stopped going out: the count is 58 and still 58 a minute later [L8][L9].",
        "Letters have stopped going out: the count is 58 and 85 a minute later [L8][L9].",
    ),
    ("52.80.1.2 tried to log in as root [L30].", "52.80.1.3 tried to log in as root [L30]."),
)
NUMBERS = (
    ("The clock runs at roughly 0.87 GHz [L12].", "The clock runs at roughly 0.67 GHz [L12]."),
    ("Both level-1 caches hold 32K [L13].", "Both level-2 caches hold 32K [L13]."),
    ("An ISA scan found no Plug & Play device [L14].", "An USB scan found no Plug & Play device [L14]."),
    (
        "The second checkpoint took 4.28 s, over twenty times as long as the 190 ms of the first [L19][L20].",
        "The second checkpoint took 4.28 s, over forty times as long as the 190 ms of the first [L19][L20].",
    ),
    (
        "The block is far smaller than 64 MiB, at about 3.4 MiB [L23].",
        "The block is far larger than 64 MiB, at about 3.4 MiB [L23].",
    ),
    ("The worker exited with code 3 rather than 137 [L28].", "The worker exited with code 137 rather than 3 [L28]."),
    ("By 10:10:00 the queue was down to 3 [L31].", "By 10:10:00 the queue was down to 7 [L31]."),
    ("Task 2 is done [L29].", "Task 3 is done [L29]."),
    (
        "Within five seconds the load went from 19 successes and one 409 to 16 × 502 [L6][L7].",
        "Within five seconds the load went from 19 successes and one 409 to 61 × 502 [L6][L7].",
    ),
)
JOINED = (
    (
        "At 10:07:00 the children 411, 412 and 413 were all started [L24-L26].",
        "Child 411 was started in slot 4 [L24][L26].",
    ),
    (
        "Nine seconds lie between the start of child 413 and the init of the pool [L26][L27].",
        "Four seconds lie between the start of child 413 and the init of the pool [L26][L27].",
    ),
    (
        "The session of bob closed in the same second in which 10.9.8.9 disconnected [L16][L17].",
        "The session of bob closed in the same second in which 10.9.8.7 disconnected [L16][L17].",
    ),
    ("Children are started in slots 2 to 4 [L24][L26].", "Children are started in slots 2 to 7 [L24][L26]."),
)
DENIED = (
    ("The commit went without cold patching [L21].", "The commit of batch 13 went without cold patching [L21]."),
    ("For want of the directory, the chdir to /data/x did not work [L22].", "The chdir to /data/x worked [L22]."),
    ("d7 ceased to be served by quay-3 [L18].", "d7 is served by quay-3 [L18]."),
)
ORDER = (
    (
        "Worker 6 hit its exception one and a half seconds after it was booted [L1][L2].",
        "Worker 6 was booted after its exception [L1][L2].",
    ),
    (
        "Checkpoint after checkpoint takes longer: 0.19 s, then 4.28 s [L19][L20].",
        "First a checkpoint took 4.28 s, then 0.19 s [L19][L20].",
    ),
)
PAIRS = (*WORDS, *NUMBERS, *JOINED, *DENIED, *ORDER)


def judged(text: str) -> Claim:
    (claim,) = check(text, [Source(line, line) for line in LINES]).claims
    return claim


@pytest.mark.parametrize("claim", [right for right, _ in PAIRS])
def test_what_lines_say_in_other_words_is_supported(claim: str) -> None:
    found = judged(claim)
    assert (found.verdict, found.reason) == (Verdict.SUPPORTED, "")


@pytest.mark.parametrize("claim", [wrong for _, wrong in PAIRS])
def test_the_same_with_a_wrong_name_number_or_deed_is_not(claim: str) -> None:
    assert judged(claim).verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "My guess is a script and not a person.",
        "Our working hypothesis is a change on one side only.",
        "Probably not.",
        "Such a warning usually goes back to sloppy reverse DNS.",
        "One dropped link would be one way to explain it.",
        "Check from each host whether the port is open:",
    ],
)
def test_an_opinion_or_a_hint_that_cites_nothing_claims_nothing(text: str) -> None:
    assert check(text, [Source(line, line) for line in LINES]).claims == ()


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("Note that the user amy is invalid [L15].", True),
        ("Note that the user amy came from 10.9.8.8 [L15].", False),
        ("I take it for a probe: the user amy is invalid [L15].", True),
        ("I take it for a probe: the user amy came from 10.9.8.8 [L15].", False),
    ],
)
def test_what_follows_a_note_that_or_an_opinion_is_checked(text: str, *, is_right: bool) -> None:
    assert (judged(text).verdict is Verdict.SUPPORTED) is is_right
