"""Somebody who may have begun it, and the words by which what speaks for it is known again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hallucino_tui.insight.report.changes import Change
    from hallucino_tui.insight.report.trouble import Trouble

WAS_CHANGED: Final = "changed"
"""What speaks for somebody because of a change begins with this."""
NAME_IT: Final = "name it"
"""What speaks for somebody because others name it ends with this."""


@dataclass(slots=True)
class Suspect:
    """A workload that may have begun it.

    Attributes:
        workload: Its name, or that of a node.
        points: What speaks for it and against it, in words, and how much.
        change: The change of it that came before the trouble.
        deaths: Indices of events by which its containers died or could not begin, the earliest first.
        troubles: Its own new warnings and errors, the earliest first.
        named: Workloads whose troubles name it, each with a line that does.
    """

    workload: str
    points: list[tuple[str, float]] = field(default_factory=list)
    change: Change | None = None
    deaths: list[int] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """All points together."""
        return sum(points for _, points in self.points)

    def lower_change(self, factor: float) -> None:
        """Let what speaks for it because of a change speak less loud."""
        self.points = [
            (reason, points * factor if reason.startswith(WAS_CHANGED) else points) for reason, points in self.points
        ]

    def lower_names(self, factor: float) -> None:
        """Let what others say of it speak less loud."""
        self.points = [
            (reason, points * factor if reason.endswith(NAME_IT) else points) for reason, points in self.points
        ]

    def forget_change(self) -> None:
        """Let its change speak no more."""
        self.points = [point for point in self.points if not point[0].startswith(WAS_CHANGED)]
        self.change = None
