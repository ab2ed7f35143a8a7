"""What is typed into the prompt, and what it is for: search, filter, questions, names, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hallucino_tui.ui.complete_flow import PURPOSES
from hallucino_tui.ui.work import start

if TYPE_CHECKING:
    from hallucino_tui.ui.messages import FieldChanged
    from hallucino_tui.ui.panels import Panel
    from hallucino_tui.ui.screens.main import MainScreen

_HINTS: Final = {
    "search": "text to find",
    "filter": "words that lines must have; !word for those they must not; or a query",
    "filter_more": "one more filter: words, or a query",
    "time": "12:06, 2026-11-25 12:06, -5m (before the newest), +30s",
    "ask": "a question about these lines",
    "follow_up": "a question about the same lines",
    "find": "a name in the tree",
}
_FROM: Final[dict[str, Panel]] = {"follow_up": "assistant", "find": "tree"}
"""The panels that purposes belong to; all others belong to the logs."""


class TypeFlow:
    """Opens the prompt for a purpose and hands on what is typed, letter by letter and in the end."""

    def __init__(self, main: MainScreen) -> None:
        """Prepare.

        Args:
            main: The screen with the prompt and all that can be typed about.
        """
        self._main = main

    def open(self, purpose: str) -> None:
        """Let the user type.

        Args:
            purpose: What for; one of the prompt's symbols.
        """
        main = self._main
        texts = {
            "filter": main.narrowing.begin,
            "filter_more": main.narrowing.begin_more,
            "save": main.taking.proposed_name,
        }
        if purpose == "search":
            main.finding.begin()
        if "logs" not in main.panels.visible():
            if purpose in _FROM:
                # What is typed is about what stands there: it stays in sight.
                main.panels.typing = True
            main.go(_FROM.get(purpose, "logs"))
        self._open(purpose, texts.get(purpose, str)())

    def change_filter(self, place: int | None) -> None:
        """Let the user change one filter of the stack; None for none of them."""
        if place is not None:
            self._open("filter", self._main.narrowing.begin(place))

    def _open(self, purpose: str, text: str) -> None:
        self._main.prompt.open(purpose, text, _HINTS.get(purpose, ""))
        self._main.completing.begin(purpose)

    def hear(self, event: FieldChanged) -> None:
        """Take what is typed by now."""
        main, over = self._main, event.done or event.left
        if over:
            main.completing.end()
            main.panels.typing = False
            main.go(_FROM.get(event.purpose, "logs"))
        if event.purpose in PURPOSES:
            (main.narrowing.typed if over else main.narrowing.type)(event.text)
            main.completing.update("")
        elif event.purpose == "search":
            main.finding.type(event.text)
            main.pane.changed()
        elif event.purpose == "find":
            main.cluster_tree.find(event.text)
        elif event.done and event.text.strip():
            self._take(event.purpose, event.text.strip())

    def _take(self, purpose: str, text: str) -> None:
        main = self._main
        if purpose == "save":
            main.taking.save(text)
        elif purpose == "time":
            main.timing.go_to(text)
        elif purpose == "ask":
            main.ask(text)
        else:
            start(main, "ask", main.asking.follow_up, text)
