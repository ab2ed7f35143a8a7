"""What of a selection is sent, entry by entry: what the model sees, and what an answer is checked against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what is sent. ``[L1]`` names the first entry, and so on.

    Attributes:
        text: Exactly what is sent behind the id: redacted, neutralised, one physical line. A line of a log begins with
            time and source; one that stands for several says how many, from when to when.
        body: The line's own words in it, redacted and neutralised; for a fact the fact.
        row: By which `Material.rows` knows its line; -1 for what is no line.
        kind: ``line``, or the kind of a fact.
        count: How many lines it stands for.
        first: The time of the first of them in nanoseconds; None if there is none.
        last: The time of the last of them.
        source: Where it comes from; "" if from nowhere.
        gives_orders: Whether it looks like an instruction to the model.
    """

    text: str
    body: str
    row: int = -1
    kind: str = "line"
    count: int = 1
    first: int | None = None
    last: int | None = None
    source: str = ""
    gives_orders: bool = False


@dataclass(frozen=True, slots=True)
class Packing:
    """What is sent of some material.

    Attributes:
        text: All of it: one physical line for each entry with its id in front, and what is said of the whole.
        entries: The entries, from ``L1`` on.
        lines: How many lines the material had.
        covered: How many of them an entry stands for.
        severe: How many templates of level warning or worse the material had.
        severe_kept: How many of these have an entry.
        left_out: How many templates have none.
        secrets: How many different secrets were replaced in what is sent.
        tokens: How many tokens the text is, at most.
    """

    text: str
    entries: tuple[Entry, ...] = ()
    lines: int = 0
    covered: int = 0
    severe: int = 0
    severe_kept: int = 0
    left_out: int = 0
    secrets: int = 0
    tokens: int = 0

    @property
    def coverage(self) -> float:
        """The part of the lines that an entry stands for, 0 to 1."""
        return self.covered / self.lines if self.lines else 1.0

    @property
    def rows(self) -> tuple[int, ...]:
        """The row of each id, from ``L1`` on; -1 for what is no line."""
        return tuple(entry.row for entry in self.entries)
