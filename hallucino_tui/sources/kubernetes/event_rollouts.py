"""Which of the events that scale ReplicaSets begin a rollout, or take one back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.sources.kubernetes.event_kinds import scaling_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent


class Rollouts:
    """Looks at events in the order of time, and knows which ReplicaSet of each workload is the one that is wanted."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._begun: dict[tuple[str, str], Hashable] = {}
        self._wanted: dict[tuple[str, str], tuple[str, int]] = {}
        self._judged: dict[Hashable, EventKind] = {}

    def judge(self, event: ClusterEvent, key: Hashable) -> ClusterEvent:
        """Return an event with the kind that it has in view of those before.

        A ReplicaSet that is scaled up from nothing is a rollout, and so is an earlier one that grows again while a
        newer one is there: it is rolled back. Older clusters do not say from which size; there it is the first scaling
        of a ReplicaSet that counts.

        Args:
            event: Any event.
            key: What makes it the same as one that was judged before: the judgement stays.
        """
        scaling = scaling_of(event.message) if event.reason == "ScalingReplicaSet" else None
        if scaling is None:
            return event
        known = self._judged.get(key)
        if known is None:
            known = self._judged[key] = self._kind(event, scaling[0], scaling[1], key)
        return event if known is event.kind else replace(event, kind=known)

    def since_rollout(self, event: ClusterEvent) -> int | None:
        """Return the nanoseconds since the last rollout of an event's workload, or None if none is known."""
        wanted = self._wanted.get((event.namespace, event.workload))
        return None if wanted is None else event.time - wanted[1]

    def _kind(self, event: ClusterEvent, replica_set: str, before: int | None, key: Hashable) -> EventKind:
        place = event.namespace, event.workload
        is_first = self._begun.setdefault((event.namespace, replica_set), key) == key
        if "Scaled up" not in event.message:
            return EventKind.SCALED
        wanted = self._wanted.get(place)
        is_start = event.kind is EventKind.ROLLOUT and (before is not None or is_first)
        if not is_start and (wanted is None or wanted[0] == replica_set):
            return EventKind.SCALED
        self._wanted[place] = replica_set, event.time
        return EventKind.ROLLOUT


def mark_rollouts(events: Sequence[ClusterEvent]) -> list[ClusterEvent]:
    """Return events with their kinds as they are in view of all the others, in the order that they have here."""
    rollouts = Rollouts()
    judged = list(events)
    for place in sorted(range(len(events)), key=lambda place: order_of(events[place])):
        judged[place] = rollouts.judge(events[place], place)
    return judged


def order_of(event: ClusterEvent) -> tuple[int, bool]:
    """Return what events are sorted by: a rollout comes before its steps, which may be of the same second."""
    return event.time, event.kind is not EventKind.ROLLOUT
