"""Every message that crosses widgets, or comes from the engine.

What a key does to the focus or to what shows is told by a plain call and not by a message: a message comes later, and
the keys that were typed behind it would go to the old place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.session.asking import Heard
    from hallucino_tui.session.nodes import NodeKey
    from hallucino_tui.session.workspace import WorkspaceSnapshot


class WorkspaceChanged(Message):
    """The engine has something new to show. A newer one makes an older one needless."""

    def __init__(self, snapshot: WorkspaceSnapshot) -> None:
        super().__init__()
        self.snapshot = snapshot

    def can_replace(self, message: Message) -> bool:
        """A newer state holds all of an older one."""
        return isinstance(message, WorkspaceChanged)


class AnswerEvent(Message):
    """Something came from the model, for one run."""

    def __init__(self, run: int, event: Heard) -> None:
        super().__init__()
        self.run = run
        self.event = event


class EngineFailed(Message):
    """The engine stopped by a defect."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


@dataclass(frozen=True, slots=True)
class NodeAction:
    """Something is to be done with a node of the tree; None for no node in particular."""

    action: str
    key: NodeKey | None


class WantOlder(Message):
    """The reader went to the top of the pane and wants to see what was before."""


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """The text in the prompt changed, was confirmed, or the prompt was left."""

    purpose: str
    text: str
    done: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class CitationWanted:
    """A cited line is to be shown; with no numbers, only its preview."""

    numbers: tuple[int, ...]


class RunInUi(Message):
    """Something that the engine wants done on the screen's loop."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self.work = work
