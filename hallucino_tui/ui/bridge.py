"""Where the screen and the engine meet: commands go one way, snapshots and answers come the other."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from hallucino_tui.ui.messages import AnswerEvent, EngineFailed, WorkspaceChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from concurrent.futures import Future

    from textual.message import Message
    from textual.message_pump import MessagePump

    from hallucino_tui.assistant.redact import Redactor
    from hallucino_tui.logs.stream import StreamTable
    from hallucino_tui.session.answer import Restorer
    from hallucino_tui.session.ask import Question
    from hallucino_tui.session.asking import Asking, Heard
    from hallucino_tui.session.chat import End, Usage
    from hallucino_tui.session.engine import Engine
    from hallucino_tui.session.model_list import ModelList
    from hallucino_tui.session.workspace import Workspace, WorkspaceSnapshot

T = TypeVar("T")


class Save(Protocol):
    """Writes pieces to a new file; returns how many bytes."""

    async def __call__(self, path: str, pieces: Iterator[bytes]) -> int:
        """Write."""
        ...


class Copy(Protocol):
    """Puts text on the desktop's clipboard; returns whether that worked."""

    async def __call__(self, text: str) -> bool:
        """Copy."""
        ...


@dataclass(slots=True)
class Parts:
    """What the commands join and hand over.

    Attributes:
        engine: The loop for all of it.
        table: Names the streams.
        make: Builds workspace and asking; called in the engine's thread after the first frame, because what it imports
            takes long. Gets the function that hears of changes.
        save: Saves lines.
        copy: Copies to the desktop's clipboard.
        context: The context to open; None for the current one.
        now: Tells the time, in nanoseconds since the epoch.
        live: Whether new lines come as they are written; else "the last minutes" are those before the newest line.
    """

    engine: Engine
    table: StreamTable
    make: Callable[[Callable[[WorkspaceSnapshot], None]], tuple[Workspace, Asking]]
    save: Save
    copy: Copy
    context: str | None = None
    now: Callable[[], int] = time.time_ns
    live: bool = True


@dataclass(slots=True)
class Bridge:
    """Carries commands to the engine and its news to one listener. All methods are called on the screen's loop.

    Attributes:
        parts: What the commands joined.
        listener: Gets the news as messages; None until there is one.
    """

    parts: Parts
    listener: MessagePump | None = None
    _workspace: Workspace | None = field(default=None)
    _asking: Asking | None = field(default=None)
    _runs: int = 0

    def start(self) -> None:
        """Start the engine and, in its thread, everything else."""
        self.parts.engine.start()
        self.parts.engine.submit(self._run()).add_done_callback(self._ended)

    @property
    def workspace(self) -> Workspace | None:
        """The workspace; None until the engine has made it."""
        return self._workspace

    def tell(self, command: Callable[[Workspace], None]) -> None:
        """Give the workspace a command; one that comes before it exists is dropped."""
        if (workspace := self._workspace) is not None:
            self.parts.engine.post(lambda: command(workspace))

    async def ask(self, request: Callable[[Workspace], Coroutine[object, object, T]]) -> T:
        """Ask the workspace for something, and wait without holding up the screen.

        Raises:
            RuntimeError: It does not exist yet.
            SourceError: As the request says.
        """
        if self._workspace is None:
            raise RuntimeError("still starting")
        return await self._result(request(self._workspace))

    async def about(self, request: Callable[[Asking], Coroutine[object, object, T]]) -> T:
        """Ask the assistant's side for something.

        Raises:
            RuntimeError: It does not exist yet.
        """
        if self._asking is None:
            raise RuntimeError("still starting")
        return await self._result(request(self._asking))

    def send(self, question: Question) -> int:
        """Send a question; its events come as messages with the number that is returned."""
        asking = self._asking
        self._runs += 1
        run = self._runs
        if asking is not None:
            sending = asking.send(question, lambda event: self._hear(run, event))
            self.parts.engine.submit(sending).add_done_callback(lambda future: self._sent(run, future))
        return run

    def agree(self, host: str) -> None:
        """Remember that the user agreed to a host."""
        if self._asking is not None:
            self._asking.agree(host)

    def has_agreed(self, host: str) -> bool:
        """Whether lines go to a host without a question because the user agreed to it."""
        return self._asking is not None and self._asking.has_agreed(host)

    def disagree(self, host: str) -> None:
        """Ask the user again before lines go to a host."""
        if self._asking is not None:
            self._asking.disagree(host)

    @property
    def redactor(self) -> Redactor | None:
        """What replaced the secrets of the lines that were asked about; None as long as nothing was."""
        return None if self._asking is None else self._asking.redactor

    def restorer(self) -> Restorer | None:
        """Return what turns pseudonyms back in an answer that comes in pieces; None as long as nothing was asked."""
        return None if self._asking is None else self._asking.restorer()

    def cost(self, usage: Usage) -> float | None:
        """Return what an answer cost; None if nobody said what a token costs."""
        return None if self._asking is None else self._asking.cost(usage)

    @property
    def models(self) -> ModelList | None:
        """The models that can be asked; None until the engine has made them."""
        return None if self._asking is None else self._asking.models

    def choose_model(self, place: int) -> None:
        """Ask another model from now on."""
        asking = self._asking
        if asking is not None:
            self.parts.engine.post(lambda: asking.choose_model(place))

    def cancel(self) -> None:
        """Cancel the answer that is coming; the socket is closed as soon as the engine's loop turns."""
        asking = self._asking
        if asking is not None:
            self.parts.engine.post(lambda: (asking.cancel(), None)[1])

    async def work(self, work: Coroutine[object, object, T]) -> T:
        """Do something on the engine's loop."""
        return await self._result(work)

    def stop(self) -> None:
        """End the engine."""
        self.parts.engine.stop()

    async def _result(self, work: Coroutine[object, object, T]) -> T:
        future: Future[T] = self.parts.engine.submit(work)
        return await asyncio.wrap_future(future)

    async def _run(self) -> None:
        workspace, asking = await asyncio.to_thread(self.parts.make, self._tell)
        self._workspace, self._asking = workspace, asking
        try:
            await workspace.run(self.parts.context)
        finally:
            await asking.close()

    def _tell(self, snapshot: WorkspaceSnapshot) -> None:
        self._post(WorkspaceChanged(snapshot))

    def _post(self, message: Message) -> None:
        if self.listener is not None:
            self.listener.post_message(message)

    def _hear(self, run: int, event: Heard) -> None:
        self._post(AnswerEvent(run, event))

    def _sent(self, run: int, future: Future[tuple[End, str]]) -> None:
        """Say how a run ended that did not come to say it itself: else the panel would wait for ever."""
        if not future.cancelled() and (error := future.exception()) is not None:
            from hallucino_tui.session.ask import defect_of  # noqa: PLC0415 - the engine has imported it by now

            self._hear(run, defect_of(error))

    def _ended(self, future: Future[None]) -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            self._post(EngineFailed(error))
