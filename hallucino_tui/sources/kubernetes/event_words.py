"""What the reader of a log is told of a cluster's events: which of them, as what kind of divider, in which words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.moment import format_prefix
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.sources.kubernetes.event_kinds import scaling_of

if TYPE_CHECKING:
    from hallucino_tui.insight.cluster_events import ClusterEvent

_LONGEST: Final = 300
_IN_POD: Final = re.compile(r" in pod \S+\([0-9a-f-]+\)")
_ALWAYS: Final = {
    EventKind.ROLLOUT: NoticeKind.ROLLOUT,
    EventKind.SCALED: NoticeKind.EVENT,
    EventKind.OOM_KILLED: NoticeKind.OOM,
    EventKind.RESTART: NoticeKind.KILLED,
    EventKind.EVICTED: NoticeKind.KILLED,
    EventKind.PROBE_FAILED: NoticeKind.PROBE,
    EventKind.BACK_OFF: NoticeKind.TROUBLE,
    EventKind.NODE: NoticeKind.EVENT,
    EventKind.JOB: NoticeKind.EVENT,
}
_WARNINGS: Final = {
    **_ALWAYS,
    **dict.fromkeys(
        (
            EventKind.IMAGE,
            EventKind.CONFIG,
            EventKind.SCHEDULING,
            EventKind.VOLUME,
            EventKind.NODE,
            EventKind.JOB,
            EventKind.STOPPED,
        ),
        NoticeKind.TROUBLE,
    ),
    EventKind.OTHER: NoticeKind.NOTE,
    EventKind.STARTED: NoticeKind.NOTE,
}
_BAD_NODE: Final = {"NodeNotReady", "NodeNotSchedulable", "NodeHasDiskPressure", "NodeHasInsufficientMemory"}


def notice_kind(event: ClusterEvent) -> NoticeKind | None:
    """Return the kind of an event's divider, or None if it changes nothing for who reads logs.

    Normal steps in the life of a pod have none: it is placed, its image is there, its containers start and stop.
    """
    if event.reason in _BAD_NODE or (event.object_kind == "Node" and event.kind is EventKind.OOM_KILLED):
        # Whose memory it was is told by the container that was killed.
        return NoticeKind.TROUBLE
    if event.object_kind == "CronJob" and not event.is_warning:
        return None  # its Job tells the same
    return (_WARNINGS if event.is_warning else _ALWAYS).get(event.kind)


def sentence(event: ClusterEvent, *, since: bool = False) -> str:
    """Return an event's sentence, without the name of what it is about.

    Args:
        event: The event.
        since: Whether the divider stands at the event's last time, so that its first has to be said.
    """
    words = _IN_POD.sub("", " ".join(event.message.split()))
    words = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    scaling = scaling_of(event.message)
    if event.kind is EventKind.ROLLOUT and scaling is not None:
        if scaling[1]:
            return f"rollout back to {scaling[0]}: scaled up from {scaling[1]} to {scaling[2]}"
        return f"rollout: ReplicaSet {scaling[0]} is scaled up from 0 to {scaling[2]}"
    if event.reason and event.reason not in words:
        words = f"{event.reason}: {words}" if words else event.reason
    if since and event.count > 1:
        words += f" ({event.count} times since {format_prefix(event.time)[11:19]} UTC)"
    return words
