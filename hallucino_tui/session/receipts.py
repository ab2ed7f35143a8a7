"""The receipt of a stream: what came in, what was dropped as a replay, and what may be missing."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hallucino_tui.logs.stream import Stream


class StreamState(enum.StrEnum):
    """How a stream is. A quiet stream is `LIVE`: only silence that was looked into counts as quiet."""

    WAITING = "waiting"
    OPENING = "opening"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    POLLING = "polling"
    ENDED = "ended"
    FORBIDDEN = "forbidden"
    FAILED = "failed"


@dataclass(slots=True)
class Receipt:
    """Counters of one stream. Its source counts; others read copies.

    Attributes:
        stream: Which stream.
        state: How it is now.
        since: Since when, in nanoseconds since the epoch.
        detail: One phrase about the state, for example why it waits.
        lines: Lines handed over.
        bytes: Their bytes, without time prefixes and newlines.
        replays: Lines that came again and were dropped.
        reconnects: How often it was opened again.
        gaps: How often lines may be missing.
        last_line: When the last line was handed over, in nanoseconds since the epoch; 0 if none was.
    """

    stream: Stream
    state: StreamState = StreamState.WAITING
    since: int = 0
    detail: str = ""
    lines: int = 0
    bytes: int = 0
    replays: int = 0
    reconnects: int = 0
    gaps: int = 0
    last_line: int = 0

    def change(self, state: StreamState, now: int, detail: str = "") -> None:
        """Note a new state. `since` only moves when the state differs."""
        if state is not self.state:
            self.state, self.since = state, now
        self.detail = detail

    def copy(self) -> Receipt:
        """Return a copy that no longer changes."""
        return replace(self)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of all receipts.

    Attributes:
        states: How many streams are in each state.
        lines: Lines handed over.
        replays: Lines dropped because they came again.
        reconnects: How often a stream was opened again.
        gaps: How often lines may be missing.
    """

    states: dict[StreamState, int] = field(default_factory=dict[StreamState, int])
    lines: int = 0
    replays: int = 0
    reconnects: int = 0
    gaps: int = 0


def total(receipts: Iterable[Receipt]) -> Totals:
    """Return the sums of receipts."""
    states: dict[StreamState, int] = {}
    lines = replays = reconnects = gaps = 0
    for receipt in receipts:
        states[receipt.state] = states.get(receipt.state, 0) + 1
        lines += receipt.lines
        replays += receipt.replays
        reconnects += receipt.reconnects
        gaps += receipt.gaps
    return Totals(states, lines, replays, reconnects, gaps)
