"""How many lines a filter hides."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.filters import Evaluator, Filter
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.session.filtering import understand

if TYPE_CHECKING:
    from hallucino_tui.logs.segment import Columns
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable

_MOST: Final = 5_000_000
"""Of more lines it would take too long, and many of them are not in memory."""


async def count_hidden(store: StoreSnapshot, table: StreamTable, text: str) -> int | None:
    """Return how many lines of the store a filter does not let through by itself.

    None if there are too many lines to count, or the filter is not understood. Can be cancelled.
    """
    if store.lines > _MOST:
        return None
    understood = await asyncio.to_thread(understand, (text,))
    if understood.problem:
        return None
    evaluator = Evaluator(Filter(queries=understood.queries), table)
    hidden = 0
    for columns in store.segments.values():
        hidden += await asyncio.to_thread(_hidden, evaluator, columns)
    return hidden


def _hidden(evaluator: Evaluator, columns: Columns) -> int:
    passed = evaluator.evaluate(columns, 0, columns.count)
    if columns.has_dividers:
        passed |= columns.levels[: columns.count] >= NOT_A_LINE
    return columns.count - int(np.count_nonzero(passed))
