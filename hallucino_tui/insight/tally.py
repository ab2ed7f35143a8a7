"""Lines counted by template, stream and group in a span of time: what the present is compared with, and the present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hallucino_tui.insight.counting import WINDOWS, dispersions, shrunk, typical
from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, NOT_A_LINE, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.logs.stream import Stream

_AT_ONCE: Final = 16_384
"""Templates whose windows are in memory at the same time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time.

    Attributes:
        start: Its first nanosecond since the epoch.
        stop: The first nanosecond behind it.
    """

    start: int
    stop: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max(self.stop - self.start, 0) / NANOSECONDS


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Counts of some things, and how bursty they are.

    Attributes:
        lines: n counts (float64).
        dispersions: n factors by which the counts vary more than those of single lines (float64).
    """

    lines: NDArray[np.float64]
    dispersions: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What the present is compared with.

    Attributes:
        seconds: How long it was.
        heard: For how many seconds somebody listened to those who write each template (float64): what is read of a
            busy container may go back a minute, and of a quiet one for days.
        usual: How bursty a template is of which nothing is known.
        templates: Lines of each template, by its number.
        groups: Lines of each group of streams.
        errors: Errors of each group of streams.
    """

    seconds: float
    heard: NDArray[np.float64]
    usual: float
    templates: Counts
    groups: Counts
    errors: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Streams that speak for one another: those of one container of one workload, whichever pod it runs in.

    Attributes:
        names: m names, which mean the same on another day.
        of_stream: The group of each stream of a table (int64).
    """

    names: list[str]
    of_stream: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """The k lines in a span, frames of stack traces among them, in the order of time.

    Attributes:
        span: The span.
        index: Their indices (int64).
        times: Their times.
        templates: Their templates.
        levels: Their severities without flags.
        heads: Whether each begins a record.
        streams: Their streams.
    """

    span: Span
    index: NDArray[np.int64]
    times: NDArray[np.int64]
    templates: NDArray[np.int32]
    levels: NDArray[np.uint8]
    heads: NDArray[np.bool_]
    streams: NDArray[np.int64]

    def windows(self, begins: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
        """Return in which of `WINDOWS` windows each line is.

        Args:
            begins: When the windows of each line begin; None for the beginning of the span. They end where it ends.
        """
        start = self.span.start if begins is None else begins
        place = (self.times - start) / np.maximum(self.span.stop - start, 1) * WINDOWS
        return np.clip(place.astype(np.int64), 0, WINDOWS - 1)


def select(lines: Lines, templates: NDArray[np.int32], span: Span) -> Selected:
    """Take the lines in a span; dividers and lines without a time are in none."""
    inside = (lines.times >= span.start) & (lines.times < span.stop) & (lines.levels < NOT_A_LINE)
    index = np.flatnonzero(inside)
    codes = lines.levels[index]
    return Selected(
        span,
        index,
        lines.times[index],
        templates[index],
        codes & np.uint8(LEVEL_BITS),
        codes & np.uint8(CONTINUED) == 0,
        lines.streams[index].astype(np.int64),
    )


def group(table: Sequence[Stream]) -> Groups:
    """Find out which streams speak for one another."""
    numbers: dict[str, int] = {}
    of_stream = [numbers.setdefault(_name(stream), len(numbers)) for stream in table]
    return Groups(list(numbers), np.array(of_stream, np.int64))


def past_of(selected: Selected, templates: int, groups: Groups, present: Selected | None = None) -> Past:
    """Count the lines of a span that is over.

    Args:
        selected: Its lines.
        templates: How many templates there are.
        groups: The groups of their streams.
        present: The lines of the span that it will be compared with.
    """
    owners = groups.of_stream[selected.streams]
    spoke = np.full(len(groups.names), selected.span.stop, np.int64)
    spoke[owners[::-1]] = selected.times[::-1]
    begins = np.full(templates, selected.span.stop, np.int64)
    np.minimum.at(begins, selected.templates, spoke[owners])
    counts = np.bincount(selected.templates, minlength=templates).astype(np.float64)
    measured = _measure(selected.templates, selected.windows(begins[selected.templates]), counts)
    if present is not None:
        np.minimum.at(begins, present.templates, spoke[groups.of_stream[present.streams]])
    usual = typical(measured, counts)
    lines, errors = _by_group(selected, selected.windows(spoke[owners]), groups)
    spoken, wrong = lines.sum(axis=1), errors.sum(axis=1)
    ratio = np.divide(wrong, spoken, out=np.zeros_like(wrong), where=spoken > 0)
    return Past(
        selected.span.seconds,
        (selected.span.stop - begins) / NANOSECONDS,
        usual,
        Counts(counts, shrunk(measured, counts, usual)),
        Counts(spoken, shrunk(dispersions(lines), spoken, usual)),
        Counts(wrong, shrunk(dispersions(errors, lines * ratio[:, np.newaxis]), wrong, usual)),
    )


def by_group(selected: Selected, groups: Groups) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Count lines and errors of each group."""
    size = len(groups.names)
    owners, heads = groups.of_stream[selected.streams], selected.heads
    wrong = heads & (selected.levels >= Level.ERROR)
    return (
        np.bincount(owners[heads], minlength=size).astype(np.float64),
        np.bincount(owners[wrong], minlength=size).astype(np.float64),
    )


def _by_group(
    selected: Selected, windows: NDArray[np.int64], groups: Groups
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = len(groups.names)
    cells = groups.of_stream[selected.streams] * WINDOWS + windows
    wrong = selected.heads & (selected.levels >= Level.ERROR)
    lines = np.bincount(cells[selected.heads], minlength=size * WINDOWS)
    errors = np.bincount(cells[wrong], minlength=size * WINDOWS)
    return lines.reshape(size, WINDOWS).astype(np.float64), errors.reshape(size, WINDOWS).astype(np.float64)


def measure_streams(selected: Selected, streams: int, usual: float) -> Counts:
    """Count the lines of each stream, frames of stack traces left out."""
    heads = selected.heads
    owners = selected.streams[heads]
    begins = np.full(streams, selected.span.stop, np.int64)
    begins[selected.streams[::-1]] = selected.times[::-1]
    counts = np.bincount(owners, minlength=streams).astype(np.float64)
    measured = _measure(owners, selected.windows(begins[selected.streams])[heads], counts)
    return Counts(counts, shrunk(measured, counts, usual))


def _measure(
    owners: NDArray[np.integer], windows: NDArray[np.int64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure the dispersion of things that have two lines at least; the others' is 1."""
    measured = np.ones(len(counts))
    often = np.flatnonzero(counts >= 2)
    place = np.full(len(counts), -1, np.int64)
    for start in range(0, len(often), _AT_ONCE):
        some = often[start : start + _AT_ONCE]
        place[:] = -1
        place[some] = np.arange(len(some))
        places = place[owners]
        mine = places >= 0
        cells = np.bincount(places[mine] * WINDOWS + windows[mine], minlength=len(some) * WINDOWS)
        measured[some] = dispersions(cells.reshape(len(some), WINDOWS).astype(np.float64))
    return measured


def _name(stream: Stream) -> str:
    workload = stream.labels.get("workload", "")
    if workload:
        return "/".join((stream.labels.get("namespace", ""), workload, stream.labels.get("container", "")))
    return f"{stream.title}/{stream.part}" if stream.title or stream.part else "/".join(stream.identity)
