"""Evidence laid out in columns, as all parts of a report look at it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hallucino_tui.insight.categories import Categories, Category
from hallucino_tui.insight.report.grouping import Grouped, group_by
from hallucino_tui.insight.report.quoting import named
from hallucino_tui.logs.moment import NANOSECONDS, NO_TIME
from hallucino_tui.logs.pod_names import workload_of_pod
from hallucino_tui.logs.severity import CONTINUED, LEVEL_BITS, Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hallucino_tui.insight.report.evidence import Evidence
    from hallucino_tui.logs.stream import Stream

_BINS: Final = 512
_FEWEST_BINS: Final = 64
_TRACE_LINES: Final = 400
_FEWEST_LINES: Final = 50
_FEW_SHARE: Final = 0.03
_LONG_GAP: Final = 0.2
"""A gap is long if it takes this share of all that comes after it."""
_EXCEPTION: Final = re.compile(
    r"^(?:[\w$]+\.)*[A-Z][\w$]*(?:Exception|Error|Exit|Failure|Full|Refused|Unavailable|\b)(?::|$)"
)


@dataclass(frozen=True, slots=True)
class Grid:
    """Time cut into equal bins.

    Attributes:
        start: Where the first bin begins, in nanoseconds since the epoch.
        width: How long a bin is, in nanoseconds.
        count: How many bins.
    """

    start: int
    width: int
    count: int

    def bins(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bin of each of n moments."""
        return np.clip((moments - self.start) // self.width, 0, self.count - 1)

    def time(self, at: int) -> int:
        """Return when a bin begins."""
        return self.start + at * self.width


class Scene:
    """Columns of n lines, and who wrote them.

    Attributes:
        evidence: What all this is made from.
        moments: n times in nanoseconds, known for each line and ascending (int64).
        has_times: Whether lines tell times; else a moment is the line's place, one second each.
        workloads: The names of m workloads that wrote lines.
        of_stream: The index of the workload of each stream.
        of_line: The index of the workload of each line (n, int32).
        levels: The severity of each line without flags (n, uint8): what it says, or what its template means.
        severe: The indices of lines that begin a record and are warnings or worse.
        begin: Index of the first line of the time that lines cover: a few far older ones may stand in front.
        grid: The time from there on, cut into bins.
        heard: The first bin in which each workload wrote anything (m, int64).
        first: The index of the first line of each stream, -1 for those without lines (int64).
        last: The index of the last line of each stream.
        counts: How many lines each template has here (int64).
    """

    def __init__(self, evidence: Evidence, categories: Categories | None = None) -> None:
        lines = evidence.lines
        self.evidence = evidence
        self.categories = categories or Categories()
        self.moments, self.has_times = _moments(lines.times)
        names = [named(workload_of_stream(stream)) for stream in lines.table]
        self.workloads = sorted(set(names))
        place = {name: index for index, name in enumerate(self.workloads)}
        self.of_stream: NDArray[np.int32] = np.array([place[name] for name in names], np.int32)
        self.of_line = self.of_stream[lines.streams] if names else np.zeros(0, np.int32)
        self.levels = _levels(evidence, self.categories)
        begins = (lines.levels & CONTINUED) == 0
        self.severe = np.flatnonzero(begins & (self.levels >= Level.WARN))
        self.begin = _begin(self.moments)
        self.grid = _grid(self.moments[self.begin :])
        self.severe = self.severe[self.severe >= self.begin]
        self.counts = np.bincount(evidence.templates, minlength=len(evidence.miner_templates))
        self.first = firsts_of(lines.streams, len(lines.table))
        self.last = len(lines) - 1 - firsts_of(lines.streams[::-1], len(lines.table))
        self.last[self.first < 0] = -1
        begun = firsts_of(self.of_line, len(self.workloads))
        self.heard = np.where(begun >= 0, self.grid.bins(self.moments[begun]) if len(lines) else 0, 0)

    @property
    def start(self) -> int:
        """The moment from which on lines cover the time."""
        return int(self.moments[self.begin]) if len(self.moments) else 0

    @property
    def stop(self) -> int:
        """The moment of the last line."""
        return int(self.moments[-1]) if len(self.moments) else 0

    def time(self, index: int) -> int:
        """Return the time of a line as a statement has it: `NO_TIME` if lines tell none."""
        return int(self.moments[index]) if self.has_times else NO_TIME

    def text(self, index: int) -> str:
        """Return the text of a line."""
        return str(self.evidence.lines.text[index])

    @functools.cached_property
    def severe_kinds(self) -> Grouped:
        """The severe lines (by their places in `severe`) by workload, template, and whether they are errors."""
        severe, templates = self.severe, self.evidence.templates
        keys = self.of_line[severe].astype(np.int64) * len(self.counts) + templates[severe]
        # One kind of line may tell failures and worse: an access log has one template for all answers.
        return group_by(keys * 2 + (self.levels[severe] >= Level.ERROR))

    def examples(self, numbers: list[int]) -> list[str]:
        """Return a line of each of some templates."""
        return [self.evidence.miner_templates[number].example for number in numbers]

    def workload(self, index: int) -> str:
        """Return the workload that wrote a line."""
        return self.workloads[int(self.of_line[index])]

    def writer(self, stream: int) -> str:
        """Return the workload that writes a stream."""
        return self.workloads[int(self.of_stream[stream])]

    def record(self, index: int) -> list[int]:
        """Return the indices of a line and of the lines that go on with it, as its stream wrote them."""
        lines = self.evidence.lines
        stop = min(len(lines), index + _TRACE_LINES)
        own = np.flatnonzero(lines.streams[index:stop] == lines.streams[index]) + index
        goes_on = (lines.levels[own[1:]] & CONTINUED) != 0
        end = int(np.argmin(goes_on)) if not goes_on.all() else len(goes_on)
        return [int(one) for one in own[: end + 1]]

    def last_word(self, index: int) -> int:
        """Return the line of a record that names the exception: the first one that does, or the record's first line."""
        for one in self.record(index)[1:]:
            if _EXCEPTION.match(self.text(one)[:300]):
                return one
        return index


def firsts_of(numbers: NDArray[Any], size: int) -> NDArray[np.int64]:
    """Return where each number from 0 to `size` stands first among n numbers; -1 for those that are not there."""
    found = np.full(size, -1, np.int64)
    # Of several values for one place, the last stays.
    found[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    return found


def workload_of_stream(stream: Stream) -> str:
    """Return the name of the workload that writes a stream, or what comes nearest to one."""
    labels = stream.labels
    if name := labels.get("workload") or labels.get("app"):
        return name
    if pod := labels.get("pod"):
        return workload_of_pod(pod)
    return labels.get("container") or stream.title or (stream.identity[-1] if stream.identity else "")


def _moments(times: NDArray[np.int64]) -> tuple[NDArray[np.int64], bool]:
    known = times != NO_TIME
    if len(times) and known.sum() * 2 >= len(times):
        moments = np.where(known, times, np.int64(NO_TIME))
        moments = np.maximum.accumulate(moments)
        first = int(times[np.argmax(known)])
        moments = np.maximum(moments, first)
        if int(moments[-1]) > int(moments[0]):
            return moments, True
    return np.arange(len(times), dtype=np.int64) * NANOSECONDS, False


def _levels(evidence: Evidence, categories: Categories) -> NDArray[np.uint8]:
    """Return what lines say of their severity; where they say nothing, what the rules say of their template."""
    levels = evidence.lines.levels & np.uint8(LEVEL_BITS)
    mute = levels == Level.UNKNOWN
    if not mute.any():
        return levels
    meant = np.zeros(len(evidence.miner_templates) + 1, np.uint8)
    numbers: list[int] = np.unique(evidence.templates[mute]).tolist()
    some = [evidence.miner_templates[number] for number in numbers]
    verdicts = categories.of_templates(
        [one.text for one in some], [one.example for one in some], [Level.UNKNOWN] * len(some)
    )
    meant[numbers] = [Level.ERROR if one.category is Category.INCIDENT else Level.UNKNOWN for one in verdicts]
    levels = levels.copy()
    levels[mute] = meant[evidence.templates[mute]]
    return levels


def _begin(moments: NDArray[np.int64]) -> int:
    """Return the index of the first line behind the last long gap that only few lines stand in front of."""
    few = max(int(len(moments) * _FEW_SHARE), 1)
    if len(moments) < _FEWEST_LINES:
        return 0
    gaps = np.diff(moments[: few + 1])
    rest = moments[-1] - moments[1 : few + 1]
    long = np.flatnonzero(gaps > _LONG_GAP * rest)
    return int(long[-1]) + 1 if len(long) else 0


def _grid(moments: NDArray[np.int64]) -> Grid:
    if not len(moments):
        return Grid(0, NANOSECONDS, 1)
    span = max(int(moments[-1]) - int(moments[0]), 1)
    # A second is a good unit for programs that try again; long logs have longer ones, short logs shorter ones.
    width = max(span // _BINS + 1, min(NANOSECONDS, span // _FEWEST_BINS + 1))
    return Grid(int(moments[0]), width, span // width + 1)
