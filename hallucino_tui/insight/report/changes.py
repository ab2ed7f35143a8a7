"""What was changed: rollouts, jobs, sizes, nodes. A cluster tells of it, or the streams of new pods do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.insight.report.evidence import Citation, EventCitation, LineCitation
from hallucino_tui.insight.report.quoting import named
from hallucino_tui.insight.report.scene import firsts_of
from hallucino_tui.insight.report.settings import Setting, changed_settings, new_first_words
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hallucino_tui.insight.report.scene import Scene

_TOGETHER: Final = 30 * NANOSECONDS
_TOGETHER_PARTS: Final = 8
"""Of a short log, what is made at one time lies within one of so many parts."""
_COMES_UP: Final = 30 * NANOSECONDS
_MANY: Final = 3
_MANY_SHARE: Final = 0.4
_SAME: Final = 90 * NANOSECONDS
_SETTLED_SECONDS: Final = 20
_LONGEST: Final = 2000
_SAYS_SO: Final = (
    r"(?i)re-?load(?:ed|ing)?\b.{0,40}(?:config|settings|cert|rules|polic)|"
    r"(?:config\w*|settings|parameter\b.{0,60}|feature.?flags?\b.{0,40}|rules|polic(?:y|ies)|schema|certificates?)"
    r"\s+(?:was |were |has been |is now )?(?:re-?loaded|changed|updated|applied|switched|enabled|disabled|rotated)|"
    r"\b(?:migration|ALTER TABLE|feature.?flag)\b|SIGHUP"
)
_SCALED: Final = re.compile(r"Scaled (up|down) replica set (\S+)(?: from \d+)? to (\d+)")
_SETS: Final = frozenset({"StatefulSet", "DaemonSet", "ReplicationController"})


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed.

    Attributes:
        workload: Whose; a node's name for what happened to a node.
        kind: ``rollout``, ``job``, ``scaled``, ``new pods``, ``settings`` or ``node``.
        time: When, in nanoseconds since the epoch.
        what: A piece of a sentence that says what, for example ``a rollout (`checkout-7f4c9c5c59`)``.
        citations: What says so.
        settings: What its new pods say otherwise.
        first_words: The first line at its pods' start that no pod had before, if there are no such settings.
        streams: The streams of its pods.
        is_first: Whether nothing was heard of its workload before.
    """

    workload: str
    kind: str
    time: int
    what: str
    citations: tuple[Citation, ...]
    settings: tuple[Setting, ...] = ()
    first_words: int | None = None
    streams: tuple[int, ...] = field(default=())
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes.

    Attributes:
        made: What was changed, the earliest first, without what happened while everything was set up.
        settled: The moment from which on everything was set up and had time to come up.
    """

    made: Sequence[Change]
    settled: int


def find_changes(scene: Scene) -> Changes:
    """Find what was changed."""
    told = list(_from_events(scene.evidence.events))
    seen = list(_from_streams(scene, told))
    seen += _from_lines(scene, [*told, *seen])
    changes = sorted([*told, *seen], key=lambda one: one.time)
    made, set_up = _without_set_up(changes, scene)
    settled = scene.start + min((scene.stop - scene.start) // 10, _COMES_UP)
    if set_up is not None:
        settled = max(settled, min(set_up + _COMES_UP, scene.start + (scene.stop - scene.start) // 3))
    later = {change.workload: scene.stop + 1 for change in made}
    told_of: list[Change] = []
    for change in reversed(made):
        told_of.append(_with_settings(scene, change, later[change.workload]))
        later[change.workload] = change.time
    return Changes(told_of[::-1], settled)


def _from_events(events: Sequence[ClusterEvent]) -> Iterable[Change]:
    # A rollout comes before its other steps, which may be of the same second.
    order = sorted(range(len(events)), key=lambda index: (events[index].time, _kind(events[index]) != "rollout"))
    last: dict[tuple[str, str], _Step] = {}
    for index in order:
        event = events[index]
        kind = _kind(event)
        workload = named(event.object_name if kind == "node" else event.workload)
        if not kind or not workload:
            continue
        key = (workload, kind if kind in {"node", "job"} else "")
        step, before = _step(kind, event), last.get(key)
        if before is not None and before.goes_on_with(step):
            before.time = event.time
            continue
        last[key] = step
        yield Change(workload, kind, event.time, _what(kind, event), _citations(events, index, order))


@dataclass(slots=True)
class _Step:
    """A step of a change: a rollout comes in many, and the first of them is the change."""

    time: int
    kind: str
    replica_set: str = ""
    direction: str = ""
    size: int = 1

    def goes_on_with(self, other: _Step) -> bool:
        """Say whether a later step belongs to the change that began with this one."""
        if other.kind == "rollout" or other.time - self.time >= _SAME:
            return False
        if not self.replica_set or not other.replica_set:
            return True
        if self.kind == "rollout" and other.replica_set != self.replica_set:
            # The old pods make room for the new ones.
            return other.direction == "down"
        # To take away all that there is is never a mere step.
        return (other.replica_set, other.direction) == (self.replica_set, self.direction) and other.size > 0


def _step(kind: str, event: ClusterEvent) -> _Step:
    scaled = _SCALED.search(event.message[:_LONGEST])
    if scaled is None:
        return _Step(event.time, kind)
    return _Step(event.time, kind, scaled[2], scaled[1], int(scaled[3]))


def _kind(event: ClusterEvent) -> str:
    match event.kind:
        case EventKind.ROLLOUT:
            return "rollout"
        case EventKind.SCALED:
            return "scaled"
        case EventKind.JOB if event.reason == "SuccessfulCreate":
            return "job"
        case EventKind.STARTED if event.object_kind in _SETS:
            return "new pods"
        case EventKind.NODE if event.is_warning or event.reason in {"NodeNotReady", "Rebooted", "Shutdown"}:
            return "node"
        case _:
            return ""


def _what(kind: str, event: ClusterEvent) -> str:
    match kind:
        case "rollout":
            return "a rollout"
        case "job":
            return "a job that began"
        case "scaled":
            return "a change of its size"
        case "node":
            return f"a change of the node ({named(event.reason)})"
        case _:
            return "new pods"


def _citations(events: Sequence[ClusterEvent], index: int, order: Sequence[int]) -> tuple[Citation, ...]:
    """Return the event, and what the same workload's controller did in the same moment."""
    event = events[index]
    beside = [
        other
        for other in order
        if other != index
        and events[other].workload == event.workload
        and events[other].kind in {EventKind.SCALED, EventKind.ROLLOUT}
        and abs(events[other].time - event.time) <= 2 * NANOSECONDS
    ]
    return (EventCitation(index), *(EventCitation(other) for other in beside[:2]))


def _from_streams(scene: Scene, told: Sequence[Change]) -> Iterable[Change]:
    """Return what streams tell: pods whose first line comes long after others of all began to write."""
    lines = scene.evidence.lines
    if not scene.has_times or not len(lines):
        return
    settled = scene.start + min((scene.stop - scene.start) // 8, _SETTLED_SECONDS * NANOSECONDS)
    first, last = scene.first, scene.last
    made = {pod.name: pod.created for pod in (*scene.evidence.pods_before, *scene.evidence.pods)}
    pods: dict[str, dict[str, list[int]]] = {}
    for stream, of in enumerate(lines.table):
        pod = of.labels.get("pod")
        if pod and first[stream] >= 0:
            pods.setdefault(scene.writer(stream), {}).setdefault(pod, []).append(stream)
    for workload, streams in pods.items():
        begins = {pod: min(int(scene.moments[first[one]]) for one in own) for pod, own in streams.items()}
        # A pod that says little may be older than its first line.
        late = sorted((time, pod) for pod, time in begins.items() if time > settled and made.get(pod, time) > settled)
        if not late:
            continue
        begin, pod = late[0]
        stream = min(streams[pod], key=lambda one: first[one])
        if any(one.workload == workload and -_SAME <= begin - one.time <= 2 * _SAME for one in told):
            continue
        citations: list[Citation] = [LineCitation(int(first[stream]))]
        olds = [int(last[one]) for name, own in streams.items() if begins[name] <= settled for one in own]
        ended = [index for index in olds if begin - _TOGETHER <= int(scene.moments[index]) <= begin]
        if ended:
            begin = min(begin, *(int(scene.moments[index]) for index in ended))
            citations.append(LineCitation(min(ended)))
        what = "new pods" if olds else "its first pods"
        yield Change(workload, "new pods", begin, what, tuple(citations), is_first=not olds)


def _from_lines(scene: Scene, told: Sequence[Change]) -> Iterable[Change]:
    """Return what programs say themselves: that they read a new configuration, or were switched to something else."""
    evidence = scene.evidence
    if not scene.has_times or not len(evidence.lines):
        return
    numbers = np.flatnonzero(scene.counts)
    examples = pl.Series([text[:_LONGEST] for text in scene.examples(numbers.tolist())], dtype=pl.String)
    wanted = np.zeros(len(scene.counts) + 1, np.bool_)
    wanted[numbers[examples.str.contains(_SAYS_SO).to_numpy()]] = True
    rows = np.flatnonzero(wanted[evidence.templates] & (scene.levels < Level.WARN))
    keys = scene.of_line[rows].astype(np.int64) * len(wanted) + evidence.templates[rows]
    _, places = np.unique(keys, return_index=True)
    settled = scene.start + max((scene.stop - scene.start) // 8, _SETTLED_SECONDS * NANOSECONDS)
    for index in sorted(rows[places].tolist()):
        time, workload = int(scene.moments[index]), scene.workload(index)
        near = any(one.workload == workload and abs(time - one.time) <= _SAME for one in told)
        # Who is heard for the first time says how it starts.
        begun = int(scene.moments[scene.first[evidence.lines.streams[index]]])
        if time > settled and not near and time - begun > _TOGETHER:
            yield Change(workload, "settings", time, "new settings", (LineCitation(index),))


def _without_set_up(changes: list[Change], scene: Scene) -> tuple[list[Change], int | None]:
    """Drop what was made at one time with most other things: that is how a whole system starts. Say when it ended."""
    set_up: int | None = None
    everybody = {*scene.workloads, *(one.workload for one in changes)}
    # That a workload begins to write counts, too: without events, it is all that is known of a start.
    firsts = firsts_of(scene.of_line[scene.begin :], len(scene.workloads))
    older = _older_than_lines(scene)
    begun: list[tuple[int, str, Change | None]] = [
        (int(scene.moments[scene.begin + first]), name, None)
        for name, first in zip(scene.workloads, firsts.tolist(), strict=True)
        if first >= 0 and name not in older
    ]
    moments = sorted([*begun, *((one.time, one.workload, one) for one in changes)], key=lambda one: one[0])
    # In a short log, one thing after the other would soon be all that there is.
    together = min(_TOGETHER, (scene.stop - scene.start) // _TOGETHER_PARTS) if scene.has_times else _TOGETHER
    kept: list[Change] = []
    group: list[tuple[int, str, Change | None]] = []
    for place, moment in enumerate(moments):
        group.append(moment)
        near = together if moment[0] >= scene.start else _TOGETHER
        if place + 1 < len(moments) and moments[place + 1][0] - moment[0] <= near:
            continue
        if len({workload for _, workload, _ in group}) < max(_MANY, _MANY_SHARE * len(everybody)):
            kept += [change for _, _, change in group if change is not None]
        elif any(change is not None for _, _, change in group):
            set_up = group[-1][0]
        group = []
    return kept, set_up


def _older_than_lines(scene: Scene) -> set[str]:
    """Return the workloads with pods that were there long before the first line: what is read of them only begins."""
    start = scene.start - _TOGETHER
    pods = (*scene.evidence.pods_before, *scene.evidence.pods)
    return {named(pod.workload) for pod in pods if 0 < pod.created < start}


def _with_settings(scene: Scene, change: Change, until: int) -> Change:
    """Look for what the pods of a change, until the next one of the same workload, say otherwise than those before."""
    lines = scene.evidence.lines
    if not len(lines) or change.kind in {"node", "settings"}:
        return change
    first = scene.first
    own = [
        stream for stream in range(len(lines.table)) if first[stream] >= 0 and scene.writer(stream) == change.workload
    ]
    limit = change.time - NANOSECONDS
    new = [stream for stream in own if limit <= int(scene.moments[first[stream]]) < until]
    old = [stream for stream in own if int(scene.moments[first[stream]]) < limit]
    settings = tuple(changed_settings(scene, old, new)) if old and new else ()
    words = new_first_words(scene, old, new) if old and new and not settings else None
    return replace(change, settings=settings, first_words=words, streams=tuple(new))
