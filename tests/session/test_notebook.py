"""The notebook itself: what is kept in it, in what order, and with which pseudonyms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallucino_tui.assistant.grounding.claim import Checked, Claim, Verdict
from hallucino_tui.assistant.packed import Entry as Sent
from hallucino_tui.assistant.redact import Redactor
from hallucino_tui.logs.batch import batch_of
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.snapshot import ViewSnapshot
from hallucino_tui.logs.store import Store
from hallucino_tui.logs.stream import Stream, StreamTable
from hallucino_tui.session.hub import HubSnapshot
from hallucino_tui.session.nodes import pod_key
from hallucino_tui.session.notebook import (
    AnswerEntry,
    KeptLine,
    LinesEntry,
    Listed,
    Notebook,
    NotebookError,
    ViewEntry,
    with_entry,
    with_moved,
    with_note,
    without_entry,
)
from hallucino_tui.session.notebook_drafts import Draft, PinnedAnswer, draft_answer, draft_lines, draft_view
from hallucino_tui.session.notebook_keeper import Keeper
from hallucino_tui.session.notebook_secrets import redacted
from hallucino_tui.session.selection import Selection
from hallucino_tui.session.workspace import WorkspaceSnapshot

NOON = 1_795_435_200 * 10**9
HOURS = 3600 * 10**9
FIRST, SECOND = "first" + "-of-them-q7", "second" + "-of-them-q7"


class MemoryShelf:
    """Notebooks in memory, which other programs may change, too."""

    def __init__(self) -> None:
        self.kept: dict[str, Notebook] = {}
        self.problem = ""

    def list(self) -> Sequence[Listed]:
        found = [Listed(one.name, one.title, one.changed, len(one.entries)) for one in self.kept.values()]
        return sorted(found, key=lambda one: -one.changed)

    def load(self, name: str) -> Notebook:
        if name not in self.kept:
            raise NotebookError("There is no such notebook.")
        return self.kept[name]

    def add(self, notebook: Notebook) -> Notebook:
        name = notebook.name if notebook.name not in self.kept else f"{notebook.name}-2"
        self.kept[name] = msgspec.structs.replace(notebook, name=name)
        return self.kept[name]

    def change(self, known: Notebook, change: Callable[[Notebook], Notebook]) -> Notebook:
        if self.problem:
            change(self.kept[known.name])
            raise NotebookError(self.problem)
        self.kept[known.name] = change(self.kept.get(known.name, known))
        return self.kept[known.name]


def lines_of(*texts: str) -> Draft:
    """A draft of lines as a redactor of this sitting left them."""
    redactor = Redactor()
    return Draft(LinesEntry(lines=[KeptLine(redactor.redact(text)) for text in texts]), redactor.restore)


def texts(notebook: Notebook) -> list[list[str]]:
    return [[line.text for line in entry.lines] for entry in notebook.entries if isinstance(entry, LinesEntry)]


def keeper_on(shelf: MemoryShelf, now: int = NOON) -> Keeper:
    return Keeper(shelf, Redactor(), lambda: now)


# ── entries ──


def test_entries_keep_their_ids_whatever_is_moved_and_deleted() -> None:
    notebook = Notebook()
    for text in "abc":
        notebook = with_entry(notebook, LinesEntry(lines=[KeptLine(text)]))
    notebook = with_moved(notebook, 3, -1)
    assert [entry.id for entry in notebook.entries] == [1, 3, 2]
    notebook = with_entry(without_entry(notebook, 3), LinesEntry(lines=[]))
    assert [entry.id for entry in notebook.entries] == [1, 2, 4]
    noted = with_note(notebook, 2, "mind this").entry(2)
    assert noted is not None
    assert noted.note == "mind this"


@given(st.integers(0, 6), st.integers(-9, 9))
def test_moving_loses_and_doubles_nothing(id_: int, step: int) -> None:
    notebook = Notebook()
    for _ in range(4):
        notebook = with_entry(notebook, LinesEntry(lines=[]))
    moved = with_moved(notebook, id_, step)
    assert sorted(entry.id for entry in moved.entries) == [1, 2, 3, 4]


# ── which notebook ──


def test_the_first_thing_that_is_kept_begins_a_notebook() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    assert keeper.resume() is None
    assert not shelf.kept
    kept = keeper.add(lines_of("a"))
    assert shelf.kept == {kept.name: kept}
    assert kept.entries[0].moment == NOON


def test_a_notebook_of_the_last_hours_is_taken_up_again_and_an_old_one_is_not() -> None:
    shelf = MemoryShelf()
    first = keeper_on(shelf).add(lines_of("a"))
    assert keeper_on(shelf, NOON + HOURS).add(lines_of("b")).name == first.name
    assert keeper_on(shelf, NOON + 30 * HOURS).add(lines_of("c")).name != first.name
    assert len(shelf.kept) == 2


def test_what_another_program_kept_meanwhile_stays() -> None:
    shelf = MemoryShelf()
    one = keeper_on(shelf)
    one.add(lines_of("a"))
    other = keeper_on(shelf)
    other.add(lines_of("b"))
    kept = one.add(lines_of("c"))
    assert texts(kept) == [["a"], ["b"], ["c"]]
    assert [entry.id for entry in kept.entries] == [1, 2, 3]


def test_without_an_open_notebook_nothing_can_be_changed() -> None:
    with pytest.raises(NotebookError, match="No notebook is open"):
        keeper_on(MemoryShelf()).note(1, "x")


# ── secrets ──


def test_one_secret_has_one_pseudonym_and_two_have_two_whoever_found_them() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    # Both drafts count from 1.
    keeper.add(lines_of(f"password={FIRST}"))
    keeper.add(lines_of(f"password={SECOND}", f"password={FIRST}"))
    assert texts(keeper.add(lines_of(f"password={SECOND}"))) == [
        ["password=<secret:password:1>"],
        ["password=<secret:password:2>", "password=<secret:password:1>"],
        ["password=<secret:password:2>"],
    ]


def test_a_later_sitting_gives_no_number_that_is_taken() -> None:
    shelf = MemoryShelf()
    keeper_on(shelf).add(lines_of(f"password={FIRST}"))
    kept = keeper_on(shelf).add(lines_of(f"password={SECOND}"))
    assert texts(kept) == [["password=<secret:password:1>"], ["password=<secret:password:2>"]]


def test_a_number_that_could_not_be_kept_is_free_again() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    keeper.add(lines_of("a"))
    shelf.problem = "The disk is full."
    with pytest.raises(NotebookError, match="full"):
        keeper.add(lines_of(f"password={FIRST}"))
    shelf.problem = ""
    other = keeper_on(shelf)
    other.add(lines_of(f"password={SECOND}"))
    kept = keeper.add(lines_of(f"password={FIRST}"))
    assert texts(kept)[1:] == [["password=<secret:password:1>"], ["password=<secret:password:2>"]]


def test_a_pseudonym_that_a_line_itself_holds_passes_for_no_other() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    keeper.add(lines_of(f"password={FIRST}"))
    kept = keeper.add(lines_of("someone wrote <secret:password:1> here"))
    assert "<secret:password:1>" not in texts(kept)[1][0]


def test_notes_and_names_hold_no_secret_and_may_speak_of_pseudonyms() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    keeper.add(lines_of(f"password={FIRST}"))
    kept = keeper.note(1, f"is <secret:password:1> the old one? password={SECOND}, password={FIRST}")
    assert kept.entries[0].note == (
        "is <secret:password:1> the old one? password=<secret:password:2>, password=<secret:password:1>"
    )
    assert FIRST not in keeper.rename(f"token={FIRST}").title


def test_an_answer_and_the_lines_agree_about_their_secrets() -> None:
    shelf = MemoryShelf()
    keeper = keeper_on(shelf)
    keeper.add(lines_of(f"password={FIRST}"))
    asked = Redactor()
    sent = [asked.redact(f"password={SECOND}"), asked.redact(f"password={FIRST}")]
    answer = PinnedAnswer(
        "why?",
        "The password <secret:password:2> was wrong [L2], not <secret:password:1> [L1].",
        sent=[Sent(text, text) for text in sent],
        restore=asked.restore,
    )
    kept = keeper.add(draft_answer(answer)).entries[1]
    assert isinstance(kept, AnswerEntry)
    assert kept.answer == "The password <secret:password:1> was wrong [L2], not <secret:password:2> [L1]."
    assert [one.text for one in kept.sent] == ["password=<secret:password:2>", "password=<secret:password:1>"]


def test_a_question_is_kept_without_the_secret_that_was_typed() -> None:
    keeper = keeper_on(MemoryShelf())
    keeper.add(lines_of(f"password={FIRST}"))
    asked = Redactor()
    sent = asked.redact(f"token={SECOND}")
    answer = PinnedAnswer(f"is password={FIRST} the one, and {sent}?", "no", restore=asked.restore)
    kept = keeper.add(draft_answer(answer)).entries[1]
    assert isinstance(kept, AnswerEntry)
    assert kept.question == "is password=<secret:password:1> the one, and token=<secret:password:2>?"


def test_an_export_replaces_more_and_touches_nothing_that_was_replaced() -> None:
    shelf = MemoryShelf()
    kept = keeper_on(shelf).add(lines_of(f"password={FIRST}", "plain"))
    lines = [*kept.entries[0].lines, KeptLine(f"<secret:password:1> token={SECOND}")]  # type: ignore[union-attr]
    unclean = msgspec.structs.replace(kept, entries=[msgspec.structs.replace(kept.entries[0], lines=lines)])
    assert texts(redacted(unclean, Redactor())) == [
        ["password=<secret:password:1>", "plain", "<secret:password:1> token=<secret:password:2>"]
    ]
    assert redacted(kept, Redactor()) == kept


# ── lines of the store ──


def stored(*blocks: tuple[str, Sequence[str]]) -> tuple[Store, StreamTable]:
    """A store with lines of pods, one a second."""
    table, store, time = StreamTable(), Store(), NOON
    for pod, block in blocks:
        labels = {"namespace": "shop", "pod": pod, "pod_uid": f"uid-{pod}", "container": "app", "other": "x"}
        number = table.number(Stream(("k", pod), labels, pod, "app"))
        times = [time + n * 10**9 for n in range(len(block))]
        store.append(Intake().prepare(batch_of([line.encode() for line in block], times, number), 0))
        time += len(block) * 10**9
    return store, table


def rows_of(store: Store) -> list[int]:
    return [row for chunk in store.snapshot().chunks for row in chunk.rows.tolist()]


def test_a_line_is_kept_with_all_that_it_takes_to_find_it_again() -> None:
    store, table = stored(("web-1", ["ERROR pool timeout"]))
    draft = draft_lines(store.snapshot(), table, rows_of(store), Redactor())
    assert draft is not None
    assert isinstance(draft.entry, LinesEntry)
    assert draft.entry.lines == [
        KeptLine(
            "ERROR pool timeout",
            NOON,
            draft.entry.lines[0].level,
            "web-1/app",
            {"namespace": "shop", "pod": "web-1", "pod_uid": "uid-web-1", "container": "app"},
        )
    ]


def test_what_is_no_line_any_more_makes_no_entry() -> None:
    store, table = stored(("web-1", ["a"]))
    assert draft_lines(store.snapshot(), table, [1 << 40], Redactor()) is None


def test_what_shows_is_kept_with_what_was_chosen() -> None:
    store, table = stored(("web-1", ["a"]), ("web-2", ["b"]))
    selection = Selection("prod", frozenset({pod_key("uid-web-2")}))
    view = ViewSnapshot(store.snapshot())
    hub = HubSnapshot(view=view)
    entry = draft_view(WorkspaceSnapshot(hub, context="prod", selection=selection), table, Redactor()).entry
    assert isinstance(entry, ViewEntry)
    assert (entry.context, entry.streams, entry.of) == ("prod", ["web-2/app"], 2)
    assert entry.timeline is None


def test_a_piece_of_a_private_key_is_known_by_the_lines_in_front_of_it() -> None:
    begin, end = "-----BEGIN RSA PRIVATE" + " KEY-----", "-----END RSA PRIVATE" + " KEY-----"
    pieces = [f"q7{'x' * 40}{n}" for n in range(30)]
    block = ["before", begin, *pieces, end, "after"]
    store, table = stored(("web-1", block), ("other-1", ["between"]))
    rows = rows_of(store)
    draft = draft_lines(store.snapshot(), table, [rows[20], rows[25], rows[33], rows[34]], Redactor())
    assert draft is not None
    assert isinstance(draft.entry, LinesEntry)
    kept = [line.text for line in draft.entry.lines]
    assert not any("xxx" in text for text in kept)
    assert kept[2:] == ["after", "between"]


def test_a_huge_line_is_cut_and_says_so() -> None:
    store, table = stored(("web-1", ["x" * 200_000]))
    draft = draft_lines(store.snapshot(), table, rows_of(store), Redactor())
    assert draft is not None
    assert isinstance(draft.entry, LinesEntry)
    line = draft.entry.lines[0]
    assert (len(line.text), line.size) == (16 << 10, 200_000)


def test_many_long_lines_are_shorter_together() -> None:
    store, table = stored(("web-1", ["x" * 16_000] * 1000))
    draft = draft_lines(store.snapshot(), table, rows_of(store), Redactor())
    assert draft is not None
    assert isinstance(draft.entry, LinesEntry)
    assert sum(len(line.text) for line in draft.entry.lines) <= 4 << 20
    assert {line.size for line in draft.entry.lines} == {16_000}


def test_an_answer_keeps_who_gave_it_what_came_of_it_and_what_was_sent() -> None:
    claim = Claim("It broke [L1].", 0, 14, (1,), Verdict.DOUBTFUL, "no number agrees")
    sent = Sent("12:00 web boom", "boom", count=3, first=1, last=2, source="web")
    answer = PinnedAnswer("why?", "It broke [L1].", "m", "h:1", [sent], Checked((claim,)))
    entry = draft_answer(answer).entry
    assert isinstance(entry, AnswerEntry)
    assert (entry.model, entry.host, entry.verdict) == ("m", "h:1", "0 of 1 claims supported, 1 doubtful")
    assert (entry.claims[0].verdict, entry.claims[0].reason) == ("doubtful", "no number agrees")
    assert (entry.sent[0].text, entry.sent[0].count, entry.sent[0].source) == ("12:00 web boom", 3, "web")
