"""What a model thinks aloud before it answers is no part of its answer."""

from __future__ import annotations

import enum
from typing import Final

_BEGIN: Final = "<think>"
_END: Final = "</think>"


class _Place(enum.Enum):
    BEFORE = enum.auto()
    INSIDE = enum.auto()
    BEHIND = enum.auto()
    OPEN = enum.auto()


class Thoughts:
    """Takes the thoughts off the beginning of an answer that comes in pieces.

    Most servers send thoughts in a field of their own; those that know nothing of thinking send them as text between
    ``<think>`` and ``</think>``. Only at the beginning of an answer is that a thought.

    Attributes:
        any: Whether there were any.
    """

    def __init__(self) -> None:
        """Start before the first piece."""
        self._place: _Place = _Place.BEFORE
        self._held: str = ""
        self.any = False

    def feed(self, text: str) -> str:
        """Return what of a piece, and of pieces held back before, belongs to the answer."""
        if self._place is _Place.OPEN:
            return text
        self._held += text
        if self._place is _Place.BEFORE:
            head = self._held.lstrip()
            if len(head) < len(_BEGIN) and _BEGIN.startswith(head):
                return ""
            if not head.startswith(_BEGIN):
                return self.flush()
            self._place, self._held, self.any = _Place.INSIDE, head.removeprefix(_BEGIN), True
        if self._place is _Place.INSIDE:
            _, found, behind = self._held.partition(_END)
            self._held = behind if found else self._held[1 - len(_END) :]
            if not found:
                return ""
            self._place = _Place.BEHIND
        self._held = self._held.lstrip()
        return self.flush() if self._held else ""

    def flush(self) -> str:
        """Return what was held back and is no thought."""
        held = "" if self._place is _Place.INSIDE else self._held
        if self._place is not _Place.INSIDE:
            self._place, self._held = _Place.OPEN, ""
        return held
