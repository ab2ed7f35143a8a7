"""Lines that belong to others: those around a line, and the last ones before a container was started again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import LEVEL_BITS, NOT_A_LINE, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable

BESIDE: Final = 20
"""Lines of the same pod before and behind a line that say what was around it."""
_ERRORS: Final = 30
_NEAR: Final = 60 * NANOSECONDS
_FAR: Final = 600 * NANOSECONDS
TAIL: Final = 20
"""Lines before a restart that are looked at."""
_MOST_RESTARTS: Final = 25
_RESTARTS: Final = frozenset({EventKind.RESTART, EventKind.OOM_KILLED})


class _Rows(NamedTuple):
    """n lines of the store in the order of their keys: what lines are sorted by, mostly their times."""

    rows: NDArray[np.int64]
    keys: NDArray[np.int64]
    streams: NDArray[np.uint32]
    levels: NDArray[np.uint8]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> _Rows:
        return _Rows(self.rows[chosen], self.keys[chosen], self.streams[chosen], self.levels[chosen])


def around(store: StoreSnapshot, table: StreamTable, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows around others (int64): the nearest of the same pods, and errors of all near them.

    Args:
        store: Holds them.
        table: Names the streams.
        rows: Which rows.
    """
    keys = store.keys(rows)
    keys = keys[keys > np.iinfo(np.int64).min]
    if not len(keys):
        return np.empty(0, np.int64)
    first, last = int(keys.min()), int(keys.max())
    found = _between(store, None, first - _FAR, last + _FAR)
    streams: list[int] = np.unique(found.streams[np.isin(found.rows, rows)]).tolist()
    same = found.where(np.isin(found.streams, _of_pods(table, {_pod(table, stream) for stream in streams})))
    begin, end = np.searchsorted(same.keys, first, "left"), np.searchsorted(same.keys, last, "right")
    beside = same.rows[max(int(begin) - BESIDE, 0) : int(end) + BESIDE]
    severe = (found.levels & LEVEL_BITS) >= Level.ERROR
    near = found.where(severe & (found.keys >= first - _NEAR) & (found.keys <= last + _NEAR))
    distance = np.maximum(first - near.keys, near.keys - last)
    errors = near.rows[np.argsort(distance, kind="stable")[:_ERRORS]]
    return np.union1d(beside, errors)


def before_restarts(
    store: StoreSnapshot, table: StreamTable, events: Sequence[ClusterEvent], pods: Collection[str]
) -> NDArray[np.int64]:
    """Return the last rows of containers before they were started again (int64).

    Args:
        store: Holds them.
        table: Names the streams.
        events: What the cluster did.
        pods: The names of the pods whose restarts matter.
    """
    restarts = {
        (event.pod, event.container, event.time // NANOSECONDS): event
        for event in events
        if event.kind in _RESTARTS and event.pod in pods
    }
    wanted = sorted(restarts.values(), key=lambda event: -event.time)[:_MOST_RESTARTS]
    taken = [np.empty(0, np.int64)]
    for event in wanted:
        streams = [
            stream
            for stream in _of_pods(table, {event.pod}).tolist()
            if not event.container or table[stream].labels.get("container") == event.container
        ]
        found = _between(store, streams, event.time - _FAR, event.time + NANOSECONDS)
        taken.append(found.rows[-TAIL:])
    return np.unique(np.concatenate(taken))


def _between(store: StoreSnapshot, streams: Sequence[int] | None, first: int, last: int) -> _Rows:
    """Return lines of streams, None for all, whose keys lie between two."""
    parts: list[_Rows] = []
    for columns in store.segments.values():
        span = columns.span
        if span is not None and (span[1] < first or span[0] > last):
            continue  # so that what lies on the disk is not read for nothing
        count, body = columns.count, columns.body
        keys, levels, own = body.keys[:count], body.levels[:count], body.streams[:count]
        mask = (keys >= first) & (keys <= last) & (levels < NOT_A_LINE)
        if streams is not None:
            mask &= np.isin(own, np.asarray(streams, np.uint32))
        index = np.flatnonzero(mask)
        parts.append(_Rows(index + columns.first_row, keys[index], own[index], levels[index]))
    if not parts:
        return _Rows(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint8))
    joined = _Rows(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.streams for part in parts]),
        np.concatenate([part.levels for part in parts]),
    )
    return joined.where(np.argsort(joined.keys, kind="stable"))


def _pod(table: StreamTable, stream: int) -> str:
    return table[stream].labels.get("pod", "") or table[stream].title


def _of_pods(table: StreamTable, pods: Collection[str]) -> NDArray[np.uint32]:
    own = [number for number, stream in enumerate(table) if (stream.labels.get("pod", "") or stream.title) in pods]
    return np.array(own, np.uint32)
