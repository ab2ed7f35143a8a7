"""What a benchmark says: figures with their targets, and how they were had."""

from __future__ import annotations

import os
import platform
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass
class Figure:
    """One thing that was measured.

    Attributes:
        what: What it is.
        value: As it is printed, with its unit.
        target: What it should be, "" for a figure that only informs.
        met: Whether it is that; None where there is no target.
    """

    what: str
    value: str
    target: str = ""
    met: bool | None = None


@dataclass
class Report:
    """One benchmark's figures.

    Attributes:
        title: What was tried.
        method: How.
        figures: What came of it.
    """

    title: str
    method: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, value: float, unit: str, *, most: float | None = None, least: float | None = None) -> None:
        """Add a figure, with a bound that it should keep, if it has one."""
        target, met = "", None
        if most is not None:
            target, met = f"at most {most:g}{unit}", value <= most
        elif least is not None:
            target, met = f"at least {least:,g}{unit}", value >= least
        self.figures.append(Figure(what, f"{value:,.3g}{unit}" if value < 1000 else f"{value:,.0f}{unit}", target, met))

    def note(self, what: str, value: str) -> None:
        """Add a figure that only informs."""
        self.figures.append(Figure(what, value))

    def __str__(self) -> str:
        lines = [f"## {self.title}", "", *(f"{line}" for line in self.method.strip().splitlines()), ""]
        width = max((len(figure.what) for figure in self.figures), default=0)
        for figure in self.figures:
            mark = "" if figure.met is None else "  met" if figure.met else "  MISSED"
            target = f"   ({figure.target}){mark}" if figure.target else ""
            lines.append(f"  {figure.what:<{width}}  {figure.value:>12}{target}")
        return "\n".join(lines)


def in_turn(rounds: int, **measures: Callable[[], float]) -> dict[str, float]:
    """Run measures in turn, so that a busy moment hits all of them; return the median of each."""
    seen: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            seen[name].append(measure())
    return {name: statistics.median(values) for name, values in seen.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of all values stays under."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def machine() -> str:
    """Return in one line where this runs."""
    load = os.getloadavg()[0]
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at start"
