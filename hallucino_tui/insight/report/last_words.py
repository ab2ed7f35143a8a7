"""Programs whose last word is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.logs.severity import CONTINUED, Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.insight.report.scene import Scene

_MOST_LAST_WORDS: Final = 5
_MOST_BEHIND: Final = 4
_LAST_SHARE: Final = 20
_FEWEST_IN_FRONT: Final = 3
_TRACE_LINES: Final = 3


def find_last_words(scene: Scene) -> dict[int, int]:
    """Return the workloads of which a stream ends with an error as it never wrote before, and the moment of that.

    A stack trace or a fatal error as the last thing that a program says needs no statistics, unless its lines just end
    with all others.
    """
    lines = scene.evidence.lines
    found: dict[int, int] = {}
    streams = np.flatnonzero(scene.first >= 0).tolist()
    for stream in streams:
        last = int(scene.last[stream])
        own = scene.severe[lines.streams[scene.severe] == stream]
        own = own[scene.levels[own] >= Level.ERROR]
        if not len(own) or len(own) > _MOST_LAST_WORDS:
            continue
        moment = int(scene.moments[own[0]])
        rest = slice(int(own[-1]) + 1, last + 1)
        behind = int(((lines.streams[rest] == stream) & ((lines.levels[rest] & CONTINUED) == 0)).sum())
        in_front = int((lines.streams[: int(own[0])] == stream).sum())
        late = (scene.moments[last] - moment) * _LAST_SHARE <= scene.moments[last] - scene.moments[scene.first[stream]]
        is_end = len(streams) == 1 or scene.moments[last] < scene.stop - (scene.stop - scene.start) // 20
        says_it = Level(int(scene.levels[own].max())) is Level.FATAL or _has_trace(scene, own)
        if says_it and is_end and late and behind <= _MOST_BEHIND and in_front >= _FEWEST_IN_FRONT:
            workload = int(scene.of_stream[stream])
            found[workload] = min(moment, found.get(workload, moment))
    return found


def _has_trace(scene: Scene, own: NDArray[np.int64]) -> bool:
    return any(len(scene.record(int(index))) >= _TRACE_LINES for index in own)
