"""Files that a test writes, read by the real source with a clock that the test moves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from hallucino_tui.logs.batch import Batch
from hallucino_tui.logs.file_body import Part
from hallucino_tui.logs.notice import Notice, NoticeKind
from hallucino_tui.logs.stream import StreamTable
from hallucino_tui.session.receipts import Receipt
from hallucino_tui.sources.files.log_source import LOOK_SECONDS, FileLogs

SECONDS = 10**9
NOON = 1_795_435_200 * SECONDS  # 2026-11-23T12:00:00Z


@dataclass
class HandClock:
    """Stands still until a test moves it, except that waits of up to `patience` seconds pass at once."""

    patience: float = 0.0
    passed: float = 0.0
    _sleepers: dict[asyncio.Future[None], tuple[float, float]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> int:
        return NOON + round(self.passed * SECONDS)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        if seconds <= self.patience:
            self.passed += seconds
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        self._sleepers[woken] = (seconds, self.passed + seconds)
        self._changed.set()
        try:
            await woken
        finally:
            self._sleepers.pop(woken, None)

    def advance(self, seconds: float) -> None:
        """Let time pass; whose wait is over wakes up."""
        self.passed += seconds
        for woken, (_, end) in list(self._sleepers.items()):
            if end <= self.passed + 1e-9:
                self._sleepers.pop(woken)
                if not woken.done():
                    woken.set_result(None)

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody waits for so long."""
        async with asyncio.timeout(30):
            while not self._waits(seconds):
                self._changed.clear()
                await self._changed.wait()

    async def awake(self, seconds: float) -> None:
        """Wait until nobody waits for so long."""
        async with asyncio.timeout(30):
            await until(lambda: not self._waits(seconds))

    def _waits(self, seconds: float) -> bool:
        return any(wanted == seconds and not one.done() for one, (wanted, _) in self._sleepers.items())


@dataclass
class Reading:
    """A source that runs, and what it brought."""

    logs: FileLogs
    clock: HandClock
    table: StreamTable
    task: asyncio.Task[None]
    taken: list[Batch | Part | Notice] = field(default_factory=list)

    async def ready(self) -> None:
        """Wait until all files were read once."""
        await self.until(lambda: self.logs.ready.is_set() or self.task.done())
        self.take()

    async def look(self, times: int = 1) -> None:
        """Let the source look at its files so many times."""
        for _ in range(times):
            await self.clock.asleep(LOOK_SECONDS)
            self.clock.advance(LOOK_SECONDS)
            await self.clock.asleep(LOOK_SECONDS)
        self.take()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Take until something is so."""

        def taken() -> bool:
            self.take()
            return condition()

        await until(taken)

    async def end(self) -> None:
        """Wait until it ends by itself."""
        await self.until(self.task.done)
        await self.task
        self.take()

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self.take()

    def take(self) -> None:
        self.taken.extend(self.logs.take())

    @property
    def lines(self) -> list[bytes]:
        """All lines in the order in which they came."""
        return [line for item in self.taken if isinstance(item, Batch) for line in lines_of(item)]

    @property
    def times(self) -> list[int]:
        return [time for item in self.taken if isinstance(item, Batch) for time in item.times.tolist()]

    @property
    def notices(self) -> list[tuple[NoticeKind, str]]:
        return [(item.kind, item.text) for item in self.taken if isinstance(item, Notice)]

    @property
    def story(self) -> list[bytes | str]:
        """Lines and notices in order."""
        return [
            one
            for item in self.taken
            for one in ([item.text] if isinstance(item, Notice) else lines_of(item))  # type: ignore[arg-type]
        ]

    @property
    def receipt(self) -> Receipt:
        (receipt,) = self.logs.receipts()
        return receipt


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(60):
        while True:
            if condition():
                return
            await asyncio.sleep(0)


def lines_of(batch: Batch) -> list[bytes]:
    return [batch.line(index) for index in range(len(batch))]


@contextlib.asynccontextmanager
async def reading(
    *paths: Path, follow: bool = False, patience: float = 0.0, clock: HandClock | None = None, **options: Any
) -> AsyncIterator[Reading]:
    """Read files as long as the block lasts."""
    table, clock = StreamTable(), clock or HandClock(patience)
    logs = FileLogs(table, clock, paths, follow=follow, zone=UTC, **options)
    entered = Reading(logs, clock, table, asyncio.create_task(logs.run()))
    try:
        yield entered
    finally:
        await entered.close()


async def read_all(*paths: Path, **options: Any) -> Reading:
    """Read files to their ends."""
    async with reading(*paths, **options) as entered:
        await entered.end()
    return entered


def write(path: Path, *lines: str | bytes, end: bytes = b"\n") -> None:
    """Append lines."""
    with path.open("ab") as file:
        file.write(b"".join((line if isinstance(line, bytes) else line.encode()) + end for line in lines))


def move(path: Path, to: Path | None = None) -> Path:
    """Give a file another name; return it."""
    return path.rename(to or path.with_suffix(".1"))


def remove(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink()


def rewrite(path: Path, data: bytes) -> None:
    """Cut a file off and write to it."""
    path.write_bytes(data)


def stamped(second: int, words: str = "did something") -> str:
    """Return a line with a time of its own."""
    return f"2026-11-23T11:{second // 60:02d}:{second % 60:02d}Z INFO {words}"


def at(second: int) -> int:
    """Return the time of a stamped line."""
    return NOON - 3600 * SECONDS + second * SECONDS


def texts(items: Sequence[tuple[NoticeKind, str]]) -> list[str]:
    return [text for _, text in items]
