"""The offline report over lines of the store: what happened, with the lines that say so, and where to look next."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.session.dividers import Dividers, dividers_of, row_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.insight.cluster_events import ClusterEvent, PodFacts
    from hallucino_tui.insight.report.evidence import Citation, Evidence
    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.evidence import Gathered
    from hallucino_tui.session.patterns import Patterns

MOST_LINES: Final = 1_000_000
"""Lines that a report is about at most; the newest are taken."""

_FEW_LINES: Final = 50_000
"""So many lines are mined for themselves sooner than all lines of the store would be."""

_CITED: Final = re.compile(r"\\\[(L\d+)\\\]")
_LOOKS: Final = "**Where to look next**\n\n"
_ITEM: Final = re.compile("^- ", re.MULTILINE)

Mined = tuple["Sequence[Template]", "NDArray[np.int32]"]


@dataclass(frozen=True, slots=True)
class Look:
    """Somewhere to look next.

    Attributes:
        text: What one sees there.
        query: The filter that shows it.
    """

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class Written:
    """A report as it is shown.

    Attributes:
        markdown: The report; it cites lines as ``[L1]``, ``[L2]`` …
        rows: The rows that it cites, by these numbers.
        looks: Where to look next.
        lines: How many lines it is about.
        is_incident: Whether something is wrong.
    """

    markdown: str
    rows: tuple[int, ...] = ()
    looks: tuple[Look, ...] = ()
    lines: int = 0
    is_incident: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known besides the lines.

    Attributes:
        events: What the cluster did.
        pods: What its pods say of themselves.
        gaps: What could not be read, one sentence each.
    """

    events: Sequence[ClusterEvent] = ()
    pods: Sequence[PodFacts] = ()
    gaps: tuple[str, ...] = ()


class WriteReport(Protocol):
    """Writes a report over rows of the store."""

    async def __call__(self, store: StoreSnapshot, rows: Sequence[int], cited: Sequence[int] = ()) -> Written:
        """Write; see `Reporter.write`."""
        ...


class Reporter:
    """Writes reports on the engine's loop; the work is done in threads.

    Attributes:
        categories: Sorts lines that name no level; None for the rules without those of the user.
    """

    def __init__(
        self,
        patterns: Patterns,
        table: StreamTable,
        surroundings: Callable[[], Surroundings],
    ) -> None:
        """Prepare.

        Args:
            patterns: Knows the templates of lines.
            table: Names the streams.
            surroundings: Returns what is known besides the lines.
        """
        self._patterns = patterns
        self._table = table
        self._surroundings = surroundings
        self.categories: Categories | None = None

    async def write(
        self, store: StoreSnapshot, rows: Sequence[int] | NDArray[np.int64], cited: Sequence[int] = ()
    ) -> Written:
        """Write a report; waits until the templates of its lines are known.

        Args:
            store: Holds the rows.
            rows: Which rows, in display order.
            cited: Rows that have the numbers from ``L1`` on already.
        """
        around = self._surroundings()
        if len(rows) > MOST_LINES:
            sentence = f"Only the newest {MOST_LINES:,} of {len(rows):,} lines were looked at."
            rows, around = rows[-MOST_LINES:], Surroundings(around.events, around.pods, (sentence, *around.gaps))
        gathered = await asyncio.to_thread(_gather, store, self._table, rows)
        mined = await self._mined(gathered)
        places = await asyncio.to_thread(dividers_of, store, self._table, around.events)
        return await asyncio.to_thread(_write, gathered, mined, around, self.categories, _Cited(cited, places))

    async def _mined(self, gathered: Gathered) -> Mined:
        """Return the templates of lines: those that are known already, or else found for these lines alone."""
        found = await self._patterns.numbers(gathered.numbers)
        if found is None and len(gathered.lines) > _FEW_LINES:
            await self._patterns.catch_up()
            found = await self._patterns.numbers(gathered.numbers)
        return found or await asyncio.to_thread(_mine, gathered)


class _Cited(NamedTuple):
    """What can be cited.

    Attributes:
        rows: Rows that have the numbers from ``L1`` on already.
        dividers: The rows of what a cluster did.
    """

    rows: Sequence[int]
    dividers: Dividers


def _gather(store: StoreSnapshot, table: StreamTable, rows: Sequence[int] | NDArray[np.int64]) -> Gathered:
    import numpy as np  # noqa: PLC0415 - in a thread

    from hallucino_tui.session.evidence import lines_of  # noqa: PLC0415 - brings Polars

    return lines_of(store, table, np.asarray(rows, np.int64))


def _mine(gathered: Gathered) -> Mined:
    from hallucino_tui.insight.templates.miner import Miner  # noqa: PLC0415 - brings Polars
    from hallucino_tui.logs.severity import CONTINUED  # noqa: PLC0415

    miner = Miner()
    numbers = miner.add(gathered.lines.text, gathered.lines.levels & CONTINUED > 0)
    return miner.templates, miner.resolve(numbers)


def _write(
    gathered: Gathered,
    mined: Mined,
    around: Surroundings,
    categories: Categories | None,
    cited: _Cited,
) -> Written:
    from hallucino_tui.insight.report.evidence import Evidence  # noqa: PLC0415 - brings Polars
    from hallucino_tui.insight.report.make import make_report  # noqa: PLC0415
    from hallucino_tui.insight.report.markdown import to_markdown  # noqa: PLC0415

    templates, numbers = mined
    evidence = Evidence(gathered.lines, numbers, templates, around.events, around.pods, gaps=around.gaps)
    report = make_report(evidence, categories=categories)
    labels = _Labels(gathered, evidence, cited)
    markdown = _with_keys(to_markdown(report, evidence, labels))
    looks = tuple(Look(one.text, one.query) for one in report.next_looks)
    return Written(markdown, tuple(labels.rows), looks, len(gathered.lines), report.is_incident)


def _with_keys(markdown: str) -> str:
    """Return a report with citations that can be followed, and its looks with the numbers of their keys."""
    before, heading, looks = _CITED.sub(r"[\1]", markdown).partition(_LOOKS)
    numbers = itertools.count(1)
    head, gap, rest = looks.partition("\n\n**")
    return before + heading + _ITEM.sub(lambda _: f"{next(numbers)}. ", head) + gap + rest


class _Labels:
    """Gives each line that is cited a number, and each event its time."""

    def __init__(self, gathered: Gathered, evidence: Evidence, cited: _Cited) -> None:
        self.rows = list(cited.rows)
        self._numbers = {row: number for number, row in enumerate(cited.rows, start=1) if row >= 0}
        self._dividers = cited.dividers
        self._gathered = gathered
        self._evidence = evidence

    def __call__(self, citation: Citation) -> str:
        from hallucino_tui.insight.report.evidence import LineCitation  # noqa: PLC0415 - known by now

        if isinstance(citation, LineCitation):
            return self._label(int(self._gathered.numbers[citation.index]))
        event = self._evidence.events[citation.index]
        row = row_of(event, self._dividers)
        if row >= 0:
            return self._label(row)
        return f"event {datetime.fromtimestamp(event.time // NANOSECONDS, UTC):%H:%M:%S}"

    def _label(self, row: int) -> str:
        number = self._numbers.get(row)
        if number is None:
            self.rows.append(row)
            number = self._numbers[row] = len(self.rows)
        return f"L{number}"
