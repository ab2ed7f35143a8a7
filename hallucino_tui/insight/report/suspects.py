"""Who may have begun it, and what speaks for each: points that a reader can follow, added up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.report.connections import forget_shared, weigh_connections
from hallucino_tui.insight.report.evidence import EventCitation
from hallucino_tui.insight.report.suspect import NAME_IT, WAS_CHANGED, Suspect
from hallucino_tui.insight.report.trouble import DEATHS, owner_of
from hallucino_tui.logs.moment import NANOSECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.insight.report.changes import Change
    from hallucino_tui.insight.report.naming import Named
    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Troubles

_CHANGED: Final = 4.0
_HALF_SECONDS: Final = 180.0
"""A change so long before the trouble speaks half as loud."""
_FAINTEST: Final = 0.15
SLACK_SECONDS: Final = 2
"""Events tell whole seconds, and clocks differ."""
_LATE_SECONDS: Final = 3.0
"""Whose first sign comes so long after the first trouble is suspected half as much."""
_SEEN_LATE_SECONDS: Final = 15
"""New pods write their first line so long after the old ones are gone, where no event tells of the change."""
_FIRST_HEARD: Final = 0.7
"""Who is heard for the first time was perhaps only silent before."""
_OTHER_SETTINGS: Final = 1.5
_DEATH: Final = {
    EventKind.OOM_KILLED: 2.5,
    EventKind.RESTART: 1.5,
    EventKind.BACK_OFF: 1.0,
    EventKind.IMAGE: 2.0,
    EventKind.CONFIG: 2.0,
    EventKind.VOLUME: 1.5,
    EventKind.EVICTED: 1.5,
    EventKind.SCHEDULING: 1.0,
    EventKind.NODE: 1.0,
}
_OTHER_DEATH: Final = 0.5
_OWN_TROUBLE: Final = 1.0
_NAMED: Final = 1.2
_NAMED_AGAIN: Final = 0.4
_AS_CLIENT: Final = 0.6
_POINTS_ON: Final = 0.8
_PASSED_ON: Final = 0.7
_ONLY_ANSWERS: Final = 0.5
ANSWER: Final = re.compile(r"HTTP/[0-9.]+\"? [45]\d\d\b|-> [45]\d\d\b|\bstatus\"?[=:] ?\"?[45]\d\d\b")
"""What lines say that tell a request's answer, and that it failed."""
_LONGEST: Final = 4000


def find_suspects(scene: Scene, troubles: Troubles, changes: Sequence[Change], named: Named) -> list[Suspect]:
    """Return who may have begun it, the most suspicious first.

    What speaks for a workload: it was changed shortly before; its new pods tell other settings; its containers died;
    its own errors came first; errors of others name it as what they call, or as their client. What speaks against it:
    nothing of it was changed and its errors point on to somebody else. A workload that always shouts says nothing.
    """
    onset = troubles.onset
    if onset is None:
        return []
    book = _book(scene, troubles, changes, named, onset)
    for one in book.values():
        forget_shared(scene, one, onset)
    for one in book.values():
        _weigh_pointing_on(one, book, named)
    weigh_connections(scene, book.values(), named)
    for one in book.values():
        _weigh_lateness(one, scene, onset)
    return sorted(book.values(), key=lambda one: (-one.score, one.workload))


def _book(scene: Scene, troubles: Troubles, changes: Sequence[Change], named: Named, onset: int) -> dict[str, Suspect]:
    """Return everybody of whom something is known, with what speaks for each taken by itself."""
    book: dict[str, Suspect] = {}

    def suspect(name: str) -> Suspect:
        return book.setdefault(name, Suspect(name))

    for made in changes:
        _weigh_change(suspect(made.workload), made, onset)
    for index in troubles.events:
        suspect(owner_of(scene.evidence.events[index])).deaths.append(index)
    for one in list(book.values()):
        _weigh_death(one, scene.evidence.events, onset)
    first = min((int(scene.moments[one.first]) for one in troubles.logged), default=onset)
    for trouble in troubles.logged:
        suspect(scene.workloads[trouble.workload]).troubles.append(trouble)
    for one in list(book.values()):
        _weigh_troubles(one, scene, first)
    for name, writers in named.called.items():
        _weigh_names(suspect(name), writers)
    for name, lines in named.clients.items():
        _weigh_clients(suspect(name), lines)
    return book


def _weigh_change(one: Suspect, change: Change, onset: int) -> None:
    from_events = any(isinstance(citation, EventCitation) for citation in change.citations)
    late = SLACK_SECONDS if from_events else _SEEN_LATE_SECONDS
    gap = (onset - change.time) / NANOSECONDS
    if gap < -late:
        return
    points = _CHANGED * max(1 / (1 + max(gap, 0.0) / _HALF_SECONDS), _FAINTEST)
    if not from_events and change.is_first:
        points *= _FIRST_HEARD
    if change.settings or change.first_words is not None:
        points += _OTHER_SETTINGS
    before = sum(value for reason, value in one.points if reason.startswith(WAS_CHANGED))
    if points <= before:
        return
    one.points = [point for point in one.points if not point[0].startswith(WAS_CHANGED)]
    one.points.append((f"{WAS_CHANGED} {max(gap, 0.0):.0f} s before the trouble", points))
    one.change = change


def _weigh_death(one: Suspect, events: Sequence[ClusterEvent], onset: int) -> None:
    """Pods tell only of their last death: how early the first was, whatever its kind, says when they began to die."""
    if not one.deaths:
        return
    late = max(events[one.deaths[0]].time - onset, 0) / NANOSECONDS
    for word, is_death in (("its containers died", True), ("its containers could not begin", False)):
        kinds = {events[index].kind for index in one.deaths}
        worst = max((_DEATH.get(kind, _OTHER_DEATH) for kind in kinds if (kind in DEATHS) == is_death), default=0.0)
        if worst:
            one.points.append((word, worst / (1 + late / 30)))


def most_telling_death(one: Suspect, events: Sequence[ClusterEvent]) -> int:
    """Return the index of the event that says most of how a workload's containers died: of its kind, the earliest."""
    return max(one.deaths, key=lambda index: (_DEATH.get(events[index].kind, _OTHER_DEATH), -events[index].time))


def _weigh_troubles(one: Suspect, scene: Scene, first: int) -> None:
    if one.troubles:
        late = (int(scene.moments[one.troubles[0].first]) - first) / NANOSECONDS
        points = _OWN_TROUBLE / (1 + late / 10)
        # Who only counts answers that failed says nothing of why.
        if all(ANSWER.search(scene.text(trouble.first)[:_LONGEST]) for trouble in one.troubles):
            points *= _ONLY_ANSWERS
        one.points.append((f"its own errors came {late:.0f} s after the first", points))


def _weigh_names(one: Suspect, writers: dict[str, tuple[float, int]]) -> None:
    sure = sorted((value for value, _ in writers.values()), reverse=True)
    points = _NAMED * sure[0] + _NAMED_AGAIN * sum(sure[1:])
    one.points.append((f"errors of {', '.join(sorted(writers))} {NAME_IT}", points))
    for writer, (_, index) in writers.items():
        one.named[writer] = index


def _weigh_clients(one: Suspect, lines: dict[str, int]) -> None:
    one.points.append((f"errors of {', '.join(sorted(lines))} name it as their client", _AS_CLIENT))
    for writer, index in lines.items():
        one.named.setdefault(writer, index)


def _weigh_pointing_on(one: Suspect, book: dict[str, Suspect], named: Named) -> None:
    """Who only complains of others is a victim, unless it was changed: what is said of it is about them, too."""
    if one.change is not None or one.deaths:
        return
    on = [name for name in named.calls.get(one.workload, ()) if book[name].score > 0]
    if on:
        passed = sum(points for reason, points in one.points if reason.endswith(NAME_IT))
        one.points.append((f"its errors point on to {', '.join(sorted(on))}", -_POINTS_ON - _PASSED_ON * passed))


def _weigh_lateness(one: Suspect, scene: Scene, onset: int) -> None:
    """A cause comes before its effects: of whom nothing is known until others were in trouble is more likely hit."""
    begin = _begin_of(one, scene)
    late = 0.0 if begin is None else (begin - onset) / NANOSECONDS
    if late > SLACK_SECONDS and one.score > 0:
        lost = one.score * (1 - 1 / (1 + late / _LATE_SECONDS))
        one.points.append((f"nothing is known of it until {late:.0f} s after the first trouble", -lost))


def _begin_of(one: Suspect, scene: Scene) -> int | None:
    """Return when the first sign of a suspect was seen: its change, a death, an error of its own or one that names it.

    None if there is no sign.
    """
    if one.change is not None:
        return one.change.time
    signs = [scene.evidence.events[index].time for index in one.deaths[:1]]
    signs += [int(scene.moments[trouble.first]) for trouble in one.troubles[:1]]
    signs += [int(scene.moments[index]) for index in one.named.values()]
    return min(signs, default=None)
