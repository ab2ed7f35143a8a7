"""What the reader narrowed the view to, step by step, so that the last step can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.severity import Level
from hallucino_tui.logs.words import parse_words
from hallucino_tui.session.selection import Selection

if TYPE_CHECKING:
    from hallucino_tui.logs.words import Word

_STEPS: Final = (Level.UNKNOWN, Level.INFO, Level.WARN, Level.ERROR)
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Narrow:
    """One state of the view's narrowing.

    Attributes:
        text: The filter as it was typed.
        level: From which level on lines show.
        selection: Which streams show.
    """

    text: str = ""
    level: Level = Level.UNKNOWN
    selection: Selection = field(default_factory=Selection)

    @property
    def words(self) -> tuple[Word, ...]:
        """The filter's words."""
        return parse_words(self.text)

    def __str__(self) -> str:
        words = " ".join(map(str, self.words))
        level = "" if self.level is Level.UNKNOWN else f"level>={self.level.name.lower()}"
        chosen = len(self.selection.keys)
        streams = "" if not chosen else "1 chosen" if chosen == 1 else f"{chosen} chosen"
        return "  ".join(part for part in (f"& {words}" if words else "", level, streams) if part)


class Narrowing:
    """Remembers the steps."""

    def __init__(self) -> None:
        self._steps: list[Narrow] = []
        self.now = Narrow()

    def change(
        self, *, text: str | None = None, level: Level | None = None, selection: Selection | None = None
    ) -> Narrow:
        """Narrow by one step; return what holds now. What does not change is no step."""
        wanted = replace(
            self.now,
            text=self.now.text if text is None else text,
            level=self.now.level if level is None else level,
            selection=self.now.selection if selection is None else selection,
        )
        if wanted != self.now:
            self._steps.append(self.now)
            del self._steps[:-_MOST_STEPS]
            self.now = wanted
        return self.now

    def preview(self, text: str) -> Narrow:
        """Change the text while it is typed, without a step of its own."""
        self.now = replace(self.now, text=text)
        return self.now

    def next_level(self) -> Narrow:
        """Raise the level by one step; from the highest back to all lines."""
        place = _STEPS.index(self.now.level) if self.now.level in _STEPS else 0
        return self.change(level=_STEPS[(place + 1) % len(_STEPS)])

    def undo(self) -> Narrow | None:
        """Take the last step back; return what holds now, or None if there was no step."""
        if not self._steps:
            return None
        self.now = self._steps.pop()
        return self.now
