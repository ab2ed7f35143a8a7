"""What happened, in order: changes, ends of containers, failed probes, first errors, silences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.cluster_events import ClusterEvent, EventKind
from hallucino_tui.insight.report.evidence import EventCitation, LineCitation
from hallucino_tui.insight.report.looks import look_at
from hallucino_tui.insight.report.quoting import clock, gist, plain, quote, times_of
from hallucino_tui.insight.report.statements import Section, Statement
from hallucino_tui.insight.report.trouble import ASKED, BLOCKERS, DEATHS, owner_of
from hallucino_tui.insight.surprise import SurpriseKind
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hallucino_tui.insight.report.changes import Change, Changes
    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Trouble, Troubles
    from hallucino_tui.insight.surprise import Surprise

_MOST: Final = 28
_MOST_FIRSTS: Final = 10
_MOST_CITED: Final = 5
_ENDS: Final = DEATHS | {EventKind.STOPPED}
_WORDS: Final = {
    EventKind.OOM_KILLED: "killed for want of memory",
    EventKind.RESTART: "a container ended and was started again",
    EventKind.BACK_OFF: "a container keeps failing and is started again ever later",
    EventKind.EVICTED: "evicted",
    EventKind.STOPPED: "a container ended",
    EventKind.IMAGE: "its image cannot be had",
    EventKind.CONFIG: "its containers cannot be made",
    EventKind.VOLUME: "trouble with a volume",
    EventKind.NODE: "trouble with a node",
    EventKind.SCHEDULING: "no place for a pod",
    EventKind.PROBE_FAILED: "a probe failed",
}


def tell_timeline(scene: Scene, troubles: Troubles, changes: Changes, surprises: Sequence[Surprise]) -> list[Statement]:
    """Return what happened, in order of time."""
    told = [
        *(_of_change(scene, change) for change in changes.made),
        *_of_events(scene, changes.settled),
        *_of_restarts(scene),
        *_of_first_lines(scene, troubles.logged),
        *_of_silences(scene, surprises),
    ]
    return sorted(told[:_MOST], key=lambda one: one.time)


def _when(time: int) -> str:
    return f"{clock(time)} " if time != NO_TIME else ""


def _of_change(scene: Scene, change: Change) -> Statement:
    first = change.citations[0]
    if isinstance(first, EventCitation):
        words = quote(scene.evidence.events[first.index].message)
    else:
        words = quote(gist(scene.text(first.index)))
    text = f"{_when(change.time)}{change.workload}: {change.what}: {words}."
    return Statement(text, change.workload, change.citations, change.time, Section.TIMELINE)


def _of_events(scene: Scene, settled: int) -> Iterator[Statement]:
    """Return ends and failures, those of one kind and message of a workload together."""
    groups: dict[tuple[str, EventKind, str], list[int]] = {}
    for index, event in enumerate(scene.evidence.events):
        if event.time > settled and _is_told(event):
            key = (owner_of(event), event.kind, _same(event))
            groups.setdefault(key, []).append(index)
    order = sorted(groups.items(), key=lambda one: (one[0][1] is EventKind.PROBE_FAILED, _first(scene, one[1])))
    for (workload, kind, _), indices in order:
        indices.sort(key=lambda index: scene.evidence.events[index].time)
        event = scene.evidence.events[indices[0]]
        count = sum(scene.evidence.events[index].count for index in indices)
        what = f"{_WORDS[kind]}, {times_of(count)}: {quote(event.message or event.reason)}"
        text = f"{_when(event.time)}{workload}: {what}."
        cited = tuple(EventCitation(index) for index in indices[:_MOST_CITED])
        yield Statement(text, workload, cited, event.time, Section.TIMELINE, count=count)


def _is_told(event: ClusterEvent) -> bool:
    if event.kind is EventKind.STOPPED:
        return bool(event.exit_code) and event.exit_code not in ASKED
    return event.kind in _ENDS or (
        (event.kind in BLOCKERS or event.kind is EventKind.PROBE_FAILED) and event.is_warning
    )


def _same(event: ClusterEvent) -> str:
    """Return what events have in common that differ in pods and numbers only."""
    if event.exit_code is not None or event.kind is EventKind.BACK_OFF:
        return f"{event.reason} {event.exit_code}"
    return " ".join(word for word in event.message.split() if word.isalpha())[:80]


def _first(scene: Scene, indices: Sequence[int]) -> int:
    return min(scene.evidence.events[index].time for index in indices)


def _of_restarts(scene: Scene) -> Iterator[Statement]:
    """Return restarts that only the streams tell of: no event does."""
    if any(event.kind in DEATHS for event in scene.evidence.events):
        return
    lines = scene.evidence.lines
    runs: dict[str, list[int]] = {}
    for stream, of in enumerate(lines.table):
        if of.labels.get("restart", "0") != "0":
            found = (lines.streams == stream).argmax() if len(lines) else 0
            if len(lines) and lines.streams[found] == stream:
                runs.setdefault(scene.writer(stream), []).append(int(found))
    for workload, firsts in runs.items():
        firsts.sort()
        words = f"started again {times_of(len(firsts))}, the first time with {quote(gist(scene.text(firsts[0])))}"
        text = f"{_when(scene.time(firsts[0]))}{workload}: {words}."
        cited = tuple(LineCitation(index) for index in firsts[:_MOST_CITED])
        yield Statement(text, workload, cited, scene.time(firsts[0]), Section.TIMELINE, count=len(firsts))


def _of_first_lines(scene: Scene, logged: Sequence[Trouble]) -> Iterator[Statement]:
    """Return the first new errors; warnings only of those who write no errors."""
    loud = {one.workload for one in logged if one.level >= Level.ERROR}
    chosen = [one for one in logged if one.level >= Level.ERROR or one.workload not in loud]
    for one in chosen[:_MOST_FIRSTS]:
        index = one.first
        line = scene.last_word(index)
        cited = tuple(dict.fromkeys((LineCitation(index), LineCitation(line))))
        workload = scene.workloads[one.workload]
        word = "slow answer" if one.is_slow else "error" if one.level >= Level.ERROR else "warning"
        begins = f"{word}s become frequent" if one.before else f"a new {word}"
        text = f"{_when(scene.time(index))}{workload}: {begins}, {times_of(len(one.lines))} from here on: "
        text += f"{quote(gist(scene.text(line)))}."
        query = look_at(scene, one.workload, one.template)
        yield Statement(text, workload, cited, scene.time(index), Section.TIMELINE, query, len(one.lines))


def _of_silences(scene: Scene, surprises: Sequence[Surprise]) -> Iterator[Statement]:
    for one in surprises:
        if one.kind is SurpriseKind.SILENCE and one.lines:
            last = one.lines[-1]
            workload = scene.workload(last)
            words = f"{plain(one.text)}. Its last line: {quote(gist(scene.text(last)))}"
            text = f"{_when(one.time)}{workload} falls silent: {words}."
            cited = tuple(LineCitation(index) for index in one.lines[-_MOST_CITED:])
            yield Statement(text, workload, cited, one.time, Section.TIMELINE, look_at(scene, int(scene.of_line[last])))
