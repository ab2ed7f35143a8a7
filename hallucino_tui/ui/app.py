"""The app: themes, keys, the first screen. It holds no policy."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import App
from textual.widgets import Input

from hallucino_tui.logs.text import shown_lines
from hallucino_tui.ui.bindings import app_bindings, keymap_of
from hallucino_tui.ui.bridge import Bridge
from hallucino_tui.ui.palette import Palette, to_textual
from hallucino_tui.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType
    from textual.command import Provider
    from textual.notifications import SeverityLevel

    from hallucino_tui.config.keys import Key
    from hallucino_tui.config.settings import Settings
    from hallucino_tui.config.themes import Themes
    from hallucino_tui.ui.bridge import Parts
    from hallucino_tui.ui.messages import EngineFailed

_TWICE_SECONDS: Final = 2.0


def _commands() -> type[Provider]:
    from hallucino_tui.ui.commands import KeyCommands  # noqa: PLC0415 - only when the palette is opened

    return KeyCommands


class HallucinoApp(App[int]):
    """Shows a cluster's logs.

    Attributes:
        keys: The keys in effect.
        themes: The themes that were found.
        problems: What of the user's own files cannot be used: said at the start, one sentence each.
        bridge: Leads to the engine.
        main_screen: The first screen.
    """

    TITLE = "hallucino"
    CSS_PATH = "styles/main.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT: ClassVar[float] = 4
    BINDINGS: ClassVar[list[BindingType]] = app_bindings()

    def __init__(
        self,
        parts: Parts,
        settings: Settings,
        keys: Sequence[Key],
        themes: Themes,
        attach: Callable[[App[Any]], None] | None = None,
    ) -> None:
        """Prepare; nothing heavy is imported and nothing is read before the first frame.

        Args:
            parts: The engine and what belongs to it.
            settings: How to begin.
            keys: The keys in effect.
            themes: The themes that were found.
            attach: Told of the app on its own loop, for what has to suspend it.
        """
        super().__init__()
        self.keys = keys
        self.themes = themes
        self.problems: Sequence[str] = themes.problems
        self.bridge = Bridge(parts)
        self._settings = settings
        self._interrupted = 0.0
        self._tell_app = attach
        name = settings.screen.theme if settings.screen.theme in themes.by_name else "dark"
        for theme in themes.by_name.values():
            self.register_theme(to_textual(theme))
        self.theme = name  # before the first frame, or the style sheets would be read twice
        self.main_screen = MainScreen(self.bridge, Palette(themes.by_name[name]), settings, keys)
        self.bridge.listener = self.main_screen

    def get_default_screen(self) -> MainScreen:
        """Return the first screen."""
        return self.main_screen

    def on_mount(self) -> None:
        """Take up theme and keys."""
        if self._tell_app is not None:
            self._tell_app(self)
        self.set_keymap(keymap_of(self.keys))
        if self._settings.screen.theme not in self.themes.by_name:
            self._warn(f"There is no theme {self._settings.screen.theme!r}: dark is used.")
        for problem in self.problems:
            self._warn(problem)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 - Textual hands it over; what others wrote may be in the message
    ) -> None:
        """Say something; none of it is ever markup."""
        super().notify(shown_lines(message), title=title, severity=severity, timeout=timeout, markup=False)

    def on_notify(self) -> None:
        """Make room for what is to be said: it covers something for as long as it stands there.

        The newest word takes the place of those before; only the last one of what went wrong stays beside it.
        """
        said = list(self._notifications)
        kept = [one for one in said if one.severity != "information"][-1:]
        for one in said:
            if one not in kept:
                self._unnotify(one, refresh=False)
                if self.screen_stack:
                    # Textual itself would take away the word and leave an empty line.
                    self.screen.query(f"#--textual-toast-{one.identity}").remove()

    async def on_event(self, event: events.Event) -> None:
        """Do what a key means before the next one is looked at.

        Textual hands a key to the widget that has the focus at that moment and learns later what it does. Keys that
        were typed ahead, such as a word right behind the key that opens a field, would go to the widget before.
        """
        if isinstance(event, events.Key) and not event.is_forwarded and await self._take_key(event):
            return
        await super().on_event(event)

    async def _take_key(self, event: events.Key) -> bool:
        """Do what a key means, if that can be done at once; return whether it was."""
        self.app_focus = True
        field = self.focused
        if isinstance(field, Input) and event.is_printable and event.character:
            field.replace(event.character, *field.selection)
            return True
        active = self.screen.active_bindings.get(event.key)
        return active is not None and active.enabled and await self.run_action(active.binding.action, active.node)

    def choose_theme(self, name: str) -> None:
        """Draw with another theme."""
        self.theme = name
        self.main_screen.set_palette(Palette(self.themes.by_name[name]))

    def on_engine_failed(self, event: EngineFailed) -> None:
        """Leave with a sentence: without the engine there is nothing to show."""
        from hallucino_tui.config.defects import report_defect  # noqa: PLC0415 - not before the first frame

        self.exit(1, message=Text(report_defect(event.error)))

    async def action_quit(self) -> None:
        """Leave; ask first if lines would be lost."""
        self.main_screen.leave()

    def action_help(self) -> None:
        """Show all keys."""
        from hallucino_tui.ui.screens.help import HelpScreen  # noqa: PLC0415 - not before the first frame

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.keys))

    def action_interrupt(self) -> None:
        """Copy what is selected, else cancel what runs; twice in a row, leave."""
        main = self.main_screen
        selected = self.screen.get_selected_text()
        if selected:
            main.taking.copy_selection(selected, in_panel=self.screen is main)
            self.screen.clear_selection()
        elif main.pane.mark is not None:
            main.taking.copy()
        elif not main.sending.cancel():
            now = time.monotonic()
            if now - self._interrupted < _TWICE_SECONDS:
                self.exit(130)
            self._interrupted = now
            self.notify("Press ctrl+c once more to leave.", timeout=_TWICE_SECONDS)

    def _fatal_error(self) -> None:
        """Leave with one sentence; the trace-back, without any values, goes to a file of the user's own."""
        from hallucino_tui.config.defects import report_defect  # noqa: PLC0415 - not before the first frame

        error = sys.exc_info()[1]
        self.bell()
        self.panic(Text(report_defect(error) if error is not None else "Hallucino stopped by a defect."))

    def _warn(self, words: str) -> None:
        self.notify(words, severity="warning", timeout=10)
