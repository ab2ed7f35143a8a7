"""Which panels have room beside one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Panel = Literal["tree", "logs", "assistant"]

ORDER: Final[tuple[Panel, ...]] = ("tree", "logs", "assistant")
NARROW: Final = 100
WIDE: Final = 150


@dataclass(slots=True)
class Panels:
    """Decides what shows.

    Attributes:
        width: Columns of the screen.
        open: What the user wants to see.
        focused: Where the keys go.
        full: Whether the focused panel has the whole screen.
        typing: Whether something is typed that belongs to the focused panel: the field stands below it where the logs,
            which it is a part of, have no room.
    """

    width: int = 80
    open: set[Panel] = field(default_factory=lambda: {"tree", "logs"})
    focused: Panel = "logs"
    full: bool = False
    typing: bool = False

    def visible(self) -> list[Panel]:
        """Return the panels that show, from left to right."""
        if self.full or self.width < NARROW:
            return [self.focused]
        shown: set[Panel] = {*self.open, "logs", self.focused}
        if self.width < WIDE and {"tree", "assistant"} <= shown:
            # Room for two: the logs, and of the others the one that is looked at, else the assistant.
            shown.discard("assistant" if self.focused == "tree" else "tree")
        return [panel for panel in ORDER if panel in shown]

    def toggle(self, panel: Panel) -> None:
        """Show a panel and go there; from there, hide it and go back to the logs."""
        if panel in self.visible() and (self.focused == panel or self.width >= NARROW):
            self.open.discard(panel)
            if self.focused == panel:
                self.focused = "logs"
        else:
            self.open.add(panel)
            self.focused = panel
        self.full = False

    def show(self, panel: Panel) -> None:
        """Show a panel beside the one that has the keys, if there is room; else go there."""
        self.open.add(panel)
        if panel not in self.visible():
            self.focused = panel

    def focus(self, panel: Panel) -> None:
        """Go to a panel."""
        self.open.add(panel)
        self.focused = panel

    def step(self, step: int) -> None:
        """Go to the next panel that shows; on a narrow screen to the next one at all."""
        among: list[Panel] = self.visible()
        if self.full or self.width < NARROW:
            among = [panel for panel in ORDER if panel in self.open or panel == "logs"]
        place = among.index(self.focused) if self.focused in among else 0
        self.focused = among[(place + step) % len(among)]
