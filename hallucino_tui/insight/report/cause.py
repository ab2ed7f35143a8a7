"""What it most likely began with, in words and with the best evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.report.evidence import Citation, EventCitation, LineCitation
from hallucino_tui.insight.report.quoting import at, gist, listed, quote, span
from hallucino_tui.insight.report.statements import FirstCause
from hallucino_tui.insight.report.suspects import ANSWER, SLACK_SECONDS, find_suspects, most_telling_death
from hallucino_tui.insight.report.trouble import DEATHS
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import LEVEL_BITS, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.report.changes import Change
    from hallucino_tui.insight.report.naming import Named
    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.suspect import Suspect
    from hallucino_tui.insight.report.trouble import Trouble, Troubles

_ENOUGH: Final = 0.4
_MOST_SETTINGS: Final = 3
_MOST_OTHERS: Final = 2
_LONGEST: Final = 2000
_FEWEST_SHARED: Final = 3
_WORD: Final = re.compile(r"[A-Za-z]{4,}")


def find_first_cause(
    scene: Scene, troubles: Troubles, changes: Sequence[Change], named: Named
) -> tuple[FirstCause | None, list[Suspect]]:
    """Return the most likely first cause, None if nothing is wrong or nothing speaks for anybody; and all suspects."""
    suspects = find_suspects(scene, troubles, changes, named)
    if not troubles.is_incident or not suspects or suspects[0].score < _ENOUGH or troubles.onset is None:
        return None, suspects
    best = suspects[0]
    citations: list[Citation] = []
    sentences = [_begin(scene, best, troubles, citations)]
    sentences += _settings(scene, best, citations)
    sentences += _effects(scene, best, troubles, citations)
    time = best.change.time if best.change is not None else troubles.onset
    unique = tuple(dict.fromkeys(citations))
    return FirstCause(best.workload, " ".join(sentences), unique, time, tuple(best.points)), suspects


def _begin(scene: Scene, best: Suspect, troubles: Troubles, citations: list[Citation]) -> str:
    """Say what happened to the suspect: a change, a death, or its first own error."""
    onset = troubles.onset or 0
    events = scene.evidence.events
    if best.change is not None:
        change = best.change
        citations += change.citations
        if change.streams and not change.settings and change.first_words is None:
            citations += _first_lines(scene, change)
        gap = onset - change.time
        when = f"{span(gap)} before the first trouble" if gap > 0 else "as the trouble began"
        return f"{best.workload}: {change.what}{at(change.time)}, {when}."
    if best.deaths:
        index = most_telling_death(best, events)
        citations.append(EventCitation(index))
        event = events[index]
        return f"{best.workload}: {_death(event.kind)}{at(event.time)}: {quote(event.message or event.reason)}."
    if best.troubles:
        first = best.troubles[0].first
        what = "its answers became slow" if best.troubles[0].is_slow else "its new errors began"
        is_alone = len({one.workload for one in troubles.logged}) == 1
        alone = ", before those of all others" if first == troubles.logged[0].first and not is_alone else ""
        return f"{best.workload}: {what}{at(scene.time(first))}{alone}{_by(best)}."
    return f"{best.workload}: it says little itself, but new errors of {listed(sorted(best.named))} name it."


def _by(best: Suspect) -> str:
    return f", and errors of {listed(sorted(best.named))} name it" if best.named else ""


def _death(kind: EventKind) -> str:
    match kind:
        case EventKind.OOM_KILLED:
            return "a container was killed for want of memory"
        case EventKind.EVICTED:
            return "a pod was evicted"
        case kind if kind in DEATHS:
            return "a container died"
        case _:
            return "a pod could not begin"


def _first_lines(scene: Scene, change: Change) -> list[Citation]:
    lines = scene.evidence.lines
    firsts = [int((lines.streams == stream).argmax()) for stream in change.streams]
    return [LineCitation(min(firsts))] if firsts else []


def _settings(scene: Scene, best: Suspect, citations: list[Citation]) -> list[str]:
    change = best.change
    if change is None:
        return []
    if change.settings:
        told = change.settings[:_MOST_SETTINGS]
        for one in told:
            citations += [LineCitation(one.line), LineCitation(one.old_line)]
        words = [f"{quote(one.name)} {quote(one.after, 48)} (before {quote(one.before, 48)})" for one in told]
        return [f"Its new pods start with {listed(words)}."]
    if change.first_words is not None:
        citations.append(LineCitation(change.first_words))
        return [
            f"Its new pods say at their start what none said before: {quote(gist(scene.text(change.first_words)))}."
        ]
    return []


def _effects(scene: Scene, best: Suspect, troubles: Troubles, citations: list[Citation]) -> list[str]:
    """Say what shows it: the suspect's own first error, how its containers ended, and whom it hit first."""
    sentences: list[str] = []
    if best.change is not None and best.deaths:
        index = most_telling_death(best, scene.evidence.events)
        event = scene.evidence.events[index]
        citations.append(EventCitation(index))
        sentences.append(f"Then {_death(event.kind)}: {quote(event.message or event.reason)}.")
    own = telling(scene, best.troubles)
    if own is not None:
        line = scene.last_word(own.first)
        citations += [LineCitation(own.first), LineCitation(line)]
        sentences.append(f"It says {quote(gist(scene.text(line)))}.")
    others = _hit_first(scene, best, troubles)
    for trouble in others:
        line = scene.last_word(trouble.first)
        citations += [LineCitation(trouble.first), LineCitation(line)]
    if others:
        trouble = others[0]
        words = quote(gist(scene.text(scene.last_word(trouble.first))))
        begin = _said_begin(scene, best)
        is_earlier = begin is not None and int(scene.moments[trouble.first]) < begin - SLACK_SECONDS * NANOSECONDS
        what = "In trouble before that" if is_earlier else "First hit"
        sentences.append(f"{what}: {scene.workloads[trouble.workload]}, {words}.")
    for writer, index in sorted(best.named.items(), key=lambda one: one[1])[:_MOST_OTHERS]:
        citations.append(LineCitation(index))
        if not others and own is None:
            sentences.append(f"{writer} says {quote(gist(scene.text(index)))}.")
    return sentences


def _said_begin(scene: Scene, best: Suspect) -> int | None:
    """Return when what it is said to begin with happened; None if that has no time. What was before is no effect."""
    if best.change is not None:
        return best.change.time
    if best.deaths:
        return scene.evidence.events[most_telling_death(best, scene.evidence.events)].time
    return int(scene.moments[best.troubles[0].first]) if best.troubles else None


def telling(scene: Scene, troubles: Sequence[Trouble]) -> Trouble | None:
    """Return the trouble that says most: a sure error before others, one that says so itself, the earliest of them."""
    written = scene.evidence.lines.levels
    return min(
        troubles,
        key=lambda one: (
            one.level < Level.ERROR,
            not one.is_sure,
            _is_answer(scene, one),
            int(written[one.first]) & LEVEL_BITS < Level.ERROR,
            one.first,
        ),
        default=None,
    )


def _is_answer(scene: Scene, trouble: Trouble) -> bool:
    """Say whether a trouble only counts answers that failed: that says nothing of why."""
    return bool(ANSWER.search(scene.text(trouble.first)[:_LONGEST]))


def _hit_first(scene: Scene, best: Suspect, troubles: Troubles) -> list[Trouble]:
    """Return the first telling trouble of each of the workloads that were hit first, and of who says the same."""
    by_workload: dict[int, list[Trouble]] = {}
    for one in troubles.logged:
        if scene.workloads[one.workload] != best.workload:
            by_workload.setdefault(one.workload, []).append(one)
    # Who was hit first is one thing, which of its errors says most is another.
    groups = sorted(
        by_workload.values(), key=lambda group: min((one.level < Level.ERROR, one.first) for one in group)[1]
    )
    found = [_earliest(scene, group) for group in groups]
    own = telling(scene, best.troubles)
    same = _same_words(scene, own, found[_MOST_OTHERS:]) if own is not None else None
    return found[:_MOST_OTHERS] + ([same] if same is not None else [])


def _earliest(scene: Scene, troubles: Sequence[Trouble]) -> Trouble:
    return min(troubles, key=lambda one: (one.level < Level.ERROR, _is_answer(scene, one), one.first))


def _same_words(scene: Scene, own: Trouble, others: Sequence[Trouble]) -> Trouble | None:
    """Return the trouble of somebody else that shares most words with one: the other end of the same failure."""
    words = set(_WORD.findall(scene.text(scene.last_word(own.first))[:_LONGEST]))
    shared = [(len(words & set(_WORD.findall(scene.text(one.first)[:_LONGEST]))), one) for one in others]
    most, found = max(shared, key=lambda one: one[0], default=(0, None))
    return found if most >= _FEWEST_SHARED else None
