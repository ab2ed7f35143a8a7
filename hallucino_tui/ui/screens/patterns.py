"""The list of patterns: the kinds of lines that come in, kept up to date. Dismisses with the one that was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from hallucino_tui.config.keys import Where
from hallucino_tui.session.pattern_list import SORTS, Pattern, PatternListing, ordered
from hallucino_tui.ui import pattern_row
from hallucino_tui.ui.bindings import app_of, bindings_for, close_bindings, hint
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.numbers import plural, short
from hallucino_tui.ui.screens.popups import POPUP_CSS
from hallucino_tui.ui.widgets.row_list import RowList
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import tzinfo

    from rich.segment import Segment
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hallucino_tui.ui.palette import Palette

_SECONDS: float = 0.5
_TITLES = {
    "count": "the most frequent first",
    "newest": "the newest first",
    "level": "the worst first",
    "surprise": "the most surprising first",
}


class PatternStack(Protocol):
    """Keeps and hides patterns by filters."""

    def state(self, number: int) -> str:
        """Return ``kept`` or ``hidden``, "" for neither."""
        ...

    async def toggle(self, number: int, state: str) -> None:
        """Keep or hide a pattern, or no longer."""
        ...


class _PatternList(RowList[Pattern]):
    def __init__(self, palette: Palette, stack: PatternStack, zone: tzinfo | None) -> None:
        super().__init__(palette, "patterns")
        self._stack = stack
        self._zone = zone
        self.moved: Callable[[], None] = lambda: None

    def key_of(self, row: Pattern) -> object:
        """Return the template's number."""
        return row.number

    def draw_row(self, row: Pattern) -> list[Segment]:
        """Return a row's segments."""
        return pattern_row.segments(row, self._stack.state(row.number), self.size.width, self.palette, self._zone)

    def go(self, index: int) -> None:
        """Put the cursor on a row, and let others know."""
        super().go(index)
        self.moved()


class _Find(Input):
    """The field for what is looked for."""

    def __init__(self, confirm: Callable[[], None]) -> None:
        super().__init__(id="patterns-find", compact=True, placeholder="text of a pattern")
        self._confirm = confirm

    async def action_submit(self) -> None:
        """Go back to the list."""
        self._confirm()


class PatternsScreen(ModalScreen[int | None]):
    """All patterns with what was counted of them."""

    CSS_PATH = POPUP_CSS
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.PATTERNS)]

    def __init__(
        self,
        palette: Palette,
        read: Callable[[], Awaitable[PatternListing]],
        stack: PatternStack,
        zone: tzinfo | None = None,
    ) -> None:
        """Prepare.

        Args:
            palette: The colours.
            read: Returns what is known now.
            stack: Keeps and hides patterns.
            zone: In which zone times are shown; None for the local one.
        """
        super().__init__()
        self.list = _PatternList(palette, stack, zone)
        self.list.moved = self._tell
        self.sort = SORTS[0]
        self.listing = PatternListing()
        self._read = read
        self._stack = stack
        self._zone = zone

    def compose(self) -> ComposeResult:
        """Make the parts."""
        keys = hint(
            app_of(self),
            list__choose="shows these lines",
            patterns__keep="only these",
            patterns__hide="not these",
            patterns__sort="sorts",
            patterns__find="finds",
            anywhere__back="closes",
        )
        with Vertical(classes="popup wide"):
            yield Static("", id="patterns-head", classes="popup-head", markup=False)
            yield self.list
            yield Static("", id="patterns-detail", markup=False)
            field = _Find(self._back_to_list)
            field.display = False
            yield field
            yield Static(keys, classes="popup-foot", markup=False)

    async def on_mount(self) -> None:
        self.list.focus()
        await self._update()
        self.set_interval(_SECONDS, self._update)

    def on_resize(self, event: events.Resize) -> None:
        event.stop()
        self.call_after_refresh(self._fill)

    def action_sort(self) -> None:
        self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
        self.list.rows = ()  # another order begins at its top
        self.list.go(0)
        self._fill()

    def action_find(self) -> None:
        field = self.query_one(_Find)
        field.display = True
        field.focus()

    def action_keep(self) -> None:
        self._toggle("kept")

    def action_hide(self) -> None:
        self._toggle("hidden")

    def action_close(self) -> None:
        field = self.query_one(_Find)
        if field.has_focus:
            field.value = ""
            field.display = False
            self.list.focus()
        else:
            self.dismiss(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    def on_row_list_chosen(self) -> None:
        if self.list.current is not None:
            self.dismiss(self.list.current.number)

    def _back_to_list(self) -> None:
        self.list.focus()

    def _toggle(self, state: str) -> None:
        if self.list.current is not None:
            start(self, "", self._change, self.list.current.number, state)

    async def _change(self, number: int, state: str) -> None:
        await self._stack.toggle(number, state)
        self.list.forget_pictures()

    async def _update(self) -> None:
        self.listing = await self._read()
        self._fill()

    def _fill(self) -> None:
        text = self.query_one(_Find).value
        rows = ordered(self.listing.patterns, self.sort, text)
        self.list.set_rows(rows)
        self.query_one("#patterns-head", Static).update(pattern_row.head(self.list.size.width))
        title = f"Patterns: {_TITLES[self.sort]}"
        self.query_one(".popup", Vertical).border_title = harmless(title).markup
        self.query_one(".popup", Vertical).border_subtitle = harmless(self._facts(len(rows))).markup
        self._tell()

    def _facts(self, shown: int) -> str:
        listing = self.listing
        count = len(listing.patterns)
        parts = [f"{shown:,} of {plural(count, 'pattern')}" if shown < count else plural(count, "pattern")]
        parts.append(f"of all {short(listing.lines)} lines that came in")
        if listing.frames:
            parts.append(f"{short(listing.frames)} in stack traces")
        if listing.missed:
            parts.append(f"{short(listing.missed)} had left before")
        if listing.waiting:
            parts.append(f"{listing.waiting:,} to be read yet")
        return " · ".join(parts)

    def _tell(self) -> None:
        """Say more of the pattern under the cursor."""
        pattern = self.list.current
        words = "" if pattern is None else pattern_row.detail(pattern, self._zone)
        self.query_one("#patterns-detail", Static).update(harmless(words))
