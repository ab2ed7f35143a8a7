"""The incident notebook: what was kept of a sitting, with what was thought of it. Nothing in it is ever run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMAT: Final = "hallucino-notebook"
VERSION: Final = 1

LABELS: Final = ("cluster", "namespace", "workload", "pod", "pod_uid", "container", "filename")
"""The labels of a stream that are kept, so that a line can be found again."""


class NotebookError(Exception):
    """A notebook cannot be read or kept; ``str(error)`` says which, why, and what to do."""


class KeptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line, with secrets replaced.

    Attributes:
        text: Its text, without the time that a cluster puts in front.
        time: Nanoseconds since the epoch; None if it has none.
        level: The name of its level; "" if it says nothing of it.
        source: The name of its stream in one word.
        labels: Those of `LABELS` that its stream has.
        size: How many bytes it had if `text` is only its beginning, else 0.
    """

    text: str
    time: int | None = None
    level: str = ""
    source: str = ""
    labels: dict[str, str] = {}
    size: int = 0


class KeptFilter(msgspec.Struct, frozen=True):
    """A filter as it was typed, and whether it held."""

    text: str
    on: bool = True


class KeptTimeline(msgspec.Struct, frozen=True):
    """Lines by time.

    Attributes:
        start: When the first bucket begins, in nanoseconds since the epoch.
        width: Nanoseconds of a bucket.
        counts: The lines of each bucket: all others, warnings, errors, fatal ones.
    """

    start: int
    width: int
    counts: list[tuple[int, int, int, int]]


class KeptSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of what was sent to a model: ``[L1]`` names the first. Or a line that a report cites.

    Attributes:
        text: What stood behind its number.
        kind: ``line``, or what else it was.
        count: How many lines it stood for.
        first: The time of the first of them in nanoseconds; None if it has none.
        last: The time of the last.
        source: Where it came from.
        number: By which number it is cited; 0 for its place in what was sent.
    """

    text: str
    kind: str = "line"
    count: int = 1
    first: int | None = None
    last: int | None = None
    source: str = ""
    number: int = 0


class KeptClaim(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement of an answer with the lines that it cites, and what came of checking it."""

    text: str
    citations: list[int]
    verdict: str
    reason: str = ""


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What all entries have.

    Attributes:
        id: Its number in the notebook, for ever.
        moment: When it was kept, in nanoseconds since the epoch.
        note: What the user wrote to it.
    """

    id: int = 0
    moment: int = 0
    note: str = ""


class LinesEntry(_Entry, frozen=True, tag="lines"):
    """Lines that were kept.

    Attributes:
        lines: The lines in the order in which they showed.
        left_out: How many more were wanted than are kept at once.
    """

    lines: list[KeptLine]
    left_out: int = 0


class ViewEntry(_Entry, frozen=True, tag="view"):
    """What showed, and why just that.

    Attributes:
        context: The cluster.
        choice: What was read, in few words.
        streams: The streams that had been chosen; empty for all.
        filters: The stack of filters.
        query: What the filters that held mean together, as one query.
        marked_only: Whether the filters only marked lines.
        level: From which level on lines showed; "" for all.
        since: Lines before this time did not show, in nanoseconds; None for no bound.
        until: Lines from this time on did not show.
        shown: How many lines showed.
        counted: Whether all lines had been tested by then.
        of: How many lines there were.
        timeline: Lines by time; None where none was drawn.
        lines: The newest lines.
    """

    context: str = ""
    choice: str = ""
    streams: list[str] = []
    filters: list[KeptFilter] = []
    query: str = ""
    marked_only: bool = False
    level: str = ""
    since: int | None = None
    until: int | None = None
    shown: int = 0
    counted: bool = True
    of: int = 0
    timeline: KeptTimeline | None = None
    lines: list[KeptLine] = []


class AnswerEntry(_Entry, frozen=True, tag="answer"):
    """An answer as it came, with pseudonyms for secrets.

    Attributes:
        question: What was asked.
        answer: What was answered; "" for nothing but a report.
        model: Who answered; "" if it was written without a model.
        host: Where it ran.
        verdict: What came of checking it, in words.
        claims: Its claims.
        sent: All that was sent, from ``L1`` on.
        report: What was written without a model above the answer; "" for nothing.
        more: The lines that the report cites besides.
    """

    question: str
    answer: str
    model: str = ""
    host: str = ""
    verdict: str = ""
    claims: list[KeptClaim] = []
    sent: list[KeptSource] = []
    report: str = ""
    more: list[KeptSource] = []


Entry = LinesEntry | ViewEntry | AnswerEntry


class Notebook(msgspec.Struct, frozen=True, kw_only=True):
    """All that was kept of one incident.

    Attributes:
        format: What kind of file it is.
        version: Of which version.
        name: The file's name without its ending.
        title: What the incident is called.
        made: When it was begun, in nanoseconds since the epoch.
        changed: When it was changed last.
        next_id: The id of the next entry.
        pseudonyms: The highest number that each kind of pseudonym has.
        entries: The entries in the user's order.
    """

    format: str = FORMAT
    version: int = VERSION
    name: str = ""
    title: str = ""
    made: int = 0
    changed: int = 0
    next_id: int = 1
    pseudonyms: dict[str, int] = {}
    entries: list[Entry] = []

    def entry(self, id_: int) -> Entry | None:
        """Return an entry, or None if it is not there (any more)."""
        return next((entry for entry in self.entries if entry.id == id_), None)


class Listed(msgspec.Struct, frozen=True):
    """A notebook in a list.

    Attributes:
        name: Its name.
        title: What the incident is called.
        changed: When it was changed last, in nanoseconds since the epoch.
        entries: How many entries it has.
        problem: Why it cannot be opened; "" if it can.
    """

    name: str
    title: str = ""
    changed: int = 0
    entries: int = 0
    problem: str = ""


Change = "Callable[[Notebook], Notebook]"
"""What is done to a notebook, whatever somebody else did to it meanwhile."""


class Shelf(Protocol):
    """Where notebooks are kept. May be called from any thread; waits for its disk."""

    def list(self) -> Sequence[Listed]:
        """Return all notebooks, the one that was changed last first."""
        ...

    def load(self, name: str) -> Notebook:
        """Read a notebook.

        Raises:
            NotebookError: There is none of that name, or it is none.
        """
        ...

    def add(self, notebook: Notebook) -> Notebook:
        """Keep a new notebook under a name like its own that is free; return it with that name.

        Raises:
            NotebookError: It cannot be written.
        """
        ...

    def change(self, known: Notebook, change: Callable[[Notebook], Notebook]) -> Notebook:
        """Change a notebook as it is kept now, whoever changed it meanwhile; return what is kept then.

        Args:
            known: What is known of it: its name says which, and it is kept anew if somebody took its file away.
            change: What to do.

        Raises:
            NotebookError: It cannot be read or written: what was kept before is still there.
        """
        ...


def with_entry(notebook: Notebook, entry: Entry) -> Notebook:
    """Return a notebook with one more entry, which gets an id of its own."""
    entry = msgspec.structs.replace(entry, id=notebook.next_id)
    return msgspec.structs.replace(notebook, entries=[*notebook.entries, entry], next_id=notebook.next_id + 1)


def without_entry(notebook: Notebook, id_: int) -> Notebook:
    """Return a notebook without an entry."""
    return msgspec.structs.replace(notebook, entries=[entry for entry in notebook.entries if entry.id != id_])


def with_note(notebook: Notebook, id_: int, note: str) -> Notebook:
    """Return a notebook with another note at an entry."""
    entries = [msgspec.structs.replace(entry, note=note) if entry.id == id_ else entry for entry in notebook.entries]
    return msgspec.structs.replace(notebook, entries=entries)


def with_moved(notebook: Notebook, id_: int, step: int) -> Notebook:
    """Return a notebook with an entry so many places further down; up for less than nothing."""
    entries = list(notebook.entries)
    place = next((place for place, entry in enumerate(entries) if entry.id == id_), None)
    if place is None:
        return notebook
    entry = entries.pop(place)
    entries.insert(min(max(place + step, 0), len(entries)), entry)
    return msgspec.structs.replace(notebook, entries=entries)


def with_title(notebook: Notebook, title: str) -> Notebook:
    """Return a notebook of an incident with another name."""
    return msgspec.structs.replace(notebook, title=title)
