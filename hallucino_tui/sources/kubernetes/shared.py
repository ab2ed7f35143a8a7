"""What all followers of one cluster share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.sources.kubernetes.client import Client


@dataclass(slots=True)
class Shared:
    """What all followers of a cluster share.

    Attributes:
        client: Speaks to the API server.
        clock: Tells the time.
        table: Numbers the streams.
        cluster: The cluster's name, for the streams' labels.
        opening: Lets only so many answers be opened at once.
        quiet: Seconds without a line after which a follow is probed.
        longest_wait: No wait before trying again is longer, in seconds.
        runs_before: Whether a run that ended shortly before a container is read for the first time is read, too.
    """

    client: Client
    clock: Clock
    table: StreamTable
    cluster: str
    opening: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(20))
    quiet: float = 30.0
    longest_wait: float = 30.0
    runs_before: bool = False
