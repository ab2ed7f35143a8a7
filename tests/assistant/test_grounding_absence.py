"""Statements that something is not in the lines: they need no citation, and all lines are searched."""

from __future__ import annotations

import pytest
from test_grounding_answers import LINES

from hallucino_tui.assistant.grounding.check import check
from hallucino_tui.assistant.grounding.claim import Claim, Source, Verdict


def judged(text: str) -> Claim:
    claims = check(text, [Source(line, line) for line in LINES]).claims
    assert len(claims) == 1, claims
    return claims[0]


@pytest.mark.parametrize(
    "text",
    [
        "The log does not say why.",
        "The lines don't mention a database.",
        "Nothing in these lines mentions a disk or a network problem.",
        "None of the lines mention a reboot.",
        "No login succeeded.",
        "There is no sign of a disk failure.",
        "There are no shutdown messages before 10:02:00.",
        "There are no exited processes before 10:02:00.",
        "A rollback is not mentioned in the log.",
        "The log does not say which user logged in.",
        "It is unclear who started the backup.",
        "Whether data was lost cannot be determined.",
        "We cannot tell why java used so much memory.",
        "I could not find any error about disk space.",
        "The excerpt contains nothing about Postgres.",
        "There is no mention of 198.51.100.4.",
        'The log does not contain the string "segfault".',
        "Nothing was logged between 10:02:06 and 10:30:00.",
        "It doesn't prove an intrusion [L1].",
        "tomcat was started again [L5], and no other service is mentioned.",
        "The kernel killed java [L3], but the lines don't show what used the memory.",
        "There is a gap of about 28 minutes between 10:02:06 and 10:30:00 in which nothing was logged [L5][L6].",
    ],
)
def test_what_no_line_mentions_is_absent(text: str) -> None:
    assert judged(text).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The lines don't name any user.", "L6"),
        ("The lines do not mention databases or users.", "L6"),
        ("Nothing in these lines mentions java.", "L3"),
        ("None of the lines show a failed password.", "L1"),
        ("No process was killed.", "L3"),
        ("There is no sign of a backup.", "L6"),
        ("There are no exited processes after 10:02:00.", "L4"),
        ("A backup is not mentioned in the log.", "L6"),
        ("There is no mention of 203.0.113.9.", "L1"),
        ('The log does not contain "Out of memory".', "L3"),
        ("Nothing was logged between 10:00:04 and 10:30:00.", "L3"),
        ("No errors occurred.", "L1"),
        ("I don't see any backup.", "L6"),
    ],
)
def test_what_a_line_mentions_is_not_absent_and_the_reason_names_the_line(text: str, line: str) -> None:
    claim = judged(text)
    assert claim.verdict is Verdict.UNSUPPORTED
    assert line in claim.reason


@pytest.mark.parametrize(
    "text",
    [
        "The kernel killed nginx [L3], but the lines don't show what used the memory.",
        "The log doesn't show a shutdown, so it was a power loss.",
        "The mailer did not recover.",
        "No, the process was not restarted.",
    ],
)
def test_what_else_is_said_beside_an_absence_is_judged_as_ever(text: str) -> None:
    assert judged(text).verdict is Verdict.UNSUPPORTED


def test_a_number_that_is_zero_mentions_nothing() -> None:
    sources = [Source("10:00:00 import done: 0 retries, timeouts=0"), Source("10:00:09 import done: 3 retries")]
    assert check("No timeout occurred.", sources).claims[0].verdict is Verdict.SUPPORTED
    assert check("No retries were needed.", sources).claims[0].verdict is Verdict.UNSUPPORTED
    assert check("No retries were seen.", sources[:1]).claims[0].verdict is Verdict.SUPPORTED


def test_another_word_for_it_raises_a_doubt_only() -> None:
    claim = judged("No OOM kill is visible.")
    assert (claim.verdict, claim.reason) == (Verdict.DOUBTFUL, "L3 may be about `OOM kill`.")


def test_that_something_did_not_happen_is_shown_only_by_lines_about_such_things() -> None:
    sources = [
        Source("sshd[24200]: Failed password for root from 203.0.113.9 port 38926 ssh2"),
        Source("sshd[24227]: Disconnecting: Too many authentication failures for root [preauth]"),
    ]
    assert check("No password was accepted.", sources).claims[0].verdict is Verdict.SUPPORTED
    claim = check("No backups were damaged.", sources).claims[0]
    assert claim.verdict is Verdict.DOUBTFUL
    assert claim.reason == "No line is about `backups`, so none shows that it did not happen."
