"""All incident notebooks. Dismisses with the name of the one that was chosen, "" for a new one, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment

from hallucino_tui.logs.text import shown
from hallucino_tui.session.notebook import Listed
from hallucino_tui.session.notebook_blocks import stamp
from hallucino_tui.ui.screens.lists import ListScreen
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from hallucino_tui.ui.palette import Palette


class _NotebookList(RowList[Listed]):
    def __init__(self, palette: Palette, zone: tzinfo | None) -> None:
        super().__init__(palette, "notebooks")
        self._zone = zone

    def key_of(self, row: Listed) -> object:
        """Return the notebook's name."""
        return row.name

    def draw_row(self, row: Listed) -> list[Segment]:
        """Return a row's segments."""
        if not row.name:
            return [Segment(" + a new notebook", self.palette.accent)]
        when = stamp(row.changed, self._zone, "%Y-%m-%d %H:%M") if not row.problem else ""
        return [
            Segment(f" {when:<16} ", self.palette.muted),
            Segment(f"{row.entries:>5} ", self.palette.muted),
            Segment(shown(row.problem or row.title or row.name).replace("\t", " ")),
        ]


class NotebooksScreen(ListScreen[Listed]):
    """The notebooks, the one that was changed last first, and a row for a new one."""

    CSS: ClassVar[str] = "#notebooks { height: 1fr; background: $surface; }"

    def __init__(self, palette: Palette, zone: tzinfo | None = None) -> None:
        """Prepare.

        Args:
            palette: The colours.
            zone: In which zone times are shown; None for the local one.
        """
        head = f" {'changed':<16} {'kept':>5} incident"
        super().__init__("Notebooks", head, "enter opens    esc closes", _NotebookList(palette, zone))
        self._rows: Sequence[Listed] | None = None

    def take(self, rows: Sequence[Listed]) -> None:
        """Show these notebooks."""
        is_first = self._rows is None
        self._rows = rows
        self.list.set_rows([*rows, Listed("")])
        if is_first:
            self.list.go(0)

    async def fill(self) -> None:
        """Show what is known by now: nothing before it is read, or the cursor would stay with the row for a new one."""
        if self._rows is not None:
            self.list.set_rows([*self._rows, Listed("")])

    def on_row_list_chosen(self) -> None:
        chosen = self.list.current
        if chosen is not None and chosen.problem:
            self.say(chosen.problem)
        elif chosen is not None:
            self.dismiss(chosen.name)
