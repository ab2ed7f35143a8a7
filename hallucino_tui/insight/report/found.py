"""What was found, by kind: affected workloads, errors, warnings, surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.report.evidence import Citation, EventCitation, LineCitation
from hallucino_tui.insight.report.looks import look_at
from hallucino_tui.insight.report.quoting import between, clock, gist, plain, quote, sentence, times_of
from hallucino_tui.insight.report.statements import Section, Statement
from hallucino_tui.insight.report.trouble import owner_of
from hallucino_tui.insight.surprise import SurpriseKind
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.logs.severity import CONTINUED, Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.trouble import Troubles
    from hallucino_tui.insight.surprise import Surprise

_MOST: Final = 8
_MOST_KINDS: Final = 400
_MOST_CITED: Final = 5


def tell_workloads(scene: Scene, troubles: Troubles) -> Iterator[Statement]:
    """Return whom it hit, those with most new errors first; and who shouts as always."""
    hit: dict[str, list[int]] = {}
    for one in troubles.logged:
        hit.setdefault(scene.workloads[one.workload], []).extend(one.lines.tolist())
    ends: dict[str, list[int]] = {}
    for index in troubles.events:
        event = scene.evidence.events[index]
        ends.setdefault(owner_of(event), []).append(index)
    names = sorted({*hit, *ends}, key=lambda name: (-len(hit.get(name, ())), name))
    place = {name: index for index, name in enumerate(scene.workloads)}
    for name in names[:_MOST]:
        lines, events = sorted(hit.get(name, ())), ends.get(name, [])
        words: list[str] = []
        if lines:
            since = f" from {clock(scene.time(lines[0]))} on" if scene.has_times else ""
            words.append(f"{len(lines):,} new warnings and errors{since}")
        if events:
            count = sum(scene.evidence.events[index].count for index in events)
            words.append(f"containers that ended or could not begin, {times_of(count)}")
        cited: list[Citation] = [LineCitation(index) for index in dict.fromkeys((*lines[:1], *lines[-1:]))]
        cited += [EventCitation(index) for index in events[:_MOST_CITED]]
        time = scene.time(lines[0]) if lines else scene.evidence.events[events[0]].time
        query = look_at(scene, place[name]) if name in place else ""
        text = f"{name}: {' and '.join(words)}."
        yield Statement(text, name, tuple(cited), time, Section.WORKLOADS, query, len(lines))
    yield from _noisy(scene, troubles)


def _noisy(scene: Scene, troubles: Troubles) -> Iterator[Statement]:
    for workload in sorted(troubles.noisy):
        rows = scene.severe[scene.of_line[scene.severe] == workload]
        before = rows if troubles.onset is None else rows[scene.moments[rows] < troubles.onset]
        name = scene.workloads[workload]
        text = f"{name}: {len(rows):,} warnings and errors, as often before as after; nothing points at it."
        cited = tuple(LineCitation(int(index)) for index in dict.fromkeys((*before[:2].tolist(), *rows[-2:].tolist())))
        yield Statement(text, name, cited, NO_TIME, Section.WORKLOADS, look_at(scene, workload), len(rows))


def tell_lines(scene: Scene, troubles: Troubles, *, errors: bool) -> Iterator[Statement]:
    """Return what errors, or what warnings, there are: the new ones first, then those with most lines."""
    section = Section.ERRORS if errors else Section.WARNINGS
    new = {(one.workload, one.template): one for one in troubles.logged if (one.level >= Level.ERROR) == errors}
    groups = [
        (key not in new, -len(lines), key, lines)
        for key, lines in _by_template(scene, errors=errors)
        # What a noisy workload says counts only if there is nothing else.
        if key in new or key[0] not in troubles.noisy
    ]
    groups.sort(key=lambda one: one[:3])
    for is_old, _, (workload, template), lines in groups[:_MOST]:
        first, last = int(lines[0]), int(lines[-1])
        line = scene.last_word(first)
        name = scene.workloads[workload]
        age = "" if is_old else "more than before" if new[workload, template].before else "new"
        words = f"{name}: {len(lines):,} × {quote(gist(scene.text(line)))}"
        text = sentence(words, age, between(scene.time(first), scene.time(last)))
        cited = tuple(LineCitation(index) for index in dict.fromkeys((first, line, last)))
        query = look_at(scene, workload, template)
        yield Statement(text, name, cited, scene.time(first), section, query, len(lines))


def _by_template(scene: Scene, *, errors: bool) -> Iterator[tuple[tuple[int, int], NDArray[np.int64]]]:
    kinds = scene.severe_kinds
    for group in kinds.largest(_MOST_KINDS):
        key, is_error = divmod(int(kinds.keys[group]), 2)
        if bool(is_error) == errors:
            yield divmod(key, len(scene.counts)), scene.severe[kinds.members(group)]


def tell_surprises(scene: Scene, surprises: Sequence[Surprise]) -> Iterator[Statement]:
    """Return what is otherwise than before, the most surprising first."""
    told = 0
    for one in surprises:
        if told >= _MOST or not one.lines or one.kind is SurpriseKind.SILENCE:
            continue
        if scene.evidence.lines.levels[one.lines[0]] & CONTINUED or not scene.text(one.lines[0]).strip():
            # Pieces of records, not what happened.
            continue
        told += 1
        first = one.lines[0]
        workload = scene.workload(first)
        what = f"{one.kind.value.replace('-', ' ')}: {quote(gist(scene.text(first)))}"
        text = f"{workload}: {what}, {plain(one.text)}."
        query = look_at(scene, int(scene.of_line[first]), one.template)
        cited = tuple(LineCitation(index) for index in one.lines[:_MOST_CITED])
        yield Statement(text, workload, cited, one.time, Section.SURPRISES, query)
