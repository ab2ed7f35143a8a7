"""Whether a change has anything to do with the trouble: systems are changed all day, and most changes do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from collections.abc import Collection

    from hallucino_tui.insight.report.changes import Change
    from hallucino_tui.insight.report.naming import Named
    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.insight.report.suspect import Suspect

_MAY_BE_QUIET: Final = 0.75
"""A change that may do harm without being named, of who neither complains nor is named, speaks less loud."""
_UNCONNECTED: Final = 0.2
"""Any other change of such a one, even with new settings, speaks less loud than one error that names somebody."""
_UNCHANGED: Final = 0.6
"""What others say of somebody speaks less loud if somebody else was changed."""
_AT_ONCE: Final = 10 * NANOSECONDS
_NOT_OF_PODS: Final = frozenset({"job", "settings", "node"})
_TRAFFIC: Final = 30 * NANOSECONDS
_MORE: Final = 2.0
_SIGMAS: Final = 4.0
_STREAMS: Final = 8
_LINES: Final = 20
_LONGEST: Final = 4000


def forget_shared(scene: Scene, one: Suspect, onset: int) -> None:
    """Forget a change of pods if pods from before it complain as early as its new ones: something else is wrong.

    New settings and deaths speak for the change all the same: old pods may suffer from what new ones do.
    """
    change = one.change
    if change is None or change.kind in _NOT_OF_PODS or change.settings or one.deaths or not change.streams:
        return
    if not one.troubles:
        return
    lines = np.concatenate([trouble.lines for trouble in one.troubles])
    lines = lines[scene.moments[lines] < onset + _AT_ONCE]
    streams = np.unique(scene.evidence.lines.streams[lines])
    old = int((scene.moments[scene.first[streams]] < change.time - NANOSECONDS).sum())
    if old and old * 2 >= len(streams):
        one.forget_change()


def weigh_connections(scene: Scene, suspects: Collection[Suspect], named: Named) -> None:
    """Let changes that nothing leads to speak less loud, and names where a change is that something leads to.

    Systems seldom break by themselves: a change that the trouble leads to comes before whom others only name.
    """
    # Whom others name and who names nobody: there the chain of names ends.
    ends = {name for name in named.called if not named.calls.get(name, set()) - {name}}
    is_changed = False
    for one in suspects:
        if one.change is None:
            continue
        factor = _loudness(scene, one, one.change, named, ends)
        one.lower_change(factor)
        is_changed = is_changed or factor > _UNCONNECTED
    for one in suspects:
        if one.change is None and is_changed:
            one.lower_names(_UNCHANGED)


def _loudness(scene: Scene, one: Suspect, change: Change, named: Named, ends: set[str]) -> float:
    if one.troubles or one.named or one.deaths:
        return 1.0
    if not named.called or change.kind in {"node", "settings"}:
        return _MAY_BE_QUIET
    calls = _calls(scene, change, named)
    # What works hard on a server that many share hurts all of them, and none of them knows of it.
    if change.kind == "job" and (ends & named.servers or ends & calls):
        return _MAY_BE_QUIET
    if any(_is_busier(scene, name, change.time) for name in (change.workload, *calls)):
        return _MAY_BE_QUIET
    return _UNCONNECTED


def _calls(scene: Scene, change: Change, named: Named) -> set[str]:
    """Return whom the first lines of a change's pods name, whatever they say."""
    lines = scene.evidence.lines
    own = [stream for stream in range(len(lines.table)) if scene.writer(stream) == change.workload]
    found: set[str] = set()
    for stream in (change.streams or own)[:_STREAMS]:
        for index in np.flatnonzero(lines.streams == stream)[:_LINES].tolist():
            found.update(named.called_in(scene.text(index)[:_LONGEST]))
    return found - {change.workload}


def _is_busier(scene: Scene, name: str, moment: int) -> bool:
    """Say whether a workload writes far more healthy lines, of kinds that it wrote before, from a moment on."""
    if name not in scene.workloads or not scene.has_times:
        return False
    edges = (moment - _TRAFFIC, moment, moment + _TRAFFIC)
    start, at, stop = (int(np.searchsorted(scene.moments, edge)) for edge in edges)
    wanted = (scene.of_line[start:stop] == scene.workloads.index(name)) & (scene.levels[start:stop] < Level.WARN)
    own = start + np.flatnonzero(wanted)
    known = scene.evidence.templates[own[own < at]]
    # How new pods begin is no work that somebody asked for.
    after = int(np.count_nonzero(np.isin(scene.evidence.templates[own[own >= at]], known)))
    usual = len(known) * min(_TRAFFIC, scene.stop - moment) / max(min(_TRAFFIC, moment - scene.start), 1)
    return after > _MORE * usual and after - usual > _SIGMAS * max(usual, 1.0) ** 0.5
