"""What readers of files have for the hub: lines and notices in order, within a bound on memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from hallucino_tui.logs.batch import Batch, offsets_of
from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.receipts import Receipt, StreamState

READ_AHEAD: Final = 32 << 20
"""Bytes that may wait to be taken: the hub takes all of them in one tick, and shows nothing meanwhile."""

_LINE_BYTES: Final = 20  # offset, time and stream number
_PART_LINE_BYTES: Final = 4
_SMALL_BYTES: Final = 256 << 10
_JOINED_BYTES: Final = 1 << 20


class Change(NamedTuple):
    """A new state of a stream.

    Attributes:
        state: How it is now.
        detail: One phrase about it.
    """

    state: StreamState
    detail: str = ""


Item: TypeAlias = Batch | Part | Notice | Change


def size_of(item: Item) -> int:
    """Return about how many bytes of memory an item holds."""
    if isinstance(item, Batch):
        return item.text.nbytes + _LINE_BYTES * len(item)
    return _PART_LINE_BYTES * item.count if isinstance(item, Part) else 0


class Outlet:
    """Collects what all readers bring until the hub takes it. Belongs to one loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._items: list[Batch | Part | Notice] = []
        self._waiting = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._has_room.wait()

    def put(self, receipt: Receipt, item: Item) -> None:
        """Hand over an item, and count it."""
        if isinstance(item, Change):
            receipt.change(item.state, self._clock.now(), item.detail)
            return
        self._items.append(item)
        if isinstance(item, Notice):
            receipt.gaps += item.kind is NoticeKind.GAP
            return
        if isinstance(item, Batch):
            receipt.lines += len(item)
            receipt.bytes += int(item.offsets[-1])
        else:
            receipt.lines += item.count
            receipt.bytes += item.bytes
        receipt.last_line = self._clock.now()
        self._waiting += size_of(item)
        if self._waiting >= READ_AHEAD:
            self._has_room.clear()

    def take(self) -> list[Batch | Part | Notice]:
        """Return everything that was handed over since the last call."""
        items, self._items = self._items, []
        self._waiting = 0
        self._has_room.set()
        return _joined(items)


def _joined(items: list[Batch | Part | Notice]) -> list[Batch | Part | Notice]:
    """Join small batches that are neighbours: a thousand followed files bring a thousand of them each moment."""
    joined: list[Batch | Part | Notice] = []
    small: list[Batch] = []
    size = 0
    for item in items:
        if isinstance(item, Batch) and item.text.nbytes <= _SMALL_BYTES:
            small.append(item)
            size += item.text.nbytes
            if size < _JOINED_BYTES:
                continue
            joined.append(_join(small))
        else:
            if small:
                joined.append(_join(small))
            joined.append(item)
        small, size = [], 0
    if small:
        joined.append(_join(small))
    return joined


def _join(batches: list[Batch]) -> Batch:
    if len(batches) == 1:
        return batches[0]
    return Batch(
        np.concatenate([batch.text for batch in batches]),
        offsets_of(np.concatenate([np.diff(batch.offsets) for batch in batches])),
        np.concatenate([batch.times for batch in batches]),
        np.concatenate([batch.streams for batch in batches]),
    )
