"""What is known besides the lines, one sentence each: what the cluster did, what its pods say, what was found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hallucino_tui.assistant.half_words import without_half_words
from hallucino_tui.assistant.material import Fact
from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent, ContainerFacts, PodFacts
    from hallucino_tui.insight.report.statements import Report

_BEFORE: Final = 15 * 60 * NANOSECONDS
_AFTER: Final = 5 * 60 * NANOSECONDS
_MOST_EVENTS: Final = 300
_MOST_PODS: Final = 60
_MOST_STATEMENTS: Final = 12
_ROLLOUTS: Final = frozenset({EventKind.ROLLOUT, EventKind.SCALED})
_USUAL: Final = frozenset({"MissingClusterDNS", "DNSConfigForming"})
"""Warnings about how a node is set up: they come with every pod, whatever happens."""
_DIFFERS: Final = re.compile(r"[\w.-]*\d[\w.:-]*")
"""What is different in messages that say the same: addresses, names of pods, numbers, identities."""
_SEVERE: Final = frozenset({EventKind.OOM_KILLED, EventKind.BACK_OFF, EventKind.EVICTED, EventKind.RESTART})


def of_events(events: Iterable[ClusterEvent], span: tuple[int, int] | None, pods: Collection[str]) -> list[Fact]:
    """Return what the cluster did near the time of lines, or with the pods that wrote them.

    Args:
        events: All that is known.
        span: The first and the last time of the lines, in nanoseconds since the epoch; None if they have none.
        pods: The names of the pods that wrote them.
    """
    near = [event for event in events if event.pod in pods or span is None or _is_near(event, *span)]
    alike: dict[tuple[str, ...], list[ClusterEvent]] = {}
    for event in near:
        alike.setdefault(_kind_of(event), []).append(event)
    groups = list(alike.values())
    if len(groups) > _MOST_EVENTS:
        # What is severe or new comes first; what is only usual is the first to go.
        groups.sort(key=lambda group: (not _is_severe(group[0]), group[0].kind not in _ROLLOUTS, -_last(group)))
        groups = groups[:_MOST_EVENTS]
    facts = [_fact(group) for group in groups]
    return sorted(facts, key=lambda fact: 0 if fact.time is None else fact.time)


def _kind_of(event: ClusterEvent) -> tuple[str, ...]:
    """Return what events of several pods of one workload have in common."""
    message = event.message.replace(event.pod, "") if event.pod else event.message
    names = event.workload or event.object_name, event.container
    return event.kind, event.reason, *names, str(event.exit_code), _DIFFERS.sub("", message)


def _fact(group: Sequence[ClusterEvent]) -> Fact:
    """Return events that are alike as one fact, in the words of the first."""
    first = min(group, key=lambda event: event.time)
    pods = {event.pod or event.object_name for event in group}
    text = _words_of(first) if len(group) == 1 else f"{_words_of(first, count=False)}{_more(group, len(pods))}"
    time = None if first.time in {0, NO_TIME} else first.time
    return Fact(text, "rollout" if first.kind in _ROLLOUTS else "event", time, _is_severe(first))


def _more(group: Sequence[ClusterEvent], pods: int) -> str:
    count = sum(event.count for event in group)
    among = f" of {pods} {'pods' if group[0].pod else 'objects'}" if pods > 1 else ""
    return f" ({count} times{among}, last at {_clock(_last(group))})"


def _last(group: Sequence[ClusterEvent]) -> int:
    return max(event.last_time for event in group)


def of_pods(pods: Iterable[PodFacts], names: Collection[str], namespaces: Collection[str] = ()) -> list[Fact]:
    """Return what pods say of containers that are not ready or were started again.

    Args:
        pods: All that are known.
        names: The pods that wrote the lines; what they say comes first.
        namespaces: Where these are: a pod beside them that never began wrote no line, and may be the cause.
    """
    asked = [pod for pod in pods if pod.name in names or pod.namespace in namespaces]
    asked.sort(key=lambda pod: pod.name not in names)
    return [
        Fact(f"pod {pod.name}: container {one.name} {words}", "pod", one.last_finished, is_severe=True)
        for pod in asked
        for one in pod.containers
        if (words := _state(one))
    ][:_MOST_PODS]


def of_gaps(gaps: Iterable[str]) -> list[Fact]:
    """Return what could not be read."""
    return [Fact(gap, "gap", is_severe=True) for gap in gaps]


def of_report(report: Report) -> list[Fact]:
    """Return what was found without any model: what it began with, and what is otherwise than before."""
    from hallucino_tui.insight.report.statements import Section  # noqa: PLC0415 - comes with the report

    return list(_statements(report, Section.CAUSE, "statement")) + list(
        _statements(report, Section.SURPRISES, "surprise")
    )


def _statements(report: Report, section: str, kind: str) -> Iterator[Fact]:
    for one in [one for one in report.statements if one.section == section][:_MOST_STATEMENTS]:
        time = None if one.time == NO_TIME else one.time
        yield Fact(without_half_words(one.text), kind, time, is_severe=kind == "statement")


def _is_near(event: ClusterEvent, first: int, last: int) -> bool:
    return event.last_time >= first - _BEFORE and event.time <= last + _AFTER


def _is_severe(event: ClusterEvent) -> bool:
    if event.reason in _USUAL:
        return False
    return event.is_warning or event.kind in _SEVERE or bool(event.exit_code)


def _words_of(event: ClusterEvent, *, count: bool = True) -> str:
    about = "/".join(part for part in (event.object_kind, event.object_name or event.pod) if part)
    where = f" ({event.container})" if event.container else ""
    times = f" ({event.count} times, last at {_clock(event.last_time)})" if count and event.count > 1 else ""
    code = "" if event.exit_code is None else f", exit code {event.exit_code}"
    kind = "Warning " if event.is_warning else ""
    return f"{kind}{event.reason} {about}{where}: {event.message}{code}{times}"


def _state(one: ContainerFacts) -> str:
    """Return what is wrong with a container, "" if nothing is."""
    parts: list[str] = []
    if one.restarts:
        parts.append(f"was started again {one.restarts} {'time' if one.restarts == 1 else 'times'}")
        code = one.last_exit_code if one.last_exit_code is not None else one.exit_code
        why = f" ({one.last_reason})" if one.last_reason else ""
        when = f" at {_clock(one.last_finished)}" if one.last_finished else ""
        if code is not None or why:
            parts.append(f"its run before ended{when} with exit code {'unknown' if code is None else code}{why}")
    elif one.state == "terminated" and one.exit_code:
        parts.append(f"ended with exit code {one.exit_code}" + (f" ({one.reason})" if one.reason else ""))
    if not one.is_ready and one.state != "terminated":
        parts.append(f"is not ready, {one.state or 'state unknown'}" + (f" ({one.reason})" if one.reason else ""))
    return ", ".join(parts)


def _clock(time: int) -> str:
    return f"{datetime.fromtimestamp(time // NANOSECONDS, UTC):%H:%M:%S}"
