"""How answers are written: headers, indentation, compression, pieces."""

from __future__ import annotations

import asyncio
import uuid
import zlib
from typing import TYPE_CHECKING

from aiohttp import web

from hallucino_tui.demo.encoding import accepts_gzip, encode, pretty, wants_pretty
from hallucino_tui.demo.status_errors import ApiError, body_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from hallucino_tui.demo.encoding import JsonObject

GZIP_FROM = 128 * 1024
"""Bytes from which on an answer is compressed for who accepts it."""

_SMALL = 2048
"""Bytes up to which an answer goes out in one piece with its length."""

_PIECE = 64 * 1024

_FLOW = {
    "X-Kubernetes-Pf-Flowschema-Uid": "6f1c9f6e-5b1f-4a53-9a0c-0d0f4d9a5b11",
    "X-Kubernetes-Pf-Prioritylevel-Uid": "2b7e1516-28ae-4d2a-8bf7-158809cf4f3c",
}


def headers_of(content_type: str, *, flow: bool = True, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the headers that every answer has.

    Args:
        content_type: "" for an answer without a body.
        flow: Whether the request took part in the server's flow control; logs and refusals of a token do not.
        extra: Further headers.
    """
    headers = {"Audit-Id": str(uuid.uuid4()), "Cache-Control": "no-cache, private"}
    if content_type:
        headers["Content-Type"] = content_type
    if extra:
        headers |= extra
    return headers | _FLOW if flow else headers


def indents(request: web.Request) -> bool:
    """Tell whether the client wants indented JSON."""
    return wants_pretty(request.headers.get("User-Agent", ""), request.query.get("pretty"))


def json_answer(
    request: web.Request, body: JsonObject, *, status: int = 200, content_type: str = "application/json"
) -> web.Response:
    """Return an object as an answer."""
    text = encode(body)
    return web.Response(
        status=status,
        body=pretty(text) if indents(request) else text + b"\n",
        headers=headers_of(content_type),
    )


def error_answer(request: web.Request, error: ApiError, *, flow: bool = True) -> web.Response:
    """Return an error as an answer."""
    body = body_of(error)
    if isinstance(error.body, str):
        return web.Response(
            status=error.code,
            body=body,
            headers=headers_of("text/plain; charset=utf-8", flow=False, extra=error.headers),
        )
    return web.Response(
        status=error.code,
        body=pretty(body) if indents(request) else body,
        headers=headers_of("application/json", flow=flow, extra=error.headers),
    )


async def send_parts(request: web.Request, parts: Iterable[bytes], size: int) -> web.StreamResponse:
    """Send JSON that was made in parts.

    Args:
        request: What is answered.
        parts: The text in order, without the newline at its end.
        size: Bytes of all parts together.
    """
    if indents(request):
        body = pretty(b"".join(parts))
        parts, size = [body], len(body)
    else:
        parts = [*parts, b"\n"]
    if request.method == "GET" and size >= GZIP_FROM and accepts_gzip(request.headers.get("Accept-Encoding", "")):
        return await _send_gzip(request, parts)
    if size <= _SMALL:
        return web.Response(body=b"".join(parts), headers=headers_of("application/json"))
    response = web.StreamResponse(headers=headers_of("application/json"))
    response.enable_chunked_encoding()
    await response.prepare(request)
    async for piece in _pieces(parts):
        await response.write(piece)
    await response.write_eof()
    return response


async def _send_gzip(request: web.Request, parts: Iterable[bytes]) -> web.StreamResponse:
    extra = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    response = web.StreamResponse(headers=headers_of("application/json", extra=extra))
    response.enable_chunked_encoding()
    await response.prepare(request)
    compressor = zlib.compressobj(level=1, wbits=31)
    async for piece in _pieces(parts):
        if compressed := compressor.compress(piece):
            await response.write(compressed)
    await response.write(compressor.flush())
    await response.write_eof()
    return response


async def _pieces(parts: Iterable[bytes]) -> AsyncGenerator[bytes]:
    """Join parts to pieces worth sending, and let others have their turn in between."""
    collected: list[bytes] = []
    size = 0
    for part in parts:
        collected.append(part)
        size += len(part)
        if size >= _PIECE:
            yield b"".join(collected)
            collected.clear()
            size = 0
            await asyncio.sleep(0)
    yield b"".join(collected)
