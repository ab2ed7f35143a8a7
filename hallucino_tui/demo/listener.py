"""Who connects to the server, from the first byte of a handshake on, so that nobody is left when it stops."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

_BACKLOG = 1024
_SHUTDOWN_TIMEOUT = 1.0
_NO_DESCRIPTORS_PAUSE = 1.0


class Listener:
    """Accepts connections on 127.0.0.1 and gives them to protocols.

    The servers of asyncio forget a connection whose handshake is under way: one that ended while the server stopped
    stayed open for good.
    """

    def __init__(self, protocol: Callable[[], asyncio.BaseProtocol], context: ssl.SSLContext) -> None:
        """Prepare it.

        Args:
            protocol: Makes what speaks over one connection.
            context: Certificate and key.
        """
        self._protocol = protocol
        self._context = context
        self._shaking_hands: set[asyncio.Task[None]] = set()
        self._listening: socket.socket | None = None
        self._pause: asyncio.TimerHandle | None = None

    def start(self, port: int) -> int:
        """Listen; return the port.

        Args:
            port: The port, 0 for a free one.

        Raises:
            OSError: The port is taken.
        """
        self._listening = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
        self._listening.setblocking(False)
        self._listen()
        return self._listening.getsockname()[1]

    async def stop(self) -> None:
        """Listen no longer, and let go of everybody whose handshake is not done."""
        if self._listening is None:
            return
        asyncio.get_running_loop().remove_reader(self._listening)
        if self._pause is not None:
            self._pause.cancel()
        self._listening.close()
        self._listening = None
        await asyncio.sleep(0)  # now each handshake has begun, and closes its socket when it is cancelled
        for task in self._shaking_hands:
            task.cancel()
        await asyncio.gather(*self._shaking_hands, return_exceptions=True)

    def _listen(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().add_reader(self._listening, self._accept, self._listening)

    def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection, _ = listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # who came has gone again
        except OSError:  # this process has no descriptor left
            loop.remove_reader(listening)
            self._pause = loop.call_later(_NO_DESCRIPTORS_PAUSE, self._listen)
            return
        connection.setblocking(False)
        task = loop.create_task(self._shake_hands(connection), name="demo server shakes hands")
        self._shaking_hands.add(task)
        task.add_done_callback(self._shaking_hands.discard)

    async def _shake_hands(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):  # who speaks no TLS, does not like the certificate, or has gone
            await loop.connect_accepted_socket(
                self._protocol, connection, ssl=self._context, ssl_shutdown_timeout=_SHUTDOWN_TIMEOUT
            )
