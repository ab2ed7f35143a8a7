"""Lines that belong together by a key, a request or a block: which sessions went otherwise than the others.

A session is counted by template, and each count is compared with that of the same template in all sessions. The tail of
a count is the share of sessions that have as many lines of the template or more (for a count above the median), or as
few or fewer (below). A session whose rarest count has a tail under the stated rate is an alarm: it has a template that
next to none have, lacks one that nearly all have, or has it far too often or too seldom. Nothing is learned from
sessions that are known to be good, so the rate bounds how many sessions can be an alarm for any one count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.logs.query.regex import for_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RATE: Final = 0.01
"""A count whose tail is smaller is an alarm."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """A session that went otherwise.

    Attributes:
        session: Its number.
        template: The template whose count is the rarest.
        count: How many lines of it the session has.
        usual: The median of all sessions.
        tail: The share of sessions with such a count or one farther out.
        text: The evidence in one phrase.
    """

    session: int
    template: int
    count: int
    usual: float
    tail: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SessionCounts:
    """Lines of sessions, counted by template.

    Attributes:
        keys: The key of each of s sessions.
        sessions: The session of each of k cells that are not zero (int64), ascending.
        templates: The template of each cell (int64).
        counts: The lines of each cell (int64).
    """

    keys: Sequence[str]
    sessions: NDArray[np.int64]
    templates: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, keys: pl.Series, templates: NDArray[np.integer]) -> SessionCounts:
        """Count lines.

        Args:
            keys: The key of each of n lines; null for a line of no session.
            templates: The number of each line's template.
        """
        frame = pl.DataFrame({"key": keys, "template": templates}).drop_nulls("key")
        order = frame.get_column("key").unique(maintain_order=True)
        numbers = pl.DataFrame({"key": order, "session": np.arange(len(order))})
        cells = (
            frame.group_by("key", "template")
            .agg(pl.len().cast(pl.Int64).alias("count"))
            .join(numbers, on="key")
            .sort("session", "template")
        )
        return cls(
            order.to_list(),
            cells.get_column("session").to_numpy(),
            cells.get_column("template").cast(pl.Int64).to_numpy(),
            cells.get_column("count").to_numpy(),
        )

    def odd(self, rate: float = RATE) -> list[Oddity]:
        """Return the sessions that are an alarm, the rarest first.

        Args:
            rate: The tail under which a count is an alarm, between 0 and 1.
        """
        size = len(self.keys)
        if not size:
            return []
        rarest = np.ones(size)
        template = np.full(size, -1, np.int64)
        count = np.zeros(size, np.int64)
        usual = np.zeros(size)
        order = np.argsort(self.templates, kind="stable")
        numbers, starts = np.unique(self.templates[order], return_index=True)
        for number, mine in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
            counts = np.zeros(size, np.int64)
            counts[self.sessions[mine]] = self.counts[mine]
            tails, median = _tails(counts)
            rarer = np.flatnonzero(tails < rarest)
            rarest[rarer], template[rarer], count[rarer], usual[rarer] = tails[rarer], number, counts[rarer], median
        alarms = np.flatnonzero(rarest < rate)
        found = [
            Oddity(
                int(one),
                int(template[one]),
                int(count[one]),
                float(usual[one]),
                float(rarest[one]),
                _phrase(int(count[one]), float(usual[one]), float(rarest[one]), size),
            )
            for one in alarms
        ]
        return sorted(found, key=lambda oddity: (oddity.tail, oddity.session))


def keys_in(lines: pl.Series, pattern: str) -> pl.Series:
    """Find the key of each line.

    Args:
        lines: n strings.
        pattern: A regular expression, in LogQL's notation; its first group is the key, or all of it without a group.

    Returns:
        n keys; null where there is none.

    Raises:
        RegexSyntaxError: The expression is none.
    """
    engine = for_engine(pattern)
    groups = len(pl.Series([""]).str.extract_groups(engine).struct.fields)
    return lines.str.extract(engine, 1 if groups else 0)


KEYS: Final = (
    r'(?i)\b(?:request|req|correlation|trace|transaction|session)[_-]?id"?[=:] ?"?([\w.-]{4,64})',
    r'(?i)\b(?:rid|traceparent|xid)"?[=:] ?"?([\w.-]{4,64})',
    r"\b(blk_-?\d+)\b",
    r"\b([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\b",
)
"""What keys look like, where nobody says."""


def guess_key(lines: pl.Series) -> str | None:
    """Return the expression of `KEYS` that fits most of some lines; None if none fits a tenth of them.

    Args:
        lines: n strings; some thousands are enough.
    """
    found = [(int(lines.str.contains(pattern).sum()), -place) for place, pattern in enumerate(KEYS)]
    most, place = max(found)
    return KEYS[-place] if most and most >= len(lines) / 10 else None


def _tails(counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], float]:
    """Return the share of sessions with each count or one farther from the median, and the median."""
    values, where, sizes = np.unique(counts, return_inverse=True, return_counts=True)
    fewer = sizes.cumsum() / len(counts)
    more = sizes[::-1].cumsum()[::-1] / len(counts)
    median = float(np.median(counts))
    tails = np.where(values > median, more, np.where(values < median, fewer, 1.0))
    return tails[where], median


def _phrase(count: int, usual: float, tail: float, sessions: int) -> str:
    seen = f"{count:,} line{'' if count == 1 else 's'} where {usual:g} {'is' if usual == 1 else 'are'} usual"
    return f"{seen}: such a count is in {round(tail * sessions):,} of {sessions:,} sessions"
