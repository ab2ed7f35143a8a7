"""Things that happen to a stream, and stand as dividers between its lines."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class NoticeKind(enum.IntEnum):
    """Why a divider stands between two lines. The number is kept in the low bits of the row's level code."""

    NOTE = 0
    RECONNECT = 1
    GAP = 2
    RESTART = 3
    END = 4
    ERROR = 5


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
