"""Lines that a filter lets through, without a screen: as they come, or all of them by their times."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.body import Held
from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.filters import Evaluator, Filter
from hallucino_tui.logs.intake import Intake
from hallucino_tui.logs.notice import Notice
from hallucino_tui.logs.segment import Columns
from hallucino_tui.logs.severity import NOT_A_LINE
from hallucino_tui.logs.snapshot import INDEX_BITS, INDEX_MASK
from hallucino_tui.logs.store import Bounds, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.source import Item

Picked = tuple[Columns, "NDArray[np.int64]"]
"""Some lines of a segment, by their indices in it, in the order in which they are to be shown."""

_AT_ONCE: Final = 2 * max(os.cpu_count() or 1, 1)
_EVERYTHING: Final = 1 << 62


class Sieve:
    """Tests what a source brings on several threads, and gives what passes in order."""

    def __init__(self, table: StreamTable, filter_: Filter, clock: Clock) -> None:
        """Prepare.

        Args:
            table: Names the streams.
            filter_: What lines have to pass.
            clock: Tells the time, for lines that have none.
        """
        self._clock = clock
        self._evaluator = Evaluator(filter_, table)
        self._intake = Intake()

    async def pick(self, items: Sequence[Item]) -> AsyncIterator[Picked]:
        """Return the lines that pass in the order in which they came."""
        pieces = [columns for item in items if (columns := self._columns(item)) is not None]
        for first in range(0, len(pieces), _AT_ONCE):
            group = pieces[first : first + _AT_ONCE]
            for columns, mask in zip(group, await self._test(group), strict=True):
                yield columns, np.flatnonzero(mask)

    async def pick_merged(self, items: Sequence[Item]) -> AsyncIterator[Picked]:
        """Return the lines that pass by their times; those of one stream keep the order that they have."""
        store = Store(Bounds(_EVERYTHING, _EVERYTHING, _EVERYTHING))
        for item in items:
            if isinstance(item, Part):
                store.add_part(item)
            elif not isinstance(item, Notice):
                store.append(self._intake.prepare(item, self._clock.now()))
        snapshot = store.snapshot()
        segments = list(snapshot.segments.values())
        masks: dict[int, NDArray[np.bool_]] = {}
        for first in range(0, len(segments), _AT_ONCE):
            group = segments[first : first + _AT_ONCE]
            masks |= zip((one.number for one in group), await self._test(group), strict=True)
        for picked in _in_display_order(snapshot, masks):
            yield picked

    async def _test(self, group: Sequence[Columns]) -> list[NDArray[np.bool_]]:
        evaluate = self._evaluator.evaluate
        masks = await asyncio.gather(*(asyncio.to_thread(evaluate, one, 0, one.count) for one in group))
        return [
            mask & (one.levels[: one.count] < NOT_A_LINE) if one.has_dividers else mask
            for one, mask in zip(group, masks, strict=True)
        ]

    def _columns(self, item: Item) -> Columns | None:
        if isinstance(item, Notice):
            return None
        if isinstance(item, Part):
            return Columns(0, item.count, item.body, item.first_key, item.last_key)
        batch, levels, raw = self._intake.prepare(item, self._clock.now())
        if not len(batch):
            return None
        body = Held(batch.text, batch.offsets.astype(np.int32), batch.times, batch.streams, levels, raw)
        return Columns(0, len(batch), body, int(batch.times.min()), int(batch.times.max()))


def _in_display_order(snapshot: StoreSnapshot, masks: dict[int, NDArray[np.bool_]]) -> Iterator[Picked]:
    """Return the lines that pass, cut where the next line lies in another segment."""
    for chunk in snapshot.chunks:
        rows = chunk.rows
        segments, index = rows >> INDEX_BITS, rows & INDEX_MASK
        cuts = np.flatnonzero(np.diff(segments)) + 1
        for part, number in zip(np.split(index, cuts), segments[np.concatenate(([0], cuts))].tolist(), strict=True):
            passed = part[masks[number][part]]
            if len(passed):
                yield snapshot.segments[number], passed
