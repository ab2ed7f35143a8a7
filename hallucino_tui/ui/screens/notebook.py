"""The incident notebook: its entries in order, and one of them whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal, Protocol, TypeVar

from rich.segment import Segment
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.text import shown
from hallucino_tui.session.notebook import Entry, Notebook, with_moved, without_entry
from hallucino_tui.session.notebook_blocks import gist_of, kind_of, stamp, whole
from hallucino_tui.ui.bindings import app_of, bindings_for, close_bindings, hint
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.numbers import plural
from hallucino_tui.ui.screens.notebooks import NotebooksScreen
from hallucino_tui.ui.screens.popups import POPUP_CSS, QuestionScreen, TextScreen
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hallucino_tui.session.notebook_keeper import Keeper
    from hallucino_tui.ui.palette import Palette

T = TypeVar("T")

Purpose = Literal["note", "title", "export"]
_ASKS: Final[dict[Purpose, str]] = {"note": "note ▸", "title": "incident ▸", "export": "export as ▸"}
_LONGEST_GIST: Final = 500


class Hands(Protocol):
    """Does what takes a disk, one thing after the other."""

    def do(self, work: Callable[[Keeper], T], then: Callable[[T], None], failed: Callable[[str], None]) -> None:
        """Do something, and tell how it went."""
        ...

    def export(self, path: str, then: Callable[[str], None], failed: Callable[[str], None]) -> None:
        """Write the notebook for others to read, and tell how it went."""
        ...

    def go_to(self, entry: Entry) -> None:
        """Go to the lines of an entry."""
        ...


class _EntryList(RowList[Entry]):
    def __init__(self, palette: Palette, zone: tzinfo | None) -> None:
        super().__init__(palette, "notebook-entries")
        self._zone = zone
        self.moved: Callable[[], None] = lambda: None

    def key_of(self, row: Entry) -> object:
        """Return the entry's id."""
        return row.id

    def draw_row(self, row: Entry) -> list[Segment]:
        """Return a row's segments."""
        gist = shown(gist_of(row)[:_LONGEST_GIST]).replace("\t", " ")
        return [
            Segment(f" {stamp(row.moment, self._zone, '%H:%M:%S')} ", self.palette.muted),
            Segment(f" {kind_of(row):<6} ", self.palette.accent),
            Segment("✎ " if row.note else "  ", self.palette.accent),
            Segment(gist),
        ]

    def go(self, index: int) -> None:
        """Put the cursor on a row, and let others know."""
        super().go(index)
        self.moved()


class _Field(Input):
    """The field for notes, names and files."""

    def __init__(self, confirm: Callable[[], None]) -> None:
        super().__init__(id="notebook-field", compact=True, select_on_focus=False)
        self._confirm = confirm

    async def action_submit(self) -> None:
        """Take what was typed."""
        self._confirm()


class NotebookScreen(ModalScreen[None]):
    """The notebook that is open."""

    CSS_PATH = POPUP_CSS
    CSS: ClassVar[str] = """
    #notebook-entries { height: 1fr; background: $surface; }
    #notebook-detail { height: 3; color: $text-muted; border-top: solid $line-border; }
    #notebook-field { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.NOTEBOOK)]

    def __init__(self, palette: Palette, hands: Hands, zone: tzinfo | None = None) -> None:
        """Prepare.

        Args:
            palette: The colours.
            hands: Does what takes a disk.
            zone: In which zone times are shown; None for the local one.
        """
        super().__init__()
        self.list = _EntryList(palette, zone)
        self.list.moved = self._tell
        self.notebook: Notebook | None = None
        self.purpose: Purpose | None = None
        self._about = 0
        self._exporting = False
        self._problem = ""
        self._hands = hands
        self._zone = zone

    def compose(self) -> ComposeResult:
        """Make the parts."""
        keys = hint(
            app_of(self),
            list__choose="whole",
            notebook__go="goes there",
            notebook__note="note",
            notebook__remove="delete",
            notebook__move_down="moves down",
            notebook__move_up="moves up",
            notebook__title="title",
            notebook__export="export",
            notebook__open="others",
            anywhere__back="closes",
        )
        with Vertical(classes="popup wide"):
            yield self.list
            yield Static("", id="notebook-detail", markup=False)
            field = _Field(self._typed)
            field.display = False
            yield field
            yield Static(keys, classes="popup-foot", markup=False)

    def on_mount(self) -> None:
        self.list.focus()
        self._draw()

    def take(self, notebook: Notebook | None) -> None:
        """Show a notebook; None while none is open."""
        self.notebook = notebook
        if self.query(".popup"):
            self._draw()

    def say(self, sentence: str) -> None:
        """Say what went wrong."""
        self.notify(sentence, severity="error", timeout=10, markup=False)

    # ── keys ──

    def on_row_list_chosen(self) -> None:
        if (entry := self.list.current) is not None:
            title = f"{kind_of(entry).capitalize()}, kept {stamp(entry.moment, self._zone)}"
            app_of(self).push_screen(TextScreen(title, whole(entry)))

    def action_go(self) -> None:
        entry = self.list.current
        if entry is not None and self.purpose is None:
            self.dismiss(None)
            self._hands.go_to(entry)

    def action_note(self) -> None:
        if (entry := self.list.current) is not None:
            self._type("note", entry.note, "what you think of it; nothing takes the note away", entry.id)

    def action_title(self) -> None:
        if self.notebook is not None:
            self._type("title", self.notebook.title, "what the incident is called")

    def action_export(self) -> None:
        if self.notebook is not None:
            self._type("export", f"hallucino-{self.notebook.name}.md", "a new file: .md for Markdown, .html for HTML")

    def action_remove(self) -> None:
        entry = self.list.current
        if entry is None or self.purpose is not None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._change(lambda notebook: without_entry(notebook, entry.id))

        gist = shown(gist_of(entry)[:60])
        app_of(self).push_screen(QuestionScreen(f"Delete this entry for good? {gist}"), answered)

    def action_move_down(self) -> None:
        self._move(1)

    def action_move_up(self) -> None:
        self._move(-1)

    def action_open(self) -> None:
        if self.purpose is None:
            screen = NotebooksScreen(self.list.palette, self._zone)
            app_of(self).push_screen(screen, self._open)
            self._hands.do(lambda keeper: keeper.list(), screen.take, screen.say)

    def action_close(self) -> None:
        if self.purpose is not None:
            self._leave_field()
        else:
            self.dismiss(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    # ── what they do ──

    def _type(self, purpose: Purpose, text: str, placeholder: str, about: int = 0) -> None:
        if self.purpose is not None:
            return
        self.purpose, self._about = purpose, about
        field = self.query_one(_Field)
        field.value, field.placeholder = text, placeholder
        field.cursor_position = len(text)
        field.display = True
        field.focus()
        self._tell()

    def _typed(self) -> None:
        purpose, text, about = self.purpose, self.query_one(_Field).value.strip(), self._about
        if purpose == "export" and text:
            self._export(text)
            return
        self._leave_field()
        if purpose == "note":
            self._hands.do(lambda keeper: keeper.note(about, text), self.take, self.say)
        elif purpose == "title" and text:
            self._hands.do(lambda keeper: keeper.rename(text), self.take, self.say)

    def _export(self, path: str) -> None:
        """Export; the field stays until that worked, or else what is typed next would be keys."""

        def worked(words: str) -> None:
            self._exporting = False
            if self.purpose == "export":
                self._leave_field()
            self.notify(words, markup=False)

        def failed(sentence: str) -> None:
            self._exporting, self._problem = False, sentence
            self.say(sentence)
            self._tell()

        if not self._exporting:
            self._exporting = True
            self._hands.export(path, worked, failed)

    def _leave_field(self) -> None:
        self.purpose, self._problem = None, ""
        self.query_one(_Field).display = False
        self.list.focus()
        self._tell()

    def _move(self, step: int) -> None:
        entry = self.list.current
        if entry is not None and self.purpose is None:
            self._change(lambda notebook: with_moved(notebook, entry.id, step))

    def _change(self, change: Callable[[Notebook], Notebook]) -> None:
        self._hands.do(lambda keeper: keeper.change(change), self.take, self.say)

    def _open(self, name: str | None) -> None:
        if name is None:
            return
        self._hands.do(lambda keeper: keeper.open(name) if name else keeper.begin(), self.take, self.say)

    def _draw(self) -> None:
        notebook = self.notebook
        entries = [] if notebook is None else notebook.entries
        self.list.set_rows(entries)
        popup = self.query_one(".popup", Vertical)
        title = "Notebook" if notebook is None else f"Notebook: {notebook.title or notebook.name}"
        popup.border_title = harmless(title.replace("\n", " ")).markup
        words = "" if notebook is None else f"{plural(len(entries), 'thing')} kept · {notebook.name}"
        popup.border_subtitle = harmless(words).markup
        self._tell()

    def _tell(self) -> None:
        """Say more of the entry under the cursor, or what is being typed."""
        entry = self.list.current
        if self.purpose is not None:
            words = f"{_ASKS[self.purpose]} {self._problem}".rstrip()
        elif entry is not None:
            words = f"✎ {entry.note}" if entry.note else f"kept {stamp(entry.moment, self._zone)}"
        else:
            keys = hint(app_of(self), logs__pin="in the logs keeps lines", logs__pin_view="keeps what shows")
            words = f"Nothing was kept yet.  {keys}"
        for detail in self.query("#notebook-detail").results(Static):  # none before the screen is made
            detail.update(harmless(words))
