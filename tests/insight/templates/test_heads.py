"""Where the message of a line begins."""

from __future__ import annotations

import polars as pl
import pytest

from hallucino_tui.insight.templates.folding import fold
from hallucino_tui.insight.templates.heads import end_of_head


def message(line: str) -> str:
    folded: str = fold(pl.Series([line]))[0]
    return folded[end_of_head(folded) :]


@pytest.mark.parametrize(
    "head",
    [
        "2026-01-02T03:04:05.678Z ", "2026-01-02T03:04:05.678+01:00 ", "2026-01-02 03:04:05,678 INFO [main] a.b.C: ",
        "2026-01-02 03:04:05,678 - WARN  [Peer[myid=1]/0:0:0:0:0:0:0:0:2181:Leader@774] - ", "2026/01/02 03:04:05 ",
        "2026/01/02 03:04:05 [error] ", "26/01/02 03:04:05 INFO a.B: ", "260102 030405 17 INFO a.B$C: ",
        "Jan  2 03:04:05 host sshd[17]: ", "Jan 12 03:04:05 host kernel: ", "Jan 12 03:04:05 host sshd(pam_unix)[17]: ",
        "Jan 12 03:04:05 host com.a.launchd[1] (com.a.x): ", "Jan 12 03:04:05 a/b /sbin/gmetad[17]: ",
        "[Fri Jan 02 03:04:05 2026] [error] ", "[Fri Jan 02 03:04:05.678 2026] [core:error] [pid 17] ",
        "I0102 03:04:05.678901       1 main.go:17] ", "E0102 03:04:05.678901       1 main.go:17] ",
        "01-02 03:04:05.678  1702  2395 D Power: ", "20260102-03:04:05:678|Step_Lsc|30002312|",
        "[01.02 03:04:05] chrome.exe *64 - ",
        "- 1767323045 2026.01.02 R02-M1 2026-01-02-03.04.05.678901 R02-M1 RAS KERNEL INFO ",
        "APPSEV 1767323045 2026.01.02 dn228 Jan 2 03:04:05 dn228/dn228 crond[17]: ",
        "a.log.1.2026-01-02_03:04:05 2026-01-02 03:04:05.678 17 INFO nova.api [req-1a2b - - -] ",
        "2026-01-02 03:04:05.678 | INFO     | __main__:main:12 - ",
        "2026-01-02T03:04:05.678Z  INFO 1 --- [  main] c.e.Demo  : ",
        "1:M 02 Jan 2026 03:04:05.678 ", "2026-01-02 03:04:05.678 UTC [17] FATAL:  ", "1767323045.678 ",
        "[    5.123456] ",
        "1.2.3.4 - bob [02/Jan/2026:03:04:05 +0100] ", "12345 node-1 unix.hw net.up 1767323045 1 ", "03:04:05.678 ",
    ],
)  # fmt: skip
def test_a_head_ends_where_the_message_begins(head: str) -> None:
    assert message(head + "the disk is full") == "the disk is full"


@pytest.mark.parametrize(
    "line",
    [
        "connection from host at Fri Jul 22 19:29:09 2005",
        "next run at 03:04:05 in the night",
        "ERROR in contacting the master",
        "nothing of the kind",
        "2026-01-02T03:04:05Z",
        "session started at 1767323045 by root",
        "",
    ],
)
def test_a_line_without_a_time_in_front_has_no_head(line: str) -> None:
    assert message(line) == fold(pl.Series([line]))[0]
