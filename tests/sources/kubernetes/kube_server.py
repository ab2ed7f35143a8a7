"""A server on 127.0.0.1 that answers as a test says, down to the last byte, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

DEADLINE = 10.0


@dataclass
class Request:
    """What a client sent, and as whom.

    Attributes:
        method: The method.
        target: Path and query as they came.
        headers: All headers in order, names in lower case.
        body: The body.
        peer: The common name of the client's certificate, "" without one.
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    peer: str = ""

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]


class Exchange:
    """One request and what is said to it."""

    def __init__(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.request = request
        self.keeps = True
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def begin(self, status: int = 200, kind: str = "text/plain") -> None:
        """Send the head of an answer that comes in chunks."""
        await self.send(
            f"HTTP/1.1 {status} Some\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )

    async def chunk(self, data: bytes) -> None:
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end(self) -> None:
        await self.send(b"0\r\n\r\n")

    def cut(self) -> None:
        """End the connection without saying that the answer is over."""
        self.keeps = False

    async def until_left(self) -> None:
        """Say nothing more until the client leaves."""
        self.keeps = False
        with contextlib.suppress(ConnectionError):
            while await self._reader.read(4096):
                pass


Answer = bytes | Callable[[Exchange], Awaitable[None]]


def reply(status: int, body: bytes | str | dict[str, Any], kind: str = "application/json", **headers: str) -> bytes:
    """A whole answer of known length."""
    data = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Some", f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + data


def stream(*chunks: bytes, end: bool = True, kind: str = "text/plain") -> Answer:
    """An answer in chunks, with its end marked or not."""

    async def answer(exchange: Exchange) -> None:
        await exchange.begin(kind=kind)
        for chunk in chunks:
            await exchange.chunk(chunk)
        if end:
            await exchange.end()
        else:
            exchange.cut()

    return answer


def held(*chunks: bytes, kind: str = "text/plain") -> Answer:
    """An answer in chunks that goes on for as long as the client stays."""

    async def answer(exchange: Exchange) -> None:
        await exchange.begin(kind=kind)
        for chunk in chunks:
            await exchange.chunk(chunk)
        await exchange.until_left()

    return answer


class Tap:
    """An answer in chunks that goes on until a test closes it, and ends then: marked (`end`) or not."""

    def __init__(self, *chunks: bytes, end: bool = False) -> None:
        self._chunks = chunks
        self._end = end
        self._closed = asyncio.Event()

    def close(self) -> None:
        self._closed.set()

    async def __call__(self, exchange: Exchange) -> None:
        await exchange.begin()
        for chunk in self._chunks:
            await exchange.chunk(chunk)
        await self._closed.wait()
        if self._end:
            await exchange.end()
        else:
            exchange.cut()


async def silence(exchange: Exchange) -> None:
    """No answer at all, on a socket that stays open."""
    await exchange.until_left()


@dataclass
class _Rule:
    pattern: re.Pattern[str]
    answers: list[Answer]


@dataclass
class ScriptedServer:
    """See the module.

    Attributes:
        url: Where it listens.
        requests: What came so far.
        failures: What went wrong in an answer of the test's own.
    """

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def on(self, pattern: str, *answers: Answer) -> None:
        """Answer requests whose method, path and query match: each answer once, the last one for ever."""
        self._rules.insert(0, _Rule(re.compile(pattern), list(answers)))

    def asked(self, pattern: str = "") -> list[Request]:
        """The requests so far whose method, path and query match."""
        return [one for one in self.requests if re.search(pattern, f"{one.method} {one.target}")]

    def count(self, pattern: str = "") -> int:
        return len(self.asked(pattern))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - it is raised by `serving`
            self.failures.append(error)
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read(reader, writer)
        self.requests.append(request)
        what = f"{request.method} {request.target}"
        rule = next((rule for rule in self._rules if rule.pattern.search(what)), None)
        answer = reply(404, f"no answer to {what}", "text/plain")
        if rule is not None:
            answer = rule.answers.pop(0) if len(rule.answers) > 1 else rule.answers[0]
        exchange = Exchange(request, reader, writer)
        if isinstance(answer, bytes):
            await exchange.send(answer)
            if _is_open_ended(answer):
                exchange.cut()
        else:
            await answer(exchange)
        return exchange.keeps

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _is_open_ended(answer: bytes) -> bool:
    head = answer.partition(b"\r\n\r\n")[0].lower()
    return b"transfer-encoding: chunked" in head and not answer.endswith(b"0\r\n\r\n")


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)]
    length = int(dict(headers).get("content-length", "0"))
    certificate = writer.get_extra_info("peercert") or {}
    names = [value for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    return Request(method, target, headers, await reader.readexactly(length), names[0] if names else "")


@contextlib.asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    """A server that listens on 127.0.0.1."""
    server = ScriptedServer()
    how: dict[str, Any] = {} if tls is None else {"ssl": tls, "ssl_shutdown_timeout": 0.2}
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 22, **how)
    port = listener.sockets[0].getsockname()[1]
    server.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{port}"
    try:
        yield server
    finally:
        listener.close()
        await server.close()
        await listener.wait_closed()
    if server.failures:
        pytest.fail(f"an answer of the test went wrong: {server.failures[0]!r}")


async def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until a condition holds."""
    try:
        async with asyncio.timeout(DEADLINE):
            while not condition():  # noqa: ASYNC110 - what is waited for sets no event
                await asyncio.sleep(0.002)
    except TimeoutError:
        pytest.fail(f"it never came to this: {what or condition}")
