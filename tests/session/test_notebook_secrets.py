"""No secret gets into a notebook by a report, a filter, a note or a question."""

import msgspec
import pytest
from test_notebook import FIRST, SECOND, MemoryShelf, keeper_on, lines_of, rows_of, stored

from hallucino_tui.assistant.grounding.claim import Checked, Claim, Verdict
from hallucino_tui.assistant.packed import Entry as Sent
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.session.collect import count_words
from hallucino_tui.session.evidence import lines_of as lines_of_store
from hallucino_tui.session.evidence import rows_of as rows_in
from hallucino_tui.session.filtering import understand
from hallucino_tui.session.hub import HubSnapshot
from hallucino_tui.session.narrowing import FilterText, Narrow
from hallucino_tui.session.notebook import AnswerEntry, ViewEntry
from hallucino_tui.session.notebook_drafts import PinnedAnswer, draft_answer, draft_lines, draft_view
from hallucino_tui.session.workspace import WorkspaceSnapshot

TOKEN = "gh" + "p_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"
KEY = "PRIVATE" + " KEY"


def kept_answer(answer: PinnedAnswer, shelf: MemoryShelf | None = None) -> AnswerEntry:
    kept = keeper_on(shelf or MemoryShelf()).add(draft_answer(answer)).entries[-1]
    assert isinstance(kept, AnswerEntry)
    return kept


def test_a_report_that_quotes_lines_as_they_are_is_kept_without_their_secrets() -> None:
    table_of = stored(("web-1", [f"ERROR login failed password={FIRST} try {number}" for number in range(9)]))
    store, table = table_of
    snapshot = store.snapshot()
    gathered = lines_of_store(snapshot, table, rows_in(ViewSnapshot(snapshot, snapshot.chunks, (0, 9))))
    report = count_words(gathered, ())
    assert FIRST in report
    shelf = MemoryShelf()
    kept = kept_answer(PinnedAnswer("Report on 9 lines", report), shelf)
    assert "password=<secret:password:1>" in kept.answer
    assert FIRST not in msgspec.json.encode(list(shelf.kept.values())).decode()
    assert kept.answer.count("\n") == report.count("\n")


@pytest.mark.parametrize("shown", [6, 12, 20, 30])
def test_half_a_secret_at_the_end_of_a_quotation_is_not_kept(shown: int) -> None:
    kept = kept_answer(
        PinnedAnswer("Report", f"- used `{TOKEN[:shown]}…` 3 times\n- `postgres://shop:{FIRST[:shown]}…`")
    )
    assert TOKEN[:6] not in kept.answer
    assert FIRST[:6] not in kept.answer
    assert "3 times" in kept.answer


def test_no_half_of_a_secret_is_kept_of_a_huge_line() -> None:
    edge = 64 << 10
    front = f"password='{'q7 ' * 20_000}' "
    store, table = stored(("web-1", [front + ("w " * edge)[: edge - len(front) - 13] + " " + TOKEN + " tail" * 100]))
    draft = draft_lines(store.snapshot(), table, rows_of(store), Redactor())
    assert draft is not None
    kept = msgspec.json.encode(draft.entry).decode()
    assert "password='<secret:password:1>' w w" in kept
    assert TOKEN[:6] not in kept


def test_a_key_in_a_report_is_not_kept_whether_it_begins_there_or_not() -> None:
    body = [f"q7{'xY3' * 19}{number}Z" for number in range(8)]
    begun = "\n".join(["before", f"-----BEGIN {KEY}-----", "q7short", *body[:2], f"-----END {KEY}-----", "between"])
    text = "\n".join([begun, *body[2:], "behind <secret:password:1> `password=" + FIRST + "`"])
    kept = kept_answer(PinnedAnswer("Report", text))
    assert "q7" not in kept.answer
    assert [line for line in kept.answer.split("\n") if "secret" not in line] == [
        "before", f"-----BEGIN {KEY}-----", f"-----END {KEY}-----", "between",
    ]  # fmt: skip


def test_everything_that_an_answer_says_is_redacted_and_what_was_replaced_keeps_its_meaning() -> None:
    asked = Redactor()
    line = asked.redact(f"password={FIRST}")
    claim = Claim(f"It is <secret:password:1>, token={SECOND} [L1].", 0, 9, (1,), Verdict.DOUBTFUL, f"pwd={SECOND}")
    sent = Sent(f"{line} token={SECOND}", line, source=f"https://x:{SECOND}@h/")
    answer = PinnedAnswer("Q", claim.text, "m", "h:1", [sent], Checked((claim,)), restore=asked.restore)
    shelf = MemoryShelf()
    keeper_on(shelf).add(lines_of(f"password={SECOND}"))
    kept = kept_answer(answer, shelf)
    assert kept.answer == "It is <secret:password:2>, token=<secret:password:3> [L1]."
    assert kept.claims[0].text == kept.answer
    assert kept.sent[0].text == "password=<secret:password:2> token=<secret:password:3>"
    assert SECOND not in msgspec.json.encode(kept).decode()
    assert (kept.model, kept.host) == ("m", "h:1")


def test_a_value_in_a_filter_that_was_suggested_is_not_kept_with_the_view() -> None:
    asked = Redactor()
    asked.redact(f"password={FIRST}")
    typed = asked.restore('{workload="shop"} |= "<secret:password:1>"')
    assert FIRST in typed
    store, table = stored(("web-1", [f"password={FIRST}"]))
    snapshot = store.snapshot()
    view = WorkspaceSnapshot(
        HubSnapshot(view=ViewSnapshot(snapshot, snapshot.chunks, (0, 1))),
        narrow=Narrow((FilterText(typed), FilterText("plain words"))),
        understood=understand((typed,)),
    )
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    keeper.add(lines_of(f"password={SECOND}"))
    kept = keeper.add(draft_view(view, table, keeper.redactor, asked)).entries[-1]
    assert isinstance(kept, ViewEntry)
    assert FIRST not in msgspec.json.encode(kept).decode()
    assert kept.filters[0].text == '{workload="shop"} |= "<secret:password:2>"'
    assert kept.filters[1].text == "plain words"
    assert "<secret:password:2>" in kept.query
    assert kept.lines[0].text == "password=<secret:password:2>"


def test_a_value_that_was_kept_before_is_known_in_a_note_a_name_and_a_question() -> None:
    store, table = stored(("web-1", [f"password={FIRST}"]))
    keeper = keeper_on(MemoryShelf())
    draft = draft_lines(store.snapshot(), table, rows_of(store), keeper.redactor)
    assert draft is not None
    keeper.add(draft)
    assert keeper.note(1, f"{FIRST} was\nthe old one").entries[0].note == "<secret:password:1> was\nthe old one"
    assert keeper.rename(f"who used {FIRST}").title == "who used <secret:password:1>"
    asked = keeper.add(draft_answer(PinnedAnswer(f"where is {FIRST} used?", "nowhere"))).entries[-1]
    assert isinstance(asked, AnswerEntry)
    assert asked.question == "where is <secret:password:1> used?"
