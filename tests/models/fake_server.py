"""A model server that misbehaves on purpose, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeServer:
    """What the server was asked, and what it saw of the client.

    Attributes:
        requests: Bodies of all questions.
        headers: Their headers.
        closed: Set when a client went away before the end of its answer.
        sent: Set when the first piece of an answer is on its way.
        models: What the list of models is.
        tokenize: Counts tokens; None if there is no such path.
        counted: What was asked there.
        listed: How often the list was asked for.
        raw: Bodies of all questions as they came.
        paths: Their paths, with what is behind a question mark.
    """

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    models: dict[str, Any] = field(default_factory=lambda: {"object": "list", "data": []})
    tokenize: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    counted: list[dict[str, Any]] = field(default_factory=list)
    listed: int = 0
    raw: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def chunk(text: str | None = None, reason: str | None = None, **more: Any) -> bytes:
    delta = {} if text is None else {"content": text}
    body = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        **more,
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


USAGE = chunk(choices=[], usage={"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15})
DONE = b"data: [DONE]\n\n"


def pieces(*parts: bytes, cut: bool = False, stall: bool = False) -> Handler:
    """An event stream of these parts, that may break off or stop there."""

    async def handle(request: web.Request) -> web.StreamResponse:
        server = request.app[SERVER]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in parts:
            await response.write(part)
            server.sent.set()
        if cut:
            assert request.transport is not None
            request.transport.abort()
        if stall:
            try:
                await asyncio.Event().wait()
            finally:
                server.closed.set()
        return response

    return handle


def forever(text: str) -> Handler:
    """Pieces without end, until the client goes."""

    async def handle(request: web.Request) -> web.StreamResponse:
        server = request.app[SERVER]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            while True:
                await response.write(chunk(text))
                server.sent.set()
                await asyncio.sleep(0.001)
        except (ConnectionError, asyncio.CancelledError):
            server.closed.set()
            raise
        return response

    return handle


def refusal(status: int, error: dict[str, Any] | str, **headers: str) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if isinstance(error, str):
            return web.Response(status=status, text=error, headers=headers)
        return web.json_response({"error": error}, status=status, headers=headers)

    return handle


SERVER: web.AppKey[FakeServer] = web.AppKey("server", FakeServer)


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[FakeServer]:
    """A server whose chat completions are answered by `handler`."""
    server = FakeServer()

    async def complete(request: web.Request) -> web.StreamResponse:
        server.raw.append(await request.read())
        server.paths.append(request.path_qs)
        server.requests.append(await request.json())
        server.headers.append(dict(request.headers))
        return await handler(request)

    async def models(request: web.Request) -> web.StreamResponse:
        server.listed += 1
        return web.json_response(server.models)

    async def tokenize(request: web.Request) -> web.StreamResponse:
        if server.tokenize is None:
            raise web.HTTPNotFound
        server.counted.append(await request.json())
        try:
            return web.json_response(server.tokenize(server.counted[-1]))
        except KeyError as error:
            return web.json_response({"error": f"{error} is missing"}, status=422)

    app = web.Application()
    app[SERVER] = server
    app.router.add_post("/v1/chat/completions", complete)
    app.router.add_post("/openai/deployments/{name}/chat/completions", complete)
    app.router.add_get("/v1/models", models)
    app.router.add_post("/tokenize", tokenize)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
