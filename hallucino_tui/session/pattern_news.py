"""Which patterns are new, surge or are gone: the last minutes against the time before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.surprise import SurpriseKind, find_surprises
from hallucino_tui.insight.tally import Span
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.session.evidence import lines_of
from hallucino_tui.session.pattern_list import PatternNews

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.insight.surprise import Surprise
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable

MOST_LINES: Final = 300_000
"""Lines that are compared, the newest."""

_LATELY: Final = 300 * NANOSECONDS
_BADGES: Final = {SurpriseKind.NEW: "new", SurpriseKind.SURGE: "surging", SurpriseKind.DROP: "vanished"}


def newest_rows(store: StoreSnapshot, most: int = MOST_LINES) -> NDArray[np.int64]:
    """Return the newest rows of a store in display order."""
    parts: list[NDArray[np.int64]] = []
    count = 0
    for chunk in reversed(store.chunks):
        parts.append(chunk.rows)
        count += len(chunk)
        if count >= most:
            break
    return np.concatenate(parts[::-1])[-most:] if parts else np.empty(0, np.int64)


def find_news(
    store: StoreSnapshot, table: StreamTable, rows: NDArray[np.int64], numbers: NDArray[np.int32]
) -> dict[int, PatternNews]:
    """Compare the last five minutes with the time before; of a shorter time, the newer half with the older one.

    Args:
        store: Holds the rows.
        table: Names the streams.
        rows: n rows in display order.
        numbers: The templates of them (n, int32), negative for rows that have none.
    """
    known = numbers >= 0
    gathered = lines_of(store, table, rows[known])
    if len(gathered.numbers) != np.count_nonzero(known):
        return {}  # some have left meanwhile
    numbers = numbers[known]
    times = gathered.lines.times[gathered.lines.times != NO_TIME]
    if not len(times):
        return {}
    start, stop = int(times.min()), int(times.max()) + 1
    cut = max(stop - _LATELY, start + (stop - start) // 2)
    found = find_surprises(gathered.lines, numbers, Span(start, cut), Span(cut, stop))
    lately = set(np.unique(numbers[gathered.lines.times >= cut]).tolist())
    return _of_templates(found, lately)


def _of_templates(found: list[Surprise], lately: set[int]) -> dict[int, PatternNews]:
    news: dict[int, PatternNews] = {}
    for one in found:
        badge = _BADGES.get(one.kind, "")
        if one.template is None or not badge or (badge == "vanished" and one.template in lately):
            continue
        digits = -math.log10(max(one.probability, 1e-300))
        news.setdefault(one.template, PatternNews(badge, one.text, digits))
    return news
