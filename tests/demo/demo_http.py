"""A client that sees every byte of an answer, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from hallucino_tui.demo.serve import DemoCluster

ANSWER_SECONDS = 20.0


@dataclass
class Answer:
    """An HTTP answer as it came.

    `final` tells whether its end was marked: the terminating chunk, or all bytes that the length announced.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    chunks: list[bytes] = field(default_factory=list)
    final: bool = False


class Connection:
    """One HTTP/1.1 connection that reads an answer chunk by chunk."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.answer = Answer(0, {})

    async def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        lines = [f"{method} {path} HTTP/1.1", "Host: demo"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.answer.status = int(head[0].split(" ")[1])
        self.answer.headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)
        }

    async def next_chunk(self) -> bytes:
        """Return the next chunk, or b"" at the end, whatever it was."""
        try:
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            data = await self.reader.readexactly(size + 2)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            return b""
        self.answer.final = size == 0
        if size:
            self.answer.chunks.append(data[:-2])
            self.answer.body += data[:-2]
        return data[:-2]

    async def read_until(self, wanted: Callable[[bytes], bool]) -> bytes:
        """Read on until the whole body so far is as wanted; fail if it ends before."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while not wanted(self.answer.body):
                assert await self.next_chunk(), f"ended too early: {self.answer.body[-500:]!r}"
        return self.answer.body

    async def rest(self) -> Answer:
        """Read to the end."""
        async with asyncio.timeout(ANSWER_SECONDS):
            if "content-length" in self.answer.headers:
                length = int(self.answer.headers["content-length"])
                self.answer.body = await self.reader.readexactly(length)
                self.answer.final = True
            elif self.answer.headers.get("transfer-encoding") == "chunked":
                while await self.next_chunk():
                    pass
        return self.answer

    async def at_rest(self) -> bytes:
        """Return what came until nothing comes any more, without waiting for anything new to be made."""
        for _ in range(20):
            await asyncio.sleep(0)
        return self.answer.body


class Client:
    """Speaks to a cluster with its token."""

    def __init__(self, cluster: DemoCluster) -> None:
        self.cluster = cluster
        self.context = ssl.create_default_context(cadata=cluster.ca_pem.decode())

    @contextlib.asynccontextmanager
    async def open(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        token: str | None = None,
        body: bytes = b"",
    ) -> AsyncIterator[Connection]:
        port = int(self.cluster.url.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=self.context, ssl_shutdown_timeout=0.2, limit=1 << 22
        )
        connection = Connection(reader, writer)
        chosen = self.cluster.token if token is None else token
        sent = {"User-Agent": "golden/1.0"} | ({"Authorization": f"Bearer {chosen}"} if chosen else {})
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.send(method, path, sent | (headers or {}), body)
            yield connection
        finally:
            writer.transport.abort()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def get(self, path: str, **how) -> Answer:
        async with self.open(path, **how) as connection:
            return await connection.rest()
