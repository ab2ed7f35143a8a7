"""Where the pane shows what a cluster did."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable

Dividers: TypeAlias = "Mapping[tuple[int, str], int]"
"""Rows of dividers, by their times in nanoseconds and what they are about: a pod, a workload, a node."""


def dividers_of(store: StoreSnapshot, table: StreamTable, events: Sequence[ClusterEvent]) -> Dividers:
    """Return where the pane shows what a cluster did."""
    from hallucino_tui.logs.severity import NOT_A_LINE  # noqa: PLC0415 - in a thread
    from hallucino_tui.logs.snapshot import INDEX_BITS  # noqa: PLC0415 - the same

    found: dict[tuple[int, str], int] = {}
    if not events:
        return found
    for number, columns in store.segments.items():
        if columns.has_dividers:
            for index in (columns.levels[: columns.count] >= NOT_A_LINE).nonzero()[0].tolist():
                title = table[int(columns.streams[index])].title
                found[int(columns.times[index]), title] = (number << INDEX_BITS) | index
    return found


def row_of(event: ClusterEvent, dividers: Dividers) -> int:
    """Return the row of the divider that shows an event; -1 if there is none."""
    for time in (event.time, event.last_time):
        for title in (event.pod, event.object_name, event.workload):
            if title and (row := dividers.get((time, title))) is not None:
                return row
    return -1
