"""One line on its way through a pipeline: its text and its labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hallucino_tui.logs.query.label_names import ERROR, ERROR_DETAILS, LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hallucino_tui.logs.severity import Level


class Item(NamedTuple):
    """A line as it comes.

    Attributes:
        line: Its text.
        labels: The labels of its stream.
        time: Nanoseconds since the epoch.
        level: Its severity.
    """

    line: str
    labels: Mapping[str, str]
    time: int
    level: Level


class LineState:
    """A line and what the stages so far have made of it.

    Attributes:
        line: The text as it shows now.
        time: Nanoseconds since the epoch.
        level: The severity.
        error: The name of what went wrong, "" for nothing.
        details: More about it.
    """

    __slots__ = ("_base", "_gone", "_set", "_taken", "details", "error", "level", "line", "time")

    def __init__(self, item: Item) -> None:
        self.line = item.line
        self.time = item.time
        self.level = item.level
        self.error = ""
        self.details = ""
        self._base = item.labels
        self._set: dict[str, str] = {}
        self._gone: set[str] = set()
        self._taken: set[str] = set()

    def get(self, name: str) -> str | None:
        """Return the value of a label, None if there is no such label."""
        value = self._set.get(name)
        if value is not None or name in self._gone:
            return value
        if name == LEVEL:
            return self.level.name.lower()
        return self._base.get(name)

    def text(self, name: str) -> str:
        """Return the value of a label as a test of its text sees it: "" if it is missing, and errors have a name."""
        if name == ERROR:
            return self.error
        if name == ERROR_DETAILS:
            return self.details
        return self.get(name) or ""

    @property
    def has_own_level(self) -> bool:
        """Whether the label for the severity still says what was found in the line."""
        return LEVEL not in self._set and LEVEL not in self._gone

    def came_with(self, name: str) -> bool:
        """Say whether the stream has a label, whatever became of it since."""
        return name == LEVEL or name in self._base

    def was_set(self, name: str) -> bool:
        """Say whether some stage gave the line this label: parsers then leave it alone."""
        return name in self._taken

    def put(self, name: str, value: str) -> None:
        """Give the line a label."""
        self._set[name] = value
        self._taken.add(name)

    def remove(self, name: str) -> None:
        """Take a label away."""
        self._set.pop(name, None)
        self._gone.add(name)

    def fail(self, error: str, details: str) -> None:
        """Note that something went wrong. Details of an earlier error stay where there are none."""
        self.error = error
        self.details = details or self.details

    def labels(self) -> dict[str, str]:
        """Return all labels, errors among them."""
        found = {**self._base, LEVEL: self.level.name.lower()}
        for name in self._gone:
            found.pop(name, None)
        found |= self._set
        if self.error:
            found[ERROR] = self.error
        if self.details:
            found[ERROR_DETAILS] = self.details
        return found
