"""Reads the log of one container instance: follows it, goes on after cuts, and reads its rest when it has ended."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import aiohttp

from hallucino_tui.logs.lines import LineCutter
from hallucino_tui.logs.moment import NANOSECONDS, format_prefix
from hallucino_tui.logs.notice import NoticeKind
from hallucino_tui.session.receipts import StreamState
from hallucino_tui.sources.kubernetes.errors import ClusterError
from hallucino_tui.sources.kubernetes.log_request import (
    Ended,
    Ending,
    Start,
    chunks_of,
    ending_of,
    log_params,
    log_path,
    server_words,
)
from hallucino_tui.sources.kubernetes.resume import Position, Replay

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.inventory import Pod
    from hallucino_tui.sources.kubernetes.client import Client
    from hallucino_tui.sources.kubernetes.outlet import Outlet

_DECIDE_SECONDS: Final = 5.0
"""How long lines are held back that may be replays, if the answer stops in the middle of them."""

_IN_FLIGHT_SECONDS: Final = 1.0
"""How long a line that a probe saw may take to come by the follow, too."""

_PROBE_SECONDS: Final = 10.0
_LONGEST_QUIET: Final = 120.0


class OtherInstanceError(Exception):
    """The answer is of another instance of the container than the one that was asked for."""


@dataclass(slots=True)
class InstanceLog:
    """One container instance's log, as far as it was read.

    Attributes:
        client: Speaks to the API server.
        clock: Tells the time.
        outlet: Takes lines and notices.
        opening: Lets only so many answers be opened at once.
        is_still: Asks the cluster whether an instance is still the container's current one, or its previous one.
        pod: The pod.
        container: The container's name.
        stream: The number of this instance's stream.
        container_id: The runtime's name for the instance.
        start: Where the first reading begins.
        quiet: Seconds without a line after which a follow is probed.
        position: The end of what was read.
        before_gap: The end of what was read before lines that did not follow upon it; None as long as all did.
        complete: Whether the log was read to its very end.
        unterminated: Whether its last line had no newline.
    """

    client: Client
    clock: Clock
    outlet: Outlet
    opening: asyncio.Semaphore
    is_still: Callable[[str, bool], Awaitable[bool]]
    pod: Pod
    container: str
    stream: int
    container_id: str
    start: Start
    quiet: float
    position: Position = field(default_factory=Position)
    before_gap: Position | None = None
    complete: bool = False
    unterminated: bool = False
    _opened_at: int = 0
    _interrupted_at: int = 0
    _limit: asyncio.Timeout | None = None
    _probed: bytes = b""
    _settled: bool = False

    def hurry(self) -> None:
        """Look at once whether the follow is still alive."""
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())

    def interrupt(self) -> None:
        """Note that the connection is gone; the next reading says for how long it was."""
        if self._opened_at and not self._interrupted_at:
            self._interrupted_at = self.clock.now()

    async def follow(self) -> Ended:
        """Read from the end of what was read until the answer ends, in whatever way.

        Raises:
            ClusterError: The answer could not be opened.
            OtherInstanceError: The container was restarted; nothing of the other instance was handed over.
        """
        replay = Replay(self.position)
        async with contextlib.AsyncExitStack() as stack:
            async with self.opening:
                response = await stack.enter_async_context(self.client.open(self._path, self._params(follow=True)))
            await self._opened(replay)
            self.outlet.state(StreamState.LIVE)
            return await self._read_follow(response, replay)

    async def read_rest(self, *, previous: bool = False, final: bool = False) -> Ended:
        """Read what there is beyond the end of what was read, without following.

        Args:
            previous: The instance is no longer the container's current one.
            final: The instance has ended, so this is all there will ever be.

        Raises:
            ClusterError: The answer could not be opened.
            OtherInstanceError: The answer is of another instance; nothing of it was handed over.
        """
        replay = Replay(self.position)
        cutter = LineCutter()
        async with self.opening, self.client.open(self._path, self._params(previous=previous)) as response:
            await self._opened(replay, previous=previous)
            try:
                async for chunk in chunks_of(response):
                    await self._hand_over(replay, replay.feed(cutter.feed(chunk)), previous=previous)
            except (aiohttp.ClientError, OSError):
                return Ended(Ending.CUT)
        rest = cutter.rest()
        words = server_words(rest)
        if rest and not words:
            # The last line of a container that has ended may lack its newline; the store does not need it.
            self.unterminated = True
            await self._hand_over(replay, replay.feed(rest + b"\n"), previous=previous)
        await self._hand_over(replay, replay.decide(), previous=previous)
        if (final or previous) and replay.found is None and not words:
            # Not even the last line came again, and no later one will ever settle the question.
            await self._settle(replay, previous=previous)
        return ending_of(words)

    @property
    def _path(self) -> str:
        return log_path(self.pod.namespace, self.pod.name)

    def _params(self, *, follow: bool = False, previous: bool = False) -> dict[str, str]:
        since, tail = self.position.since, None
        if since is None and self.start.tail == 0 and self._opened_at:
            # Only what is new was wanted, and the first answer broke off before there was anything.
            since = _seconds(self._opened_at - NANOSECONDS)
        elif since is None:
            since = None if self.start.since is None else _seconds(self.start.since * NANOSECONDS)
            tail = self.start.tail
        return log_params(self.container, follow=follow, previous=previous, since_time=since, tail=tail)

    async def _opened(self, replay: Replay, *, previous: bool = False) -> None:
        if (previous or self.position.line is None) and not await self.is_still(self.container_id, previous):
            # With a line to compare, an answer of another instance would show. Without one, only the cluster can tell:
            # what is current (or previous) now was that when the answer was opened, too.
            raise OtherInstanceError
        self._opened_at = self._opened_at or self.clock.now()
        if self._interrupted_at:
            self.outlet.receipt.reconnects += 1
        self._settled = False
        if self.position.line is None and self._interrupted_at:
            self._tell_reconnect(replay)

    async def _read_follow(self, response: aiohttp.ClientResponse, replay: Replay) -> Ended:
        cutter = LineCutter()
        quiet = self.quiet
        while True:
            try:
                async with asyncio.timeout(_DECIDE_SECONDS if replay.holds else quiet) as self._limit:
                    chunk = await response.content.readany()
            except TimeoutError:
                if replay.holds:
                    # The answer stopped in the middle of what may be replays. Reading without following settles it.
                    return await self.read_rest()
                if await self._is_stale(response):
                    return Ended(Ending.STALE)
                quiet = min(2 * quiet, _LONGEST_QUIET)
                continue
            except (aiohttp.ClientError, OSError):
                return Ended(Ending.CUT)
            finally:
                self._limit = None
            if not chunk:
                # What is still held back, and an unfinished line, come again with the next reading.
                return ending_of(server_words(cutter.rest()))
            quiet = self.quiet
            await self._hand_over(replay, replay.feed(cutter.feed(chunk)), previous=False)

    async def _hand_over(self, replay: Replay, fresh: bytes, *, previous: bool) -> None:
        """Hand new lines to the outlet, behind a word on what happened between them and the last one."""
        if not self._settled and replay.found is not None and self.position.line is not None:
            await self._settle(replay, previous=previous)
        if fresh:
            self._settled = True
            self.position.note(fresh)
            self.outlet.emit(self.stream, fresh)

    async def _settle(self, replay: Replay, *, previous: bool) -> None:
        """Say whether lines may be missing, now that it is known."""
        if not replay.found:
            if not previous and not await self.is_still(self.container_id, False):
                raise OtherInstanceError
            self.before_gap = self.position.copy()
            self.outlet.receipt.gaps += 1
            text = "lines may be missing here: the log was rotated while the connection was gone"
            self.outlet.note(self.stream, self.position.time, NoticeKind.GAP, text)
        self.outlet.receipt.replays += replay.dropped
        self._tell_reconnect(replay)
        self._settled = True

    def _tell_reconnect(self, replay: Replay) -> None:
        if not self._interrupted_at:
            return
        now = self.clock.now()
        text = f"reconnected after {(now - self._interrupted_at) / NANOSECONDS:.1f} s"
        if replay.found:
            text += f", nothing lost, {replay.dropped} repeated lines dropped"
        self._interrupted_at = 0
        self.outlet.note(self.stream, self.position.time if self.position.line else now, NoticeKind.RECONNECT, text)

    async def _is_stale(self, followed: aiohttp.ClientResponse) -> bool:
        """Look by a short read whether there is a newer line than the follow has brought."""
        before = self.position.line
        arrived = followed.content.total_bytes
        try:
            async with (
                asyncio.timeout(_PROBE_SECONDS),
                self.client.open(self._path, log_params(self.container, tail=1)) as response,
            ):
                body = await response.read()
        except (ClusterError, aiohttp.ClientError, OSError, TimeoutError):
            return True  # whatever it is, opening anew finds out and says so
        newest = body.rstrip(b"\n").rpartition(b"\n")[2]
        if newest in {b"", before, self._probed} or server_words(newest):
            return False
        await self.clock.sleep(_IN_FLIGHT_SECONDS)
        if followed.content.total_bytes != arrived:
            return False
        # A long line's remainder has a time of its own and looks new each time: only once.
        self._probed = newest
        return True


def _seconds(time: int) -> str:
    return f"{format_prefix(time)[:19]}Z"
