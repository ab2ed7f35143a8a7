"""Things that happen to a stream, and stand as dividers between its lines."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class NoticeKind(enum.IntEnum):
    """Why a divider stands between two lines.

    The number is kept in the six low bits of the row's level code. It leaves out the bit that says of a line that it
    goes on with the record before (`hallucino_tui.logs.severity.CONTINUED`): a divider never does.
    """

    NOTE = 0
    RECONNECT = 1
    GAP = 2
    RESTART = 3
    END = 4
    ERROR = 5
    EVENT = 6
    """The cluster did something that changes what runs: a Job began, a workload was scaled."""

    ROLLOUT = 7
    OOM = 16
    """A container was killed for want of memory."""

    KILLED = 17
    """The cluster ended something that ran: a probe failed too often, a node had no room."""

    PROBE = 18
    TROUBLE = 19
    """The cluster cannot do what it should: no image, no volume, no node, one crash after the other."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a stream, shown as a divider between its lines.

    Attributes:
        stream: Number of the stream in the stream table.
        time: Nanoseconds since the epoch, UTC.
        kind: What it is about.
        text: One sentence for the reader.
    """

    stream: int
    time: int
    kind: NoticeKind
    text: str
