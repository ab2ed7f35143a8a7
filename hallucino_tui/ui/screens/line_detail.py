"""One line whole: where it comes from, its times, its text, and its fields, by which one can filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.fields import Field, fields_of, label_fields
from hallucino_tui.logs.text import shown
from hallucino_tui.ui.bindings import app_of, bindings_for, close_bindings, hint
from hallucino_tui.ui.harmless import harmless
from hallucino_tui.ui.line_text import facts_of, text_of
from hallucino_tui.ui.names import fit_name
from hallucino_tui.ui.screens.popups import POPUP_CSS
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import tzinfo

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from hallucino_tui.ui.line_record import LineRecord
    from hallucino_tui.ui.palette import Palette

_MOST_NAME: Final = 28
_SHOWN_VALUE: Final = 400

Action = Literal["filter", "exclude", "column", "copy"]


@dataclass(frozen=True, slots=True)
class DetailChoice:
    """What is to be done with a field.

    Attributes:
        action: Show only lines with its value, hide those, show it in a column of its own (or no more), copy its value.
        field: The field, or a label of the stream.
    """

    action: Action
    field: Field


class _FieldRow(NamedTuple):
    field: Field
    is_column: bool


class _FieldList(RowList[_FieldRow]):
    """Labels of the stream, and the fields of the line."""

    name_cells: int = 0

    def key_of(self, row: _FieldRow) -> object:
        """Return the field's name."""
        return row.field.name

    def draw_row(self, row: _FieldRow) -> list[Segment]:
        """Return a row's segments."""
        field, palette = row.field, self.palette
        null = field.kind == "word" and not field.value
        value = shown(field.value[:_SHOWN_VALUE]).replace("\t", " ")
        style = palette.text if field.filterable and not null else palette.muted
        return [
            Segment(" ● " if row.is_column else "   ", palette.accent),
            Segment(fit_name(shown(field.name), self.name_cells), palette.muted),
            Segment(f"  {field.source:<8} ", palette.muted),
            Segment("null" if null else value, style),
        ]


class LineDetailScreen(ModalScreen[DetailChoice | None]):
    """A line with its record. Dismisses with what is to be done, or None."""

    CSS_PATH = POPUP_CSS
    CSS: ClassVar[str] = """
    #detail-facts { height: auto; max-height: 6; }
    #detail-scroll { height: auto; min-height: 2; margin: 1 0; }
    #detail-text { width: 1fr; }
    #detail-fields { height: 1fr; min-height: 3; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*close_bindings(), *bindings_for(Where.DETAIL)]

    def __init__(
        self, palette: Palette, record: LineRecord, columns: Collection[str] = (), zone: tzinfo | None = None
    ) -> None:
        """Prepare.

        Args:
            palette: The colours.
            record: The line.
            columns: Names that have a column in the pane.
            zone: The local time zone; None for the computer's.
        """
        super().__init__()
        self._record = record
        self._palette = palette
        self._zone = zone
        self.pretty = True
        self.list = _FieldList(palette, "detail-fields")
        labels = record.stream.labels
        found = (*fields_of(record.text, labels=labels), *label_fields(labels))
        self.list.name_cells = min(max([cell_len(shown(field.name)) for field in found], default=0), _MOST_NAME)
        self._rows = [_FieldRow(field, field.name in columns) for field in found]

    def compose(self) -> ComposeResult:
        """Make the parts."""
        keys = hint(
            app_of(self),
            detail__filter="only",
            detail__exclude="without",
            detail__column="column",
            detail__copy="copy",
            detail__pretty="pretty",
            anywhere__back="closes",
        )
        with Vertical(classes="popup wide"):
            yield Static(facts_of(self._record, self._palette, self._zone), id="detail-facts", markup=False)
            with VerticalScroll(id="detail-scroll"):
                yield Static(id="detail-text", markup=False)
            yield self.list
            yield Static(keys, classes="popup-foot", markup=False)

    def on_mount(self) -> None:
        stream = self._record.stream
        title = "/".join(part for part in (stream.title, stream.part) if part)
        self.query_one(".popup", Vertical).border_title = harmless(title).markup
        self.list.set_rows(self._rows)
        self.list.focus()
        self.call_after_refresh(self._show_text)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_text)

    def on_row_list_chosen(self) -> None:
        self.action_filter()

    def action_filter(self) -> None:
        self._choose("filter")

    def action_exclude(self) -> None:
        self._choose("exclude")

    def action_column(self) -> None:
        self._choose("column")

    def action_copy(self) -> None:
        self._choose("copy")

    def action_pretty(self) -> None:
        self.pretty = not self.pretty
        self._show_text()

    def action_text_down(self) -> None:
        self.query_one("#detail-scroll", VerticalScroll).scroll_relative(y=1, animate=False)

    def action_text_up(self) -> None:
        self.query_one("#detail-scroll", VerticalScroll).scroll_relative(y=-1, animate=False)

    def action_close(self) -> None:
        self.dismiss(None)

    def _choose(self, action: Action) -> None:
        if self.list.current is None:
            return
        field = self.list.current.field
        if action in {"filter", "exclude"} and not field.filterable:
            why = "a list" if field.kind == "array" else "too long" if field.value else "nothing"
            self.notify(f"Lines cannot be filtered by {shown(field.name)}: its value is {why}.", markup=False)
            return
        self.dismiss(DetailChoice(action, field))

    def _show_text(self) -> None:
        """Draw the text for the width that there is; it may be as high as the table leaves room for."""
        if not self.is_mounted or not self.query("#detail-text"):
            return
        text = self.query_one("#detail-text", Static)
        text.update(text_of(self._record, max(text.size.width, 1), self._palette, pretty=self.pretty))
        parts = [self.query_one(selector) for selector in ("#detail-facts", ".popup-foot")]
        taken = sum(part.outer_size.height + part.styles.margin.height for part in parts)
        room = self.query_one(".popup", Vertical).size.height - taken - 2
        self.query_one("#detail-scroll").styles.max_height = max(room - min(len(self._rows), room // 2), 2)
