"""The demo: a cluster in a process of its own, and the screen on it by the same way as on any other cluster."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hallucino_tui.cli.common import Refused, complain, settings_of
from hallucino_tui.cli.signals import ended_by_signals
from hallucino_tui.cli.toy_model import install, with_toy_model
from hallucino_tui.session.cluster import SourceError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Coroutine, Sequence

    from hallucino_tui.demo.options import ServeOptions
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.clock import Clock
    from hallucino_tui.session.cluster import Cluster, Clusters, ContextInfo
    from hallucino_tui.session.interactive import InteractiveRunner

_START_SECONDS: Final = 60


def run(arguments: argparse.Namespace) -> int:
    """Serve the demo cluster, or open the screen on one; return the exit code."""
    try:
        if arguments.install_model:
            return install()
        return _serve(arguments) if arguments.serve else _open(arguments)
    except Refused as refused:
        complain(str(refused))
        return refused.code


def _serve(arguments: argparse.Namespace) -> int:
    from hallucino_tui.demo.kubeconfig import ForeignKubeconfigError
    from hallucino_tui.demo.serve import serve

    options = _options(arguments)
    try:
        asyncio.run(_until_parent_ends(serve(options)) if arguments.with_parent else serve(options))
    except ForeignKubeconfigError as error:
        raise Refused(f"{error}.") from error
    except OSError as error:
        raise Refused(
            f"The demo cluster cannot be served: {error.strerror or error}; choose another port or file."
        ) from error
    return 0


def _options(arguments: argparse.Namespace) -> ServeOptions:
    from hallucino_tui.demo.options import ServeOptions, parse_fault

    try:
        return ServeOptions(
            kubeconfig=Path(arguments.kubeconfig) if arguments.kubeconfig else None,
            port=arguments.port,
            seed=arguments.seed,
            speed=arguments.speed,
            pods=arguments.pods,
            churn=arguments.churn,
            quiet=arguments.quiet,
            faults=tuple(parse_fault(text) for text in arguments.fault),
        )
    except ValueError as error:
        sentence = str(error)
        raise Refused(f"{sentence[:1].upper()}{sentence[1:]}.", 2) from error


async def _until_parent_ends(serving: Coroutine[object, object, None]) -> None:
    """Serve until standard input ends, which it does when the process that started this one is gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    server = asyncio.create_task(serving)
    watcher = asyncio.create_task(reader.read())
    await asyncio.wait({server, watcher}, return_when=asyncio.FIRST_COMPLETED)
    for task in (server, watcher):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await server
    transport.close()


def _open(arguments: argparse.Namespace) -> int:
    from hallucino_tui.cli.screen import open_screen
    from hallucino_tui.session.choice import Choice

    if arguments.kubeconfig or arguments.port or arguments.fault:
        raise Refused("--kubeconfig, --port and --fault belong to --serve: give it, too.", 2)
    settings, options = with_toy_model(settings_of(arguments)), _options(arguments)
    with ended_by_signals(), tempfile.TemporaryDirectory(prefix="hallucino-demo-") as folder:

        def clusters(table: StreamTable, clock: Clock, ask: InteractiveRunner) -> Clusters:
            return _DemoClusters(Path(folder) / "kubeconfig", options, table, clock, settings.logs.tail, ask)

        return open_screen(settings, Choice(), clusters, None)


class _DemoClusters:
    """Starts the demo cluster when it is first opened; everything else is done as for any cluster."""

    def __init__(
        self,
        kubeconfig: Path,
        options: ServeOptions,
        table: StreamTable,
        clock: Clock,
        tail: int,
        ask: InteractiveRunner,
    ) -> None:
        from hallucino_tui.sources.kubernetes.cluster import KubernetesClusters

        self._kubeconfig = kubeconfig
        self._options = options
        self._inner = KubernetesClusters(str(kubeconfig), table, clock, tail=tail, ask=ask)
        self._server: asyncio.subprocess.Process | None = None

    async def contexts(self) -> Sequence[ContextInfo]:
        """Return the demo's one context."""
        return await self._inner.contexts()

    async def open(self, context: str | None) -> Cluster:
        """Start the cluster if it does not run yet, and open it."""
        if self._server is None:
            self._server = await self._start()
        return await self._inner.open(context)

    async def _start(self) -> asyncio.subprocess.Process:
        options = self._options
        command = [
            *(sys.executable, "-m", "hallucino_tui", "demo", "--serve", "--with-parent"),
            *("--kubeconfig", str(self._kubeconfig), "--seed", str(options.seed), "--speed", str(options.speed)),
            *("--pods", str(options.pods), "--churn", str(options.churn)),
            *(["--quiet"] if options.quiet else []),
        ]
        server = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        if server.stdout is None or server.stderr is None:
            raise SourceError("The demo cluster did not start.")
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await server.stdout.readline()
        except TimeoutError:
            server.kill()
            raise SourceError(f"The demo cluster was not ready after {_START_SECONDS} s: try again.") from None
        if not ready:
            said = (await server.stderr.read()).decode("utf-8", "replace").strip().splitlines()
            raise SourceError(f"The demo cluster did not start: {said[-1] if said else 'no reason given'}.")
        return server
