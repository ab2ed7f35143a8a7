"""The cluster as a tree, of which only the rows in sight are drawn and only what is expanded is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment

from hallucino_tui.config.keys import Where
from hallucino_tui.logs.text import shown
from hallucino_tui.session.nodes import Health, NodeKey, NodeKind
from hallucino_tui.session.selection import Selection
from hallucino_tui.ui.bindings import bindings_for
from hallucino_tui.ui.messages import NodeAction
from hallucino_tui.ui.names import fit_name
from hallucino_tui.ui.palette import HEALTH_MARKS, Palette
from hallucino_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.binding import BindingType

    from hallucino_tui.session.inventory import InventorySnapshot
    from hallucino_tui.session.tree import TreeBuilder, TreeRow


class ClusterTree(RowList["TreeRow"]):
    """Shows namespaces, workloads, pods and containers."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for(Where.TREE)

    def __init__(self, palette: Palette, hear: Callable[[NodeAction], None]) -> None:
        """Start empty.

        Args:
            palette: The colours.
            hear: Told of what is to be done with a node.
        """
        super().__init__(palette, id="tree")
        self._hear = hear
        self._inventory: InventorySnapshot | None = None
        self._selection: Selection = Selection()
        self._expanded: frozenset[NodeKey] = frozenset()
        self._builder: TreeBuilder | None = None
        self._needle = ""

    def show(self, inventory: InventorySnapshot, selection: Selection) -> None:
        """Take a newer state of the cluster."""
        if selection != self._selection:
            self._selection = selection
            self.forget_pictures()
        if inventory is not self._inventory:
            self._inventory = inventory
            self._rebuild()

    def expand_keys(self, keys: set[NodeKey]) -> None:
        """Show what is in some nodes."""
        if not keys <= self._expanded:
            self._expanded |= keys
            self._rebuild()

    def find(self, text: str, step: int = 1, *, from_here: bool = True) -> bool:
        """Put the cursor on the next row whose name contains a text; return False if there is none."""
        self._needle = text = text.lower() or self._needle
        total = len(self.rows)
        if not text or not total:
            return False
        begin = 0 if from_here else step
        for count in range(begin, total + begin):
            index = (self.index + count * step) % total
            if text in self.rows[index].label.lower():
                self.go(index)
                return True
        return False

    def key_of(self, row: TreeRow) -> object:
        """Return the node's key."""
        return row.key

    def draw_row(self, row: TreeRow) -> list[Segment]:
        """Return a row's segments: indent, arrow, health, name, and facts at the right edge."""
        chosen = row.key in self._selection.keys
        arrow = ("▾" if row.expanded else "▸") if row.expandable else " "
        mark = HEALTH_MARKS[row.health]
        if row.key.kind is NodeKind.NOTE:
            return [Segment(f"{'  ' * row.depth}{shown(row.label)}", self.palette.health(row.health))]
        restarts = f" ↻{row.restarts}" if row.restarts else ""
        detail = f" {shown(row.detail)}" if row.detail else ""
        room = self.size.width - 2 * row.depth - 4 - cell_len(restarts)
        name = shown(row.label)
        label = fit_name(name, max(min(cell_len(name), room), 1))
        rest = max(room - cell_len(label), 0)
        detail = detail if cell_len(detail) <= rest else detail[:rest]
        name_style = self.palette.accent if chosen else self.palette.text
        bad = row.health in {Health.BAD, Health.PENDING} and row.key.kind is not NodeKind.WORKLOAD
        return [
            Segment(f"{'  ' * row.depth}{'+' if chosen else ' '}", self.palette.accent),
            Segment(arrow, self.palette.muted),
            Segment(f"{mark} ", self.palette.health(row.health)),
            Segment(label + " " * (rest - cell_len(detail)), name_style),
            Segment(detail, self.palette.health(row.health) if bad else self.palette.muted),
            Segment(restarts, self.palette.health(Health.PENDING)),
        ]

    def action_expand(self) -> None:
        row = self.current
        if row is None or not row.expandable:
            return
        if row.expanded:
            self.go(self.index + 1)
        else:
            self._expanded |= {row.key}
            self._rebuild()
            self._hear(NodeAction("expand", row.key))

    def action_collapse(self) -> None:
        row = self.current
        if row is None:
            return
        if row.expanded:
            self._expanded -= {row.key}
            self._rebuild()
        else:
            above = (place for place in range(self.index - 1, -1, -1) if self.rows[place].depth < row.depth)
            self.go(next(above, self.index))

    def action_choose(self) -> None:
        self.action_show_only()

    def action_show_only(self) -> None:
        self._post("show_only")

    def action_add(self) -> None:
        self._post("add")

    def action_describe(self) -> None:
        self._post("describe")

    def action_previous_run(self) -> None:
        self._post("previous_run")

    def action_show_all(self) -> None:
        self._hear(NodeAction("show_all", None))

    def action_find(self) -> None:
        self._hear(NodeAction("find", None))

    def action_find_next(self) -> None:
        self.find("", from_here=False)

    def action_find_previous(self) -> None:
        self.find("", -1, from_here=False)

    def _post(self, action: str) -> None:
        row = self.current
        if row is not None and row.key.kind is not NodeKind.NOTE:
            self._hear(NodeAction(action, row.key))

    def _rebuild(self) -> None:
        if self._inventory is None:
            return
        if self._builder is None:
            from hallucino_tui.session.tree import TreeBuilder  # noqa: PLC0415 - not before the first frame

            self._builder = TreeBuilder()
        self.set_rows(self._builder.build(self._inventory, self._expanded))
