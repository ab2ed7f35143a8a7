"""What is done with a node of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.ui.messages import NodeAction
    from hallucino_tui.ui.screens.main import MainScreen


class NodeFlow:
    """Does what the tree's keys ask for."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with the tree and what narrows the lines.
        """
        self._main = main

    def hear(self, event: NodeAction) -> None:
        """Do something with a node."""
        main, key = self._main, event.key
        if event.action == "find":
            main.typing.open("find")
        elif event.action == "show_all" or key is None:
            main.narrowing.all_streams()
        elif event.action == "expand":
            main.bridge.tell(lambda workspace: workspace.expand(key))
        elif event.action == "describe":
            main.taking.describe(key)
        elif event.action == "previous_run":
            main.taking.previous_run(key)
        elif event.action == "add":
            main.narrowing.add_node(key)
        else:
            main.narrowing.only(key)
            if len(main.panels.visible()) == 1:
                main.go("logs")
