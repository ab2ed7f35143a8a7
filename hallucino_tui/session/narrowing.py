"""What the reader narrowed the view to, step by step, so that the last step can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.moment import NANOSECONDS
from hallucino_tui.logs.severity import Level
from hallucino_tui.session.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Container

_STEPS: Final = (Level.UNKNOWN, Level.INFO, Level.WARN, Level.ERROR)
_MOST_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class FilterText:
    """One filter of the stack, as it was typed.

    Attributes:
        text: A query, or plain words.
        on: Whether it holds at the moment.
    """

    text: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Narrow:
    """One state of the view's narrowing.

    Attributes:
        filters: Lines have to pass all that are on.
        matches_only: Whether other lines are hidden; else the filters only mark what passes.
        level: From which level on lines show.
        selection: Which streams show.
        since: Lines before this time do not show, in nanoseconds; None for no bound.
        until: Lines from this time on do not show; None for no bound.
        whole_records: Whether a line that passes brings the other lines of its record.
    """

    filters: tuple[FilterText, ...] = ()
    matches_only: bool = True
    level: Level = Level.UNKNOWN
    selection: Selection = field(default_factory=Selection)
    since: int | None = None
    until: int | None = None
    whole_records: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The filters that hold."""
        return tuple(one.text for one in self.filters if one.on)

    def facts(self) -> list[str]:
        """Return what is narrowed besides the filters, each in few words."""
        off = sum(not one.on for one in self.filters)
        chosen = len(self.selection.keys)
        return [
            *([f"level>={self.level.name.lower()}"] if self.level is not Level.UNKNOWN else []),
            *([f"{span_words(self.since, self.until)}"] if (self.since, self.until) != (None, None) else []),
            *([f"{chosen} chosen"] if chosen else []),
            *([f"{off} off"] if off else []),
            *(["marked only"] if self.filters and not self.matches_only else []),
        ]


def span_words(since: int | None, until: int | None) -> str:
    """Return a span of time in few words, in local time."""
    first, last = _clock(since), _clock(until)
    if until is None:
        return f"from {first}"
    return f"until {last}" if since is None else f"{first} to {last}"


class Narrowing:
    """Remembers the steps."""

    def __init__(self) -> None:
        self._steps: list[Narrow] = []
        self.now = Narrow()

    def change(self, wanted: Narrow) -> Narrow:
        """Narrow by one step; return what holds now. What does not change is no step."""
        if wanted != self.now:
            self._steps.append(self.now)
            del self._steps[:-_MOST_STEPS]
            self.now = wanted
        return self.now

    def preview(self, wanted: Narrow) -> Narrow:
        """Change while something is typed, without a step of its own."""
        self.now = wanted
        return wanted

    def next_level(self) -> Narrow:
        """Raise the level by one step; from the highest back to all lines."""
        place = _STEPS.index(self.now.level) if self.now.level in _STEPS else 0
        return self.change(replace(self.now, level=_STEPS[(place + 1) % len(_STEPS)]))

    def undo(self) -> Narrow | None:
        """Take the last step back; return what holds now, or None if there was no step."""
        if not self._steps:
            return None
        self.now = self._steps.pop()
        return self.now


def with_filter(narrow: Narrow, place: int, text: str) -> Narrow:
    """Return a narrowing with another text at a place of its stack; "" takes the filter away.

    Args:
        narrow: What holds now.
        place: Which filter; the number of filters for one more.
        text: What was typed.
    """
    filters = list(narrow.filters)
    changed = [FilterText(text)] if text.strip() else []
    return replace(narrow, filters=tuple(filters[:place] + changed + filters[place + 1 :]))


def exchanged(narrow: Narrow, old: Container[str], new: str) -> Narrow:
    """Return a narrowing without the filters of some texts, and with one more; "" for none.

    Args:
        narrow: What holds now.
        old: The texts of filters that go.
        new: The text of the filter that comes.
    """
    filters = tuple(one for one in narrow.filters if one.text not in old)
    return replace(narrow, filters=(*filters, FilterText(new)) if new else filters)


def looked(narrow: Narrow, text: str) -> Narrow:
    """Return a narrowing that lets only one more filter hold, for all streams and levels; the times stay.

    The other filters are switched off and not forgotten.
    """
    filters = tuple(replace(one, on=False) for one in narrow.filters if one.text != text)
    whole = replace(narrow, level=Level.UNKNOWN, selection=narrow.selection.all(), matches_only=True)
    return replace(whole, filters=(*filters, FilterText(text)))


def switched(narrow: Narrow, place: int) -> Narrow:
    """Return a narrowing with one of its filters switched on or off."""
    filters = list(narrow.filters)
    filters[place] = replace(filters[place], on=not filters[place].on)
    return replace(narrow, filters=tuple(filters))


def _clock(time: int | None) -> str:
    if time is None:
        return ""
    try:
        moment = datetime.fromtimestamp(time // NANOSECONDS, UTC).astimezone()
    except (OverflowError, OSError, ValueError):
        return "?"
    return (
        f"{moment:%m-%d %H:%M:%S}"
        if abs(datetime.now(UTC).timestamp() - time / NANOSECONDS) > 86_400
        else f"{moment:%H:%M:%S}"
    )
