"""The lines that prove what is said of templates, looked up for a few templates at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.counting import WINDOWS
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hallucino_tui.insight.tally import Selected

_SHOWN: Final = 5

_EXCEPTION: Final = re.compile(r"^\s*(?:Caused by: |panic: )?(?:[\w$]+\.)*\w*(?:Exception|Error|Failure|Interrupt)\b")
_BARE: Final = re.compile(r"^\s*Traceback \(most recent call last")
"""The head of a trace that says nothing itself."""


class Evidence:
    """The lines of some templates.

    Args:
        present: The lines of the present.
        templates: The numbers of the templates (k integers).
        before: The lines of the past, where there are any.
    """

    def __init__(self, present: Selected, templates: NDArray[np.integer], before: Selected | None = None) -> None:
        self._present = present
        self._before = before
        self._now = _places(present, templates)
        self._past = {} if before is None else _places(before, templates)

    def count(self, number: int) -> int:
        """Return how many lines of the present a template has."""
        return len(self._now[number])

    def time(self, number: int, skipped: int = 0) -> int:
        """Return the time of a line of the present; the first but so many."""
        return int(self._present.times[self._now[number][skipped]])

    def from_on(self, number: int, skipped: int = 0) -> tuple[int, ...]:
        """Return the indices of some lines of the present, without the first so many."""
        return tuple(self._present.index[self._now[number][skipped : skipped + _SHOWN]].tolist())

    def last_before(self, number: int) -> tuple[int, ...]:
        """Return the indices of the last lines of the past."""
        if self._before is None:
            return self.from_on(number)
        return tuple(self._before.index[self._past[number][-_SHOWN:]].tolist())

    def severity(self, number: int) -> Level:
        """Return the worst level of a template's lines."""
        worst = int(np.max(self._present.levels[self._now[number]], initial=0))
        if self._before is not None:
            worst = max(worst, int(np.max(self._before.levels[self._past[number]], initial=0)))
        return Level(worst)

    def only_stream(self, number: int) -> int | None:
        """Return the stream that all of a template's lines are of; None if there are several."""
        streams: NDArray[np.int64] = self._present.streams[self._now[number]]
        if not len(streams) and self._before is not None:
            streams = self._before.streams[self._past[number]]
        return int(streams[0]) if len(streams) and (streams == streams[0]).all() else None

    def surge(self, number: int, expected: float) -> int:
        """Return how many lines of a template come before its surge begins.

        Args:
            number: The template.
            expected: How many lines the present would have, had nothing changed.
        """
        windows = self._present.windows()[self._now[number]]
        usual = expected / WINDOWS
        counts = np.bincount(windows, minlength=WINDOWS)
        high = np.flatnonzero(counts > 2 * usual + 3 * np.sqrt(usual))
        return int(np.count_nonzero(windows < high[0])) if len(high) else 0

    def without_frames(self, templates: NDArray[np.int64], text: pl.Series) -> NDArray[np.int64]:
        """Keep one template of each stack trace, the one that names the exception or the last, and no empty line.

        Args:
            templates: The numbers of templates.
            text: The text of all lines.
        """
        traces: dict[int, list[int]] = {}
        kept: list[int] = []
        records = None
        for number in templates.tolist():
            places = self._now[number]
            if len(places) and not self._first(number, text)[:1000].strip():
                continue
            if not len(places) or self._present.heads[places].any():
                kept.append(number)
                continue
            records = _records(self._present) if records is None else records
            traces.setdefault(int(records[places[0]]), []).append(number)
        for record, frames in traces.items():
            # What is indented says no more than its record does.
            said = [number for number in frames if not self._first(number, text)[:1].isspace()]
            if not said:
                continue
            named = [number for number in said if _EXCEPTION.match(self._first(number, text)[:200])]
            best = (named or said)[-1]
            head = int(self._present.templates[record]) if record >= 0 else -1
            # The record's own template tells as much where it is as new as its trace and nothing names an exception.
            if named or head not in kept:
                kept.append(best)
            if named and head in kept and _BARE.match(self._first(head, text)[:200]):
                kept.remove(head)
        return np.array(sorted(kept), np.int64)

    def _first(self, number: int, text: pl.Series) -> str:
        return str(text[int(self._present.index[self._now[number][0]])])


def _places(selected: Selected, templates: NDArray[np.integer]) -> dict[int, NDArray[np.int64]]:
    """Return where in a selection the lines of each template are."""
    size = int(max(selected.templates.max(initial=-1), templates.max(initial=-1))) + 1
    wanted = np.zeros(size, np.bool_)
    wanted[templates] = True
    places = np.flatnonzero(wanted[selected.templates])
    owners = selected.templates[places]
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], templates, side="left")
    stops = np.searchsorted(owners[order], templates, side="right")
    ordered = places[order]
    return {
        number: ordered[start:stop]
        for number, start, stop in zip(templates.tolist(), starts.tolist(), stops.tolist(), strict=True)
    }


def _records(selected: Selected) -> NDArray[np.int64]:
    """Return where in a selection the record of each line begins; -1 for one that began before."""
    order = np.argsort(selected.streams, kind="stable")
    streams = selected.streams[order]
    begins = np.where(selected.heads[order], np.arange(len(order)), -1)
    latest = np.maximum.accumulate(begins) if len(begins) else begins
    first = np.searchsorted(streams, streams, side="left")
    heads = np.where(latest >= first, order[latest], -1)
    records = np.empty_like(heads)
    records[order] = heads
    return records
