"""What is wrong: new warnings and errors, and events that tell of trouble."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hallucino_tui.insight.cluster_events import EventKind
from hallucino_tui.insight.report.quoting import named
from hallucino_tui.logs.moment import NANOSECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.cluster_events import ClusterEvent
    from hallucino_tui.insight.report.scene import Scene
    from hallucino_tui.logs.severity import Level

_LATE_SECONDS: Final = 300
"""Events may be so much younger than the last line."""
DEATHS: Final = frozenset({EventKind.OOM_KILLED, EventKind.RESTART, EventKind.BACK_OFF, EventKind.EVICTED})
BLOCKERS: Final = frozenset({EventKind.IMAGE, EventKind.CONFIG, EventKind.VOLUME, EventKind.NODE, EventKind.SCHEDULING})
ASKED: Final = frozenset({0, 143})
"""Exit codes of programs that ended because they were asked to."""


@dataclass(frozen=True, slots=True, eq=False)
class Trouble:
    """Warnings or errors of one kind by one workload, which began or became more.

    Attributes:
        workload: Index of the workload.
        template: Number of the template.
        lines: The indices of the lines, from where they began or became more (int64).
        before: How many there were before.
        level: Their severity.
        is_sure: Whether a rise like this is not by chance; else they are new and were few.
        is_slow: Whether they are no warnings but tell that something takes long.
    """

    workload: int
    template: int
    lines: NDArray[np.int64]
    before: int
    level: Level
    is_sure: bool
    is_slow: bool = False

    @property
    def first(self) -> int:
        """Index of the first line."""
        return int(self.lines[0])


@dataclass(frozen=True, slots=True, eq=False)
class Troubles:
    """All that is wrong.

    Attributes:
        onset: The moment when it began; None if nothing is wrong.
        logged: What lines say of it, the earliest first.
        events: The indices of events that are troubles of their own, the earliest first.
        noisy: The indices of workloads that always shout.
        is_incident: Whether it is more than a few warnings.
    """

    onset: int | None = None
    logged: Sequence[Trouble] = ()
    events: Sequence[int] = ()
    noisy: frozenset[int] = field(default=frozenset())
    is_incident: bool = False


def owner_of(event: ClusterEvent) -> str:
    """Return the name of the workload that an event is about, or of the object if that is not known."""
    return named(event.workload or event.object_name)


def is_trouble(scene: Scene, event: ClusterEvent, settled: int, made: Mapping[tuple[str, str], int]) -> bool:
    """Say whether an event is a trouble of its own that began while lines were written, not while all was set up.

    Args:
        scene: The lines.
        event: The event.
        settled: When everything was set up.
        made: When pods were made, by namespace and name: one that never came up is an old story.
    """
    if len(scene.moments) and (
        not scene.has_times or not settled < event.time <= scene.stop + _LATE_SECONDS * NANOSECONDS
    ):
        return False
    if event.kind is EventKind.RESTART:
        return event.exit_code not in ASKED
    if event.kind in DEATHS:
        return True
    is_old = 0 < made.get((event.namespace, event.pod), 0) < settled
    return event.kind in BLOCKERS and event.is_warning and not is_old
