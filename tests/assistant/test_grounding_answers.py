"""Whole answers as models write them: what of them claims something, what of that needs a line, and how it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.grounding.check import NO_CITATION, check
from hallucino_tui.assistant.grounding.claim import Checked, Source, Verdict
from hallucino_tui.assistant.grounding.mark import marked, plain
from hallucino_tui.assistant.grounding.reading.cut import cut

LINES = [
    "2024-05-01T10:00:00Z sshd[311]: Failed password for root from 203.0.113.9 port 4022 ssh2",
    "2024-05-01T10:00:04Z sshd[312]: Failed password for root from 203.0.113.9 port 4023 ssh2",
    "2024-05-01T10:02:00Z kernel: Out of memory: Killed process 4411 (java) total-vm:8123456kB",
    "2024-05-01T10:02:01Z systemd[1]: tomcat.service: Main process exited, code=killed, status=9/KILL",
    "2024-05-01T10:02:06Z systemd[1]: Started tomcat.service - Tomcat 10.",
    "2024-05-01T10:30:00Z backup: job 77 finished, 0 errors, user=alice",
]


def checked(answer: str) -> Checked:
    return check(answer, [Source(line, line) for line in LINES])


def texts(answer: str) -> list[str]:
    return [" ".join(piece.text.split()) for piece in cut(answer)]


@pytest.mark.parametrize(
    "text",
    [
        "Monitor `node_memory_MemAvailable_bytes` for a day.",
        "**Rotate** the keys of the service account.",
        "**Expand the volume** or move old segments away.",
        "Once the node is back, uncordon it.",
        "If that fails, page the storage team.",
        "To rule out DNS, run `dig` from the pod.",
        "Check `SHOW STATUS LIKE 'Threads_running';` on the replica.",
        "The certificate needs to be renewed.",
        "Adding a second replica would help.",
        "No immediate action is required.",
        "Ensure the replicas are in sync.",
        "**Next steps:** look at `dmesg`, then reseat the module.",
    ],
)
def test_a_remedy_claims_nothing(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "I'd call this a memory problem.",
        "I'm not certain about this.",
        "My certainty is about 70 %.",
        "**Confidence (90 %):** both lines agree.",
        "Overall, I'd rate the severity as moderate.",
        "Of course!",
        "The events can be grouped into three phases.",
        "Two things stand out.",
        "Is this an attack, or a misconfiguration?",
        "Hope that helps.",
    ],
)
def test_opinions_manners_and_words_about_the_answer_claim_nothing(text: str) -> None:
    assert cut(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Import of day 8 failed.",
        "Restart of nginx at 10:02 [L4].",
        "Limit exceeded for user bob [L2].",
        "Clients were told that they should be able to reconnect [L5].",
        "The price went up by 700 percent, which should be checked [L2].",
        "Confidence in the cache was lost, so it was flushed [L2].",
        "The job was split into three parts by the scheduler [L4].",
        "SSH login by root from 10.0.0.1 [L1].",
        "On node-3, restart of cart failed [L2].",
    ],
)
def test_what_only_looks_like_advice_or_talk_is_a_claim(text: str) -> None:
    assert texts(text) == [text]


def test_an_opinion_about_a_fact_claims_the_fact() -> None:
    assert texts("I'm confident that the kernel killed java [L3].") == ["the kernel killed java [L3]."]


def test_a_reason_in_a_list_of_remedies_is_a_claim_and_the_remedy_is_none() -> None:
    answer = "### Next steps\n- Ban 203.0.113.9, because root was compromised.\n- Ping the owner of job 77.\n"
    assert texts(answer) == ["because root was compromised."]


def test_a_fact_in_a_list_of_remedies_is_still_a_claim() -> None:
    assert texts("### Next steps\n- The database was moved to another host.\n") == [
        "The database was moved to another host."
    ]


def test_a_sentence_may_begin_with_a_name_in_lower_case_behind_a_citation() -> None:
    pieces = cut("The kernel killed java [L3]. tomcat exited [L4]. It is e.g. the service of java.")
    assert [piece.citations for piece in pieces][:2] == [(3,), (4,)]
    assert [piece.text for piece in pieces][1:] == ["tomcat exited [L4].", "It is e.g. the service of java."]


def test_titles_claim_nothing_and_a_heading_that_cites_only_does_if_it_tells_something() -> None:
    answer = (
        "## Timeline [L1-L6]\n\n- **Brute force**\n  - Root failed to log in [L1].\n- **Memory:**\n"
        "  - java was killed [L3].\n\n### java was killed [L3]\n"
    )
    assert texts(answer) == ["Root failed to log in [L1].", "java was killed [L3].", "### java was killed [L3]"]


def test_a_sentence_over_a_list_stands_on_the_lines_of_its_points() -> None:
    pieces = cut("- tomcat changed its state twice:\n  - it exited [L4]\n  - it was started [L5]\n- java died [L3]\n")
    assert pieces[0].citations == (4, 5)
    pieces = cut("Two things happened to tomcat within a few seconds of 10:02:\n\n- exited [L4]\n- started [L5]\n")
    assert pieces[0].citations == (4, 5)


def test_a_paragraph_that_cites_at_its_end_stands_on_that_and_one_that_cites_in_between_does_not() -> None:
    assert [piece.citations for piece in cut("The kernel acted. It killed java. [L3]")] == [(3,), (3,)]
    pieces = cut("The kernel killed java [L3]. A disk failed. tomcat was started [L5].")
    assert [piece.citations for piece in pieces] == [(3,), (), (5,)]


def test_a_sentence_that_goes_on_about_the_one_before_stands_on_the_same_lines() -> None:
    claims = checked("The kernel killed java [L3]. It had the number 4411.\n").claims
    assert [claim.citations for claim in claims] == [(3,), (3,)]
    assert {claim.verdict for claim in claims} == {Verdict.SUPPORTED}


@pytest.mark.parametrize(
    ("lead", "verdict"),
    [
        ("Two minutes later", Verdict.SUPPORTED),
        ("About two minutes later,", Verdict.SUPPORTED),
        ("Five minutes later", Verdict.UNSUPPORTED),
        ("Half an hour later,", Verdict.UNSUPPORTED),
    ],
)
def test_later_is_reckoned_from_the_lines_of_the_claim_before(lead: str, verdict: Verdict) -> None:
    claims = checked(f"Root failed to log in [L1]. {lead} the kernel killed java [L3].").claims
    assert [claim.verdict for claim in claims] == [Verdict.SUPPORTED, verdict]
    within = "The main process of tomcat exited [L4]. It was started {} later [L5]."
    for time, found in (("five seconds", Verdict.SUPPORTED), ("nine seconds", Verdict.UNSUPPORTED)):
        assert checked(within.format(time)).claims[1].verdict is found


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("**May 1:** root failed to log in [L1].", Verdict.SUPPORTED),
        ("**May 3:** root failed to log in [L1].", Verdict.UNSUPPORTED),
        ("**10:02:00:** the kernel killed java [L3].", Verdict.SUPPORTED),
        ("**10:07:00:** the kernel killed java [L3].", Verdict.UNSUPPORTED),
        ("**TL;DR** – the kernel killed java [L3].", Verdict.SUPPORTED),
        ("**TL;DR** – the kernel killed nginx [L3].", Verdict.UNSUPPORTED),
        ("**Affected component:** the kernel killed java [L3].", Verdict.SUPPORTED),
        ("Trigger: the kernel killed java [L3].", Verdict.SUPPORTED),
        ("Trigger: the kernel killed process 4412 [L3].", Verdict.UNSUPPORTED),
    ],
)
def test_a_label_counts_only_where_it_says_something(claim: str, verdict: Verdict) -> None:
    assert [one.verdict for one in checked(claim).claims] == [verdict]


def test_a_summary_may_stand_on_the_lines_of_the_whole_answer_if_it_adds_nothing() -> None:
    rest = "\n\n- The kernel killed java [L3].\n- Root failed to log in [L1].\n"
    for summary, verdict in (
        ("TL;DR: the kernel killed java after root failed to log in.", Verdict.SUPPORTED),
        ("TL;DR: the kernel killed java because of a bad config.", Verdict.UNSUPPORTED),
        ("In short, the kernel killed nginx.", Verdict.UNSUPPORTED),
        ("Summary: an expired certificate broke tomcat.", Verdict.UNSUPPORTED),
        ("The kernel killed java and the disk was full.", Verdict.UNSUPPORTED),
    ):
        assert checked(summary + rest).claims[0].verdict is verdict, summary


def test_a_guess_is_doubtful_and_a_bare_assertion_without_a_line_is_not_supported() -> None:
    answer = "The kernel killed java [L3].\n\n{} an expired certificate.\n"
    for words, verdict in (
        ("A possible reason is", Verdict.UNSUPPORTED),
        ("This was caused by", Verdict.UNSUPPORTED),
        ("The outage may have been caused by", Verdict.DOUBTFUL),
    ):
        claim = checked(answer.format(words)).claims[1]
        assert claim.verdict is not Verdict.SUPPORTED
        assert claim.verdict in {verdict, Verdict.DOUBTFUL}
    # A guess at a technology that no line names is a doubt, too; said as a fact it is wrong.
    assert checked("This may point to a DNS failure [L3].").claims[0].verdict is Verdict.DOUBTFUL
    assert checked("This is a DNS failure [L3].").claims[0].verdict is Verdict.UNSUPPORTED


def test_plain_text_has_no_markdown_and_keeps_what_is_code() -> None:
    assert plain("| 10:02 | **java** killed | `a\\|b` | [L3] |") == "10:02 · java killed · `a|b` · [L3]"
    assert plain("### **java** was *killed* by __the__\nkernel [L3]") == "java was killed by the kernel [L3]"
    assert plain("**Files `*.log` of** snake_case_name [L1]") == "Files `*.log` of snake_case_name [L1]"
    assert plain("2 * 3 * 4 rows [L1]") == "2 * 3 * 4 rows [L1]"


@given(st.text(alphabet="ab .[L1]*|#-\n:?_`", max_size=120))
def test_claims_stand_where_they_are_marked_whatever_the_markdown(answer: str) -> None:
    found = checked(answer)
    for claim in found.claims:
        assert answer[claim.start : claim.end] == claim.text
        plain(claim.text)
    marked(answer, found)


def test_an_answer_without_any_line_is_no_good_unless_it_says_what_is_not_there() -> None:
    assert checked("The disk was full.").problem == NO_CITATION
    assert checked("It is unclear.").problem == NO_CITATION
    assert checked("The lines do not mention a disk.").problem == ""


@pytest.mark.parametrize("word", ["not ", "a ", "never "])
def test_a_claim_that_never_ends_is_not_read_to_its_end(word: str) -> None:
    (claim,) = check(f"{word * 60_000}[L1].", [Source("INFO ready", "INFO ready")]).claims
    assert claim.verdict is Verdict.UNSUPPORTED
    assert claim.reason.endswith("characters is too long to be checked.")
