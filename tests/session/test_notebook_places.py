"""Where entries of a notebook belong in the logs."""

from __future__ import annotations

import pytest

from hallucino_tui.session.notebook import (
    AnswerEntry,
    Entry,
    KeptClaim,
    KeptLine,
    KeptSource,
    LinesEntry,
    ViewEntry,
)
from hallucino_tui.session.notebook_places import Place, place_of

POD = {"pod": "checkout-1"}
LATE, EARLY = KeptLine("late", 20, labels=POD), KeptLine("early", 10)
SENT = [KeptSource("one", first=30), KeptSource("two", first=7), KeptSource("three")]


def answer(*citations: int) -> Entry:
    return AnswerEntry(question="?", answer="!", claims=[KeptClaim("!", [*citations], "supported")], sent=SENT)


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        (LinesEntry(lines=[LATE, EARLY]), Place(20, POD)),
        (LinesEntry(lines=[KeptLine("no time"), EARLY]), Place(10, {})),
        (LinesEntry(lines=[KeptLine("no time")]), None),
        (LinesEntry(lines=[]), None),
        (ViewEntry(since=5, lines=[LATE, EARLY]), Place(5)),
        (ViewEntry(lines=[LATE, EARLY]), Place(10)),
        (ViewEntry(), None),
        (answer(1), Place(30)),
        (answer(), Place(7)),
        (answer(3), None),
        (answer(9), Place(7)),
    ],
)
def test_an_entry_begins_where_its_first_line_stood(entry: Entry, place: Place | None) -> None:
    assert place_of(entry) == place
