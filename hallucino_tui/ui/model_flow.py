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
            screen = ModelsScreen(main.pane.painter.palette, models.rows, main.bridge.has_agreed, self._forget)
            app_of(main).push_screen(screen, self._choose)

    def _forget(self, host: str) -> None:
        """Take back that lines go to a host without a question."""
        try:
            self._main.bridge.disagree(host)
        except OSError as error:
            words = f"Taken back for now; the next run cannot be told: {error.strerror}."
            self._main.notify(words, severity="warning", timeout=10)

    def _choose(self, place: str | None) -> None:
        models = self._main.bridge.models
        if place is None or models is None:
            return
        row, before = models.rows[int(place)], models.rows[models.current]
        if row.is_unusable:
            stays = "" if row.is_current or before.is_unusable else f" {before.label} is still the one that is asked."
            self._main.notify(f"{row.label} cannot be asked: {row.problem}{stays}", severity="warning", timeout=10)
            return
        self._main.bridge.choose_model(int(place))
        self._main.notify(f"{row.label} is asked from now on; ctrl+r asks the last question again.")
