"""What a command asks a model about: lines that were read, with the report on them and the places where they stand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hallucino_tui.cli.places import Places
from hallucino_tui.session.evidence import Gathered
from hallucino_tui.session.material import MOST_ASKED, Known, find_out, mine
from hallucino_tui.session.reporting import Surroundings, Written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.assistant.tasks import Task
    from hallucino_tui.cli.gathering import Material
    from hallucino_tui.insight.categories import Categories


@dataclass(slots=True)
class AskedLines:
    """Lines that were read. Their numbers are their places in what was read, from 0.

    Attributes:
        read: What was read.
        categories: Sorts lines that name no level.
        redactor: Replaces secrets in what is written of the lines.
        events_file: The file that events were read from; "" if they were not.
        places: Tells where a line stands.
    """

    read: Material
    categories: Categories
    redactor: Redactor
    events_file: str = ""
    places: Places = field(init=False)
    _first: int = 0

    def __post_init__(self) -> None:
        self._first = max(len(self.read.gathered.lines) - MOST_ASKED, 0)
        self.places = Places(self._asked(), self.read.happenings.events, self.events_file)

    async def look(self, task: Task) -> Known:  # noqa: ARG002 - all is read already, whatever is wanted
        """Return the lines and what is known of them."""
        return await asyncio.to_thread(self._look)

    async def write(self, known: Known, cited: Sequence[int]) -> Written:
        """Return the report on the lines; its citations say in which file a line stands."""
        return await asyncio.to_thread(self._write, known, tuple(cited))

    def place(self, row: int) -> dict[str, Any]:
        """Return the file and the line of a row."""
        return self.places.place(row)

    def _asked(self) -> Gathered:
        """Return the newest of the lines that were read, with their line numbers."""
        gathered = self.read.gathered
        if not self._first:
            return gathered
        lines, first = gathered.lines, self._first
        newest = replace(
            lines,
            text=lines.text[first:],
            times=lines.times[first:],
            levels=lines.levels[first:],
            streams=lines.streams[first:],
        )
        return Gathered(newest, gathered.numbers[first:])

    def _look(self) -> Known:
        import numpy as np

        happenings, gaps = self.read.happenings, tuple(self.read.gaps)
        if self._first:
            gaps = (f"Only the newest {MOST_ASKED:,} lines were looked at; {self._first:,} older ones were not.", *gaps)
        lines = self._asked().lines
        gathered = Gathered(lines, np.arange(len(lines), dtype=np.int64))
        kinds, templates = mine(gathered)
        known = Known(gathered, templates, kinds, Surroundings(happenings.events, happenings.pods, gaps))
        return replace(known, report=find_out(known, self.categories))

    def _write(self, known: Known, cited: tuple[int, ...]) -> Written:
        from hallucino_tui.insight.report.evidence import Evidence
        from hallucino_tui.insight.report.markdown import to_markdown
        from hallucino_tui.session.report_secrets import without_secrets

        report, around = known.report, known.around
        if report is None:
            return Written("", cited)
        evidence = Evidence(
            known.gathered.lines, known.templates, known.kinds, around.events, around.pods, gaps=around.gaps
        )
        report, evidence = without_secrets(report, evidence, self.redactor)
        text = to_markdown(report, evidence, self.places.cite).rstrip("\n") + "\n"
        for label in self.places.labels:  # nothing is called like them, so they are no links
            text = text.replace(f"\\[{label}\\]", f"[{label}]")
        return Written(text + self.places.legend(), cited, (), report.line_count, report.is_incident)
