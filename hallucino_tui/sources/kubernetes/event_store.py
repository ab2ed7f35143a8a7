"""The events of a cluster that were seen, and which of them are news."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.sources.kubernetes.event_objects import learn, to_event
from hallucino_tui.sources.kubernetes.event_owners import Owners
from hallucino_tui.sources.kubernetes.event_rollouts import Rollouts, order_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.sources.kubernetes.event_objects import EventObject

_QUIET: Final = 600 * NANOSECONDS
"""After so long without it, the same event is news again."""

_MOST: Final = 5000

_TOLD_ONCE: Final = {EventKind.IMAGE, EventKind.BACK_OFF, EventKind.CONFIG, EventKind.VOLUME, EventKind.SCHEDULING}
"""Trouble of which the cluster tells several times in different words."""


class News(NamedTuple):
    """An event that the reader has not heard of.

    Attributes:
        event: What happened.
        uid: The UID of what it is about; "" if it is not known.
        again: Whether it is an older event that came back after a while.
    """

    event: ClusterEvent
    uid: str
    again: bool = False


@dataclass(slots=True)
class _Seen:
    event: ClusterEvent
    told: int


class EventStore:
    """Keeps what events say, the newest version of each. What the cluster forgets stays, within a bound."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.owners = Owners()
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._alike: OrderedDict[tuple[str, ...], int] = OrderedDict()
        self._rollouts = Rollouts()

    def events(self) -> list[ClusterEvent]:
        """Return all events, the earliest first."""
        return sorted((seen.event for seen in self._seen.values()), key=lambda event: event.time)

    def take(self, objects: Iterable[EventObject]) -> list[News]:
        """Take events that are new or changed, several at once; return what of them is news."""
        objects = list(objects)
        for one in objects:
            learn(one, self.owners)
        pairs = [(one, to_event(one, self.owners)) for one in objects]
        # Of what is of one second and one kind, the longest sentence says most.
        pairs.sort(key=lambda pair: (*order_of(pair[1]), -len(pair[1].message)))
        found = [self._take(one, event) for one, event in pairs]
        return [news for news in found if news is not None]

    def add(self, key: str, event: ClusterEvent) -> News | None:
        """Take something that happened and that is no event object; return it if it is news.

        Args:
            key: What makes it the same as an earlier one.
            event: What happened.
        """
        return self._note(key, event, "")

    def _take(self, one: EventObject, event: ClusterEvent) -> News | None:
        meta = one.metadata
        key = meta.uid or f"{meta.namespace}/{meta.name}"
        return self._note(key, self._rollouts.judge(event, key), one.about.uid or "")

    def _note(self, key: str, event: ClusterEvent, uid: str) -> News | None:
        seen = self._seen.pop(key, None)
        # The newest stay longest.
        self._seen[key] = _Seen(event, event.last_time)
        if len(self._seen) > _MOST:
            self._seen.popitem(last=False)
        if seen is not None:
            is_same = (seen.event.kind, seen.event.reason) == (event.kind, event.reason)
            again = event.last_time - seen.told >= _QUIET
            if is_same and not again:
                return None
            return News(event, uid, again=True)
        return None if self._is_noise(event) else News(event, uid)

    def _is_noise(self, event: ClusterEvent) -> bool:
        """Say whether an event only repeats what others of its kind said lately."""
        if event.kind is EventKind.SCALED:
            since = self._rollouts.since_rollout(event)
            return since is not None and 0 <= since < _QUIET
        key = _alike(event)
        last = self._alike.pop(key, None)
        self._alike[key] = max(event.last_time, last or 0)
        if len(self._alike) > _MOST:
            self._alike.popitem(last=False)
        return last is not None and event.last_time - last < _QUIET


def _alike(event: ClusterEvent) -> tuple[str, ...]:
    """Return what events have in common that tell the reader the same."""
    if event.kind is EventKind.OTHER:
        return event.namespace, event.workload, event.kind, event.reason
    place = event.namespace, event.object_kind, event.object_name, event.container, event.kind
    if event.kind is EventKind.PROBE_FAILED:
        return *place, event.message.partition(" ")[0]  # readiness, liveness or startup
    return place if event.kind in _TOLD_ONCE else (*place, event.reason, event.message)
