"""Screens that are a list: the receipts of all streams, the contexts that can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from hallucino_tui.logs.text import shown
from hallucino_tui.session.cluster import ContextInfo, SourceError
from hallucino_tui.session.receipts import Receipt, total
from hallucino_tui.ui.bindings import close_bindings
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.numbers import short, size
from hallucino_tui.ui.palette import HEALTH_MARKS, STATE_HEALTH, Palette
from hallucino_tui.ui.screens.popups import POPUP_CSS
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

T = TypeVar("T")


class ListScreen(ModalScreen[str | None], Generic[T]):
    """A list in a pop-up, with a head and a foot."""

    CSS_PATH = POPUP_CSS
    BINDINGS: ClassVar[list[BindingType]] = close_bindings()

    def __init__(self, title: str, head: str, foot: str, rows: RowList[T]) -> None:
        """Prepare.

        Args:
            title: What it is.
            head: Names of the columns.
            foot: What can be done.
            rows: The list.
        """
        super().__init__()
        self._texts = (title, head, foot)
        self.list = rows

    def compose(self) -> ComposeResult:
        """Make the parts."""
        _, head, foot = self._texts
        with Vertical(classes="popup wide"):
            yield Static(harmless(head), classes="popup-head", markup=False)
            yield self.list
            yield Static(harmless(foot), classes="popup-foot", markup=False)

    async def on_mount(self) -> None:
        self.query_one(".popup", Vertical).border_title = harmless(self._texts[0]).markup
        self.list.focus()
        await self.fill()

    async def fill(self) -> None:
        """Get the rows."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """Say something in the foot, if the list is still there: what it waited for may come after it was closed."""
        for foot in self.query(".popup-foot").results(Static):
            foot.update(harmless(words))

    def action_close(self) -> None:
        self.dismiss(None)


class _ReceiptList(RowList[Receipt]):
    def key_of(self, row: Receipt) -> object:
        """Return the container, whichever instance of it runs."""
        return row.stream.identity[:-1]

    def draw_row(self, row: Receipt) -> list[Segment]:
        """Return a row's segments."""
        style = self.palette.state(row.state)
        name = shown("/".join(part for part in (row.stream.title, row.stream.part) if part))
        gaps = Segment(f"{row.gaps:>6}", self.palette.state(row.state) if not row.gaps else self.palette.match)
        return [
            Segment(f" {HEALTH_MARKS[STATE_HEALTH[row.state]]} ", style),
            Segment(f"{name:<40.40} "),
            Segment(
                f"{row.lines:>11,} {size(row.bytes):>8} {row.replays:>9,} {row.reconnects:>7,} ", self.palette.muted
            ),
            gaps,
            Segment(f"  {row.state.value}", style),
            Segment(f"  {shown(row.detail)}" if row.detail else "", self.palette.muted),
        ]


_RECEIPTS_HEAD = f"   {'stream':<40} {'lines':>11} {'bytes':>8} {'repeated':>9} {'reopen':>7} {'gaps':>6}  state"


class StreamsScreen(ListScreen[Receipt]):
    """The receipt of every stream, kept up to date."""

    def __init__(self, palette: Palette, read: Callable[[], Awaitable[Sequence[Receipt]]]) -> None:
        """Prepare.

        Args:
            palette: The colours.
            read: Returns copies of all receipts.
        """
        super().__init__("Receipts", _RECEIPTS_HEAD, "", _ReceiptList(palette, "receipts"))
        self._read = read

    async def fill(self) -> None:
        """Get the rows, and go on getting them."""
        await self._update()
        self.set_interval(0.5, self._update)

    async def _update(self) -> None:
        receipts = await self._read()
        self.list.set_rows(sorted(receipts, key=lambda one: (-one.gaps, one.stream.title, one.stream.part)))
        sums = total(receipts)
        self.say(
            f"{len(receipts)} streams, {short(sums.lines)} lines, {sums.replays:,} repeated lines dropped, "
            f"{sums.reconnects:,} reconnects, {sums.gaps:,} possible gaps. esc closes"
        )


class _ContextList(RowList[ContextInfo]):
    def key_of(self, row: ContextInfo) -> object:
        """Return the context's name."""
        return row.name

    def draw_row(self, row: ContextInfo) -> list[Segment]:
        """Return a row's segments."""
        mark = "●" if row.current else " "
        facts = shown(f"{row.cluster:<24.24} {row.user:<20.20} {row.namespace}")
        return [
            Segment(f" {mark} ", self.palette.accent),
            Segment(f"{shown(row.name):<32.32} "),
            Segment(facts, self.palette.muted),
        ]


class ContextScreen(ListScreen[ContextInfo]):
    """The clusters that can be opened. Dismisses with a context's name, or None."""

    def __init__(self, palette: Palette, read: Callable[[], Awaitable[Sequence[ContextInfo]]]) -> None:
        """Prepare.

        Args:
            palette: The colours.
            read: Returns the contexts.
        """
        head = f"   {'context':<32} {'cluster':<24} {'user':<20} namespace"
        super().__init__("Contexts", head, "enter opens    esc closes", _ContextList(palette, "contexts"))
        self._read = read

    async def fill(self) -> None:
        """Get the rows; one of them is in use."""
        try:
            contexts = await self._read()
        except SourceError as error:
            self.say(str(error))
            return
        self.list.set_rows(contexts)
        self.list.go(next((place for place, one in enumerate(contexts) if one.current), 0))

    def on_row_list_chosen(self) -> None:
        if self.list.current is not None:
            self.dismiss(self.list.current.name)
