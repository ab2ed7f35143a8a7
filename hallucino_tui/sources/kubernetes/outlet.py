"""What a follower has for the hub: pieces of lines and notices, in order, and the receipt."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hallucino_tui.logs.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.receipts import Receipt, StreamState


class Piece(NamedTuple):
    """Whole lines of one stream, each with its time prefix and its newline.

    Attributes:
        stream: The stream's number.
        lines: The bytes.
    """

    stream: int
    lines: bytes


@dataclass(slots=True)
class Outlet:
    """Collects what one follower brings until the hub takes it.

    Attributes:
        receipt: Counts and states.
        clock: Tells the time.
        items: What was not taken yet.
    """

    receipt: Receipt
    clock: Clock
    items: deque[Piece | Notice] = field(default_factory=deque[Piece | Notice])

    def emit(self, stream: int, lines: bytes) -> None:
        """Hand over whole lines."""
        if lines:
            self.items.append(Piece(stream, lines))
            self.receipt.last_line = self.clock.now()

    def note(self, stream: int, time: int, kind: NoticeKind, text: str) -> None:
        """Hand over a divider."""
        self.items.append(Notice(stream, time, kind, text))

    def state(self, state: StreamState, detail: str = "") -> None:
        """Note how the stream is now."""
        self.receipt.change(state, self.clock.now(), detail)
