"""The streams that are open just now, so that a test can cut or freeze them and the server can end them."""

from __future__ import annotations

import asyncio
import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hallucino_tui.demo.pods import Container, Instance
    from hallucino_tui.demo.resources import Resource


class Cut(enum.Enum):
    """How a stream ends that does not end by itself."""

    CLEAN = "with the terminating chunk, as a kubelet's restart does"
    ABRUPT = "without the terminating chunk, as an API server's death does"
    MID_LINE = "without the terminating chunk and in the middle of a line"


class Stream:
    """An answer that goes on.

    Attributes:
        wake: Set whenever there may be something to do.
        cut: How it has to end at once, or None.
        frozen: Nothing is sent while this is set; the socket stays open.
        sent: Bytes of the body sent so far.
    """

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.cut: Cut | None = None
        self.frozen = False
        self.sent = 0

    def end(self, how: Cut) -> None:
        """Let it end."""
        self.cut = how
        self.wake.set()

    def freeze(self, frozen: bool = True) -> None:
        """Send nothing any more, or go on."""
        self.frozen = frozen
        self.wake.set()


class FollowStream(Stream):
    """A log that is followed."""

    def __init__(self, container: Container, instance: Instance) -> None:
        super().__init__()
        self.container = container
        self.instance = instance


class WatchStream(Stream):
    """A watch.

    Attributes:
        expired: It has to end with an ERROR event that its revision is too old.
    """

    def __init__(self, resource: Resource, namespace: str) -> None:
        super().__init__()
        self.resource = resource
        self.namespace = namespace
        self.expired = False


class Streams:
    """All open streams."""

    def __init__(self) -> None:
        self.follows: set[FollowStream] = set()
        self.watches: set[WatchStream] = set()
        self._changed = asyncio.Event()

    def add(self, stream: Stream) -> None:
        """Remember a stream that has just begun."""
        if isinstance(stream, FollowStream):
            self.follows.add(stream)
        elif isinstance(stream, WatchStream):
            self.watches.add(stream)
        self._notify()

    def discard(self, stream: Stream) -> None:
        """Forget a stream that has ended."""
        self.follows.discard(stream)  # type: ignore[arg-type]
        self.watches.discard(stream)  # type: ignore[arg-type]
        self._notify()

    async def until(self, *, follows: int | None = None, watches: int | None = None) -> None:
        """Wait until exactly so many follows or watches are open."""
        while (follows is not None and len(self.follows) != follows) or (
            watches is not None and len(self.watches) != watches
        ):
            await self._changed.wait()

    def end_all(self) -> None:
        """End every stream cleanly."""
        for stream in (*self.follows, *self.watches):
            stream.frozen = False
            stream.end(Cut.CLEAN)

    def _notify(self) -> None:
        """Wake everybody who waits, and make the next one wait for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()
