"""From lines to everything that a question about them is about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, cast

from hallucino_tui.assistant.material import Material
from hallucino_tui.assistant.tasks import Task
from hallucino_tui.insight.wording import how_many
from hallucino_tui.logs.moment import NO_TIME
from hallucino_tui.session import facts
from hallucino_tui.session.collect import MOST_ASKED, count_words, source_of
from hallucino_tui.session.reporting import Surroundings, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hallucino_tui.insight.categories import Categories
    from hallucino_tui.insight.lines import Lines
    from hallucino_tui.insight.report.statements import Report
    from hallucino_tui.insight.templates.template import Template
    from hallucino_tui.logs.snapshot import StoreSnapshot
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.evidence import Gathered
    from hallucino_tui.session.patterns import Patterns
    from hallucino_tui.session.reporting import WriteReport

_FEW_LINES: Final = 50_000
"""So many lines are mined for themselves sooner than all lines of the store would be."""


_ALONE: Final = frozenset({Task.EXPLAIN, Task.COMPARE})
"""What is asked about some lines, and not about what happened in all of them."""

_MOST_LOOKED_INTO: Final = 200_000
"""Lines in which what was found without a model is looked for, too, where the cause is not what is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Lines that are asked about, and what is known of them.

    Attributes:
        gathered: The lines in the order in which they show, and by which number each of them is known.
        templates: The number of the template of each line (int32).
        kinds: The templates, by their numbers.
        around: What is known besides.
        spans: Where each compared part begins; empty if nothing is compared.
        report: What was found without any model; None if that was not looked for.
        task: What is wanted.
        beside: How many of the lines were not asked about: they only go with the others.
        in_keys: Numbers of lines that begin within a private key, by what stands in front of them (int64); None if
            that is not known.
    """

    gathered: Gathered
    templates: NDArray[np.int32]
    kinds: Sequence[Template]
    around: Surroundings
    spans: tuple[int, ...] = ()
    report: Report | None = None
    task: Task = Task.SUMMARISE
    beside: int = 0
    in_keys: NDArray[np.int64] | None = None


class Ground(Protocol):
    """Where the lines of a question come from."""

    async def look(self, task: Task) -> Known:
        """Return the lines and what is known of them."""
        ...

    async def write(self, known: Known, cited: Sequence[int]) -> Written:
        """Return what can be said of the lines without a model.

        Args:
            known: The lines.
            cited: The numbers of lines that have ids from ``L1`` on already; -1 for what is no line.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoreGround:
    """Rows of the store.

    Attributes:
        store: Holds them.
        table: Names the streams.
        rows: Which rows, in display order.
        others: The rows that they are compared with; empty for no comparison.
        report: Writes what can be said without a model; None for a mere count.
        patterns: Knows the templates of rows; None to find them anew.
        surroundings: Returns what is known besides.
    """

    store: StoreSnapshot
    table: StreamTable
    rows: Sequence[int] | NDArray[np.int64]
    others: Sequence[int] | NDArray[np.int64] = ()
    report: WriteReport | None = None
    patterns: Patterns | None = None
    surroundings: Callable[[], Surroundings] = Surroundings

    async def look(self, task: Task) -> Known:
        """Return the lines, those that belong to them, and what is known. What takes long is done in threads."""
        around = self.surroundings()
        rows, others = self.rows[-MOST_ASKED:], self.others[-MOST_ASKED:]
        left = len(self.rows) - len(rows) + len(self.others) - len(others)
        if left:
            sentence = f"Only the newest {MOST_ASKED:,} lines were looked at; {left:,} older ones were not."
            around = replace(around, gaps=(sentence, *around.gaps))
        parts = await asyncio.to_thread(self._gather, task, rows, others, around)
        gathered = parts[0] if len(parts) == 1 else await asyncio.to_thread(_side_by_side, parts)
        spans = tuple(sum(len(one.numbers) for one in parts[:place]) for place in range(len(parts)))
        kinds, templates = await self._mined(gathered)
        in_keys = await asyncio.to_thread(self._in_keys, gathered)
        known = Known(gathered, templates, kinds, around, spans if len(parts) > 1 else (), task=task, in_keys=in_keys)
        if len(parts) == 1:
            known = replace(known, beside=await asyncio.to_thread(_not_in, gathered, rows))
        if task is Task.CAUSE or (task not in _ALONE and len(gathered.numbers) <= _MOST_LOOKED_INTO):
            return replace(known, report=await asyncio.to_thread(find_out, known))
        return known

    async def write(self, known: Known, cited: Sequence[int]) -> Written:
        """Return what can be said of the rows without a model: a report is about what happened in all of them."""
        if known.task in _ALONE:
            markdown = await asyncio.to_thread(self._tell_alone, known, cited)
            return Written(markdown, tuple(cited), lines=len(known.gathered.numbers))
        if self.report is not None:
            return await self.report(self.store, cast("Sequence[int]", self.rows), cited)
        markdown = await asyncio.to_thread(count_words, known.gathered, cited)
        return Written(markdown, tuple(cited), lines=len(known.gathered.numbers))

    async def _mined(self, gathered: Gathered) -> tuple[Sequence[Template], NDArray[np.int32]]:
        """Return the templates of lines: those that are known already, or else found for these lines alone."""
        if self.patterns is not None:
            found = await self.patterns.numbers(gathered.numbers)
            if found is None and len(gathered.lines) > _FEW_LINES:
                await self.patterns.catch_up()
                found = await self.patterns.numbers(gathered.numbers)
            if found is not None:
                return found
        return await asyncio.to_thread(mine, gathered)

    def _tell_alone(self, known: Known, cited: Sequence[int]) -> str:
        from hallucino_tui.session import differences  # noqa: PLC0415 - brings arrays

        if known.spans:
            return differences.tell_differences(known, cited)
        return differences.tell_of_lines(known, self.rows, cited)

    def _in_keys(self, gathered: Gathered) -> NDArray[np.int64]:
        from hallucino_tui.session.private_keys import rows_in_keys  # noqa: PLC0415 - brings arrays

        return rows_in_keys(self.store, gathered.numbers)

    def _gather(
        self,
        task: Task,
        rows: Sequence[int] | NDArray[np.int64],
        others: Sequence[int] | NDArray[np.int64],
        around: Surroundings,
    ) -> list[Gathered]:
        import numpy as np  # noqa: PLC0415 - in a thread

        from hallucino_tui.session import neighbours  # noqa: PLC0415 - brings arrays
        from hallucino_tui.session.evidence import lines_of  # noqa: PLC0415 - brings Polars

        wanted = np.asarray(rows, np.int64)
        gathered = lines_of(self.store, self.table, wanted)
        if len(others):
            return [gathered, lines_of(self.store, self.table, np.asarray(others, np.int64))]
        # What is asked about what was chosen is about that alone.
        more = np.empty(0, np.int64)
        if task is Task.CAUSE:
            more = neighbours.before_restarts(self.store, self.table, around.events, pods_of(gathered.lines))
        elif task is Task.EXPLAIN:
            more = neighbours.around(self.store, self.table, wanted)
        more = np.setdiff1d(more, wanted)
        if len(more):
            together = np.concatenate([wanted, more])
            order = np.argsort(self.store.keys(together), kind="stable")
            gathered = lines_of(self.store, self.table, together[order])
        return [gathered]


def material_of(known: Known) -> Material:
    """Return what a question can be made of."""
    lines = known.gathered.lines
    pods, namespaces = pods_of(lines), _labels_of(lines, "namespace")
    around = known.around
    told = [
        *facts.of_gaps(around.gaps),
        *facts.of_events(around.events, _span(lines), pods),
        *facts.of_pods(around.pods, pods, namespaces),
    ]
    if known.report is not None:
        told += facts.of_report(known.report)
    return Material(
        lines.text,
        lines.times,
        lines.levels,
        lines.streams,
        known.gathered.numbers,
        known.templates,
        [source_of(stream) for stream in lines.table],
        told,
        known.spans,
        _places_of(known),
    )


def what_is_beside(known: Known) -> str:
    """Return what goes with the lines that are asked about, as a sentence; "" for nothing."""
    if not known.beside:
        return ""
    asked = len(known.gathered.numbers) - known.beside
    around = f"what stood around {'it' if asked == 1 else 'them'}"
    what = around if known.task is Task.EXPLAIN else "the last ones before restarts"
    return f"The question is about {how_many(asked, 'line')}; {known.beside:,} more go with it: {what}."


def _not_in(gathered: Gathered, rows: Sequence[int] | NDArray[np.int64]) -> int:
    """Return how many lines are none of some rows."""
    import numpy as np  # noqa: PLC0415 - in a thread

    return int(np.count_nonzero(~np.isin(gathered.numbers, np.asarray(rows, np.int64))))


def _places_of(known: Known) -> Sequence[int]:
    """Return the indices of the lines that begin within a private key."""
    import numpy as np  # noqa: PLC0415 - in a thread

    if known.in_keys is None or not len(known.in_keys):
        return ()
    return np.flatnonzero(np.isin(known.gathered.numbers, known.in_keys)).tolist()


def pods_of(lines: Lines) -> set[str]:
    """Return the names of the pods that wrote lines."""
    return _labels_of(lines, "pod")


def mine(gathered: Gathered) -> tuple[Sequence[Template], NDArray[np.int32]]:
    """Return templates that are found for lines alone, and the number of that of each line."""
    from hallucino_tui.insight.templates.miner import Miner  # noqa: PLC0415 - brings Polars
    from hallucino_tui.logs.severity import CONTINUED  # noqa: PLC0415

    miner = Miner()
    numbers = miner.add(gathered.lines.text, gathered.lines.levels & CONTINUED > 0)
    return miner.templates, miner.resolve(numbers)


def find_out(known: Known, categories: Categories | None = None) -> Report:
    """Return what can be found without any model.

    Args:
        known: The lines.
        categories: Sorts lines that name no level; None for the rules without those of the user.
    """
    from hallucino_tui.insight.report.evidence import Evidence  # noqa: PLC0415 - brings Polars
    from hallucino_tui.insight.report.make import make_report  # noqa: PLC0415

    around = known.around
    return make_report(
        Evidence(known.gathered.lines, known.templates, known.kinds, around.events, around.pods, gaps=around.gaps),
        categories=categories,
    )


def _labels_of(lines: Lines, label: str) -> set[str]:
    import numpy as np  # noqa: PLC0415 - in a thread

    streams: list[int] = np.unique(lines.streams).tolist()
    return {value for stream in streams if (value := lines.table[stream].labels.get(label, ""))}


def _span(lines: Lines) -> tuple[int, int] | None:
    times = lines.times[lines.times != NO_TIME]
    return (int(times.min()), int(times.max())) if len(times) else None


def _side_by_side(parts: Sequence[Gathered]) -> Gathered:
    """Return compared lines as one, the parts one after the other."""
    import numpy as np  # noqa: PLC0415 - in a thread
    import polars as pl  # noqa: PLC0415 - in a thread

    from hallucino_tui.insight.lines import Lines  # noqa: PLC0415
    from hallucino_tui.session.evidence import Gathered  # noqa: PLC0415

    lines = [part.lines for part in parts]
    joined = Lines(
        pl.concat([one.text for one in lines]),
        np.concatenate([one.times for one in lines]),
        np.concatenate([one.levels for one in lines]),
        np.concatenate([one.streams for one in lines]),
        max((one.table for one in lines), key=len),
    )
    return Gathered(joined, np.concatenate([part.numbers for part in parts]))
