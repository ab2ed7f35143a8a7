"""Rows of the store as texts without secrets, also rows that only those in front of them give away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.assistant.citations import find_citations
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.session.collect import source_of
from hallucino_tui.session.leaving import Leaving

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable

MOST_BYTES: Final = 64 << 10
"""Bytes of one line that are read."""

Place = tuple[int, "Columns", int]
"""A row, and where it is: its segment and its index there."""


class CitedRow(NamedTuple):
    """A row that something cites.

    Attributes:
        text: Its text, as it came.
        made: The same with secrets replaced.
        time: Nanoseconds since the epoch; None if it has none.
        source: The name of its stream, redacted, too.
    """

    text: str
    made: str
    time: int | None
    source: str


class CitedRows(NamedTuple):
    """What the numbers in a text mean.

    Attributes:
        store: Holds the rows.
        table: Names their streams.
        rows: The rows that ``L1``, ``L2`` … mean; -1 for what is no row.
    """

    store: StoreSnapshot
    table: StreamTable
    rows: Sequence[int]

    def read(self, numbers: Collection[int], redactor: Redactor) -> dict[int, CitedRow]:
        """Return what some numbers mean; those that mean no row, or one that is no longer kept, are left out.

        May read from a disk.
        """
        found: dict[int, Place] = {}
        for number in sorted(numbers):
            row = self.rows[number - 1] if 1 <= number <= len(self.rows) else -1
            place = self.store.find(row) if row >= 0 else None
            if place is not None:
                found[number] = (row, *place)
        places = list(found.values())
        made = redacted_texts(places, self.store, redactor)
        return {
            number: self._row(place, text, redactor) for (number, place), text in zip(found.items(), made, strict=True)
        }

    def without_secrets(self, markdown: str, redactor: Redactor) -> str:
        """Return a report that cites the rows with the secrets in what it quotes replaced. May read from a disk."""
        return leaving_with(list(self.read(numbers_in(markdown), redactor).values()), redactor).markdown(markdown)

    def _row(self, place: Place, made: str, redactor: Redactor) -> CitedRow:
        _, columns, index = place
        time = int(columns.times[index])
        source = redactor.redact(source_of(self.table[int(columns.streams[index])]))
        return CitedRow(text_of(columns, index), made, None if time == NO_TIME else time, source)


def numbers_in(text: str) -> set[int]:
    """Return the numbers that a text cites."""
    return {number for one in find_citations(text) for number in one.numbers}


def leaving_with(rows: Sequence[CitedRow], redactor: Redactor) -> Leaving:
    """Return what replaces secrets in words about rows."""
    return Leaving(redactor, [row.text for row in rows], [row.made for row in rows])


def redacted_texts(places: Sequence[Place], store: StoreSnapshot, redactor: Redactor) -> list[str]:
    """Return the texts of rows without secrets. May read from a disk."""
    import numpy as np  # noqa: PLC0415 - not before the first frame
    import polars as pl  # noqa: PLC0415

    from hallucino_tui.assistant.bodies import without_edge  # noqa: PLC0415 - as above
    from hallucino_tui.session.private_keys import rows_in_keys  # noqa: PLC0415

    rows = np.array([row for row, _, _ in places], np.int64)
    streams = np.array([columns.streams[index] for _, columns, index in places], np.uint32)
    read = [text_of(columns, index) for _, columns, index in places]
    inside = np.flatnonzero(np.isin(rows, rows_in_keys(store, rows)))
    texts: list[str] = redactor.redact_series(
        pl.Series(read, dtype=pl.String), streams, inside=inside.tolist()
    ).to_list()
    return [
        without_edge(text, before) if size_of(columns, index) > MOST_BYTES else text
        for text, before, (_, columns, index) in zip(texts, read, places, strict=True)
    ]


def size_of(columns: Columns, index: int) -> int:
    """Return how many bytes a line has."""
    return int(columns.offsets[index + 1]) - int(columns.offsets[index])


def text_of(columns: Columns, index: int) -> str:
    """Return a line, or the beginning of a very long one."""
    start, end = int(columns.offsets[index]), int(columns.offsets[index + 1])
    return columns.text[start : min(end, start + MOST_BYTES)].tobytes().decode("utf-8", "replace")
