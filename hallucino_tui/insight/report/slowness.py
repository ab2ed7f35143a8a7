"""What takes far longer than before, where nobody complains of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.report.latency import measure
from hallucino_tui.insight.report.rises import rise_of
from hallucino_tui.insight.report.trouble import Trouble
from hallucino_tui.logs.severity import Level

if TYPE_CHECKING:
    from hallucino_tui.insight.report.scene import Scene

_FEWEST_MEASURED: Final = 10
_SLOWER: Final = 4.0
_LEAST_SLOW_MS: Final = 200.0
_FEWEST_SLOW: Final = 8
_SHORT: Final = 6
_MOSTLY: Final = 4


def find_slowness(scene: Scene, rate: float) -> list[Trouble]:
    """Return what takes far longer from some moment on than in the first third of the time, the earliest first."""
    if not scene.has_times:
        return []
    early = scene.start + (scene.stop - scene.start) // 3
    measured = list(measure(scene))
    found: list[Trouble] = []
    for one in measured:
        usual = one.values[scene.moments[one.rows] < early]
        if len(usual) < _FEWEST_MEASURED:
            continue
        slow = one.values > max(_SLOWER * float(np.percentile(usual, 95)), _LEAST_SLOW_MS)
        rows = one.rows[slow]
        rise = rise_of(scene, one.workload, np.unique(scene.grid.bins(scene.moments[rows])), bursts=False)
        if rise is None or rise.log_probability >= np.log(rate / len(measured)):
            continue
        at = int(np.searchsorted(scene.moments[rows], scene.grid.time(rise.at)))
        # Now and then a neighbour takes the processor away: what counts is slow for long, and mostly.
        lasts = scene.stop - int(scene.moments[rows[at]])
        since = int((one.rows >= rows[at]).sum())
        if (
            lasts * _SHORT < scene.stop - scene.start
            or (len(rows) - at) * _MOSTLY < since
            or len(rows) - at < _FEWEST_SLOW
        ):
            continue
        found.append(Trouble(one.workload, one.template, rows[at:], at, Level.WARN, is_sure=True, is_slow=True))
    return sorted(found, key=lambda one: one.first)
