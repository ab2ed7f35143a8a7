"""Answers that go on: logs that are followed, and watches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from hallucino_tui.demo.answers import headers_of
from hallucino_tui.demo.cluster import LapsedError
from hallucino_tui.demo.log_handler import NO_WATCHER, LogHandler, OpenLog
from hallucino_tui.demo.routing import flag
from hallucino_tui.demo.streams import Cut, FollowStream, Stream, WatchStream
from hallucino_tui.demo.watch_handler import Pace, WatchSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from hallucino_tui.demo.encoding import Representation
    from hallucino_tui.demo.faults import Faults
    from hallucino_tui.demo.routing import Target
    from hallucino_tui.demo.world import World


class Streaming:
    """Sends what has accumulated whenever there is something, and sleeps in between."""

    def __init__(self, world: World, faults: Faults, clock: Callable[[], int]) -> None:
        self._world = world
        self._faults = faults
        self._clock = clock
        self._logs = LogHandler(world, faults, clock)

    async def log(self, request: web.Request, target: Target) -> web.StreamResponse:
        """Answer a request for a log.

        Raises:
            ApiError: It is refused.
        """
        opened = self._logs.open(target, request.query)
        if opened is None:
            return web.Response(status=204, headers=headers_of("", flow=False))
        response = web.StreamResponse(headers=headers_of("text/plain", flow=False))
        response.enable_chunked_encoding()
        await response.prepare(request)
        if isinstance(opened, bytes):
            await response.write(opened)
        elif not flag(request.query, "follow"):
            while data := opened.reader.read():
                await response.write(data)
        elif not await self._follow(request, response, opened):
            return response
        await response.write_eof()
        return response

    async def _follow(self, request: web.Request, response: web.StreamResponse, opened: OpenLog) -> bool:
        """Send a log as it is written; return whether the answer is to end with its terminating chunk."""
        node = opened.container.pod.node
        stream = FollowStream(opened.container, opened.instance)
        stream.frozen = self._faults.starts_frozen(opened.container)
        has_watcher = False
        opened.instance.log.listen(stream.wake)
        self._faults.streams.add(stream)
        try:
            while not opened.reader.finished:
                stream.wake.clear()
                ended = opened.instance.log.closed
                data = b"" if stream.frozen else opened.reader.read()
                if stream.cut is not None and (data or ended or stream.cut is not Cut.MID_LINE):
                    return await _end_cut(request, response, stream.cut, data)
                if data:
                    await response.write(data)
                    stream.sent += len(data)
                elif ended and not stream.frozen:
                    break
                elif not has_watcher and not stream.frozen:
                    has_watcher = self._faults.takes_watcher(node)
                    if not has_watcher:
                        await response.write(NO_WATCHER)
                        break
                else:
                    await stream.wake.wait()
        finally:
            opened.instance.log.forget(stream.wake)
            self._faults.streams.discard(stream)
            if has_watcher:
                self._faults.gives_watcher(node)
        return True

    async def watch(
        self, request: web.Request, target: Target, form: Representation, stream: WatchStream
    ) -> web.StreamResponse:
        """Answer a watch.

        Raises:
            ApiError: It is refused.
        """
        session = WatchSession(self._world.state, target, request.query, form, self._clock)
        pace = Pace(session.options)
        response = web.StreamResponse(headers=headers_of("application/json"))
        response.enable_chunked_encoding()
        await response.prepare(request)
        session.journal.listen(stream.wake)
        self._faults.streams.add(stream)
        try:
            await _write(response, stream, b"".join(session.first()))
            while not (pace.over or stream.expired):
                stream.wake.clear()
                if stream.cut is not None:
                    if not await _end_cut(request, response, stream.cut, b""):
                        return response
                    break
                if stream.frozen:
                    await stream.wake.wait()
                    continue
                frames = session.more()
                if pace.bookmark_due():
                    frames.append(session.bookmark())
                if frames:
                    await _write(response, stream, b"".join(frames))
                    continue
                try:
                    async with asyncio.timeout(pace.remaining()):
                        await stream.wake.wait()
                except TimeoutError:
                    continue
            if stream.expired:
                await _write(response, stream, session.too_old())
        except LapsedError:
            await _write(response, stream, session.too_old())
        finally:
            session.journal.forget(stream.wake)
            self._faults.streams.discard(stream)
        await response.write_eof()
        return response


async def _write(response: web.StreamResponse, stream: Stream, data: bytes) -> None:
    if data:
        await response.write(data)
        stream.sent += len(data)


async def _end_cut(request: web.Request, response: web.StreamResponse, how: Cut, data: bytes) -> bool:
    """Cut a stream the way that was asked for; return whether its terminating chunk is to be sent."""
    if how is Cut.CLEAN:
        return True
    if how is Cut.MID_LINE and data:
        last = data.rfind(b"\n", 0, len(data) - 1) + 1
        await response.write(data[: last + max(1, (len(data) - last) // 2)])
    transport = request.transport
    if transport is not None:
        # What was written has to leave first; only then nothing more is said.
        if transport.get_write_buffer_size() == 0:
            transport.abort()
        else:
            transport.close()
    return False
