"""What a report is made from, and how its statements point back at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.insight.templates.template import Template


@dataclass(frozen=True, slots=True)
class LineCitation:
    """Points at a line.

    Attributes:
        index: Its index in the lines of the evidence.
    """

    index: int


@dataclass(frozen=True, slots=True)
class EventCitation:
    """Points at something that the cluster did.

    Attributes:
        index: Its index in the events of the evidence.
    """

    index: int


Citation: TypeAlias = LineCitation | EventCitation


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Everything that is known.

    Attributes:
        lines: n lines.
        templates: The number of the template of each line (n, int32).
        miner_templates: The templates, by their numbers.
        events: What the cluster did; restarts that pods tell of are among them.
        pods: The pods as they are at the end.
        pods_before: The pods as they were at an earlier moment, if that is known.
        gaps: What could not be read, one sentence each.
    """

    lines: Lines
    templates: NDArray[np.int32]
    miner_templates: Sequence[Template]
    events: Sequence[ClusterEvent] = ()
    pods: Sequence[PodFacts] = ()
    pods_before: Sequence[PodFacts] = ()
    gaps: Sequence[str] = field(default=())
