"""The models that can be asked, in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment

from hallucino_tui.logs.text import shown
from hallucino_tui.ui.screens.lists import ListScreen
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hallucino_tui.session.model_list import ModelRow
    from hallucino_tui.ui.palette import Palette


_FOOT: Final = "enter asks this one from now on    esc closes"


class _ModelRows(RowList["tuple[int, ModelRow]"]):
    def __init__(self, palette: Palette) -> None:
        super().__init__(palette, "models")
        self.moved: Callable[[], None] = lambda: None

    def go(self, index: int) -> None:
        """Put the cursor on a row, and let others know."""
        super().go(index)
        self.moved()

    def key_of(self, row: tuple[int, ModelRow]) -> object:
        """Return the place of the model in the settings."""
        return row[0]

    def draw_row(self, row: tuple[int, ModelRow]) -> list[Segment]:
        """Return a row's segments."""
        model = row[1]
        return [
            Segment(" ● " if model.is_current else "   ", self.palette.accent),
            Segment(f"{shown(model.label):<24.24} "),
            Segment(f"{shown(model.host or '-'):<32.32} ", self.palette.muted),
            Segment(shown(_words_of(model)), self.palette.match if model.problem else None),
        ]


class ModelsScreen(ListScreen["tuple[int, ModelRow]"]):
    """The models of the settings. Dismisses with the place of the chosen one as text, or None."""

    def __init__(self, palette: Palette, rows: Sequence[ModelRow]) -> None:
        """Prepare.

        Args:
            palette: The colours.
            rows: The models.
        """
        head = f"   {'model':<24} {'host':<32} limits, price per million tokens, what to know of it"
        listed = _ModelRows(palette)
        super().__init__("Models", head, _FOOT, listed)
        self._rows = rows
        listed.moved = self._tell

    async def fill(self) -> None:
        """Show the rows; one of them is asked now."""
        self.list.set_rows(list(enumerate(self._rows)))
        self.list.go(next((place for place, row in enumerate(self._rows) if row.is_current), 0))

    def _tell(self) -> None:
        """Say all of the current row: it may be wider than the list."""
        if self.list.current is not None:
            model = self.list.current[1]
            whole = "  ".join(part for part in (model.label, model.name, model.host, _words_of(model)) if part)
            self.say(f"{whole}\n{_FOOT}")

    def on_row_list_chosen(self) -> None:
        if self.list.current is not None:
            self.dismiss(str(self.list.current[0]))


def _words_of(model: ModelRow) -> str:
    """Return why a model cannot be asked, or what is to be known of it."""
    return model.problem or "  ".join(fact for fact in (model.limits, model.cost, model.caveat) if fact)
