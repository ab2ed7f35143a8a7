"""The stack of filters as a list: each can be switched, changed or removed. Dismisses with the one to be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from rich.segment import Segment
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.bindings import app_of, bindings_for, close_bindings, hint
from hallucino_tui.ui.screens.popups import POPUP_CSS
from hallucino_tui.ui.widgets.row_list import RowList
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hallucino_tui.session.narrowing import Narrow
    from hallucino_tui.ui.palette import Palette


class Stack(Protocol):
    """What holds the filters."""

    @property
    def now(self) -> Narrow:
        """What holds now."""
        ...

    def switch(self, place: int) -> None:
        """Switch one filter on or off."""
        ...

    def remove(self, place: int) -> None:
        """Take one filter away."""
        ...

    async def hidden(self, text: str) -> int | None:
        """Return how many lines a filter hides by itself; None if that is not known."""
        ...


class _Row(NamedTuple):
    place: int
    text: str
    on: bool
    hides: str


_HIDES = len("hides 1,234,567")


class _FilterList(RowList[_Row]):
    def key_of(self, row: _Row) -> object:
        """Return its place in the stack."""
        return row.place

    def draw_row(self, row: _Row) -> list[Segment]:
        """Return a row's segments."""
        style = self.palette.text if row.on else self.palette.muted
        return [
            Segment(" ● " if row.on else " ○ ", self.palette.accent),
            Segment(f"{row.hides:<{_HIDES}} ", self.palette.muted),
            Segment(shown(row.text), style),
        ]


class FiltersScreen(ModalScreen[int | None]):
    """The filters, the first of them on top."""

    CSS_PATH = POPUP_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.FILTERS)]

    def __init__(self, palette: Palette, stack: Stack) -> None:
        """Prepare.

        Args:
            palette: The colours.
            stack: Holds the filters.
        """
        super().__init__()
        self.list = _FilterList(palette, "filters")
        self._stack = stack
        self._hidden: dict[str, int | None] = {}

    def compose(self) -> ComposeResult:
        """Make the parts."""
        keys = hint(
            app_of(self),
            filters__switch="on or off",
            list__choose="changes",
            filters__remove="removes",
            anywhere__back="closes",
        )
        with Vertical(classes="popup wide low"):
            yield self.list
            yield Static(keys, classes="popup-foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(".popup", Vertical).border_title = "Filters: lines have to pass all that are on"
        self.list.focus()
        self._fill()
        start(self, "", self._count)

    async def _count(self) -> None:
        """Count what each filter hides, one after the other."""
        for one in self._stack.now.filters:
            self._hidden[one.text] = await self._stack.hidden(one.text)
            self._fill()

    def action_switch(self) -> None:
        if self.list.current is not None:
            self._stack.switch(self.list.current.place)
            self._fill()

    def action_remove(self) -> None:
        if self.list.current is not None:
            self._stack.remove(self.list.current.place)
            self._fill()
            if not self.list.rows:
                self.dismiss(None)

    def on_row_list_chosen(self) -> None:
        if self.list.current is not None:
            self.dismiss(self.list.current.place)

    def action_close(self) -> None:
        self.dismiss(None)

    def _fill(self) -> None:
        filters = self._stack.now.filters
        self.list.set_rows([_Row(place, one.text, one.on, self._words(one.text)) for place, one in enumerate(filters)])

    def _words(self, text: str) -> str:
        """Return what is known of how many lines a filter hides."""
        if text not in self._hidden:
            return "hides …"
        count = self._hidden[text]
        return "" if count is None else f"hides {count:,}"
