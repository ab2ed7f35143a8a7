"""The models that can be asked, in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.bindings import app_of, bindings_for, hint
from hallucino_tui.ui.screens.lists import ListScreen
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

    from hallucino_tui.session.model_list import ModelRow
    from hallucino_tui.ui.palette import Palette


_MOST: Final = (24, 32)
"""Cells of the label and of the host, at most."""


class _ModelRows(RowList["tuple[int, ModelRow]"]):
    def __init__(self, palette: Palette, widths: tuple[int, int]) -> None:
        super().__init__(palette, "models")
        self._widths = widths
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
        model, (label, host) = row[1], self._widths
        return [
            Segment(" ● " if model.is_current else "   ", self.palette.accent),
            Segment(f"{shown(model.label):<{label}.{label}} "),
            Segment(f"{shown(model.host or '-'):<{host}.{host}} ", self.palette.muted),
            Segment(shown(_words_of(model)), self.palette.match if model.problem else None),
        ]


class ModelsScreen(ListScreen["tuple[int, ModelRow]"]):
    """The models of the settings. Dismisses with the place of the chosen one as text, or None."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.MODELS)

    def __init__(
        self,
        palette: Palette,
        rows: Sequence[ModelRow],
        has_agreed: Callable[[str], bool],
        forget: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            palette: The colours.
            rows: The models.
            has_agreed: Says whether lines go to a host without a question.
            forget: Takes that back.
        """
        label, host = (
            min(max(len("model"), *map(len, texts)), most)
            for texts, most in zip(([row.label for row in rows], [row.host for row in rows]), _MOST, strict=True)
        )
        listed = _ModelRows(palette, (label, host))
        super().__init__("Models", f"   {'model':<{label}} {'host':<{host}} limits, price, notes", "", listed)
        self._rows = rows
        self._has_agreed = has_agreed
        self._forget = forget
        listed.moved = self._tell

    async def fill(self) -> None:
        """Show the rows; one of them is asked now."""
        self.list.set_rows(list(enumerate(self._rows)))
        self.list.go(next((place for place, row in enumerate(self._rows) if row.is_current), 0))

    def _tell(self) -> None:
        """Say all of the current row: it may be wider than the list."""
        if self.list.current is not None:
            model = self.list.current[1]
            parts = [model.label, model.name, model.host, _words_of(model)]
            keys = {"list__choose": "asks this one from now on"}
            if model.host and self._has_agreed(model.host):
                parts.append("you agreed to this host: lines go there without a question")
                keys["models__forget"] = "takes that back"
            keys["anywhere__back"] = "closes"
            self.say(f"{'  '.join(part for part in parts if part)}\n{hint(app_of(self), **keys)}")

    def action_forget(self) -> None:
        if self.list.current is not None:
            self._forget(self.list.current[1].host)
            self._tell()

    def on_row_list_chosen(self) -> None:
        if self.list.current is not None:
            self.dismiss(str(self.list.current[0]))


def _words_of(model: ModelRow) -> str:
    """Return why a model cannot be asked, or what is to be known of it."""
    return model.problem or "  ".join(fact for fact in (model.limits, model.cost, model.caveat) if fact)
