"""What a report says."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.insight.report.evidence import Citation


class Purpose(enum.StrEnum):
    """Who a report is for."""

    GENERAL = "general"
    PERFORMANCE = "performance"
    SECURITY = "security"


class Section(enum.StrEnum):
    """Where in a report a statement stands, in this order."""

    CAUSE = "cause"
    TIMELINE = "timeline"
    WORKLOADS = "workloads"
    ERRORS = "errors"
    WARNINGS = "warnings"
    SURPRISES = "surprises"
    SATURATION = "saturation"
    LATENCY = "latency"
    LOGINS = "logins"
    ACCESS = "access"
    SCANS = "scans"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a report says, and what says it.

    What stands between backticks in the text stands like that in a line or event that is cited; `quote` writes it.

    Attributes:
        text: One or two sentences, without line ends. Log text in it is harmless for a terminal.
        workload: The workload that it is about; "" if it is about none or all.
        citations: What proves it.
        time: When, in nanoseconds since the epoch; `NO_TIME` if it has no time.
        section: Where it belongs.
        query: A query that finds the lines that it is about; "" if there is none.
        count: How many lines or times it speaks of; 0 if it counts nothing.
    """

    text: str
    workload: str
    citations: tuple[Citation, ...]
    time: int
    section: Section
    query: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class FirstCause:
    """What the trouble most likely began with.

    Attributes:
        workload: The workload, without hashes.
        text: What and why, in one or two sentences.
        citations: The best evidence, the earliest first.
        time: When it happened, in nanoseconds since the epoch.
        reasons: What spoke for it, each with the points that it gave.
    """

    workload: str
    text: str
    citations: tuple[Citation, ...]
    time: int
    reasons: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class NextLook:
    """Where to look next.

    Attributes:
        text: Why, in a few words.
        query: A query.
    """

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A small bar chart.

    Attributes:
        title: What is counted.
        labels: n labels.
        values: n numbers from 0.
        unit: What stands behind a number, for example ``ms``.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Trend:
    """How something went on.

    Attributes:
        title: What is counted.
        values: n numbers from 0, one for each equal part of the time.
        start: When the first part begins, in nanoseconds since the epoch.
        stop: When the last part ends.
    """

    title: str
    values: tuple[float, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        purpose: Who it is for.
        statements: What it says, in order; the first cause is among the first three.
        first_cause: What it most likely began with; None if nothing points at anything.
        is_incident: Whether something went wrong.
        onset: When the trouble began, in nanoseconds since the epoch; None if there is none or lines tell no times.
        next_looks: Where to look next.
        charts: What a chart shows better.
        gaps: What could not be read.
        line_count: How many lines were looked at.
        event_count: How many events.
    """

    purpose: Purpose
    statements: Sequence[Statement]
    first_cause: FirstCause | None
    is_incident: bool
    onset: int | None
    next_looks: Sequence[NextLook] = ()
    charts: Sequence[Bars | Trend] = field(default=())
    gaps: Sequence[str] = ()
    line_count: int = 0
    event_count: int = 0
