"""The demo cluster as a whole: for commands and, in process, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hallucino_tui.demo.certificate import make_certificate
from hallucino_tui.demo.fault_player import FaultPlayer
from hallucino_tui.demo.faults import Faults
from hallucino_tui.demo.kubeconfig import (
    check_kubeconfig_path,
    remove_kubeconfig,
    render_kubeconfig,
    write_kubeconfig,
)
from hallucino_tui.demo.options import ServeOptions
from hallucino_tui.demo.scenario.cast import SHOP
from hallucino_tui.demo.scenario.player import Player
from hallucino_tui.demo.server import ApiServer
from hallucino_tui.demo.streams import Streams
from hallucino_tui.demo.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from hallucino_tui.demo.cluster import ClusterState

_LOG_MAX_BYTES = 4 << 20
"""Size at which a container's log rotates in the story, so that it can be told for hours."""

__all__ = ["DemoCluster", "ServeOptions", "serve"]


class DemoCluster:
    """A cluster that lives in this process: ``async with DemoCluster(ServeOptions(empty=True)) as cluster``.

    Everything in it belongs to the event loop that it was entered on.

    Attributes:
        options: What it was asked to be.
        world: Nodes, pods, events; a test builds its own world here.
        faults: What goes wrong.
        streams: The open streams.
        player: The story, or None in an empty cluster.
    """

    def __init__(
        self,
        options: ServeOptions | None = None,
        *,
        clock: Callable[[], int] = time.time_ns,
        playing: bool = True,
    ) -> None:
        """Make a cluster; it is served while it is entered.

        Args:
            options: What it is to be.
            clock: Returns nanoseconds since the epoch.
            playing: Whether the story goes on by itself; otherwise call ``cluster.player.engine.run_until``.
        """
        self.options = options or ServeOptions()
        self.streams = Streams()
        self.world = World(
            seed=self.options.seed, clock=clock, log_max_bytes=None if self.options.empty else _LOG_MAX_BYTES
        )
        self.faults = Faults(self.world, self.streams, self._renew_token)
        self.player = None if self.options.empty else Player(self.world, self.options, clock)
        self._server = ApiServer(self.world, self.faults, _new_token(), clock)
        self._playing = playing
        self._tasks: list[asyncio.Task[None]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._path: Path | None = None
        self._ca_pem = b""

    @property
    def state(self) -> ClusterState:
        """The API objects."""
        return self.world.state

    @property
    def url(self) -> str:
        """Where it is served, ``https://127.0.0.1:PORT``."""
        return f"https://127.0.0.1:{self._server.port}"

    @property
    def token(self) -> str:
        """The token that is valid now."""
        return self._server.token

    @property
    def ca_pem(self) -> bytes:
        """The certificate of the authority that clients have to trust."""
        return self._ca_pem

    @property
    def requests(self) -> int:
        """Number of requests so far."""
        return self._server.requests

    @property
    def kubeconfig_path(self) -> Path:
        """The kubeconfig.

        Raises:
            RuntimeError: The cluster is not being served.
        """
        if self._path is None:
            raise RuntimeError("the cluster is not being served")
        return self._path

    async def __aenter__(self) -> Self:
        """Serve it.

        Raises:
            ForeignKubeconfigError: There is a file at the kubeconfig's path that the demo did not write.
            OSError: The port is taken, or the kubeconfig cannot be written.
        """
        if self.options.kubeconfig is not None:
            check_kubeconfig_path(self.options.kubeconfig)
        certificate = make_certificate()
        self._ca_pem = certificate.ca_pem
        if self.player is not None and self._playing:
            await self.player.play_past()  # it is there before the first request
            self.state.compact()  # nobody has watched it
        await self._server.start(self.options.port, certificate.context)
        try:
            self._path = self._place()
            self._write_kubeconfig()
        except BaseException:
            await self._server.stop()
            if self._folder is not None:
                self._folder.cleanup()
            raise
        if self.player is not None and self._playing:
            self._tasks.append(asyncio.create_task(self.player.run(), name="demo story"))
        faults = FaultPlayer(self.world, self.faults, self.options)
        self._tasks += [asyncio.create_task(coroutine, name="demo fault") for coroutine in faults.start(self.player)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Serve it no longer; the kubeconfig goes with it, as its token opens nothing any more."""
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await self._server.stop()
        path, self._path = self._path, None
        if path is not None:
            remove_kubeconfig(path, self._server.token)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        broken = [end for end in ends if isinstance(end, Exception)]
        if broken and error is None:
            raise broken[0]

    async def wait_failed(self) -> None:
        """Return only if the story or a fault breaks off, by raising what broke it."""
        while self._tasks:
            done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
                self._tasks.remove(task)
        await asyncio.get_running_loop().create_future()  # there is nothing that could break off

    def _place(self) -> Path:
        if self.options.kubeconfig is not None:
            return self.options.kubeconfig
        self._folder = tempfile.TemporaryDirectory(prefix="hallucino-demo-")
        return Path(self._folder.name) / "kubeconfig"

    def _write_kubeconfig(self) -> None:
        write_kubeconfig(self.kubeconfig_path, render_kubeconfig(self.url, self._ca_pem, self.token, self._namespace()))

    def _namespace(self) -> str:
        return "default" if self.options.empty else SHOP

    def _renew_token(self) -> str:
        self._server.token = _new_token()
        if self._path is not None:
            self._write_kubeconfig()
        return self._server.token


def _new_token() -> str:
    return secrets.token_urlsafe(32)


async def serve(options: ServeOptions) -> None:
    """Serve a demo cluster until SIGINT, SIGTERM or cancellation; print one line when it is ready.

    Args:
        options: What it is to be; without a kubeconfig the line names a temporary one.

    Raises:
        ForeignKubeconfigError: There is a file at the kubeconfig's path that the demo did not write.
        OSError: The port is taken, or the kubeconfig cannot be written.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    async with DemoCluster(options) as cluster:
        for number in signals:
            loop.add_signal_handler(number, stop.set)
        try:
            sys.stdout.write(f"Demo cluster ready at {cluster.url}, kubeconfig {cluster.kubeconfig_path}\n")
            sys.stdout.flush()
            failed = asyncio.create_task(cluster.wait_failed())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait((failed, stopped), return_when=asyncio.FIRST_COMPLETED)
            if failed.done():
                await failed
            failed.cancel()
            stopped.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(failed, stopped)
        finally:
            for number in signals:
                loop.remove_signal_handler(number)
