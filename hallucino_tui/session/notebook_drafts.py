"""From what is on the screen to entries of a notebook: lines, a view, an answer, with all secrets replaced."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from hallucino_tui.assistant.half_words import without_half_words
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import LEVEL_BITS, NOT_A_LINE, Level
from hallucino_tui.session.notebook import (
    LABELS,
    AnswerEntry,
    Entry,
    KeptClaim,
    KeptFilter,
    KeptLine,
    KeptSource,
    KeptTimeline,
    LinesEntry,
    ViewEntry,
)
from hallucino_tui.session.notebook_blocks import exact
from hallucino_tui.session.notebook_secrets import in_all_texts
from hallucino_tui.session.row_texts import MOST_BYTES, leaving_with, numbers_in, redacted_texts, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hallucino_tui.assistant.grounding.claim import Checked
    from hallucino_tui.assistant.packed import Entry as Sent
    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import Stream, StreamTable
    from hallucino_tui.session.row_texts import CitedRow, CitedRows
    from hallucino_tui.session.workspace import WorkspaceSnapshot

MOST_LINES: Final = 2000
"""Lines that are kept at once; a notebook holds what matters, a file holds the rest."""

VIEW_LINES: Final = 200
"""Lines that are kept with a view."""

_MOST_CITED: Final = 2000
_MOST_TEXT: Final = 16 << 10
_MOST_TOGETHER: Final = 4 << 20
"""Characters of one line, and of all lines of an entry together; longer lines are cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What is to be put into a notebook.

    Attributes:
        entry: The entry, with pseudonyms of who found its secrets.
        restore: Turns these back, so that one secret gets one pseudonym in the notebook.
        is_foreign: Whether somebody else than the notebook's own redactor found them.
    """

    entry: Entry
    restore: Callable[[str], str]
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class PinnedAnswer:
    """An answer that is to be kept.

    Attributes:
        question: What was asked, as it was sent or as it was typed.
        answer: What was answered, as it came: with pseudonyms.
        model: Who answered; "" if it was written without a model.
        host: Where it ran.
        sent: All that was sent and can be cited, from ``L1`` on.
        checked: What came of checking it; None if it was not.
        words: What came of checking it, in words, if there is more to say than `checked` does.
        restore: Turns its pseudonyms back; they are its own without.
        report: What was written of the lines without a model, as it was shown; "" for nothing.
        cited: What the numbers in the report mean; None for nothing that is known.
    """

    question: str
    answer: str
    model: str = ""
    host: str = ""
    sent: Sequence[Sent] = ()
    checked: Checked | None = None
    words: str = ""
    restore: Callable[[str], str] = field(default=str)
    report: str = ""
    cited: CitedRows | None = None


def draft_lines(
    store: StoreSnapshot, table: StreamTable, rows: Sequence[int], redactor: Redactor, left_out: int = 0
) -> Draft | None:
    """Return lines as an entry; None if there are none left of them. May read from a disk.

    Args:
        store: Holds them.
        table: Names their streams.
        rows: Which, in display order; at most `MOST_LINES`.
        redactor: Replaces secrets.
        left_out: How many more were wanted.
    """
    lines = keep_lines(store, table, rows, redactor)
    return Draft(LinesEntry(lines=lines, left_out=left_out), redactor.restore) if lines else None


def draft_view(
    snapshot: WorkspaceSnapshot, table: StreamTable, redactor: Redactor, asked: Redactor | None = None
) -> Draft:
    """Return what shows as an entry. May read from a disk.

    Args:
        snapshot: All that there is to see.
        table: Names the streams.
        redactor: Replaces secrets.
        asked: The redactor of a conversation: a query that it suggested is a filter now, with the values in it.
    """
    view, narrow, chosen = snapshot.hub.view, snapshot.narrow, snapshot.selection
    entry = ViewEntry(
        context=snapshot.context,
        choice=snapshot.choice,
        streams=sorted({_source_of(one) for one in table if chosen(one)}) if chosen.keys else [],
        filters=[KeptFilter(one.text, one.on) for one in narrow.filters],
        query=snapshot.understood.canonical,
        marked_only=bool(narrow.filters) and not narrow.matches_only,
        level="" if narrow.level is Level.UNKNOWN else narrow.level.name.lower(),
        since=narrow.since,
        until=narrow.until,
        shown=view.matched,
        counted=view.complete,
        of=view.store.lines,
        timeline=_timeline(snapshot),
    )
    entry = in_all_texts(entry, lambda text: redactor.known(redactor.redact(text), asked))
    rows = view.rows(len(view) - VIEW_LINES, len(view))
    return Draft(msgspec.structs.replace(entry, lines=keep_lines(view.store, table, rows, redactor)), redactor.restore)


def draft_answer(answer: PinnedAnswer, redactor: Redactor | None = None) -> Draft:
    """Return an answer as an entry, with the report above it and the lines that this cites. May read from a disk.

    Args:
        answer: The answer. The keeper replaces the secrets in it: a question was typed.
        redactor: Replaces those of the report and of its lines; they are left out without it.
    """
    checked = answer.checked
    entry = AnswerEntry(
        question=answer.question,
        # A model saw only what was redacted as a whole; a report cuts what it quotes.
        answer=answer.answer if answer.model else without_half_words(answer.answer),
        model=answer.model,
        host=answer.host,
        verdict=answer.words or ("" if checked is None else checked.words),
        claims=[
            KeptClaim(claim.text, list(claim.citations), claim.verdict.value, claim.reason)
            for claim in (() if checked is None else checked.claims)
        ],
        sent=[KeptSource(one.text, one.kind, one.count, one.first, one.last, one.source) for one in answer.sent],
    )
    if redactor is not None and answer.report:
        rows = _cited_rows(answer, redactor)
        report = leaving_with(list(rows.values()), redactor).markdown(answer.report)
        more = [_source(number, row) for number, row in rows.items() if number > len(answer.sent)]
        entry = msgspec.structs.replace(entry, report=report, more=more)
    return Draft(entry, answer.restore, is_foreign=True)


def _cited_rows(answer: PinnedAnswer, redactor: Redactor) -> dict[int, CitedRow]:
    """Return the rows that a report cites, and those that the answer below it does."""
    if answer.cited is None:
        return {}
    return answer.cited.read(numbers_in(answer.report) | numbers_in(answer.answer), redactor)


def _source(number: int, row: CitedRow) -> KeptSource:
    text = row.made if len(row.made) <= _MOST_CITED else f"{row.made[:_MOST_CITED]} … [cut]"
    words = " ".join(part for part in (exact(row.time), row.source, text) if part)
    return KeptSource(words, first=row.time, last=row.time, source=row.source, number=number)


def keep_lines(store: StoreSnapshot, table: StreamTable, rows: Iterable[int], redactor: Redactor) -> list[KeptLine]:
    """Return rows with secrets replaced; dividers and evicted rows are left out."""
    places: list[tuple[int, Columns, int]] = []
    for row in rows:
        found = store.find(row)
        if found is not None and found[0].levels[found[1]] < NOT_A_LINE:
            places.append((row, *found))
    texts = redacted_texts(places, store, redactor)
    most = min(_MOST_TEXT, _MOST_TOGETHER // max(len(places), 1))
    return [
        _kept(columns, index, table, text, most, redactor)
        for (_, columns, index), text in zip(places, texts, strict=True)
    ]


def _kept(columns: Columns, index: int, table: StreamTable, text: str, most: int, redactor: Redactor) -> KeptLine:
    stream = table[int(columns.streams[index])]
    time, size = int(columns.times[index]), size_of(columns, index)
    level = Level(int(columns.levels[index]) & LEVEL_BITS)
    return KeptLine(
        text[:most],
        None if time == NO_TIME else time,
        "" if level is Level.UNKNOWN else level.name.lower(),
        redactor.redact(_source_of(stream)),
        {name: redactor.redact(stream.labels[name]) for name in LABELS if stream.labels.get(name)},
        size if size > MOST_BYTES or len(text) > most else 0,
    )


def _timeline(snapshot: WorkspaceSnapshot) -> KeptTimeline | None:
    timeline = snapshot.hub.timeline
    if not timeline.counts:
        return None
    return KeptTimeline(timeline.start, timeline.width, list(timeline.counts))


def _source_of(stream: Stream) -> str:
    return "/".join(part for part in (stream.title, stream.part) if part)
