"""Completion in the filter's field: what could stand there next, and what is wrong with what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hallucino_tui.logs.query.completion import Completion, CompletionContext
    from hallucino_tui.ui.widgets.log_pane import LogPane
    from hallucino_tui.ui.widgets.prompt_bar import PromptBar
    from hallucino_tui.ui.widgets.text_line import TextLine

_MOST_VALUES: Final = 200
_HIDDEN: Final = frozenset({"pod_uid"})
PURPOSES: Final = frozenset({"filter", "filter_more"})


class CompleteFlow:
    """Offers completions while a filter is typed; tab takes the first."""

    def __init__(self, prompt: PromptBar, hints: TextLine, pane: LogPane) -> None:
        """Prepare.

        Args:
            prompt: Where is typed.
            hints: Where completions show.
            pane: Its streams and lines say what can be named.
        """
        self._prompt = prompt
        self._hints = hints
        self._pane = pane
        self._offered: list[Completion] = []
        self._context: CompletionContext | None = None

    def begin(self, purpose: str) -> None:
        """Start to offer, if there is something to offer for this purpose."""
        self._context = None
        self._hints.display = purpose in PURPOSES
        if purpose in PURPOSES:
            self._context = self._look_around()
            self.update("")

    def end(self) -> None:
        """Offer nothing any more."""
        self._hints.display = False
        self._offered = []

    def update(self, problem: str) -> None:
        """Offer what fits behind what is typed by now.

        Args:
            problem: What is wrong with it, "" for nothing.
        """
        if self._context is None or not self._hints.display:
            return
        from hallucino_tui.logs.query.completion import complete  # noqa: PLC0415 - only once a filter is typed

        field = self._prompt.field
        self._offered = complete(field.value, field.cursor_position, self._context)
        offers = "  ".join(one.text.strip() for one in self._offered[:12])
        self._hints.say(f" tab ▸ {offers}" if offers else ' words, !words, or a query: {pod="..."} |= "..." | json', "")
        self._hints.set_class(bool(problem), "problem")
        if problem and not self._offered:
            self._hints.say(f" {problem}")

    def take(self) -> None:
        """Put the first completion into the field."""
        if not self._offered:
            return
        field, first = self._prompt.field, self._offered[0]
        end = field.cursor_position
        field.value = field.value[: first.start] + first.text + field.value[end:]
        field.cursor_position = first.start + len(first.text)

    def _look_around(self) -> CompletionContext:
        from hallucino_tui.logs.fields import fields_of  # noqa: PLC0415 - only once a filter is typed
        from hallucino_tui.logs.query.completion import CompletionContext  # noqa: PLC0415

        values: dict[str, list[str]] = {}
        for stream in self._pane.table:
            for name, value in stream.labels.items():
                known = values.setdefault(name, [])
                if name not in _HIDDEN and value and value not in known and len(known) < _MOST_VALUES:
                    known.append(value)
        fields: dict[str, None] = {}
        store = self._pane.viewport.view.store
        for line in self._pane.viewport.lines():
            if (found := store.find(line.row)) is not None and found[0].at_hand:
                text = found[0].line(found[1])[:4096].decode("utf-8", "replace")
                fields |= dict.fromkeys(field.name for field in fields_of(text))
        return CompletionContext(tuple(name for name in values if name not in _HIDDEN), values, tuple(fields))
