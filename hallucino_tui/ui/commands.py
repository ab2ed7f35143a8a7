"""The command palette: everything that a key does, by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from hallucino_tui.config.keys import Where, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hallucino_tui.ui.app import HallucinoApp

_OFFERED = {Where.ANYWHERE, Where.TREE, Where.LOGS, Where.ASSISTANT}


class KeyCommands(Provider):
    """Offers the keys of the table, and the themes."""

    async def discover(self) -> Hits:
        """Offer everything before anything is typed."""
        for title, help_, run in self._commands():
            yield DiscoveryHit(title, run, help=help_)

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for title, help_, run in self._commands():
            if (score := matcher.match(f"{title} {help_}")) > 0:
                yield Hit(score, matcher.highlight(title), run, help=help_)

    @property
    def _app(self) -> HallucinoApp:
        from hallucino_tui.ui.app import HallucinoApp  # noqa: PLC0415 - the app offers this provider

        app = self.screen.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        assert isinstance(app, HallucinoApp)  # noqa: S101 - for the type checker
        return app

    def _commands(self) -> Iterator[tuple[str, str, partial[None]]]:
        app = self._app
        for key in app.keys:
            if key.palette and key.keys and key.where in _OFFERED:
                where = "" if key.where is Where.ANYWHERE else f"{key.where.value}: "
                title = f"{where}{key.title} ({shown(key.keys[0])})"
                yield title, key.help or key.title, partial(app.main_screen.press, key)
        for name in sorted(app.themes.by_name):
            yield f"theme: {name}", "Draw with other colours", partial(app.choose_theme, name)
