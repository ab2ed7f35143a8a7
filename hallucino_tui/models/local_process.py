"""Starts and ends the process of a model on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hallucino_tui.logs.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_START_SECONDS: Final = 120.0
_END_SECONDS: Final = 3.0
_COMMAND: Final = (sys.executable, "-m", "hallucino_tui.models.local_server")


class LocalServerError(Exception):
    """The model on this machine cannot be asked; ``str(error)`` is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and how.

    Attributes:
        weights: The file of weights.
        name: What the server calls the model.
        context: How many tokens fit.
        threads: How many threads it may use.
        repeat: By how much words that were just used are made less probable; 1 for not at all.
    """

    weights: Path
    name: str
    context: int
    threads: int = 1
    repeat: float = 1.0


class LocalServer:
    """At most one process that serves a file of weights. Belongs to the loop that it is used on."""

    def __init__(
        self,
        serving: Serving,
        *,
        memory: int = 0,
        command: Sequence[str] = _COMMAND,
        patience: float = _START_SECONDS,
    ) -> None:
        """Prepare; nothing is started.

        Args:
            serving: What is served.
            memory: How many bytes it needs; 0 if nobody knows.
            command: What is started.
            patience: Seconds until it has to be ready.
        """
        self._serving = serving
        self._memory = memory
        self._command = tuple(command)
        self._patience = patience
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[tuple[str, str]] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it runs and has said that it is ready."""
        task = self._starting
        is_up = task is not None and task.done() and not task.cancelled() and task.exception() is None
        return is_up and self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The number of the process; None if there is none."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    def warm(self) -> None:
        """Begin to start it, if it neither runs nor starts; what fails is said by `start`."""
        self._begin().add_done_callback(lambda task: task.cancelled() or task.exception())

    async def start(self) -> tuple[str, str]:
        """Start it if it does not run. Who is cancelled while waiting leaves it starting: it is needed again soon.

        Returns:
            Its address, and the key that it wants.

        Raises:
            LocalServerError: It cannot be started.
        """
        return await asyncio.shield(self._begin())

    async def close(self) -> None:
        """End the process."""
        task, self._starting = self._starting, None
        if task is not None and not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, LocalServerError):
                await task
        await self._end()

    def _begin(self) -> asyncio.Task[tuple[str, str]]:
        task = self._starting
        if task is None or (task.done() and not self.is_ready):
            task = self._starting = asyncio.create_task(self._start(), name="local model")
        return task

    async def _start(self) -> tuple[str, str]:
        await self._end()
        free = await asyncio.to_thread(available_memory)
        if free is not None and free < self._memory:
            raise LocalServerError(
                f"There is too little memory for the model on this machine: it needs {self._memory >> 20} MiB, and "
                f"{free >> 20} MiB are free; close other programs, or use a model elsewhere."
            )
        # Another key each time: other programs and web pages of this machine can reach the port, too.
        key = secrets.token_urlsafe(32)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                # Not ended by the ctrl+c that is meant for the screen.
                start_new_session=True,
            )
        except OSError as error:
            raise LocalServerError(
                f"The model on this machine cannot be started: {error.strerror or error}; ask again."
            ) from error
        try:
            return await self._until_ready(self._process, key), key
        except BaseException:
            await self._end(kill=True)
            raise

    async def _until_ready(self, process: asyncio.subprocess.Process, key: str) -> str:
        if process.stdin is None or process.stdout is None:
            raise LocalServerError("The model on this machine cannot be started: it has no pipes; ask again.")
        process.stdin.write(
            json.dumps({**asdict(self._serving), "weights": str(self._serving.weights), "key": key}).encode() + b"\n"
        )
        said = ""
        try:
            async with asyncio.timeout(self._patience):
                with contextlib.suppress(ConnectionError):
                    await process.stdin.drain()
                said = shown((await process.stdout.readline()).decode("utf-8", "replace").strip())
        except TimeoutError:
            raise LocalServerError(
                f"The model on this machine was not ready after {self._patience:g} s: ask again when it is less busy."
            ) from None
        except ValueError:
            said = ""
        if said.startswith("http://127.0.0.1:"):
            return said
        raise LocalServerError(await self._why(process, said))

    async def _why(self, process: asyncio.subprocess.Process, said: str) -> str:
        if said.startswith("! "):
            # The library's own reason names no file and no cause, so both are given here.
            return (
                f"The model on this machine did not start ({said[2:].rstrip('.')[:200]}): is {self._serving.weights} a "
                "whole .gguf file, and is there enough memory?"
            )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        code = process.returncode
        how = "it said nothing" if code is None else f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"The model on this machine did not start ({how}): is there enough memory? Ask again to try once more."

    async def _end(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if kill:
            _kill(process)
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            _kill(process)
            await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def available_memory() -> int | None:
    """Return how many bytes new programs may take without swapping; None where the system does not tell."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    for line in text.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return None
