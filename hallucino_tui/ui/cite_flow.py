"""From what the panel says to the lines: citations that are followed, suggested looks that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.config.keys import LOOKS
from hallucino_tui.ui.log_line import format_time
from hallucino_tui.ui.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hallucino_tui.assistant.packed import Entry
    from hallucino_tui.session.reporting import Look
    from hallucino_tui.session.row_texts import CitedRows
    from hallucino_tui.ui.messages import CitationWanted
    from hallucino_tui.ui.screens.main import MainScreen


class CiteFlow:
    """Knows which rows the numbers in the panel mean."""

    def __init__(self, main: MainScreen) -> None:
        """Start with nothing cited.

        Args:
            main: The screen with the panel and the lines.
        """
        self._main = main
        self._rows: Sequence[int] = ()
        self._looks: Sequence[Look] = ()
        self._entries: Sequence[Entry] = ()

    def take(self, rows: Sequence[int], looks: Sequence[Look] = (), entries: Sequence[Entry] = ()) -> None:
        """Take what stands in the panel now.

        Args:
            rows: The rows that ``L1``, ``L2`` … mean; -1 for what is no line.
            looks: The looks that are suggested, in the order of their keys.
            entries: What was sent, from ``L1`` on.
        """
        self._rows, self._looks, self._entries = rows, looks, entries

    def rows(self) -> CitedRows:
        """Return what the numbers in the panel mean now, whatever stands there later."""
        from hallucino_tui.session.row_texts import CitedRows  # noqa: PLC0415 - not before the first frame

        pane = self._main.pane
        return CitedRows(pane.viewport.view.store, pane.table, self._rows)

    def offer(self, looks: Sequence[Look]) -> list[tuple[int, Look]]:
        """Take further looks; return those that a key is left for, each with its key."""
        known = {look.query for look in self._looks}
        first = len(self._looks)
        fresh = [look for look in looks if look.query not in known][: max(LOOKS - first, 0)]
        self._looks = (*self._looks, *fresh)
        return list(enumerate(fresh, start=first + 1))

    def hear(self, event: CitationWanted) -> None:
        """Show the line that was chosen, or only what it says in the panel's foot."""
        main = self._main
        self.preview()
        row = self._chosen(event.numbers) if event.numbers else None
        if row is None:
            return
        if row < 0:
            self._go_to_fact(event.numbers)
        elif main.finding.jump(row):
            main.go("logs")
        elif main.pane.viewport.view.store.find(row) is None:
            main.notify("This line is no longer kept: the oldest lines have left.", severity="warning")
        else:
            main.notify(f"Hidden by the filter, which stays: {self._words(row)}", timeout=10)

    def preview(self) -> None:
        """Show the line of the current citation in the panel's foot."""
        citation = self._main.assistant.citation
        if citation is None:
            self._main.assistant.say_citation("")
            return
        row = self._row_of(citation.numbers)
        words = self._fact(citation.numbers) if row is not None and row < 0 else self._words(row)
        self._main.assistant.say_citation(words)

    def look(self, place: int) -> None:
        """Show the lines of a suggested look.

        Args:
            place: Which, from 1.
        """
        if place <= len(self._looks):
            self._main.narrowing.look(self._looks[place - 1].query)
            self._main.go("logs")
        elif self._looks:
            self._main.notify(f"Only {plural(len(self._looks), 'look')} suggested.")
        else:
            self._main.notify("No look is suggested: r in the logs writes a report that suggests some.")

    def _chosen(self, numbers: tuple[int, ...]) -> int | None:
        """Return the row that citations name, or None if there is no such line; say so then."""
        row = self._row_of(numbers)
        if row is None:
            words = "The answer cites a line that was not sent: there is no such line."
            self._main.notify(words, severity="warning")
        return row

    def _row_of(self, numbers: tuple[int, ...]) -> int | None:
        rows = self._rows
        return next((rows[number - 1] for number in numbers if 1 <= number <= len(rows)), None)

    def _go_to_fact(self, numbers: tuple[int, ...]) -> None:
        """Go to when something was that is no line: an event, the state of a pod, a gap."""
        entry = self._entry(numbers)
        if entry is None or entry.first is None:
            self._main.notify(f"No line of the pane says this: {self._fact(numbers)}", timeout=10)
        else:
            self._main.timing.jump(entry.first)
            self._main.go("logs")
            self._main.notify(f"The lines from then on. No line says it: {self._fact(numbers)}", timeout=10)

    def _fact(self, numbers: tuple[int, ...]) -> str:
        """Return what was sent under an id that is no line: an event, the state of a pod, a gap."""
        entry = self._entry(numbers)
        return "" if entry is None else entry.text

    def _entry(self, numbers: tuple[int, ...]) -> Entry | None:
        entries = self._entries
        return next((entries[number - 1] for number in numbers if 1 <= number <= len(entries)), None)

    def _words(self, row: int | None) -> str:
        if row is None:
            return "no such line was sent"
        pane = self._main.pane
        found = pane.viewport.view.store.find(row)
        if found is None:
            return "this line is no longer kept"
        columns, index = found
        stream = pane.table[int(columns.streams[index])]
        from hallucino_tui.session.collect import source_of  # noqa: PLC0415 - not before the first frame

        moment = format_time(int(columns.times[index]), None, pane.painter.look)
        return f"{moment} {source_of(stream)}  {columns.line(index).decode('utf-8', 'replace')[:300]}"
