"""Which warnings and errors are new, and when the trouble began. A service that always shouts says nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.report.last_words import find_last_words
from hallucino_tui.insight.report.rises import Rise, rise_of
from hallucino_tui.insight.report.slowness import find_slowness
from hallucino_tui.insight.report.trouble import Trouble, Troubles, is_trouble
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene

_MOST_GROUPS: Final = 4000
_LEAD_SECONDS: Final = 45
_NOISY: Final = 0.04
"""A workload with warnings or errors in more of its bins than this, before the trouble, is noisy."""
_LOUDER: Final = 3.0


def find_troubles(scene: Scene, settled: int, rate: float = 0.01) -> Troubles:
    """Find what is wrong.

    Args:
        scene: The lines.
        settled: What events tell of before this moment is how things come up.
        rate: How often quiet lines may be called trouble.
    """
    groups = list(_groups(scene))
    made = {(pod.namespace, pod.name): pod.created for pod in (*scene.evidence.pods_before, *scene.evidence.pods)}
    deaths = [index for index, event in enumerate(scene.evidence.events) if is_trouble(scene, event, settled, made)]
    deaths.sort(key=lambda index: scene.evidence.events[index].time)
    # One test for each kind of line of each workload, and one for each workload as a whole.
    limit = np.log(rate / max(len(groups) + len(scene.workloads), 1))
    sure: dict[int, Rise] = {}
    for place, group in enumerate(groups):
        rise = rise_of(scene, group.workload, group.occupied, bursts=group.level >= Level.ERROR)
        if rise is not None and rise.log_probability < limit:
            sure[place] = rise
    whole = _whole_workloads(scene, limit) | find_last_words(scene)
    errors = [place for place in sure if groups[place].level >= Level.ERROR]
    begins = [groups[place].from_bin(scene, sure[place].at) for place in errors or sure]
    onset = _onset(scene, begins, deaths, whole)
    if not errors and not deaths and (slow := find_slowness(scene, rate)):
        # Nobody complains, but somebody waits.
        first = min(int(scene.moments[one.first]) for one in slow)
        return Troubles(first, slow, (), _noisy(scene, first, Level.ERROR), is_incident=True)
    if onset is None:
        return Troubles(noisy=_noisy(scene, scene.stop, Level.ERROR))
    noisy = _noisy(scene, onset, Level.ERROR)
    grumbling = noisy | _noisy(scene, onset, Level.WARN)
    lead = onset - min(_LEAD_SECONDS * NANOSECONDS, (onset - scene.start) // 3)
    logged: list[Trouble] = []
    for place, group in enumerate(groups):
        rise = sure.get(place)
        if rise is not None:
            logged.append(group.trouble(group.since(scene, scene.grid.time(rise.at)), is_sure=True))
        elif (
            group.workload not in (noisy if group.level >= Level.ERROR else grumbling)
            and scene.moments[group.lines[0]] >= lead
        ):
            logged.append(group.trouble(group.lines, is_sure=False))
    logged.sort(key=lambda one: one.first)
    first = next((one.first for one in logged if one.level >= Level.ERROR), None)
    if first is not None:
        onset = min(onset, int(scene.moments[first]))
    bad = any(one.is_sure and one.level >= Level.ERROR for one in logged) or bool(deaths)
    bad = bad or any(one.level >= Level.ERROR and one.workload in whole for one in logged)
    return Troubles(onset, logged, deaths, noisy, bad)


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    workload: int
    template: int
    lines: NDArray[np.int64]
    occupied: NDArray[np.int64]
    level: Level

    def since(self, scene: Scene, moment: int) -> NDArray[np.int64]:
        return self.lines[int(np.searchsorted(scene.moments[self.lines], moment)) :]

    def from_bin(self, scene: Scene, at: int) -> int:
        return int(scene.moments[self.since(scene, scene.grid.time(at))[0]])

    def trouble(self, lines: NDArray[np.int64], *, is_sure: bool) -> Trouble:
        return Trouble(self.workload, self.template, lines, len(self.lines) - len(lines), self.level, is_sure)


def _groups(scene: Scene) -> Iterator[_Group]:
    """Return the severe lines of each workload and template, those with most lines if there are too many."""
    kinds = scene.severe_kinds
    for group in kinds.largest(_MOST_GROUPS):
        lines = scene.severe[kinds.members(group)]
        first = int(lines[0])
        yield _Group(
            int(scene.of_line[first]),
            int(scene.evidence.templates[first]),
            lines,
            np.unique(scene.grid.bins(scene.moments[lines])),
            Level(int(scene.levels[lines].max())),
        )


def _whole_workloads(scene: Scene, limit: float) -> dict[int, int]:
    """Return the workloads whose errors as a whole become more, and from which moment on."""
    errors = scene.severe[scene.levels[scene.severe] >= Level.ERROR]
    found: dict[int, int] = {}
    for workload in np.unique(scene.of_line[errors]).tolist():
        own = errors[scene.of_line[errors] == workload]
        moments = scene.moments[own]
        rise = rise_of(scene, workload, np.unique(scene.grid.bins(moments)))
        if rise is not None and rise.log_probability < limit:
            at = int(np.searchsorted(moments, scene.grid.time(rise.at)))
            found[int(workload)] = int(moments[at])
    return found


def _onset(scene: Scene, rises: list[int], deaths: list[int], whole: dict[int, int]) -> int | None:
    moments = rises + list(whole.values())
    ends = [scene.evidence.events[index].time for index in deaths]
    if not moments:
        return min(ends, default=None)
    first = min(moments)
    # A container that died shortly before belongs to the same trouble.
    near = [time for time in ends if first - 2 * _LEAD_SECONDS * NANOSECONDS <= time < first]
    return min([first, *near])


def _noisy(scene: Scene, onset: int, level: Level) -> frozenset[int]:
    """Return the workloads that wrote lines of a level before the trouble about as often as in it."""
    grid = scene.grid
    at = int(grid.bins(np.array([onset]))[0])
    severe = scene.severe[scene.levels[scene.severe] >= level]
    writers = scene.of_line[severe]
    found: set[int] = set()
    for workload in np.unique(writers).tolist():
        occupied = np.unique(grid.bins(scene.moments[severe[writers == workload]]))
        before = int((occupied < at).sum()) / max(at - int(scene.heard[workload]), 1)
        after = int((occupied >= at).sum()) / max(grid.count - at, 1)
        if before > _NOISY and after < _LOUDER * before:
            found.add(int(workload))
    return frozenset(found)
