"""Which model is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hallucino_tui.ui.bindings import app_of

if TYPE_CHECKING:
    from hallucino_tui.ui.screens.main import MainScreen


class ModelFlow:
    """Lists the models, and takes the one that is chosen."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen that the list opens over.
        """
        self._main = main

    def show(self) -> None:
        """List the models."""
        from hallucino_tui.ui.screens.models import ModelsScreen  # noqa: PLC0415 - not before the first frame

        main = self._main
        models = main.bridge.models
        if models is None:
            main.notify("Still starting: press the key once more.")
        else:
            app_of(main).push_screen(ModelsScreen(main.pane.painter.palette, models.rows), self._choose)

    def _choose(self, place: str | None) -> None:
        models = self._main.bridge.models
        if place is None or models is None:
            return
        row = models.rows[int(place)]
        self._main.bridge.choose_model(int(place))
        if row.problem:
            self._main.notify(f"{row.label} cannot be asked: {row.problem}", severity="warning", timeout=10)
        else:
            self._main.notify(f"{row.label} is asked from now on; ctrl+r asks the last question again.")
